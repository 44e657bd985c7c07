"""Operators that work value by value, products with matrices, and normalisations, as layers."""

from collections.abc import Callable
from typing import Any

import numpy as np
from onnx import TensorProto

from engine.formats.errors import FormatError
from engine.formats.onnx_reading.patterns import Found, Pattern, op
from engine.formats.onnx_reading.reading import Flow, Reader, Reading
from engine.formats.onnx_reading.shared import normal_axis, number, scalar, turned, value_by_value
from engine.formats.onnx_reading.source import Constant, Operation
from engine.language import tr
from engine.layers import (
    CELU,
    ELU,
    GELU,
    SELU,
    Clip,
    Conv2D,
    Dense,
    Dropout,
    HardSigmoid,
    HardSwish,
    Identity,
    LeakyReLU,
    LogSoftmax,
    Mish,
    PReLU,
    ReLU,
    ReLU6,
    Sigmoid,
    SiLU,
    Softmax,
    Softplus,
    Softsign,
    Tanh,
)

_FLOATS = (TensorProto.FLOAT, TensorProto.FLOAT16, TensorProto.BFLOAT16, TensorProto.DOUBLE)
_FAR = 1e9  # a bound that is none
_SELU = (1.67326319217681884765625, 1.05070102214813232421875)


def _same(reading: Reading, operation: Operation) -> None:
    """Read what changes nothing: a layer in our own files, where it has a name, and else none."""
    if reading.own:
        value_by_value(lambda _: Identity())(reading, operation)
    else:
        reading.same(operation, reading.flow(operation.input(0), loose=True))


def _cast(reading: Reading, operation: Operation) -> None:
    """Read a change of precision, which is none here; one to whole numbers rounds, and is no layer."""
    kind = operation.get("to", TensorProto.FLOAT)
    if kind not in _FLOATS:
        raise FormatError(tr("it makes whole numbers of values"))
    if kind != TensorProto.FLOAT:
        reading.tell(tr("The model's values are not float32; they are float32 here"))
    _same(reading, operation)


def _dropout(reading: Reading, operation: Operation) -> None:
    rate = operation.get("ratio", 0.5)
    if reading.source.opset >= 12 and operation.input(1):
        rate = scalar(reading.constant(operation.input(1)), 0.5)
    flow = reading.flow(operation.input(0))
    reading.emit(operation, Dropout(rate=number(rate)), [flow], axes=flow.axes)


def _selu(operation: Operation) -> SELU:
    given = operation.get("alpha", _SELU[0]), operation.get("gamma", _SELU[1])
    if not np.allclose(given, _SELU, rtol=1e-3):
        raise FormatError(
            tr(
                "its alpha and gamma are {alpha:g} and {gamma:g}, not SELU's",
                alpha=given[0],
                gamma=given[1],
            )
        )
    return SELU()


def _swish(operation: Operation) -> SiLU:
    if operation.get("alpha", 1.0) != 1:
        raise FormatError(tr("its alpha is not 1"))
    return SiLU()


def _prelu(reading: Reading, operation: Operation) -> None:
    flow, slope = reading.flow(operation.input(0)), reading.constant(operation.input(1))
    if reading.source.opset < 7 and slope.ndim == 1 and len(flow.axes) == 3:
        slope = slope.reshape(-1, 1, 1)
    slopes = reading.by_channel(flow, slope)
    if slopes is None:
        raise FormatError(tr("a PReLU has one slope for each channel or one for all, not {shape}", shape=slope.shape))
    shared = slopes.size == 1 and flow.shape.channels != 1
    reading.emit(operation, PReLU(shared=shared), [flow], {"weight": slopes}, axes=flow.axes)


def _clip(reading: Reading, operation: Operation) -> None:
    if reading.source.opset < 11:
        least, most = operation.get("min", -_FAR), operation.get("max", _FAR)
    else:
        least = scalar(reading.constant(operation.input(1)), -_FAR)
        most = scalar(reading.constant(operation.input(2)), _FAR)
    bounds = max(number(least), -_FAR), min(number(most), _FAR)
    flow = reading.flow(operation.input(0))
    named: dict[tuple[float, float], Any] = {(0, 6): ReLU6(), (0, _FAR): ReLU()}
    layer = named.get(bounds) or Clip(minimum=bounds[0], maximum=bounds[1])
    reading.emit(operation, layer, [flow], axes=flow.axes)


