"""Pieces of networks: a part taken out as a network of its own, and one network put into another."""

from collections.abc import Iterable, Mapping
from typing import TypeVar

import msgspec

from engine import dots as dotting
from engine.graph import Edge, Graph, Node
from engine.groups import Groups, fresh_id, within
from engine.network import Network
from engine.weights import Weights

_Value = TypeVar("_Value")


def excerpt(network: Network, nodes: Iterable[str]) -> Network:
    """Return some nodes as a network: the wires between them with their dots, their weights, places and groups.

    Raises
    ------
    EditError
        Where there is no such node.
    """
    wanted = {network.graph.node(node).id for node in nodes}
    graph = Graph(
        tuple(node for node in network.graph.nodes if node.id in wanted),
        tuple(edge for edge in network.graph.edges if edge.source in wanted and edge.target in wanted),
    )
    weights = None
    if network.weights is not None:
        weights = Weights({node: arrays for node, arrays in network.weights.items() if node in wanted}) or None
    layout = {node: place for node, place in network.layout.items() if node in wanted}
    groups, dots = within(network.groups, wanted), dotting.within(network.dots, graph.edges)
    return Network(network.name, graph, weights, layout, groups, dots)


def joined(network: Network, piece: Network) -> tuple[Network, dict[str, str]]:
    """Return a network with another one put beside it, wired to nothing, under ids that are free.

    Weights, places, groups and dots come along.

    Returns
    -------
    Network, dict
        The whole, and for each id of the piece the one that its node has there.
    """
    graph, ids = network.graph, dict[str, str]()
    for node in piece.graph.nodes:
        ids[node.id] = graph.fresh_id(node.layer.prefix)
        graph = graph.add(Node(ids[node.id], node.layer, node.name))
    wires = {edge: Edge(ids[edge.source], ids[edge.target], edge.port) for edge in piece.graph.edges}
    layout = {**network.layout, **_renamed(piece.layout, ids)}
    weights = network.weights
    if piece.weights is not None:
        weights = Weights({**(weights or {}), **_renamed(piece.weights, ids)})
    graph = Graph(graph.nodes, (*graph.edges, *wires.values()))
    groups = _with_groups(network.groups, piece.groups, graph, ids)
    dots = {**network.dots, **{wires[edge]: points for edge, points in piece.dots.items() if edge in wires}}
    whole = msgspec.structs.replace(network, graph=graph, weights=weights, layout=layout, groups=groups, dots=dots)
    return whole, ids


def _with_groups(groups: Groups, new: Groups, graph: Graph, ids: Mapping[str, str]) -> Groups:
    renamed: dict[str | None, str] = {}
    for group in new:
        renamed[group.id] = fresh_id(groups, graph)
        nodes, parent = tuple(ids[node] for node in group.nodes), renamed.get(group.parent)
        groups = (*groups, msgspec.structs.replace(group, id=renamed[group.id], nodes=nodes, parent=parent))
    return groups


def _renamed(values: Mapping[str, _Value], ids: Mapping[str, str]) -> dict[str, _Value]:
    return {ids[node]: value for node, value in values.items() if node in ids}
