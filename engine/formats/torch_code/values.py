"""Functions of every value, scaling, normalisations and dense layers as modules of PyTorch."""

from engine.formats.torch_code.steps import Arg, Given, Module, Steps, Writer, depth, first, simple
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


def _linear(given: Given) -> Steps:
    layer = given.layer
    assert isinstance(layer, Dense | LinearSVM)
    args = (
        depth("in_features", given.shape.size),
        depth("out_features", layer.outputs),
        Arg("bias", layer.has_bias, True),
    )
    remark = "one margin for each class, of a linear SVM" if isinstance(layer, LinearSVM) else ""
    return (Module("nn.Linear", args, "", given.same_arrays, remark),)


def _leaky_relu(given: Given) -> Steps:
    assert isinstance(given.layer, LeakyReLU)
    return (Module("nn.LeakyReLU", (first("negative_slope", given.layer.slope),)),)


def _prelu(given: Given) -> Steps:
    layer = given.layer
    assert isinstance(layer, PReLU)
    slopes = 1 if layer.shared else given.shape.channels
    count = Arg("num_parameters", slopes, 1, counts_depth=not layer.shared, positional=True)
    return (Module("nn.PReLU", (count,), "", given.same_arrays),)


def _elu(given: Given) -> Steps:
    assert isinstance(given.layer, ELU | CELU)
    return (Module(f"nn.{given.layer.type}", (Arg("alpha", given.layer.alpha, 1.0),)),)


def _gelu(given: Given) -> Steps:
    assert isinstance(given.layer, GELU)
    return (Module("nn.GELU", (Arg("approximate", given.layer.approximation, "none"),)),)


def _hard_sigmoid(given: Given) -> Steps:
    layer = given.layer
    assert isinstance(layer, HardSigmoid)
    if layer == HardSigmoid():
        return (Module("nn.Hardsigmoid"),)
    return (Module("HardSigmoid", (Arg("slope", layer.alpha), Arg("offset", layer.beta))),)


def _clip(given: Given) -> Steps:
    layer = given.layer
    assert isinstance(layer, Clip)
    limits = (first("min_val", layer.minimum), first("max_val", layer.maximum))
    return (Module("nn.Hardtanh" if layer.minimum < layer.maximum else "Clip", limits),)


def _rescaling(given: Given) -> Steps:
    layer = given.layer
    assert isinstance(layer, Rescaling)
    return (Module("Rescaling", (Arg("scale", layer.scale), Arg("offset", layer.offset, 0.0))),)


def _normalization(given: Given) -> Steps:
    layer = given.layer
    assert isinstance(layer, Normalization)
    return (Module("Normalization", (Arg("mean", layer.mean), Arg("deviation", layer.deviation))),)


def _batch_norm(given: Given) -> Steps:
    """Write a batch normalisation; PyTorch's has a factor and a bias, or neither."""
    layer, shape = given.layer, given.shape
    assert isinstance(layer, BatchNorm2D)
    dimensions = 2 if shape.is_volume else 1
    settings = (Arg("eps", layer.epsilon, 1e-5), Arg("momentum", layer.momentum, 0.1))
    common = (depth("num_features", shape.channels), *settings)
    if layer.scale == layer.center:
        module = Module(f"nn.BatchNorm{dimensions}d", (*common, Arg("affine", layer.scale, True)))
    else:
        own = (Arg("scale", layer.scale, True), Arg("center", layer.center, True))
        module = Module(f"PartialBatchNorm{dimensions}d", (*common, *own))
    return (module._replace(arrays=given.same_arrays),)


def _layer_norm(given: Given) -> Steps:
    layer, shape = given.layer, given.shape
    assert isinstance(layer, LayerNorm)
    over = tuple(shape) if layer.over == "all" and shape.is_volume else shape.channels
    call = "ChannelNorm" if layer.over == "channels" and shape.is_volume else "nn.LayerNorm"
    size = Arg("normalized_shape", over, None, counts_depth=isinstance(over, int), positional=True)
    args = (size, Arg("eps", layer.epsilon, 1e-5), Arg("elementwise_affine", layer.affine, True))
    return (Module(call, args, "", given.same_arrays),)


def _group_norm(given: Given) -> Steps:
    """Write a normalisation of groups; where a group has one value, PyTorch's own refuses a batch of one image."""
    layer, shape = given.layer, given.shape
    assert isinstance(layer, GroupNorm | InstanceNorm2D)
    groups = layer.groups if isinstance(layer, GroupNorm) else shape.channels
    eps, affine = Arg("eps", layer.epsilon, 1e-5), layer.affine
    if shape.size == groups:
        sizes = (first("num_groups", groups), depth("num_channels", shape.channels))
        module = Module("LoneGroupNorm", (*sizes, eps, Arg("affine", affine, True)))
    elif isinstance(layer, GroupNorm):
        sizes = (first("num_groups", groups), depth("num_channels", shape.channels))
        module = Module("nn.GroupNorm", (*sizes, eps, Arg("affine", affine, True)))
    else:
        module = Module("nn.InstanceNorm2d", (depth("num_features", shape.channels), eps, Arg("affine", affine, False)))
    return (module._replace(arrays=given.same_arrays),)


def _local_response_norm(given: Given) -> Steps:
    """Write LRN; of an even number of channels, PyTorch has one more before than after, and we the other way."""
    layer = given.layer
    assert isinstance(layer, LocalResponseNorm)
    args = (
        first("size", layer.size),
        Arg("alpha", layer.alpha, 1e-4),
        Arg("beta", layer.beta, 0.75),
        Arg("k", layer.bias, 1.0),
    )
    return (Module("nn.LocalResponseNorm" if layer.size % 2 else "LocalResponseNorm", args),)


def _layer_scale(given: Given) -> Steps:
    assert isinstance(given.layer, LayerScale)
    args = (depth("channels", given.shape.channels), Arg("initial", given.layer.initial, 1e-6))
    return (Module("LayerScale", args, "", given.same_arrays),)


def _dropout(given: Given) -> Steps:
    assert isinstance(given.layer, Dropout | DropPath)
    return (Module("nn.Dropout" if isinstance(given.layer, Dropout) else "DropPath", (Arg("p", given.layer.rate),)),)


WRITERS: dict[type[Layer], Writer] = {
    ReLU: simple("nn.ReLU"),
    ReLU6: simple("nn.ReLU6"),
    LeakyReLU: _leaky_relu,
    PReLU: _prelu,
    ELU: _elu,
    SELU: simple("nn.SELU"),
    CELU: _elu,
    GELU: _gelu,
    SiLU: simple("nn.SiLU"),
    Mish: simple("nn.Mish"),
    Sigmoid: simple("nn.Sigmoid"),
    HardSigmoid: _hard_sigmoid,
    HardSwish: simple("nn.Hardswish"),
    Tanh: simple("nn.Tanh"),
    Softplus: simple("nn.Softplus"),
    Softsign: simple("nn.Softsign"),
    Clip: _clip,
    Softmax: simple("nn.Softmax", Arg("dim", 1)),
    LogSoftmax: simple("nn.LogSoftmax", Arg("dim", 1)),
    Dense: _linear,
    LinearSVM: _linear,
    BatchNorm2D: _batch_norm,
    LayerNorm: _layer_norm,
    GroupNorm: _group_norm,
    InstanceNorm2D: _group_norm,
    LocalResponseNorm: _local_response_norm,
    LayerScale: _layer_scale,
    Rescaling: _rescaling,
    Normalization: _normalization,
    Identity: simple("nn.Identity"),
    Dropout: _dropout,
    DropPath: _dropout,
}
