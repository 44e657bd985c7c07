"""The node tests of the onnx package, and an adapter that runs them through our layers and kernels.

A case is one operator with its inputs and what must come out. The adapter does what a reader of ONNX files does: it
turns attributes into hyper-parameters and never computes. Only the first output counts: masks, indices and saved
statistics serve training. What is not run is in `backend_excuses`, with the reason.
"""

import importlib
import warnings
from collections.abc import Callable, Sequence
from functools import cache, reduce
from typing import Any

import numpy as np
import onnx
from onnx.backend.test.case import node as onnx_cases
from onnx.backend.test.case.test_case import TestCase

from engine import (
    AvgPool2D,
    Clip,
    Concat,
    ConvTranspose2D,
    Dense,
    Dropout,
    Flatten,
    GlobalAvgPool2D,
    GlobalMaxPool2D,
    Identity,
    Layer,
    LpPool2D,
    Maximum,
    MaxPool2D,
    Minimum,
    Multiply,
    Permute,
    Reshape,
    Slice,
    Subtract,
)
from engine.kernels import activation, normalization, rearrange
from engine.kernels.conv import conv2d
from engine.kernels.conv_transpose import conv_transpose2d
from engine.layers import Add, Average
from engine.layers.window import sliding
from engine.shape import Shape

Arrays = list[Any]
Attributes = dict[str, Any]
Operator = Callable[[Arrays, Attributes], np.ndarray]

_MODULES = {
    "BatchNormalization": "batch_normalization",
    "InstanceNormalization": "instance_normalization",
}
_PADDING = {"VALID": "valid", "SAME_UPPER": "same", "SAME_LOWER": "same-lower"}


@cache
def cases(operator: str) -> dict[str, TestCase]:
    """Return all cases of an operator by name, but for those that spell it out in other operators.

    Importing a module of cases collects them; the loader of the package imports all and takes a minute.
    """
    module = _MODULES.get(operator, operator.lower())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        importlib.import_module(f"onnx.backend.test.case.node.{module}")
    own = {case.name: case for case in onnx_cases._NodeTestCases if "_expanded" not in case.name}
    return {name: case for name, case in own.items() if case.model.graph.node[0].op_type == operator}


def computed(case: TestCase, inputs: Sequence[np.ndarray]) -> np.ndarray:
    """Return the first output as we compute it, inputs given as the model lists them."""
    (node,) = case.model.graph.node
    given = dict(zip((one.name for one in case.model.graph.input), inputs, strict=True))
    arrays = [given[name] if name else None for name in node.input]
    attributes = {one.name: onnx.helper.get_attribute_value(one) for one in node.attribute}
    plain = {name: value.decode() if isinstance(value, bytes) else value for name, value in attributes.items()}
    return OPERATORS[node.op_type](arrays, plain)


def _one(function: Callable[[np.ndarray], np.ndarray]) -> Operator:
    return lambda arrays, attributes: function(arrays[0])


def _layer(layer: Layer) -> Operator:
    return lambda arrays, attributes: layer.forward(tuple(arrays[:1]), {})


def _alpha(function: Callable[..., np.ndarray], **defaults: float) -> Operator:
    """Return an operator whose attributes are the function's arguments, by name."""
    return lambda arrays, attributes: function(arrays[0], **(defaults | attributes))


def _merge(layer: Any) -> Operator:
    return lambda arrays, attributes: reduce(layer.combine, arrays)


def _sides(attributes: Attributes) -> Any:
    auto = attributes.get("auto_pad", "NOTSET")
    if auto != "NOTSET":
        return _PADDING[auto]
    top, left, bottom, right = attributes.get("pads", (0, 0, 0, 0))
    return top, bottom, left, right


def _pair(attributes: Attributes, name: str, default: tuple[int, ...] = (1, 1)) -> tuple[int, int]:
    down, across = attributes.get(name, default)
    return down, across


def _conv(arrays: Arrays, attributes: Attributes) -> np.ndarray:
    x, weight, *bias = arrays
    stride, dilation = _pair(attributes, "strides"), _pair(attributes, "dilations")
    place = sliding(Shape(*x.shape[1:]), weight.shape[2:], stride, _sides(attributes), dilation)
    groups = attributes.get("group", 1)
    return conv2d(x, weight, *bias, stride=stride, pads=place.pads, dilation=dilation, groups=groups)


def _conv_transpose(arrays: Arrays, attributes: Attributes) -> np.ndarray:
    x, weight, *bias = arrays
    groups = attributes.get("group", 1)
    stride, dilation = _pair(attributes, "strides"), _pair(attributes, "dilations")
    layer = ConvTranspose2D(
        filters=weight.shape[1] * groups,
        kernel=weight.shape[2:],
        stride=stride,
        padding=_sides(attributes),
        output_padding=_pair(attributes, "output_padding", (0, 0)),
        dilation=dilation,
        groups=groups,
    )
    place, extra = layer.place(Shape(*x.shape[1:])), layer.output_padding
    if "output_shape" in attributes:
        wanted = attributes["output_shape"]
        extra = tuple(axis.extra + size - axis.output for axis, size in zip(place, wanted, strict=True))
    elif layer.padding != "valid":
        extra = place.output_padding
    return conv_transpose2d(
        x,
        weight,
        *bias,
        stride=stride,
        pads=place.pads,
        dilation=dilation,
        output_padding=extra,
        groups=groups,
    )


