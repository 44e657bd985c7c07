"""Normalisations, and sums and products with constants, as layers."""

from typing import Any

import numpy as np

from engine.formats.errors import FormatError
from engine.formats.onnx_reading.folding import target_of
from engine.formats.onnx_reading.patterns import Found, Pattern, op
from engine.formats.onnx_reading.reading import Flow, Reader, Reading
from engine.formats.onnx_reading.shared import aligned, integers, normal_axis, number, numbers, turned, value_by_value
from engine.formats.onnx_reading.source import Constant, Operation, inner_graphs
from engine.formats.shares import remainder
from engine.language import tr
from engine.layers import (
    Add,
    Average,
    BatchNorm2D,
    GroupNorm,
    InstanceNorm2D,
    Layer,
    LayerNorm,
    LayerScale,
    LocalResponseNorm,
    Maximum,
    Minimum,
    Multiply,
    Normalization,
    Rescaling,
    Subtract,
)

_EPSILON = 1e-5
_VIEWS = {"Constant", "Squeeze", "Identity"}
_KEPT = 0.9  # of the running statistics, at each step of training

# Sums and products


def _merge(layer: Layer) -> Reader:
    """Return the reader of a merge of values that all depend on the image."""

    def read(reading: Reading, operation: Operation) -> None:
        if len(operation.inputs) == 1:
            reading.same(operation, reading.flow(operation.input(0)))
            return
        if any(reading.is_constant(name) for name in operation.inputs):
            raise FormatError(tr("it merges an image with a constant"))
        flows, axes = aligned(reading, operation.inputs)
        reading.emit(operation, layer, flows, axes=axes)

    return read


def _with_constant(merge: Layer, type: str) -> Reader:
    """Return the reader of an operator that merges two values, or changes one by a constant."""
    together = _merge(merge)

    def read(reading: Reading, operation: Operation) -> None:
        fixed = [reading.is_constant(name) for name in operation.inputs]
        if sum(fixed) != 1 or len(fixed) != 2:
            if type == "Div":
                raise FormatError(tr("Convolab divides by constants only"))
            together(reading, operation)
            return
        flow = reading.flow(operation.input(int(fixed[0])))
        array = _operand(reading, operation, operation.input(int(fixed[1])), flow)
        if fixed[0] and type in ("Sub", "Div"):
            if type == "Div" or array.size != 1:
                raise FormatError(tr("Convolab has no layer that takes an image from a constant, or divides by one"))
            layer: Layer = Rescaling(scale=-1.0, offset=number(array[0]))
            reading.emit(operation, layer, [flow], axes=flow.axes)
        else:
            _change(reading, operation, type, flow, array)

    return read


def _change(reading: Reading, operation: Operation, type: str, flow: Flow, array: Constant) -> None:
    if type == "Mul" and array.ndim and (array.size == flow.shape.channels):
        reading.emit(operation, LayerScale(), [flow], {"weight": array.reshape(-1)}, axes=flow.axes)
        return
    if array.size == 1:
        value = float(array.reshape(-1)[0])
        layers: dict[str, dict[str, float]] = {
            "Add": {"scale": 1.0, "offset": number(value)},
            "Sub": {"scale": 1.0, "offset": -number(value)},
            "Mul": {"scale": number(value), "offset": 0.0},
            "Div": {"scale": 1 / value, "offset": 0.0},
        }
        reading.emit(operation, Rescaling(**layers[type]), [flow], axes=flow.axes)
        return
    fixed: dict[str, dict[str, Any]] = {
        "Add": {"mean": numbers(-array), "deviation": (1.0,)},
        "Sub": {"mean": numbers(array), "deviation": (1.0,)},
        "Div": {"mean": (0.0,), "deviation": numbers(array)},
    }
    reading.emit(operation, Normalization(**fixed[type]), [flow], axes=flow.axes)


