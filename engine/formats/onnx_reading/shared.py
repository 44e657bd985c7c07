"""What readers of several families use."""

from collections.abc import Callable, Sequence

import numpy as np

from engine.formats.errors import FormatError
from engine.formats.onnx_reading.folding import listed
from engine.formats.onnx_reading.reading import Flow, Reader, Reading
from engine.formats.onnx_reading.source import Constant, Operation
from engine.language import tr
from engine.layers import Layer, Permute


def number(value: float) -> float:
    """Return a float32's value with no more digits than it has."""
    return float(str(np.float32(value)))


def numbers(values: Constant) -> tuple[float, ...]:
    """Return float32 values with no more digits than they have."""
    return tuple(number(value) for value in listed(values))


def integers(reading: Reading, name: str) -> list[int]:
    """Return the whole numbers of a constant that is a short list."""
    return [int(value) for value in listed(reading.constant(name))]


def scalar(array: Constant | None, default: float) -> float:
    """Return the only value of an array, or the default where there is no array."""
    if array is None:
        return default
    if array.size != 1:
        raise FormatError(tr("one number is needed, and {size} are given", size=array.size))
    return number(array.reshape(-1)[0])


def value_by_value(layer: Callable[[Operation], Layer]) -> Reader:
    """Return the reader of an operator that is one layer, whatever way values lie."""

    def read(reading: Reading, operation: Operation) -> None:
        flow = reading.flow(operation.input(0))
        reading.emit(operation, layer(operation), [flow], axes=flow.axes)

    return read


def aligned(reading: Reading, names: Sequence[str]) -> tuple[list[Flow], tuple[int | None, ...]]:
    """Return values so that their layers' outputs can be merged, and how the result lies."""
    flows = [reading.flow(name) for name in names]
    if len({len(flow.axes) for flow in flows}) > 1:
        raise FormatError(tr("it merges values of different ranks"))
    whole = next((flow for flow in flows if None not in flow.axes), flows[0])
    if all(_lies_as(flow, whole) for flow in flows):
        return flows, whole.axes
    flows = [reading.volume(flow) for flow in flows]
    return flows, flows[0].axes


def _lies_as(flow: Flow, whole: Flow) -> bool:
    """Whether a value lies as another does, or has one number for each of its channels."""
    if flow.axes == whole.axes:
        return True
    return flow.shape.is_vector and 0 in whole.axes and flow.axes.index(0) == whole.axes.index(0)


def normal_axis(axis: int, rank: int) -> int:
    """Return an axis counted from the front."""
    if not -rank <= axis < rank:
        raise FormatError(tr("there is no axis {axis} among {rank}", axis=axis, rank=rank))
    return axis % rank


def turned(reading: Reading, flow: Flow, axis: int) -> Flow:
    """Return a value whose axis, counted from the batch, is its layer's first: a layer turns it where need be."""
    own = flow.axes[axis - 1] if axis else None
    if own is None:
        raise FormatError(tr("it works along axis {axis}, where Convolab has none", axis=axis))
    if own == 0:
        return flow
    order = (own, *(at for at in range(3) if at != own))
    letters = "".join("CHW"[at] for at in order)
    moved = reading.emit(None, Permute(order=letters), [flow._replace(axes=(0, 1, 2))])  # type: ignore[arg-type]
    return moved._replace(axes=tuple(None if one is None else order.index(one) for one in flow.axes))
