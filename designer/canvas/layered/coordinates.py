"""The third step: horizontal coordinates, with straight columns."""

import itertools
from collections.abc import Sequence

from designer.canvas.layered.ranks import Ranked, heights

_GAP = 30.0  # between two cards of a row
_LANE_GAP = 10.0  # beside a wire that passes


def centres(graph: Ranked, widths: Sequence[float]) -> list[float]:
    """Return the horizontal centre of every vertex.

    After Brandes and Köpf, "Fast and Simple Horizontal Coordinate Assignment" (2002): four alignments, of each
    vertex with the median of its upper or lower neighbours, leaning left or right; the mean of the middle two. Of
    two branches, the longer one pulls, so that a shortcut does not bend the column that it bypasses; of more, all do.
    """
    upper, lower = _pulls(graph)
    candidates: list[list[float]] = []
    for pulls, rows in ((upper, graph.rows), (lower, graph.rows[::-1])):
        candidates.append(_packed(graph, widths, rows, pulls))
        mirrored = _packed(graph, widths, [row[::-1] for row in rows], pulls)
        candidates.append([-x for x in mirrored])
    _level(candidates)
    result = []
    for vertex in range(len(graph.rank)):
        _, second, third, _ = sorted(candidate[vertex] for candidate in candidates)
        result.append((second + third) / 2)
    for row in graph.rows:
        for left, right in itertools.pairwise(row):
            result[right] = max(result[right], result[left] + _distance(graph, widths, left, right))
    return result


def _pulls(graph: Ranked) -> tuple[list[list[int]], list[list[int]]]:
    """Return for each vertex the upper and the lower neighbours that it may be aligned with.

    Both must want it: of a layer and the two that it feeds, only the one on the longer branch is in its column.
    """
    upper = [_wanted(graph, vertex, graph.up[vertex]) for vertex in range(len(graph.rank))]
    lower = [_wanted(graph, vertex, graph.down[vertex]) for vertex in range(len(graph.rank))]
    height = heights(graph)
    for vertex, below in enumerate(graph.down):
        if len(below) == 2:
            longest = max(height[one] for one in below)
            lower[vertex] = [one for one in lower[vertex] if height[one] == longest]
    return (
        [[other for other in upper[vertex] if vertex in lower[other]] for vertex in range(len(graph.rank))],
        [[other for other in lower[vertex] if vertex in upper[other]] for vertex in range(len(graph.rank))],
    )


def _wanted(graph: Ranked, vertex: int, neighbours: list[int]) -> list[int]:
    """Prefer the one node for a node, and stand-ins for a stand-in; of several nodes, take all branches alike."""
    same = [one for one in neighbours if graph.is_real(one) == graph.is_real(vertex)]
    if graph.is_real(vertex) and len(same) > 1:
        return neighbours if len(neighbours) > 2 else same
    return same or neighbours


def _packed(
    graph: Ranked, widths: Sequence[float], rows: Sequence[list[int]], pulls: Sequence[list[int]]
) -> list[float]:
    """Return the leftmost coordinates in which every block, a column of aligned vertices, is straight."""
    root = _aligned(len(graph.rank), rows, pulls)
    after: dict[int, list[tuple[int, float]]] = {}
    missing = dict.fromkeys(root, 0)
    for row in rows:
        for left, right in itertools.pairwise(row):
            after.setdefault(root[left], []).append((root[right], _distance(graph, widths, left, right)))
            missing[root[right]] += 1
    place = dict.fromkeys(missing, 0.0)
    ready = [block for block, number in missing.items() if number == 0]
    for block in ready:  # grows while it is walked
        for other, distance in after.get(block, ()):
            place[other] = max(place[other], place[block] + distance)
            missing[other] -= 1
            if missing[other] == 0:
                ready.append(other)
    return [place[root[vertex]] for vertex in range(len(root))]


def _aligned(count: int, rows: Sequence[list[int]], pulls: Sequence[list[int]]) -> list[int]:
    """Return the first vertex of the block that each one belongs to."""
    position = [0] * count
    for row in rows:
        for index, vertex in enumerate(row):
            position[vertex] = index
    root = list(range(count))
    taken = [False] * count
    for row in rows:
        last = -1  # blocks must not cross
        for vertex in row:
            near = sorted(pulls[vertex], key=position.__getitem__)
            for middle in dict.fromkeys(((len(near) - 1) // 2, len(near) // 2) if near else ()):
                other = near[middle]
                if not taken[other] and position[other] > last:
                    taken[other] = True
                    root[vertex] = root[other]
                    last = position[other]
                    break
    return root


def _level(candidates: list[list[float]]) -> None:
    """Shift all candidates to the narrowest one's left or right edge, whichever they lean to."""
    narrow = min(candidates, key=lambda xs: max(xs) - min(xs))
    left, right = min(narrow), max(narrow)
    for index, xs in enumerate(candidates):
        shift = left - min(xs) if index % 2 == 0 else right - max(xs)
        candidates[index] = [x + shift for x in xs]


def _distance(graph: Ranked, widths: Sequence[float], left: int, right: int) -> float:
    gap = _GAP if graph.is_real(left) and graph.is_real(right) else _LANE_GAP
    return (widths[left] + widths[right]) / 2 + gap
