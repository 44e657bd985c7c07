"""The drawing as a value: layers at nodes, wires between them, and the edits that lead to the next drawing."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from heapq import heappop, heappush
from typing import TypeVar

import msgspec

from engine.language import tr
from engine.layers import Input, Layer

MOST_PORTS = 1024  # of a layer without a limit of its own: a higher number in a file is a slip, and ports take memory


class EditError(ValueError):
    """An edit that makes no sense on the graph at hand, such as removing a node that is not there."""


class Node(msgspec.Struct, frozen=True):
    """A layer at its place in a graph. ``id`` is unique and stays; ``name`` is what people read."""

    id: str
    layer: Layer
    name: str = ""

    @property
    def label(self) -> str:
        """The name, or the id where no name was given."""
        return self.name or self.id


class Edge(msgspec.Struct, frozen=True, order=True):
    """A wire from a node's output to one input port of another node; ports count from 0."""

    source: str
    target: str
    port: int = 0


class Graph(msgspec.Struct, frozen=True, dict=True):
    """Nodes and edges. Every edit returns a new graph; this one never changes."""

    nodes: tuple[Node, ...] = ()
    edges: tuple[Edge, ...] = ()

    @cached_property
    def by_id(self) -> dict[str, Node]:
        """The nodes by their ids."""
        return {node.id: node for node in self.nodes}

    @cached_property
    def incoming(self) -> dict[str, dict[int, Edge]]:
        """For each node, the wire at each of its connected ports."""
        wires: dict[str, dict[int, Edge]] = {node.id: {} for node in self.nodes}
        for edge in self.edges:
            wires[edge.target][edge.port] = edge
        return wires

    @cached_property
    def outgoing(self) -> dict[str, list[Edge]]:
        """For each node, the wires that leave it."""
        wires: dict[str, list[Edge]] = {node.id: [] for node in self.nodes}
        for edge in self.edges:
            wires[edge.source].append(edge)
        return wires

    @cached_property
    def gaps(self) -> dict[str, tuple[int, ...]]:
        """For each node that shows ports without a wire, those ports."""
        return {node.id: gaps for node in self.nodes if (gaps := self._gaps(node))}

    @cached_property
    def inputs(self) -> tuple[Node, ...]:
        """The nodes that are an Input; the image enters at the first."""
        return tuple([node for node in self.nodes if isinstance(node.layer, Input)])

    @cached_property
    def drawn_in_order(self) -> bool:
        """Whether every wire leads from a node to a later one; then there is no cycle."""
        place = dict(zip(self.by_id, range(len(self.nodes)), strict=True))
        return all([place[edge.source] < place[edge.target] for edge in self.edges])

    @property
    def image(self) -> Input | None:
        """The layer where the image enters: the first Input."""
        first = self.inputs[0].layer if self.inputs else None
        return first if isinstance(first, Input) else None

    def __contains__(self, node: object) -> bool:
        return node in self.by_id

    def node(self, node: str) -> Node:
        """Return a node by its id.

        Raises
        ------
        EditError
            Where there is no such node.
        """
        return _known(node, self.by_id)

    def port_count(self, node: str) -> int:
        """Return how many input ports a node shows: what its layer needs, and all that are connected."""
        wires, least = self.incoming[node], self.by_id[node].layer.ports.least
        return max(least, max(wires) + 1) if wires else least

    def fresh_id(self, prefix: str) -> str:
        """Return the first of ``prefix1``, ``prefix2``, … that is free; an input is called ``prefix`` alone."""
        if prefix == Input.prefix and prefix not in self:
            return prefix
        number = 1
        while f"{prefix}{number}" in self:
            number += 1
        return f"{prefix}{number}"

    def descendants(self, node: str) -> set[str]:
        """Return all nodes that can be reached from a node, itself included."""
        seen, waiting = {node}, [node]
        while waiting:
            for edge in self.outgoing[waiting.pop()]:
                if edge.target not in seen:
                    seen.add(edge.target)
                    waiting.append(edge.target)
        return seen

    # Edits

    def add(self, node: Node) -> "Graph":
        """Return the graph with one more node."""
        _check_node(node, self.by_id)
        return self._changed((*self.nodes, node), self.edges, {node.id})

    def remove(self, nodes: Iterable[str]) -> "Graph":
        """Return the graph without some nodes and their wires."""
        gone = {self.node(node).id for node in nodes}
        neighbours = {edge.target for node in gone for edge in self.outgoing[node]}
        neighbours |= {edge.source for node in gone for edge in self.incoming[node].values()}
        return self._changed(
            tuple([node for node in self.nodes if node.id not in gone]),
            tuple([edge for edge in self.edges if edge.source not in gone and edge.target not in gone]),
            gone | neighbours,
        )

    def connect(self, source: str, target: str, port: int = 0) -> "Graph":
        """Return the graph with a wire; one that was at the port before is replaced.

        Raises
        ------
        EditError
            Where a node is missing, the port does not exist, or both ends are the same node.
        """
        edge = Edge(source, target, port)
        _check_wire(edge, self.by_id)
        before = self.incoming[target].get(port)
        if before is None:
            return self._changed(self.nodes, (*self.edges, edge), {source, target}, edge)
        edges = tuple([edge if old is before else old for old in self.edges])
        return self._changed(self.nodes, edges, {source, target, before.source}, edge)

    def disconnect(self, edge: Edge) -> "Graph":
        """Return the graph without a wire."""
        if edge.target not in self or self.incoming[edge.target].get(edge.port) != edge:
            raise EditError(
                tr("There is no wire from {source!r} to {target!r}", source=edge.source, target=edge.target)
            )
        edges = tuple([old for old in self.edges if old != edge])
        return self._changed(self.nodes, edges, {edge.source, edge.target})

    def replace_layer(self, node: str, layer: Layer) -> "Graph":
        """Return the graph with another layer at a node; wires to ports that it lacks go."""
        changed = msgspec.structs.replace(self.node(node), layer=layer)
        most, wires = layer.ports.most, self.incoming[node]
        nodes = tuple([changed if old.id == node else old for old in self.nodes])
        if most is None or all(port < most for port in wires):
            return self._changed(nodes, self.edges, {node})
        edges = tuple([edge for edge in self.edges if edge.target != node or edge.port < most])
        return self._changed(nodes, edges, {node, *(edge.source for edge in wires.values())})

    def rename(self, node: str, name: str) -> "Graph":
        """Return the graph with another name at a node; an empty one shows the id."""
        changed = msgspec.structs.replace(self.node(node), name=name)
        return self._changed(tuple([changed if old.id == node else old for old in self.nodes]), self.edges, {node})

    def insert(self, edge: Edge, node: Node) -> "Graph":
        """Return the graph with a new node in the middle of a wire."""
        return self.add(node).disconnect(edge).connect(edge.source, node.id).connect(node.id, edge.target, edge.port)

    def bypass(self, node: str) -> "Graph":
        """Return the graph without a node, what feeds its first port wired to all that it fed but to itself."""
        source = self.incoming[self.node(node).id].get(0)
        rest = self.remove([node])
        if source is None:
            return rest
        for edge in self.outgoing[node]:
            if edge.target != source.source:
                rest = rest.connect(source.source, edge.target, edge.port)
        return rest

    def _gaps(self, node: Node) -> tuple[int, ...]:
        wires, least = self.incoming[node.id], node.layer.ports.least
        shown = max(least, max(wires) + 1) if wires else least
        return tuple([port for port in range(shown) if port not in wires]) if len(wires) < shown else ()

    def _changed(
        self, nodes: tuple[Node, ...], edges: tuple[Edge, ...], touched: set[str], new: Edge | None = None
    ) -> "Graph":
        """Return another graph, which takes over what is known of all nodes but those that an edit touched.

        Touched are the nodes that came, went or are others, and both ends of the wires that came or went; ``new`` is
        the wire that came. Nodes that came are the last.
        """
        graph = Graph(nodes, edges)
        known = graph.__dict__
        if nodes is self.nodes:
            known["by_id"], known["inputs"] = self.by_id, self.inputs
        else:
            known["by_id"] = {node.id: node for node in nodes}
        if self.drawn_in_order:
            ends = (new.source, new.target) if new is not None else ()
            if new is None or next(node.id for node in nodes if node.id in ends) == new.source:
                known["drawn_in_order"] = True
        here, gone = touched & graph.by_id.keys(), touched - graph.by_id.keys()
        if edges is self.edges and len(nodes) == len(self.nodes):
            known["incoming"], known["outgoing"] = self.incoming, self.outgoing
        else:
            incoming: dict[str, dict[int, Edge]] = {node: {} for node in here}
            outgoing: dict[str, list[Edge]] = {node: [] for node in here}
            for edge in edges:
                if edge.target in incoming:
                    incoming[edge.target][edge.port] = edge
                if edge.source in outgoing:
                    outgoing[edge.source].append(edge)
            known["incoming"] = _without({**self.incoming, **incoming}, gone)
            known["outgoing"] = _without({**self.outgoing, **outgoing}, gone)
        gaps = {node: graph._gaps(graph.by_id[node]) for node in here}
        known["gaps"] = {node: ports for node, ports in _without({**self.gaps, **gaps}, gone).items() if ports}
        return graph


