"""The second step: the order within each rank, so that few wires cross."""

from designer.canvas.layered.ranks import Ranked

_SWEEPS = 8


def order_rows(graph: Ranked) -> int:
    """Order the vertices of each rank; return the number of crossings that are left.

    Medians of the neighbours' positions, downwards and upwards in turn, after Gansner, Koutsofios, North and Vo,
    "A Technique for Drawing Directed Graphs" (1993), and then swaps of neighbours; the best order seen is kept.
    """
    graph.rows = _first_order(graph)
    position = _positions(graph)
    best, fewest = graph.rows, crossings(graph, position)
    for sweep in range(_SWEEPS):
        if fewest == 0:
            break
        rows = [list(row) for row in graph.rows]
        downwards = sweep % 2 == 0
        neighbours = graph.up if downwards else graph.down
        for row in rows if downwards else reversed(rows):
            medians = {vertex: _median(vertex, neighbours[vertex], position) for vertex in row}
            if sweep % 4 >= 2:
                row.reverse()  # the other order of those with one median may be the better one
            row.sort(key=medians.__getitem__)
            for index, vertex in enumerate(row):
                position[vertex] = index
        _swap(graph, rows, position)
        graph.rows = rows
        left = crossings(graph, position)
        if left < fewest:
            best, fewest = rows, left
    graph.rows = best
    return fewest


def _swap(graph: Ranked, rows: list[list[int]], position: list[int]) -> None:
    """Swap neighbours wherever that saves crossings."""
    for row in rows:
        for index in range(len(row) - 1):
            left, right = row[index], row[index + 1]
            if _crossed(graph, left, right, position) > _crossed(graph, right, left, position):
                row[index], row[index + 1] = right, left
                position[right], position[left] = index, index + 1


def _crossed(graph: Ranked, left: int, right: int, position: list[int]) -> int:
    """Count how often the wires of two neighbours cross each other."""
    return sum(
        position[one] > position[other]
        for neighbours in (graph.up, graph.down)
        for one in neighbours[left]
        for other in neighbours[right]
    )


def crossings(graph: Ranked, position: list[int]) -> int:
    """Count the crossings between all neighbouring ranks."""
    total = 0
    for above, below in zip(graph.rows, graph.rows[1:], strict=False):
        ends = [end for vertex in above for end in sorted(position[target] for target in graph.down[vertex])]
        total += _inversions(ends, len(below))
    return total


def _first_order(graph: Ranked) -> list[list[int]]:
    """Return the order of a walk from the bottom up: each column together, branches in the order of their ports."""
    rows: list[list[int]] = [[] for _ in graph.rows]
    seen = [False] * len(graph.rank)
    waiting = [vertex for vertex in reversed(range(graph.real)) if not graph.down[vertex]]
    while waiting:
        vertex = waiting.pop()
        if seen[vertex]:
            continue
        seen[vertex] = True
        rows[graph.rank[vertex]].append(vertex)
        waiting.extend(reversed(graph.up[vertex]))
    return rows


def _positions(graph: Ranked) -> list[int]:
    position = [0] * len(graph.rank)
    for row in graph.rows:
        for index, vertex in enumerate(row):
            position[vertex] = index
    return position


def _median(vertex: int, neighbours: list[int], position: list[int]) -> float:
    places = sorted(position[neighbour] for neighbour in neighbours)
    if not places:
        return position[vertex]
    middle = len(places) // 2
    return places[middle] if len(places) % 2 else (places[middle - 1] + places[middle]) / 2


def _inversions(ends: list[int], size: int) -> int:
    """Count the pairs out of order, with a binary indexed tree."""
    tree = [0] * (size + 1)
    found = 0
    for seen, end in enumerate(ends):
        smaller, index = 0, end + 1
        while index:
            smaller += tree[index]
            index -= index & -index
        found += seen - smaller
        index = end + 1
        while index <= size:
            tree[index] += 1
            index += index & -index
    return found
