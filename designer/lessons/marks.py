"""What scenes share: small grids of numbers, outlines, titles, signs between grids, and the line of arithmetic."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from designer import theme
from designer.lessons.scales import Scale, ink
from designer.lessons.tile import NUMBERS, write
from designer.tiles.strips import Array

_NARROWEST = 5  # pixels of a window's outline, however small its cells are
_MANY = 500  # cells from which on a grid is painted at once, without numbers
_PADDED = 5  # at the sides of a highlighted word


class Word(NamedTuple):
    """A piece of a line: its text, and how it is written: plain, muted, strong, accent or error."""

    text: str
    style: str = "plain"


_DOTS = Word(" … ", "muted")


def cells(
    painter: QPainter,
    at: QPointF,
    side: float,
    values: Array,
    scale: Scale,
    *,
    blank: NDArray[np.bool_] | None = None,
    upto: int | None = None,
) -> QRectF:
    """Paint a small grid of numbers and return its rectangle.

    Cells that are ``blank`` are no pixels of a map; those from number ``upto`` on have not been computed yet.
    """
    colours = theme.current()
    height, width = values.shape
    rect = QRectF(at.x(), at.y(), width * side, height * side)
    painter.fillRect(rect, QColor(colours.raised))
    if values.size > _MANY:
        painter.drawImage(rect, scale.picture(values))
    for y, row in enumerate(scale.colours(values) if values.size <= _MANY else ()):
        for x, ground in enumerate(row):
            cell = QRectF(at.x() + x * side, at.y() + y * side, side, side)
            if upto is not None and y * width + x >= upto:
                continue
            value = float(values[y, x])
            if blank is not None and blank[y, x]:
                _blank(painter, cell, side, scale.text(value))
                continue
            painter.fillRect(cell.adjusted(0.5, 0.5, -0.5, -0.5), ground)
            if side >= NUMBERS:
                write(painter, cell, side, scale.text(value), ink(ground, value))
    painter.setPen(QPen(QColor(colours.border), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(rect.adjusted(-0.5, -0.5, 0.5, 0.5))
    return rect


def _blank(painter: QPainter, cell: QRectF, side: float, text: str) -> None:
    muted = QColor(theme.current().muted)
    muted.setAlpha(70)
    painter.setPen(QPen(muted, 1, Qt.PenStyle.DashLine))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(cell.adjusted(1, 1, -1, -1))
    if side >= NUMBERS:
        write(painter, cell, side, text, QColor(theme.current().muted))


def outline(painter: QPainter, rect: QRectF, colour: str | None = None, width: float = 2) -> None:
    """Outline a window, light within dark so that it is seen on every colour; a tiny one at least at a visible size."""
    grow = max(0.0, (_NARROWEST - rect.width()) / 2), max(0.0, (_NARROWEST - rect.height()) / 2)
    grown = rect.adjusted(-grow[0], -grow[1], grow[0], grow[1])
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for wider, shade in ((2.0, theme.current().surface), (0.0, colour or theme.current().accent)):
        pen = QPen(QColor(shade), width + wider)
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        painter.setPen(pen)
        painter.drawRect(grown)


def link(painter: QPainter, start: QRectF, end: QRectF) -> None:
    """Draw two thin lines from the right corners of one rectangle to the left ones of another, which it becomes."""
    colour = QColor(theme.current().accent)
    colour.setAlpha(110)
    painter.setPen(QPen(colour, 1))
    painter.drawLine(start.topRight(), end.topLeft())
    painter.drawLine(start.bottomRight(), end.bottomLeft())


def title(painter: QPainter, rect: QRectF, text: str, note: str = "") -> None:
    """Write a title, and a note behind it where there is room for all of it."""
    font = theme.font(9)
    strong = theme.font(9, QFont.Weight.DemiBold)
    width = QFontMetricsF(strong).horizontalAdvance(text) + QFontMetricsF(font).horizontalAdvance(f"  {note}")
    fits = width <= rect.width()
    shown = text if fits else QFontMetricsF(strong).elidedText(text, Qt.TextElideMode.ElideMiddle, rect.width())
    line(painter, rect, (Word(shown, "strong"), *((Word(f"  {note}", "muted"),) if note and fits else ())), font=font)


def sign(painter: QPainter, rect: QRectF, text: str) -> None:
    """Write a sign of arithmetic in the middle of a rectangle."""
    painter.setFont(theme.font(13, QFont.Weight.Medium))
    painter.setPen(QColor(theme.current().muted))
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)


def line(
    painter: QPainter,
    rect: QRectF,
    words: Sequence[Word],
    *,
    font: QFont | None = None,
    centred: bool = False,
) -> None:
    """Write words one after the other; where they do not fit, the middle ones give way to dots."""
    written = font or theme.font(10)
    strong = QFont(written)
    strong.setWeight(QFont.Weight.DemiBold)
    plain_width, strong_width = QFontMetricsF(written), QFontMetricsF(strong)

    def width(word: Word) -> float:
        metrics = plain_width if word.style in ("plain", "muted") else strong_width
        return metrics.horizontalAdvance(word.text) + (2 * _PADDED if word.style == "accent" else 0)

    shown = _fitted([(word, width(word)) for word in words], width(_DOTS), rect.width())
    x = rect.x() + max(0.0, (rect.width() - sum(wide for _, wide in shown)) / 2 if centred else 0.0)
    for word, wide in shown:
        box = QRectF(x, rect.y(), min(wide, rect.right() - x), rect.height())
        _word(painter, box, word, written if word.style in ("plain", "muted") else strong)
        x += box.width()


def _fitted(words: list[tuple[Word, float]], dots: float, room: float) -> list[tuple[Word, float]]:
    """Return the words, with their widths, that there is room for: the middle gives way to dots, the end stays."""
    total = sum(wide for _, wide in words)
    if total <= room or len(words) < 2:
        return words
    kept, total = list(words), total + dots
    middle = (len(kept) + 1) // 2
    while total > room and len(kept) > 1:
        at = min(middle, len(kept) - 2)
        total -= kept.pop(at)[1]
        middle = (len(kept) + 1) // 2
    return [*kept[:middle], (_DOTS, dots), *kept[middle:]] if len(kept) > 1 else kept


def _word(painter: QPainter, box: QRectF, word: Word, font: QFont) -> None:
    colours = theme.current()
    if word.style == "accent":
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.selection))
        height = QFontMetricsF(font).height() + 2
        painter.drawRoundedRect(QRectF(box.x(), box.center().y() - height / 2, box.width(), height), 4, 4)
    ink_colour = {"muted": colours.muted, "error": colours.error}.get(word.style, colours.text)
    painter.setFont(font)
    painter.setPen(QColor(ink_colour))
    align = Qt.AlignmentFlag.AlignVCenter
    align |= Qt.AlignmentFlag.AlignHCenter if word.style == "accent" else Qt.AlignmentFlag.AlignLeft
    painter.drawText(box, align, word.text)
