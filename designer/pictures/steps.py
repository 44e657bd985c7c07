"""From a network to the steps of a figure: each makes one volume or vector; what only touches values is told beside."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from designer.pictures.wording import GLOBAL_AVERAGE, SYMBOLS, is_absorbed, is_moving, words
from engine import AdaptiveAvgPool2D, Analysis, Graph, Layer, Shape
from engine.language import tr
from engine.layers.dense import Linear
from engine.layers.output import Probabilities

_SQUEEZED = 3  # steps of a squeeze-and-excitation: pool, two convolutions


@dataclass(frozen=True)
class Source:
    """Where a step's input comes from, and what is done on the way, by which layers."""

    step: str
    label: str = ""
    members: tuple[str, ...] = ()


@dataclass(frozen=True)
class Step:
    """One thing that a figure draws.

    Attributes
    ----------
    id, name, family
        Of the layer that makes the values.
    shape
        What is drawn; None where it is not known.
    lines
        What is done, from what comes in to this: ``("5×5 conv, 6", "ReLU")``.
    sources
        By port.
    members
        All layers that are told of here.
    window
        Height and width of what slides over the input; (1, 1) where nothing does.
    symbol
        Of what joins several inputs: ``"+"``; empty for others.
    parts
        Depths that a concatenation stacks.
    classes
        Their names, at the end of a network.
    parameters
        Of all members.
    dense
        Whether everything that comes in counts for every unit.
    steady
        Whether this is a convolution that moves pixel by pixel, which makes maps smaller by its border at most.
    """

    id: str
    name: str
    family: str
    shape: Shape | None
    lines: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    members: tuple[str, ...] = ()
    window: tuple[int, int] = (1, 1)
    symbol: str = ""
    parts: tuple[int, ...] = ()
    classes: tuple[str, ...] = ()
    parameters: int = 0
    dense: bool = False
    steady: bool = False

    @property
    def joins(self) -> bool:
        """Whether several inputs come together here."""
        return bool(self.symbol)

    def with_words(self, lines: tuple[str, ...], members: tuple[str, ...], parameters: int = 0) -> "Step":
        """Return the step with more that is told of it."""
        told = self.lines
        if lines and len(told) > 1 and "," not in lines[0]:
            told = (*told[:-1], f"{told[-1]}, {lines[0]}") if _short(told[-1]) else (*told, lines[0])
            lines = lines[1:]
        return replace(
            self,
            lines=(*told, *lines),
            members=(*self.members, *members),
            parameters=self.parameters + parameters,
        )


@dataclass(frozen=True)
class _Value:
    """What leaves a layer: a step's values, with what was done to them that no step tells yet."""

    step: str
    pending: tuple[str, ...] = ()
    members: tuple[str, ...] = ()


def steps_of(analysis: Analysis, nodes: Collection[str] | None = None) -> dict[str, Step]:
    """Return the steps of a network, each after its sources.

    Parameters
    ----------
    analysis
        Of the network.
    nodes
        The layers to show, all unless told; what feeds them is shown with them. Layers on a cycle are left out.
    """
    order = [node for node in analysis.order if nodes is None or node in nodes]
    return _Reader(analysis, order).read()


def told_layers(step: Step) -> tuple[str, ...]:
    """Return the layers that a step and the lines that lead to it tell of."""
    return (*(member for source in step.sources for member in source.members), *step.members)


def squeezed(steps: Mapping[str, Step]) -> dict[str, Step]:
    """Return the steps with each squeeze-and-excitation told as ``SE`` beside the volume that it weighs."""
    kept = dict(steps)
    for step in steps.values():
        found = _excitation(kept, step) if step.symbol == SYMBOLS["Multiply"] else None
        if found is None or step.id not in kept:
            continue
        base, inner = found
        gone = (*inner, step.id)
        told = kept[base].with_words(
            ("SE", *step.lines),
            tuple(member for one in gone for member in told_layers(kept[one])),
            sum(kept[one].parameters for one in gone),
        )
        kept[base] = told
        for one in gone:
            del kept[one]
        for other in list(kept.values()):
            if any(source.step == step.id for source in other.sources):
                moved = tuple(replace(s, step=base) if s.step == step.id else s for s in other.sources)
                kept[other.id] = replace(other, sources=moved)
    return kept


