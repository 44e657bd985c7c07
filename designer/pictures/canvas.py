"""The canvas as it looks, painted as shapes."""

from collections.abc import Collection

from msgspec.structs import replace
from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QGraphicsItem, QGraphicsPathItem, QStyleOptionGraphicsItem

from designer import theme
from designer.canvas.card import Card
from designer.canvas.dot_item import DotItem
from designer.canvas.edge_item import EdgeItem
from designer.canvas.frame_item import FrameItem
from designer.canvas.node_item import NodeItem
from designer.canvas.scene import CanvasScene
from designer.canvas.visible import Visible
from designer.document import Document
from designer.pictures.pieces import Look
from designer.theme import Theme
from designer.vector import VectorPainter
from engine import Network

_MARGIN = 16.0


class CanvasPicture:
    """A network's canvas, all of it or some of its layers, without selection, remarks, and dots on wires.

    Attributes
    ----------
    width, height
        Of what `paint` paints, from (0, 0).
    """

    def __init__(self, network: Network, colours: Theme, look: Look, nodes: Collection[str] | None = None) -> None:
        self._colours = colours
        with theme.using(colours):
            self._document = Document()
            self._document.load(network)
            self._scene = CanvasScene(self._document, self._document)
            self._scene.wires.settle()
        for card in self._scene.nodes.values():
            card.show_card(_shown(card.card, look))
        visible = [item for item in self._scene.items() if item.isVisible() and not isinstance(item, DotItem)]
        items = [item for item in visible if nodes is None or _belongs(item, nodes, self._scene.seen)]
        self._items = sorted(items, key=lambda item: item.zValue())
        rect = QRectF()
        for item in items:
            rect = rect.united(item.sceneBoundingRect())
        rect.adjust(-_MARGIN, -_MARGIN, _MARGIN, _MARGIN)
        self._corner = rect.topLeft()
        self.width, self.height = rect.width(), rect.height()

    def paint(self, painter: VectorPainter) -> None:
        """Paint everything; the background is left as it is."""
        with theme.using(self._colours):
            for item in self._items:
                painter.save()
                painter.translate(item.scenePos() - self._corner)
                painter.setOpacity(item.effectiveOpacity())
                _paint_item(painter, item)
                painter.restore()


def _belongs(item: QGraphicsItem, nodes: Collection[str], seen: Visible) -> bool:
    """Whether an item shows some of the layers, is a wire between two of them, or a frame around them alone."""
    if isinstance(item, FrameItem):
        return set(nodes).issuperset(seen.within(item.group_id))
    cards = seen.cards(nodes)
    if isinstance(item, NodeItem):
        return item.node in cards
    return isinstance(item, EdgeItem) and item.edge.source in cards and item.edge.target in cards


def _paint_item(painter: VectorPainter, item: QGraphicsItem) -> None:
    if isinstance(item, QGraphicsPathItem):  # Qt's own, which would not be heard by a painter written in Python
        painter.setPen(item.pen())
        painter.setBrush(item.brush())
        painter.drawPath(item.path())
    else:
        item.paint(painter, QStyleOptionGraphicsItem(), None)


def _shown(card: Card, look: Look) -> Card:
    """Return a card with what a picture is to tell of it."""
    card = replace(card, badge=None)
    if card.folded:  # a group has no other name, and a number of repeats is no shape
        card = card if look.shapes else replace(card, kind="")
        return card if look.parameters else replace(card, counts=())
    if not look.names:
        kind, _, rest = card.kind.partition(" · ")
        card = replace(card, label=kind, kind=rest)
    if not look.shapes:
        card = replace(card, shape="")
    return card if look.parameters else replace(card, counts=())
