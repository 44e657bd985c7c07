"""New layers in the drawing: alone, behind a node, or in the middle of a wire."""

from collections.abc import Sequence

from designer.canvas.geometry import takes_input
from engine import Edge, Graph, Layer, Node, Shape

Port = tuple[str, int]  # a node's input


def can_follow(layers: Sequence[Layer]) -> bool:
    """Whether a chain of layers can be fed: an Input can't be behind anything."""
    return bool(layers) and all(takes_input(layer) for layer in layers)


def fitted(layers: Sequence[Layer], shape: Shape | None) -> tuple[Layer, ...]:
    """Return a chain of layers with values that work on the shape that comes in, where they know which would."""
    made: list[Layer] = []
    for layer in layers:
        known = (shape,) * layer.ports.least if shape is not None and takes_input(layer) else ()
        single = len(known) == layer.ports.least <= 1
        made.append(layer.fitted(known) if single else layer)
        shape = made[-1].infer(known).output if single else None
    return tuple(made)


def added(
    graph: Graph,
    layers: Sequence[Layer],
    *,
    after: str | None = None,
    into: Sequence[Edge] = (),
    feeds: Sequence[Port] = (),
) -> tuple[Graph, tuple[str, ...]]:
    """Return the graph with a chain of new nodes, and their ids.

    Parameters
    ----------
    graph
        The drawing.
    layers
        First to last; each is wired to the one before it.
    after
        A node that feeds the first.
    into
        Wires of one source in whose middle they go.
    feeds
        Inputs that the last one feeds.
    """
    feeding = into[0].source if into else after
    ids: list[str] = []
    for layer in layers:
        node = Node(graph.fresh_id(layer.prefix), layer)
        graph = graph.add(node)
        if feeding is not None and takes_input(layer):
            graph = graph.connect(feeding, node.id)
        feeding = node.id
        ids.append(node.id)
    for target, port in (*((edge.target, edge.port) for edge in into), *feeds):
        if feeding is not None:
            graph = graph.connect(feeding, target, port)
    return graph, tuple(ids)


def natural_spot(graph: Graph, layers: Sequence[Layer], node: str | None) -> tuple[str | None, Edge | None]:
    """Return where layers go that were added to a node: behind it, or into the one wire that leaves it."""
    if node is None or not can_follow(layers):
        return None, None
    leaving = graph.outgoing[node]
    return (None, leaving[0]) if len(leaving) == 1 else (node, None)
