"""Moving cards."""

from PySide6.QtCore import QLineF, QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from designer import theme
from designer.canvas.editor import Editor
from designer.canvas.geometry import CARD_HEIGHT, CARD_WIDTH, Place, snapped
from designer.canvas.gestures.base import At, Gesture
from designer.canvas.scene import CanvasScene

_SNAP = 6.0  # how near to a neighbour's middle a card's must come
_NEIGHBOURHOOD = 260.0  # how far above or below a card may be to be snapped to
_MULTI = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


class MoveGesture(Gesture):
    """The selected cards follow the pointer, on the grid or in line with a neighbour; Alt lets them float.

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
        self._wired: set[str] = set()
        self._guide: QLineF | None = None

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
        self._wired = {edge.source for edge in graph.incoming[self._node].values()}
        self._wired |= {edge.target for edge in graph.outgoing[self._node]}

    def move(self, at: At) -> None:
        """Move the cards along."""
        x, y = self._before[self._node]
        way = at.scene - self._pressed
        wanted = (x + way.x(), y + way.y())
        free = bool(at.modifiers & Qt.KeyboardModifier.AltModifier)
        place = wanted if free else self._snapped(wanted)
        self._guide = None if free else self._guide_at(place)
        across, down = place[0] - x, place[1] - y
        self._moved = {node: (left + across, top + down) for node, (left, top) in self._before.items()}
        self._scene.preview(self._moved)

    def end(self) -> None:
        """Keep the new places, as one step."""
        self._editor.move(self._moved)

    def cancel(self) -> None:
        """Put everything back."""
        self._scene.preview(self._before)

    def paint(self, painter: QPainter, zoom: float) -> None:
        """Paint the line along which the card is in line with a neighbour."""
        if self._guide is not None:
            painter.setPen(QPen(QColor(theme.current().accent), 0, Qt.PenStyle.DashLine))
            painter.drawLine(self._guide)

    def _shown(self, scene: CanvasScene) -> tuple[str, ...]:
        """Return the nodes that are selected by the press."""
        return scene.seen.nodes(self._node)

    def _snapped(self, wanted: Place) -> Place:
        x, y = snapped(*wanted)
        nearest = min(
            self._neighbours(wanted[1]),
            key=lambda node: (abs(self._scene.places[node][0] - wanted[0]), node not in self._wired),
            default=None,
        )
        if nearest is not None and abs(self._scene.places[nearest][0] - wanted[0]) <= _SNAP:
            x = self._scene.places[nearest][0]
        return x, y

    def _guide_at(self, place: Place) -> QLineF | None:
        """Return the line through the middles of the cards in line; wires in a column need no such proof."""
        in_line = [self._scene.places[node][1] for node in self._neighbours(place[1]) if self._in_line(node, place)]
        if not in_line:
            return None
        middle = place[0] + CARD_WIDTH / 2
        top, bottom = min(*in_line, place[1]), max(*in_line, place[1]) + CARD_HEIGHT
        return QLineF(QPointF(middle, top), QPointF(middle, bottom))

    def _in_line(self, node: str, place: Place) -> bool:
        return self._scene.places[node][0] == place[0]

    def _neighbours(self, y: float) -> list[str]:
        """Return the cards that stay and that are wired to the moving one, or not far above or below."""
        return [
            node
            for node, place in self._scene.places.items()
            if node not in self._before and (node in self._wired or abs(place[1] - y) < _NEIGHBOURHOOD)
        ]
