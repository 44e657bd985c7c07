"""A few words at the pointer while something is dragged."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from designer import theme
from designer.canvas.lettering import font

_OFFSET = QPointF(16, 18)  # below the pointer's arrow
_PADDING = 8.0
_HEIGHT = 24.0


def paint_label(painter: QPainter, at: QPointF, text: str, zoom: float, colour: str) -> None:
    """Paint a label beside a point of the canvas, at the same size whatever the zoom."""
    colours = theme.current()
    used = font(12, QFont.Weight.Medium)
    width = QFontMetricsF(used).horizontalAdvance(text) + 2 * _PADDING
    fits = painter.worldTransform().map(at).x() + _OFFSET.x() + width < painter.viewport().right()
    box = QRectF(_OFFSET.x() if fits else -width, _OFFSET.y(), width, _HEIGHT)
    painter.save()
    painter.translate(at)
    painter.scale(1 / zoom, 1 / zoom)
    painter.setPen(QPen(QColor(colours.border), 1))
    painter.setBrush(QColor(colours.raised if colours.dark else colours.surface))
    painter.drawRoundedRect(box, 6, 6)
    painter.setFont(used)
    painter.setPen(QColor(colour))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
    painter.restore()
