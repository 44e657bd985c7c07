"""What a drawing means: every shape, count and mistake, recomputed only where an edit reaches."""

from collections.abc import Mapping
from types import MappingProxyType

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
        An earlier analysis, of any graph: nodes whose layer is the same object and whose inputs have the same
        shapes are taken over. The result equals a fresh one.
    """
    order, cyclic = _order(graph, previous)
    known = previous.nodes if previous else {}
    nodes: dict[str, NodeAnalysis] = {}
    image = next((node.layer.shape for node in graph.nodes if isinstance(node.layer, Input)), Shape(1, 1, 1))
    for node in order:
        nodes[node] = _analyse_node(graph, node, nodes, known.get(node), image)
    for node in cyclic:
        layer = graph.by_id[node].layer
        nodes[node] = NodeAnalysis(layer, (None,) * graph.port_count(node), Inferred(None))
    found = list(drawing_diagnostics(graph, cyclic, {name: entry.output for name, entry in nodes.items()}))
    found += [one for node in order for one in nodes[node].diagnostics]
    return Analysis(graph, order, cyclic, MappingProxyType(nodes), tuple(found), _totals(nodes))


def _order(graph: Graph, previous: Analysis | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the order of evaluation; the former one where neither nodes nor wires have changed."""
    if previous is not None and previous.graph.edges is graph.edges:
        before = previous.graph.nodes
        if len(before) == len(graph.nodes) and all(a.id == b.id for a, b in zip(before, graph.nodes, strict=True)):
            return previous.order, previous.cyclic
    order, cyclic = ordered(graph)
    return tuple(order), tuple(cyclic)


def _analyse_node(
    graph: Graph, node: str, done: dict[str, NodeAnalysis], known: NodeAnalysis | None, image: Shape
) -> NodeAnalysis:
    layer, wires = graph.by_id[node].layer, graph.incoming[node]
    sources = [done[wires[port].source] if port in wires else None for port in range(graph.port_count(node))]
    inputs = tuple(source.output if source else None for source in sources)
    fields = [source.receptive_field for source in sources if source and source.receptive_field]
    seen = receptive_field.union(fields) if fields else receptive_field.of_image(image)
    if any(shape is None for shape in inputs):
        return NodeAnalysis(layer, inputs, Inferred(None), diagnostics=_waiting(graph, node, inputs))
    shapes = tuple(shape for shape in inputs if shape is not None)
    same = known is not None and known.layer is layer and known.inputs == inputs
    inferred = known.inferred if same and known else size_problems(layer, layer.infer(shapes))
    output = inferred.output
    field = receptive_field.after(seen, inferred.window, output) if output is not None else None
    if same and known and known.receptive_field == field and not inferred.problems:
        return known
    weights = [spec for spec in inferred.weights if output is not None]
    return NodeAnalysis(
        layer=layer,
        inputs=inputs,
        inferred=inferred,
        output=output,
        weights=sum(spec.size for spec in weights if spec.kind == "weight"),
        biases=sum(spec.size for spec in weights if spec.kind == "bias"),
        trainable=sum(spec.size for spec in weights if spec.trainable),
        non_trainable=sum(spec.size for spec in weights if not spec.trainable),
        connections=inferred.connections if output is not None else 0,
        macs=inferred.macs if output is not None else 0,
        receptive_field=field,
        diagnostics=_diagnostics(graph, node, shapes, inferred, done) if inferred.problems else (),
    )


def _diagnostics(
    graph: Graph, node: str, inputs: tuple[Shape, ...], inferred: Inferred, done: dict[str, NodeAnalysis]
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


def _totals(nodes: dict[str, NodeAnalysis]) -> Totals:
    entries = nodes.values()
    return Totals(
        weights=sum(entry.weights for entry in entries),
        biases=sum(entry.biases for entry in entries),
        trainable=sum(entry.trainable for entry in entries),
        non_trainable=sum(entry.non_trainable for entry in entries),
        connections=sum(entry.connections for entry in entries),
        macs=sum(entry.macs for entry in entries),
        activation_bytes=sum(entry.activation_bytes for entry in entries),
    )
