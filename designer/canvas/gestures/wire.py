"""Drawing wires, and moving the ends of those that are there."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from designer import theme
from designer.canvas.card_painter import paint_port
from designer.canvas.geometry import CARD_HEIGHT, PORT_HOVER_RADIUS, PORT_RADIUS
from designer.canvas.gestures.base import At, Gesture
from designer.canvas.hits import Hit, hit
from designer.canvas.labels import paint_label
from designer.canvas.node_item import OUTPUT
from designer.canvas.routes import Route, free_path, route_path
from designer.canvas.wiring import (
    SEVERAL_OUTPUTS,
    End,
    group_ends,
    port_for,
    refused_cards,
    refused_sources,
    refused_targets,
    wired,
    without,
)
from engine.language import tr

if TYPE_CHECKING:
    from designer.canvas.editor import Editor
    from designer.canvas.scene import CanvasScene
    from engine import Edge

_WIDTH = 2.0
Ask = Callable[[str, int, QPointF], object]  # for the layer at the loose end of a wire: its node and port, and where


class WireGesture(Gesture):
    """A wire hangs from a port and follows the pointer; cards that can't take it step back, and say why.

    Pressed on an output, it seeks an input; pressed on a free input, it seeks an output. An input with a wire gives
    that wire's end away: to another input, or to nothing, which removes the wire. A new wire dropped on nothing asks
    for the layer that it leads to. A click with Alt takes all wires off the port.

    Attributes
    ----------
    refused
        The nodes that can't take the wire, each with the reason.
    label
        What is said at the pointer.
    """

    cursor = Qt.CursorShape.CrossCursor

    def __init__(
        self, scene: CanvasScene, editor: Editor, node: str, port: int, *, ask: Ask | None = None, unplug: bool = False
    ) -> None:
        self._scene = scene
        self._editor = editor
        self._ask = ask
        self._unplug = unplug
        self._pressed = Hit(node, port)
        self._held: Edge | None = scene.graph.incoming[node].get(port) if port != OUTPUT else None
        self._wires = () if self._held is None else scene.seen.wires(self._held)
        self._graph = without(scene.seen.whole, self._wires)
        self._node = node if self._held is None else self._held.source  # the card where the wire hangs
        self._port = port if self._held is None else OUTPUT
        self._source = self._wires[0].source if self._wires else scene.seen.output(node)
        self.refused = self._find_refused()
        self._found = Hit()
        self._pointer: QPointF | None = None
        self.label = ""

    def click(self) -> None:
        """Select the wire at the port, or the node; with Alt, take the wires off."""
        if self._unplug:
            outgoing = self._scene.graph.outgoing[self._node] if self._held is None and self._port == OUTPUT else []
            self._editor.disconnect(*([self._held] if self._held is not None else outgoing))
        elif self._held is not None:
            self._scene.select_edge(self._held)
        elif self._pressed.node is not None:
            self._scene.document.selection.select(self._scene.seen.nodes(self._pressed.node))

    def start(self) -> None:
        """Show who can't take the wire."""
        self._scene.dim(self.refused)
        if self._held is not None:
            self._scene.edges[self._held].setVisible(False)

    def move(self, at: At) -> None:
        """Offer the port that the wire would end at."""
        self._pointer = at.scene
        found = hit(self._scene, at.scene)
        node = found.node
        self._found = Hit()
        self.label = ""
        if node is None:
            self.label = tr("Release to remove the wire") if self._held is not None and self._is_over_nothing() else ""
        elif node in self.refused:
            leaving = node == self._node and found.port is not None  # the pointer has only just left the port
            self.label = "" if leaving else self.refused[node]
        else:
            self._found = Hit(node, self._port_on(found, at.scene))
            self.label = self._replaced(self._found)
        self._scene.hover(self._found, offered=True)
        self._foresee()

    def offer(self, node: str, port: int) -> None:
        """Offer a port of a card, wherever the pointer is."""
        self._pointer = self._scene.nodes[node].port_point(port)
        self._found = Hit(node, port)
        self.label = self._replaced(self._found)
        self._scene.hover(self._found, offered=True)
        self._foresee()

    def end(self) -> None:
        """Draw, move or remove the wire."""
        found, free = self._found, self._is_over_nothing()
        self._clear()
        if found.node is not None and found.port is not None:
            self._connect(found.node, found.port)
        elif self._held is not None and free:
            self._editor.disconnect(self._held)
        elif self._ask is not None and free and self._pointer is not None:
            self._ask(self._node, self._port, self._pointer)

    def cancel(self) -> None:
        """Leave the wires as they are."""
        self._clear()

    def paint(self, painter: QPainter, zoom: float) -> None:
        """Paint the wire, and why it can't end here."""
        if self._pointer is None:
            return
        colours = theme.current()
        fixed = self._scene.nodes[self._node].port_point(self._port)
        node, port = self._found.node, self._found.port
        loose = self._pointer if node is None or port is None else self._scene.nodes[node].port_point(port)
        start, end = (fixed, loose) if self._port == OUTPUT else (loose, fixed)
        painter.setPen(QPen(QColor(colours.accent), _WIDTH))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        legs = self._kept_legs()
        for leg in legs:
            painter.drawPath(route_path(leg))
            start = QPointF(*leg.end)
        painter.drawPath(free_path(start, end))
        for leg in legs:
            paint_port(painter, QPointF(*leg.end), PORT_RADIUS, colours.accent, filled=True)
        paint_port(painter, fixed, PORT_HOVER_RADIUS - 1, colours.accent, filled=True)
        if self.label:
            refused = node is None and not self._is_over_nothing()
            paint_label(painter, self._pointer, self.label, zoom, colours.error if refused else colours.text)

    def _kept_legs(self) -> tuple[Route, ...]:
        """Return the way of a held wire up to its last dot, from which the rest hangs."""
        return self._scene.edges[self._held].route.legs[:-1] if self._held in self._scene.edges else ()

    def _find_refused(self) -> dict[str, str]:
        """Return the cards that can't take the wire, each with the reason."""
        seen, seeks_input = self._scene.seen, self._port == OUTPUT
        if self._source is None:
            return dict.fromkeys(seen.graph.by_id, tr(SEVERAL_OUTPUTS))
        nodes = (refused_targets if seeks_input else refused_sources)(self._graph, self._source)
        return refused_cards(seen, nodes, as_target=seeks_input, graph=self._graph)

    def _port_on(self, found: Hit, at: QPointF) -> int:
        """Return the port for a pointer on a card: the one it is at, else the first free one."""
        node = found.node
        if node is None or self._port != OUTPUT:
            return OUTPUT
        if node in self._scene.seen.folds:
            return 0
        if found.port is not None and found.port != OUTPUT:
            return found.port
        return port_for(self._graph, node, at.x() - self._scene.places[node][0])

    def _replaced(self, found: Hit) -> str:
        """Return a warning where another wire would go."""
        card, at = (found.node, found.port) if self._port == OUTPUT else (self._node, self._port)
        if card is None or at is None:
            return ""
        node, port = self._ends(card, at)[0]
        old = self._graph.incoming[node].get(port)
        if old is not None:
            return tr("Replaces the wire from {layer}", layer=self._graph.by_id[old.source].label)
        return tr("Goes to {layer}", layer=self._graph.by_id[node].label) if node != card else ""

    def _ends(self, card: str, port: int) -> tuple[End, ...]:
        """Return the inputs of the network that a port of a card stands for."""
        if card not in self._scene.seen.folds:
            return ((card, port),)
        ends = group_ends(self._scene.seen, card, self._graph)
        return () if isinstance(ends, str) else ends

    def _foresee(self) -> None:
        """Show what the wire would bring where it would end."""
        node, port = self._found.node, self._found.port
        if node is None or port is None:
            self._scene.foresight.clear()
            return
        source, ends = self._wiring(node, port)
        if source is not None:
            self._scene.foresight.consider(("wire", source, ends), lambda: wired(self._graph, source, ends))

    def _wiring(self, card: str, port: int) -> tuple[str | None, tuple[End, ...]]:
        """Return the node and the inputs that are wired where the loose end comes to a port of a card."""
        if self._port == OUTPUT:
            return self._source, self._ends(card, port)
        return self._scene.seen.output(card), ((self._node, self._port),)

    def _connect(self, card: str, port: int) -> None:
        source, ends = self._wiring(card, port)
        if source is not None:
            self._editor.connect(source, ends, self._wires)

    def _is_over_nothing(self) -> bool:
        """Whether the wire was taken well away from all cards."""
        if self._pointer is None or hit(self._scene, self._pointer).node is not None:
            return False
        return self._held is None or self._distance_to_port(self._pointer) > CARD_HEIGHT / 2

    def _distance_to_port(self, at: QPointF) -> float:
        node, port = self._pressed.node, self._pressed.port
        if node is None or port is None:
            return 0.0
        way = self._scene.nodes[node].port_point(port) - at
        return abs(way.x()) + abs(way.y())

    def _clear(self) -> None:
        self._scene.dim(())
        self._scene.hover(Hit())
        self._scene.foresight.clear()
        if self._held in self._scene.edges:
            self._scene.edges[self._held].setVisible(True)
