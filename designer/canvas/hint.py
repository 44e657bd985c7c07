"""What an empty canvas says."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from designer import theme
from designer.canvas.card_painter import paint_icon
from designer.canvas.lettering import font
from engine.language import tr, tr_noop

_ICON = 64.0
_LINES = (
    (tr_noop("Drag a layer here to begin"), 17, QFont.Weight.DemiBold, 32.0),
    (tr_noop("or press Tab and type its name,"), 13, QFont.Weight.Normal, 19.0),
    (tr_noop("or start from one of the classic networks:"), 13, QFont.Weight.Normal, 19.0),
)


_BELOW = 75.0  # from the middle of the view to where the words end, whatever room they need
_AIR = 8.0  # on each side
_WRAPPED = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap


def paint_hint(painter: QPainter, area: QRectF) -> None:
    """Paint in the middle of the view how to begin; in a narrow one, words wrap and what is above them moves up."""
    colours = theme.current()
    room = area.adjusted(_AIR, 0, -_AIR, 0)
    heights = [_height(tr(text), font(size, weight), room.width(), height) for text, size, weight, height in _LINES]
    top = area.center().y() + _BELOW - sum(heights)
    icon = QRectF(area.center().x() - _ICON / 2, top - 16 - _ICON, _ICON, _ICON)
    paint_icon(painter, "family-conv", icon, colours.border)
    for (text, size, weight, _), height in zip(_LINES, heights, strict=True):
        painter.setFont(font(size, weight))
        painter.setPen(QColor(colours.text if weight is QFont.Weight.DemiBold else colours.muted))
        painter.drawText(QRectF(room.left(), top, room.width(), height), int(_WRAPPED), tr(text))
        top += height


def _height(text: str, letters: QFont, width: float, line: float) -> float:
    """Return the height of a text in a room of that width: that of a line, and of those that it goes on with."""
    metrics = QFontMetricsF(letters)
    words = metrics.boundingRect(QRectF(0, 0, width, 10_000), int(_WRAPPED), text)
    return line + max(0.0, words.height() - metrics.height())
