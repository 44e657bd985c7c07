"""What an empty canvas says."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter

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


def paint_hint(painter: QPainter, area: QRectF) -> None:
    """Paint in the middle of the view how to begin."""
    colours = theme.current()
    heights = sum(height for *_, height in _LINES)
    top = area.center().y() - (_ICON + 16 + heights) / 2
    icon = QRectF(area.center().x() - _ICON / 2, top, _ICON, _ICON)
    paint_icon(painter, "family-conv", icon, colours.border)
    top = icon.bottom() + 16
    for text, size, weight, height in _LINES:
        painter.setFont(font(size, weight))
        painter.setPen(QColor(colours.text if weight is QFont.Weight.DemiBold else colours.muted))
        row = QRectF(area.left(), top, area.width(), height)
        painter.drawText(row, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, tr(text))
        top += height
