"""Operators that move values, as layers; those that only say how values lie become none."""

from typing import Any

import numpy as np

from engine.formats.errors import FormatError
from engine.formats.onnx_reading.folding import axes_of, listed, slices, target_of
from engine.formats.onnx_reading.patterns import Found, Pattern, op
from engine.formats.onnx_reading.reading import Flow, Reader, Reading
from engine.formats.onnx_reading.shared import aligned, integers, normal_axis, scalar, turned
from engine.formats.onnx_reading.source import Operation
from engine.language import tr
from engine.layers import (
    ChannelShuffle,
    Concat,
    Crop2D,
    DepthToSpace,
    Flatten,
    Layer,
    Permute,
    Reshape,
    Slice,
    SpaceToDepth,
    Upsample2D,
    ZeroPad2D,
)

_AXES: tuple[Any, ...] = ("channels", "height", "width")


# How values lie


def _reshape(reading: Reading, operation: Operation) -> None:
    flow = reading.flow(operation.input(0), loose=True)
    if flow.laid:
        flow = reading.flow(operation.input(0))
    if operation.has("shape"):
        wanted = [int(extent) for extent in operation.get("shape", ())]
    else:
        wanted = integers(reading, operation.input(1))
    whole = (reading.batch, *flow.extents)
    _shape(reading, operation, flow, target_of(wanted, whole, zeros=bool(operation.get("allowzero", 0))))


def _shape(reading: Reading, operation: Operation, flow: Flow, target: tuple[int, ...]) -> None:
    """Give a value another shape."""
    if target[:1] != (reading.batch,) or len(target) not in (2, 4):
        text = " × ".join(map(str, target))
        raise FormatError(
            tr(
                "it makes {text} values of {extents}: no image, and no vector",
                text=text,
                extents=" × ".join(map(str, flow.extents)),
            )
        )
    extents = target[1:]
    if extents == flow.extents and not reading.own:
        reading.same(operation, flow)
    elif len(extents) == 1:
        _lay_out(reading, operation, flow)
    elif flow.axes == (0,) and extents[1:] == (1, 1) and (not reading.own or "/pixel " in operation.output):
        if extents[0] != flow.shape.size:
            raise FormatError(tr("{size} values do not fit into {extent}", size=flow.shape.size, extent=extents[0]))
        reading.same(operation, flow._replace(axes=(0, None, None)))  # a merge takes it as it is
    else:
        reading.emit(operation, Reshape(shape=extents), [_settled(reading, flow)])


def _lay_out(reading: Reading, operation: Operation, flow: Flow) -> None:
    """Make a volume a vector; one that lies otherwise in a file than here is turned when that matters."""
    pixel = [axis for axis in flow.axes if axis is not None]
    if pixel == [0] and flow.shape.is_vector and not reading.own:
        reading.same(operation, flow._replace(axes=(0,)))
        return
    if not flow.plain and None not in flow.axes and not reading.own:
        order: Any = tuple(flow.axes)
        reading.same(operation, Flow(flow.node, flow.shape, (), order))
        return
    reading.emit(operation, Flatten(), [_settled(reading, flow)])


def _settled(reading: Reading, flow: Flow) -> Flow:
    return flow if flow.axes == (0,) else reading.volume(flow)


def _flatten(reading: Reading, operation: Operation) -> None:
    flow = reading.flow(operation.input(0))
    if operation.get("axis", 1) not in (1, -len(flow.axes)):
        raise FormatError(tr("Convolab lays out all but the batch, from axis 1 on"))
    if flow.axes == (0,) and not reading.own:
        reading.same(operation, flow)
    else:
        _lay_out(reading, operation, flow)


def _squeeze(reading: Reading, operation: Operation) -> None:
    flow = reading.flow(operation.input(0))
    given = reading.constant(operation.input(1)) if operation.input(1) else None
    axes, whole = axes_of(reading.source, operation, [None, given]), (reading.batch, *flow.extents)
    if axes is None:
        gone = {at for at, extent in enumerate(whole) if extent == 1 and at}
    else:
        gone = {normal_axis(axis, len(whole)) for axis in axes}
    if any(whole[at] != 1 for at in gone):
        raise FormatError(tr("only an axis of 1 can be left out"))
    _shape(reading, operation, flow, tuple(extent for at, extent in enumerate(whole) if at not in gone))


