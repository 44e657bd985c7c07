"""A wire on the scene."""

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainterPathStroker, QPen
from PySide6.QtWidgets import QGraphicsPathItem

from designer import theme
from designer.canvas.routes import Box, Route, boxes, route_path
from engine import Edge

WIDTH = 1.5  # canvas pixels; a wider pen would cost several times as much


class EdgeItem(QGraphicsPathItem):
    """One wire; Qt paints it, so that only its path and its pen are ours.

    Attributes
    ----------
    edge, route
        Which wire it is, and its way.
    reach
        The rectangle around that way.
    """

    def __init__(self, edge: Edge, route: Route) -> None:
        super().__init__(route_path(route))
        self.edge = edge
        self.route = route
        self.reach = self.path().boundingRect()
        self._boxes: tuple[Box, ...] = ()  # until they are asked for
        self.selected = False
        self.hovered = False
        self.wrong = False
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self.restyle()

    def set_route(self, route: Route) -> None:
        """Follow the cards; nothing is painted where the way is the same."""
        if route != self.route:
            self.route = route
            self.setPath(route_path(route))
            self.reach = self.path().boundingRect()
            self._boxes = ()

    def touches(self, place: Box) -> bool:
        """Whether a rectangle of the canvas meets one around a line or a curve of the wire."""
        left, top, right, bottom = place
        reach = self.reach
        if reach.left() > right or reach.right() < left or reach.top() > bottom or reach.bottom() < top:
            return False
        if not self._boxes:
            self._boxes = boxes(self.route)
        return any(x0 < right and left < x1 and y0 < bottom and top < y1 for x0, y0, x1, y1 in self._boxes)

    def set_state(
        self, *, selected: bool | None = None, hovered: bool | None = None, wrong: bool | None = None
    ) -> None:
        """Change some of what the wire's colour tells."""
        state = (
            self.selected if selected is None else selected,
            self.hovered if hovered is None else hovered,
            self.wrong if wrong is None else wrong,
        )
        if state != (self.selected, self.hovered, self.wrong):
            self.selected, self.hovered, self.wrong = state
            self.restyle()

    def restyle(self) -> None:
        """Take the colours of the theme in force."""
        colours = theme.current()
        highlighted = self.selected or self.hovered
        colour = colours.accent if highlighted else colours.error if self.wrong else colours.wire
        self.setPen(QPen(QColor(colour), WIDTH, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        self.setZValue(0.5 if highlighted or self.wrong else 0)

    def is_near(self, at: QPointF, distance: float) -> bool:
        """Whether a point is within a distance of the wire."""
        if not self.reach.adjusted(-distance, -distance, distance, distance).contains(at):
            return False
        stroker = QPainterPathStroker()
        stroker.setWidth(2 * distance)
        stroker.setCapStyle(Qt.PenCapStyle.RoundCap)
        return stroker.createStroke(self.path()).contains(at)
