"""Numbers as bars on a logarithmic scale, where a thousand and a million million both are seen."""

from collections.abc import Sequence
from math import ceil, log10
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPen

from designer import theme
from designer.canvas.lettering import font
from designer.vector import VectorPainter
from engine.language import tr_number

ROW = 21.0
_BAR = 11.0
_NAME = 128.0  # at least
_AXIS = 18.0
_GAP = 10.0
_TICKS = 6  # labels that the axis has at most
_UP = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


class LogBar(NamedTuple):
    """One number, its name, and its colour."""

    name: str
    value: int
    colour: str


def height(count: int) -> float:
    """Return how high so many bars are with their axis."""
    return count * ROW + _AXIS


def decades(largest: int) -> int:
    """Return the power of ten at the end of a scale that reaches a number."""
    return max(1, ceil(log10(largest))) if largest > 1 else 1


def power(exponent: int) -> str:
    """Write a power of ten: ``1``, ``10``, ``10⁶``."""
    return "1" if exponent == 0 else "10" if exponent == 1 else "10" + str(exponent).translate(_UP)


def paint_log_bars(painter: VectorPainter, rect: QRectF, bars: Sequence[LogBar], end: int) -> None:
    """Paint bars below each other, from 1 to a power of ten, with the axis below."""
    colours, letters = theme.current(), font(12, tabular=True)
    numbers = max(QFontMetricsF(letters).horizontalAdvance(tr_number(bar.value)) for bar in bars)
    names = max(_NAME, *(QFontMetricsF(font(12)).horizontalAdvance(bar.name) + _GAP for bar in bars))
    track = QRectF(rect.left() + names, rect.top(), rect.width() - names - numbers - _GAP, len(bars) * ROW)
    _paint_axis(painter, track, end)
    for at, bar in enumerate(bars):
        row = QRectF(rect.left(), rect.top() + at * ROW, rect.width(), ROW)
        painter.setFont(font(12))
        painter.setPen(QColor(colours.text))
        painter.drawText(row, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, bar.name)
        painter.setFont(font(12, QFont.Weight.Medium, tabular=True))
        painter.drawText(row, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, tr_number(bar.value))
        if bar.value:
            length = max(2.0, track.width() * log10(bar.value) / end)
            painter.fillRect(QRectF(track.left(), row.center().y() - _BAR / 2, length, _BAR), QColor(bar.colour))


def _paint_axis(painter: VectorPainter, track: QRectF, end: int) -> None:
    colours = theme.current()
    step = max(1, ceil(end / _TICKS))
    painter.setFont(font(10))
    for exponent in range(0, end + 1, step):
        x = track.left() + track.width() * exponent / end
        painter.setPen(QPen(QColor(colours.grid), 1.0))
        painter.drawLine(QPointF(x, track.top()), QPointF(x, track.bottom() + 3))
        painter.setPen(QColor(colours.muted))
        label = QRectF(x - 20, track.bottom() + 3, 40, _AXIS - 4)
        painter.drawText(label, Qt.AlignmentFlag.AlignCenter, power(exponent))
