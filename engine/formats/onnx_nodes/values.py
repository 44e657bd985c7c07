"""Layers that work value by value, and normalisations, as ONNX operators of opset 17.

What is an operator of its own only later (Gelu, Mish, GroupNormalization) is written as what it is made of.
"""

import numpy as np

from engine.formats.onnx_nodes.sheet import Sheet, Writer, simple
from engine.formats.shares import MOMENTUM, remainder
from engine.language import tr, tr_noop
from engine.layers import (
    CELU,
    ELU,
    GELU,
    SELU,
    BatchNorm2D,
    Clip,
    Dense,
    Dropout,
    DropPath,
    GroupNorm,
    HardSigmoid,
    HardSwish,
    Identity,
    InstanceNorm2D,
    Layer,
    LayerNorm,
    LayerScale,
    LeakyReLU,
    LinearSVM,
    LocalResponseNorm,
    LogSoftmax,
    Mish,
    Normalization,
    PReLU,
    ReLU,
    ReLU6,
    Rescaling,
    Sigmoid,
    SiLU,
    Softmax,
    Softplus,
    Softsign,
    Tanh,
)
from engine.layers.output import Probabilities

_TINY = 1e-30  # what is smaller may be 0 in float32
_WINDOW = tr_noop("a response normalisation that LRN does not take is a mean over a window of channels")


def _linear(sheet: Sheet) -> None:
    if isinstance(sheet.layer, LinearSVM):
        sheet.lost.append(tr("that it is a linear SVM (ONNX has a Gemm there)"))
        _labels(sheet)
    sheet.result("Gemm", [*sheet.sources, *sheet.weights], transB=1)


def _leaky_relu(sheet: Sheet) -> None:
    assert isinstance(sheet.layer, LeakyReLU)
    sheet.result("LeakyRelu", sheet.sources, alpha=sheet.layer.slope)


def _prelu(sheet: Sheet) -> None:
    sheet.result("PRelu", [*sheet.sources, sheet.by_channel(sheet.weight("weight"))])


def _elu(sheet: Sheet) -> None:
    assert isinstance(sheet.layer, ELU | CELU)
    operator = "Elu" if isinstance(sheet.layer, ELU) else "Celu"
    sheet.result(operator, sheet.sources, alpha=sheet.layer.alpha)


def _gelu(sheet: Sheet) -> None:
    layer, (x,) = sheet.layer, sheet.sources
    assert isinstance(layer, GELU)
    if layer.approximation == "none":
        scaled = sheet.step("scaled", "Mul", [x, sheet.floats("root half", 0.5**0.5)])
        curve = sheet.step("curve", "Erf", [scaled])
    else:
        cube = sheet.step("cube", "Pow", [x, sheet.floats("three", 3)])
        part = sheet.step("part", "Mul", [cube, sheet.floats("small", 0.044715)])
        inner = sheet.step("inner", "Add", [x, part])
        scaled = sheet.step("scaled", "Mul", [inner, sheet.floats("root", (2 / np.pi) ** 0.5)])
        curve = sheet.step("curve", "Tanh", [scaled])
    raised = sheet.step("raised", "Add", [curve, sheet.floats("one", 1)])
    share = sheet.step("share", "Mul", [raised, sheet.floats("half", 0.5)])
    sheet.result("Mul", [x, share])


def _silu(sheet: Sheet) -> None:
    sheet.result("Mul", [*sheet.sources, sheet.step("share", "Sigmoid", sheet.sources)])


def _mish(sheet: Sheet) -> None:
    curve = sheet.step("curve", "Tanh", [sheet.step("soft", "Softplus", sheet.sources)])
    sheet.result("Mul", [*sheet.sources, curve])


def _hard_sigmoid(sheet: Sheet) -> None:
    assert isinstance(sheet.layer, HardSigmoid)
    sheet.result("HardSigmoid", sheet.sources, alpha=sheet.layer.alpha, beta=sheet.layer.beta)