def _softmax(kind: type[Softmax] | type[LogSoftmax]) -> Reader:
    def read(reading: Reading, operation: Operation) -> None:
        flow, old = reading.flow(operation.input(0)), reading.source.opset < 13
        rank = len(flow.axes) + 1
        axis = normal_axis(operation.get("axis", 1 if old else -1), rank)
        if old and any(extent > 1 for extent in flow.extents[axis:]):
            raise FormatError(tr("before opset 13 it works along several axes at once, which no layer does"))
        flow = turned(reading, flow, axis)
        reading.emit(operation, kind(), [flow], axes=flow.axes)

    return read


# Products with matrices


def _gemm(reading: Reading, operation: Operation) -> None:
    weight = reading.constant(operation.input(1))
    if operation.get("transA", 0) or weight.ndim != 2:
        raise FormatError(tr("a dense layer multiplies a vector with a matrix"))
    weight = weight if operation.get("transB", 0) else weight.T
    alpha, beta = operation.get("alpha", 1.0), operation.get("beta", 1.0)
    bias = reading.constant(operation.input(2))
    if alpha != 1:
        weight = weight * np.float32(alpha)
    if bias is not None and beta != 1:
        bias = bias * np.float32(beta)
    _dense(reading, operation, operation.input(0), weight, bias)


def _product(reading: Reading, operation: Operation) -> None:
    _dense(reading, operation, operation.input(0), reading.constant(operation.input(1)).T, None)


def _biased_product(reading: Reading, operation: Operation, found: Found) -> bool:
    names = found.names
    weight, bias = reading.constant(names["=w"]), reading.constant(names["=b"])
    if weight.ndim != 2 or bias.size != weight.shape[1]:
        return False
    _dense(reading, operation, names["x"], weight.T, bias)
    return True


def _dense(reading: Reading, operation: Operation, name: str, weight: Constant, bias: Constant | None) -> None:
    """Add a dense layer, or, where the product is with the last axis of a channels-last volume, a 1×1 convolution."""
    if weight.ndim != 2:
        raise FormatError(tr("a dense layer multiplies a vector with a matrix"))
    units = len(weight)
    if bias is not None:
        bias = np.array(np.broadcast_to(bias, (1, units))[0])
    flow = reading.flow(name, loose=True)
    if flow.axes and len(flow.axes) == 3 and flow.axes[-1] == 0 and None not in flow.axes:
        pixelwise = Conv2D(filters=units, kernel=(1, 1), bias=bias is not None)
        arrays = {"weight": weight[:, :, None, None], "bias": bias}
        reading.emit(operation, pixelwise, [flow], arrays, axes=flow.axes)
        return
    if flow.laid:
        places = np.arange(flow.shape.size).reshape(flow.shape).transpose(flow.laid).ravel()
        turned = np.empty_like(weight)
        turned[:, places] = weight
        flow, weight = reading.flattened(flow), turned
    else:
        flow = reading.vector(name)
    reading.emit(operation, Dense(units=units, bias=bias is not None), [flow], {"weight": weight, "bias": bias})


# Functions that are written as several operators


def _one_layer(layer: Callable[[], Any], **values: float) -> Callable[[Reading, Operation, Found], bool]:
    """Return what reads a function of ``x``; constants of the pattern must have the given values."""

    def read(reading: Reading, operation: Operation, found: Found) -> bool:
        for name, wanted in values.items():
            given = reading.constant(found.names[f"={name}"])
            if given.size != 1 or not np.isclose(float(given.reshape(-1)[0]), wanted, rtol=1e-3):
                return False
        flow: Flow = reading.flow(found.names["x"])
        reading.emit(operation, layer(), [flow], axes=flow.axes)
        return True

    return read


def _hard_swish(reading: Reading, operation: Operation, found: Found) -> bool:
    curve = found.named["curve"]
    if not np.allclose((curve.get("alpha", 0.2), curve.get("beta", 0.5)), (1 / 6, 0.5), rtol=1e-3):
        return False
    return _one_layer(HardSwish)(reading, operation, found)