def _operand(reading: Reading, operation: Operation, name: str, flow: Flow) -> Constant:
    """Return a constant as one number for all (no axes, or one where channels are one), or as one for each channel."""
    array = reading.constant(name)
    if reading.source.opset < 7 and operation.has("axis"):
        after = len(flow.axes) + 1 - normal_axis(operation.get("axis", 0), len(flow.axes) + 1) - array.ndim
        array = array.reshape(*array.shape, *(1,) * after)
    found = reading.by_channel(flow, array)
    if found is None:
        raise FormatError(
            tr("it has a constant of {shape}, neither one number for each channel nor one for all", shape=array.shape)
        )
    return found.reshape(()) if array.ndim == 0 else found


def _scaled(reading: Reading, operation: Operation, found: Found) -> bool:
    """Read scale·x + offset: numbers for all are a rescaling, numbers for each channel are a normalisation's."""
    flow = reading.flow(found.names["x"])
    scale, offset = (reading.by_channel(flow, reading.constant(found.names[name])) for name in ("=s", "=o"))
    if scale is None or offset is None:
        return False
    if scale.size == offset.size == 1:
        layer = Rescaling(scale=number(scale[0]), offset=number(offset[0]))
        reading.emit(operation, layer, [flow], axes=flow.axes)
        return True
    count = flow.shape.channels
    arrays = {"weight": np.broadcast_to(scale, count), "bias": np.broadcast_to(offset, count)}
    statistics = {"running_mean": np.zeros(count), "running_var": np.full(count, 1 - _EPSILON)}
    reading.emit(operation, BatchNorm2D(epsilon=_EPSILON), [flow], arrays | statistics, axes=flow.axes)
    return True


def _centred(reading: Reading, operation: Operation, found: Found) -> bool:
    flow = reading.flow(found.names["x"])
    mean, deviation = (reading.by_channel(flow, reading.constant(found.names[name])) for name in ("=m", "=d"))
    if mean is None or deviation is None:
        return False
    layer = Normalization(mean=numbers(mean), deviation=numbers(deviation))
    reading.emit(operation, layer, [flow], axes=flow.axes)
    return True


# Normalisations


def _batch_norm(reading: Reading, operation: Operation) -> None:
    if operation.get("training_mode", 0) or not operation.get("spatial", 1):
        raise FormatError(tr("it normalises as in training, or each pixel by itself"))
    flow, epsilon = reading.flow(operation.input(0)), number(operation.get("epsilon", _EPSILON))
    names = dict(zip(("weight", "bias", "running_mean", "running_var"), operation.inputs[1:], strict=True))
    arrays = {name: reading.constant(given) for name, given in names.items() if not reading.made_up(given)}
    if flow.axes[:1] != (0,):
        flow = reading.volume(flow)
    momentum = remainder(number(operation.get("momentum", _KEPT)))
    layer = BatchNorm2D(epsilon=epsilon, momentum=momentum, scale="weight" in arrays, center="bias" in arrays)
    reading.emit(operation, layer, [flow], arrays, axes=flow.axes)


def _affine(reading: Reading, operation: Operation) -> dict[str, Constant]:
    """Return factor and bias that a normalisation is given; none where our writer made them up."""
    names = {"weight": operation.input(1), "bias": operation.input(2)}
    if all(reading.made_up(name) for name in names.values()):
        return {}
    weight = reading.constant(names["weight"])
    return {"weight": weight, "bias": reading.constant(names["bias"]) if names["bias"] else np.zeros_like(weight)}


def _instance_norm(reading: Reading, operation: Operation) -> None:
    flow, arrays = reading.volume(operation.input(0)), _affine(reading, operation)
    layer = InstanceNorm2D(epsilon=number(operation.get("epsilon", _EPSILON)), affine=bool(arrays))
    reading.emit(operation, layer, [flow], arrays)


