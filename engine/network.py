"""A network as a file holds it: name, graph, perhaps weights, where its nodes are drawn, groups, and dots on wires."""

from collections.abc import Mapping

import msgspec

from engine.dots import Dots
from engine.graph import Graph
from engine.groups import Group
from engine.weights import Weights

# Node id to the top left corner (x, y) of its card, in canvas pixels at 100 %.
Layout = Mapping[str, tuple[float, float]]


class Network(msgspec.Struct, frozen=True):
    """A value: an edit makes a new one. Layout, groups and dots are no part of the architecture."""

    name: str = "Untitled"
    graph: Graph = Graph()
    weights: Weights | None = None
    layout: Layout = msgspec.field(default_factory=dict)
    groups: tuple[Group, ...] = ()
    dots: Dots = msgspec.field(default_factory=dict)
