"""Moving cards and the dots on wires, or copies of cards."""

from collections.abc import Collection, Iterable

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from designer import theme
from designer.canvas import dots as dotting
from designer.canvas.dots import Dot
from designer.canvas.editor import Editor
from designer.canvas.geometry import Place, card_rect
from designer.canvas.gestures.base import At, Gesture
from designer.canvas.ghosts import paint_ghost
from designer.canvas.scene import CanvasScene
from designer.canvas.snapping import Neighbour, snap
from engine.dots import Dots

_FREE = Qt.KeyboardModifier.ControlModifier
_MULTI = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


class MoveGesture(Gesture):
    """The selected cards and dots follow the pointer, in line with a neighbour or on the grid; Ctrl lets them float.

    Dots on wires between these cards come along. A press selects the card, a collapsed group's with all that it hides;
    with Ctrl or Shift, a click takes it into the selection or out of it.
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
            self._select(dict.fromkeys((*kept, *self._own)), scene.dots.selected if self._multi else ())
        self._before: dict[str, Place] = {}
        self._moved: dict[str, Place] = {}
        self._dots: Dots = {}  # before the drag
        self._dots_moved: Dots = {}
        self._moving: frozenset[Dot] = frozenset()
        self._lead = QRectF()  # what was pressed
        self._neighbours: list[Neighbour] = []
        self._guides: tuple[QLineF, ...] = ()

    def click(self) -> None:
        """Select the card alone, or take it out of the selection."""
        if self._was_selected and self._multi:
            left = [node for node in self._selection.nodes if node not in self._own]
            self._select(left, self._scene.dots.selected)
        elif not self._multi:
            self._select(self._own, ())

    def start(self) -> None:
        """Note where everything is."""
        scene = self._scene
        self._before = {card: scene.places[card] for card in scene.selected_cards()}
        self._dots = self._dots_moved = scene.document.network.dots
        self._moving = dotting.moving(scene.seen, self._dots, self._before, scene.dots.selected)
        self._lead, self._neighbours = self._surroundings()

    def move(self, at: At) -> None:
        """Move the cards along."""
        way, self._guides = at.scene - self._pressed, ()
        wanted = self._lead.translated(way)
        place = wanted.x(), wanted.y()
        if not at.modifiers & _FREE:
            place, self._guides = snap(wanted, self._neighbours, self._scene.zoom)
        across, down = place[0] - self._lead.x(), place[1] - self._lead.y()
        self._moved = {node: (left + across, top + down) for node, (left, top) in self._before.items()}
        self._dots_moved = dotting.moved(self._dots, self._moving, across, down) if self._moving else self._dots
        self._show()

    def end(self) -> None:
        """Keep the new places, as one step."""
        self._editor.move(self._moved, self._dots_moved)

    def cancel(self) -> None:
        """Put everything back."""
        self._scene.preview(self._before, self._dots)

    def paint(self, painter: QPainter, zoom: float) -> None:
        """Paint the lines along which what is dragged is in line with neighbours."""
        painter.setPen(QPen(QColor(theme.current().accent), 0, Qt.PenStyle.DashLine))
        painter.drawLines(self._guides)

    def _surroundings(self) -> tuple[QRectF, list[Neighbour]]:
        """Return where what was pressed is, and what stays around it."""
        graph = self._scene.graph
        wired = {edge.source for edge in graph.incoming[self._node].values()}
        wired |= {edge.target for edge in graph.outgoing[self._node]}
        return card_rect(self._before[self._node]), self._cards_that_stay(wired)

    def _cards_that_stay(self, wired: Collection[str]) -> list[Neighbour]:
        moving = self._leaving()
        return [
            Neighbour(card_rect(place), node in wired)
            for node, place in self._scene.places.items()
            if node not in moving
        ]

    def _select(self, nodes: Iterable[str], dots: Collection[Dot]) -> None:
        self._selection.select(nodes)
        self._scene.dots.select(dots)

    def _shown(self, scene: CanvasScene) -> tuple[str, ...]:
        """Return the nodes that are selected by the press."""
        return scene.seen.nodes(self._node)

    def _leaving(self) -> set[str]:
        """Return the cards that will not be where they are."""
        return set(self._before)

    def _show(self) -> None:
        self._scene.preview(self._moved, self._dots_moved)


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
