"""How the rows of the command palette look: what it is, where it belongs, its keys; muted where it can't be done."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from designer import theme
from designer.panels.offer import Offer

OFFER = int(Qt.ItemDataRole.UserRole)
ROW = 30
_SIDE, _GAP = 12, 14

Index = QModelIndex | QPersistentModelIndex


class OfferDelegate(QStyledItemDelegate):
    """Paints an `Offer`."""

    def __init__(self, view: QWidget) -> None:
        super().__init__(view)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the height of a row."""
        return QSize(200, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one row."""
        offer = index.data(OFFER)
        if not isinstance(offer, Offer):
            return
        colours, rect = theme.current(), option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        selected = option.state & QStyle.StateFlag.State_Selected
        if selected or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.selection if selected else colours.hover))
            painter.drawRoundedRect(QRectF(rect), 6, 6)
        inner = rect.adjusted(_SIDE, 0, -_SIDE, 0)
        if offer.keys:
            inner.setRight(_paint_keys(painter, inner, offer.keys) - _GAP)
        aside = offer.refused or " · ".join(part for part in (offer.group, offer.state) if part)
        inner.setRight(_paint_aside(painter, inner, aside) - _GAP)
        colour = QColor(colours.muted if offer.refused else colours.text)
        colour.setAlpha(170 if offer.refused else 255)
        _paint_text(painter, inner, offer.text, theme.font(), colour, Qt.AlignmentFlag.AlignLeft)
        painter.restore()


def _paint_keys(painter: QPainter, rect: QRect, keys: str) -> int:
    """Paint a shortcut as a key's cap at the right; return where it begins."""
    colours, font = theme.current(), theme.font(8.5, QFont.Weight.Medium)
    width = QFontMetrics(font).horizontalAdvance(keys) + 14
    cap = QRectF(rect.right() - width, rect.center().y() - 9.5, width, 20)
    painter.setPen(QPen(QColor(colours.border), 1))
    painter.setBrush(QColor(colours.raised))
    painter.drawRoundedRect(cap, 4, 4)
    _paint_text(painter, cap.toRect(), keys, font, QColor(colours.muted), Qt.AlignmentFlag.AlignHCenter)
    return round(cap.left())


def _paint_aside(painter: QPainter, rect: QRect, text: str) -> int:
    """Paint muted words at the right, on half the width at most; return where they begin."""
    font = theme.font(9)
    width = min(QFontMetrics(font).horizontalAdvance(text) + 2, rect.width() // 2)
    place = QRect(rect.right() - width, rect.top(), width, rect.height())
    _paint_text(painter, place, text, font, QColor(theme.current().muted), Qt.AlignmentFlag.AlignRight)
    return place.left()


def _paint_text(
    painter: QPainter, rect: QRect, text: str, font: QFont, colour: QColor, align: Qt.AlignmentFlag
) -> None:
    painter.setFont(font)
    painter.setPen(colour)
    shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, rect.width() + 2)
    painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | align | Qt.TextFlag.TextDontClip, shown)
