"""What a drawing means: every shape, count and mistake, recomputed only where an edit reaches."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

import msgspec

from engine import receptive_field
from engine.derivation import Derivation
from engine.diagnostics import Code, Diagnostic, Severity
from engine.graph import Graph, Node, ordered
from engine.layers import Input, Layer
from engine.layers.base import Inferred
from engine.mistakes import drawing_diagnostics, node_diagnostics, size_problems
from engine.receptive_field import ReceptiveField
from engine.shape import Shape


class NodeAnalysis(msgspec.Struct, frozen=True):
    """One node: what reaches it, what leaves it, and what it costs.

    ``output`` is None where an error, here or upstream, keeps it from being known; then all counts are 0.
    ``connections`` are those that carry a weight, without the bias; ``macs`` are multiply-accumulates; both of
    convolutions and fully connected layers. ``non_trainable`` counts running statistics, which are no parameters
    to PyTorch and are in Keras's total.
    """

    layer: Layer
    inputs: tuple[Shape | None, ...]
    inferred: Inferred
    output: Shape | None = None
    weights: int = 0
    biases: int = 0
    trainable: int = 0
    non_trainable: int = 0
    connections: int = 0
    macs: int = 0
    receptive_field: ReceptiveField | None = None
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def parameters(self) -> int:
        """Weights and biases together, all of them trainable: what PyTorch counts and papers print."""
        return self.weights + self.biases

    @property
    def total_parameters(self) -> int:
        """Parameters and running statistics together: Keras's total, and what a file of weights holds."""
        return self.parameters + self.non_trainable

    @property
    def activation_bytes(self) -> int:
        """Bytes of the layer's maps for one image, in float32."""
        return self.output.nbytes if self.output is not None else 0

    def derivations(self) -> tuple[Derivation, ...]:
        """Return how the numbers come about; empty where the inputs are not known."""
        known = tuple(shape for shape in self.inputs if shape is not None)
        if len(known) < max(len(self.inputs), self.layer.ports.least):
            return ()
        return self.layer.derive(known)


class Totals(msgspec.Struct, frozen=True):
    """Sums over all layers."""

    weights: int = 0
    biases: int = 0
    trainable: int = 0
    non_trainable: int = 0
    connections: int = 0
    macs: int = 0
    activation_bytes: int = 0

    @property
    def parameters(self) -> int:
        """Weights and biases together, all of them trainable: what PyTorch counts and papers print."""
        return self.weights + self.biases

    @property
    def total_parameters(self) -> int:
        """Parameters and running statistics together: Keras's total, and what a file of weights holds."""
        return self.parameters + self.non_trainable


class Analysis(msgspec.Struct, frozen=True):
    """All that is known of a graph without running it.

    ``order`` lists the nodes so that each follows its sources; nodes on a cycle, or behind one, come last.
    """

    graph: Graph
    order: tuple[str, ...]
    cyclic: tuple[str, ...]
    nodes: Mapping[str, NodeAnalysis]
    diagnostics: tuple[Diagnostic, ...]
    totals: Totals

    @property
    def listed(self) -> tuple[str, ...]:
        """All nodes, as a reader would list them: part by part of the drawing, and each part in its order."""
        part: dict[str, int] = {}
        nodes = (*self.order, *self.cyclic)
        for number, start in enumerate(nodes):
            waiting = [start]
            while waiting:
                node = waiting.pop()
                if node not in part:
                    part[node] = number
                    waiting.extend(edge.target for edge in self.graph.outgoing[node])
                    waiting.extend(edge.source for edge in self.graph.incoming[node].values())
        return tuple(sorted(nodes, key=part.__getitem__))

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """The findings that are errors."""
        return tuple(found for found in self.diagnostics if found.severity is Severity.ERROR)

    @property
    def input(self) -> Node | None:
        """The node where the image enters: the first Input."""
        return next((node for node in self.graph.nodes if isinstance(node.layer, Input)), None)


def analyse(graph: Graph, previous: Analysis | None = None) -> Analysis:
    """Find every shape, count and mistake; never raises for what can be drawn.

    Parameters
    ----------
    graph
        The drawing.
    previous
        An earlier analysis, of any graph. Where the wires are the same, only nodes with another layer, and what
        they reach, are looked at; the result equals a fresh one.
    """
    if previous is not None and _same_wiring(graph, previous.graph):
        return _updated(graph, previous)
    order, cyclic = ordered(graph)
    nodes: dict[str, NodeAnalysis] = {}
    image = _image(graph)
    for node in order:
        nodes[node] = _analyse_node(graph, node, nodes, image)
    for node in cyclic:
        nodes[node] = NodeAnalysis(graph.by_id[node].layer, (None,) * graph.port_count(node), Inferred(None))
    if previous is not None:  # what came out the same is the same object, so that views need not look into it
        kept = previous.nodes
        nodes = {node: kept[node] if kept.get(node) == entry else entry for node, entry in nodes.items()}
    return _collected(graph, tuple(order), tuple(cyclic), nodes, _totals(nodes.values()))


def _same_wiring(graph: Graph, before: Graph) -> bool:
    return (
        graph.edges is before.edges
        and len(graph.nodes) == len(before.nodes)
        and all(a is b or a.id == b.id for a, b in zip(before.nodes, graph.nodes, strict=True))
        and _image(graph) == _image(before)
    )


