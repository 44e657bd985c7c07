"""Lines of text that are painted many times a second: each is measured and set once, and remembered."""

from functools import lru_cache

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QStaticText

from designer import theme

LEFT, MIDDLE, RIGHT = 0.0, 0.5, 1.0  # shares of the room that is left beside a line, on its left


@lru_cache(maxsize=32)
def metrics(points: float, weight: QFont.Weight = QFont.Weight.Normal) -> QFontMetrics:
    """Return the metrics of one of the program's fonts."""
    return QFontMetrics(theme.font(points, weight))


@lru_cache(maxsize=1024)
def width(text: str, points: float, weight: QFont.Weight = QFont.Weight.Normal) -> int:
    """Return the width of a line in logical pixels."""
    return metrics(points, weight).horizontalAdvance(text)


def paint_line(
    painter: QPainter,
    room: QRect,
    text: str,
    colour: str,
    points: float,
    weight: QFont.Weight = QFont.Weight.Normal,
    across: float = LEFT,
) -> None:
    """Paint a line in the middle of a room's height and somewhere across it, shortened where it does not fit."""
    line, wide = _line(text, points, weight, room.width())
    painter.setFont(theme.font(points, weight))
    painter.setPen(QColor(colour))
    x = room.left() + int((room.width() - wide) * across)
    painter.drawStaticText(x, room.top() + (room.height() - metrics(points, weight).height()) // 2, line)


@lru_cache(maxsize=2048)
def _line(text: str, points: float, weight: QFont.Weight, room: int) -> tuple[QStaticText, int]:
    """Return a line that fits into a room, and its width."""
    if width(text, points, weight) > room:
        text = metrics(points, weight).elidedText(
            text, Qt.TextElideMode.ElideMiddle, room
        )  # names often end in what tells them apart
    line = QStaticText(text)
    line.setTextFormat(Qt.TextFormat.PlainText)
    return line, width(text, points, weight)