def _unsqueeze(reading: Reading, operation: Operation) -> None:
    flow = reading.flow(operation.input(0))
    given = reading.constant(operation.input(1)) if operation.input(1) else None
    axes = axes_of(reading.source, operation, [None, given]) or ()
    rank = len(flow.axes) + 1 + len(axes)
    new, old = {normal_axis(axis, rank) for axis in axes}, iter((reading.batch, *flow.extents))
    _shape(reading, operation, flow, tuple(1 if at in new else next(old) for at in range(rank)))


def _transpose(reading: Reading, operation: Operation) -> None:
    flow = reading.flow(operation.input(0))
    rank = len(flow.axes) + 1
    order = operation.get("perm", tuple(reversed(range(rank))))
    if sorted(order) != list(range(rank)) or order[0] != 0:
        raise FormatError(tr("it moves the batch, which Convolab does not have"))
    if reading.own:
        letters: Any = "".join("CHW"[axis - 1] for axis in order[1:])
        reading.emit(operation, Permute(order=letters), [reading.volume(flow)])
    else:
        reading.same(operation, flow._replace(axes=tuple(flow.axes[axis - 1] for axis in order[1:])))


def _shuffle(reading: Reading, operation: Operation, found: Found) -> bool:
    """Read values laid out in cells whose axes are put in another order."""
    flow = reading.flow(found.names["x"])
    if not flow.plain:
        return False
    whole = (reading.batch, *flow.extents)
    cells = target_of(integers(reading, found.names["=cells"]), whole)
    output = target_of(integers(reading, found.names["=shape"]), cells)
    layer = _rearranging(cells, found.named["turn"].get("perm", ()), whole)
    made = layer.infer((flow.shape,)).output if layer is not None else None
    if layer is None or made is None or output != (reading.batch, *made):
        return False
    reading.emit(operation, layer, [flow])
    return True


def _rearranging(cells: tuple[int, ...], order: tuple[int, ...], whole: tuple[int, ...]) -> Layer | None:
    """Return the layer that deals values out by cells; None where there is none."""
    if order[:3] == (0, 2, 1) and order[3:] == tuple(range(3, len(cells))) and cells[3:] == whole[2:]:
        return ChannelShuffle(groups=cells[1])
    if len(cells) != 6 or len(whole) != 4:
        return None
    if order in ((0, 1, 4, 2, 5, 3), (0, 3, 4, 1, 5, 2)) and cells[4:] == whole[2:]:
        first = order[1]
        block = cells[2]
        pair = (cells[2], cells[3]) if first == 1 else (cells[1], cells[2])
        return DepthToSpace(block=block, order="CRD" if first == 1 else "DCR") if pair == (block, block) else None
    if order in ((0, 1, 3, 5, 2, 4), (0, 3, 5, 1, 2, 4)) and cells[3] == cells[5] and cells[1] == whole[1]:
        return SpaceToDepth(block=cells[3], order="CRD" if order[1] == 1 else "DCR")
    return None


# What layers do to maps


def _pad(reading: Reading, operation: Operation) -> None:
    flow = reading.flow(operation.input(0))
    rank = len(flow.axes) + 1
    if reading.source.opset < 11:
        sides, value = list(operation.get("pads", operation.get("paddings", ()))), operation.get("value", 0.0)
        axes = range(rank)
    else:
        sides, value = integers(reading, operation.input(1)), scalar(reading.constant(operation.input(2)), 0.0)
        axes = range(rank)
        if operation.input(3):
            axes = [normal_axis(axis, rank) for axis in integers(reading, operation.input(3))]  # type: ignore[assignment]
    widths = [(0, 0)] * 3
    for place, axis in enumerate(axes):
        around = (sides[place], sides[place + len(axes)])
        own = flow.axes[axis - 1] if axis else None
        if own is not None:
            widths[own] = around
        elif around != (0, 0):
            raise FormatError(tr("Convolab pads height and width only"))
    if widths[0] != (0, 0):
        raise FormatError(tr("Convolab pads height and width only"))
    mode: Any = operation.get("mode", "constant")
    if widths == [(0, 0)] * 3 and not reading.own:
        reading.same(operation, flow)
        return
    around_all = (*widths[1], *widths[2])
    if min(around_all) < 0:
        raise FormatError(tr("a negative border cuts off, which Crop2D does"))
    layer = ZeroPad2D(padding=around_all, mode=mode, value=value if mode == "constant" else 0.0)
    reading.emit(operation, layer, [flow], axes=flow.axes)


