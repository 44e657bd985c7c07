"""VGG's stage: small filters one behind the other, then pooling."""

from engine.blocks.drawing import conv
from engine.layers import Layer, MaxPool2D, ReLU


def vgg_stage(filters: int, depth: int, pool: tuple[int, int] = (2, 2)) -> list[Layer]:
    """Return 3×3 convolutions, each with ReLU, and the pooling behind them (Simonyan and Zisserman, 2015)."""
    convolutions: list[Layer] = [layer for _ in range(depth) for layer in (conv(filters, bias=True), ReLU())]
    return [*convolutions, MaxPool2D(kernel=pool)]
