"""ResNet (He et al., 2016): blocks that learn what to add to their input."""

from collections.abc import Callable

from engine import BatchNorm2D, Dense, GlobalAvgPool2D, MaxPool2D, Network, ReLU, Softmax, blocks
from engine.blocks import basic, bottleneck, conv

from .builder import CLASSES, imagenet

Draw = Callable[[blocks.Drawing, str, str, int, int, bool], str]


def resnet18() -> Network:
    """18 layers with weights, in pairs of 3×3 convolutions."""
    return _resnet("ResNet-18", basic, (2, 2, 2, 2))


def resnet50() -> Network:
    """50 layers with weights, in bottlenecks of three."""
    return _resnet("ResNet-50", bottleneck, (3, 4, 6, 3))


def resnet152() -> Network:
    """152 layers with weights, in bottlenecks of three."""
    return _resnet("ResNet-152", bottleneck, (3, 8, 36, 3))


def _resnet(name: str, block: Draw, depths: tuple[int, ...]) -> Network:
    net, source = imagenet(name)
    source = net.chain(source, {"conv1": conv(64, 7, 2), "bn1": BatchNorm2D(), "relu": ReLU()})
    source = net.add("maxpool", MaxPool2D(kernel=(3, 3), padding=(1, 1, 1, 1)), source)
    for stage, depth in enumerate(depths):
        for number in range(depth):
            stride = 2 if stage and not number else 1
            project = not number and (stage > 0 or block is bottleneck)
            source = block(net, source, f"layer{stage + 1}.{number}", 64 << stage, stride, project)
    net.chain(source, {"avgpool": GlobalAvgPool2D(), "fc": Dense(units=CLASSES), "softmax": Softmax()})
    return net.network()
