"""Automatic layout: the network in layers from top to bottom."""

from collections.abc import Collection, Mapping
from math import ceil

from designer.canvas.geometry import CARD_HEIGHT, CARD_WIDTH, GRID, PITCH, Place
from designer.canvas.layered.coordinates import centres
from designer.canvas.layered.crossings import order_rows
from designer.canvas.layered.ranks import Ranked, ranked
from engine import Edge, Graph
from engine.network import Layout

Size = tuple[float, float]
_LANE = 8.0  # the width kept free for a wire that passes a row
_PART_GAP = 60.0  # between parts that no wire connects
_FAN = 0.12  # more space between rows for each pixel that a wire runs sideways
_MOST_FAN = 90.0


def arrange(graph: Graph, sizes: Mapping[str, Size] | None = None) -> Layout:
    """Return a place for every node, so that wires lead downwards and no two cards touch.

    Parameters
    ----------
    graph
        The drawing; it may have cycles and separate parts.
    sizes
        Width and height of the cards that are not of the usual size.

    Returns
    -------
    Layout
        Top left corners, on the grid, the same for the same graph each time. The first part starts at (0, 0).
    """
    given = sizes or {}
    places: dict[str, Place] = {}
    right = 0.0
    for part in _parts(graph):
        size = [given.get(node, (CARD_WIDTH, CARD_HEIGHT)) for node in part]
        corners = _arrange_part(graph, part, size)
        for node, (x, y) in zip(part, corners, strict=True):
            places[node] = (x + right, y)
        far = max(x + width for (x, _), (width, _) in zip(corners, size, strict=True))
        right += _on_grid(far + _PART_GAP)
    return places


def among(graph: Graph, nodes: Collection[str]) -> Graph:
    """Return some nodes as a drawing of their own, a way through others between two of them as a wire."""
    wanted = set(nodes)
    edges = dict.fromkeys(edge for edge in graph.edges if edge.source in wanted and edge.target in wanted)
    for node in nodes:
        seen, waiting = set[str](), [edge for edge in graph.outgoing[node] if edge.target not in wanted]
        for edge in waiting:  # grows while it is walked
            if edge.target in wanted:
                if edge.target != node:
                    edges[Edge(node, edge.target, edge.port)] = None
            elif edge.target not in seen:
                seen.add(edge.target)
                waiting += graph.outgoing[edge.target]
    return Graph(tuple(node for node in graph.nodes if node.id in wanted), tuple(edges))


def _parts(graph: Graph) -> list[list[str]]:
    """Return the nodes of each connected part; parts and nodes in the order of the graph."""
    neighbours: dict[str, list[str]] = {node.id: [] for node in graph.nodes}
    for edge in graph.edges:
        neighbours[edge.source].append(edge.target)
        neighbours[edge.target].append(edge.source)
    part_of: dict[str, int] = {}
    count = 0
    for start in neighbours:
        if start in part_of:
            continue
        waiting = [start]
        part_of[start] = count
        for node in waiting:  # grows while it is walked
            for other in neighbours[node]:
                if other not in part_of:
                    part_of[other] = count
                    waiting.append(other)
        count += 1
    parts: list[list[str]] = [[] for _ in range(count)]
    for node in neighbours:
        parts[part_of[node]].append(node)
    return parts


def _arrange_part(graph: Graph, part: list[str], sizes: list[Size]) -> list[Place]:
    number = {node: index for index, node in enumerate(part)}
    # By port, so that the branches of a merging layer stand in the order in which they come in.
    wires = sorted(
        (edge.port, number[edge.source], number[edge.target]) for edge in graph.edges if edge.source in number
    )
    layered = ranked(len(part), [(source, target) for _, source, target in wires])
    order_rows(layered)
    widths = [width for width, _ in sizes] + [_LANE] * (len(layered.rank) - len(part))
    xs = centres(layered, widths)
    tops = _tops(layered, xs, [height for _, height in sizes])
    left = min(x - width / 2 for x, (width, _) in zip(xs, sizes, strict=False))
    return [
        (_on_grid(xs[vertex] - widths[vertex] / 2 - left), tops[layered.rank[vertex]]) for vertex in range(len(part))
    ]


def _tops(layered: Ranked, xs: list[float], heights: list[float]) -> list[float]:
    """Return the top edge of each row: wires that run sideways need more space above it."""
    tops, top = [], 0.0
    for row in layered.rows:
        tops.append(top)
        tallest = max((heights[vertex] for vertex in row if layered.is_real(vertex)), default=0.0)
        aside = max((abs(xs[vertex] - xs[below]) for vertex in row for below in layered.down[vertex]), default=0.0)
        gap = PITCH - CARD_HEIGHT + min(_MOST_FAN, _FAN * aside)
        top += ceil((tallest + gap) / GRID) * GRID
    return tops


def _on_grid(x: float) -> float:
    return round(x / GRID) * GRID
