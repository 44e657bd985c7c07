"""The dots on the scene: one item for every dot of a wire that is seen, and which are selected."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF

from designer.canvas.dot_item import RADIUS, DotItem
from designer.canvas.dots import Dot, dotted_wires
from designer.canvas.routes import Point
from designer.canvas.visible import Visible
from engine import Edge
from engine.dots import Dots

if TYPE_CHECKING:
    from designer.canvas.scene import CanvasScene


class WireDots:
    """Keeps dots in step with what is seen.

    Attributes
    ----------
    items
        The items by dot.
    points
        For each wire on the canvas that goes through dots, where these are.
    selected
        The dots that are selected, beside cards or without any.
    """

    def __init__(self, scene: CanvasScene) -> None:
        self._scene = scene
        self.items: dict[Dot, DotItem] = {}
        self.points: dict[Edge, tuple[Point, ...]] = {}
        self.selected: frozenset[Dot] = frozenset()
        self._wires: dict[Edge, Edge] = {}  # the network's, by those on the canvas

    @property
    def only(self) -> Dot | None:
        """The selected dot where there is exactly one, and no card is selected with it."""
        alone = len(self.selected) == 1 and not self._scene.document.selection.nodes
        return next(iter(self.selected)) if alone else None

    def show(self, seen: Visible, dots: Dots) -> set[Edge]:
        """Bring the items in step; return the wires on the canvas whose dots are others."""
        if not dots and not self.points:
            return set()
        wires = dotted_wires(seen, dots)
        points = {wire: dots[edge] for wire, edge in wires.items()}
        changed = {wire for wire in {*points, *self.points} if points.get(wire) != self.points.get(wire)}
        counts = {edge: len(dots[edge]) for edge in wires.values()}
        same = {edge for wire, edge in self._wires.items() if len(self.points[wire]) == counts.get(edge)}
        self.selected = frozenset(dot for dot in self.selected if dot.edge in same)
        self._wires, self.points = wires, points
        wanted = {Dot(edge, number): wire for wire, edge in wires.items() for number in range(counts[edge])}
        for dot in [dot for dot, item in self.items.items() if wanted.get(dot) != item.wire]:
            self._scene.removeItem(self.items.pop(dot))
        for dot, wire in wanted.items():
            if dot not in self.items:
                self.items[dot] = DotItem(dot, wire)
                self._scene.addItem(self.items[dot])
            self.items[dot].move_to(points[wire][dot.number])
        return changed

    def wire_of(self, wire: Edge) -> Edge:
        """Return the network's wire whose dots one on the canvas shows, or would show."""
        return self._wires.get(wire) or self._scene.seen.wires(wire)[0]

    def on(self, wire: Edge) -> tuple[Dot, ...]:
        """Return the dots of a wire on the canvas, in their order."""
        return tuple(Dot(self._wires[wire], number) for number in range(len(self.points.get(wire, ()))))

    def point(self, dot: Dot) -> Point:
        """Return where a dot that is seen is."""
        place = self.items[dot].pos()
        return place.x(), place.y()

    def select(self, dots: Iterable[Dot]) -> None:
        """Select exactly these dots; cards stay selected, a wire does not."""
        wanted = frozenset(dot for dot in dots if dot in self.items)
        if wanted == self.selected:
            return
        self.selected = wanted
        if wanted:
            self._scene.select_edge(None)
        self.restyle()
        self._scene.overview.invalidate()
        self._scene.selection_changed.emit()

    def hover(self, dot: Dot | None) -> None:
        """Let the dot under the pointer grow, and no other."""
        for one, item in self.items.items():
            item.hovered = one == dot
        self.restyle()

    def restyle(self) -> None:
        """Take the colours of the wires, and of the theme in force."""
        for dot, item in self.items.items():
            item.selected = dot in self.selected
            item.show_state(self._scene.edges[item.wire].pen().color())

    def rects(self, dots: Collection[Dot] | None = None) -> list[QRectF]:
        """Return the rectangles of some dots, or of all."""
        centres = (self.items[dot].pos() for dot in (self.items if dots is None else dots))
        return [_around(centre) for centre in centres]


def _around(centre: QPointF) -> QRectF:
    return QRectF(centre.x() - RADIUS, centre.y() - RADIUS, 2 * RADIUS, 2 * RADIUS)
