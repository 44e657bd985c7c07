"""Layers and blocks dragged onto the canvas: their ghosts, and what becomes of them."""

from collections.abc import Hashable
from dataclasses import replace

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent, QPainter, QPen
from PySide6.QtWidgets import QGraphicsView

from designer import theme
from designer.canvas.card import Card, blank_card
from designer.canvas.editor import Editor
from designer.canvas.geometry import CARD_WIDTH, PITCH, Place
from designer.canvas.ghosts import paint_ghost, paint_plus
from designer.canvas.hits import Hit, hit
from designer.canvas.labels import paint_label
from designer.canvas.replacing import replaced, successor
from designer.canvas.routes import free_path
from designer.canvas.scene import CanvasScene
from designer.canvas.spots import Spot, spot_for
from designer.mime import unpack, unpack_block
from engine import Block, Graph, Identity, Layer
from engine.language import tr


class LayerDrops:
    """Takes the drag events of a view; at most one drag is over it."""

    def __init__(self, view: QGraphicsView, scene: CanvasScene, editor: Editor) -> None:
        self._view = view
        self._scene = scene
        self._editor = editor
        self._layers: tuple[Layer, ...] = ()
        self._block: Block | None = None
        self._ghosts: list[tuple[Card, Place]] = []  # their places are those on the canvas
        self._entries: list[Place] = []  # the cards that a wire from the card above would lead to
        self._foreseen: Hashable = None  # what the ghosts show
        self._label = ""
        self._at = QPointF()
        self.spot: Spot | None = None  # where the layers would go

    @property
    def active(self) -> bool:
        """Whether layers are over the view."""
        return self.spot is not None

    def enter(self, event: QDragEnterEvent) -> None:
        """Welcome layers and blocks, and nothing else."""
        self._block = unpack_block(event.mimeData())
        self._layers = unpack(event.mimeData()) if self._block is None else (Identity(),)  # a stand-in that fits
        self._foreseen = None
        self.move(event)

    def move(self, event: QDropEvent) -> None:
        """Show where the layers would go; with Alt, wired to nothing; with Shift, in the place of a card."""
        if not self._layers:
            event.ignore()
            return
        self._at = self._view.mapToScene(event.position().toPoint())
        node = hit(self._scene, self._at).node if len(self._layers) == 1 and self._block is None else None
        self._label = ""
        if node in self._scene.seen.folds:
            node = None  # a group is no layer that another could replace
        if node is not None and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.spot = Spot(self._scene.places[node], replaces=node)
        else:
            alone = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
            self.spot = spot_for(self._scene, self._layers, self._at, alone=alone)
            self._label = (
                tr("Shift: replace {layer}", layer=self._scene.graph.by_id[node].label) if node is not None else ""
            )
        self._foresee(self.spot)
        self._scene.hover(Hit(edge=self.spot.into))
        self._view.viewport().update()
        event.acceptProposedAction()

    def leave(self) -> None:
        """Show nothing any more."""
        if self._block is not None:
            self._scene.dim(())
        self._layers, self._block, self.spot, self._foreseen = (), None, None, None
        self._scene.foresight.clear()
        self._scene.hover(Hit())
        self._view.viewport().update()

    def drop(self, event: QDropEvent) -> tuple[str, ...]:
        """Add the layers or the block where they are shown; return their ids."""
        self.move(event)
        layers, block, spot = self._layers, self._block, self.spot
        self.leave()
        if spot is None:
            return ()
        if spot.replaces is not None:
            return (self._editor.replace(spot.replaces, layers[0]),)
        if block is not None:
            return self._editor.add_block(block, after=spot.after, into=spot.into, at=spot.place)
        return self._editor.add(layers, after=spot.after, into=spot.into, at=spot.place)

    def paint(self, painter: QPainter) -> None:
        """Paint the ghosts, and the wire that would feed them."""
        if self.spot is None:
            return
        for card, place in self._ghosts:
            paint_ghost(painter, card, place)
        painter.setPen(QPen(QColor(theme.current().accent), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self.spot.after is not None:
            for x, y in self._entries:
                end = QPointF(x + CARD_WIDTH / 2, y)
                painter.drawPath(free_path(self._scene.nodes[self.spot.after].output, end))
        if self.spot.into is not None:
            path = self._scene.edges[self.spot.into].path()
            painter.drawPath(path)  # once more, in front of the ghosts that hide it
            paint_plus(painter, path.pointAtPercent(0.5))
        if self._label:
            paint_label(painter, self._at, self._label, self._scene.zoom, theme.current().text)

    def _foresee(self, spot: Spot) -> None:
        """Show what the layers would bring: on their ghosts, and on all cards that follow."""
        key = (self._layers, self._block, spot)
        if key == self._foreseen:
            return
        self._foreseen = key
        if self._block is not None:
            self._foresee_block(self._block, spot)
            return
        if spot == Spot(spot.place):
            self._scene.foresight.clear()
            cards = [blank_card(layer) for layer in self._layers]
        else:
            graph, ids = self._would_be(spot)
            self._scene.foresight.consider(("drop", self._layers, replace(spot, place=(0.0, 0.0))), lambda: graph)
            cards = [card for card in map(self._scene.foresight.card, ids) if card is not None]
        x, y = spot.place
        self._ghosts = [(card, (x, y + number * PITCH)) for number, card in enumerate(cards)]
        self._entries = [spot.place]

    def _foresee_block(self, block: Block, spot: Spot) -> None:
        """Show the block's cards where they would be; those that will make room step back."""
        seen, places = self._scene.seen, self._scene.places
        found = self._editor.with_block(block, after=spot.after, into=spot.into, at=spot.place)
        self._scene.foresight.consider(("drop", block.name, spot), lambda: found.graph)
        cards = ((self._scene.foresight.card(node), found.places[node]) for node in found.ids)
        self._ghosts = [(card, place) for card, place in cards if card is not None]
        self._scene.dim({node for node, place in places.items() if found.places[node] != place})
        source = seen.output(spot.after) if spot.after is not None else None
        fed = found.graph.outgoing[source] if source is not None else []
        self._entries = [found.places[edge.target] for edge in fed if edge.target in found.ids]

    def _would_be(self, spot: Spot) -> tuple[Graph, tuple[str, ...]]:
        """Return the drawing after a drop, and the ids of what was dropped."""
        graph, analysis = self._scene.seen.whole, self._scene.document.analysis
        if spot.replaces is not None:
            layer = successor(analysis, spot.replaces, self._layers[0])
            graph, node = replaced(graph, spot.replaces, layer)
            return graph, (node,)
        return self._editor.with_added(self._layers, after=spot.after, into=spot.into)
