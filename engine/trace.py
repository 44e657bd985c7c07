"""One value of one map explained: the arithmetic behind it, and what it depends on, back to the image."""

from collections.abc import Mapping, Sequence
from functools import reduce
from math import isfinite, isnan
from operator import index as whole_number
from types import MappingProxyType

import msgspec
import numpy as np

from engine.analysis import Analysis, NodeAnalysis, analyse
from engine.graph import Graph
from engine.language import tr
from engine.layers import Input
from engine.layers.base import Array
from engine.layers.explanation import Cell, Explanation
from engine.layers.region import Box, Region, as_volume
from engine.shape import Shape
from engine.weights import Weights, fits

ROUNDING = 1e-5  # of the summands' magnitude: how far sums in float32 may be from those in float64


class TraceError(ValueError):
    """A value that can't be traced: no such layer, map or index, a batch, weights or maps of another network."""


class Place(msgspec.Struct, frozen=True):
    """A value of a map: its node, and ``(channel, y, x)`` in a volume or ``(i,)`` in a vector."""

    node: str
    index: tuple[int, ...]


class Field(msgspec.Struct, frozen=True):
    """What the traced value depends on, on one node's map. A vector ``(N,)`` counts as N channels of one pixel.

    Attributes
    ----------
    box
        The field by window geometry, in pixels of the map; what lies outside the map is padding. Behind a layer
        that sees everything at once it ends where the map does.
    clipped
        The part of the box that lies on the map.
    inside
        The smallest box around the values that count: all of ``clipped``, but for what padding further on, or the
        gaps of a dilated or strided window, leave out at the rim. None where nothing but padding is seen.
    channels
        The first channel and the one after the last, of those that count.
    """

    box: Box
    clipped: Box
    inside: Box | None
    channels: tuple[int, int]

    @property
    def padding(self) -> float:
        """The share of the box that lies outside the map: 0 to 1."""
        return 1 - self.clipped.area / self.box.area if self.box.area else 1.0


class Trace(msgspec.Struct, frozen=True, eq=False):
    """One value explained.

    Attributes
    ----------
    node, index
        Which value: ``(channel, y, x)`` of a volume, ``(i,)`` of a vector.
    value
        The number in the map.
    explanation
        The layer's arithmetic; its `total` is the value again, summed in float64.
    sources
        The node at each input of the layer.
    fields
        For each node whose map the value depends on, its own included, what of it; nearest first.
    image
        The node where the image enters.
    """

    node: str
    index: tuple[int, ...]
    value: np.float32
    explanation: Explanation
    sources: tuple[str, ...]
    fields: Mapping[str, Field]
    image: str

    @property
    def field(self) -> Field:
        """The receptive field on the image."""
        return self.fields[self.image]

    @property
    def agrees(self) -> bool:
        """Whether the total is the map's value but for rounding; it is not where weights changed after the run."""
        with np.errstate(over="ignore"):
            total, value = float(np.float32(self.explanation.total)), float(self.value)
        if isfinite(total) and isfinite(value):
            return abs(total - value) <= ROUNDING * max(1.0, self.explanation.magnitude)
        return total == value or (isnan(total) and isnan(value))

    def source(self, cell: Cell) -> Place | None:
        """Return where the number at a cell of ``explanation.numbers`` comes from: trace that to walk upstream.

        None stands for padding and for a pixel of the image.

        Raises
        ------
        IndexError
            Where there is no such cell.
        """
        source = self.explanation.source(cell)
        return None if source is None else Place(self.sources[source.port], source.index)


def trace(
    graph: Graph,
    weights: Weights,
    maps: Mapping[str, Array],
    node: str,
    index: Sequence[int],
    *,
    analysis: Analysis | None = None,
) -> Trace:
    """Explain one value of one layer's output.

    Parameters
    ----------
    graph
        The network that ran.
    weights
        The weights that it ran with.
    maps
        The outputs for one image: ``(C, H, W)`` or ``(N,)`` by node, of this node and those that feed it.
    node
        The layer.
    index
        Which value: ``(channel, y, x)`` of a volume, ``(i,)`` of a vector; counted from 0.
    analysis
        The graph's analysis, where the caller has it already.

    Raises
    ------
    TraceError
        Where the node has no map, the index is out of its range, the maps are a batch's, or maps or weights do not
        fit the graph.
    """
    known = analysis if analysis is not None else analyse(graph)
    if node not in known.nodes:
        raise TraceError(tr("There is no layer {node!r}", node=node))
    entry, wires = known.nodes[node], graph.incoming[node]
    values = _map(known, maps, node)
    place = _checked(node, values, index)
    sources = tuple(wires[port].source for port in sorted(wires))
    # An image has no source: what went in is the map itself.
    inputs = tuple(_map(known, maps, source) for source in sources) or (values,)
    with np.errstate(all="ignore"):  # inf and nan are shown, where they can be seen
        explanation = entry.layer.explain(inputs, _weights_of(entry, weights, node), place)
    fields = _fields(graph, known, Place(node, place))
    image = next(one for one in fields if isinstance(known.nodes[one].layer, Input))
    return Trace(node, place, values[place], explanation, sources, MappingProxyType(fields), image)


