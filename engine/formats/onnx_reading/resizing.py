"""Operators that make maps larger, as layers."""

import numpy as np

from engine.formats.errors import FormatError
from engine.formats.onnx_reading.folding import listed
from engine.formats.onnx_reading.reading import Flow, Reader, Reading
from engine.formats.onnx_reading.shared import integers, normal_axis
from engine.formats.onnx_reading.source import Operation
from engine.language import tr
from engine.layers import Upsample2D


def _resize(reading: Reading, operation: Operation) -> None:
    flow = reading.flow(operation.input(0))
    rank = len(flow.axes) + 1
    axes = [normal_axis(axis, rank) for axis in operation.get("axes", tuple(range(rank)))]
    factors = _factors(reading, operation, flow, axes)
    own = {flow.axes[axis - 1] if axis else None: factor for axis, factor in zip(axes, factors, strict=True)}
    wanted = (own.pop(1, 1.0), own.pop(2, 1.0))
    if any(factor != 1 for factor in own.values()) or any(factor != int(factor) or factor < 1 for factor in wanted):
        raise FormatError(tr("Convolab makes maps larger by whole factors only"))
    factor = (int(wanted[0]), int(wanted[1]))
    reading.emit(operation, _upsampling(operation, factor), [flow], axes=flow.axes)


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


def _upsampling(operation: Operation, factor: tuple[int, int]) -> Upsample2D:
    """Return the layer of a resizing by whole factors; what it says of how places are found must be what we do."""
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
        return Upsample2D(factor=factor)
    if mode != "linear" and mode != "bilinear":
        raise FormatError(tr("Convolab does not interpolate by {mode!r}", mode=mode))
    if places not in ("align_corners", "half_pixel", "pytorch_half_pixel", "half_pixel_symmetric"):
        raise FormatError(tr("its places ({places}) are not those of bilinear interpolation here", places=places))
    return Upsample2D(factor=factor, mode="bilinear", align_corners=places == "align_corners")


READERS: dict[str, Reader] = {"Resize": _resize, "Upsample": _resize}
