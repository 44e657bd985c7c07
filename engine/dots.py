"""Reroute dots: points that people put on wires to lead them by hand. They change no architecture."""

from collections.abc import Iterable, Mapping
from itertools import pairwise
from math import hypot

from engine.graph import Edge, Graph

Point = tuple[float, float]  # in canvas pixels at 100 %, as places of cards are

# For each wire that has some, its dots in the order in which it goes through them.
Dots = Mapping[Edge, tuple[Point, ...]]


def carried(dots: Dots, before: Graph, after: Graph, middles: Mapping[str, Point] | None = None) -> Dots:
    """Return the dots after an edit of the graph.

    Where layers were put into a wire, its dots go to the halves that they lie on; where layers were taken out of one,
    the wire that is left goes through the dots of all its parts. Dots of other wires that went are dropped.

    Parameters
    ----------
    dots, before, after
        The dots of the graph before, and both graphs.
    middles
        Where the middles of nodes are, as far as that is known; else dots are shared out by their number.
    """
    if not dots or after.edges is before.edges:
        return dots
    wires = set(after.edges)
    if wires.issuperset(dots):
        return dots
    kept = {edge: points for edge, points in dots.items() if edge in wires}
    new = {node.id for node in after.nodes if node.id not in before}
    for edge, points in dots.items():
        if edge not in wires:
            kept |= _halves(edge, points, after, new, middles or {})
    for edge in wires.difference(before.edges):
        if edge.target in before and edge.source in before:
            points = _parts(edge, dots, before, after)
            if points:
                kept[edge] = points
    return kept


def exchanged(dots: Dots, old: str, new: str, graph: Graph) -> Dots:
    """Return the dots with another node in one's place; those of wires that the graph has not are dropped."""
    if not dots:
        return dots
    wires, found = set(graph.edges), dict[Edge, tuple[Point, ...]]()
    for edge, points in dots.items():
        source, target = (new if end == old else end for end in (edge.source, edge.target))
        if (renamed := Edge(source, target, edge.port)) in wires:
            found[renamed] = points
    return found


def within(dots: Dots, edges: Iterable[Edge]) -> Dots:
    """Return the dots of some wires."""
    return {edge: dots[edge] for edge in edges if edge in dots} if dots else dots


def shifted(dots: Dots, across: float, down: float) -> Dots:
    """Return all dots moved by the same."""
    return {edge: tuple((x + across, y + down) for x, y in points) for edge, points in dots.items()}


def _halves(
    edge: Edge, points: tuple[Point, ...], after: Graph, new: set[str], middles: Mapping[str, Point]
) -> dict[Edge, tuple[Point, ...]]:
    """Return what becomes of a wire's dots where new nodes were put into it."""
    if edge.target not in after or edge.source not in after:
        return {}
    leaving = after.incoming[edge.target].get(edge.port)
    if leaving is None or leaving.source not in new:
        return {}
    inside, waiting = {leaving.source}, [leaving.source]
    for node in waiting:  # grows while it is walked
        for wire in after.incoming[node].values():
            if wire.source in new and wire.source not in inside:
                inside.add(wire.source)
                waiting.append(wire.source)
    entering = [wire for wire in after.outgoing[edge.source] if wire.target in inside]
    if not entering:  # another source has taken the port
        return {}
    at = _divided(points, middles.get(edge.source), middles.get(leaving.source), middles.get(edge.target))
    found = {leaving: points[at:]}
    if len(entering) == 1:  # the branches of a block share no dots
        found[entering[0]] = points[:at]
    return {wire: part for wire, part in found.items() if part}


def _divided(points: tuple[Point, ...], start: Point | None, middle: Point | None, end: Point | None) -> int:
    """Return how many of a wire's dots lie before its new middle: that way through all of them is the shortest."""
    if start is None or middle is None or end is None:
        return (len(points) + 1) // 2

    def length(at: int) -> float:
        way = (start, *points[:at], middle, *points[at:], end)
        return sum(hypot(x1 - x0, y1 - y0) for (x0, y0), (x1, y1) in pairwise(way))

    return min(range(len(points) + 1), key=length)


def _parts(edge: Edge, dots: Dots, before: Graph, after: Graph) -> tuple[Point, ...]:
    """Return the dots of the wires that a new one stands for, between which the nodes went; none where it does not."""
    found: tuple[Point, ...] = ()
    part = before.incoming[edge.target].get(edge.port)
    while part is not None:
        found = (*dots.get(part, ()), *found)
        if part.source == edge.source:
            return found
        if part.source in after:
            return ()
        part = before.incoming[part.source].get(0)
    return ()