def _pool(kind: type[Layer], **names: str) -> Operator:
    """Return a pooling; ``names`` gives the attributes of further hyper-parameters."""

    def run(arrays: Arrays, attributes: Attributes) -> np.ndarray:
        further = {name: attributes[given] for name, given in names.items() if given in attributes}
        layer = kind(
            kernel=tuple(attributes["kernel_shape"]),
            stride=_pair(attributes, "strides"),
            padding=_sides(attributes),
            ceil_mode=bool(attributes.get("ceil_mode", 0)),
            dilation=_pair(attributes, "dilations"),
            **further,
        )
        x = arrays[0].astype(np.float32)
        assert layer.infer((Shape(*x.shape[1:]),)).output is not None
        return layer.forward((x,), {})

    return run


def _average_pool(arrays: Arrays, attributes: Attributes) -> np.ndarray:
    counted = attributes | {"count_padding": bool(attributes.get("count_include_pad", 0))}
    return _pool(AvgPool2D, count_padding="count_padding")(arrays, counted)


def _clip(arrays: Arrays, attributes: Attributes) -> np.ndarray:
    x, least, most = (*arrays, None, None)[:3]
    bounds = {"minimum": -1e9 if least is None else float(least), "maximum": 1e9 if most is None else float(most)}
    return Clip(**bounds).function(x)


def _gelu(arrays: Arrays, attributes: Attributes) -> np.ndarray:
    function = activation.gelu_tanh if attributes.get("approximate") == "tanh" else activation.gelu
    return function(arrays[0])


def _along(function: Callable[..., np.ndarray]) -> Operator:
    return lambda arrays, attributes: function(arrays[0], attributes.get("axis", -1))


def _batch_norm(arrays: Arrays, attributes: Attributes) -> np.ndarray:
    x, scale, bias, mean, variance = arrays
    return normalization.batch_norm(x, mean, variance, scale, bias, attributes.get("epsilon", 1e-5))


def _layer_norm(arrays: Arrays, attributes: Attributes) -> np.ndarray:
    """Normalise from an axis to the last: of the values before it, each begins an image of its own."""
    x, scale, bias = arrays
    axis = attributes.get("axis", -1) % x.ndim
    images = x.reshape(int(np.prod(x.shape[:axis])), -1)
    epsilon = attributes.get("epsilon", 1e-5)
    return normalization.layer_norm(images, (1,), scale.ravel(), bias.ravel(), epsilon).reshape(x.shape)


def _group_norm(arrays: Arrays, attributes: Attributes) -> np.ndarray:
    x, scale, bias = arrays
    groups = attributes.get("num_groups", x.shape[1])
    return normalization.group_norm(x, groups, scale, bias, attributes.get("epsilon", 1e-5))


def _gemm(arrays: Arrays, attributes: Attributes) -> np.ndarray:
    a, b, *c = arrays
    weight = b if attributes.get("transB") else b.T
    bias = np.broadcast_to(c[0], (1, len(weight)))[0] * np.float32(attributes.get("beta", 1)) if c else None
    layer = Dense(units=len(weight), bias=bias is not None)
    x = (a.T if attributes.get("transA") else a) * np.float32(attributes.get("alpha", 1))
    return layer.forward((x,), {"weight": weight, **({} if bias is None else {"bias": bias})})


def _transpose(arrays: Arrays, attributes: Attributes) -> np.ndarray:
    (x,) = arrays
    order: Any = "".join("CHW"[axis] for axis in attributes.get("perm", (2, 1, 0)))
    return Permute(order=order).forward((x[None],), {})[0]


def _reshape(arrays: Arrays, attributes: Attributes) -> np.ndarray:
    x, shape = arrays
    wanted = [int(extent) for extent in shape]
    if not attributes.get("allowzero"):  # 0 stands for the extent that comes in
        wanted = [extent or x.shape[axis] for axis, extent in enumerate(wanted)]
    return Reshape(shape=tuple(wanted)).forward((x[None],), {})[0]


def _concat(arrays: Arrays, attributes: Attributes) -> np.ndarray:
    """Join along any axis, brought to the channels' place behind a batch."""
    axis = attributes["axis"] % arrays[0].ndim + 1
    moved = tuple(np.moveaxis(x[None], axis, 1) for x in arrays)
    return np.moveaxis(Concat().forward(moved, {}), 1, axis)[0]


