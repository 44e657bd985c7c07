"""ConvNeXt (Liu et al., 2022): a convolutional network with the habits of a transformer."""

from engine import (
    GELU,
    Add,
    Conv2D,
    Dense,
    DropPath,
    GlobalAvgPool2D,
    Layer,
    LayerNorm,
    LayerScale,
    Network,
    Softmax,
)
from engine.blocks import conv, depthwise

from .builder import CLASSES, Drawing, imagenet

_STAGES = ((96, 3), (192, 3), (384, 9), (768, 3))  # channels and blocks
_DROP = 0.1  # the last block's rate; it grows from the first one's 0
_NORM = LayerNorm(epsilon=1e-6)


def convnext_tiny() -> Network:
    """ConvNeXt-T."""
    net, source = imagenet("ConvNeXt-Tiny")
    blocks, total = 0, sum(depth for _, depth in _STAGES)
    for stage, (channels, depth) in enumerate(_STAGES):
        source = net.sequence(source, f"features.{2 * stage}", _entrance(stage, channels))
        for number in range(depth):
            drop = _DROP * blocks / (total - 1)
            source = block(net, source, f"features.{2 * stage + 1}.{number}", channels, drop)
            blocks += 1
    source = net.add("avgpool", GlobalAvgPool2D(), source)
    source = net.chain(source, {"classifier.0": _NORM, "classifier.2": Dense(units=CLASSES)})
    net.add("softmax", Softmax(), source)
    return net.network()


def block(net: Drawing, source: str, prefix: str, channels: int, drop: float) -> str:
    """Add what a 7×7 depthwise convolution and two layers on each pixel make of a map to that map.

    The two layers, fully connected over the depth, are 1×1 convolutions here, which is the same; numbers left out are
    torchvision's changes of the axes' order.
    """
    layers: dict[str, Layer] = {
        "block.0": depthwise(7, bias=True),
        "block.2": _NORM,
        "block.3": conv(4 * channels, 1, bias=True),
        "block.4": GELU(),
        "block.5": conv(channels, 1, bias=True),
        "layer_scale": LayerScale(),
    }
    if drop:
        layers["stochastic_depth"] = DropPath(rate=round(drop, 4))
    return net.add(f"{prefix}.add", Add(), net.chain(source, layers, f"{prefix}."), source)


def _entrance(stage: int, channels: int) -> list[Layer]:
    """Return what cuts the image into patches, or brings a stage's maps to half their size."""
    if stage == 0:
        return [Conv2D(filters=channels, kernel=(4, 4), stride=(4, 4)), _NORM]
    return [_NORM, Conv2D(filters=channels, kernel=(2, 2), stride=(2, 2))]
