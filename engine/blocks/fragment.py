"""A part of a drawing on its own: its nodes and inner wires, where its input goes, and where its output is."""

from collections.abc import Sequence

import msgspec

from engine.blocks.drawing import Drawing
from engine.graph import Edge, Graph, Node
from engine.layers import Identity

INPUT = ""  # stands for whatever will feed a fragment while that is drawn; no node has an empty id


class Fragment(msgspec.Struct, frozen=True):
    """A value that can be put into a graph as one piece.

    ``entries`` are the ports that one and the same wire from outside feeds: a residual block has two, its first
    convolution's and its sum's. ``exit`` is the node whose output goes on.
    """

    graph: Graph
    entries: tuple[tuple[str, int], ...]
    exit: str

    @staticmethod
    def of(drawing: Drawing, exit: str) -> "Fragment":
        """Return what was drawn behind the `INPUT`."""
        drawn = drawing.graph()
        entries = tuple((edge.target, edge.port) for edge in drawn.edges if edge.source == INPUT)
        inner = tuple(edge for edge in drawn.edges if edge.source != INPUT)
        return Fragment(Graph(drawn.nodes, inner), entries, exit)

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of its nodes, in the order of drawing."""
        return tuple(node.id for node in self.graph.nodes)

    def with_one_entry(self, node: str) -> "Fragment":
        """Return the fragment with an Identity before its entries where there are several: one wire is enough then."""
        if len(self.entries) < 2:
            return self
        graph = Graph((Node(node, Identity()), *self.graph.nodes), self.graph.edges)
        for target, port in self.entries:
            graph = graph.connect(node, target, port)
        return Fragment(graph, ((node, 0),), self.exit)

    def joined(self, graph: Graph, *, after: str | None = None, into: Sequence[Edge] = ()) -> Graph:
        """Return a graph with the fragment in it.

        Parameters
        ----------
        graph
            A graph that has none of the fragment's ids.
        after
            A node that feeds the fragment.
        into
            Wires of one source that the fragment goes into.
        """
        source = into[0].source if into else after
        fed = () if source is None else tuple(Edge(source, target, port) for target, port in self.entries)
        for edge in into:
            graph = graph.disconnect(edge)
        joined = Graph((*graph.nodes, *self.graph.nodes), (*graph.edges, *fed, *self.graph.edges))
        for edge in into:
            joined = joined.connect(self.exit, edge.target, edge.port)
        return joined
