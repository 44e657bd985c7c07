"""What differs between two networks: layers, hyper-parameters, wires, counts, and on one image their maps."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec
import numpy as np

from engine.analysis import Analysis, NodeAnalysis, Totals, analyse
from engine.counterparts import matched
from engine.graph import Graph
from engine.language import tr, tr_inside, tr_number, tr_numbers
from engine.layers import Layer
from engine.layers.base import Array
from engine.layers.parameters import parameters
from engine.network import Network
from engine.shape import Shape
from engine.weights import Weights


class ParameterChange(NamedTuple):
    """A hyper-parameter with another value, or one that only one of two types has: then a value is None."""

    name: str
    title: str
    old: Any
    new: Any

    def text(self) -> str:
        """Write the change: ``filters 6 → 8``."""
        return f"{tr_inside(tr(self.title))} {value_text(self.old)} → {value_text(self.new)}"


class WireChange(NamedTuple):
    """An input port that something else is connected to; None stands for nothing. Ids are of their own networks."""

    target: str
    port: int
    old: str | None
    new: str | None


class Pair(NamedTuple):
    """A layer of one network and its counterpart, and what is not the same in both."""

    before: str
    after: str
    retyped: tuple[str, str] | None
    renamed: tuple[str, str] | None
    parameters: tuple[ParameterChange, ...]
    shapes: tuple[Shape | None, Shape | None]
    counts: tuple[tuple[int, int], tuple[int, int]]  # parameters and MACs, each before and after
    weights: bool  # whether both have weights, and not the same

    @property
    def changed(self) -> bool:
        """Whether the layer itself is another, or is called otherwise."""
        return bool(self.retyped or self.renamed or self.parameters)

    @property
    def affected(self) -> bool:
        """Whether its shape or its counts are others, be it for what comes before it."""
        return self.shapes[0] != self.shapes[1] or any(old != new for old, new in self.counts)


class Difference(msgspec.Struct, frozen=True):
    """What differs between two networks."""

    before: Analysis
    after: Analysis
    pairs: tuple[Pair, ...]
    removed: tuple[str, ...]
    added: tuple[str, ...]
    wires: tuple[WireChange, ...]

    @property
    def changed(self) -> tuple[Pair, ...]:
        """The layers that are in both and not the same."""
        return tuple(pair for pair in self.pairs if pair.changed)

    @property
    def same(self) -> bool:
        """Whether the two are the same design; weights do not count, nor where cards lie."""
        return not (self.removed or self.added or self.wires or self.changed)

    @property
    def totals(self) -> tuple[Totals, Totals]:
        """The sums of both."""
        return self.before.totals, self.after.totals


class MapDifference(NamedTuple):
    """How much a layer's maps differ on one image.

    ``relative`` is the norm of the difference over that of the maps before; ``correlation`` is of all values, None
    where one of the two is constant. All are None where the shapes differ.
    """

    before: str
    after: str
    relative: float | None
    greatest: float | None
    correlation: float | None


def differ(
    before: Network,
    after: Network,
    *,
    analysis_before: Analysis | None = None,
    analysis_after: Analysis | None = None,
) -> Difference:
    """Return what differs between two networks.

    Parameters
    ----------
    before, after
        The networks.
    analysis_before, analysis_after
        Their analyses, where the caller has them already.
    """
    one = analysis_before if analysis_before is not None else analyse(before.graph)
    two = analysis_after if analysis_after is not None else analyse(after.graph)
    found = matched(one, two)
    counterparts = set(found.values())
    return Difference(
        one,
        two,
        tuple(_pair(one, two, old, new, (before.weights, after.weights)) for old, new in found.items()),
        tuple(node for node in (*one.order, *one.cyclic) if node not in found),
        tuple(node for node in (*two.order, *two.cyclic) if node not in counterparts),
        tuple(_wires(before.graph, after.graph, found)),
    )


def map_differences(
    difference: Difference, before: Mapping[str, Array], after: Mapping[str, Array]
) -> tuple[MapDifference, ...]:
    """Return how much the maps of each layer that is in both differ.

    Parameters
    ----------
    difference
        Of the two networks.
    before, after
        Their maps on the same image.
    """
    found = []
    for pair in difference.pairs:
        if pair.before in before and pair.after in after:
            found.append(_map_difference(pair, before[pair.before], after[pair.after]))
    return tuple(found)


def value_text(value: Any) -> str:
    """Return a hyper-parameter's value for a reader."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return tr("on") if value else tr("off")
    if isinstance(value, float):
        return tr_number(value, ".6g")
    if isinstance(value, msgspec.Struct):
        return str(getattr(value, "operator", type(value).__name__))
    if isinstance(value, tuple):
        if len(value) == 2 and all(isinstance(one, int) for one in value):
            return "×".join(map(str, value))
        return f"({tr_numbers([value_text(one) for one in value])})"
    return str(value)


