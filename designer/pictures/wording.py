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
    SeparableConv2D,
    Slice,
    Upsample2D,
    ZeroPad2D,
)
from engine.layers.pool import Pool2D

SYMBOLS = {"Add": "+", "Subtract": "−", "Multiply": "×", "Concat": "C", "Maximum": "max", "Average": "avg"}
# Layers that a figure passes over: they do nothing to an image that is run, or only lay values out anew.
_SILENT = (Flatten, Identity, DropPath, Rescaling, Normalization)
_NOUNS = {"MaxPool2D": "max pool", "AvgPool2D": "avg pool", "SumPool2D": "sum pool", "LpPool2D": "Lp pool"}
_ABSORBED = ("activation", "normalization", "regularization")


def is_absorbed(layer: Layer) -> bool:
    """Whether a layer is told of beside the one before it, instead of having a volume of its own."""
    return layer.family in _ABSORBED or isinstance(layer, (*_SILENT, ChannelShuffle)) or layer.title == "Softmax"


def is_moving(layer: Layer) -> bool:
    """Whether a layer only moves or cuts values, which a label at a line can tell."""
    return layer.family == "reshape" and not is_absorbed(layer) and not isinstance(layer, Upsample2D)


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
    groups = f"groups {layer.groups}" if layer.groups > 1 else ""
    return f"{_size(layer.kernel)} conv, {layer.filters}{_step(layer.stride)}", _dilated(layer.dilation), groups


def _depthwise(layer: DepthwiseConv2D) -> tuple[str, ...]:
    more = f"multiplier {layer.multiplier}" if layer.multiplier > 1 else ""
    return f"{_size(layer.kernel)}{_step(layer.stride)} depthwise", _dilated(layer.dilation), more


def _separable(layer: SeparableConv2D) -> tuple[str, ...]:
    return f"{_size(layer.kernel)} separable, {layer.filters}{_step(layer.stride)}", _dilated(layer.dilation)


def _transposed(layer: ConvTranspose2D) -> tuple[str, ...]:
    return f"{_size(layer.kernel)} up-conv, {layer.filters}", _dilated(layer.dilation)


def _pool(layer: Pool2D) -> tuple[str, ...]:
    noun = _NOUNS.get(layer.type, layer.title)
    step = "" if layer.stride == layer.kernel else _step(layer.stride, always=True)
    return (f"{_size(layer.kernel)} {noun}{step}",)


def _normal(short: str) -> Callable[[Any], tuple[str, ...]]:
    return lambda _: (short,)


_WRITERS: dict[type[Layer], Callable[[Any], tuple[str, ...]]] = {
    Input: _normal("input"),
    Conv2D: _conv,
    DepthwiseConv2D: _depthwise,
    SeparableConv2D: _separable,
    ConvTranspose2D: _transposed,
    Pool2D: _pool,
    GlobalAvgPool2D: _normal("global avg pool"),
    GlobalMaxPool2D: _normal("global max pool"),
    AdaptiveAvgPool2D: lambda layer: (f"avg pool to {_size(layer.output)}",),
    Dense: lambda layer: (f"dense, {layer.units}",),
    LinearSVM: lambda layer: (f"linear SVM, {layer.classes}",),
    BatchNorm2D: _normal("BN"),
    LayerNorm: _normal("LN"),
    GroupNorm: _normal("GN"),
    InstanceNorm2D: _normal("IN"),
    LocalResponseNorm: _normal("LRN"),
    LayerScale: _normal("layer scale"),
    Dropout: _normal("dropout"),
    ChannelShuffle: _normal("shuffle"),
    Crop2D: _normal("crop"),
    ZeroPad2D: _normal("pad"),
    Slice: lambda layer: (layer.brief(),),
    Upsample2D: lambda layer: (f"upsample {layer.brief()}",),
}


def _size(pair: tuple[int, int]) -> str:
    return f"{pair[1]}×{pair[0]}"


def _step(stride: tuple[int, int], *, always: bool = False) -> str:
    if stride == (1, 1) and not always:
        return ""
    return f", /{stride[0]}" if stride[0] == stride[1] else f", /{_size(stride)}"


def _dilated(dilation: tuple[int, int]) -> str:
    return "" if dilation == (1, 1) else f"dilation {_size(dilation)}"