def _updated(graph: Graph, previous: Analysis) -> Analysis:
    """Look again at the nodes that are others than before, at all that they reach, and at all that had findings."""
    nodes = dict(previous.nodes)
    dirty = {new.id for old, new in zip(previous.graph.nodes, graph.nodes, strict=True) if old is not new}
    dirty |= {node for node in previous.order if nodes[node].diagnostics}  # they name their neighbours
    image, changed = _image(graph), []
    for node in previous.order:
        if node not in dirty:
            continue
        old, new = nodes[node], _analyse_node(graph, node, nodes, image)
        if old == new and old.layer is new.layer:
            continue
        nodes[node] = new
        changed.append((old, new))
        if old.output != new.output or old.receptive_field != new.receptive_field:
            dirty.update(edge.target for edge in graph.outgoing[node])
    for node in previous.cyclic:
        if nodes[node].layer is not graph.by_id[node].layer:
            nodes[node] = NodeAnalysis(graph.by_id[node].layer, (None,) * graph.port_count(node), Inferred(None))
    totals = _difference(previous.totals, _totals(old for old, _ in changed), _totals(new for _, new in changed))
    return _collected(graph, previous.order, previous.cyclic, nodes, totals)


def _collected(
    graph: Graph, order: tuple[str, ...], cyclic: tuple[str, ...], nodes: dict[str, NodeAnalysis], totals: Totals
) -> Analysis:
    found = list(drawing_diagnostics(graph, cyclic, {name: entry.output for name, entry in nodes.items()}))
    for node in order:
        if nodes[node].diagnostics:
            found += nodes[node].diagnostics
    return Analysis(graph, order, cyclic, MappingProxyType(nodes), tuple(found), totals)


def _image(graph: Graph) -> Shape:
    """Return the shape of the first Input; networks without one are looked at as if of one pixel."""
    return graph.image.shape if graph.image is not None else Shape(1, 1, 1)


class _Facts(NamedTuple):
    """What a layer makes of its input shapes, with its weights counted by kind."""

    inferred: Inferred
    weights: int
    biases: int
    statistics: int


@lru_cache(maxsize=8192)
def _facts(layer: Layer, inputs: tuple[Shape, ...]) -> _Facts:
    """Infer once for each pair of a layer and its inputs: networks repeat their blocks, and edits come and go."""
    inferred = size_problems(layer, layer.infer(inputs))
    counts = {"weight": 0, "bias": 0, "statistic": 0}
    if inferred.output is not None:
        for spec in inferred.weights:
            counts[spec.kind] += spec.size
    return _Facts(inferred, *counts.values())


def _analyse_node(graph: Graph, node: str, done: Mapping[str, NodeAnalysis], image: Shape) -> NodeAnalysis:
    layer, wires = graph.by_id[node].layer, graph.incoming[node]
    ports = range(graph.port_count(node))
    sources = [done[wires[port].source] if port in wires else None for port in ports]
    inputs = tuple([source.output if source is not None else None for source in sources])
    if None in inputs:
        return NodeAnalysis(layer, inputs, Inferred(None), diagnostics=_waiting(graph, node, inputs))
    shapes = tuple([shape for shape in inputs if shape is not None])
    inferred, weights, biases, statistics = _facts(layer, shapes)
    output = inferred.output
    if output is None:
        return NodeAnalysis(layer, inputs, inferred, diagnostics=_diagnostics(graph, node, shapes, inferred, done))
    fields = [source.receptive_field for source in sources if source is not None and source.receptive_field]
    seen = receptive_field.union(fields) if fields else receptive_field.of_image(image)
    return NodeAnalysis(
        layer,
        inputs,
        inferred,
        output,
        weights,
        biases,
        weights + biases,
        statistics,
        inferred.connections,
        inferred.macs,
        receptive_field.after(seen, inferred.window, output),
        _diagnostics(graph, node, shapes, inferred, done) if inferred.problems else (),
    )


def _diagnostics(
    graph: Graph, node: str, inputs: tuple[Shape, ...], inferred: Inferred, done: Mapping[str, NodeAnalysis]
) -> tuple[Diagnostic, ...]:
    outputs = {name: entry.output for name, entry in done.items()}
    return node_diagnostics(graph, node, inputs, inferred.problems, outputs)


def _waiting(graph: Graph, node: str, inputs: tuple[Shape | None, ...]) -> tuple[Diagnostic, ...]:
    """Say of a layer with weights that they can't be counted, because what feeds it has no shape."""
    layer, wires = graph.by_id[node].layer, graph.incoming[node]
    blocked = [port for port, shape in enumerate(inputs) if shape is None and port in wires]
    if not blocked or not layer.weighted:
        return ()
    source = graph.by_id[wires[blocked[0]].source].label
    message = (
        f"The number of channels that reach {layer.title} is unknown, because “{source}” before it has no output "
        f"shape yet; its weights can't be counted."
    )
    return (Diagnostic(Code.UNKNOWN_CHANNELS, Severity.INFO, message, node, port=blocked[0]),)


def _totals(entries: Iterable[NodeAnalysis]) -> Totals:
    weights = biases = statistics = connections = macs = memory = 0
    for entry in entries:
        weights += entry.weights
        biases += entry.biases
        statistics += entry.non_trainable
        connections += entry.connections
        macs += entry.macs
        memory += entry.activation_bytes
    return Totals(weights, biases, weights + biases, statistics, connections, macs, memory)


def _difference(totals: Totals, less: Totals, more: Totals) -> Totals:
    """Return totals after some entries were replaced."""
    parts = zip(
        msgspec.structs.astuple(totals), msgspec.structs.astuple(less), msgspec.structs.astuple(more), strict=True
    )
    return Totals(*(total - old + new for total, old, new in parts))