class Draft:
    """A graph while it is read: layers and wires come one by one, each checked as the edits do, in constant time."""

    def __init__(self) -> None:
        self._nodes: dict[str, Node] = {}
        self._wires: dict[tuple[str, int], Edge] = {}

    def add(self, node: Node) -> None:
        """Add a node; raises `EditError` as `Graph.add` does."""
        _check_node(node, self._nodes)
        self._nodes[node.id] = node

    def connect(self, source: str, target: str, port: int = 0) -> None:
        """Add a wire; raises `EditError` as `Graph.connect` does, and where there is one at the port already."""
        edge = Edge(source, target, port)
        _check_wire(edge, self._nodes)
        if (target, port) in self._wires:
            raise EditError(tr("Input {port} of {target!r} has a wire already", port=port + 1, target=target))
        self._wires[target, port] = edge

    def mark(self) -> tuple[int, int]:
        """Return a mark of the present state, for `return_to`."""
        return len(self._nodes), len(self._wires)

    def return_to(self, mark: tuple[int, int]) -> None:
        """Take back all that was added since a mark."""
        nodes, wires = mark
        while len(self._nodes) > nodes:
            self._nodes.popitem()
        while len(self._wires) > wires:
            self._wires.popitem()

    def graph(self) -> Graph:
        """Return the graph."""
        return Graph(tuple(self._nodes.values()), tuple(self._wires.values()))


