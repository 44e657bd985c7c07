"""What a layer is chosen for: to be added somewhere, or to take another's place."""

from dataclasses import dataclass
from functools import cached_property

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from designer import theme
from designer.canvas import offers
from designer.canvas.card_painter import paint_port
from designer.canvas.editor import Editor
from designer.canvas.geometry import PORT_RADIUS, Place, card_rect
from designer.canvas.ghosts import paint_outline, paint_plus
from designer.canvas.insertion import Port, can_follow
from designer.canvas.offers import Offer
from designer.canvas.replacing import replaced
from designer.canvas.routes import free_path
from designer.canvas.scene import CanvasScene
from engine import Edge, Graph
from engine.language import tr

_WIDTH = 2.0


class Occasion:
    """Why layers are offered, and what becomes of the one chosen."""

    def __init__(self, scene: CanvasScene, editor: Editor) -> None:
        self._scene = scene
        self._editor = editor

    @property
    def title(self) -> str:
        """What the person is asked."""
        raise NotImplementedError

    @property
    def offers(self) -> list[Offer]:
        """All layers that can be chosen."""
        raise NotImplementedError

    def would_be(self, offer: Offer) -> Graph:
        """Return the drawing with the layer chosen."""
        raise NotImplementedError

    def choose(self, offer: Offer) -> tuple[str, ...]:
        """Put the layer in, as one step; return the ids of what is new."""
        raise NotImplementedError

    def paint(self, painter: QPainter) -> None:
        """Paint on the canvas what is asked for."""


@dataclass(frozen=True)
class Target:
    """Where a layer would be added: what feeds it, what it feeds, and where its card comes."""

    after: str | None = None
    into: Edge | None = None
    feeds: Port | None = None
    place: Place | None = None
    point: QPointF | None = None  # the loose end of the wire


class Adding(Occasion):
    """A layer is to be added, wired or not."""

    def __init__(self, scene: CanvasScene, editor: Editor, target: Target) -> None:
        super().__init__(scene, editor)
        self._target = target

    @property
    def title(self) -> str:
        """What the person is asked."""
        target, labels = self._target, self._scene.graph.by_id
        if target.into is not None:
            return tr(
                "Insert between {source} and {target}",
                source=labels[target.into.source].label,
                target=labels[target.into.target].label,
            )
        if target.after is not None:
            return tr("Add after {layer}", layer=labels[target.after].label)
        return (
            tr("Add before {layer}", layer=labels[target.feeds[0]].label)
            if target.feeds is not None
            else tr("Add a layer")
        )

    @cached_property
    def offers(self) -> list[Offer]:
        """All layers, each with what it would give here."""
        target, analysis = self._target, self._scene.document.analysis
        seen = self._scene.seen
        source = seen.wires(target.into)[0].source if target.into is not None else seen.output(target.after or "")
        if source:
            return offers.after(analysis.nodes[source].output)
        return offers.before(analysis, target.feeds[0]) if target.feeds is not None else offers.anywhere()

    def would_be(self, offer: Offer) -> Graph:
        """Return the drawing with the layer added."""
        after, into = self._sources(offer)
        if offer.block is not None:
            return self._editor.with_block(offer.block, after=after, into=into).graph
        return self._editor.with_added(offer.layers, after=after, into=into, feeds=self._target.feeds)[0]

    def choose(self, offer: Offer) -> tuple[str, ...]:
        """Add the layer."""
        after, into = self._sources(offer)
        if offer.block is not None:
            place = self._target.place or (0.0, 0.0)
            return self._editor.add_block(offer.block, after=after, into=into, at=place)
        return self._editor.add(offer.layers, after=after, into=into, feeds=self._target.feeds, at=self._target.place)

    def paint(self, painter: QPainter) -> None:
        """Paint the wire that waits for its other end."""
        target = self._target
        painter.setPen(QPen(QColor(theme.current().accent), _WIDTH))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if target.into is not None:
            path = self._scene.edges[target.into].path()
            painter.drawPath(path)
            paint_plus(painter, path.pointAtPercent(0.5))
        elif target.point is not None:
            if target.after is not None:
                painter.drawPath(free_path(self._scene.nodes[target.after].output, target.point))
            elif target.feeds is not None:
                painter.drawPath(free_path(target.point, self._scene.nodes[target.feeds[0]].input(target.feeds[1])))
            paint_port(painter, target.point, PORT_RADIUS, theme.current().accent, filled=True)

    def _sources(self, offer: Offer) -> tuple[str | None, Edge | None]:
        return (self._target.after, self._target.into) if can_follow(offer.layers) else (None, None)


class Replacing(Occasion):
    """A layer is to take a node's place."""

    def __init__(self, scene: CanvasScene, editor: Editor, node: str) -> None:
        super().__init__(scene, editor)
        self._node = node

    @property
    def title(self) -> str:
        """What the person is asked."""
        return tr("Replace {layer} with", layer=self._scene.seen.whole.by_id[self._node].label)

    @cached_property
    def offers(self) -> list[Offer]:
        """All other layers, each with what it would give here."""
        return offers.instead(self._scene.document.analysis, self._node)

    def would_be(self, offer: Offer) -> Graph:
        """Return the drawing with the other layer."""
        return replaced(self._scene.seen.whole, self._node, offer.layers[0])[0]

    def choose(self, offer: Offer) -> tuple[str, ...]:
        """Put the other layer in."""
        return (self._editor.replace(self._node, offer.layers[0]),)

    def paint(self, painter: QPainter) -> None:
        """Mark the card that would be another."""
        paint_outline(painter, card_rect(self._scene.places[self._scene.seen.card(self._node)]))