def _layer_norm(reading: Reading, operation: Operation) -> None:
    flow, arrays = reading.flow(operation.input(0)), _affine(reading, operation)
    rank = len(flow.axes) + 1
    axis = normal_axis(operation.get("axis", -1), rank)
    over = flow.axes[axis - 1 :] if axis else ()
    epsilon = number(operation.get("epsilon", _EPSILON))
    if len(over) == 1:
        flow = turned(reading, flow, axis)
        layer = LayerNorm(epsilon=epsilon, affine=bool(arrays))
        given: dict[str, Constant] = {name: array.reshape(-1) for name, array in arrays.items()}
    elif axis == 1 and None not in over:
        layer = LayerNorm(over="all", epsilon=epsilon, affine=bool(arrays))
        back = [flow.axes.index(own) for own in range(len(flow.axes))]
        given = {name: array.reshape(flow.extents).transpose(back) for name, array in arrays.items()}
    else:
        raise FormatError(tr("it normalises over axes that no layer does together"))
    reading.emit(operation, layer, [flow], given, axes=flow.axes)


def _turned_layer_norm(reading: Reading, operation: Operation, found: Found) -> bool:
    """Read a normalisation of the channels between two transpositions."""
    turns = (found.named["there"].get("perm", ()), operation.get("perm", ()))
    flow, norm = reading.flow(found.names["x"]), found.named["norm"]
    if turns != ((0, 2, 3, 1), (0, 3, 1, 2)) or flow.axes != (0, 1, 2) or norm.get("axis", -1) not in (-1, 3):
        return False
    arrays = _affine(reading, norm)
    layer = LayerNorm(epsilon=number(norm.get("epsilon", _EPSILON)), affine=bool(arrays))
    reading.emit(operation, layer, [flow], arrays)
    return True


def _group_norm(reading: Reading, operation: Operation) -> None:
    flow, groups = reading.volume(operation.input(0)), operation.get("num_groups", 1)
    arrays = {"weight": reading.constant(operation.input(1)), "bias": reading.constant(operation.input(2))}
    each = flow.shape.channels // groups
    if each > 1 and all(array.shape == (groups,) for array in arrays.values()):  # before opset 21
        arrays = {name: array.repeat(each) for name, array in arrays.items()}
    layer = GroupNorm(groups=groups, epsilon=number(operation.get("epsilon", _EPSILON)))
    reading.emit(operation, layer, [flow], arrays)


def _grouped_instances(reading: Reading, operation: Operation, found: Found) -> bool:
    """Read a group normalisation that is written as an instance normalisation of its groups."""
    names, norm = found.names, found.named["norm"]
    flow = reading.flow(names["x"])
    whole = (reading.batch, *flow.extents)
    cells, back = (target_of(integers(reading, names[name]), whole) for name in ("=cells", "=back"))
    plain = np.all(reading.constant(names["=ones"]) == 1) and np.all(reading.constant(names["=zeros"]) == 0)
    if not plain or not flow.plain or len(cells) != 3 or cells[0] != reading.batch or back != whole:
        return False
    arrays: dict[str, Constant] = {}
    for name, given in (("weight", "=w"), ("bias", "=b")):
        if given in names:
            array = reading.constant(names[given])
            values = reading.by_channel(flow, array)
            if values is None or not array.ndim or values.size != flow.shape.channels:
                return False
            arrays[name] = values
    layer = GroupNorm(groups=cells[1], epsilon=number(norm.get("epsilon", _EPSILON)), affine=bool(arrays))
    reading.emit(operation, layer, [flow], arrays)
    return True


def _local_response_norm(reading: Reading, operation: Operation) -> None:
    layer = LocalResponseNorm(
        size=operation.get("size", 1),
        alpha=number(operation.get("alpha", 1e-4)),
        beta=number(operation.get("beta", 0.75)),
        bias=number(operation.get("bias", 1.0)),
    )
    reading.emit(operation, layer, [reading.volume(operation.input(0))])


