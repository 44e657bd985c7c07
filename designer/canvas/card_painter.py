"""Paints a card: the look of every layer on the canvas."""

from enum import Enum
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from designer import resources, theme
from designer.canvas.card import UNKNOWN, Card
from designer.canvas.geometry import (
    CARD_HEIGHT,
    CARD_WIDTH,
    PORT_HOVER_RADIUS,
    PORT_RADIUS,
    STRIP,
    port_offsets,
    port_radius,
)
from designer.canvas.heat_painter import paint_heat
from designer.canvas.lettering import font
from designer.vector import VectorPainter
from engine import Severity

RADIUS = 8.0
TILE = QRectF(8, 8, 28, 28)
_ICON = 18.0
_BADGE = 14.0
_LEFT, _RIGHT = 44.0, CARD_WIDTH - 12
FIRST_ROW = QRectF(_LEFT, 5, _RIGHT - _LEFT, 18)
SECOND_ROW = QRectF(_LEFT, 23, _RIGHT - _LEFT, 16)
_WHOLE_ROW = QRectF(_LEFT, 0, _RIGHT - _LEFT, CARD_HEIGHT)
_BESIDE_MAPS = STRIP.right() + 9 - _LEFT  # how much further right texts begin beside feature maps
_EDGE = 4.0  # width of the family's colour there
_GAP = 8.0  # between the left and the right text of a row
_SHEET = 3.0  # how far each sheet of a stack looks out
_SHADOWS = ((3.0, 5), (2.0, 7), (1.0, 9))  # how far below and around, alpha
_ALIGN_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_ALIGN_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight


class Detail(Enum):
    """How much of a card is painted: both rows, or name and shape in letters that a small scale leaves legible."""

    FULL = "full"
    COMPACT = "compact"


def paint_card(painter: QPainter, card: Card, rect: QRectF, detail: Detail = Detail.FULL) -> None:
    """Paint a card whose outline is ``rect``, which differs from the plain size by less than a pixel."""
    paint_body(painter, rect, wrong=card.wrong, folded=card.folded)
    paint_face(painter, card, rect, detail)


def paint_face(painter: QPainter, card: Card, rect: QRectF, detail: Detail = Detail.FULL) -> None:
    """Paint all that one card has and another has not on a body that is painted already."""
    colours = theme.current()
    if card.heat is not None:
        paint_heat(painter, card.heat, TILE, rect)
    elif card.maps and detail is Detail.FULL:
        _paint_edge(painter, card.family, rect)
    else:
        _paint_family(painter, card.family, "chevron-right" if card.folded else family_icon(card.family))
    if detail is Detail.FULL:
        _paint_first_row(painter, card)
        _paint_second_row(painter, card)
    else:
        shape_colour = colours.accent if card.foreseen else colours.muted
        size = 13 if card.folded else 16
        _paint_row(painter, _WHOLE_ROW, card.label, colours.text, 19, card.shape, shape_colour, size)
    paint_ports(painter, card, rect)


def paint_body(painter: QPainter, rect: QRectF, *, wrong: bool, folded: bool) -> None:
    """Paint the ground of a card, with its shadow and its outline; that of a wrong layer is red, a group's a stack."""
    colours = theme.current()
    painter.setPen(Qt.PenStyle.NoPen)
    for reach, alpha in _SHADOWS:
        shadow = QColor(0, 0, 0, alpha * 3 if colours.dark else alpha)
        painter.setBrush(shadow)
        painter.drawRoundedRect(rect.adjusted(-reach / 2, reach / 2, reach / 2, reach), RADIUS + 1, RADIUS + 1)
    if folded:
        _paint_sheets(painter, rect)
    width = 1.5 if wrong else 1.0
    painter.setPen(QPen(QColor(colours.error if wrong else colours.border), width))
    painter.setBrush(QColor(colours.raised if colours.dark else colours.surface))
    painter.drawRoundedRect(rect.adjusted(width / 2, width / 2, -width / 2, -width / 2), RADIUS, RADIUS)