class _Reader:
    """Goes through the layers in order and gathers steps."""

    def __init__(self, analysis: Analysis, order: list[str]) -> None:
        self._analysis = analysis
        self._graph: Graph = analysis.graph
        self._order = order
        self._shown = set(order)
        self._steps: dict[str, Step] = {}
        self._values: dict[str, _Value] = {}

    def read(self) -> dict[str, Step]:
        for node in self._order:
            for edge in self._graph.incoming[node].values():
                if edge.source not in self._values:
                    self._give(edge.source)
            layer = self._graph.by_id[node].layer
            self._values[node] = self._absorb(node, layer) or self._make(node, layer)
        return self._steps

    def _give(self, node: str) -> None:
        """Show what a layer outside of the selection hands over."""
        source = self._graph.by_id[node]
        shape = self._analysis.nodes[node].output
        self._steps[node] = Step(node, source.label, source.layer.family, shape, members=(node,))
        self._values[node] = _Value(node)

    def _absorb(self, node: str, layer: Layer) -> _Value | None:
        """Return the value behind a layer that needs no step; None where it does."""
        wires = list(self._graph.incoming[node].values())
        moving = is_moving(layer)
        entry = self._analysis.nodes[node]
        idle = isinstance(layer, AdaptiveAvgPool2D) and entry.output is not None and entry.inputs == (entry.output,)
        if len(wires) != 1 or not (is_absorbed(layer) or idle or (moving and self._only_passes(node))):
            return None
        value = self._values[wires[0].source]
        told, parameters = () if idle else words(layer), entry.parameters
        prepares = self._prepares(self._steps[value.step], layer) and self._fan_out(node) == 1
        if not moving and not value.pending and not prepares and self._fan_out(wires[0].source) == 1:
            step = self._steps[value.step].with_words(told, (node,), parameters)
            if isinstance(layer, Probabilities) and not self._fan_out(node):
                step = replace(step, classes=layer.labels, family=layer.family)
            self._steps[value.step] = step
            return _Value(value.step)
        if self._fan_out(node) != 1:
            return None
        return _Value(value.step, (*value.pending, *told), (*value.members, node))

    @staticmethod
    def _prepares(step: Step, layer: Layer) -> bool:
        """Whether a layer behind a join belongs to what follows, as in a DenseNet or a ConvNeXt."""
        if step.parts:
            return layer.family in ("normalization", "activation", "regularization")
        return step.joins and layer.family == "normalization"

    def _only_passes(self, node: str) -> bool:
        """Whether all that becomes of a layer's values, up to where they join others, is told by a label."""
        outgoing = [edge for edge in self._graph.outgoing[node] if edge.target in self._shown]
        if len(outgoing) != 1:
            return False
        layer = self._graph.by_id[outgoing[0].target].layer
        if layer.family == "merge":
            return True
        return (is_absorbed(layer) or is_moving(layer)) and self._only_passes(outgoing[0].target)

    def _fan_out(self, node: str) -> int:
        return sum(edge.target in self._shown for edge in self._graph.outgoing[node])

    def _make(self, node: str, layer: Layer) -> _Value:
        entry = self._analysis.nodes[node]
        ports = sorted(self._graph.incoming[node].items())
        values = [self._values[edge.source] for _, edge in ports]
        merges = layer.family == "merge"
        before = () if merges else tuple(word for value in values for word in value.pending)
        inner = tuple(member for value in values for member in value.members)
        members = () if merges else inner
        lines = (*((", ".join(before),) if before else ()), *(() if merges else words(layer)))
        kernel = getattr(layer, "kernel", (1, 1))
        self._steps[node] = Step(
            id=node,
            name=self._graph.by_id[node].label,
            family=layer.family,
            shape=entry.output,
            lines=lines,
            sources=tuple(_source(value) if merges else Source(value.step) for value in values),
            members=(*members, node),
            window=kernel if layer.family in ("conv", "pool") else (1, 1),
            symbol=SYMBOLS.get(layer.type, layer.title) if merges else "",
            parts=tuple(shape.channels for shape in entry.inputs if shape) if layer.type == "Concat" else (),
            parameters=sum(self._analysis.nodes[one].parameters for one in (*inner, node)),
            dense=isinstance(layer, Linear),
            steady=layer.family == "conv" and getattr(layer, "stride", None) == (1, 1),
        )
        return _Value(node)


def _source(value: _Value) -> Source:
    return Source(value.step, ", ".join(value.pending), value.members)


def _short(line: str) -> bool:
    """Whether one more word fits on a line of words such as ``BN, ReLU``."""
    return len(line) < 10 and not any(letter.isdigit() for letter in line)


def _excitation(steps: Mapping[str, Step], join: Step) -> tuple[str, list[str]] | None:
    """Return the volume that is weighed and the steps that find its weights; None where it is something else."""
    if len(join.sources) != 2:
        return None
    fed: dict[str, int] = {}
    for step in steps.values():
        for source in step.sources:
            fed[source.step] = fed.get(source.step, 0) + 1
    for end, base in (join.sources, join.sources[::-1]):
        inner: list[str] = []
        at = end.step
        while len(inner) < _SQUEEZED and at in steps and len(steps[at].sources) == 1 and fed[at] == 1:
            inner.append(at)
            at = steps[at].sources[0].step
        if len(inner) == _SQUEEZED and at == base.step and steps[inner[-1]].lines[:1] == (tr(GLOBAL_AVERAGE),):
            return at, inner[::-1]
    return None
