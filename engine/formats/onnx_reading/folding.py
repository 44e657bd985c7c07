"""Operations on constants: files reckon shapes and weights with operators, too. Small numpy functions, by operator."""

import functools
from collections.abc import Callable, Sequence
from math import prod
from typing import Any

import numpy as np
from onnx import TensorProto, helper

from engine.formats.errors import FormatError
from engine.formats.onnx_reading.source import Constant, Operation, Source
from engine.language import tr

_MOST_LISTED = 1 << 16  # values of what is a list of extents, axes or factors
MOST_VALUES = 1 << 26  # of a constant that is reckoned, and not only looked at in another way

Folding = Callable[[Source, Operation, Sequence[Any]], Constant]


def folded(source: Source, operation: Operation, inputs: Sequence[Constant | None]) -> list[Constant]:
    """Return the outputs of an operation whose inputs are all constants."""
    folding = FOLDINGS.get(operation.type)
    if folding is None:
        raise FormatError(
            tr("{place} reckons with constants in a way that Convolab does not know", place=operation.place)
        )
    count = 0 if operation.type in _VIEWS else _count(operation, [one for one in inputs if one is not None])
    if count > MOST_VALUES:
        raise FormatError(
            tr("{place} reckons with {count:,} constant values, too many", place=operation.place, count=count)
        )
    with np.errstate(all="ignore"):
        return [np.asarray(folding(source, operation, inputs))]


def listed(values: Any) -> list[Any]:
    """Return the values of a constant that is a list of a few; one that is repeated without end is none.

    Raises
    ------
    FormatError
        Where there are too many.
    """
    if np.size(values) > _MOST_LISTED:
        raise FormatError(tr("a list of {count:,} numbers is too long", count=np.size(values)))
    found: list[Any] = np.ravel(values).tolist()
    return found


def axes_of(source: Source, operation: Operation, inputs: Sequence[Any], since: int = 13) -> tuple[int, ...] | None:
    """Return the axes that an operation names: as an attribute, and since an opset as its second input."""
    if operation.has("axes"):
        return tuple(int(axis) for axis in operation.get("axes", ()))
    if source.opset >= since and len(inputs) > 1 and inputs[1] is not None:
        return tuple(int(axis) for axis in listed(inputs[1]))
    return None


def target_of(target: Sequence[int], given: Sequence[int], *, zeros: bool = False) -> tuple[int, ...]:
    """Return the shape that a Reshape asks for: 0 copies an extent, −1 is what is left over."""
    if not zeros and any(size == 0 for size in target[len(given) :]):
        raise FormatError(tr("the shape {target} copies an extent that is not there", target=tuple(target)))
    sizes = [given[at] if size == 0 and not zeros else int(size) for at, size in enumerate(target)]
    if sizes.count(-1) > 1 or min(sizes, default=1) < -1:
        raise FormatError(tr("the shape {target} is none", target=tuple(target)))
    if -1 in sizes:
        rest = int(np.prod([size for size in sizes if size != -1], dtype=object)) or 1
        sizes[sizes.index(-1)] = int(np.prod(list(given), dtype=object)) // rest
    return tuple(sizes)


def _count(operation: Operation, inputs: Sequence[Constant]) -> int:
    """Return about how many values an operation makes, before it makes them."""
    if operation.type == "Gather" and len(inputs) == 2:
        return prod(inputs[0].shape[1:]) * inputs[1].size + inputs[0].size
    if operation.type in _ARITHMETIC:
        return prod(np.broadcast_shapes(*(one.shape for one in inputs)))
    return sum(one.size for one in inputs)


def _constant(source: Source, operation: Operation, _: Sequence[Any]) -> Constant:
    for name, kind in (("value_float", np.float32), ("value_floats", np.float32), ("value_int", np.int64)):
        if operation.has(name):
            return np.array(operation.get(name, None), kind)
    if operation.has("value_ints"):
        return np.array(operation.get("value_ints", ()), np.int64)
    tensor = operation.get("value", None)
    if not isinstance(tensor, TensorProto):
        raise FormatError(tr("{place} has no value that Convolab can read", place=operation.place))
    return source.tensor(tensor)


def _filled(source: Source, operation: Operation, inputs: Sequence[Any]) -> Constant:
    value = operation.get("value", None)
    one = source.tensor(value).ravel() if isinstance(value, TensorProto) else np.zeros(1, np.float32)
    shape = tuple(int(extent) for extent in listed(inputs[0]))
    return np.broadcast_to(one, shape) if shape else one.reshape(())


def _cast(source: Source, operation: Operation, inputs: Sequence[Any]) -> Constant:
    return np.asarray(inputs[0]).astype(helper.tensor_dtype_to_np_dtype(operation.get("to", 1)))


def _gather(source: Source, operation: Operation, inputs: Sequence[Any]) -> Constant:
    return np.asarray(np.take(inputs[0], inputs[1], axis=operation.get("axis", 0)))


def _unsqueeze(source: Source, operation: Operation, inputs: Sequence[Any]) -> Constant:
    return np.asarray(np.expand_dims(inputs[0], axes_of(source, operation, inputs) or ()))


def _squeeze(source: Source, operation: Operation, inputs: Sequence[Any]) -> Constant:
    return np.asarray(np.squeeze(inputs[0], axes_of(source, operation, inputs)))


