"""The inverse of the shape rule: which kernel, stride, padding and dilation bring an input to the size wanted.

Along one axis there are few unknowns and tight bounds, so all of them are gone through; the layer's own arithmetic
(`Axis`, `Spread`) is the judge of each. What is found is put in the order in which people would choose it.
"""

from collections.abc import Iterable, Iterator
from itertools import product
from typing import Any, NamedTuple

import msgspec

from engine.language import tr
from engine.layers import Conv2D, ConvTranspose2D, DepthwiseConv2D, Layer, SeparableConv2D
from engine.layers.conv_transpose import Spread
from engine.layers.pool import Pool2D
from engine.layers.window import Axis, Windowed
from engine.shape import Shape

Solvable = Windowed | ConvTranspose2D
_PER_AXIS = 40  # the best of either axis that are tried together where the axes differ
_DILATED = 7  # the largest kernel with gaps


class Bounds(msgspec.Struct, frozen=True):
    """How far the search goes: the largest kernel, stride and dilation.

    Padding ends at half of a window's extent, with at most one pixel more at the far side; a window as large as the
    input is tried in any case.
    """

    kernel: int = 32
    stride: int = 32
    dilation: int = 4


class Step(NamedTuple):
    """A window along one axis, in pixels; ``extra`` is the output padding of a transposed convolution.

    ``lost`` counts the input's pixels that no window reaches; the lower the cost, the more conventional the window.
    """

    kernel: int
    stride: int
    before: int
    after: int
    dilation: int
    extra: int
    lost: int
    cost: float


class Solution(msgspec.Struct, frozen=True):
    """A layer that gives the output wanted; ``lost`` are rows and columns (y, x) of its input that it does not use."""

    layer: Solvable
    output: Shape
    parameters: int
    lost: tuple[int, int]
    cost: float


class Solutions(msgspec.Struct, frozen=True):
    """All that was found, best first.

    Where that is nothing, ``reason`` says in words what stands in the way, and ``nearest`` the outputs next to the one
    wanted that can be had, if there are any.
    """

    found: tuple[Solution, ...] = ()
    nearest: tuple[Shape, ...] = ()
    reason: str = ""


def can_solve(layer: Layer) -> bool:
    """Whether a layer has a window that sizes can be solved for."""
    return isinstance(layer, Solvable)


def solve(
    layer: Layer,
    inputs: Shape,
    size: tuple[int, int],
    channels: int | None = None,
    *,
    bounds: Bounds | None = None,
    most: int = 24,
) -> Solutions:
    """Find the windows that bring a volume to a size.

    Parameters
    ----------
    layer
        A convolution, pooling, or transposed convolution; all but its window, its padding and, where the depth is
        given, its filters stays as it is.
    inputs
        The volume ``(C, H, W)`` that it gets.
    size
        Height and width wanted.
    channels
        The depth wanted; None leaves the filters alone.
    bounds
        How far to search.
    most
        How many solutions to return.
    """
    if not isinstance(layer, Solvable) or not inputs.is_volume:
        return Solutions(reason=tr("{layer} has no window on a volume that could be solved for.", layer=layer.title))
    deep = layer if channels is None else _with_depth(layer, inputs, channels)
    if deep is None:
        return Solutions(reason=_depth_reason(layer, inputs))
    limits = bounds or Bounds()
    found = _solutions(deep, inputs, size, limits, most)
    if found:
        return Solutions(found)
    nearest = [
        near[0].output
        for other in _sizes_near(deep, inputs, size, limits)
        if (near := _solutions(deep, inputs, other, limits, 1))
    ]
    return Solutions(
        nearest=tuple(nearest),
        reason=tr(
            "No window brings {width}×{height} to {wanted_width}×{wanted_height}.",
            width=inputs[2],
            height=inputs[1],
            wanted_width=size[1],
            wanted_height=size[0],
        ),
    )


def axis_steps(layer: Solvable, axis: int, size: int, wanted: int, bounds: Bounds) -> list[Step]:
    """Return the windows along one axis (0 the height, 1 the width) that bring a size to another, the best first.

    All within the bounds are among them, but for strides that make no difference to a window that stands still.
    """
    if isinstance(layer, ConvTranspose2D):
        steps = _spreading(layer, axis, size, wanted, bounds)
    else:
        steps = _sliding(layer, size, wanted, bounds)
    present = msgspec.structs.asdict(layer)["kernel"][axis]
    return sorted(steps, key=lambda step: step.cost - (_FAMILIAR if step.kernel == present else 0))