def _clip(sheet: Sheet) -> None:
    layer = sheet.layer
    assert isinstance(layer, Clip | ReLU6)
    least, most = (layer.minimum, layer.maximum) if isinstance(layer, Clip) else (0, 6)
    sheet.result("Clip", [*sheet.sources, sheet.floats("least", least), sheet.floats("most", most)])


def _rescaling(sheet: Sheet) -> None:
    layer = sheet.layer
    assert isinstance(layer, Rescaling)
    scaled = sheet.step("scaled", "Mul", [*sheet.sources, sheet.floats("scale", layer.scale)])
    sheet.result("Add", [scaled, sheet.floats("offset", layer.offset)])


def _normalization(sheet: Sheet) -> None:
    layer, axes = sheet.layer, (1,) * (len(sheet.shapes[0]) - 1)
    assert isinstance(layer, Normalization)
    mean = np.reshape(layer.mean, (-1, *axes))
    deviation = np.reshape(layer.deviation, (-1, *axes))
    centred = sheet.step("centred", "Sub", [*sheet.sources, sheet.floats("mean", mean)])
    sheet.result("Div", [centred, sheet.floats("deviation", deviation)])


def _batch_norm(sheet: Sheet) -> None:
    assert isinstance(sheet.layer, BatchNorm2D)
    scale, bias = _scale_and_bias(sheet, (sheet.shapes[0].channels,))
    statistics = [sheet.weight("running_mean"), sheet.weight("running_var")]
    inputs = [*sheet.sources, scale, bias, *statistics]
    sheet.notes.append(MOMENTUM)
    kept = remainder(sheet.layer.momentum)
    sheet.result("BatchNormalization", inputs, epsilon=sheet.layer.epsilon, momentum=kept)


def _instance_norm(sheet: Sheet) -> None:
    assert isinstance(sheet.layer, InstanceNorm2D)
    inputs = [*sheet.sources, *_scale_and_bias(sheet, (sheet.shapes[0].channels,))]
    sheet.result("InstanceNormalization", inputs, epsilon=sheet.layer.epsilon)


def _layer_norm(sheet: Sheet) -> None:
    """Write the norm of all, or of a vector, directly, and that of channels between two transpositions."""
    layer, (shape,) = sheet.layer, sheet.shapes
    assert isinstance(layer, LayerNorm)
    if layer.over == "all" or not shape.is_volume:
        inputs = [*sheet.sources, *_scale_and_bias(sheet, tuple(shape))]
        sheet.result("LayerNormalization", inputs, axis=1, epsilon=layer.epsilon)
        return
    last = sheet.step("channels last", "Transpose", sheet.sources, perm=[0, 2, 3, 1])
    inputs = [last, *_scale_and_bias(sheet, (shape.channels,))]
    normal = sheet.step("normal", "LayerNormalization", inputs, axis=-1, epsilon=layer.epsilon)
    sheet.result("Transpose", [normal], perm=[0, 3, 1, 2])


def _group_norm(sheet: Sheet) -> None:
    """Write an instance normalisation of the groups, each laid out as one map."""
    layer, (shape,) = sheet.layer, sheet.shapes
    assert isinstance(layer, GroupNorm)
    parts = sheet.step("groups", "Reshape", [*sheet.sources, sheet.integers("group shape", [1, layer.groups, -1])])
    plain = [sheet.floats("ones", np.ones(layer.groups)), sheet.floats("zeros", np.zeros(layer.groups))]
    normal = sheet.step("normal", "InstanceNormalization", [parts, *plain], epsilon=layer.epsilon)
    back = [normal, sheet.integers("shape", [1, *shape])]
    if not layer.affine:
        sheet.result("Reshape", back)
        return
    scaled = sheet.step(
        "scaled", "Mul", [sheet.step("back", "Reshape", back), sheet.by_channel(sheet.weight("weight"))]
    )
    sheet.result("Add", [scaled, sheet.by_channel(sheet.weight("bias"))])


