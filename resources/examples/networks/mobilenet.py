"""MobileNetV2, MobileNetV3 and EfficientNet: inverted residuals, wide inside and narrow where they are joined."""

from engine import (
    BatchNorm2D,
    Dense,
    Dropout,
    GlobalAvgPool2D,
    HardSwish,
    Network,
    ReLU,
    ReLU6,
    Sigmoid,
    SiLU,
    Softmax,
)
from engine.blocks import Inverted, conv, inverted_residual

from .builder import CLASSES, imagenet


def mobilenet_v2() -> Network:
    """MobileNetV2 (Sandler et al., 2018)."""
    net, source = imagenet("MobileNetV2")
    source = net.sequence(source, "features.0", [conv(32, 3, 2), BatchNorm2D(), ReLU6()])
    number, inputs = 0, 32
    for expand, outputs, depth, stride in _V2:
        for step in range(depth):
            number += 1
            unit = Inverted(inputs, expand * inputs, outputs, 3, 1 if step else stride, ReLU6())
            source = inverted_residual(net, source, f"features.{number}", "conv", unit, flat_end=True)
            inputs = outputs
    source = net.sequence(source, f"features.{number + 1}", [conv(1280, 1), BatchNorm2D(), ReLU6()])
    source = net.add("avgpool", GlobalAvgPool2D(), source)
    source = net.sequence(source, "classifier", [Dropout(rate=0.2), Dense(units=CLASSES)])
    net.add("softmax", Softmax(), source)
    return net.network()


def mobilenet_v3_large() -> Network:
    """MobileNetV3-Large (Howard et al., 2019)."""
    net, source = imagenet("MobileNetV3-Large")
    norm = BatchNorm2D(epsilon=1e-3, momentum=0.01)
    source = net.sequence(source, "features.0", [conv(16, 3, 2), norm, HardSwish()])
    inputs = 16
    for number, (kernel, middle, outputs, squeezes, activation, stride) in enumerate(_V3, 1):
        squeeze = _eighths(middle / 4) if squeezes else 0
        unit = Inverted(inputs, middle, outputs, kernel, stride, activation, squeeze, norm=norm)
        source = inverted_residual(net, source, f"features.{number}", "block", unit)
        inputs = outputs
    last = [conv(6 * inputs, 1), norm, HardSwish()]
    source = net.sequence(source, f"features.{len(_V3) + 1}", last)
    source = net.add("avgpool", GlobalAvgPool2D(), source)
    head = [Dense(units=1280), HardSwish(), Dropout(rate=0.2), Dense(units=CLASSES)]
    net.add("softmax", Softmax(), net.sequence(source, "classifier", head))
    return net.network()


def efficientnet_b0() -> Network:
    """EfficientNet-B0 (Tan and Le, 2019)."""
    net, source = imagenet("EfficientNet-B0")
    source = net.sequence(source, "features.0", [conv(32, 3, 2), BatchNorm2D(), SiLU()])
    inputs, number, total = 32, 0, sum(depth for *_, depth in _B0)
    for stage, (expand, kernel, stride, outputs, depth) in enumerate(_B0, 1):
        for step in range(depth):
            unit = Inverted(
                *(inputs, expand * inputs, outputs, kernel, 1 if step else stride, SiLU()),
                squeeze=inputs // 4,
                gates=(SiLU(), Sigmoid()),
                drop=0.2 * number / total,
            )
            source = inverted_residual(net, source, f"features.{stage}.{step}", "block", unit)
            inputs, number = outputs, number + 1
    source = net.sequence(source, f"features.{len(_B0) + 1}", [conv(1280, 1), BatchNorm2D(), SiLU()])
    source = net.add("avgpool", GlobalAvgPool2D(), source)
    source = net.sequence(source, "classifier", [Dropout(rate=0.2), Dense(units=CLASSES)])
    net.add("softmax", Softmax(), source)
    return net.network()


def _eighths(width: float) -> int:
    """Return the multiple of 8 nearest to a width, but not less than nine tenths of it."""
    near = max(8, int(width + 4) // 8 * 8)
    return near + 8 if near < 0.9 * width else near


# Expansion, output channels, blocks, and the first block's stride, stage by stage.
_V2 = (
    (1, 16, 1, 1),
    (6, 24, 2, 2),
    (6, 32, 3, 2),
    (6, 64, 4, 2),
    (6, 96, 3, 1),
    (6, 160, 3, 2),
    (6, 320, 1, 1),
)
# Kernel, channels in the middle and at the end, squeeze-and-excitation, activation, stride, block by block.
_V3 = (
    (3, 16, 16, False, ReLU(), 1),
    (3, 64, 24, False, ReLU(), 2),
    (3, 72, 24, False, ReLU(), 1),
    (5, 72, 40, True, ReLU(), 2),
    (5, 120, 40, True, ReLU(), 1),
    (5, 120, 40, True, ReLU(), 1),
    (3, 240, 80, False, HardSwish(), 2),
    (3, 200, 80, False, HardSwish(), 1),
    (3, 184, 80, False, HardSwish(), 1),
    (3, 184, 80, False, HardSwish(), 1),
    (3, 480, 112, True, HardSwish(), 1),
    (3, 672, 112, True, HardSwish(), 1),
    (5, 672, 160, True, HardSwish(), 2),
    (5, 960, 160, True, HardSwish(), 1),
    (5, 960, 160, True, HardSwish(), 1),
)
# Expansion, kernel, the first block's stride, output channels, blocks, stage by stage.
_B0 = (
    (1, 3, 1, 16, 1),
    (6, 3, 2, 24, 2),
    (6, 5, 2, 40, 2),
    (6, 3, 2, 80, 3),
    (6, 5, 1, 112, 3),
    (6, 5, 2, 192, 4),
    (6, 3, 1, 320, 1),
)
