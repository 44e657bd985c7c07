"""A matrix of numbers as heat cells: colours, the numbers where there is room, hatching for padding."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QImage, QPainter, QPen

from designer import theme
from designer.tiles import colormaps, strips
from designer.tiles.limits import find_limits
from designer.tiles.numbers import cell_text
from designer.tiles.strips import Array

SIGNED = "diverging"  # the colour map of kernels and products: white is nothing, blue takes away, red adds
ROOM = 27.0  # width of a cell in which a number of three digits can be read
_DARK, _LIGHT = "#10151c", "#ffffff"
_GRID = 7.0  # a smaller cell has no line around it


@dataclass(frozen=True)
class Scale:
    """The values at the ends of a colour map."""

    low: float
    high: float
    colour_map: str

    @classmethod
    def over(cls, values: Array | NDArray[np.float64], colour_map: str) -> "Scale":
        """Return the scale that all finite values span."""
        if not values.size:
            return cls(0.0, 0.0, colour_map)
        lows, highs, _ = find_limits(values.reshape(1, 1, -1))
        return cls(float(lows[0]), float(highs[0]), colour_map)

    @property
    def largest(self) -> float:
        """The size of the largest value: what tells how many decimals all of them have."""
        return max(abs(self.low), abs(self.high)) if self.low <= self.high else 0.0

    def colours(self, values: Array | NDArray[np.float64]) -> NDArray[np.uint8]:
        """Return the colour of each of ``values`` ``(H, W)`` as ``(H, W, 3)``; of what is not finite, red."""
        diverging = colormaps.get(self.colour_map).diverging
        indices = strips.to_indices(values[None], np.array([self.low]), np.array([self.high]), diverging=diverging)[0]
        made: NDArray[np.uint8] = _palette(self.colour_map, theme.current().error)[indices]
        return made


@lru_cache(maxsize=16)
def _palette(colour_map: str, fault: str) -> NDArray[np.uint8]:
    packed = np.array(colormaps.table(colour_map, fault), dtype=np.uint32)
    return np.stack([packed >> shift & 0xFF for shift in (16, 8, 0)], axis=1).astype(np.uint8)


def paint_heat(
    painter: QPainter,
    rect: QRectF,
    values: Array | NDArray[np.float64],
    scale: Scale,
    padding: NDArray[np.bool_] | None = None,
    *,
    plain: bool = False,
) -> None:
    """Paint ``values`` ``(H, W)`` into a rectangle; padding is hatched, and its number stays.

    A plain one has colours only, neither lines nor numbers.
    """
    height, width = values.shape
    colours = scale.colours(values)
    if padding is not None:
        colours = np.where(padding[..., None], _rgb(theme.current().raised), colours)
    colours = np.ascontiguousarray(colours)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.drawImage(rect, QImage(colours.data, width, height, 3 * width, QImage.Format.Format_RGB888))
    across, down = rect.width() / width, rect.height() / height
    if padding is not None and padding.any():
        brush = QBrush(QColor(theme.current().border), Qt.BrushStyle.BDiagPattern)
        for y, x in np.argwhere(padding).tolist():
            painter.fillRect(cell_rect(rect, values.shape, y, x), brush)
    if min(across, down) >= _GRID and not plain:
        _paint_grid(painter, rect, height, width)
    if across >= ROOM and not plain:
        _paint_numbers(painter, rect, values, scale.largest, colours)
    painter.restore()


def cell_rect(rect: QRectF, shape: tuple[int, ...], y: int, x: int) -> QRectF:
    """Return where the number at ``(y, x)`` of a matrix is."""
    across, down = rect.width() / shape[-1], rect.height() / shape[-2]
    return QRectF(rect.left() + x * across, rect.top() + y * down, across, down)


def outline(painter: QPainter, rect: QRectF, *, strong: bool = False) -> None:
    """Outline a cell so that it can be told from every colour: dark in white."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for inset, colour in ((0.5, _DARK), (1.5, _LIGHT), *(((2.5, _DARK),) if strong else ())):
        pen = QPen(QColor(colour), 1)
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        painter.setPen(pen)
        if min(rect.width(), rect.height()) > 2 * inset:
            painter.drawRect(rect.adjusted(inset, inset, -inset, -inset))


def _paint_grid(painter: QPainter, rect: QRectF, height: int, width: int) -> None:
    painter.setPen(QPen(QColor(theme.current().surface), 1))
    for x in range(1, width):
        at = rect.left() + x * rect.width() / width
        painter.drawLine(QPointF(at, rect.top()), QPointF(at, rect.bottom()))
    for y in range(1, height):
        at = rect.top() + y * rect.height() / height
        painter.drawLine(QPointF(rect.left(), at), QPointF(rect.right(), at))


def _paint_numbers(
    painter: QPainter,
    rect: QRectF,
    values: Array | NDArray[np.float64],
    largest: float,
    colours: NDArray[np.uint8],
) -> None:
    font = theme.font(7.5 if rect.width() / values.shape[1] < 36 else 8.5)
    painter.setFont(font)
    room = rect.width() / values.shape[1] - 2
    metrics = QFontMetricsF(font)
    fewer = next((n for n in range(3) if _widest(values, largest, n, metrics) <= room), 2)
    # The relative luminance of WCAG 2, as for the numbers on the large map.
    light = (colours / 255) ** 2.2 @ np.array([0.2126, 0.7152, 0.0722])
    for y, row in enumerate(values.tolist()):
        for x, value in enumerate(row):
            painter.setPen(QColor(_DARK if light[y, x] > 0.25 else _LIGHT))
            cell = cell_rect(rect, values.shape, y, x)
            painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, short_text(value, largest, fewer))


def short_text(value: float, largest: float, fewer: int = 0) -> str:
    """Return a number for a narrow cell: where all are below 1, without the 0 before the point."""
    text = cell_text(value, largest, fewer)
    return text.replace("0.", ".", 1) if largest < 1 and text.startswith(("0.", "−0.")) else text


def _widest(values: Array | NDArray[np.float64], largest: float, fewer: int, metrics: QFontMetricsF) -> float:
    return max(metrics.horizontalAdvance(short_text(value, largest, fewer)) for value in values.ravel().tolist())


def _rgb(colour: str) -> NDArray[np.uint8]:
    packed = int(colour.removeprefix("#"), 16)
    return np.array([packed >> shift & 0xFF for shift in (16, 8, 0)], np.uint8)