def _local_response_norm(sheet: Sheet) -> None:
    """Write LRN; an even size or a zero, which ONNX Runtime refuses, as a mean over a window of channels."""
    layer, (x,), (shape,) = sheet.layer, sheet.sources, sheet.shapes
    assert isinstance(layer, LocalResponseNorm)
    if layer.size % 2 and min(layer.alpha, layer.beta) > _TINY:
        sheet.result("LRN", [x], size=layer.size, alpha=layer.alpha, beta=layer.beta, bias=layer.bias)
        return
    sheet.notes.append(_WINDOW)
    squares = sheet.step("squares", "Mul", [x, x])
    flat = [squares, sheet.integers("flat shape", [1, 1, shape.channels, -1])]
    before = (layer.size - 1) // 2
    window = {"kernel_shape": [layer.size, 1], "pads": [before, 0, layer.size - 1 - before, 0], "count_include_pad": 1}
    means = sheet.step("means", "AveragePool", [sheet.step("flat", "Reshape", flat)], **window)
    weighed = sheet.step("weighed", "Mul", [means, sheet.floats("alpha", layer.alpha)])
    raised = sheet.step("raised", "Add", [weighed, sheet.floats("bias", layer.bias)])
    damping = sheet.step("damping", "Pow", [raised, sheet.floats("beta", layer.beta)])
    back = sheet.step("back", "Reshape", [damping, sheet.integers("shape", [1, *shape])])
    sheet.result("Div", [x, back])


def _layer_scale(sheet: Sheet) -> None:
    sheet.result("Mul", [*sheet.sources, sheet.by_channel(sheet.weight("weight"))])


def _softmax(sheet: Sheet) -> None:
    _labels(sheet)
    sheet.result(sheet.layer.type, sheet.sources, axis=1)


def _labels(sheet: Sheet) -> None:
    assert isinstance(sheet.layer, Probabilities | LinearSVM)
    if sheet.layer.labels:
        sheet.lost.append(tr("the names of the classes"))


def _dropout(sheet: Sheet) -> None:
    """Write a dropout, which does nothing when a model is run; all or nothing dropped is no dropout to runtimes."""
    assert isinstance(sheet.layer, Dropout)
    rate = float(np.float32(sheet.layer.rate))  # as runtimes will read it
    if rate == 1:
        sheet.lost.append(tr("a dropout of all values, whose share is 1 (ONNX has an Identity there)"))
        sheet.result("Identity", sheet.sources)
    else:
        sheet.result("Dropout", [*sheet.sources, sheet.floats("ratio", rate)])


def _drop_path(sheet: Sheet) -> None:
    sheet.lost.append(tr("DropPath and its share, which work in training only (ONNX has an Identity there)"))
    sheet.result("Identity", sheet.sources)


def _scale_and_bias(sheet: Sheet, shape: tuple[int, ...]) -> list[str]:
    """Return the names of factor and bias; what the layer has not is a constant without effect."""
    scale = sheet.weight("weight") if sheet.has("weight") else sheet.floats("ones", np.ones(shape))
    bias = sheet.weight("bias") if sheet.has("bias") else sheet.floats("zeros", np.zeros(shape))
    return [scale, bias]


WRITERS: dict[type[Layer], Writer] = {
    ReLU: simple("Relu"),
    ReLU6: _clip,
    LeakyReLU: _leaky_relu,
    PReLU: _prelu,
    ELU: _elu,
    SELU: simple("Selu"),
    CELU: _elu,
    GELU: _gelu,
    SiLU: _silu,
    Mish: _mish,
    Sigmoid: simple("Sigmoid"),
    HardSigmoid: _hard_sigmoid,
    HardSwish: simple("HardSwish"),
    Tanh: simple("Tanh"),
    Softplus: simple("Softplus"),
    Softsign: simple("Softsign"),
    Clip: _clip,
    Softmax: _softmax,
    LogSoftmax: _softmax,
    Dense: _linear,
    LinearSVM: _linear,
    BatchNorm2D: _batch_norm,
    LayerNorm: _layer_norm,
    GroupNorm: _group_norm,
    InstanceNorm2D: _instance_norm,
    LocalResponseNorm: _local_response_norm,
    LayerScale: _layer_scale,
    Rescaling: _rescaling,
    Normalization: _normalization,
    Identity: simple("Identity"),
    Dropout: _dropout,
    DropPath: _drop_path,
}
