"""Residual blocks (He et al., 2016): they learn what to add to their input.

The stride of a bottleneck is at its 3×3 convolution, as in most programs since ("version 1.5"), not at its first 1×1.
"""

from engine.blocks.drawing import Drawing, conv
from engine.layers import Add, BatchNorm2D, Conv2D, ReLU


def basic(net: Drawing, source: str, prefix: str, width: int, stride: int = 1, project: bool = False) -> str:
    """Add what two 3×3 convolutions of ``width`` filters make of a map to that map."""
    out = _unit(net, source, prefix, 1, conv(width, 3, stride))
    out = _unit(net, out, prefix, 2, conv(width), rectified=False)
    return _join(net, out, _shortcut(net, source, prefix, width, stride, project), prefix, 2)


def bottleneck(net: Drawing, source: str, prefix: str, width: int, stride: int = 1, project: bool = False) -> str:
    """Add what a 3×3 convolution of ``width`` filters, between 1×1 ones of other depths, makes of a map to that map."""
    out = _unit(net, source, prefix, 1, conv(width, 1))
    out = _unit(net, out, prefix, 2, conv(width, 3, stride))
    out = _unit(net, out, prefix, 3, conv(4 * width, 1), rectified=False)
    return _join(net, out, _shortcut(net, source, prefix, 4 * width, stride, project), prefix, 3)


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