def _map(analysis: Analysis, maps: Mapping[str, Array], node: str) -> Array:
    """Return the output of a node for one image, when it has the shape that the graph gives it."""
    values, shape = maps.get(node), analysis.nodes[node].output
    if values is None or shape is None:
        raise TraceError(
            tr("The layer {node!r} has no map: it did not run, because of a mistake there or before", node=node)
        )
    if values.ndim == len(shape) + 1 and values.shape[1:] == shape:
        raise TraceError(
            tr(
                "The map of {node!r} is that of a batch, {shape}: trace one of its {count}",
                node=node,
                shape=values.shape,
                count=len(values),
            )
        )
    if values.shape != shape:
        raise TraceError(
            tr(
                "The map of {node!r} is {old}, but now its output is {new}: run it again",
                node=node,
                old=values.shape,
                new=tuple(shape),
            )
        )
    return values


def _checked(node: str, values: Array, index: Sequence[int]) -> tuple[int, ...]:
    """Return an index as plain numbers."""
    place = tuple(whole_number(at) for at in index)
    if len(place) != values.ndim:
        wanted = tr("(channel, y, x)") if values.ndim == 3 else "(i,)"
        raise TraceError(
            tr(
                "A value of {node!r}, {shape}, is named by {wanted}, not by {place}",
                node=node,
                shape=values.shape,
                wanted=wanted,
                place=place,
            )
        )
    if not all(0 <= at < size for at, size in zip(place, values.shape, strict=True)):
        raise TraceError(
            tr(
                "There is no value {place} in the map of {node!r}, which is {shape}",
                place=place,
                node=node,
                shape=values.shape,
            )
        )
    return place


def _weights_of(entry: NodeAnalysis, weights: Weights, node: str) -> Mapping[str, Array]:
    specs, own = entry.inferred.weights, weights.get(node, {})
    if not fits(specs, own):
        wanted = ", ".join(f"{spec.name} {spec.shape}" for spec in specs)
        given = ", ".join(f"{name} {array.shape}" for name, array in own.items()) or "nothing"
        raise TraceError(
            tr(
                "The weights of {node!r} do not fit: it needs {wanted}, and there is {given}",
                node=node,
                wanted=wanted,
                given=given,
            )
        )
    return own


def _fields(graph: Graph, analysis: Analysis, place: Place) -> dict[str, Field]:
    """Return what a value depends on, from its own map back to the image."""
    # One region for each way back that sees something of its own: what two branches see together need not be a box
    # of channels, rows and columns, and taking it for one would claim too much further upstream.
    waiting: dict[str, list[Region]] = {place.node: [Region.at(place.index)]}
    fields: dict[str, Field] = {}
    for node in reversed(analysis.order):
        entry, wires = analysis.nodes[node], graph.incoming[node]
        if node not in waiting or entry.output is None:
            continue
        inputs = tuple(shape for shape in entry.inputs if shape is not None)
        for region in waiting[node]:
            for port, regions in enumerate(entry.layer.seen(region, inputs)):
                for seen in regions:
                    _join(waiting.setdefault(wires[port].source, []), seen)
        fields[node] = _field(waiting[node], entry.output)
    return fields


def _join(regions: list[Region], new: Region) -> None:
    """Add a region to those of a map, unless another says as much."""
    if not any(new.within(old) for old in regions):
        regions[:] = [*(old for old in regions if not old.within(new)), new]


def _field(regions: list[Region], shape: Shape) -> Field:
    """Return the smallest boxes around all regions of a map."""
    _, height, width = as_volume(shape)
    box = reduce(Box.hull, (region.box for region in regions))
    inside = [part for region in regions if (part := region.inside) is not None]
    named = [region.channels for region in regions if not inside or region.inside is not None]
    channels = min(int(some[0]) for some in named), max(int(some[-1]) for some in named) + 1
    return Field(box, box.clipped(height, width), reduce(Box.hull, inside) if inside else None, channels)
