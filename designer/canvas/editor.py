"""What the canvas does to the document: every method is one step that can be undone."""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from designer.canvas.auto_layout import among, arrange
from designer.canvas.block_placing import placed
from designer.canvas.geometry import GRID, Place
from designer.canvas.insertion import Port, added, fitted, natural_spot
from designer.canvas.placement import complete, free_shift
from designer.canvas.replacing import replaced, successor
from designer.canvas.scene import CanvasScene
from designer.canvas.wiring import without
from designer.document import Document
from engine import Block, Edge, Fix, Graph, Identity, Layer, Network, excerpt, joined


class Editor:
    """The edits of the canvas. With each, the document also learns the positions that were computed for display."""

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
            A node that feeds the first, or a wire that they go into.
        feeds
            An input that the last feeds.
        at
            Where the first one's top left corner should be.
        """
        if not layers:
            return ()
        source = into.source if into is not None else after
        shape = self._document.analysis.nodes[source].output if source is not None else None
        graph, ids = added(self._graph, fitted(layers, shape), after=after, into=into, feeds=feeds)
        verb = "Insert" if into is not None else "Add"
        self._apply(f"{verb} {' + '.join(layer.title for layer in layers)}", graph, {ids[0]: at} if at else None)
        self._document.selection.select(ids)
        return ids

    def add_to_selection(self, layers: Sequence[Layer], at: Place) -> tuple[str, ...]:
        """Add layers below the selected node, else below the last one; ``at`` counts on an empty canvas only."""
        after, into = natural_spot(self._graph, layers, self._lowest())
        return self.add(layers, after=after, into=into, at=None if self._graph.nodes else at)

    def add_block(
        self, block: Block, *, after: str | None = None, into: Edge | None = None, at: Place = (0.0, 0.0)
    ) -> tuple[str, ...]:
        """Add a block, behind a node or in the middle of a wire, laid out; select it, and return the new ids."""
        graph, places, ids = placed(self._document.analysis, self._scene.places, block, after=after, into=into, at=at)
        verb = "Insert" if into is not None else "Add"
        self._document.edit(f"{verb} {block.title[0].lower()}{block.title[1:]}", graph, places)
        self._document.selection.select(ids)
        return ids

    def add_block_to_selection(self, block: Block, at: Place) -> tuple[str, ...]:
        """Add a block below the selected node, else below the last one; ``at`` counts on an empty canvas only."""
        after, into = natural_spot(self._graph, (Identity(),), self._lowest())
        return self.add_block(block, after=after, into=into, at=at)

    def connect(self, source: str, target: str, port: int) -> None:
        """Draw a wire; one that is at the port already goes."""
        self._apply(self._wiring_text(source, target), self._graph.connect(source, target, port))

    def reconnect(self, edge: Edge, target: str, port: int) -> None:
        """Move a wire's lower end to another port."""
        graph = without(self._graph, edge).connect(edge.source, target, port)
        if set(graph.edges) != set(self._graph.edges):
            self._apply(self._wiring_text(edge.source, target), graph)

    def disconnect(self, *edges: Edge) -> None:
        """Remove wires."""
        graph = self._graph
        for edge in edges:
            graph = graph.disconnect(edge)
        if len(edges) == 1:
            self._apply(f"Disconnect {self._label(edges[0].source)} from {self._label(edges[0].target)}", graph)
        elif edges:
            self._apply(f"Remove {len(edges)} wires", graph)

    def replace(self, node: str, layer: Layer) -> str:
        """Put another layer in a node's place, keeping wires and shared hyper-parameters; return its id."""
        graph, new = replaced(self._graph, node, successor(self._document.analysis, node, layer))
        text = f"Replace {self._label(node)} with {layer.title}"
        self._document.edit(text, graph, {**self._scene.places, new: self._scene.places[node]})
        self._document.selection.select([new])
        return new

    def insert(self, text: str, piece: Network) -> tuple[str, ...]:
        """Put a network beside what is there, its cards where it says; select it, and return the new ids."""
        network = msgspec.structs.replace(self._document.network, layout=dict(self._scene.places))
        whole, ids = joined(network, piece)
        self._document.apply(text, whole)
        self._document.selection.select(ids.values())
        return tuple(ids.values())

    def insert_near(self, text: str, piece: Network) -> tuple[str, ...]:
        """Put a network beside what is there, as near as it can come to where it says without touching a card."""
        across, down = free_shift(self._scene.places, piece.layout)
        layout = {node: (x + across, y + down) for node, (x, y) in piece.layout.items()}
        return self.insert(text, msgspec.structs.replace(piece, layout=layout))

    def piece(self, nodes: Iterable[str]) -> Network:
        """Return nodes as a network of their own, its cards where they are shown."""
        shown = msgspec.structs.replace(self._document.network, layout=dict(self._scene.places))
        return excerpt(shown, nodes)

    def duplicate(self, places: Mapping[str, Place] | None = None) -> tuple[str, ...]:
        """Copy the selected nodes, or the ones that are given a place for their copies; return the new ids."""
        nodes = tuple(places or self._document.selection.nodes)
        if not nodes:
            return ()
        piece, text = self.piece(nodes), f"Duplicate {self._labels(nodes)}"
        if places is None:
            return self.insert_near(text, piece)
        return self.insert(text, msgspec.structs.replace(piece, layout=dict(places)))

    def delete(self, nodes: Iterable[str], verb: str = "Delete") -> None:
        """Remove nodes and their wires."""
        gone = tuple(nodes)
        if gone:
            self._apply(f"{verb} {self._labels(gone)}", self._graph.remove(gone))

    def bypass(self, nodes: Iterable[str]) -> None:
        """Remove nodes, each time wiring what fed the node to all that it fed."""
        gone = tuple(nodes)
        graph = self._graph
        for node in gone:
            graph = graph.bypass(node)
        if gone:
            self._apply(f"Delete and reconnect {self._labels(gone)}", graph)

    def delete_selected(self) -> None:
        """Remove the selected nodes, or the selected wire."""
        if self._scene.selected_edge is not None:
            self.disconnect(self._scene.selected_edge)
        else:
            self.delete(self._document.selection.nodes)

    def move(self, places: Mapping[str, Place]) -> None:
        """Put cards at other places."""
        if places:
            text = f"Move {self._labels(tuple(places))}"
            self._document.edit(text, self._graph, {**self._scene.places, **places})

    def nudge(self, across: float, down: float) -> None:
        """Move the selected cards by a little; several in a row are one step."""
        nodes = self._document.selection.nodes
        if nodes:
            shown = self._scene.places
            moved = {node: (shown[node][0] + across, shown[node][1] + down) for node in nodes}
            text = f"Move {self._labels(nodes)}"
            self._document.edit(text, self._graph, {**shown, **moved}, merge_key=("nudge", nodes))

    def apply_fix(self, fix: Fix) -> None:
        """Mend a mistake; what the fix inserts finds room."""
        self._apply(fix.title, fix.edit(self._graph))

    def arrange(self) -> None:
        """Lay out the selected nodes anew where they are; with fewer than two, the whole network."""
        if len(self._document.selection.nodes) > 1:
            self._arrange_selected(self._document.selection.nodes)
        else:
            self._arrange_all()

    def _arrange_selected(self, nodes: tuple[str, ...]) -> None:
        shown, others = self._scene.places, dict(self._scene.places)
        layout = arrange(among(self._graph, nodes))
        corner = [min(others[node][axis] for node in nodes) for axis in (0, 1)]
        for node in nodes:
            del others[node]
        across, down = (round(edge / GRID) * GRID for edge in corner)
        moved = {node: (x + across, y + down) for node, (x, y) in layout.items()}
        across, down = free_shift(others, moved)
        moved = {node: (x + across, y + down) for node, (x, y) in moved.items()}
        self._document.edit(f"Arrange {len(nodes)} layers", self._graph, {**shown, **moved})

    def _arrange_all(self) -> None:
        """Lay out the whole network anew, its first node staying where it is."""
        layout = arrange(self._graph)
        if not layout:
            return
        first = self._document.analysis.order[0] if self._document.analysis.order else next(iter(layout))
        (x, y), (shown_x, shown_y) = layout[first], self._scene.places[first]
        across, down = round((shown_x - x) / GRID) * GRID, round((shown_y - y) / GRID) * GRID
        moved = {node: (left + across, top + down) for node, (left, top) in layout.items()}
        self._document.edit("Arrange layers", self._graph, moved)

    @property
    def _graph(self) -> Graph:
        return self._document.graph

    def _lowest(self) -> str | None:
        """Return the node that is selected last, or the last of all; None on an empty canvas."""
        nodes = self._document.selection.nodes or self._document.analysis.order
        return nodes[-1] if nodes else None

    def _apply(self, text: str, graph: Graph, wanted: Mapping[str, Place] | None = None) -> None:
        self._document.edit(text, graph, complete(graph, self._scene.places, wanted))

    def _label(self, node: str) -> str:
        return self._graph.by_id[node].label

    def _labels(self, nodes: Sequence[str]) -> str:
        return self._label(nodes[0]) if len(nodes) == 1 else f"{len(nodes)} layers"

    def _wiring_text(self, source: str, target: str) -> str:
        return f"Connect {self._label(source)} to {self._label(target)}"
