"""Groups that repeat each other: the same layers in the same wiring, one behind the other."""

from collections.abc import Collection, Iterator

from engine.graph import Graph
from engine.groups import Forest, Groups


def runs(groups: Groups, graph: Graph) -> tuple[tuple[str, ...], ...]:
    """Return the collapsed groups that are seen, those that repeat each other together, first to last.

    One repeats another where it lies in the same group, has the same name, the same layers in the same wiring, and is
    fed by the other alone, which feeds nothing else.
    """
    forest = Forest(groups)
    seen = [
        g.id for g in groups if g.collapsed and not any(forest.by_id[o].collapsed for o in forest.upwards(g.parent))
    ]
    follower = {group: other for group in seen if (other := _repetition(graph, forest, group)) is not None}
    found = []
    for first in seen:
        if first not in follower.values():
            run = [first]
            while run[-1] in follower:
                run.append(follower[run[-1]])
            found.append(tuple(run))
    return tuple(found)


def fingerprint(graph: Graph, nodes: Collection[str]) -> tuple[object, ...]:
    """Return a value that two sets of nodes share where they hold the same layers, wired in the same way.

    Nodes are compared in the order in which they are evaluated; ids, names and what feeds the set from outside do not
    count, but which inputs share one source outside does.
    """
    inside = set(nodes)
    number = {node: index for index, node in enumerate(_inner_order(graph, inside))}
    outside: dict[str, int] = {}
    rows: list[object] = []
    for node in number:
        wires = graph.incoming[node]
        sources = []
        for port in sorted(wires):
            source = wires[port].source
            from_outside = source not in inside
            known = outside.setdefault(source, len(outside)) if from_outside else number[source]
            sources.append((port, from_outside, known))
        leaving = graph.outgoing[node]
        feeds = not leaving or any(edge.target not in inside for edge in leaving)  # the last block feeds nothing yet
        rows.append((graph.by_id[node].layer, tuple(sources), feeds))
    return tuple(rows)


def _inner_order(graph: Graph, inside: set[str]) -> Iterator[str]:
    """Yield the nodes of a set in an order that depends on their wiring alone wherever that tells them apart."""
    missing = {node.id: 0 for node in graph.nodes if node.id in inside}
    for node in missing:
        missing[node] = sum(edge.source in inside for edge in graph.incoming[node].values())
    ready = [node for node, number in missing.items() if number == 0]
    for node in ready:  # grows while it is walked
        yield node
        for edge in graph.outgoing[node]:
            if edge.target in missing:
                missing[edge.target] -= 1
                if missing[edge.target] == 0:
                    ready.append(edge.target)
    done = set(ready)
    yield from (node for node in missing if node not in done)


def _repetition(graph: Graph, forest: Forest, group: str) -> str | None:
    """Return the collapsed group that repeats one."""
    other = _only_follower(graph, forest, group)
    if other is None or not forest.by_id[other].collapsed or forest.by_id[other].name != forest.by_id[group].name:
        return None
    one, two = forest.members(group), forest.members(other)
    alike = len(one) == len(two) and fingerprint(graph, one) == fingerprint(graph, two)
    return other if alike else None


def _only_follower(graph: Graph, forest: Forest, group: str) -> str | None:
    """Return the sibling that a group feeds and that nothing else feeds, where the group feeds nothing else."""
    inside = set(forest.members(group))
    targets = {edge.target for node in inside for edge in graph.outgoing[node]} - inside
    parent = forest.by_id[group].parent
    siblings = {_child_towards(forest, parent, target) for target in targets}
    if len(siblings) != 1:
        return None
    other = siblings.pop()
    if other is None:
        return None
    others = set(forest.members(other))
    sources = {edge.source for node in others for edge in graph.incoming[node].values()} - others
    return other if sources <= inside else None


def _child_towards(forest: Forest, parent: str | None, node: str) -> str | None:
    """Return the group right inside ``parent`` that a node lies in."""
    return next((group for group in forest.around(node) if forest.by_id[group].parent == parent), None)
