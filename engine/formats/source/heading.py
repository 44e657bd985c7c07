"""What a source says of the images that go in, in the docstring at its top."""

from engine.analysis import Analysis
from engine.layers import Input

_RANGES = {"0 to 255": "from 0 to 255", "0 to 1": "from 0 to 1", "-1 to 1": "from -1 to 1"}
_FITS = {"stretch": "", "crop": ", cropped to that size", "pad": ", padded to that size"}


def image_lines(analysis: Analysis, *, channels_last: bool = False) -> list[str]:
    """Return in which shape images go in, and how they become values; nothing where there is no image."""
    layer = analysis.input.layer if analysis.input is not None else None
    if not isinstance(layer, Input):
        return []
    sides = layer.height, layer.width
    shape = ("N", *sides, layer.channels) if channels_last else ("N", layer.channels, *sides)
    swapped = ", light and dark swapped" if layer.invert else ""
    values = f"{_RANGES[layer.scaling]}{swapped}{_FITS[layer.fit]}"
    return [f"In come images ({', '.join(map(str, shape))}), values {values}."]
