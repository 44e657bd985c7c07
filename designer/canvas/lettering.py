"""The program's font in the sizes of the canvas."""

from functools import lru_cache

from PySide6.QtGui import QFont

from designer import theme


def font(pixels: int, weight: QFont.Weight = QFont.Weight.Normal, *, tabular: bool = False) -> QFont:
    """Return the program's font at a size in canvas pixels, whatever the screen's points are.

    Digits of one width are for numbers; in a name such as ``relu1`` they would leave gaps.
    """
    return _font(pixels, weight.value, tabular)


@lru_cache(maxsize=32)
def _font(pixels: int, weight: int, tabular: bool) -> QFont:
    made = theme.font(weight=QFont.Weight(weight))
    made.setPixelSize(pixels)
    if not tabular:
        made.unsetFeature(QFont.Tag("tnum"))
    return made
