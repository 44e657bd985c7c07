"""What a drawing means: every shape, count and mistake, recomputed only where an edit reaches."""

from collections.abc import Mapping
from functools import cached_property, lru_cache
from itertools import repeat
from operator import attrgetter
from types import MappingProxyType
from typing import NamedTuple, cast

import msgspec

from engine import receptive_field
from engine.derivation import Derivation
from engine.diagnostics import Code, Diagnostic, Severity
from engine.graph import Edge, Graph, Node, ordered
from engine.language import tr
from engine.layers import Identity, Layer
from engine.layers.base import Inferred
from engine.mistakes import drawing_diagnostics, node_diagnostics, size_problems
from engine.receptive_field import ReceptiveField
from engine.shape import Shape


class NodeAnalysis(msgspec.Struct, frozen=True):
    """One node: what reaches it, what leaves it, and what it costs.

    ``output`` is None where an error, here or upstream, keeps it from being known; then all counts are 0.
    ``connections`` are those that carry a weight, without the bias; ``macs`` are multiply-accumulates; both of
    convolutions and fully connected layers. ``non_trainable`` counts running statistics, which are no parameters
    to PyTorch and are in Keras's total. ``activation_bytes`` are those of the layer's maps for one image, in float32.
    ``uncounted`` says that its weights, or those of a layer between it and a mistake, can't be counted, which the first
    of them has a remark on.
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
    activation_bytes: int = 0
    diagnostics: tuple[Diagnostic, ...] = ()
    uncounted: bool = False

    @property
    def parameters(self) -> int:
        """Weights and biases together, all of them trainable: what PyTorch counts and papers print."""
        return self.weights + self.biases

    @property
    def total_parameters(self) -> int:
        """Parameters and running statistics together: Keras's total, and what a file of weights holds."""
        return self.parameters + self.non_trainable

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


class Analysis(msgspec.Struct, frozen=True, dict=True):
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
        return self.graph.inputs[0] if self.graph.inputs else None

    @cached_property
    def receptive_fields(self) -> Mapping[str, ReceptiveField]:
        """The fields of all layers that have a shape; worked out when first asked for, as few edits change none."""
        image, found = _image(self.graph), dict[str, ReceptiveField]()
        for node in self.order:
            entry = self.nodes[node]
            if entry.output is not None:
                sources = [found[wire.source] for wire in self.graph.incoming[node].values()]
                seen = receptive_field.union(sources) if sources else receptive_field.of_image(image)
                found[node] = receptive_field.after(seen, entry.inferred.window, entry.output)
        return found


def analyse(graph: Graph, previous: Analysis | None = None) -> Analysis:
    """Find every shape, count and mistake; never raises for what can be drawn.

    Parameters
    ----------
    graph
        The drawing.
    previous
        An earlier analysis, of any graph. Only nodes with another layer or other wires, and what they reach, are looked
        at; the result equals a fresh one.
    """
    before = previous if previous is not None else _NOTHING
    rewired = not _same_wiring(graph, before.graph)
    order, cyclic = ordered(graph) if rewired else (before.order, before.cyclic)
    dirty = _dirty(graph, before, cyclic)
    nodes, replaced, made = dict(before.nodes), list[NodeAnalysis](), list[NodeAnalysis]()
    if order != before.order or cyclic != before.cyclic:
        names = order + cyclic
        nodes = dict(zip(names, map(before.nodes.get, names, repeat(_UNKNOWN)), strict=True))
        replaced += [entry for node, entry in before.nodes.items() if node not in nodes]
    outgoing = graph.outgoing
    for node in order:
        if node not in dirty:
            continue
        old, new = nodes[node], _analyse_node(graph, node, nodes)
        if old == new and old.layer is new.layer:
            continue
        nodes[node] = new
        replaced.append(old)
        made.append(new)
        if old.output != new.output or old.uncounted != new.uncounted or old is _UNKNOWN:
            for edge in outgoing[node]:
                dirty.add(edge.target)
    for node in cyclic:
        layer = graph.by_id[node].layer
        replaced.append(nodes[node])
        nodes[node] = NodeAnalysis(layer, (None,) * graph.port_count(node), _NO_SHAPE)
    return _collected(graph, order, cyclic, nodes, _corrected(before.totals, replaced, made))


def _same_wiring(graph: Graph, before: Graph) -> bool:
    return (
        graph.edges is before.edges
        and len(graph.nodes) == len(before.nodes)
        and all([a is b or a.id == b.id for a, b in zip(before.nodes, graph.nodes, strict=True)])
    )


def _dirty(graph: Graph, before: Analysis, cyclic: tuple[str, ...]) -> set[str]:
    """Return the nodes to look at again: others than before, wired otherwise, or with findings, which name neighbours.

    Nodes that were on a cycle, or are, have nothing to take over.
    """
    known, dirty = before.graph.by_id, set[str]()
    if graph.nodes is not before.graph.nodes:
        dirty.update([node.id for node in graph.nodes if known.get(node.id) is not node])
    if graph.edges is not before.graph.edges:
        dirty.update(edge.target for edge in _differing(graph.edges, before.graph.edges) if edge.target in graph)
    dirty.update([found.node for found in before.diagnostics if found.node is not None and found.node in graph])
    return dirty.union(node for node in before.cyclic if node in graph).difference(cyclic)


def _differing(one: tuple[Edge, ...], other: tuple[Edge, ...]) -> set[Edge]:
    """Return the wires that are in one drawing only; most edits leave long stretches of both alike."""
    first = _alike(one, other)
    one, other = one[first:], other[first:]
    last = _alike(one[::-1], other[::-1])
    return set(one[: len(one) - last]) ^ set(other[: len(other) - last])


