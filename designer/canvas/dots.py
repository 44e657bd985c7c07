"""Dots on wires: whose are shown, which move with which cards, and where they go when cards are moved for them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from designer.canvas.geometry import CARD_HEIGHT, Place, Places, card_rect
from designer.canvas.routes import Point
from designer.canvas.visible import Visible
from engine import Edge
from engine.dots import Dots
from engine.network import Layout


class Dot(NamedTuple):
    """One dot: a wire of the network, and the how manieth dot on it this is, from 0."""

    edge: Edge
    number: int


class State(NamedTuple):
    """What is seen, where the cards are, and where the layout has all nodes, hidden ones included."""

    seen: Visible
    places: Places
    layout: Layout


def dotted_wires(seen: Visible, dots: Dots) -> dict[Edge, Edge]:
    """Return the wires on the canvas that go through dots, each with the network's wire whose dots these are.

    A wire into a collapsed group may stand for several: it shows the dots of the first that has some.
    """
    if not dots:
        return {}
    found = {}
    for wire in seen.graph.edges:
        for edge in seen.wires(wire):
            if dots.get(edge):
                found[wire] = edge
                break
    return found


def moving(seen: Visible, dots: Dots, cards: Collection[str], selected: Iterable[Dot]) -> frozenset[Dot]:
    """Return the dots that move when cards do: those selected, and all on wires whose both ends move."""
    found = set(selected)
    for edge, points in dots.items():
        if seen.card(edge.source) in cards and seen.card(edge.target) in cards:
            found.update(Dot(edge, number) for number in range(len(points)))
    return frozenset(found)


def moved(dots: Dots, which: Collection[Dot], across: float, down: float) -> dict[Edge, tuple[Point, ...]]:
    """Return the dots with some of them moved by the same."""
    result = dict(dots)
    for edge in {dot.edge for dot in which}:
        result[edge] = tuple(
            _rounded(x + across, y + down) if Dot(edge, number) in which else (x, y)
            for number, (x, y) in enumerate(dots[edge])
        )
    return result


def without(dots: Dots, gone: Collection[Dot]) -> dict[Edge, tuple[Point, ...]]:
    """Return the dots without some."""
    left = {
        edge: tuple(point for number, point in enumerate(points) if Dot(edge, number) not in gone)
        for edge, points in dots.items()
    }
    return {edge: points for edge, points in left.items() if points}


def inserted(dots: Dots, edge: Edge, number: int, at: Point) -> dict[Edge, tuple[Point, ...]]:
    """Return the dots with a new one on a wire, before the one that has had its number."""
    points = dots.get(edge, ())
    return {**dots, edge: (*points[:number], _rounded(*at), *points[number:])}


def slid(dots: Dots, before: State, after: State) -> Dots:
    """Return the dots after cards were moved to make room, or close up: each by a share of how its wire's ends moved.

    A dot half way down a wire is half way down afterwards; back the same way, it is where it was.
    """
    if not dots or (before.places == after.places and before.seen is after.seen):
        return dots
    return {edge: _slid(points, _ends(edge, before), _ends(edge, after)) for edge, points in dots.items()}


def arranged(dots: Dots, before: State, after: State, cards: Collection[str]) -> Dots:
    """Return the dots after cards were laid out anew: wires between these need none any more."""
    if not dots:
        return dots
    seen = after.seen
    kept = {}
    for edge, points in dots.items():
        ends = {seen.card(edge.source), seen.card(edge.target)}
        if len(ends) == 1 or not ends.issubset(cards):
            kept[edge] = points
    return slid(kept, before, after)


def middles(seen: Visible, places: Places) -> dict[str, Point]:
    """Return the middle of the card that shows a node, for all nodes that have one."""
    cards = {card: card_rect(place).center().toTuple() for card, place in places.items()}
    return {node: cards[card] for node in seen.whole.by_id if (card := seen.card(node)) in cards}


_DECIMALS = 6  # of a pixel
_Ends = tuple[Place, Place]


def _ends(edge: Edge, state: State) -> _Ends | None:
    """Return the places of both ends of a wire; of one within a collapsed group, where the layout has them."""
    source, target = state.seen.card(edge.source), state.seen.card(edge.target)
    places: Mapping[str, Place] = state.places
    if source == target:
        source, target, places = edge.source, edge.target, state.layout
    return (places[source], places[target]) if source in places and target in places else None


def _slid(points: tuple[Point, ...], before: _Ends | None, after: _Ends | None) -> tuple[Point, ...]:
    if before is None or after is None or before == after:
        return points
    (left, top), (right, bottom) = ((new[0] - old[0], new[1] - old[1]) for old, new in zip(before, after, strict=True))
    start, height = before[0][1] + CARD_HEIGHT, before[1][1] - before[0][1] - CARD_HEIGHT
    found = []
    for x, y in points:
        share = min(max((y - start) / height, 0.0), 1.0) if abs(height) >= 1 else 0.5
        moved = x + left + (right - left) * share, y + top + (bottom - top) * share
        # Qt leaves an item where it is if it is moved by a last bit; so there are none.
        found.append((round(moved[0], _DECIMALS), round(moved[1], _DECIMALS)))
    return tuple(found)


def _rounded(x: float, y: float) -> Point:
    return round(x, 2), round(y, 2)  # as they are written
