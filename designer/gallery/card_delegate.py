"""How a template's card looks: its picture, its name and origin, and its numbers once they are known."""

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from designer import theme
from designer.gallery.templates import Facts, Template
from designer.gallery.thumbnail import thumbnail
from designer.wording import rounded
from engine.language import tr, tr_count

TEMPLATE = int(Qt.ItemDataRole.UserRole)
CARD = QSize(272, 214)
PICTURE = QSizeF(240, 104)
_GAP = 7  # around a card
_SIDE = 9  # between a card's edge and what is on it
_RADIUS = 8.0

Index = QModelIndex | QPersistentModelIndex


class CardDelegate(QStyledItemDelegate):
    """Paints a `Template`; ``known`` returns its facts, or None as long as they are being looked up."""

    def __init__(self, view: QWidget, known: Callable[[str], Facts | None]) -> None:
        super().__init__(view)
        self._known = known

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the size of a card."""
        return CARD

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one card."""
        template = index.data(TEMPLATE)
        if not isinstance(template, Template):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        card = QRectF(option.rect).adjusted(_GAP, _GAP, -_GAP, -_GAP)
        _paint_body(painter, option, card)
        found = self._known(template.file)
        picture = QRectF(card.center().x() - PICTURE.width() / 2, card.top() + _SIDE, PICTURE.width(), PICTURE.height())
        if found is not None:
            # On a whole pixel of the screen, or the picture would be blurred.
            corner = QPointF(round(picture.left()), round(picture.top()))
            painter.drawPixmap(corner, thumbnail(template.file, PICTURE, painter.device().devicePixelRatio()))
        self._paint_words(painter, template, found, QRectF(card).adjusted(_SIDE + 3, 0, -_SIDE - 3, 0))
        painter.restore()

    def _paint_words(self, painter: QPainter, template: Template, found: Facts | None, card: QRectF) -> None:
        colours, normal = theme.current(), QFont.Weight.Normal
        top = card.top() + _SIDE + PICTURE.height() + 8
        rows = [(template.heading, 11.0, QFont.Weight.DemiBold, colours.text, 20.0)]
        rows.append((template.origin, 9.0, normal, colours.muted, 20.0))
        rows += [(text, 9.0, normal, colours.text, 16.0) for text in _numbers(found)]
        for text, points, weight, colour, height in rows:
            painter.setFont(theme.font(points, weight))
            painter.setPen(QColor(colour))
            shown = QFontMetricsF(painter.font()).elidedText(text, Qt.TextElideMode.ElideRight, card.width())
            painter.drawText(QRectF(card.left(), top, card.width(), height), Qt.AlignmentFlag.AlignVCenter, shown)
            top += height


def card_text(template: Template, found: Facts | None) -> str:
    """Return what a card says in one sentence, for those who can't see it."""
    return ", ".join((template.heading, template.origin, *_numbers(found), tr(template.about).rstrip(".")))


def _numbers(found: Facts | None) -> tuple[str, ...]:
    if found is None:
        return ()
    totals, layers = found.analysis.totals, len(found.network.graph.nodes)
    return (
        tr("{parameters} parameters · {macs} MACs", parameters=rounded(totals.parameters), macs=rounded(totals.macs)),
        tr_count("{shape} input · {count:,} layer", "{shape} input · {count:,} layers", layers, shape=found.input_text),
    )


def _paint_body(painter: QPainter, option: QStyleOptionViewItem, card: QRectF) -> None:
    colours = theme.current()
    selected = bool(option.state & QStyle.StateFlag.State_Selected)
    hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
    painter.setBrush(QColor(colours.selection if selected else colours.raised if not hovered else colours.hover))
    painter.setPen(QPen(QColor(colours.accent if selected else colours.border), 2 if selected else 1))
    painter.drawRoundedRect(card, _RADIUS, _RADIUS)
