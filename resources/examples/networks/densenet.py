"""DenseNet (Huang et al., 2017): every layer sees the maps of all layers before it in its block."""

from engine import (
    AvgPool2D,
    BatchNorm2D,
    Dense,
    GlobalAvgPool2D,
    Layer,
    MaxPool2D,
    Network,
    ReLU,
    Softmax,
)
from engine.blocks import conv, dense_block

from .builder import CLASSES, Drawing, imagenet

_GROWTH = 32  # maps that each layer adds
_DEPTHS = (6, 12, 24, 16)  # layers of each block


def densenet121() -> Network:
    """121 layers with weights: DenseNet-BC with growth rate 32."""
    net, source = imagenet("DenseNet-121")
    channels = 2 * _GROWTH
    stem: dict[str, Layer] = {"conv0": conv(channels, 7, 2), "norm0": BatchNorm2D(), "relu0": ReLU()}
    stem["pool0"] = MaxPool2D(kernel=(3, 3), padding=(1, 1, 1, 1))
    source = net.chain(source, stem, "features.")
    for block, depth in enumerate(_DEPTHS, 1):
        source = dense_block(net, source, f"features.denseblock{block}", depth, _GROWTH)
        channels += depth * _GROWTH
        if block < len(_DEPTHS):
            channels //= 2
            source = transition(net, source, f"features.transition{block}", channels)
    source = net.chain(source, {"features.norm5": BatchNorm2D(), "relu": ReLU(), "avgpool": GlobalAvgPool2D()})
    net.chain(source, {"classifier": Dense(units=CLASSES), "softmax": Softmax()})
    return net.network()


def transition(net: Drawing, source: str, prefix: str, filters: int) -> str:
    """Bring depth, height and width to half, between two blocks."""
    layers: dict[str, Layer] = {"norm": BatchNorm2D(), "relu": ReLU(), "conv": conv(filters, 1), "pool": AvgPool2D()}
    return net.chain(source, layers, f"{prefix}.")
