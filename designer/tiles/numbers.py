"""Numbers on maps: as text of few digits as the language writes them, in ink that can be read on their colours."""

from math import isfinite, isnan

from PySide6.QtGui import QColor

from engine.language import tr_number

DARK_INK, LIGHT_INK = "#10151c", "#ffffff"


def number_text(value: float, digits: int = 4) -> str:
    """Return ``value`` with that many significant digits and a true minus sign."""
    if not isfinite(value):
        return "NaN" if isnan(value) else "∞" if value > 0 else "−∞"
    text = tr_number(value, f".{digits}g")
    mantissa, e, exponent = text.partition("e")
    if e:
        text = f"{mantissa}e{int(exponent)}"
    return text.replace("-", "−")


def cell_text(value: float, largest: float, fewer: int = 0) -> str:
    """Return ``value`` in the few digits that a cell has room for, next to values as large as ``largest``.

    A narrow cell has room for some decimals ``fewer``.
    """
    if not isfinite(value):
        return number_text(value)
    if largest == 0 or 0.01 <= largest < 10_000:
        decimals = max(0, (2 if largest < 10 else 1 if largest < 100 else 0) - fewer)
        return tr_number(round(value, decimals) + 0.0, f".{decimals}f").replace("-", "−")
    return number_text(float(f"{value:.0e}"), 1)


def ink_on(ground: QColor) -> str:
    """Return the colour of text that can be read on ``ground``."""
    # The relative luminance of WCAG 2, with 2.2 for its piecewise curve. Dark and white text contrast alike at
    # about 0.2; on the saturated blues and greens just above that, white is still easier to read.
    light = 0.2126 * ground.redF() ** 2.2 + 0.7152 * ground.greenF() ** 2.2 + 0.0722 * ground.blueF() ** 2.2
    return DARK_INK if light > 0.25 else LIGHT_INK
