"""Which wires can be drawn, and why the others can't."""

from designer.canvas.geometry import port_offsets, shown_ports, takes_input
from engine import Edge, Graph

ITSELF = "A layer can’t feed itself"
NO_PORT = "An Input takes no wire"
CYCLE = "Would close a cycle"


def refused_targets(graph: Graph, source: str) -> dict[str, str]:
    """Return the nodes that an output can't be wired to, each with the reason."""
    refused = dict.fromkeys(ancestors(graph, source), CYCLE)
    refused |= {node.id: NO_PORT for node in graph.nodes if not takes_input(node.layer)}
    return refused | {source: ITSELF}


def refused_sources(graph: Graph, target: str) -> dict[str, str]:
    """Return the nodes whose output can't be wired to a node, each with the reason."""
    return dict.fromkeys(graph.descendants(target), CYCLE) | {target: ITSELF}


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


def without(graph: Graph, edge: Edge | None) -> Graph:
    """Return the graph while one end of a wire is held: without that wire."""
    return graph if edge is None else graph.disconnect(edge)
