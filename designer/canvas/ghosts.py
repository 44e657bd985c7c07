"""Cards that are not there yet: where layers or copies would go."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from designer import theme
from designer.canvas.card import Card
from designer.canvas.card_painter import RADIUS, paint_card
from designer.canvas.geometry import Place
from designer.canvas.node_item import BODY

_OPACITY = 0.9
_PLUS = 9.0  # radius


def paint_ghost(painter: QPainter, card: Card, place: Place) -> None:
    """Paint a card as it would be at a place."""
    painter.save()
    painter.translate(*place)
    painter.setOpacity(_OPACITY)
    paint_card(painter, card, BODY)
    painter.setOpacity(1.0)
    paint_outline(painter, BODY)
    painter.restore()


def paint_outline(painter: QPainter, rect: QRectF) -> None:
    """Paint the dashes around a card that would come, or would be another."""
    painter.setPen(QPen(QColor(theme.current().accent), 1.5, Qt.PenStyle.DashLine))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(rect, RADIUS, RADIUS)


def paint_plus(painter: QPainter, at: QPointF) -> None:
    """Paint the sign for what would be inserted here."""
    colours = theme.current()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colours.accent))
    painter.drawEllipse(at, _PLUS, _PLUS)
    painter.setPen(QPen(QColor(colours.on_accent), 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    arm = _PLUS / 2
    painter.drawLine(at - QPointF(arm, 0), at + QPointF(arm, 0))
    painter.drawLine(at - QPointF(0, arm), at + QPointF(0, arm))
