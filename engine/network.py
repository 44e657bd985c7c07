"""A network as a file holds it: a name, the graph, perhaps weights, where its nodes are drawn, and in which groups."""

from collections.abc import Mapping

import msgspec

from engine.graph import Graph
from engine.groups import Group
from engine.weights import Weights

# Node id to the top left corner (x, y) of its card, in canvas pixels at 100 %.
Layout = Mapping[str, tuple[float, float]]


class Network(msgspec.Struct, frozen=True):
    """A value: an edit makes a new one. Layout and groups are no part of the architecture."""

    name: str = "Untitled"
    graph: Graph = Graph()
    weights: Weights | None = None
    layout: Layout = msgspec.field(default_factory=dict)
    groups: tuple[Group, ...] = ()
