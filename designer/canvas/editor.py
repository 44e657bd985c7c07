"""What the canvas does to the document: every method is one step that can be undone."""

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence

import msgspec

from designer.canvas import dots as dotting
from designer.canvas.arranging import arranged_all, arranged_part
from designer.canvas.block_placing import Placed, with_block
from designer.canvas.dots import Dot, State
from designer.canvas.framing import (
    clear_of_frames,
    frame_at,
    layout_with,
    placed,
    settled,
    shifted,
    stored_places,
)
from designer.canvas.geometry import Place
from designer.canvas.insertion import Port, added, fitted, natural_spot
from designer.canvas.placement import free_shift
from designer.canvas.replacing import replaced, successor
from designer.canvas.scene import CanvasScene
from designer.canvas.visible import visible
from designer.canvas.wiring import End, wired, without
from designer.document import Document
from engine import Block, Edge, Fix, Graph, Groups, Identity, Layer, Network, excerpt, joined
from engine import dots as engine_dots
from engine.dots import Dots
from engine.groups import carried, enter, exchanged
from engine.language import tr, tr_count, tr_inside, tr_noop

_DELETE = tr_noop("Delete {layers}")


class Editor:
    """The edits of the canvas. With each, the document also learns the positions that were computed for display.

    Wires are those between cards, each of which may stand for several of the network.
    """

    def __init__(self, document: Document, scene: CanvasScene) -> None:
        self._document = document
        self._scene = scene

    def add(
        self,
        layers: Sequence[Layer],
        *,
        after: str | None = None,
        into: Edge | None = None,
        feeds: Port | None = None,
        at: Place | None = None,
    ) -> tuple[str, ...]:
        """Add a chain of layers, with values that work on what comes in; select it, and return the new ids.

        Parameters
        ----------
        layers
            First to last.
        after, into
            A card that feeds the first, or a wire that they go into.
        feeds
            An input that the last feeds.
        at
            Where the first one's top left corner should be.
        """
        if not layers:
            return ()
        graph, ids = self.with_added(layers, after=after, into=into, feeds=feeds)
        names = " + ".join(layer.title for layer in layers)
        text = tr("Insert {layers}", layers=names) if into is not None else tr("Add {layers}", layers=names)
        if at is None:
            self._apply(text, graph)
        else:
            self._apply(text, graph, {ids[0]: at}, frame_at(self._scene.seen, self._scene.places, at))
        self._document.selection.select(ids)
        return ids

    def with_added(
        self,
        layers: Sequence[Layer],
        *,
        after: str | None = None,
        into: Edge | None = None,
        feeds: Port | None = None,
    ) -> tuple[Graph, tuple[str, ...]]:
        """Return the network's graph after `add`, and the new ids, without an edit."""
        seen = self._scene.seen
        wires = () if into is None else seen.wires(into)
        feeding = None if after is None else seen.output(after)
        source = wires[0].source if wires else feeding
        shape = self._document.analysis.nodes[source].output if source is not None else None
        inputs = () if feeds is None else (feeds,)
        return added(self._graph, fitted(layers, shape), after=feeding, into=wires, feeds=inputs)

    def add_to_selection(self, layers: Sequence[Layer], at: Place) -> tuple[str, ...]:
        """Add layers below the selected card, else below the last one; ``at`` counts on an empty canvas only."""
        after, into = self._natural_spot(layers)
        return self.add(layers, after=after, into=into, at=None if self._graph.nodes else at)

    def add_block(
        self, block: Block, *, after: str | None = None, into: Edge | None = None, at: Place = (0.0, 0.0)
    ) -> tuple[str, ...]:
        """Add a block, behind a card or in the middle of a wire, laid out; select it, and return the new ids."""
        found = self.with_block(block, after=after, into=into, at=at)
        name = tr_inside(tr(block.title))
        text = tr("Insert {layers}", layers=name) if into is not None else tr("Add {layers}", layers=name)
        home = None if into is not None or after is not None else frame_at(self._scene.seen, self._scene.places, at)
        self._commit(text, found.graph, found.places, home)
        self._document.selection.select(found.ids)
        return found.ids

    def with_block(
        self, block: Block, *, after: str | None = None, into: Edge | None = None, at: Place = (0.0, 0.0)
    ) -> Placed:
        """Return what there is after `add_block`, without an edit."""
        scene = self._scene
        return with_block(scene.seen, self._document.analysis, scene.places, block, after=after, into=into, at=at)

    def add_block_to_selection(self, block: Block, at: Place) -> tuple[str, ...]:
        """Add a block below the selected card, else below the last one; ``at`` counts on an empty canvas only."""
        after, into = self._natural_spot((Identity(),))
        return self.add_block(block, after=after, into=into, at=at)

    def connect(self, source: str, ends: Sequence[End], moved: Iterable[Edge] = ()) -> None:
        """Wire a node to one or more ports, in the place of what is there; ``moved`` are wires that go."""
        moved = tuple(moved)
        graph = wired(without(self._graph, moved), source, ends)
        if set(graph.edges) != set(self._graph.edges):
            dots = dict(self._document.network.dots)
            if len(moved) == len(ends) == 1 and moved[0] in dots:  # what was bent by hand stays so
                dots[Edge(source, *ends[0])] = dots.pop(moved[0])
            text = tr("Connect {source} to {target}", source=self._label(source), target=self._label(ends[0][0]))
            self._apply(text, graph, dots=dots)

    def disconnect(self, *edges: Edge) -> None:
        """Remove wires."""
        seen, graph = self._scene.seen, self._graph
        for wire in (wire for edge in edges for wire in seen.wires(edge)):
            graph = graph.disconnect(wire)
        if len(edges) == 1:
            self._apply(
                tr(
                    "Disconnect {source} from {target}",
                    source=seen.label(edges[0].source),
                    target=seen.label(edges[0].target),
                ),
                graph,
            )
        elif edges:
            self._apply(tr_count("Remove {count} wire", "Remove {count} wires", len(edges)), graph)

    def replace(self, node: str, layer: Layer) -> str:
        """Put another layer in a node's place, keeping wires and shared hyper-parameters; return its id."""
        network = self._document.network
        graph, new = replaced(self._graph, node, successor(self._document.analysis, node, layer))
        layout = layout_with(self._scene.seen, self._scene.places, network.layout)
        if node in layout:
            layout[new] = layout[node] if new == node else layout.pop(node)
        text = tr("Replace {old} with {new}", old=self._label(node), new=layer.title)
        groups, dots = exchanged(network.groups, node, new), engine_dots.exchanged(network.dots, node, new, graph)
        changed = msgspec.structs.replace(network, graph=graph, layout=layout, groups=groups, dots=dots)
        self._document.apply(text, settled(changed))  # what was one card with its repeats may now be several
        self._document.selection.select([new])
        return new

    def insert(self, text: str, piece: Network) -> tuple[str, ...]:
        """Put a network beside what is there, its cards where it says; select it, and return the new ids."""
        whole, ids = joined(self._shown_network(), piece)
        self._document.apply(text, whole)
        self._document.selection.select(ids.values())
        return tuple(ids.values())

    def insert_near(self, text: str, piece: Network) -> tuple[str, ...]:
        """Put a network beside what is there, as near as it can come to where it says without touching a card."""
        piece = settled(piece)
        across, down = free_shift(self._scene.places, stored_places(visible(piece.graph, piece.groups), piece.layout))
        return self.insert(text, shifted(piece, across, down))

    def piece(self, nodes: Iterable[str]) -> Network:
        """Return nodes as a network of their own, its cards where they are shown."""
        return excerpt(self._shown_network(), nodes)

    def duplicate(self, places: Mapping[str, Place] | None = None) -> tuple[str, ...]:
        """Copy the selected nodes, or the cards that are given a place for their copies; return the new ids."""
        seen = self._scene.seen
        nodes = self._document.selection.nodes
        if places:
            nodes = tuple(node for card in places for node in seen.nodes(card))
        if not nodes:
            return ()
        piece, text = self.piece(nodes), tr("Duplicate {layers}", layers=self._labels(nodes))
        if places is None:
            return self.insert_near(text, piece)
        # The piece's cards are those of the whole: what is copied of a collapsed group is all of it.
        card, (x, y) = next(iter(places.items()))
        left, top = self._scene.places[card]
        layout, dots = layout_with(seen, places, piece.layout), engine_dots.shifted(piece.dots, x - left, y - top)
        return self.insert(text, msgspec.structs.replace(piece, layout=layout, dots=dots))

    def delete(self, nodes: Iterable[str], text: str = _DELETE, dots: Collection[Dot] = ()) -> None:
        """Remove nodes and their wires, and some dots with them; ``text`` says so, with a field ``layers``."""
        gone = tuple(nodes)
        if gone:
            left = dotting.without(self._document.network.dots, dots)
            self._apply(tr(text, layers=self._labels(gone)), self._graph.remove(gone), dots=left)

    def bypass(self, nodes: Iterable[str]) -> None:
        """Remove nodes, each time wiring what fed the node to all that it fed."""
        gone = tuple(nodes)
        graph = self._graph
        for node in gone:
            graph = graph.bypass(node)
        if gone:
            self._apply(tr("Delete and reconnect {layers}", layers=self._labels(gone)), graph)

    def delete_selected(self) -> None:
        """Remove the selected nodes and dots, or the selected wire."""
        if self._scene.selected_edge is not None:
            self.disconnect(self._scene.selected_edge)
        else:
            self.delete(self._document.selection.nodes, dots=self._scene.dots.selected)

    def move(self, places: Mapping[str, Place], dots: Dots | None = None) -> None:
        """Put cards at other places, and dots."""
        if places or dots:
            self._place(self._moving_text(places), places, dots)

    def nudge(self, across: float, down: float) -> None:
        """Move the selected cards and dots by a little; several in a row are one step."""
        cards, scene, dots = self._scene.selected_cards(), self._scene, self._document.network.dots
        which = dotting.moving(scene.seen, dots, cards, scene.dots.selected)
        if cards or which:
            places = {card: (scene.places[card][0] + across, scene.places[card][1] + down) for card in cards}
            changed = dotting.moved(dots, which, across, down)
            key = ("nudge", cards, scene.dots.selected)
            self._place(self._moving_text(places), places, changed, merge_key=key)

    def set_dots(self, text: str, dots: Dots) -> None:
        """Put other dots on wires, as one step."""
        self._place(text, {}, dots)

    def apply_fix(self, fix: Fix) -> None:
        """Mend a mistake; what the fix inserts finds room."""
        self._apply(fix.title, fix.edit(self._graph))

    def arrange(self) -> None:
        """Lay out the selected cards anew where they are; with fewer than two, the whole network.

        Wires between them need no dots there.
        """
        scene, network, cards = self._scene, self._document.network, self._scene.selected_cards()
        if len(cards) > 1:
            text = tr_count("Arrange {count} layer", "Arrange {count} layers", len(cards))
            moved = arranged_part(scene.seen, scene.places, cards)
        else:
            text, moved = tr("Arrange layers"), arranged_all(scene.seen, scene.places, self._document.analysis.order)
        if moved:
            places = {**scene.places, **moved}
            after = State(scene.seen, places, layout_with(scene.seen, places, network.layout))
            self._place(text, moved, dotting.arranged(network.dots, self._shown_state(), after, moved))

    @property
    def _graph(self) -> Graph:
        return self._document.graph

    def _natural_spot(self, layers: Sequence[Layer]) -> tuple[str | None, Edge | None]:
        """Return the card below which layers go, or the wire into which, where nobody points."""
        nodes, seen = self._document.selection.nodes or self._document.analysis.order, self._scene.seen
        after, into = natural_spot(seen.graph, layers, seen.card(nodes[-1]) if nodes else None)
        return (None if after is None or seen.output(after) is None else after), into

    def _apply(
        self,
        text: str,
        graph: Graph,
        wanted: Mapping[str, Place] | None = None,
        home: str | None = None,
        dots: Dots | None = None,
    ) -> None:
        """Apply a graph; new nodes come to the places wanted, and into the group ``home``."""
        seen = visible(graph, self._groups_with(graph, home))
        self._commit(text, graph, placed(seen, self._scene.places, wanted), home, dots)

    def _commit(
        self, text: str, graph: Graph, places: Mapping[str, Place], home: str | None, dots: Dots | None = None
    ) -> None:
        """Apply a graph with all cards at some places, but for new ones clear of the frames they are not in.

        The dots are those of the network, unless others are given.
        """
        network, groups = self._document.network, self._groups_with(graph, home)
        seen = visible(graph, groups)
        clear = clear_of_frames(seen, places, self._scene.places)
        layout = {node: place for node, place in layout_with(seen, clear, network.layout).items() if node in graph}
        dots = network.dots if dots is None else dots
        if dots:
            dots = dotting.slid(dots, self._shown_state(), State(seen, clear, layout))
            dots = engine_dots.carried(dots, network.graph, graph, dotting.middles(seen, clear))
        changed = msgspec.structs.replace(network, graph=graph, layout=layout, groups=groups, dots=dots)
        self._document.apply(text, changed)

    def _shown_state(self) -> State:
        return State(self._scene.seen, self._scene.places, self._document.network.layout)

    def _groups_with(self, graph: Graph, home: str | None) -> Groups:
        """Return the groups of a changed drawing, its new nodes in ``home``."""
        network = self._document.network
        groups = carried(network.groups, network.graph, graph)
        if home is None:
            return groups
        return enter(groups, home, [node.id for node in graph.nodes if node.id not in network.graph])

    def _shown_network(self) -> Network:
        """Return the network with all cards where they are shown."""
        network = self._document.network
        layout = layout_with(self._scene.seen, self._scene.places, network.layout)
        return msgspec.structs.replace(network, layout=layout)

    def _place(
        self, text: str, places: Mapping[str, Place], dots: Dots | None = None, *, merge_key: Hashable | None = None
    ) -> None:
        network, shown = self._document.network, {**self._scene.places, **places}
        layout = layout_with(self._scene.seen, shown, network.layout)
        dots = network.dots if dots is None else dots
        self._document.apply(text, msgspec.structs.replace(network, layout=layout, dots=dots), merge_key)

    def _label(self, node: str) -> str:
        return self._graph.by_id[node].label

    def _labels(self, nodes: Sequence[str]) -> str:
        return self._label(nodes[0]) if len(nodes) == 1 else tr_count("{count} layer", "{count} layers", len(nodes))

    def _moving_text(self, cards: Mapping[str, Place]) -> str:
        if not cards:
            return tr_count("Move dot", "Move {count} dots", len(self._scene.dots.selected))
        if len(cards) > 1:
            return tr_count("Move {count} layer", "Move {count} layers", len(cards))
        return tr("Move {layer}", layer=self._scene.seen.label(next(iter(cards))))
