"""Inception v3 (Szegedy et al., 2016), on 299×299 pixels and without its auxiliary head.

Modules A, C and E keep the size of their maps, B and D bring it to half. A large filter is taken apart: 5×5 into two
3×3, 7×7 into 1×7 and 7×1.
"""

from engine import AvgPool2D, Concat, Conv2D, Dense, Dropout, GlobalAvgPool2D, Input, MaxPool2D, Network, Softmax
from engine.blocks import conv, conv_bn_relu, pair

from .builder import CLASSES, Drawing

_POOL = MaxPool2D(kernel=(3, 3))
_AVERAGE = AvgPool2D(kernel=(3, 3), stride=(1, 1), padding=(1, 1, 1, 1), count_padding=True)


def inception_v3() -> Network:
    """Inception v3, on pixel values from −1 to 1."""
    net = Drawing("Inception v3", Input(channels=3, height=299, width=299, scaling="-1 to 1", fit="crop"))
    source = _stem(net, "image")
    for name, pooled in (("Mixed_5b", 32), ("Mixed_5c", 64), ("Mixed_5d", 64)):
        source = module_a(net, source, name, pooled)
    source = module_b(net, source, "Mixed_6a")
    for name, width in (("Mixed_6b", 128), ("Mixed_6c", 160), ("Mixed_6d", 160), ("Mixed_6e", 192)):
        source = module_c(net, source, name, width)
    source = module_d(net, source, "Mixed_7a")
    for name in ("Mixed_7b", "Mixed_7c"):
        source = module_e(net, source, name)
    source = net.chain(source, {"avgpool": GlobalAvgPool2D(), "dropout": Dropout()})
    net.chain(source, {"fc": Dense(units=CLASSES), "softmax": Softmax()})
    return net.network()


def module_a(net: Drawing, source: str, prefix: str, pooled: int) -> str:
    """Stack 1×1, 5×5, twice 3×3, and a mean of 3×3."""
    five = _branch(net, source, prefix, {"branch5x5_1": conv(48, 1), "branch5x5_2": conv(64, 5)})
    three = {"branch3x3dbl_1": conv(64, 1), "branch3x3dbl_2": conv(96), "branch3x3dbl_3": conv(96)}
    return net.add(
        f"{prefix}.concat",
        Concat(),
        _branch(net, source, prefix, {"branch1x1": conv(64, 1)}),
        five,
        _branch(net, source, prefix, three),
        _pooled(net, source, prefix, pooled),
    )


def module_b(net: Drawing, source: str, prefix: str) -> str:
    """Bring 35×35 to 17×17 by 3×3, twice 3×3, and pooling."""
    double = {"branch3x3dbl_1": conv(64, 1), "branch3x3dbl_2": conv(96), "branch3x3dbl_3": _inner(96, 3, 2)}
    return net.add(
        f"{prefix}.concat",
        Concat(),
        _branch(net, source, prefix, {"branch3x3": _inner(384, 3, 2)}),
        _branch(net, source, prefix, double),
        net.add(f"{prefix}.branch_pool", _POOL, source),
    )


def module_c(net: Drawing, source: str, prefix: str, width: int) -> str:
    """Stack 1×1, 7×7, twice 7×7 - these as 1×7 and 7×1 - and a mean of 3×3."""
    seven = {
        "branch7x7_1": conv(width, 1),
        "branch7x7_2": conv(width, (1, 7)),
        "branch7x7_3": conv(192, (7, 1)),
    }
    double = {
        "branch7x7dbl_1": conv(width, 1),
        "branch7x7dbl_2": conv(width, (7, 1)),
        "branch7x7dbl_3": conv(width, (1, 7)),
        "branch7x7dbl_4": conv(width, (7, 1)),
        "branch7x7dbl_5": conv(192, (1, 7)),
    }
    return net.add(
        f"{prefix}.concat",
        Concat(),
        _branch(net, source, prefix, {"branch1x1": conv(192, 1)}),
        _branch(net, source, prefix, seven),
        _branch(net, source, prefix, double),
        _pooled(net, source, prefix, 192),
    )


def module_d(net: Drawing, source: str, prefix: str) -> str:
    """Bring 17×17 to 8×8 by 3×3, 7×7 and 3×3, and pooling."""
    seven = {
        "branch7x7x3_1": conv(192, 1),
        "branch7x7x3_2": conv(192, (1, 7)),
        "branch7x7x3_3": conv(192, (7, 1)),
        "branch7x7x3_4": _inner(192, 3, 2),
    }
    return net.add(
        f"{prefix}.concat",
        Concat(),
        _branch(net, source, prefix, {"branch3x3_1": conv(192, 1), "branch3x3_2": _inner(320, 3, 2)}),
        _branch(net, source, prefix, seven),
        net.add(f"{prefix}.branch_pool", _POOL, source),
    )


def module_e(net: Drawing, source: str, prefix: str) -> str:
    """Stack 1×1, 3×3, twice 3×3 - the last of each as 1×3 beside 3×1 - and a mean of 3×3."""
    single = _branch(net, source, prefix, {"branch3x3_1": conv(384, 1)})
    double = _branch(net, source, prefix, {"branch3x3dbl_1": conv(448, 1), "branch3x3dbl_2": conv(384)})
    return net.add(
        f"{prefix}.concat",
        Concat(),
        _branch(net, source, prefix, {"branch1x1": conv(320, 1)}),
        _fork(net, single, prefix, "branch3x3_2"),
        _fork(net, double, prefix, "branch3x3dbl_3"),
        _pooled(net, source, prefix, 192),
    )


def _stem(net: Drawing, source: str) -> str:
    source = _branch(net, source, "", {"Conv2d_1a_3x3": _inner(32, 3, 2), "Conv2d_2a_3x3": _inner(32, 3)})
    source = _branch(net, source, "", {"Conv2d_2b_3x3": conv(64)})
    source = net.add("maxpool1", _POOL, source)
    source = _branch(net, source, "", {"Conv2d_3b_1x1": conv(80, 1), "Conv2d_4a_3x3": _inner(192, 3)})
    return net.add("maxpool2", _POOL, source)


def _inner(filters: int, kernel: int, stride: int = 1) -> Conv2D:
    """Return a convolution without padding."""
    return Conv2D(filters=filters, kernel=pair(kernel), stride=pair(stride), bias=False)


def _branch(net: Drawing, source: str, prefix: str, convolutions: dict[str, Conv2D]) -> str:
    for name, convolution in convolutions.items():
        node = f"{prefix}.{name}" if prefix else name
        source = conv_bn_relu(net, source, node, convolution, epsilon=1e-3)
    return source


def _fork(net: Drawing, source: str, prefix: str, name: str) -> str:
    sides = [
        _branch(net, source, prefix, {f"{name}{side}": conv(384, kernel)})
        for side, kernel in (("a", (1, 3)), ("b", (3, 1)))
    ]
    return net.add(f"{prefix}.{name}", Concat(), *sides)


def _pooled(net: Drawing, source: str, prefix: str, filters: int) -> str:
    mean = net.add(f"{prefix}.avgpool", _AVERAGE, source)
    return _branch(net, mean, prefix, {"branch_pool": conv(filters, 1)})
