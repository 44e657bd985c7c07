"""ShuffleNet V2 (Ma et al., 2018): half the channels pass by, the other half is filtered, then they are shuffled."""

from engine import (
    BatchNorm2D,
    ChannelShuffle,
    Concat,
    Dense,
    GlobalAvgPool2D,
    Layer,
    MaxPool2D,
    Network,
    ReLU,
    Slice,
    Softmax,
)
from engine.blocks import conv, depthwise

from .builder import CLASSES, Drawing, imagenet

_STAGES = ((116, 4), (232, 8), (464, 4))  # channels and units


def shufflenet_v2_x1_0() -> Network:
    """ShuffleNet V2 of the width 1.0."""
    net, source = imagenet("ShuffleNet V2 x1.0")
    source = net.sequence(source, "conv1", [conv(24, 3, 2), BatchNorm2D(), ReLU()])
    source = net.add("maxpool", MaxPool2D(kernel=(3, 3), padding=(1, 1, 1, 1)), source)
    for stage, (channels, depth) in enumerate(_STAGES, 2):
        source = halving_unit(net, source, f"stage{stage}.0", channels)
        for number in range(1, depth):
            source = shuffle_unit(net, source, f"stage{stage}.{number}", channels)
    source = net.sequence(source, "conv5", [conv(1024, 1), BatchNorm2D(), ReLU()])
    net.chain(source, {"avgpool": GlobalAvgPool2D(), "fc": Dense(units=CLASSES), "softmax": Softmax()})
    return net.network()


def shuffle_unit(net: Drawing, source: str, prefix: str, channels: int) -> str:
    """Filter the second half of the channels; the first one passes by."""
    half = channels // 2
    passed = net.add(f"{prefix}.first_half", Slice(length=half), source)
    kept = net.add(f"{prefix}.second_half", Slice(start=half, length=half), source)
    filtered = net.sequence(kept, f"{prefix}.branch2", _filtering(half, 1))
    return _shuffled(net, passed, filtered, prefix)


def halving_unit(net: Drawing, source: str, prefix: str, channels: int) -> str:
    """Filter all channels in two ways, at stride 2, and stack the results."""
    half = channels // 2
    short: list[Layer] = [depthwise(3, 2), BatchNorm2D(), conv(half, 1), BatchNorm2D(), ReLU()]
    first = net.sequence(source, f"{prefix}.branch1", short)
    second = net.sequence(source, f"{prefix}.branch2", _filtering(half, 2))
    return _shuffled(net, first, second, prefix)


def _filtering(width: int, stride: int) -> list[Layer]:
    spatial: list[Layer] = [depthwise(3, stride), BatchNorm2D()]
    return [conv(width, 1), BatchNorm2D(), ReLU(), *spatial, conv(width, 1), BatchNorm2D(), ReLU()]


def _shuffled(net: Drawing, first: str, second: str, prefix: str) -> str:
    joined = net.add(f"{prefix}.concat", Concat(), first, second)
    return net.add(f"{prefix}.shuffle", ChannelShuffle(groups=2), joined)