_ERF_CURVE = (
    op("Add", op("Erf", op("Mul", "x", "=root")), "=one"),
    op("Add", op("Erf", op("Div", "x", "=root")), "=one"),
)
_TANH_CURVE = op(
    "Add",
    op("Tanh", op("Mul", op("Add", "x", op("Mul", op("Pow", "x", "=three"), "=small")), "=root")),
    "=one",
)
_TANH = {"three": 3, "small": 0.044715, "root": (2 / np.pi) ** 0.5, "one": 1, "half": 0.5}


def _halved(curve: Any) -> tuple[Any, ...]:
    """Return the ways to write x times half a curve."""
    return (
        op("Mul", "x", op("Mul", curve, "=half")),
        op("Mul", op("Mul", "x", curve), "=half"),
        op("Mul", op("Mul", "x", "=half"), curve),
    )


def _gelus() -> list[Pattern]:
    found = []
    for curve, root in zip(_ERF_CURVE, (0.5**0.5, 2**0.5), strict=True):
        read = _one_layer(GELU, root=root, one=1, half=0.5)
        found += [Pattern(tree, read) for tree in _halved(curve)]
    read = _one_layer(lambda: GELU(approximation="tanh"), **_TANH)
    return found + [Pattern(tree, read) for tree in _halved(_TANH_CURVE)]


_SHIFTED = op("Clip", op("Add", "x", "=three"), "=zero", "=six")
_HARD = {"three": 3, "zero": 0, "six": 6}

PATTERNS: tuple[Pattern, ...] = (
    Pattern(op("Mul", "x", op("Sigmoid", "x")), _one_layer(SiLU)),
    Pattern(op("Mul", "x", op("Tanh", op("Softplus", "x"))), _one_layer(Mish)),
    Pattern(op("Mul", "x", op("HardSigmoid", "x", named="curve")), _hard_swish),
    Pattern(op("Mul", "x", op("Div", _SHIFTED, "=by")), _one_layer(HardSwish, **_HARD, by=6)),
    Pattern(op("Div", op("Mul", "x", _SHIFTED), "=by"), _one_layer(HardSwish, **_HARD, by=6)),
    Pattern(op("Mul", op("Mul", "x", _SHIFTED), "=by"), _one_layer(HardSwish, **_HARD, by=1 / 6)),
    Pattern(op("Div", _SHIFTED, "=by"), _one_layer(HardSigmoid, **_HARD, by=6)),
    Pattern(op("Div", "x", op("Add", op("Abs", "x"), "=one")), _one_layer(Softsign, one=1)),
    Pattern(op("Add", op("MatMul", "x", "=w"), "=b"), _biased_product),
    *_gelus(),
)

READERS: dict[str, Reader] = {
    "Relu": value_by_value(lambda _: ReLU()),
    "LeakyRelu": value_by_value(lambda operation: LeakyReLU(slope=number(operation.get("alpha", 0.01)))),
    "PRelu": _prelu,
    "Elu": value_by_value(lambda operation: ELU(alpha=number(operation.get("alpha", 1.0)))),
    "Celu": value_by_value(lambda operation: CELU(alpha=number(operation.get("alpha", 1.0)))),
    "Selu": value_by_value(_selu),
    "Gelu": value_by_value(lambda operation: GELU(approximation=operation.get("approximate", "none"))),
    "Swish": value_by_value(_swish),
    "Mish": value_by_value(lambda _: Mish()),
    "Sigmoid": value_by_value(lambda _: Sigmoid()),
    "HardSigmoid": value_by_value(
        lambda operation: HardSigmoid(
            alpha=number(operation.get("alpha", 0.2)), beta=number(operation.get("beta", 0.5))
        )
    ),
    "HardSwish": value_by_value(lambda _: HardSwish()),
    "Tanh": value_by_value(lambda _: Tanh()),
    "Softplus": value_by_value(lambda _: Softplus()),
    "Softsign": value_by_value(lambda _: Softsign()),
    "Clip": _clip,
    "Softmax": _softmax(Softmax),
    "LogSoftmax": _softmax(LogSoftmax),
    "Identity": _same,
    "Cast": _cast,
    "Dropout": _dropout,
    "Gemm": _gemm,
    "MatMul": _product,
}
