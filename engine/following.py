"""What becomes of one value: the layers behind it that work value by value, and the pooling that takes it in."""

from collections.abc import Mapping

from engine.analysis import Analysis
from engine.graph import Graph
from engine.layers.base import Array
from engine.layers.explanation import WindowExplanation
from engine.layers.value_explanation import LocalResponseExplanation, NormalizationExplanation, PointExplanation
from engine.trace import Place, Trace, trace
from engine.weights import Weights

_MOST = 4  # layers further on: a chain of value by value layers is no longer in practice


def following(
    graph: Graph, weights: Weights, maps: Mapping[str, Array], place: Place, *, analysis: Analysis
) -> tuple[Trace, ...]:
    """Return the traces of what a value becomes, nearest first.

    It is followed as long as one layer takes it in and works value by value (an activation, a normalisation), and
    into the first window of a pooling layer that covers it. There it ends, as it does at a branch, at a sum over
    channels, and where the next layer did not run.

    Parameters
    ----------
    graph, weights, maps
        The network that ran, its weights, and the outputs for one image.
    place
        Which value.
    analysis
        The graph's analysis.

    Raises
    ------
    TraceError
        Where maps or weights do not fit the graph.
    """
    found: list[Trace] = []
    while len(found) < _MOST:
        wires = graph.outgoing[place.node]
        if len(wires) != 1 or wires[0].target not in maps:
            break
        step = _step(graph, weights, maps, place, wires[0].target, analysis)
        if step is None:
            break
        found.append(step)
        if isinstance(step.explanation, WindowExplanation):
            break
        place = Place(step.node, step.index)
    return tuple(found)


def _step(
    graph: Graph, weights: Weights, maps: Mapping[str, Array], place: Place, node: str, analysis: Analysis
) -> Trace | None:
    shape, before = maps[node].shape, maps[place.node].shape
    entry = analysis.nodes[node]
    if entry.layer.family == "pool" and len(shape) == len(before) == 3 and shape[0] == before[0]:
        return _pooled(graph, weights, maps, place, node, analysis)
    if shape != before:
        return None
    step = trace(graph, weights, maps, node, place.index, analysis=analysis)
    kinds = (PointExplanation, NormalizationExplanation, LocalResponseExplanation)
    return step if isinstance(step.explanation, kinds) else None


def _pooled(
    graph: Graph, weights: Weights, maps: Mapping[str, Array], place: Place, node: str, analysis: Analysis
) -> Trace | None:
    """Return the first window that covers a value, found about where the sizes of the maps say."""
    channel, y, x = place.index
    _, height, width = maps[node].shape
    _, tall, wide = maps[place.node].shape
    # The windows are spread evenly: the first that covers a value is within a few of its share of the map.
    layer, values = analysis.nodes[node].layer, (maps[place.node],)
    for row in _near(y * height // tall, height):
        for column in _near(x * width // wide, width):
            index = (channel, row, column)
            seen = layer.explain(values, {}, index)
            if isinstance(seen, WindowExplanation) and y in seen.patch.rows and x in seen.patch.columns:
                return trace(graph, weights, maps, node, index, analysis=analysis)
    return None


def _near(at: int, count: int) -> range:
    return range(max(0, at - 2), min(count, at + 3))
