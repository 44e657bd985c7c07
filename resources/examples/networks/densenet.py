"""DenseNet (Huang et al., 2017): every layer sees the maps of all layers before it in its block."""

from engine import (
    AvgPool2D,
    BatchNorm2D,
    Concat,
    Dense,
    GlobalAvgPool2D,
    Layer,
    MaxPool2D,
    Network,
    ReLU,
    Softmax,
)

from .builder import CLASSES, Drawing, conv, imagenet

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
        for number in range(1, depth + 1):
            source = dense_layer(net, source, f"features.denseblock{block}.denselayer{number}")
        channels += depth * _GROWTH
        if block < len(_DEPTHS):
            channels //= 2
            source = transition(net, source, f"features.transition{block}", channels)
    source = net.chain(source, {"features.norm5": BatchNorm2D(), "relu": ReLU(), "avgpool": GlobalAvgPool2D()})
    net.chain(source, {"classifier": Dense(units=CLASSES), "softmax": Softmax()})
    return net.network()


def dense_layer(net: Drawing, source: str, prefix: str) -> str:
    """Stack new maps behind all earlier ones, made of these by a 1×1 and a 3×3 convolution."""
    layers: dict[str, Layer] = {"norm1": BatchNorm2D(), "relu1": ReLU(), "conv1": conv(4 * _GROWTH, 1)}
    layers |= {"norm2": BatchNorm2D(), "relu2": ReLU(), "conv2": conv(_GROWTH)}
    return net.add(f"{prefix}.concat", Concat(), source, net.chain(source, layers, f"{prefix}."))


def transition(net: Drawing, source: str, prefix: str, filters: int) -> str:
    """Bring depth, height and width to half, between two blocks."""
    layers: dict[str, Layer] = {"norm": BatchNorm2D(), "relu": ReLU(), "conv": conv(filters, 1), "pool": AvgPool2D()}
    return net.chain(source, layers, f"{prefix}.")