def _concat(source: Source, operation: Operation, inputs: Sequence[Any]) -> Constant:
    return np.concatenate(inputs, axis=operation.get("axis", 0))


def slices(source: Source, operation: Operation, inputs: Sequence[Any], rank: int) -> dict[int, slice]:
    """Return what a Slice keeps, by axis."""
    if source.opset < 10:
        starts, ends = operation.get("starts", ()), operation.get("ends", ())
        axes, steps = operation.get("axes", tuple(range(len(starts)))), (1,) * len(starts)
    else:
        starts, ends = (listed(one) for one in inputs[1:3])
        others = [one if one is None else listed(one) for one in inputs[3:5]]
        named, stepped = (*others, None, None)[:2]
        axes = tuple(range(len(starts))) if named is None else tuple(named)
        steps = (1,) * len(starts) if stepped is None else tuple(stepped)
    cuts = {}
    for start, end, axis, step in zip(starts, ends, axes, steps, strict=True):
        cuts[int(axis) % rank] = slice(int(start), int(end), int(step))
    return cuts


def _slice(source: Source, operation: Operation, inputs: Sequence[Any]) -> Constant:
    cuts = slices(source, operation, inputs, np.ndim(inputs[0]))
    array: Constant = inputs[0][tuple(cuts.get(axis, slice(None)) for axis in range(np.ndim(inputs[0])))]
    return array


def _reshape(source: Source, operation: Operation, inputs: Sequence[Any]) -> Constant:
    array = np.asarray(inputs[0])
    target = [int(extent) for extent in listed(inputs[1])]
    return array.reshape(target_of(target, array.shape, zeros=bool(operation.get("allowzero", 0))))


def _transpose(source: Source, operation: Operation, inputs: Sequence[Any]) -> Constant:
    return np.transpose(inputs[0], operation.get("perm", None))


def _flatten(source: Source, operation: Operation, inputs: Sequence[Any]) -> Constant:
    array = np.asarray(inputs[0])
    return array.reshape(int(np.prod(array.shape[: operation.get("axis", 1)])), -1)


def _divide(source: Source, operation: Operation, inputs: Sequence[Any]) -> Constant:
    first, second = (np.asarray(one) for one in inputs)
    return np.asarray(first // second if first.dtype.kind in "iu" else first / second)


def _modulo(source: Source, operation: Operation, inputs: Sequence[Any]) -> Constant:
    return np.asarray((np.fmod if operation.get("fmod", 0) else np.mod)(*inputs))


def _expanded(source: Source, operation: Operation, inputs: Sequence[Any]) -> Constant:
    shape = np.broadcast_shapes(np.shape(inputs[0]), tuple(int(extent) for extent in listed(inputs[1])))
    return np.broadcast_to(inputs[0], shape)


def _range(source: Source, operation: Operation, inputs: Sequence[Any]) -> Constant:
    start, limit, step = (np.asarray(one).reshape(()).item() for one in inputs)
    if abs((limit - start) / step) > _MOST_LISTED:
        raise FormatError(tr("a list of {count:,} numbers is too long", count=int(abs((limit - start) / step))))
    return np.arange(start, limit, step).astype(np.asarray(inputs[0]).dtype)


def _plain(function: Callable[..., Any]) -> Folding:
    return lambda source, operation, inputs: np.asarray(function(*inputs))


_LOGIC = {"Equal", "Less", "Greater", "And", "Or", "Where"}
_ARITHMETIC = {"Add", "Sub", "Mul", "Div", "Pow", "Mod", "Min", "Max", *_LOGIC}
_SHAPES = {"Identity", "Reshape", "Transpose", "Unsqueeze", "Squeeze", "Flatten"}
_VIEWS = {"Constant", "ConstantOfShape", "Expand", *_SHAPES}

FOLDINGS: dict[str, Folding] = {
    "Constant": _constant,
    "ConstantOfShape": _filled,
    "Cast": _cast,
    "Gather": _gather,
    "Unsqueeze": _unsqueeze,
    "Squeeze": _squeeze,
    "Concat": _concat,
    "Slice": _slice,
    "Reshape": _reshape,
    "Transpose": _transpose,
    "Flatten": _flatten,
    "Identity": _plain(lambda one: one),
    "Add": _plain(np.add),
    "Sub": _plain(np.subtract),
    "Mul": _plain(np.multiply),
    "Div": _divide,
    "Mod": _modulo,
    "Min": _plain(lambda *several: functools.reduce(np.minimum, several)),
    "Max": _plain(lambda *several: functools.reduce(np.maximum, several)),
    "Equal": _plain(np.equal),
    "Less": _plain(np.less),
    "Greater": _plain(np.greater),
    "Not": _plain(np.logical_not),
    "And": _plain(np.logical_and),
    "Or": _plain(np.logical_or),
    "Where": _plain(np.where),
    "Expand": _expanded,
    "Range": _range,
    "Abs": _plain(np.abs),
    "Neg": _plain(np.negative),
    "Sqrt": _plain(np.sqrt),
    "Exp": _plain(np.exp),
    "Floor": _plain(np.floor),
    "Ceil": _plain(np.ceil),
    "Pow": _plain(np.power),
    "Reciprocal": _plain(np.reciprocal),
}