def _pair(one: Analysis, two: Analysis, old: str, new: str, weights: tuple[Weights | None, Weights | None]) -> Pair:
    mine, theirs = one.nodes[old], two.nodes[new]
    names = one.graph.by_id[old], two.graph.by_id[new]
    told = old == new or all(node.name for node in names)  # an id is what a file happened to call a layer
    types = mine.layer.type, theirs.layer.type
    return Pair(
        old,
        new,
        types if types[0] != types[1] else None,
        (names[0].label, names[1].label) if told and names[0].name != names[1].name else None,
        _parameter_changes(mine.layer, theirs.layer),
        (mine.output, theirs.output),
        _counts(mine, theirs),
        _weights_differ(old, new, *weights),
    )


def _counts(mine: NodeAnalysis, theirs: NodeAnalysis) -> tuple[tuple[int, int], tuple[int, int]]:
    return (mine.parameters, theirs.parameters), (mine.macs, theirs.macs)


def _parameter_changes(old: Layer, new: Layer) -> tuple[ParameterChange, ...]:
    """Return what is not the same; of layers of two types those that both have, as the rest is all another."""
    titles = {one.name: one.title for one in parameters(type(old))}
    found = [
        ParameterChange(name, title, getattr(old, name), getattr(new, name))
        for name, title in titles.items()
        if hasattr(new, name) and getattr(old, name) != getattr(new, name)
    ]
    return tuple(found)


def _weights_differ(old: str, new: str, before: Weights | None, after: Weights | None) -> bool:
    if before is None or after is None or old not in before or new not in after:
        return False
    mine, theirs = before[old], after[new]
    return mine.keys() != theirs.keys() or any(
        array is not theirs[name] and not np.array_equal(array, theirs[name]) for name, array in mine.items()
    )


def _wires(before: Graph, after: Graph, pairs: Mapping[str, str]) -> list[WireChange]:
    """Return the ports of layers in both that are fed by something else."""
    found = []
    for old, new in pairs.items():
        mine, theirs = before.incoming[old], after.incoming[new]
        for port in sorted(mine.keys() | theirs.keys()):
            source = mine[port].source if port in mine else None
            other = theirs[port].source if port in theirs else None
            if (None if source is None else pairs.get(source, "")) != other:
                found.append(WireChange(new, port, source, other))
    return found


def _map_difference(pair: Pair, before: Array, after: Array) -> MapDifference:
    if before.shape != after.shape:
        return MapDifference(pair.before, pair.after, None, None, None)
    if before is after:
        return MapDifference(pair.before, pair.after, 0.0, 0.0, 1.0)
    with np.errstate(all="ignore"):
        one, two = before.astype(np.float64).ravel(), after.astype(np.float64).ravel()
        apart = two - one
        norm, size = float(np.linalg.norm(one)), float(np.linalg.norm(apart))
        relative = size / norm if norm else 0.0 if size == 0 else float("inf")
        one, two = one - one.mean(), two - two.mean()
        spread = float(np.linalg.norm(one) * np.linalg.norm(two))
        correlation = float(one @ two) / spread if spread else None
    return MapDifference(pair.before, pair.after, relative, float(np.abs(apart).max()), correlation)
