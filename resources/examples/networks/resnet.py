"""ResNet (He et al., 2016): blocks that learn what to add to their input.

The stride of a bottleneck is at its 3×3 convolution, as in most programs since ("version 1.5"), not at its first 1×1.
"""

from collections.abc import Callable

from engine import Add, BatchNorm2D, Conv2D, Dense, GlobalAvgPool2D, MaxPool2D, Network, ReLU, Softmax

from .builder import CLASSES, Drawing, conv, imagenet

Block = Callable[[Drawing, str, str, int, int, bool], str]


def resnet18() -> Network:
    """18 layers with weights, in pairs of 3×3 convolutions."""
    return _resnet("ResNet-18", basic, (2, 2, 2, 2))


def resnet50() -> Network:
    """50 layers with weights, in bottlenecks of three."""
    return _resnet("ResNet-50", bottleneck, (3, 4, 6, 3))


def resnet152() -> Network:
    """152 layers with weights, in bottlenecks of three."""
    return _resnet("ResNet-152", bottleneck, (3, 8, 36, 3))


def basic(net: Drawing, source: str, prefix: str, width: int, stride: int, project: bool) -> str:
    """Add what two 3×3 convolutions of ``width`` filters make of a map to that map."""
    out = _unit(net, source, prefix, 1, conv(width, 3, stride))
    out = _unit(net, out, prefix, 2, conv(width), rectified=False)
    return _join(net, out, _shortcut(net, source, prefix, width, stride, project), prefix, 2)


def bottleneck(net: Drawing, source: str, prefix: str, width: int, stride: int, project: bool) -> str:
    """Add what a 3×3 convolution of ``width`` filters, between 1×1 ones of other depths, makes of a map to that map."""
    out = _unit(net, source, prefix, 1, conv(width, 1))
    out = _unit(net, out, prefix, 2, conv(width, 3, stride))
    out = _unit(net, out, prefix, 3, conv(4 * width, 1), rectified=False)
    return _join(net, out, _shortcut(net, source, prefix, 4 * width, stride, project), prefix, 3)


def _resnet(name: str, block: Block, depths: tuple[int, ...]) -> Network:
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


def _unit(net: Drawing, source: str, prefix: str, number: int, convolution: Conv2D, *, rectified: bool = True) -> str:
    source = net.add(f"{prefix}.conv{number}", convolution, source)
    source = net.add(f"{prefix}.bn{number}", BatchNorm2D(), source)
    return net.add(f"{prefix}.relu{number}", ReLU(), source) if rectified else source


def _shortcut(net: Drawing, source: str, prefix: str, filters: int, stride: int, project: bool) -> str:
    """Return the input itself, or a 1×1 convolution of it where the block changes its shape."""
    if not project:
        return source
    return net.sequence(source, f"{prefix}.downsample", [conv(filters, 1, stride), BatchNorm2D()])


def _join(net: Drawing, out: str, shortcut: str, prefix: str, number: int) -> str:
    source = net.add(f"{prefix}.add", Add(), out, shortcut)
    return net.add(f"{prefix}.relu{number}", ReLU(), source)
