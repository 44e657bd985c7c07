"""The edits that fixes are made of: each is a value that maps a graph to the next."""

import msgspec

from engine.graph import Edge, Graph, Node
from engine.layers import Layer


class ReplaceLayer(msgspec.Struct, frozen=True):
    """Put another layer at a node."""

    node: str
    layer: Layer

    def __call__(self, graph: Graph) -> Graph:
        """Return the edited graph."""
        return graph.replace_layer(self.node, self.layer)


class InsertLayer(msgspec.Struct, frozen=True):
    """Put a new layer into a wire."""

    edge: Edge
    layer: Layer

    def __call__(self, graph: Graph) -> Graph:
        """Return the edited graph."""
        return graph.insert(self.edge, Node(graph.fresh_id(self.layer.prefix), self.layer))


class AddLayer(msgspec.Struct, frozen=True):
    """Add a layer, and wire it to a node's first port where one is named."""

    layer: Layer
    target: str | None = None

    def __call__(self, graph: Graph) -> Graph:
        """Return the edited graph."""
        node = Node(graph.fresh_id(self.layer.prefix), self.layer)
        added = graph.add(node)
        return added if self.target is None else added.connect(node.id, self.target)


class Connect(msgspec.Struct, frozen=True):
    """Draw a wire, in the place of the one that is at the port."""

    edge: Edge

    def __call__(self, graph: Graph) -> Graph:
        """Return the edited graph."""
        return graph.connect(self.edge.source, self.edge.target, self.edge.port)


class Disconnect(msgspec.Struct, frozen=True):
    """Take a wire away."""

    edge: Edge

    def __call__(self, graph: Graph) -> Graph:
        """Return the edited graph."""
        return graph.disconnect(self.edge)


class RemoveLayers(msgspec.Struct, frozen=True):
    """Take layers and their wires away."""

    nodes: tuple[str, ...]

    def __call__(self, graph: Graph) -> Graph:
        """Return the edited graph."""
        return graph.remove(self.nodes)


class BypassLayer(msgspec.Struct, frozen=True):
    """Take a layer away and wire what fed it to all that it fed."""

    node: str

    def __call__(self, graph: Graph) -> Graph:
        """Return the edited graph."""
        return graph.bypass(self.node)
