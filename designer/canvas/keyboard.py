"""The keyboard on the canvas: walking, wiring, nudging, and all that is bound to a key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QPainter, QPen

from designer import theme
from designer.canvas.geometry import GRID, Place
from designer.canvas.keyed_wire import KeyedWire
from designer.canvas.keys import canvas_keys, lookup, pressed
from designer.canvas.walking import Way, nearest_to, neighbour
from designer.speech import say
from engine.language import tr

if TYPE_CHECKING:
    from designer.canvas.editor import Editor
    from designer.canvas.pointer import Pointer
    from designer.canvas.scene import CanvasScene
    from designer.canvas.view import CanvasView
    from engine import Edge

_ARROWS = {
    Qt.Key.Key_Up: Way.UP,
    Qt.Key.Key_Down: Way.DOWN,
    Qt.Key.Key_Left: Way.LEFT,
    Qt.Key.Key_Right: Way.RIGHT,
}
_BY_KEYS = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason)


class Keyboard:
    """Turns keys into steps from card to card, wires and commands.

    Attributes
    ----------
    keys
        The table of all that is bound, with what it does.
    """

    def __init__(self, view: CanvasView, scene: CanvasScene, editor: Editor, pointer: Pointer) -> None:
        self._view, self._scene, self._editor, self._pointer = view, scene, editor, pointer
        self._selection = scene.document.selection
        self._wire: KeyedWire | None = None
        self._step: tuple[str, str] | None = None  # the last one: from, to
        self._spot: Place | None = None  # where the selection was last
        self._wire_of: str | None = None  # whose wires are gone through
        self._framed = False  # the focus came by a key, and is shown
        self.keys = canvas_keys(view, self)
        self._bound = lookup(self.keys)
        scene.selection_changed.connect(self._remember)
        scene.loaded.connect(self._forget)
        for bar in (view.horizontalScrollBar(), view.verticalScrollBar()):
            bar.valueChanged.connect(self._scrolled)

    @property
    def wire(self) -> KeyedWire | None:
        """The wire that is being drawn with the keyboard."""
        return self._wire if self._wire is not None and self._pointer.gesture is self._wire.gesture else None

    def press(self, event: QKeyEvent) -> bool:
        """Run what a key is bound to; return whether it is bound to anything."""
        key, wire = Qt.Key(event.key()), self.wire
        if wire is not None and key in _ARROWS:
            wire.turn(_ARROWS[key])
            self._show_wire(wire)
            return True
        if wire is not None and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._connect(wire)
            return True
        command = self._bound.get(pressed(event))
        if command is not None:
            command()
        return command is not None

    # Walking

    def walk(self, way: Way, *, extend: bool = False) -> None:
        """Go to the card that an arrow leads to; extending keeps the cards on the way selected."""
        here = self._here()
        if self._view.dots.wire is not None:
            there = self._view.dots.step(way)
            if there is None:
                self._view.reveal_dots()
        elif here is None:
            there = self._entrance()
        else:
            came_from = self._step[0] if self._step is not None and self._step[1] == here else None
            there = neighbour(self._scene.graph, self._scene.places, here, way, came_from)
        if there is None:
            return
        cards = self._scene.selected_cards()
        kept = [card for card in cards if card != there] if extend and here is not None else []
        if there in cards and here in kept:
            kept.remove(here)  # back the way: what was added on it is let go
        seen = self._scene.seen
        self._selection.select(node for card in (*kept, there) for node in seen.nodes(card))
        self._step = (here, there) if here is not None else None
        self._view.reveal_card(there)

    def nudge(self, way: Way, *, fine: bool = False) -> None:
        """Move the selected cards by a step of the grid, or by a pixel."""
        step, (across, down) = 1 if fine else GRID, way.value
        self._editor.nudge(across * step, down * step)

    def edit(self) -> None:
        """Ask for the selected layer's form; expand a selected group."""
        cards = self._scene.selected_cards()
        fold = self._scene.seen.folds.get(cards[0]) if len(cards) == 1 else None
        if fold is not None:
            self._view.groups.toggle(fold.groups[:1])
        elif self._selection.only is not None:
            self._view.activated.emit(self._selection.only)
        else:
            say(self._view, tr("Select one layer to edit it"))

    # Wires

    def begin_wire(self) -> None:
        """Begin a wire at the selected card; arrows then choose where it ends."""
        here = self._here()
        if here is None:
            say(self._view, tr("Select the layer that the wire should start from"))
            return
        wire = KeyedWire(self._scene, self._editor, here)
        self._pointer.begin(wire.gesture)
        self._wire = wire
        wire.start()
        if wire.target is None:
            self._pointer.cancel()
            self._view.told.emit(wire.told)
            say(self._view, wire.told, urgent=True)
            return
        self._show_wire(wire)

    def next_wire(self) -> None:
        """Select a wire of the selected card; then the next one of the same card."""
        edge, graph = self._view.dots.wire, self._scene.graph
        node = self._here() if edge is None else self._wire_of
        if edge is not None and node not in (edge.source, edge.target):
            node = edge.source  # it was not selected by this key
        if node not in graph.by_id:
            return
        wires = [*(graph.incoming[node][port] for port in sorted(graph.incoming[node])), *graph.outgoing[node]]
        if not wires:
            say(self._view, tr("{layer} has no wires", layer=graph.by_id[node].label))
            return
        chosen = wires[(wires.index(edge) + 1) % len(wires)] if edge in wires else wires[0]
        self._wire_of = node
        self._scene.select_edge(chosen)
        say(self._view, tr("{wire}. Delete removes it.", wire=self._edge_text(chosen)))

    def _connect(self, wire: KeyedWire) -> None:
        target, source = wire.target, self._here()
        self._pointer.finish()
        self._wire = None
        by_id = self._scene.graph.by_id
        if source in by_id and target in by_id:
            say(self._view, tr("{source} feeds {target}", source=by_id[source].label, target=by_id[target].label))

    def _show_wire(self, wire: KeyedWire) -> None:
        if wire.target is not None:
            self._view.reveal_card(wire.target)
        self._view.viewport().update()
        say(self._view, wire.told)

    def _edge_text(self, edge: Edge) -> str:
        by_id = self._scene.graph.by_id
        return tr(
            "Wire from {source} to {target}, input {port}",
            source=by_id[edge.source].label,
            target=by_id[edge.target].label,
            port=edge.port + 1,
        )

    # Where the keyboard is

    def focus_in(self, event: QFocusEvent) -> None:
        """Show the focus where it came by a key."""
        self._framed = event.reason() in _BY_KEYS
        self._view.viewport().update()

    def focus_out(self) -> None:
        """Show no focus."""
        self._framed = False
        self._view.viewport().update()

    def paint(self, painter: QPainter, area: QRect) -> None:
        """Paint a frame around the canvas while it has the focus and no card shows that."""
        if self._shows_frame:
            painter.setPen(QPen(QColor(theme.current().accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(area).adjusted(1, 1, -1, -1))

    @property
    def _shows_frame(self) -> bool:
        """Whether the focus came by a key and no card shows where it is."""
        return self._framed and not self._selection.nodes

    def _scrolled(self) -> None:
        """Paint the frame in its place again: what was painted there has moved along."""
        if self._shows_frame:
            self._view.viewport().update()

    def _here(self) -> str | None:
        nodes = self._selection.nodes
        return self._scene.seen.card(nodes[-1]) if nodes else None

    def _entrance(self) -> str | None:
        """Return where to begin: at the card next to the last one, else at the first of the network."""
        if self._spot is not None:
            return nearest_to(self._scene.places, self._spot)
        listed = self._scene.document.analysis.listed
        return self._scene.seen.card(listed[0]) if listed else None

    def _remember(self) -> None:
        here = self._here()
        if here in self._scene.places:
            self._spot = self._scene.places[here]

    def _forget(self) -> None:
        self._spot = self._step = self._wire_of = None