def paint_icon(painter: QPainter, name: str, rect: QRectF, colour: str) -> None:
    """Paint a shipped icon: pixel by pixel at whatever scale the painter has, or as shapes where those are wanted."""
    if isinstance(painter, VectorPainter):
        painter.draw_icon(name, rect, colour)
        return
    transform = painter.worldTransform()
    device = painter.device().devicePixelRatio()
    picture = theme.pixmap(name, round(rect.width()), colour, transform.m11() * device)
    corner = transform.map(rect.topLeft())
    corner = QPointF(round(corner.x() * device) / device, round(corner.y() * device) / device)
    target = QRectF(corner.x(), corner.y(), picture.width() / device, picture.height() / device)
    painter.resetTransform()
    painter.drawPixmap(target, picture, QRectF(picture.rect()))
    painter.setWorldTransform(transform)


def paint_port(painter: QPainter, centre: QPointF, radius: float, colour: str, filled: bool) -> None:
    """Paint a port: a disc where a wire ends, a ring where one may."""
    painter.setPen(QPen(QColor(colour), 1.5))
    painter.setBrush(QColor(colour if filled else theme.current().surface))
    painter.drawEllipse(centre, radius, radius)


def paint_ports(painter: QPainter, card: Card, rect: QRectF) -> None:
    """Paint the ports of a card whose outline is ``rect``."""
    colours = theme.current()
    count = len(card.inputs)
    radius = port_radius(count)
    for port, x in zip(card.inputs, port_offsets(count) if count else (), strict=True):
        centre = QPointF(x, rect.top())
        if port.error:
            _paint_blamed_port(painter, centre)
        else:
            paint_port(painter, centre, radius, colours.wire, port.connected)
    paint_port(painter, QPointF(CARD_WIDTH / 2, rect.bottom()), PORT_RADIUS, colours.wire, card.feeds)


def shape_font() -> QFont:
    """Return the font of the output's shape."""
    return font(12, QFont.Weight.DemiBold, tabular=True)


def small_font() -> QFont:
    """Return the font of the second row's numbers."""
    return font(11, tabular=True)


def count_shown(card: Card) -> str:
    """Return the number of parameters in as many letters as there is room for beside the kind."""
    room = _indented(SECOND_ROW, card).width() - _GAP - QFontMetricsF(font(11)).horizontalAdvance(card.kind)
    measure = QFontMetricsF(small_font())
    shortest = card.counts[-1] if card.counts else ""
    return next((text for text in card.counts if measure.horizontalAdvance(text) <= room), shortest)


@lru_cache(maxsize=32)
def family_icon(family: str) -> str:
    """Return the name of a layer family's icon."""
    name = f"family-{family}"
    return name if resources.path("icons", f"{name}.svg").exists() else "family-dense"


def _paint_family(painter: QPainter, family: str, icon: str) -> None:
    colours = theme.current()
    tile = QColor(colours.family(family))
    tile.setAlpha(44 if colours.dark else 30)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tile)
    painter.drawRoundedRect(TILE, 6, 6)
    inset = (TILE.width() - _ICON) / 2
    paint_icon(painter, icon, TILE.adjusted(inset, inset, -inset, -inset), colours.family(family))


def _paint_edge(painter: QPainter, family: str, rect: QRectF) -> None:
    """Paint a card's left edge in the colour of its family, where the maps leave no room for its icon."""
    inner = rect.adjusted(1, 1, -1, -1)
    painter.save()
    painter.setClipRect(QRectF(inner.left(), inner.top(), _EDGE, inner.height()))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.current().family(family)))
    painter.drawRoundedRect(inner, RADIUS - 1, RADIUS - 1)
    painter.restore()


def _indented(row: QRectF, card: Card) -> QRectF:
    return row.adjusted(_BESIDE_MAPS, 0, 0, 0) if card.maps else row


def _paint_sheets(painter: QPainter, rect: QRectF) -> None:
    """Paint the edges of what lies under the card of a collapsed group."""
    colours = theme.current()
    painter.setPen(QPen(QColor(colours.border), 1))
    painter.setBrush(QColor(colours.surface if colours.dark else colours.raised))
    for number in (2, 1):
        aside, down = 2 * _SHEET * number, _SHEET * number
        painter.drawRoundedRect(rect.adjusted(aside + 0.5, down, -aside - 0.5, down - 0.5), RADIUS, RADIUS)


