"""What the canvas does to the document: every method is one step that can be undone."""

from collections.abc import Iterable, Mapping, Sequence

from designer.canvas.auto_layout import arrange
from designer.canvas.geometry import GRID, Place
from designer.canvas.insertion import added, natural_spot
from designer.canvas.placement import complete
from designer.canvas.scene import CanvasScene
from designer.canvas.wiring import without
from designer.document import Document
from engine import Edge, Fix, Graph, Layer


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
        at: Place | None = None,
    ) -> tuple[str, ...]:
        """Add a chain of layers, select it, and return the new ids.

        Parameters
        ----------
        layers
            First to last.
        after, into
            A node that feeds the first, or a wire that they go into.
        at
            Where the first one's top left corner should be.
        """
        if not layers:
            return ()
        graph, ids = added(self._graph, layers, after=after, into=into)
        verb = "Insert" if into is not None else "Add"
        self._apply(f"{verb} {' + '.join(layer.title for layer in layers)}", graph, {ids[0]: at} if at else None)
        self._document.selection.select(ids)
        return ids

    def add_to_selection(self, layers: Sequence[Layer], at: Place) -> tuple[str, ...]:
        """Add layers below the selected node, else below the last one; ``at`` counts on an empty canvas only."""
        selected, order = self._document.selection.nodes, self._document.analysis.order
        node = selected[-1] if selected else order[-1] if order else None
        after, into = natural_spot(self._graph, layers, node)
        return self.add(layers, after=after, into=into, at=None if self._graph.nodes else at)

    def connect(self, source: str, target: str, port: int) -> None:
        """Draw a wire; one that is at the port already goes."""
        self._apply(self._wiring_text(source, target), self._graph.connect(source, target, port))

    def reconnect(self, edge: Edge, target: str, port: int) -> None:
        """Move a wire's lower end to another port."""
        graph = without(self._graph, edge).connect(edge.source, target, port)
        if set(graph.edges) != set(self._graph.edges):
            self._apply(self._wiring_text(edge.source, target), graph)

    def disconnect(self, edge: Edge) -> None:
        """Remove a wire."""
        text = f"Disconnect {self._label(edge.source)} from {self._label(edge.target)}"
        self._apply(text, self._graph.disconnect(edge))

    def delete(self, nodes: Iterable[str]) -> None:
        """Remove nodes and their wires."""
        gone = tuple(nodes)
        if gone:
            self._apply(f"Delete {self._labels(gone)}", self._graph.remove(gone))

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

    def _apply(self, text: str, graph: Graph, wanted: Mapping[str, Place] | None = None) -> None:
        self._document.edit(text, graph, complete(graph, self._scene.places, wanted))

    def _label(self, node: str) -> str:
        return self._graph.by_id[node].label

    def _labels(self, nodes: Sequence[str]) -> str:
        return self._label(nodes[0]) if len(nodes) == 1 else f"{len(nodes)} layers"

    def _wiring_text(self, source: str, target: str) -> str:
        return f"Connect {self._label(source)} to {self._label(target)}"