def _alike(one: tuple[Edge, ...], other: tuple[Edge, ...]) -> int:
    """Return how many wires two drawings begin with alike, by halves: tuples are compared faster than walked."""
    alike, most = 0, min(len(one), len(other))
    while alike < most:
        middle = (alike + most + 1) // 2
        if one[alike:middle] == other[alike:middle]:
            alike = middle
        else:
            most = middle - 1
    return alike


def _collected(
    graph: Graph, order: tuple[str, ...], cyclic: tuple[str, ...], nodes: dict[str, NodeAnalysis], totals: Totals
) -> Analysis:
    found = list(drawing_diagnostics(graph, cyclic, lambda node: nodes[node].output))
    for node in order:
        own = nodes[node].diagnostics
        if own:
            found += own
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
    memory: int


@lru_cache(maxsize=8192)
def _facts(layer: Layer, inputs: tuple[Shape, ...]) -> _Facts:
    """Infer once for each pair of a layer and its inputs: networks repeat their blocks, and edits come and go."""
    inferred = size_problems(layer, layer.infer(inputs))
    counts = {"weight": 0, "bias": 0, "statistic": 0}
    if inferred.output is not None:
        for spec in inferred.weights:
            counts[spec.kind] += spec.size
    memory = inferred.output.nbytes if inferred.output is not None else 0
    return _Facts(inferred, counts["weight"], counts["bias"], counts["statistic"], memory)


def _analyse_node(graph: Graph, node: str, done: Mapping[str, NodeAnalysis]) -> NodeAnalysis:
    wires = graph.incoming[node]
    if node in graph.gaps:
        ports = range(graph.port_count(node))
        inputs = tuple([done[wires[port].source].output if port in wires else None for port in ports])
    elif len(wires) == 1:
        source = done[wires[0].source]
        if source.uncounted:  # one of many behind a mistake; this is their shortest way
            return NodeAnalysis(graph.by_id[node].layer, _NOT_KNOWN, _NO_SHAPE, uncounted=True)
        inputs = (source.output,)
    else:
        inputs = tuple([done[wires[port].source].output for port in range(len(wires))])
    if None in inputs:
        return _without_shape(graph, node, inputs, done)
    layer, shapes = graph.by_id[node].layer, cast("tuple[Shape, ...]", inputs)
    inferred, weights, biases, statistics, memory = _facts(layer, shapes)
    found = _diagnostics(graph, node, shapes, inferred, done) if inferred.problems else ()
    if inferred.output is None:
        return NodeAnalysis(layer, inputs, inferred, diagnostics=found)
    return NodeAnalysis(
        layer,
        inputs,
        inferred,
        inferred.output,
        weights,
        biases,
        weights + biases,
        statistics,
        inferred.connections,
        inferred.macs,
        memory,
        found,
    )


def _without_shape(
    graph: Graph, node: str, inputs: tuple[Shape | None, ...], done: Mapping[str, NodeAnalysis]
) -> NodeAnalysis:
    """Return the analysis of a layer that lacks an input's shape.

    The first layer with weights behind a mistake has a remark that they can't be counted. For the others behind that,
    the same is plain, and a remark at each would bury the mistake.
    """
    layer, wires = graph.by_id[node].layer, graph.incoming[node]
    blocked = [port for port, shape in enumerate(inputs) if shape is None and port in wires]
    told = any([done[wires[port].source].uncounted for port in blocked])
    if told or not blocked or not layer.weighted or not layer.computed:
        return NodeAnalysis(layer, inputs, _NO_SHAPE, uncounted=told)
    source = graph.by_id[wires[blocked[0]].source].label
    message = tr(
        "The number of channels that reach {layer} is unknown, because “{source}” before it has no output "
        "shape yet; its weights can't be counted.",
        layer=layer.title,
        source=source,
    )
    remark = Diagnostic(Code.UNKNOWN_CHANNELS, Severity.INFO, message, node, port=blocked[0])
    return NodeAnalysis(layer, inputs, _NO_SHAPE, diagnostics=(remark,), uncounted=True)


def _diagnostics(
    graph: Graph, node: str, inputs: tuple[Shape, ...], inferred: Inferred, done: Mapping[str, NodeAnalysis]
) -> tuple[Diagnostic, ...]:
    return node_diagnostics(graph, node, inputs, inferred.problems, lambda name: done[name].output)


_costs = attrgetter("weights", "biases", "non_trainable", "connections", "macs", "activation_bytes")


def _corrected(totals: Totals, replaced: list[NodeAnalysis], made: list[NodeAnalysis]) -> Totals:
    """Return totals after some entries were replaced."""
    sums = [_costs(totals)]
    for entries in (replaced, made):
        known = [_costs(entry) for entry in entries if entry.output is not None]
        sums.append(tuple(map(sum, zip(*known, strict=True))) if known else _FREE)
    weights, biases, *rest = (total - less + more for total, less, more in zip(*sums, strict=True))
    return Totals(weights, biases, weights + biases, *rest)


_FREE = (0,) * 6  # what a layer without a shape costs
_NO_SHAPE = Inferred(None)
_NOT_KNOWN = (None,)
_UNKNOWN = NodeAnalysis(Identity(), (), _NO_SHAPE)  # of a node that is new
_NOTHING = Analysis(Graph(), (), (), MappingProxyType({}), (), Totals())
