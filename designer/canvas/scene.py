"""The scene: one item for every card, wire and frame that is seen of the document, kept in step with it."""

from collections.abc import Collection, Iterable, Mapping

from PySide6.QtCore import QObject, QRect, QRectF, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsScene

from designer.canvas.card import card_of
from designer.canvas.edge_item import EdgeItem
from designer.canvas.fold_card import fold_card
from designer.canvas.foresight import Foresight
from designer.canvas.frame_item import FrameItem
from designer.canvas.frames import Frames
from designer.canvas.framing import placed, stored_places
from designer.canvas.geometry import CARD_HEIGHT, CARD_WIDTH, Place
from designer.canvas.heat import Heat, HeatMark, Measure, heat_of
from designer.canvas.hits import Hit
from designer.canvas.node_item import NodeItem
from designer.canvas.occupancy import Occupancy
from designer.canvas.overview import Overview
from designer.canvas.sprites import Sprites
from designer.canvas.thumbnails import Thumbnails
from designer.canvas.visible import Fold, Visible, visible
from designer.canvas.wire_dots import WireDots
from designer.canvas.wire_labels import WireLabels
from designer.canvas.wires import Wires
from designer.document import Change, Document
from engine import Diagnostic, Edge, Graph, Node, NodeAnalysis, Severity
from engine.dots import Dots

_Facts = tuple[
    Node,
    tuple[NodeAnalysis, ...],
    tuple[Diagnostic, ...],
    tuple[Edge, ...],
    bool,
    Fold | None,
    HeatMark | None,
    bool,
]


