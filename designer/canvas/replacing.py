"""Another layer in the place of one: wires and shared hyper-parameters stay."""

import re

import msgspec

from designer.canvas.insertion import fitted
from engine import Analysis, Edge, Graph, Layer


def successor(analysis: Analysis, node: str, layer: Layer) -> Layer:
    """Return a layer as it would take a node's place: with the hyper-parameters that both have, and so that it fits."""
    entry = analysis.nodes[node]
    taken = layer.adopting(entry.layer)
    known = tuple(shape for shape in entry.inputs if shape is not None)
    return fitted((taken,), known[0])[0] if len(entry.inputs) == len(known) == 1 else taken


def replaced(graph: Graph, node: str, layer: Layer) -> tuple[Graph, str]:
    """Return the graph with another layer at a node, and the node's id.

    Wires stay at the ports that the layer has. An id that was made from the old layer's type is made anew, so that
    ``conv1`` does not come to stand for a pooling.
    """
    old = graph.node(node)
    graph = graph.replace_layer(node, layer)
    generated = re.fullmatch(rf"{re.escape(old.layer.prefix)}\d*", node) is not None
    if old.layer.prefix == layer.prefix or not generated:
        return graph, node
    new = graph.fresh_id(layer.prefix)
    nodes = tuple(msgspec.structs.replace(one, id=new) if one.id == node else one for one in graph.nodes)
    edges = tuple(
        Edge(new if edge.source == node else edge.source, new if edge.target == node else edge.target, edge.port)
        for edge in graph.edges
    )
    return Graph(nodes, edges), new
