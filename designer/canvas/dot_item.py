"""A dot on a wire."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsPathItem

from designer import theme
from designer.canvas.dots import Dot
from designer.canvas.routes import Point
from engine import Edge

RADIUS = 5.0
_GROWN = 6.0  # under the pointer, or selected
_RING = 2.0


class DotItem(QGraphicsPathItem):
    """One dot; Qt paints it.

    Attributes
    ----------
    dot, wire
        Which dot of the network it is, and the wire on the canvas that goes through it.
    """

    def __init__(self, dot: Dot, wire: Edge) -> None:
        super().__init__()
        self.dot, self.wire = dot, wire
        self.selected = False
        self.hovered = False
        self._look: tuple[object, ...] = ()
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self.setZValue(3)  # in front of cards, so that none is lost behind one

    def move_to(self, point: Point) -> None:
        """Put it at a point of the canvas."""
        self.setPos(QPointF(*point))

    def show_state(self, colour: QColor) -> None:
        """Show whether it is selected or under the pointer; else it has the colour of its wire."""
        colours = theme.current()
        look = (self.selected, self.hovered, colour.name(), colours.name)
        if look == self._look:
            return
        self._look = look
        accent, ground = QColor(colours.accent), QColor(colours.canvas)
        radius = _GROWN if self.selected or self.hovered else RADIUS
        path = QPainterPath()
        path.addEllipse(QRectF(-radius, -radius, 2 * radius, 2 * radius))
        self.setPath(path)
        if self.selected:
            self.setBrush(accent if self.hovered else ground)
            self.setPen(QPen(accent, _RING))
        else:
            self.setBrush(accent if self.hovered else colour)
            self.setPen(QPen(ground, _RING))