def _paint_first_row(painter: QPainter, card: Card) -> None:
    colours = theme.current()
    known = card.shape != UNKNOWN
    reserved = _BADGE + 5 if card.badge in (Severity.WARNING, Severity.INFO) else 0.0
    shape_colour = colours.accent if card.foreseen else colours.text if known else colours.muted
    row = _indented(FIRST_ROW, card)
    width = _paint_row(painter, row, card.label, colours.text, 13, card.shape, shape_colour, 12, reserved)
    if reserved and card.badge is not None:
        box = QRectF(row.left() + width + 5, row.center().y() - _BADGE / 2, _BADGE, _BADGE)
        paint_icon(painter, card.badge.value, box, colours.severity(card.badge.value))


def _paint_second_row(painter: QPainter, card: Card) -> None:
    colours, row = theme.current(), _indented(SECOND_ROW, card)
    if not card.wrong:
        weights, right = (QFont.Weight.Normal, QFont.Weight.Normal), Qt.TextElideMode.ElideRight
        count, muted = count_shown(card), colours.muted
        _paint_row(painter, row, card.kind, muted, 11, count, muted, 11, weights=weights, elide=right)
        return
    box = QRectF(row.left() - 1, row.center().y() - _BADGE / 2, _BADGE, _BADGE)
    paint_icon(painter, Severity.ERROR.value, box, colours.error)
    painter.setFont(font(11, QFont.Weight.Medium))
    painter.setPen(QColor(colours.error))
    row = row.adjusted(_BADGE + 3, 0, 0, 0)
    painter.drawText(row, _ALIGN_LEFT, _elided(painter.font(), card.message, row.width()))


def _paint_row(
    painter: QPainter,
    row: QRectF,
    left: str,
    left_colour: str,
    left_size: int,
    right: str,
    right_colour: str,
    right_size: int,
    reserved: float = 0.0,
    weights: tuple[QFont.Weight, QFont.Weight] = (QFont.Weight.DemiBold, QFont.Weight.DemiBold),
    elide: Qt.TextElideMode = Qt.TextElideMode.ElideMiddle,
) -> float:
    """Paint a text at each end of a row, the left one elided; return its width.

    Names are elided in the middle: those of a block have their beginning in common and differ at the end.
    """
    right_font, left_font = font(right_size, weights[1], tabular=True), font(left_size, weights[0])
    spare = row.width() - QFontMetricsF(left_font).horizontalAdvance(left) - reserved - _GAP
    right = _elided(right_font, right, max(row.width() * 0.6, spare))
    taken = QFontMetricsF(right_font).horizontalAdvance(right) + _GAP if right else 0.0
    left = _elided(left_font, left, row.width() - taken - reserved, elide)
    painter.setFont(right_font)
    painter.setPen(QColor(right_colour))
    painter.drawText(row, _ALIGN_RIGHT, right)
    painter.setFont(left_font)
    painter.setPen(QColor(left_colour))
    painter.drawText(row, _ALIGN_LEFT, left)
    return QFontMetricsF(left_font).horizontalAdvance(left)


def _elided(used: QFont, text: str, width: float, elide: Qt.TextElideMode = Qt.TextElideMode.ElideRight) -> str:
    return QFontMetricsF(used).elidedText(text, elide, max(0.0, width))


def _paint_blamed_port(painter: QPainter, centre: QPointF) -> None:
    colours = theme.current()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colours.error))
    painter.drawEllipse(centre, PORT_HOVER_RADIUS, PORT_HOVER_RADIUS)
    ink = QColor(colours.canvas if colours.dark else colours.surface)
    painter.setPen(QPen(ink, 1.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.drawLine(centre + QPointF(0, -3.2), centre + QPointF(0, 0.6))
    painter.drawPoint(centre + QPointF(0, 3.2))