def _solutions(
    layer: Solvable, inputs: Shape, size: tuple[int, int], bounds: Bounds, most: int
) -> tuple[Solution, ...]:
    """Return the best layers that the shape rule itself confirms."""
    down = axis_steps(layer, 0, inputs[1], size[0], bounds)
    if inputs[1] == inputs[2] and size[0] == size[1]:
        pairs: Iterable[tuple[Step, Step]] = ((step, step) for step in down)
    else:
        across = axis_steps(layer, 1, inputs[2], size[1], bounds)
        pairs = sorted(product(down[:_PER_AXIS], across[:_PER_AXIS]), key=_pair_cost)
    found: list[Solution] = []
    for y, x in pairs:
        changed = layer.attempt(**_fields(layer, y, x))
        inferred = changed.infer((inputs,)) if changed is not None else None
        if changed is None or inferred is None or inferred.output is None or inferred.output[1:] != size:
            continue
        count = sum(spec.size for spec in inferred.weights if spec.trainable)
        found.append(Solution(changed, inferred.output, count, (y.lost, x.lost), _pair_cost((y, x))))
        if len(found) == most:
            break
    return tuple(found)


def _fields(layer: Solvable, y: Step, x: Step) -> dict[str, Any]:
    pads = (y.before, y.after, x.before, x.after)
    fields: dict[str, Any] = {"kernel": (y.kernel, x.kernel), "stride": (y.stride, x.stride)}
    fields["padding"] = pads if any(pads) else "valid"
    if _dilates(layer):
        fields["dilation"] = (y.dilation, x.dilation)
    if isinstance(layer, ConvTranspose2D):
        fields["output_padding"] = (y.extra, x.extra)
    return fields


def _dilates(layer: Solvable) -> bool:
    return "dilation" in layer.__struct_fields__


# Candidates along one axis


def _sliding(layer: Windowed, size: int, wanted: int, bounds: Bounds) -> Iterator[Step]:
    ceil = isinstance(layer, Pool2D) and layer.ceil_mode
    for kernel, dilation, before, after in _windows(layer, size, bounds):
        room = size + before + after - dilation * (kernel - 1) - 1
        for stride in _strides(room, wanted, kernel, bounds):
            place = Axis(size, kernel, stride, dilation, before, after, ceil)
            if place.output == wanted:
                cost = _pool_cost(place) if isinstance(layer, Pool2D) else _conv_cost(place)
                yield Step(kernel, stride, before, after, dilation, 0, place.lost, cost)


def _spreading(layer: ConvTranspose2D, axis: int, size: int, wanted: int, bounds: Bounds) -> Iterator[Step]:
    for kernel, dilation, before, after in _windows(layer, size, bounds):
        for extra in (0, 1):
            rest = wanted - dilation * (kernel - 1) - 1 - extra + before + after
            stride, odd = divmod(rest, size - 1) if size > 1 else (layer.stride[axis], 0)
            if odd or not 1 <= stride <= bounds.stride or extra >= max(stride, dilation):
                continue
            place = Spread(size, kernel, stride, dilation, before, after, extra)
            if place.output == wanted and place.left_over:
                yield Step(kernel, stride, before, after, dilation, extra, 0, _spread_cost(place))