def _slice(arrays: Arrays, attributes: Attributes) -> np.ndarray:
    x, starts, ends, axes, steps = (*arrays, None, None)[:5]
    axes = range(len(starts)) if axes is None else axes
    steps = [1] * len(starts) if steps is None else steps
    out = x[None]
    for start, end, axis, step in zip(starts, ends, axes, steps, strict=True):
        kept = range(*slice(int(start), int(end), int(step)).indices(x.shape[axis]))
        name: Any = ("channels", "height", "width")[axis]
        layer = Slice(axis=name, start=kept.start, length=len(kept), step=kept.step)
        assert layer.infer((Shape(*out.shape[1:]),)).output is not None
        out = layer.forward((out,), {})
    return out[0]


def _pad(arrays: Arrays, attributes: Attributes) -> np.ndarray:
    x, pads, value, axes = (*arrays, None, None)[:4]
    sides = {int(axis): pads[place :: len(pads) // 2] for place, axis in enumerate(range(4) if axes is None else axes)}
    widths = [tuple(int(side) for side in sides.get(axis, sides.get(axis - 4, (0, 0)))) for axis in range(4)]
    assert widths[0] == widths[1] == (0, 0)
    filling = 0.0 if value is None else float(value)
    return rearrange.pad_border(x.astype(np.float32), (*widths[2], *widths[3]), attributes["mode"], filling)


def _resize(arrays: Arrays, attributes: Attributes) -> np.ndarray:
    x, scales = arrays[0], next(one for one in arrays[1:] if one is not None)
    axes = attributes.get("axes", range(4))
    by_axis = {axis: float(scale) for axis, scale in zip(axes, scales, strict=True)}
    down, across = by_axis[2], by_axis[3]
    if attributes["mode"] == "nearest":
        factors = (int(down), int(across))
        assert factors == (down, across)
        return rearrange.resize_nearest(x, (x.shape[2] * factors[0], x.shape[3] * factors[1]))
    corners = attributes.get("coordinate_transformation_mode") == "align_corners"
    size = (int(x.shape[2] * down), int(x.shape[3] * across))
    return rearrange.resize_bilinear(x, size, align_corners=corners)


def _block(function: Callable[..., np.ndarray]) -> Operator:
    return lambda arrays, attributes: function(arrays[0], attributes["blocksize"], attributes.get("mode", "DCR"))


OPERATORS: dict[str, Operator] = {
    "Conv": _conv,
    "ConvTranspose": _conv_transpose,
    "MaxPool": _pool(MaxPool2D),
    "AveragePool": _average_pool,
    "LpPool": _pool(LpPool2D, p="p"),
    "GlobalAveragePool": _layer(GlobalAvgPool2D(keep_axes=True)),
    "GlobalMaxPool": _layer(GlobalMaxPool2D(keep_axes=True)),
    "Relu": _one(activation.relu),
    "LeakyRelu": lambda arrays, attributes: activation.leaky_relu(arrays[0], attributes.get("alpha", 0.01)),
    "PRelu": lambda arrays, attributes: activation.leaky_relu(*arrays),
    "Elu": _alpha(activation.elu, alpha=1.0),
    "Selu": _alpha(activation.selu),
    "Celu": _alpha(activation.celu, alpha=1.0),
    "Gelu": _gelu,
    "Swish": _one(activation.silu),
    "Mish": _one(activation.mish),
    "Erf": _one(activation.erf),
    "Sigmoid": _one(activation.sigmoid),
    "HardSigmoid": _alpha(activation.hard_sigmoid, alpha=0.2, beta=0.5),
    "HardSwish": _one(activation.hard_swish),
    "Tanh": _one(np.tanh),
    "Softplus": _one(activation.softplus),
    "Softsign": _one(activation.softsign),
    "Clip": _clip,
    "Softmax": _along(activation.softmax),
    "LogSoftmax": _along(activation.log_softmax),
    "BatchNormalization": _batch_norm,
    "LayerNormalization": _layer_norm,
    "InstanceNormalization": _group_norm,
    "GroupNormalization": _group_norm,
    "LRN": _alpha(normalization.local_response_norm, alpha=1e-4, beta=0.75, bias=1.0),
    "Gemm": _gemm,
    "Flatten": _layer(Flatten()),
    "Reshape": _reshape,
    "Transpose": _transpose,
    "Concat": _concat,
    "Slice": _slice,
    "Pad": _pad,
    "Resize": _resize,
    "Upsample": _resize,
    "DepthToSpace": _block(rearrange.depth_to_space),
    "SpaceToDepth": _block(rearrange.space_to_depth),
    "Add": _merge(Add()),
    "Sum": _merge(Add()),
    "Sub": _merge(Subtract()),
    "Mul": _merge(Multiply()),
    "Max": _merge(Maximum()),
    "Min": _merge(Minimum()),
    "Mean": lambda arrays, attributes: Average().forward(tuple(arrays), {}),
    "Dropout": _layer(Dropout()),
    "Identity": _layer(Identity()),
}