class CanvasScene(QGraphicsScene):
    """What the document holds, as items.

    It listens and never edits. Nodes without a position are shown at a computed one, which enters the document with
    the next edit made on the canvas.

    Attributes
    ----------
    seen
        What is drawn: the document's graph with a card for every collapsed group, but for the moment in which that
        changes.
    nodes
        The cards' items, by the id of the card; of a layer that is the node's.
    wires, dots
        The items of wires between cards and of the dots on them, and which dots are selected.
    places, taken
        Where each card is shown; which part of the canvas that takes.
    heat, seconds
        The measure that is compared between cards; how long each layer took in the last run.
    revision
        Another number whenever cards are others, or have another place or another colour from afar.
    zoom
        The scale of the view, which distances on the screen depend on.
    """

    changing = Signal()  # the document has changed, the items have not yet
    loaded = Signal()  # another network is on the scene
    selection_changed = Signal()  # of nodes, of a wire or of dots

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)
        self.document = document
        self.sprites = Sprites()
        self.thumbnails = Thumbnails()
        self.overview = Overview()
        self.foresight = Foresight(self)
        self.wire_labels = WireLabels()
        self.nodes: dict[str, NodeItem] = {}
        self.places: dict[str, Place] = {}
        self.seen = Visible(Graph(), Graph())
        self._frames = Frames(self)
        self.revision = 0
        self.heat = Heat()
        self.seconds: Mapping[str, float] = {}
        self.zoom = 1.0
        self.selected_edge: Edge | None = None
        self._unfound: frozenset[str] = frozenset()
        self._hovered = (Hit(), False)
        self._computed: dict[str, Place] = {}  # for nodes that came without a position
        self._facts: dict[str, _Facts] = {}
        self.taken = Occupancy({})
        self.wires = Wires(self)
        self.dots = WireDots(self)
        document.changed.connect(self._follow)
        document.selection.changed.connect(self._on_selection)
        self._reset()

    @property
    def graph(self) -> Graph:
        """Cards and the wires between them."""
        return self.seen.graph

    @property
    def edges(self) -> dict[Edge, EdgeItem]:
        """The wires' items, by the wire between two cards."""
        return self.wires.items

    @property
    def frames(self) -> dict[str, FrameItem]:
        """The frames of expanded groups, by group; outer ones first."""
        return self._frames.items

    def selected_cards(self) -> tuple[str, ...]:
        """Return the cards that show selected nodes."""
        return self.seen.cards(self.document.selection.nodes)

    def content_rect(self) -> QRectF:
        """Return the rectangle around all cards and wires; null where there are none."""
        if not self.places:
            return QRectF()
        xs, ys = zip(*self.places.values(), strict=True)
        lanes = [item.route.lane for item in self.edges.values() if item.route.lane is not None]
        left, right = min(*xs, *lanes, xs[0]), max(max(xs) + CARD_WIDTH, *lanes, xs[0])
        loops = [item.reach for item in self.edges.values() if item.route.upwards or item.route.way or item.route.legs]
        rect = QRectF(left, min(ys), right - left, max(ys) + CARD_HEIGHT - min(ys))
        for part in (*loops, *(item.rect() for item in self.frames.values())):
            rect = rect.united(part)
        return rect

    def cards_in(self, rect: QRectF) -> int:
        """Return about how many cards a rectangle of the canvas holds."""
        return self.taken.count(rect.left(), rect.top(), rect.right(), rect.bottom())

    def findings(self, card: str) -> list[Diagnostic]:
        """Return what is wrong with the nodes that a card shows, or remarkable."""
        nodes = set(self.seen.nodes(card))
        return [found for found in self.document.findings if found.node in nodes]

    def preview(self, moved: dict[str, Place], dots: Dots | None = None) -> None:
        """Show some cards and dots at other places, wires and all, without an edit; the next change ends it."""
        left = [self.places[card] for card in moved]
        self._move_cards(moved)
        changed = self.dots.show(self.seen, dots) if dots is not None else ()
        self.wires.preview(moved, left, changed)

    def select_edge(self, edge: Edge | None) -> None:
        """Select a wire, and no node or dot with it; None selects none."""
        if edge is not None:
            self.document.selection.select(())
            self.dots.select(())
        if edge == self.selected_edge:
            return
        for one, selected in ((self.selected_edge, False), (edge, True)):
            if one in self.edges:
                self.edges[one].set_state(selected=selected)
        self.selected_edge = edge
        self.dots.restyle()
        self.overview.invalidate()
        self.selection_changed.emit()

    def dim(self, nodes: Collection[str]) -> None:
        """Let exactly these cards step back, and those that a search has not found."""
        for node, item in self.nodes.items():
            item.set_dimmed(node in nodes or node in self._unfound)
        self.overview.invalidate()

    def show_found(self, found: Collection[str] | None) -> None:
        """Let the cards without a node that a search has found step back until the next search; None ends it."""
        self._unfound = frozenset() if found is None else frozenset(self.nodes).difference(self.seen.cards(found))
        self.dim(())

    def hover(self, found: Hit, *, offered: bool = False) -> None:
        """Highlight what is under the pointer, and nothing else; ``offered`` marks where a wire would end."""
        if (found, offered) == self._hovered:
            return
        before = self._hovered[0]
        self._hovered = (found, offered)
        if before.node in self.nodes:
            self.nodes[before.node].set_hover(False)
        if before.edge in self.edges:
            self.edges[before.edge].set_state(hovered=False)
        if found.node in self.nodes:
            self.nodes[found.node].set_hover(True, found.port, offered=offered)
        if found.edge in self.edges:
            self.edges[found.edge].set_state(hovered=True)
        self._frames.hover(found.frame)
        self.dots.hover(found.dot)
        self.overview.invalidate()

    def compare(self, measure: Measure | None) -> None:
        """Show every layer's share of a measure; None shows none."""
        self.heat = Heat(measure)
        self.refresh()

    def refresh(self) -> None:
        """Bring the cards in step with what they show beside the document: shares and feature maps."""
        self._show(self.document.findings)

    def restyle(self) -> None:
        """Take the colours of the theme in force."""
        self.sprites.clear()
        self.thumbnails.restyle()
        self.overview.invalidate()
        self.revision += 1
        self.wires.restyle()
        self.dots.restyle()
        self.update()

    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        """Paint the shapes beside long wires."""
        self.wire_labels.paint(painter, self, QRectF(rect))

    def _reset(self) -> None:
        """Show the document's network as one that nothing is known of."""
        self.dots.select(())
        network = self.document.network
        seen = visible(network.graph, network.groups)
        known = stored_places(seen, network.layout)
        self._computed = {card: place for card, place in placed(seen, known).items() if card not in known}
        self._show(self.document.findings)

    def _follow(self, change: Change) -> None:
        self.changing.emit()
        if change.loaded:
            self._reset()
            self.loaded.emit()
        else:
            self._show(change.findings)

    def _show(self, findings: Iterable[Diagnostic]) -> None:
        """Bring items in step with the document; those that say the same as before are not touched."""
        self.update()  # first: what the items ask for next is then known to Qt to be in vain
        before, network = self.graph, self.document.network
        if network.graph is not self.seen.whole or network.groups is not self.seen.groups:
            self.seen = visible(network.graph, network.groups)
        graph = self.graph
        by_card: dict[str, list[Diagnostic]] = {}
        wrong: set[Edge] = set()
        for found in findings:
            if found.node is not None:
                by_card.setdefault(self.seen.card(found.node), []).append(found)
            if found.edge is not None and found.severity is Severity.ERROR:
                wrong.add(found.edge)
        self._drop_items()
        self.heat = heat_of(self.heat.measure, self.document.analysis, self.seconds, self.seen)
        rewired = before.edges is not graph.edges
        for node in graph.nodes:
            rewired |= self._show_node(node, tuple(by_card.get(node.id, ())))
        places = placed(self.seen, {**self._computed, **stored_places(self.seen, network.layout)})
        moved = {node: place for node, place in places.items() if self.places.get(node) != place}
        self._move_cards(moved)
        redotted = self.dots.show(self.seen, network.dots)
        self.wires.follow(moved=rewired or bool(moved) or bool(redotted))
        for edge, item in self.edges.items():
            item.set_state(wrong=not wrong.isdisjoint(self.seen.wires(edge)))
        self.dots.restyle()
        wrong_cards = {card for card, item in self.nodes.items() if item.card.wrong}
        self._frames.show(self.seen, self.document.analysis.nodes, wrong_cards)
        self._frames.place(self.seen, self.places)
        self.overview.invalidate()
        self.wire_labels.invalidate()
        self._show_selection()

    def _drop_items(self) -> None:
        for node in [node for node in self.nodes if node not in self.graph]:
            self.removeItem(self.nodes.pop(node))
            self._facts.pop(node)
            self.taken.remove(node, self.places.pop(node))
            self.sprites.forget(node)
            self.revision += 1
        self.wires.keep(self.graph.edges)
        if self.selected_edge not in self.edges:
            self.selected_edge = None

    def _show_node(self, node: Node, findings: tuple[Diagnostic, ...]) -> bool:
        """Bring one card up to date; return whether its ports have moved."""
        analysis, fold = self.document.analysis.nodes, self.seen.folds.get(node.id)
        entries = tuple([analysis[one] for one in self.seen.nodes(node.id)])
        wires = tuple(self.graph.incoming[node.id].values())
        heat, maps = self.heat.marks.get(node.id), self.thumbnails.has(node.id)
        facts = (node, entries, findings, wires, bool(self.graph.outgoing[node.id]), fold, heat, maps)
        if self._facts.get(node.id) == facts:
            return False
        self._facts[node.id] = facts
        if fold is None:
            card = card_of(self.graph, node, entries[0], findings, heat, maps=maps)
        else:
            card = fold_card(self.seen, node.id, analysis, findings, heat)
        item = self.nodes.get(node.id)
        if item is None:
            self.nodes[node.id] = NodeItem(node.id, card, self.sprites, self.thumbnails)
            self.addItem(self.nodes[node.id])
            return False
        moved = len(card.inputs) != len(item.card.inputs)
        self.revision += (card.family, card.heat) != (item.card.family, item.card.heat)
        item.show_card(card)
        return moved

    def _move_cards(self, moved: dict[str, Place]) -> None:
        for node, place in moved.items():
            if node in self.places:
                self.taken.remove(node, self.places[node])
            self.taken.add(node, place)
            self.places[node] = place
            self.nodes[node].move_to(place)
        if moved:
            self._frames.place(self.seen, self.places)
            self.overview.invalidate()
            self.revision += 1

    def _on_selection(self, _: object) -> None:
        self.dots.select(())  # who selects cards and dots selects the cards first
        self._show_selection()

    def _show_selection(self) -> None:
        selected = set(self.document.selection.nodes)
        whole: set[str] = set()
        for card, item in self.nodes.items():
            nodes = self.seen.nodes(card)
            item.set_selected(not selected.isdisjoint(nodes), whole=selected.issuperset(nodes))
            if item.whole:
                whole.add(card)
        self._frames.select(self.seen, whole)
        if selected:
            self.select_edge(None)
        self.overview.invalidate()
        self.selection_changed.emit()