def _windows(layer: Solvable, size: int, bounds: Bounds) -> Iterator[tuple[int, int, int, int]]:
    """Yield kernel, dilation, and padding before and after."""
    kernels = [*range(1, bounds.kernel + 1), *([size] if size > bounds.kernel else [])]
    for dilation in range(1, bounds.dilation + 1 if _dilates(layer) else 2):
        for kernel in kernels if dilation == 1 else range(2, min(_DILATED, bounds.kernel) + 1):
            for before in range((dilation * (kernel - 1) + 1) // 2 + 1):
                yield kernel, dilation, before, before
                yield kernel, dilation, before, before + 1


def _strides(room: int, wanted: int, kernel: int, bounds: Bounds) -> Iterable[int]:
    """Return the strides that may take a window to so many places, with some to spare for rounding up."""
    if room < 0 or wanted < 1:
        return ()
    if wanted == 1:  # the window stands still: no stride, or the window's own, for those who count in windows
        return sorted({room + 1, kernel} & set(range(room + 1, bounds.stride + 1)))
    fastest = room // (wanted - 2) if wanted > 2 else bounds.stride
    return range(max(1, room // (wanted + 1)), min(bounds.stride, fastest) + 1)


# What people choose first

_FAMILIAR = 0.25  # off for the kernel that the layer has already
_KERNELS = {1: 0.6, 3: 0.0, 5: 0.3, 7: 0.6}


def _conv_cost(place: Axis) -> float:
    """Prefer odd kernels of 3 to 7, no stride or one of 2, the padding that keeps the size or none, no gaps."""
    odd = place.kernel % 2 == 1
    cost = _KERNELS.get(place.kernel, (0.15 if odd else 0.2) * place.kernel + (0 if odd else 0.6))
    if place.kernel == place.stride > 2:
        cost = 0.05 * place.kernel + 0.6  # patches side by side
    cost += _stride_cost(place.stride) + 1.5 * (place.dilation - 1)
    if place.before:
        cost += 0.05 if odd and place.before == place.extent // 2 else 0.8 + 0.1 * place.before
    return cost + _oddities(place)


def _pool_cost(place: Axis) -> float:
    """Prefer windows side by side, of 2 or 3, and no padding."""
    if place.kernel == place.stride:
        cost = 0.1 * (place.kernel - 2) if place.kernel > 1 else 2.0
    else:
        cost = (0.5 if (place.kernel, place.stride) == (3, 2) else 1.0) + 0.1 * place.kernel + 0.1 * place.stride
    return cost + 1.5 * (place.dilation - 1) + (0.6 + 0.2 * place.before if place.before else 0.0) + _oddities(place)


def _spread_cost(place: Spread) -> float:
    """Prefer copies side by side, or overlapping evenly, and no padding but what centres them."""
    even = place.kernel % place.stride == 0
    cost = 0.1 * (place.kernel - 2) if place.kernel >= 2 else 1.0
    cost += 0.0 if even else 0.8  # uneven overlaps show as a checkerboard
    cost += _stride_cost(place.stride) + 1.5 * (place.dilation - 1) + 0.4 * place.extra
    cost += 0.2 * place.before + (1.0 if place.before != place.after else 0.0)
    return cost + (3.0 if place.stride > place.extent else 0.0)


def _stride_cost(stride: int) -> float:
    return {1: 0.0, 2: 0.2}.get(stride, 0.3 + 0.1 * stride)


def _oddities(place: Axis) -> float:
    """Return the cost of lopsided padding, pixels left over at the end, and pixels skipped between windows."""
    cost = 1.5 if place.before != place.after else 0.0
    cost += 0.5 + 0.2 * place.lost if place.lost else 0.0
    return cost + (3.0 if place.stride > place.extent else 0.0)


def _pair_cost(pair: tuple[Step, Step]) -> float:
    """Return the mean of both axes' costs, and some for each way in which they differ."""
    y, x = pair
    cost = (y.cost + x.cost) / 2 + 1.0 * (y.kernel != x.kernel) + 0.8 * (y.stride != x.stride)
    return cost + 1.5 * (y.dilation != x.dilation) + 0.3 * (y[2:4] != x[2:4]) + 0.3 * (y.extra != x.extra)


# Depth, and sizes nearby


def _with_depth(layer: Solvable, inputs: Shape, channels: int) -> Solvable | None:
    if isinstance(layer, DepthwiseConv2D):
        return None if channels % inputs.channels else layer.attempt(multiplier=channels // inputs.channels)
    if isinstance(layer, Conv2D | ConvTranspose2D) and channels % layer.groups:
        return None
    if isinstance(layer, Conv2D | ConvTranspose2D | SeparableConv2D):
        return layer.attempt(filters=channels)
    return layer if channels == inputs.channels else None


def _depth_reason(layer: Solvable, inputs: Shape) -> str:
    if isinstance(layer, DepthwiseConv2D):
        return tr("The depth has to be a multiple of the {channels} channels that come in.", channels=inputs.channels)
    if isinstance(layer, Conv2D | ConvTranspose2D) and layer.groups > 1:
        return tr("The depth has to be a multiple of the {groups} groups.", groups=layer.groups)
    if isinstance(layer, Conv2D | ConvTranspose2D | SeparableConv2D):
        return tr("The depth has to be between 1 and 65,536.")
    return tr("{layer} keeps the depth: it can only be {channels}.", layer=layer.title, channels=inputs.channels)


def _sizes_near(layer: Solvable, inputs: Shape, size: tuple[int, int], bounds: Bounds) -> list[tuple[int, int]]:
    """Return the sizes next to the one wanted, smaller and larger, that windows without gaps give; nearest first."""
    choices = []
    for axis in (0, 1):
        reached = _reached(layer, inputs[axis + 1], bounds)
        if size[axis] in reached:
            choices.append([size[axis]])
            continue
        below = [one for one in reached if one < size[axis]]
        above = [one for one in reached if one > size[axis]]
        choices.append([*([max(below)] if below else []), *([min(above)] if above else [])])
    pairs = [(height, width) for height in choices[0] for width in choices[1]]
    near = [pair for pair in pairs if pair != size and (_square(pair) or not _square(size))]
    return sorted(near, key=lambda pair: abs(pair[0] - size[0]) + abs(pair[1] - size[1]))


def _square(size: tuple[int, ...]) -> bool:
    return len(set(size)) == 1


def _reached(layer: Solvable, size: int, bounds: Bounds) -> set[int]:
    """Return all outputs along one axis of windows without gaps."""
    plain = msgspec.structs.replace(bounds, dilation=1)
    outputs: set[int] = set()
    for kernel, _, before, after in _windows(layer, size, plain):
        for stride in range(1, bounds.stride + 1):
            if isinstance(layer, ConvTranspose2D):
                extras = (0, 1) if stride > 1 else (0,)
                outputs |= {Spread(size, kernel, stride, 1, before, after, extra).output for extra in extras}
            else:
                ceil = isinstance(layer, Pool2D) and layer.ceil_mode
                outputs.add(Axis(size, kernel, stride, 1, before, after, ceil).output)
    return {output for output in outputs if output > 0}
