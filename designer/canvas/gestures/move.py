"""Moving cards, or copies of them."""

from PySide6.QtCore import QLineF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from designer import theme
from designer.canvas.editor import Editor
from designer.canvas.geometry import Place, card_rect
from designer.canvas.gestures.base import At, Gesture
from designer.canvas.ghosts import paint_ghost
from designer.canvas.scene import CanvasScene
from designer.canvas.snapping import Neighbour, snap

_FREE = Qt.KeyboardModifier.ControlModifier
_MULTI = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


class MoveGesture(Gesture):
    """The selected cards follow the pointer, in line with a neighbour or on the grid; Ctrl lets them float.

    A press selects the card, a collapsed group's with all that it hides; with Ctrl or Shift, a click takes it into the
    selection or out of it.
    """

    cursor = Qt.CursorShape.SizeAllCursor

    def __init__(self, scene: CanvasScene, editor: Editor, node: str, at: At) -> None:
        self._scene = scene
        self._editor = editor
        self._node = node
        self._pressed = at.scene
        self._multi = bool(at.modifiers & _MULTI)
        self._selection = scene.document.selection
        self._own = self._shown(scene)
        self._was_selected = set(self._selection.nodes).issuperset(self._own)
        if not self._was_selected:
            kept = self._selection.nodes if self._multi else ()
            self._selection.select(dict.fromkeys((*kept, *self._own)))
        self._before: dict[str, Place] = {}
        self._moved: dict[str, Place] = {}
        self._neighbours: list[Neighbour] = []
        self._guides: tuple[QLineF, ...] = ()

    def click(self) -> None:
        """Select the card alone, or take it out of the selection."""
        if self._was_selected and self._multi:
            self._selection.select(node for node in self._selection.nodes if node not in self._own)
        elif not self._multi:
            self._selection.select(self._own)

    def start(self) -> None:
        """Note where everything is."""
        self._before = {card: self._scene.places[card] for card in self._scene.selected_cards()}
        graph = self._scene.graph
        wired = {edge.source for edge in graph.incoming[self._node].values()}
        wired |= {edge.target for edge in graph.outgoing[self._node]}
        moving = self._leaving()
        self._neighbours = [
            Neighbour(card_rect(place), node in wired)
            for node, place in self._scene.places.items()
            if node not in moving
        ]

    def move(self, at: At) -> None:
        """Move the cards along."""
        x, y = self._before[self._node]
        way = at.scene - self._pressed
        place, self._guides = (x + way.x(), y + way.y()), ()
        if not at.modifiers & _FREE:
            place, self._guides = snap(place, self._neighbours, self._scene.zoom)
        across, down = place[0] - x, place[1] - y
        self._moved = {node: (left + across, top + down) for node, (left, top) in self._before.items()}
        self._show()

    def end(self) -> None:
        """Keep the new places, as one step."""
        self._editor.move(self._moved)

    def cancel(self) -> None:
        """Put everything back."""
        self._scene.preview(self._before)

    def paint(self, painter: QPainter, zoom: float) -> None:
        """Paint the lines along which the card is in line with neighbours."""
        painter.setPen(QPen(QColor(theme.current().accent), 0, Qt.PenStyle.DashLine))
        painter.drawLines(self._guides)

    def _shown(self, scene: CanvasScene) -> tuple[str, ...]:
        """Return the nodes that are selected by the press."""
        return scene.seen.nodes(self._node)

    def _leaving(self) -> set[str]:
        """Return the cards that will not be where they are."""
        return set(self._before)

    def _show(self) -> None:
        self._scene.preview(self._moved)


class DuplicateGesture(MoveGesture):
    """Copies of the selected cards follow the pointer; the cards themselves stay. Begun with Alt held."""

    cursor = Qt.CursorShape.DragCopyCursor

    def end(self) -> None:
        """Put the copies where they are shown, as one step."""
        if self._moved != self._before:
            self._editor.duplicate(self._moved)

    def cancel(self) -> None:
        """Leave nothing; nothing was moved."""

    def paint(self, painter: QPainter, zoom: float) -> None:
        """Paint the copies to be."""
        for node, place in self._moved.items():
            paint_ghost(painter, self._scene.nodes[node].card, place)
        super().paint(painter, zoom)

    def _leaving(self) -> set[str]:
        return set()

    def _show(self) -> None:
        """Move nothing: copies are painted in front of everything."""
