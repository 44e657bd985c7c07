"""Where Keras keeps the axes: volumes are ``(H, W, C)`` there, and that is what Flatten lays out.

A vector's values may stay in Keras's order on their way from a Flatten to the dense layers that read them: then the
rows of those layers' weights are in that order, too. Anywhere else the order is ours, by a Permute in the file.
"""

from engine.analysis import Analysis
from engine.graph import Graph
from engine.layers import Dropout, DropPath, Flatten, Identity, PReLU, Rescaling
from engine.layers.activation import Activation
from engine.layers.dense import Linear
from engine.shape import Shape

_EACH_VALUE = (Activation, Dropout, DropPath, Identity, Rescaling)


def channels_last(shape: tuple[int, ...]) -> tuple[int, ...]:
    """Return ``(H, W, C)`` of a volume ``(C, H, W)``; a vector stays as it is."""
    return (*shape[1:], shape[0]) if len(shape) == 3 else tuple(shape)


def same_in_both_orders(shape: Shape) -> bool:
    """Whether a shape's values lie in the same order in ``(C, H, W)`` and in ``(H, W, C)``."""
    return not shape.is_volume or shape.channels == 1 or shape[1:] == (1, 1)


def unturned(analysis: Analysis) -> dict[str, Shape]:
    """Return, by id, the Flatten layers that may keep Keras's order and the dense layers that then read it.

    Each comes with the volume ``(C, H, W)`` that was laid out.
    """
    found: dict[str, Shape] = {}
    for node in analysis.order:
        entry = analysis.nodes[node]
        if not isinstance(entry.layer, Flatten) or entry.inputs[0] is None or same_in_both_orders(entry.inputs[0]):
            continue
        readers = _readers(analysis.graph, node)
        if readers is not None:
            found |= dict.fromkeys((node, *readers), entry.inputs[0])
    return found


def _readers(graph: Graph, node: str) -> list[str] | None:
    """Return the dense layers that a vector goes to, value by value; None where it goes anywhere else."""
    if not graph.outgoing[node]:
        return None
    found: list[str] = []
    for edge in graph.outgoing[node]:
        layer = graph.by_id[edge.target].layer
        if isinstance(layer, Linear):
            found.append(edge.target)
            continue
        further = None
        if isinstance(layer, _EACH_VALUE) and not (isinstance(layer, PReLU) and not layer.shared):
            further = _readers(graph, edge.target)
        if further is None:
            return None
        found.extend(further)
    return found
