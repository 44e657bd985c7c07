"""From values to colours and the ink on them: one scale for all that is to be compared."""

from dataclasses import dataclass
from functools import lru_cache
from math import isfinite

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage

from designer import theme
from designer.tiles import colormaps
from designer.tiles.numbers import cell_text, ink_on
from designer.tiles.strips import Array, to_indices

DIVERGING = "diverging"  # for weights and products, whose sign counts


@dataclass(frozen=True)
class Scale:
    """The values that get the first and the last colour of a colour map."""

    low: float
    high: float
    colour_map: str = colormaps.DEFAULT

    @classmethod
    def of(cls, values: Array, colour_map: str = colormaps.DEFAULT) -> "Scale":
        """Return the scale that all finite values just fit."""
        if not values.size:
            return cls(0, 0, colour_map)
        with np.errstate(invalid="ignore"):
            low, high = float(values.min()), float(values.max())
        if not (isfinite(low) and isfinite(high)):
            finite = values[np.isfinite(values)]
            low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)
        return cls(low, high, colour_map)

    @property
    def largest(self) -> float:
        """The size of the largest value, which says how many decimals are worth writing."""
        return max(abs(self.low), abs(self.high))

    def indices(self, values: Array) -> NDArray[np.uint8]:
        """Return the colour index of each of some values ``(H, W)``."""
        low, high = np.array([self.low], np.float64), np.array([self.high], np.float64)
        indices: NDArray[np.uint8] = to_indices(
            values[None], low, high, diverging=colormaps.get(self.colour_map).diverging
        )[0]
        return indices

    def colours(self, values: Array) -> list[list[QColor]]:
        """Return the colour of each of a few values ``(H, W)``."""
        table = _colours(self.colour_map, theme.current().error)
        return [[table[index] for index in row] for row in self.indices(values).tolist()]

    def colour(self, value: float) -> QColor:
        """Return the colour of one value."""
        return self.colours(np.array([[value]]))[0][0]

    def picture(self, values: Array, gap: str | None = None) -> QImage:
        """Return values ``(H, W)`` as a picture of one pixel a cell; what is no number gets the colour of ``gap``."""
        indices = np.ascontiguousarray(self.indices(values))
        height, width = indices.shape
        image = QImage(indices.data, width, height, width, QImage.Format.Format_Indexed8)
        image.setColorTable(list(colormaps.table(self.colour_map, gap or theme.current().error)))
        return image.convertToFormat(QImage.Format.Format_RGB32)  # a copy: the indices go

    def text(self, value: float, fewer: int = 0) -> str:
        """Return a value in the few digits that a cell has room for."""
        return cell_text(value, self.largest, fewer)


def ink(ground: QColor, value: float) -> QColor:
    """Return the colour in which a value is written on its own colour."""
    return QColor(ink_on(ground)) if isfinite(value) else QColor(theme.current().on_accent)


@lru_cache(maxsize=16)
def _colours(colour_map: str, gap: str) -> list[QColor]:
    return [QColor.fromRgb(colour) for colour in colormaps.table(colour_map, gap)]