def _windowed_response_norm(reading: Reading, operation: Operation, found: Found) -> bool:
    """Read a response normalisation that is written as a mean over a window of channels."""
    names, pool = found.names, found.named["means"]
    flow = reading.flow(names["x"])
    (size, one), before = pool.get("kernel_shape", (1, 1)), pool.get("pads", (0, 0, 0, 0))[0]
    cells = target_of(integers(reading, names["=flat"]), (reading.batch, *flow.extents))
    if one != 1 or before != (size - 1) // 2 or not flow.plain or cells[:3] != (reading.batch, 1, flow.shape.channels):
        return False
    given = {name: number(reading.constant(names[f"={name}"]).reshape(())) for name in ("alpha", "beta", "bias")}
    if not pool.get("count_include_pad", 0):
        return False
    reading.emit(operation, LocalResponseNorm(size=size, **given), [flow])
    return True


def _exported_response_norm(reading: Reading, operation: Operation, found: Found) -> bool:
    """Read a response normalisation as PyTorch writes it: means over channels as depth, and a choice of two views."""
    names, pool, choice = found.names, found.named["means"], found.named["choice"]
    flow, window = reading.flow(names["x"]), pool.get("kernel_shape", ())
    sides, cells = integers(reading, names["=sides"]), integers(reading, names["=cells"])
    views = {one.op_type for graph in inner_graphs(choice.proto) for one in graph.node}
    if len(window) != 3 or window[1:] != (1, 1) or any(pool.get("pads", ())) or not views <= _VIEWS or not flow.plain:
        return False
    size, whole = window[0], (reading.batch, *flow.extents)
    border = [0, 0, (size - 1) // 2, 0, 0, 0, 0, size // 2, 0, 0]  # of an even number, PyTorch has one more before
    if sides != border or target_of(cells, whole)[:3] != (reading.batch, 1, flow.shape.channels):
        return False
    given = {name: number(reading.constant(names[f"={name}"]).reshape(())) for name in ("alpha", "beta", "bias")}
    reading.emit(operation, LocalResponseNorm(size=size, **given), [flow])
    return True


_NORMAL = op(
    "Reshape", op("InstanceNormalization", op("Reshape", "x", "=cells"), "=ones", "=zeros", named="norm"), "=back"
)
_MEANS = op("AveragePool", op("Reshape", op("Mul", "x", "x"), "=flat"), named="means")
_DAMPING = op("Pow", op("Add", op("Mul", _MEANS, "=alpha"), "=bias"), "=beta")
_DEEP = op("AveragePool", op("Pad", op("Reshape", op("Mul", "x", "x"), "=cells"), "=sides"), named="means")
_CHOSEN = op("Reshape", op("If", "=either", _DEEP, named="choice"), "=back")
_EXPORTED = op("Pow", op("Add", op("Mul", _CHOSEN, "=alpha"), "=bias"), "=beta")

PATTERNS: tuple[Pattern, ...] = (
    Pattern(op("Div", "x", _EXPORTED), _exported_response_norm),
    Pattern(op("Add", op("Mul", _NORMAL, "=w"), "=b"), _grouped_instances),
    Pattern(_NORMAL, _grouped_instances),
    Pattern(
        op("Transpose", op("LayerNormalization", op("Transpose", "x", named="there"), "=w", "=b", named="norm")),
        _turned_layer_norm,
    ),
    Pattern(op("Div", "x", op("Reshape", _DAMPING, "=back")), _windowed_response_norm),
    Pattern(op("Add", op("Mul", "x", "=s"), "=o"), _scaled),
    Pattern(op("Div", op("Sub", "x", "=m"), "=d"), _centred),
)

READERS: dict[str, Reader] = {
    "Add": _with_constant(Add(), "Add"),
    "Sub": _with_constant(Subtract(), "Sub"),
    "Mul": _with_constant(Multiply(), "Mul"),
    "Div": _with_constant(Multiply(), "Div"),
    "Sum": _merge(Add()),
    "Max": _merge(Maximum()),
    "Min": _merge(Minimum()),
    "Mean": _merge(Average()),
    "Neg": value_by_value(lambda _: Rescaling(scale=-1.0, offset=0.0)),
    "BatchNormalization": _batch_norm,
    "InstanceNormalization": _instance_norm,
    "LayerNormalization": _layer_norm,
    "GroupNormalization": _group_norm,
    "LRN": _local_response_norm,
}
