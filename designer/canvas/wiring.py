"""Which wires can be drawn, and why the others can't."""

from collections.abc import Iterable, Mapping

from designer.canvas.geometry import port_offsets, shown_ports, takes_input
from designer.canvas.visible import Visible
from engine import Edge, Graph
from engine.language import tr, tr_noop

End = tuple[str, int]  # a node and one of its input ports

ITSELF = tr_noop("A layer can’t feed itself")
NO_PORT = tr_noop("An Input takes no wire")
CYCLE = tr_noop("Would close a cycle")
FULL = tr_noop("Nothing in this group takes a wire")
SEVERAL_ENDS = tr_noop("Several layers in this group could take it: expand it first")
SEVERAL_OUTPUTS = tr_noop("Several layers in this group have an output: expand it first")


def refused_targets(graph: Graph, source: str) -> dict[str, str]:
    """Return the nodes that an output can't be wired to, each with the reason."""
    no_port = tr(NO_PORT)
    refused = dict.fromkeys(ancestors(graph, source), tr(CYCLE))
    refused |= {node.id: no_port for node in graph.nodes if not takes_input(node.layer)}
    return refused | {source: tr(ITSELF)}


def refused_sources(graph: Graph, target: str) -> dict[str, str]:
    """Return the nodes whose output can't be wired to a node, each with the reason."""
    return dict.fromkeys(graph.descendants(target), tr(CYCLE)) | {target: tr(ITSELF)}


def ancestors(graph: Graph, node: str) -> set[str]:
    """Return all nodes from which a node can be reached, itself included."""
    seen, waiting = {node}, [node]
    while waiting:
        for edge in graph.incoming[waiting.pop()].values():
            if edge.source not in seen:
                seen.add(edge.source)
                waiting.append(edge.source)
    return seen


def port_for(graph: Graph, node: str, across: float) -> int:
    """Return the input port for a wire dropped on a card: the first free one, else the nearest.

    Parameters
    ----------
    graph, node
        The drawing and the node, which takes an input.
    across
        Where on the card it was dropped, from its left edge.
    """
    offsets = port_offsets(shown_ports(graph, node))
    free = (port for port in range(len(offsets)) if port not in graph.incoming[node])
    return next(free, min(range(len(offsets)), key=lambda port: abs(offsets[port] - across)))


def without(graph: Graph, edges: Iterable[Edge]) -> Graph:
    """Return the graph while the end of some wires is held: without them."""
    for edge in edges:
        graph = graph.disconnect(edge)
    return graph


def wired(graph: Graph, source: str, ends: Iterable[End]) -> Graph:
    """Return the graph with an output wired to some inputs."""
    for target, port in ends:
        graph = graph.connect(source, target, port)
    return graph


def refused_cards(seen: Visible, refused: Mapping[str, str], *, as_target: bool, graph: Graph) -> dict[str, str]:
    """Return the cards that can't take a wire's loose end, each with the reason.

    Parameters
    ----------
    seen
        The cards.
    refused
        The nodes that can't take it.
    as_target
        Whether the loose end goes to an input; else it goes to an output.
    graph
        The network's graph while the wire is held.
    """
    found = {}
    for card in seen.graph.by_id:
        if card not in seen.folds:
            reason = refused.get(card)
        elif as_target:
            ends = group_ends(seen, card, graph)
            reason = ends if isinstance(ends, str) else next((refused[n] for n, _ in ends if n in refused), None)
        else:
            output = seen.output(card)
            reason = tr(SEVERAL_OUTPUTS) if output is None else refused.get(output)
        if reason is not None:
            found[card] = reason
    return found


def group_ends(seen: Visible, card: str, graph: Graph) -> tuple[End, ...] | str:
    """Return the ports that a wire dropped on a collapsed group goes to, or why that can't be said.

    That is the one input that nothing is connected to; where all are, those that the only source outside feeds.
    """
    nodes = seen.folds[card].nodes
    inside = set(nodes)
    free = [
        (node, port)
        for node in nodes
        for port in range(graph.by_id[node].layer.ports.least)
        if port not in graph.incoming[node]
    ]
    if free:
        return tuple(free) if len(free) == 1 else tr(SEVERAL_ENDS)
    fed = [edge for node in nodes for edge in graph.incoming[node].values() if edge.source not in inside]
    if not fed:
        return tr(FULL)
    if len({edge.source for edge in fed}) > 1:
        return tr(SEVERAL_ENDS)
    return tuple((edge.target, edge.port) for edge in fed)
