"""What a figure says of a layer, in the short forms that papers use."""

from collections.abc import Callable
from typing import Any

from engine import (
    AdaptiveAvgPool2D,
    BatchNorm2D,
    ChannelShuffle,
    Conv2D,
    ConvTranspose2D,
    Crop2D,
    Dense,
    DepthwiseConv2D,
    Dropout,
    DropPath,
    Flatten,
    GlobalAvgPool2D,
    GlobalMaxPool2D,
    GroupNorm,
    Identity,
    Input,
    InstanceNorm2D,
    Layer,
    LayerNorm,
    LayerScale,
    LinearSVM,
    LocalResponseNorm,
    Normalization,
    Rescaling,
    Resize2D,
    SeparableConv2D,
    Slice,
    Upsample2D,
    ZeroPad2D,
)
from engine.language import tr, tr_noop
from engine.layers.pool import Pool2D
from engine.layers.resize import Resizing

SYMBOLS = {
    "Add": "+",
    "Subtract": "−",
    "Multiply": "×",
    "Concat": "C",
    "Maximum": "max",
    "Minimum": "min",
    "Average": "avg",
}
# Layers that a figure passes over: they do nothing to an image that is run, or only lay values out anew.
_SILENT = (Flatten, Identity, DropPath, Rescaling, Normalization)
_NOUNS = {
    "MaxPool2D": tr_noop("max pool"),
    "AvgPool2D": tr_noop("avg pool"),
    "SumPool2D": tr_noop("sum pool"),
    "LpPool2D": tr_noop("Lp pool"),
}
GLOBAL_AVERAGE = tr_noop("global avg pool")
_ABSORBED = ("activation", "normalization", "regularization")


def is_absorbed(layer: Layer) -> bool:
    """Whether a layer is told of beside the one before it, instead of having a volume of its own."""
    return layer.family in _ABSORBED or isinstance(layer, (*_SILENT, ChannelShuffle)) or layer.title == "Softmax"


def is_moving(layer: Layer) -> bool:
    """Whether a layer only moves or cuts values, which a label at a line can tell."""
    return layer.family == "reshape" and not is_absorbed(layer) and not isinstance(layer, Resizing)


def words(layer: Layer) -> tuple[str, ...]:
    """Return what a layer does, as the lines of a label: ``("3×3 conv, 64, /2", "groups 32")``; empty where silent."""
    if isinstance(layer, _SILENT):
        return ()
    for kind, write in _WRITERS.items():
        if isinstance(layer, kind):
            return tuple(line for line in write(layer) if line)
    if layer.family == "activation":
        return (layer.title,)
    if layer.family == "output":
        return (layer.title.lower(),)
    brief = layer.brief()
    return (f"{layer.title} {brief}".rstrip(),)


def _conv(layer: Conv2D) -> tuple[str, ...]:
    groups = tr("groups {groups}", groups=layer.groups) if layer.groups > 1 else ""
    return (
        tr(
            "{kernel} conv, {filters}{stride}",
            kernel=_size(layer.kernel),
            filters=layer.filters,
            stride=_step(layer.stride),
        ),
        _dilated(layer.dilation),
        groups,
    )


def _depthwise(layer: DepthwiseConv2D) -> tuple[str, ...]:
    more = tr("multiplier {multiplier}", multiplier=layer.multiplier) if layer.multiplier > 1 else ""
    return (
        tr("{kernel}{stride} depthwise", kernel=_size(layer.kernel), stride=_step(layer.stride)),
        _dilated(layer.dilation),
        more,
    )


def _separable(layer: SeparableConv2D) -> tuple[str, ...]:
    return tr(
        "{kernel} separable, {filters}{stride}",
        kernel=_size(layer.kernel),
        filters=layer.filters,
        stride=_step(layer.stride),
    ), _dilated(layer.dilation)


def _transposed(layer: ConvTranspose2D) -> tuple[str, ...]:
    return tr("{kernel} up-conv, {filters}", kernel=_size(layer.kernel), filters=layer.filters), _dilated(
        layer.dilation
    )


def _pool(layer: Pool2D) -> tuple[str, ...]:
    noun = tr(_NOUNS[layer.type]) if layer.type in _NOUNS else layer.title
    step = "" if layer.stride == layer.kernel else _step(layer.stride, always=True)
    return f"{_size(layer.kernel)} {noun}{step}", _dilated(layer.dilation)


def _normal(short: str) -> Callable[[Any], tuple[str, ...]]:
    return lambda _: (tr(short),)


_WRITERS: dict[type[Layer], Callable[[Any], tuple[str, ...]]] = {
    Input: _normal(tr_noop("input")),
    Conv2D: _conv,
    DepthwiseConv2D: _depthwise,
    SeparableConv2D: _separable,
    ConvTranspose2D: _transposed,
    Pool2D: _pool,
    GlobalAvgPool2D: _normal(GLOBAL_AVERAGE),
    GlobalMaxPool2D: _normal(tr_noop("global max pool")),
    AdaptiveAvgPool2D: lambda layer: (tr("avg pool to {size}", size=_size(layer.output)),),
    Dense: lambda layer: (tr("dense, {units}", units=layer.units),),
    LinearSVM: lambda layer: (tr("linear SVM, {classes}", classes=layer.classes),),
    BatchNorm2D: _normal(tr_noop("BN")),
    LayerNorm: _normal(tr_noop("LN")),
    GroupNorm: _normal(tr_noop("GN")),
    InstanceNorm2D: _normal(tr_noop("IN")),
    LocalResponseNorm: _normal(tr_noop("LRN")),
    LayerScale: _normal(tr_noop("layer scale")),
    Dropout: _normal(tr_noop("dropout")),
    ChannelShuffle: _normal(tr_noop("shuffle")),
    Crop2D: _normal(tr_noop("crop")),
    ZeroPad2D: _normal(tr_noop("pad")),
    Slice: lambda layer: (layer.brief(),),
    Upsample2D: lambda layer: (tr("upsample {settings}", settings=layer.brief()),),
    Resize2D: lambda layer: (tr("resize {settings}", settings=layer.brief()),),
}


def _size(pair: tuple[int, int]) -> str:
    return f"{pair[1]}×{pair[0]}"


def _step(stride: tuple[int, int], *, always: bool = False) -> str:
    if stride == (1, 1) and not always:
        return ""
    return f", /{stride[0]}" if stride[0] == stride[1] else f", /{_size(stride)}"


def _dilated(dilation: tuple[int, int]) -> str:
    return "" if dilation == (1, 1) else tr("dilation {dilation}", dilation=_size(dilation))
