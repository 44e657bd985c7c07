"""Bars with a name before and a number behind: outputs of a layer, probabilities."""

from collections.abc import Sequence
from math import isfinite
from typing import NamedTuple

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from designer import theme
from designer.tiles.numbers import number_text

_TALLEST, _SHORTEST = 40, 13
_NUMBER = 54


class Bar(NamedTuple):
    """A value with its name; None is not known yet."""

    name: str
    value: float | None
    strong: bool = False
    text: str | None = None  # instead of the number


def room_for(rect: QRectF, height: float) -> int:
    """Return how many rows of a height a rectangle has room for."""
    return max(1, int(rect.height() // height))


def paint_bars(
    painter: QPainter, rect: QRectF, bars: Sequence[Bar], largest: float, colour: str | None = None
) -> list[QRectF]:
    """Paint bars below each other and return their rows; where some are negative, zero is in the middle."""
    colours = theme.current()
    row = max(_SHORTEST, min(_TALLEST, rect.height() / max(1, len(bars))))
    font = theme.font(9 if row >= 16 else 7.5)
    metrics = QFontMetricsF(font)
    name_width = min(rect.width() * 0.4, max((metrics.horizontalAdvance(bar.name) for bar in bars), default=0) + 8)
    signed = any(bar.value is not None and bar.value < 0 for bar in bars)
    track = QRectF(rect.x() + name_width, 0, rect.width() - name_width - _NUMBER, row)
    start, reach = (track.center().x(), track.width() / 2) if signed else (track.x(), track.width())
    rows = []
    for number, bar in enumerate(bars):
        area = QRectF(rect.x(), rect.y() + number * row, rect.width(), row)
        rows.append(area)
        if bar.strong:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.selection))
            painter.drawRoundedRect(area.adjusted(-4, 0.5, 0, -0.5), 4, 4)
        painter.setFont(font)
        painter.setPen(QColor(colours.text if bar.strong else colours.muted))
        name = metrics.elidedText(bar.name, Qt.TextElideMode.ElideRight, name_width - 8)
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, name)
        inset = 3 if row < 24 else row / 5
        _paint_bar(painter, QRectF(start, area.y() + inset, reach, row - 2 * inset), bar, largest, colour)
        if bar.value is not None:
            text = number_text(bar.value, 3) if bar.text is None else bar.text
            painter.setPen(QColor(colours.text))
            at = area.adjusted(0, 0, -4, 0)
            painter.drawText(at, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, text)
    return rows


def _paint_bar(painter: QPainter, reach: QRectF, bar: Bar, largest: float, colour: str | None) -> None:
    colours = theme.current()
    painter.fillRect(QRectF(reach.x() - 0.5, reach.y() - 3, 1, reach.height() + 6), QColor(colours.border))
    if bar.value is None or not isfinite(bar.value) or not largest:
        return
    length = min(1.0, abs(bar.value) / largest) * reach.width()
    drawn = QRectF(reach.x() - (length if bar.value < 0 else 0), reach.y(), length, reach.height())
    plain = colour or colours.family("dense")
    painter.fillRect(drawn, QColor(colours.error if bar.value < 0 else colours.accent if bar.strong else plain))
