"""What is painted over one large map: the value in each pixel that has room for it, and the pixel pointed at."""

from functools import lru_cache
from math import ceil, floor, isfinite, log10

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QTransform
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from designer import theme
from designer.maps.trace_marks import paint_field, paint_traced
from designer.tiles import colormaps
from designer.tiles.numbers import DARK_INK, LIGHT_INK, cell_text, number_text
from designer.tiles.strips import Array
from engine import Box
from engine.language import tr_number

MIN_CELL = 34  # screen pixels; in a smaller cell a number could not be read
_ROOMY_CELL = 64  # has room for four digits


class PixelMarks(QGraphicsItem):
    """Lies on a map: its value ``(y, x)`` is the unit square at ``(x, y)``."""

    def __init__(self) -> None:
        super().__init__()
        self._values: Array = np.zeros((1, 1), dtype=np.float32)
        self._indices: NDArray[np.uint8] = np.zeros((1, 1), dtype=np.uint8)
        self._colour_map = colormaps.DEFAULT
        self._largest = 0.0
        self._hover: tuple[int, int] | None = None
        self._field: Box | None = None
        self._traced: tuple[int, int] | None = None
        self.labels = 0  # written when it was last painted
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)

    def set_map(self, values: Array, indices: NDArray[np.uint8], colour_map: str) -> None:
        """Lie on ``values`` ``(H, W)``, shown in the colours at ``indices``."""
        self.prepareGeometryChange()
        self._values, self._indices, self._colour_map = values, indices, colour_map
        self._largest = float(np.abs(values).max(where=np.isfinite(values), initial=0.0))
        self.update()

    def set_hover(self, cell: tuple[int, int] | None) -> None:
        """Outline the pixel ``(y, x)``."""
        if cell != self._hover:
            self._hover = cell
            self.update()

    def set_trace(self, field: Box | None, traced: tuple[int, int] | None) -> None:
        """Outline what a traced value depends on, and the value itself where it is on this map."""
        if (field, traced) != (self._field, self._traced):
            self._field, self._traced = field, traced
            self.update()

    def boundingRect(self) -> QRectF:
        """Return the rectangle of the map."""
        height, width = self._values.shape
        return QRectF(0, 0, width, height)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Paint the marks on the part of the map that is in view."""
        transform = painter.worldTransform()
        painter.save()
        # Text and outlines keep their size, however far the map is zoomed.
        painter.resetTransform()
        painter.setPen(QPen(QColor(theme.current().border), 1))
        painter.drawRect(transform.mapRect(self.boundingRect()))
        self.labels = 0
        side = transform.mapRect(QRectF(0, 0, 1, 1)).width()
        if side >= MIN_CELL:
            self._paint_values(painter, transform, option.exposedRect, side)
        if self._field is not None:
            top, bottom, left, right = self._field
            paint_field(painter, transform.mapRect(QRectF(left, top, right - left, bottom - top)))
        if self._traced is not None:
            y, x = self._traced
            paint_traced(painter, transform.mapRect(QRectF(x, y, 1, 1)))
        if self._hover is not None:
            y, x = self._hover
            _outline(painter, transform.mapRect(QRectF(x, y, 1, 1)))
        painter.restore()

    def _paint_values(self, painter: QPainter, transform: QTransform, exposed: QRectF, side: float) -> None:
        height, width = self._values.shape
        painter.setFont(theme.font(8.5 if side < _ROOMY_CELL else 10.5))
        inks = [QColor(DARK_INK if bright else LIGHT_INK) for bright in _bright(self._colour_map)]
        fault = QColor(theme.current().error)
        for y in range(max(0, floor(exposed.top())), min(height, ceil(exposed.bottom()))):
            for x in range(max(0, floor(exposed.left())), min(width, ceil(exposed.right()))):
                value = float(self._values[y, x])
                painter.setPen(inks[self._indices[y, x]] if isfinite(value) else fault)
                text = (cell_text if side < _ROOMY_CELL else roomy_text)(value, self._largest)
                painter.drawText(transform.mapRect(QRectF(x, y, 1, 1)), Qt.AlignmentFlag.AlignCenter, text)
                self.labels += 1


def roomy_text(value: float, largest: float) -> str:
    """Return ``value`` with four digits of the largest one next to it; all then have the same decimals."""
    if value == 0 or not isfinite(value) or not 0.01 <= largest < 10_000:
        return number_text(value)
    decimals = min(3 - floor(log10(largest)), 4)
    return tr_number(round(value, decimals) + 0.0, f".{decimals}f").replace("-", "−")


@lru_cache(maxsize=len(colormaps.COLOUR_MAPS))
def _bright(colour_map: str) -> list[bool]:
    """Return for each colour of a map whether dark text is the one that can be read on it."""
    # The relative luminance of WCAG 2, with 2.2 for its piecewise curve. Dark and white text contrast alike at
    # about 0.2; on the saturated blues and greens just above that, white is still easier to read.
    light = (colormaps.colours(colour_map) / 255) ** 2.2 @ np.array([0.2126, 0.7152, 0.0722])
    bright: list[bool] = (light > 0.25).tolist()
    return bright


def _outline(painter: QPainter, cell: QRectF) -> None:
    """Outline a pixel in black and white: one of them can be told from every colour."""
    for grown, colour in ((0.0, "#000000"), (-1.0, "#ffffff")):
        pen = QPen(QColor(colour), 1)
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        painter.setPen(pen)
        painter.drawRect(cell.adjusted(-grown, -grown, grown, grown))
