"""Operators that make maps of another size, as layers."""

from typing import Any

import numpy as np

from engine.formats.errors import FormatError
from engine.formats.onnx_reading.folding import listed
from engine.formats.onnx_reading.patterns import Found, Pattern, op
from engine.formats.onnx_reading.reading import Flow, Reader, Reading
from engine.formats.onnx_reading.shared import integers, normal_axis
from engine.formats.onnx_reading.source import Operation
from engine.kernels.rearrange import nearest
from engine.language import tr
from engine.layers import Layer, Resize2D, Upsample2D
from engine.shape import Shape

_EXACT = 1e-6  # of a size, by which a factor that is no binary number may miss it


def _resize(reading: Reading, operation: Operation) -> None:
    flow = reading.flow(operation.input(0))
    rank = len(flow.axes) + 1
    axes = [normal_axis(axis, rank) for axis in operation.get("axes", tuple(range(rank)))]
    factors = _factors(reading, operation, flow, axes)
    own = {flow.axes[axis - 1] if axis else None: factor for axis, factor in zip(axes, factors, strict=True)}
    wanted = (own.pop(1, 1.0), own.pop(2, 1.0))
    if any(factor != 1 for factor in own.values()):
        raise FormatError(tr("Convolab makes other maps of height and width only"))
    mode, corners = _places(operation)
    layer: Layer
    if all(factor == int(factor) and factor >= 1 for factor in wanted):
        layer = Upsample2D(factor=(int(wanted[0]), int(wanted[1])), mode=mode, align_corners=corners)
    else:
        layer = _resized(operation, flow.shape, wanted, mode=mode, corners=corners)
    reading.emit(operation, layer, [flow], axes=flow.axes)


def _resized(operation: Operation, shape: Shape, factors: tuple[float, float], *, mode: Any, corners: bool) -> Resize2D:
    """Return the layer of a resizing that is none by whole factors; a size must be what it is by the factor."""
    size = [round(length * factor) for length, factor in zip(shape[1:], factors, strict=True)]
    if min(size) < 1 or any(
        abs(length * factor - new) > _EXACT * new for length, factor, new in zip(shape[1:], factors, size, strict=True)
    ):
        raise FormatError(
            tr(
                "{width:g}×{height:g} times {size} px are no whole number of pixels",
                width=factors[1],
                height=factors[0],
                size=f"{shape[2]}×{shape[1]}",
            )
        )
    if operation.get("antialias", 0) and min(factors) < 1:
        raise FormatError(tr("Convolab blends four pixels, where the file takes more of them (antialias)"))
    if operation.get("keep_aspect_ratio_policy", "stretch") != "stretch":
        raise FormatError(tr("it keeps the ratio of the sides, which Convolab's layer does not"))
    places = operation.get("coordinate_transformation_mode", "half_pixel")
    if mode == "nearest" and places != "asymmetric":
        raise FormatError(tr("its places ({places}) are not those of the nearest pixels here", places=places))
    if places == "pytorch_half_pixel" and 1 in size:
        raise FormatError(tr("its places ({places}) are not those of bilinear interpolation here", places=places))
    return Resize2D(output=(size[0], size[1]), mode=mode, align_corners=corners)


def _factors(reading: Reading, operation: Operation, flow: Flow, axes: list[int]) -> list[float]:
    if operation.has("scales"):
        return [float(scale) for scale in operation.get("scales", ())]
    at = 1 if operation.type == "Upsample" or reading.source.opset < 11 else 2
    scales = reading.constant(operation.input(at))
    if scales is not None and np.size(scales):
        return [float(scale) for scale in listed(scales)]
    whole = (reading.batch, *flow.extents)
    sizes = integers(reading, operation.input(3))
    return [size / whole[axis] for size, axis in zip(sizes, axes, strict=True)]


def _places(operation: Operation) -> tuple[Any, bool]:
    """Return the mode of a resizing, and whether corners stay; how it finds places must be what we do."""
    mode = operation.get("mode", "nearest")
    old = operation.type == "Upsample" or len(operation.inputs) == 2
    places = operation.get("coordinate_transformation_mode", "asymmetric" if old else "half_pixel")
    if mode == "nearest":
        rounding = operation.get("nearest_mode", "floor" if old else "round_prefer_floor")
        repeats = (places == "asymmetric" and rounding == "floor") or (
            places in ("half_pixel", "pytorch_half_pixel") and rounding.startswith("round")
        )
        if not repeats and not (places == "half_pixel_symmetric" and rounding.startswith("round")):
            raise FormatError(
                tr(
                    "its places ({places}, {rounding}) are not those of repeated pixels",
                    places=places,
                    rounding=rounding,
                )
            )
        return "nearest", False
    if mode != "linear" and mode != "bilinear":
        raise FormatError(tr("Convolab does not interpolate by {mode!r}", mode=mode))
    if places not in ("align_corners", "half_pixel", "pytorch_half_pixel", "half_pixel_symmetric"):
        raise FormatError(tr("its places ({places}) are not those of bilinear interpolation here", places=places))
    return "bilinear", places == "align_corners"


def _taken(reading: Reading, operation: Operation, found: Found) -> bool:
    """Read rows and columns that are the nearest ones of a map of another size."""
    flow, down = reading.flow(found.names["x"]), found.named["down"]
    rows, columns = (reading.constant(found.names[name]) for name in ("=rows", "=columns"))
    if not flow.plain or not flow.shape.is_volume or (down.get("axis", 0), operation.get("axis", 0)) != (2, 3):
        return False
    for taken, length in zip((rows, columns), flow.shape[1:], strict=True):
        if taken.ndim != 1 or not taken.size or not np.array_equal(taken, nearest(length, taken.size)):
            return False
    reading.emit(operation, Resize2D(output=(rows.size, columns.size), mode="nearest"), [flow])
    return True


PATTERNS: tuple[Pattern, ...] = (Pattern(op("Gather", op("Gather", "x", "=rows", named="down"), "=columns"), _taken),)
READERS: dict[str, Reader] = {"Resize": _resize, "Upsample": _resize}
