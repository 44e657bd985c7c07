"""Squeeze-and-excitation (Hu et al., 2018): maps are weighed by what all maps show."""

from engine.blocks.drawing import Drawing, conv
from engine.layers import GlobalAvgPool2D, Layer, Multiply


def squeeze_excite(net: Drawing, source: str, prefix: str, widths: tuple[int, int], gates: tuple[Layer, Layer]) -> str:
    """Weigh each map by a factor between 0 and 1 that two layers find from all maps' means.

    ``widths`` are the channels in the middle and at the end, ``gates`` the activations behind either layer.
    """
    middle, channels = widths
    inner, outer = gates
    scale = net.chain(
        source,
        {
            "avgpool": GlobalAvgPool2D(keep_axes=True),
            "fc1": conv(middle, 1, bias=True),
            "activation": inner,
            "fc2": conv(channels, 1, bias=True),
            "scale_activation": outer,
        },
        f"{prefix}.",
    )
    return net.add(f"{prefix}.scale", Multiply(), scale, source)
