"""Which layers of two networks are the same: by their ids within one design, by what they do in two."""

from collections.abc import Mapping, Sequence
from typing import Any

from engine.analysis import Analysis
from engine.graph import Graph

_MOST_CELLS = 1_500_000  # of an alignment that is worked out step by step; beyond, equal stretches are looked for
_REPLACED, _REPLACED_SHARE = 3, 0.1  # layers of another type under the same id: what an edit may have done
_EXACT, _SHAPED, _KIND = 5, 4, 3  # what a pair is worth: the same layer and shape, the same type and shape, or type


def matched(before: Analysis, after: Analysis) -> dict[str, str]:
    """Return the layers of one network with their counterparts in another, in the order of evaluation.

    Two states of one design share ids: those count, even where a layer was replaced by one of another type. Networks
    that share few are aligned along their orders, by types and shapes; so are the layers that ids leave over.
    """
    pairs = _by_id(before.graph, after.graph)
    taken = set(pairs.values())
    left = [node for node in (*before.order, *before.cyclic) if node not in pairs]
    right = [node for node in (*after.order, *after.cyclic) if node not in taken]
    if not pairs:
        pairs = _aligned(before, after, left, right)
    else:
        pairs |= _by_name(before.graph, after.graph, left, right)
    order = {node: number for number, node in enumerate((*before.order, *before.cyclic))}
    return dict(sorted(pairs.items(), key=lambda pair: order[pair[0]]))


def _by_id(before: Graph, after: Graph) -> dict[str, str]:
    """Return the layers that have the same id, where most layers have, and are of the same type.

    Exporters number layers through: then a layer more gives all that follow the ids of others.
    """
    common = [node.id for node in before.nodes if node.id in after]
    alike = sum(type(before.by_id[node].layer) is type(after.by_id[node].layer) for node in common)
    smaller = min(len(before.nodes), len(after.nodes))
    others = len(common) - alike
    means = 2 * alike >= smaller and (others <= _REPLACED or others <= _REPLACED_SHARE * len(common))
    return {node: node for node in common} if means else {}


def _by_name(before: Graph, after: Graph, left: Sequence[str], right: Sequence[str]) -> dict[str, str]:
    """Return layers of the same type that people gave the same name, which no other has."""
    names = _unique(after, right)
    found = {}
    for name, node in _unique(before, left).items():
        other = names.get(name)
        if other is not None and type(before.by_id[node].layer) is type(after.by_id[other].layer):
            found[node] = other
    return found


def _unique(graph: Graph, nodes: Sequence[str]) -> Mapping[str, str]:
    named: dict[str, list[str]] = {}
    for node in nodes:
        if graph.by_id[node].name:
            named.setdefault(graph.by_id[node].name, []).append(node)
    return {name: found[0] for name, found in named.items() if len(found) == 1}


def _aligned(before: Analysis, after: Analysis, left: Sequence[str], right: Sequence[str]) -> dict[str, str]:
    """Return the best pairs in the order of both: the longest common subsequence, weighed by how alike they are."""
    start, end = 0, 0
    ours, theirs = [_facts(before, node) for node in left], [_facts(after, node) for node in right]
    while start < min(len(left), len(right)) and ours[start] == theirs[start]:
        start += 1
    while end < min(len(left), len(right)) - start and ours[-1 - end] == theirs[-1 - end]:
        end += 1
    pairs = [(number, number) for number in range(start)]
    pairs += [(len(left) - number, len(right) - number) for number in range(end, 0, -1)]
    middle, other = ours[start : len(ours) - end], theirs[start : len(theirs) - end]
    inner = _quickly if len(middle) * len(other) > _MOST_CELLS else _carefully
    pairs += [(start + one, start + two) for one, two in inner(middle, other)]
    return {left[one]: right[two] for one, two in pairs}


_Facts = tuple[str, Any, Any]


def _facts(analysis: Analysis, node: str) -> _Facts:
    entry = analysis.nodes[node]
    return entry.layer.type, entry.output, entry.layer


def _worth(one: _Facts, other: _Facts) -> int:
    if one[0] != other[0]:
        return 0
    if one[1] != other[1]:
        return _KIND
    return _EXACT if one[2] == other[2] else _SHAPED


def _carefully(ours: Sequence[_Facts], theirs: Sequence[_Facts]) -> list[tuple[int, int]]:
    """Return the pairs of greatest worth together, by dynamic programming."""
    best = [[0] * (len(theirs) + 1) for _ in range(len(ours) + 1)]
    for one in range(len(ours) - 1, -1, -1):
        row, below, mine = best[one], best[one + 1], ours[one]
        for two in range(len(theirs) - 1, -1, -1):
            worth = _worth(mine, theirs[two]) if mine[0] == theirs[two][0] else 0
            row[two] = max(below[two], row[two + 1], below[two + 1] + worth if worth else 0)
    pairs, one, two = [], 0, 0
    while one < len(ours) and two < len(theirs):
        worth = _worth(ours[one], theirs[two])
        if worth and best[one][two] == best[one + 1][two + 1] + worth:
            pairs.append((one, two))
            one, two = one + 1, two + 1
        elif best[one][two] == best[one + 1][two]:
            one += 1
        else:
            two += 1
    return pairs


def _quickly(ours: Sequence[_Facts], theirs: Sequence[_Facts]) -> list[tuple[int, int]]:
    """Return pairs of equal stretches of types and shapes."""
    from difflib import SequenceMatcher  # seldom needed

    blocks = SequenceMatcher(None, [one[:2] for one in ours], [one[:2] for one in theirs], autojunk=False)
    return [(block.a + at, block.b + at) for block in blocks.get_matching_blocks() for at in range(block.size)]
