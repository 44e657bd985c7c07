"""A node on the scene: its card, and what selection, hovering and wiring lay over it."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QGraphicsRectItem, QStyleOptionGraphicsItem, QWidget

from designer import theme
from designer.canvas.card import Card
from designer.canvas.card_painter import RADIUS, paint_card, paint_port, paint_ports
from designer.canvas.geometry import (
    CARD_HEIGHT,
    CARD_WIDTH,
    MARGIN,
    PORT_HOVER_RADIUS,
    Place,
    input_point,
    output_point,
)
from designer.canvas.sprites import Sprites
from designer.canvas.thumbnails import Thumbnails

OUTPUT = -1  # the number that stands for the output port
BODY = QRectF(0, 0, CARD_WIDTH, CARD_HEIGHT)
_DIMMED = 0.35


class NodeItem(QGraphicsRectItem):
    """One card.

    It has no child items and takes no events; its rectangle, a margin around the card, is all that Qt asks for, so
    that thousands of them cost little.
    """

    def __init__(self, node: str, card: Card, sprites: Sprites, thumbnails: Thumbnails) -> None:
        super().__init__(BODY.adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN))
        self.node = node
        self.card = card
        self.selected = False
        self.whole = True  # all that the card shows is selected, not a part of a collapsed group
        self.hovered = False
        self.dimmed = False
        self.place: Place = (0.0, 0.0)  # of the top left corner; kept because to ask Qt costs a call
        self.port: int | None = None  # the port under the pointer
        self.offered = False  # a wire that is being drawn would end here
        self._sprites, self._thumbnails = sprites, thumbnails
        self.setPen(QPen(Qt.PenStyle.NoPen))
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self.setZValue(1)

    def move_to(self, place: Place) -> None:
        """Put the card's top left corner at a place."""
        self.place = place
        self.setPos(QPointF(*place))

    @property
    def output(self) -> QPointF:
        """The centre of the output port on the canvas."""
        return output_point(self.place)

    def input(self, port: int) -> QPointF:
        """Return the centre of an input port on the canvas."""
        return input_point(self.place, port, len(self.card.inputs))

    def port_point(self, port: int) -> QPointF:
        """Return the centre of an input port or of the `OUTPUT`."""
        return self.output if port == OUTPUT else self.input(port)

    def show_card(self, card: Card) -> None:
        """Show other contents; nothing is painted where they are the same."""
        if card != self.card:
            self.card = card
            self.update()

    def set_selected(self, selected: bool, *, whole: bool = True) -> None:
        """Draw or remove the outline of a selected card; a dashed one where only a part of a group is selected."""
        if (selected, whole) != (self.selected, self.whole):
            self.selected, self.whole = selected, whole
            self.setZValue(2 if selected else 1)
            self.update()

    def set_dimmed(self, dimmed: bool) -> None:
        """Step back while a wire is drawn that can't end here."""
        if dimmed != self.dimmed:
            self.dimmed = dimmed
            self.setOpacity(_DIMMED if dimmed else 1.0)

    def set_hover(self, hovered: bool, port: int | None = None, *, offered: bool = False) -> None:
        """Answer the pointer: on the card, on one of its ports, with or without a wire."""
        if (hovered, port, offered) != (self.hovered, self.port, self.offered):
            self.hovered, self.port, self.offered = hovered, port, offered
            self.update()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Paint the card from its picture; on paper, or wherever there is no widget, as vectors."""
        if widget is None:
            paint_card(painter, self.card, BODY)
            if self.card.maps:
                self._thumbnails.paint_once(painter, self.node, self.card.family)
        else:
            shown = self._sprites.paint(painter, self.node, self.card, self.place)
            if shown is not None and shown.maps:
                self._thumbnails.paint(painter, self.node, self.card.family, shown, self._sprites.ratio)
        if self.selected or self.hovered or self.offered:
            self._paint_state(painter)

    def _paint_state(self, painter: QPainter) -> None:
        colours = theme.current()
        if self.selected or self.offered:
            whole = self.whole or self.offered
            painter.setPen(QPen(QColor(colours.accent), 2, Qt.PenStyle.SolidLine if whole else Qt.PenStyle.DashLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(BODY.adjusted(-0.5, -0.5, 0.5, 0.5), RADIUS, RADIUS)
            paint_ports(painter, self.card, BODY)  # once more, in front of the outline
        elif not self.card.wrong:
            painter.setPen(QPen(QColor(colours.wire), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(BODY.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
            paint_ports(painter, self.card, BODY)
        if self.port is not None:
            centre = self.port_point(self.port) - self.pos()
            paint_port(painter, centre, PORT_HOVER_RADIUS, colours.accent, filled=True)
