"""The inverted residual of MobileNetV2 and its kin: wide inside and narrow where it is joined."""

from typing import NamedTuple

from engine.blocks.attention import squeeze_excite
from engine.blocks.drawing import Drawing, conv, depthwise
from engine.layers import Add, BatchNorm2D, DropPath, HardSigmoid, Layer, ReLU


class Inverted(NamedTuple):
    """One inverted residual: channels at its ends and in the middle, its depthwise kernel, and what else it has.

    ``squeeze`` is the width of its squeeze-and-excitation, 0 where there is none; ``drop`` the rate at which training
    leaves the branch out.
    """

    inputs: int
    middle: int
    outputs: int
    kernel: int
    stride: int
    activation: Layer
    squeeze: int = 0
    gates: tuple[Layer, Layer] = (ReLU(), HardSigmoid())
    norm: BatchNorm2D = BatchNorm2D()
    drop: float = 0.0


def inverted_residual(
    net: Drawing, source: str, prefix: str, body: str, unit: Inverted, *, flat_end: bool = False
) -> str:
    """Expand the depth by a 1×1 convolution, filter each channel, and reduce the depth without an activation.

    Where neither size nor depth changes, the input is added. ``body`` names the sequence; ``flat_end`` numbers its last
    two layers in the sequence itself, as MobileNetV2's are.
    """
    out, part = source, f"{prefix}.{body}"
    widening = [conv(unit.middle, 1)] if unit.middle != unit.inputs else []
    number = 0
    for number, layer in enumerate([*widening, depthwise(unit.kernel, unit.stride)], 1):
        layers = [layer, unit.norm, unit.activation]
        out = net.sequence(out, f"{part}.{number - 1}", layers)
    if unit.squeeze:
        out = squeeze_excite(net, out, f"{part}.{number}", (unit.squeeze, unit.middle), unit.gates)
        number += 1
    narrowing = [conv(unit.outputs, 1), unit.norm]
    out = net.sequence(out, part if flat_end else f"{part}.{number}", narrowing, first=number if flat_end else 0)
    if unit.stride != 1 or unit.inputs != unit.outputs:
        return out
    if unit.drop:
        out = net.add(f"{prefix}.stochastic_depth", DropPath(rate=round(unit.drop, 4)), out)
    return net.add(f"{prefix}.add", Add(), out, source)
