"""What a block of layers is called in the field."""

from collections.abc import Collection, Sequence

from engine.graph import Graph, ordered
from engine.language import tr
from engine.layers import Conv2D, Layer

_POINT = (1, 1)
_MOST_NAMED = 3  # kinds of layers in a name
_BOTTLENECK = 3  # convolutions


def block_name(graph: Graph, nodes: Sequence[str], core: str) -> str:
    """Return a block's name by how it is built.

    Parameters
    ----------
    graph, nodes
        The drawing, and the block's nodes in the order of evaluation.
    core
        The node in which its branches meet; in a block without branches, any of them.
    """
    layers = [graph.by_id[node].layer for node in nodes]
    types = {layer.type for layer in layers}
    middle = graph.by_id[core].layer.type
    if middle == "Concat":
        return _concatenating(graph, nodes, core, types)
    if middle in ("Add", "DepthwiseConv2D") or "Add" in types:
        return _residual(layers, types)
    return tr("Squeeze-and-excitation") if middle == "Multiply" else tr("Block")


def group_name(graph: Graph, nodes: Collection[str]) -> str:
    """Return a name for any layers: what they are as a block, or the kinds of layers that they are."""
    inside = set(nodes)
    order, cyclic = ordered(graph)
    row = [node for node in (*order, *cyclic) if node in inside]
    last = [node for node in row if len(graph.incoming[node]) > 1]
    if last and len(row) > len(last):
        return block_name(graph, row, last[-1])
    kinds = list(dict.fromkeys(graph.by_id[node].layer.title for node in row))
    return " + ".join(kinds) if len(kinds) <= _MOST_NAMED else tr("{count} layers", count=len(row))


def _residual(layers: Sequence[Layer], types: set[str]) -> str:
    if "DepthwiseConv2D" in types:
        return tr("ConvNeXt block") if "LayerNorm" in types else tr("Inverted residual")
    kernels = [layer.kernel for layer in layers if isinstance(layer, Conv2D)]
    if len(kernels) >= _BOTTLENECK and kernels[0] == _POINT and any(kernel != _POINT for kernel in kernels):
        return tr("Bottleneck")
    return tr("Residual block")


def _concatenating(graph: Graph, nodes: Sequence[str], core: str, types: set[str]) -> str:
    inside = set(nodes)
    sources = [edge.source for edge in graph.incoming[core].values()]
    if "ChannelShuffle" in types:
        return tr("Shuffle unit")
    if any(source not in inside for source in sources):
        return tr("Dense layer")
    if len(sources) > 2:
        return tr("Inception")
    first = graph.by_id[nodes[0]].layer
    return tr("Fire module") if isinstance(first, Conv2D) and first.kernel == _POINT else tr("Branches")
