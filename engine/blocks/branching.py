"""Blocks that work on their input in several ways and stack the results: Inception, fire and dense blocks."""

from engine.blocks.drawing import Drawing, conv, conv_bn_relu
from engine.layers import BatchNorm2D, Concat, Layer, MaxPool2D, ReLU


def inception(
    net: Drawing, source: str, prefix: str, widths: tuple[int, ...], *, large: int = 5, epsilon: float = 1e-5
) -> str:
    """Look at a map at several scales side by side and stack what each finds (Szegedy et al., 2015).

    ``widths`` are the filters of the four branches: 1×1; 1×1 and 3×3; 1×1 and ``large``; behind the pooling. Each
    convolution is normalised, which came with the paper's next version.
    """

    def unit(node: str, before: str, filters: int, kernel: int) -> str:
        return conv_bn_relu(net, before, f"{prefix}.{node}", conv(filters, kernel), epsilon=epsilon)

    only, reduce, wide, reduce_again, wide_again, pooled = widths
    pool = net.add(
        f"{prefix}.branch4.0", MaxPool2D(kernel=(3, 3), stride=(1, 1), padding=(1, 1, 1, 1), ceil_mode=True), source
    )
    branches = [unit("branch1", source, only, 1)]
    for branch, first, second, kernel in (("branch2", reduce, wide, 3), ("branch3", reduce_again, wide_again, large)):
        branches.append(unit(f"{branch}.1", unit(f"{branch}.0", source, first, 1), second, kernel))
    branches.append(unit("branch4.1", pool, pooled, 1))
    return net.add(f"{prefix}.concat", Concat(), *branches)


def fire(net: Drawing, source: str, prefix: str, squeeze: int, expand: int) -> str:
    """Squeeze the depth by 1×1 filters, then expand it by as many 1×1 as 3×3 ones (Iandola et al., 2016)."""
    squeezed = {"squeeze": conv(squeeze, 1, bias=True), "squeeze_activation": ReLU()}
    source = net.chain(source, squeezed, f"{prefix}.")
    branches = [
        net.chain(source, {name: conv(expand, kernel, bias=True), f"{name}_activation": ReLU()}, f"{prefix}.")
        for name, kernel in (("expand1x1", 1), ("expand3x3", 3))
    ]
    return net.add(f"{prefix}.concat", Concat(), *branches)


def dense_layer(net: Drawing, source: str, prefix: str, growth: int) -> str:
    """Stack ``growth`` new maps behind all earlier ones, made of these by a 1×1 and a 3×3 convolution."""
    layers: dict[str, Layer] = {"norm1": BatchNorm2D(), "relu1": ReLU(), "conv1": conv(4 * growth, 1)}
    layers |= {"norm2": BatchNorm2D(), "relu2": ReLU(), "conv2": conv(growth)}
    return net.add(f"{prefix}.concat", Concat(), source, net.chain(source, layers, f"{prefix}."))


def dense_block(net: Drawing, source: str, prefix: str, depth: int, growth: int) -> str:
    """Add layers each of which sees the maps of all layers before it (Huang et al., 2017)."""
    for number in range(1, depth + 1):
        source = dense_layer(net, source, f"{prefix}.denselayer{number}", growth)
    return source
