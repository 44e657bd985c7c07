"""Dragging the dots on wires."""

from collections.abc import Iterator

from PySide6.QtCore import QRectF

from designer.canvas.dots import Dot
from designer.canvas.editor import Editor
from designer.canvas.gestures.base import At
from designer.canvas.gestures.move import MoveGesture
from designer.canvas.routes import Point
from designer.canvas.scene import CanvasScene
from designer.canvas.snapping import Neighbour
from engine import Edge


class DotGesture(MoveGesture):
    """The selected dots follow the pointer, and the selected cards with them; they snap to ports and other dots.

    A press selects the dot; with Ctrl or Shift, a click takes it into the selection or out of it.
    """

    def __init__(self, scene: CanvasScene, editor: Editor, wire: Edge, dot: Dot, at: At) -> None:
        self._dot, self._wire = dot, wire
        super().__init__(scene, editor, wire.source, at)
        self._was_selected = dot in scene.dots.selected
        if not self._was_selected:
            nodes, kept = (self._selection.nodes, scene.dots.selected) if self._multi else ((), frozenset())
            self._select(nodes, kept | {dot})

    def click(self) -> None:
        """Select the dot alone, or take it out of the selection."""
        if self._was_selected and self._multi:
            self._scene.dots.select(self._scene.dots.selected - {self._dot})
        elif not self._multi:
            self._select((), {self._dot})

    def _shown(self, scene: CanvasScene) -> tuple[str, ...]:
        return ()  # no card is selected by the press

    def _surroundings(self) -> tuple[QRectF, list[Neighbour]]:
        own = [Neighbour(_rect(point), True) for point in self._in_line()]
        cards = [Neighbour(_rect(card.rect.center().toTuple()), False) for card in self._cards_that_stay(())]
        return _rect(self._scene.dots.point(self._dot)), own + cards

    def _in_line(self) -> Iterator[Point]:
        """Yield the ports and the other dots of the wire, those that stay where they are."""
        route = self._scene.edges[self._wire].route
        for card, port in ((self._wire.source, route.start), (self._wire.target, route.end)):
            if card not in self._before:
                yield port
        for dot in self._scene.dots.on(self._wire):
            if dot not in self._moving:
                yield self._scene.dots.point(dot)


def _rect(point: Point) -> QRectF:
    return QRectF(*point, 0.0, 0.0)