def _known(node: str, nodes: Mapping[str, Node]) -> Node:
    try:
        return nodes[node]
    except KeyError:
        raise EditError(tr("There is no layer {node!r}", node=node)) from None


def _check_node(node: Node, nodes: Mapping[str, Node]) -> None:
    if not node.id:
        raise EditError(tr("A layer needs an id"))
    if node.id in nodes:
        raise EditError(tr("There is a layer {node!r} already", node=node.id))


def _check_wire(edge: Edge, nodes: Mapping[str, Node]) -> None:
    _known(edge.source, nodes)
    ports = _known(edge.target, nodes).layer.ports
    if edge.source == edge.target:
        raise EditError(tr("{target!r} can't feed itself", target=edge.target))
    if not 0 <= edge.port < (MOST_PORTS if ports.most is None else ports.most):
        raise EditError(tr("{target!r} has no input {port}", target=edge.target, port=edge.port + 1))


_T = TypeVar("_T")


def _without(known: dict[str, _T], gone: Iterable[str]) -> dict[str, _T]:
    for node in gone:
        known.pop(node, None)
    return known


def ordered(graph: Graph) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the ids in an order in which every node follows its sources, and those that have none (cycles).

    Of all such orders it is the one nearest to the order in which the nodes were drawn: the earliest of those whose
    sources are listed comes next.
    """
    if graph.drawn_in_order:
        return tuple(graph.by_id), ()
    names, incoming, outgoing = tuple(graph.by_id), graph.incoming, graph.outgoing
    place = dict(zip(names, range(len(names)), strict=True))
    missing = [len(incoming[node]) for node in names]
    ready = [number for number, count in enumerate(missing) if not count]  # sorted, and so a heap
    order = []
    while ready:
        node = names[heappop(ready)]
        order.append(node)
        for edge in outgoing[node]:
            target = place[edge.target]
            missing[target] -= 1
            if not missing[target]:
                heappush(ready, target)
    done = set(order)
    return tuple(order), tuple([node for node in names if node not in done])
