"""The first step: a rank for every vertex, and stand-ins where a wire passes through a rank."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field


@dataclass
class Ranked:
    """A graph whose every wire leads from one rank to the next.

    Vertices are numbers; those from ``real`` on are stand-ins for a wire in the ranks that it passes. All wires of
    one source share their stand-ins, as they carry the same values.
    """

    real: int
    rank: list[int]
    origin: list[int]  # the node whose wire a stand-in stands for; of a node, itself
    down: list[list[int]] = field(default_factory=list)
    up: list[list[int]] = field(default_factory=list)
    rows: list[list[int]] = field(default_factory=list)

    def is_real(self, vertex: int) -> bool:
        """Whether a vertex is a node, not a stand-in."""
        return vertex < self.real


def ranked(count: int, wires: Sequence[tuple[int, int]]) -> Ranked:
    """Return vertices 0 to ``count - 1`` in ranks, with stand-ins; a wire that closes a cycle is turned round.

    ``wires`` are pairs of source and target; what comes into a vertex is kept in their order.
    """
    down = _acyclic(count, wires)
    nodes = list(range(count))
    result = Ranked(count, _ranks(down), nodes, [[] for _ in nodes], [[] for _ in nodes])
    for source in range(count):
        _link(result, source, down[source])
    order = {wire: index for index, wire in reversed(list(enumerate(wires)))}
    for target, above in enumerate(result.up[:count]):
        above.sort(key=lambda one, target=target: order.get((result.origin[one], target), count))  # type: ignore[misc]
    result.rows = [[] for _ in range(max(result.rank, default=-1) + 1)]
    return result


def topological(down: Sequence[Sequence[int]]) -> list[int]:
    """Return the vertices of a graph without cycles so that each follows its sources."""
    missing = [0] * len(down)
    for targets in down:
        for target in targets:
            missing[target] += 1
    ready = [vertex for vertex, number in enumerate(missing) if number == 0]
    for vertex in ready:  # grows while it is walked
        for target in down[vertex]:
            missing[target] -= 1
            if missing[target] == 0:
                ready.append(target)
    return ready


def heights(graph: Ranked) -> list[int]:
    """Return for each vertex the number of nodes, itself included, on the longest way down from it."""
    height = [0] * len(graph.rank)
    for row in reversed(graph.rows):
        for vertex in row:
            below = max((height[target] for target in graph.down[vertex]), default=0)
            height[vertex] = below + graph.is_real(vertex)
    return height


def _acyclic(count: int, wires: Iterable[tuple[int, int]]) -> list[list[int]]:
    """Return the targets of each vertex, the wires that lead back to where a walk came from turned round."""
    targets: list[list[int]] = [[] for _ in range(count)]
    sources = [0] * count
    for source, target in dict.fromkeys(wires):
        if source != target:
            targets[source].append(target)
            sources[target] += 1
    result: list[list[int]] = [[] for _ in range(count)]
    fresh, open_, done = 0, 1, 2
    state = [fresh] * count
    for start in sorted(range(count), key=lambda vertex: sources[vertex] > 0):
        if state[start] != fresh:
            continue
        state[start] = open_
        walk = [(start, iter(targets[start]))]
        while walk:
            vertex, rest = walk[-1]
            target = next(rest, -1)
            if target < 0:
                state[vertex] = done
                walk.pop()
                continue
            low, high = (target, vertex) if state[target] == open_ else (vertex, target)
            if high not in result[low]:
                result[low].append(high)
            if state[target] == fresh:
                state[target] = open_
                walk.append((target, iter(targets[target])))
    return result


def _ranks(down: list[list[int]]) -> list[int]:
    """Return the length of the longest way to each vertex; one that nothing feeds sits right above its target."""
    rank = [0] * len(down)
    order = topological(down)
    fed = [False] * len(down)
    for vertex in order:
        for target in down[vertex]:
            rank[target] = max(rank[target], rank[vertex] + 1)
            fed[target] = True
    for vertex in order:
        if not fed[vertex] and down[vertex]:
            rank[vertex] = min(rank[target] for target in down[vertex]) - 1
    return rank


def _link(result: Ranked, source: int, targets: list[int]) -> None:
    """Wire a source to its targets, through stand-ins where they are more than one rank away."""
    rank = result.rank[source]
    chain = [source]
    for passed in range(rank + 1, max((result.rank[target] for target in targets), default=0)):
        stand_in = len(result.rank)
        result.rank.append(passed)
        result.origin.append(source)
        result.down.append([])
        result.up.append([])
        _join(result, chain[-1], stand_in)
        chain.append(stand_in)
    for target in targets:
        _join(result, chain[result.rank[target] - rank - 1], target)


def _join(result: Ranked, upper: int, lower: int) -> None:
    result.down[upper].append(lower)
    result.up[lower].append(upper)