def _slice(reading: Reading, operation: Operation) -> None:
    flow = reading.flow(operation.input(0))
    inputs = [None, *(reading.constant(name) for name in operation.inputs[1:])]
    spans: dict[int, range] = {}
    for axis, cut in slices(reading.source, operation, inputs, len(flow.axes) + 1).items():
        size = reading.batch if not axis else flow.extents[axis - 1]
        kept = range(*cut.indices(size))
        if len(kept) < 1 or kept.step < 1:
            raise FormatError(tr("a Slice keeps something, in its order"))
        if axis and (own := flow.axes[axis - 1]) is not None:
            spans[own] = kept
        elif len(kept) != size:
            raise FormatError(tr("Convolab has no batch to cut"))
    spans = {axis: kept for axis, kept in spans.items() if len(kept) != flow.shape[axis] or reading.own}
    if not spans:
        reading.same(operation, flow)
    elif set(spans) == {1, 2} and all(kept.step == 1 for kept in spans.values()):
        cropping = tuple(side for axis in (1, 2) for side in (spans[axis].start, flow.shape[axis] - spans[axis].stop))
        reading.emit(operation, Crop2D(cropping=cropping), [flow], axes=flow.axes)  # type: ignore[arg-type]
    else:
        *first, last = spans.items()
        for axis, kept in first:
            flow = reading.emit(None, _cut(axis, kept), [flow], axes=flow.axes)
        reading.emit(operation, _cut(*last), [flow], axes=flow.axes)


def _cut(axis: int, kept: range) -> Slice:
    return Slice(axis=_AXES[axis], start=kept.start, length=len(kept), step=kept.step)


def _split(reading: Reading, operation: Operation) -> None:
    flow = reading.flow(operation.input(0))
    axis = normal_axis(operation.get("axis", 0), len(flow.axes) + 1)
    own = flow.axes[axis - 1] if axis else None
    if own is None:
        raise FormatError(tr("it splits the batch, which Convolab does not have"))
    size, count = flow.shape[own], len(operation.outputs)
    sizes = list(operation.get("split", ()))
    if operation.input(1):
        sizes = integers(reading, operation.input(1))
    if not sizes:
        each = -(-size // count)
        sizes = [min(each, size - each * number) for number in range(count)]
    if sum(sizes) != size or min(sizes) < 1 or len(sizes) != count:
        raise FormatError(tr("parts of {sizes} do not make {size}", sizes=sizes, size=size))
    start = 0
    for name, length in zip(operation.outputs, sizes, strict=True):
        part = range(start, start + length)
        start += length
        if name:
            reading.emit(name, _cut(own, part), [flow], axes=flow.axes)


def _concat(reading: Reading, operation: Operation) -> None:
    if len(operation.inputs) == 1:
        reading.same(operation, reading.flow(operation.input(0)))
        return
    flows, axes = aligned(reading, operation.inputs)
    axis = normal_axis(operation.get("axis", 1), len(axes) + 1)
    if any(flow.axes != axes for flow in flows):
        flows = [reading.volume(flow) for flow in flows]
        axes = flows[0].axes
    moved = [turned(reading, flow, axis) for flow in flows]
    reading.emit(operation, Concat(), moved, axes=moved[0].axes)


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


def _depth_to_space(reading: Reading, operation: Operation) -> None:
    layer = DepthToSpace(block=operation.get("blocksize", 1), order=operation.get("mode", "DCR"))
    reading.emit(operation, layer, [reading.volume(operation.input(0))])


def _space_to_depth(reading: Reading, operation: Operation) -> None:
    layer = SpaceToDepth(block=operation.get("blocksize", 1), order=operation.get("mode", "DCR"))
    reading.emit(operation, layer, [reading.volume(operation.input(0))])


PATTERNS: tuple[Pattern, ...] = (
    Pattern(op("Reshape", op("Transpose", op("Reshape", "x", "=cells"), named="turn"), "=shape"), _shuffle),
)

READERS: dict[str, Reader] = {
    "Flatten": _flatten,
    "Reshape": _reshape,
    "Squeeze": _squeeze,
    "Unsqueeze": _unsqueeze,
    "Transpose": _transpose,
    "Pad": _pad,
    "Slice": _slice,
    "Split": _split,
    "Concat": _concat,
    "Resize": _resize,
    "Upsample": _resize,
    "DepthToSpace": _depth_to_space,
    "SpaceToDepth": _space_to_depth,
}
