"""Lanes: where wires run straight up or down beside the cards that stand between their ends."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from math import floor

from designer.canvas.geometry import CARD_WIDTH
from designer.canvas.occupancy import Occupancy
from designer.canvas.routes import LOOP, TURN, Route
from engine import Edge

_CLEARANCE = 16.0  # between a lane and the cards that it passes
_STEP = 9.0  # between two lanes
_LEFT_COST = 60.0  # shortcuts run on the right unless that is much further
_TRIES = 40

_Lane = tuple[float, float, float, str]  # where it is, its top and bottom, and the card that feeds it


class Lanes:
    """The lanes that are in use, so that others keep apart from them."""

    def __init__(self, routes: Mapping[Edge, Route]) -> None:
        self._near: dict[int, list[_Lane]] = {}  # by where they are, in steps
        for edge, route in routes.items():
            for leg in route.parts:
                if leg.lane is not None and leg.lane != leg.start[0]:
                    self.take(leg, leg.lane, edge.source)

    def take(self, route: Route, lane: float, source: str) -> None:
        """Note that a wire runs in a lane."""
        one = lane, min(route.start[1], route.end[1]), max(route.start[1], route.end[1]), source
        self._near.setdefault(floor(lane / _STEP), []).append(one)

    def apart(self, route: Route, lane: float, source: str) -> float:
        """Return a lane that touches none in use, further out; wires of one source may share theirs."""
        top, bottom = min(route.start[1], route.end[1]), max(route.start[1], route.end[1])
        direction = 1 if lane > route.start[0] else -1
        while any(
            abs(one - lane) < _STEP - 1 and begin < bottom and top < end and other != source
            for one, begin, end, other in self._beside(lane)
        ):
            lane += direction * _STEP
        return lane

    def _beside(self, lane: float) -> Iterator[_Lane]:
        step = floor(lane / _STEP)
        for index in (step - 1, step, step + 1):
            yield from self._near.get(index, ())


def lane_past(route: Route, own: Collection[str], taken: Occupancy) -> float:
    """Return where a wire can run straight up or down past all cards, near to both its ends."""
    (x0, y0), (x1, y1) = route.start, route.end
    if route.upwards:
        top, bottom, passed = y1 - LOOP / 2, y0 + LOOP / 2, set[str]()
    else:
        top, bottom, passed = y0 + TURN / 2, y1 - TURN / 2, set(own)
        for end in (x0, x1):
            if not _in_the_way(end, top, bottom, taken, passed):
                return end
    sides = [
        _outside(x, direction, top, bottom, taken, passed)
        for x, direction in ((max(x0, x1), 1), (min(x0, x1), -1), ((x0 + x1) / 2, 1), ((x0 + x1) / 2, -1))
    ]
    return min(sides, key=lambda lane: abs(lane - x0) + abs(lane - x1) + (0 if lane > x0 else _LEFT_COST))


def _outside(x: float, direction: int, top: float, bottom: float, taken: Occupancy, passed: set[str]) -> float:
    """Return the first free lane from ``x`` on to the right (1) or to the left (-1)."""
    for _ in range(_TRIES):
        cards = _in_the_way(x - _CLEARANCE / 2, top, bottom, taken, passed)
        cards += _in_the_way(x + _CLEARANCE / 2, top, bottom, taken, passed)
        if not cards:
            break
        x = max(cards) + CARD_WIDTH + _CLEARANCE if direction > 0 else min(cards) - _CLEARANCE
    return x


def _in_the_way(x: float, top: float, bottom: float, taken: Occupancy, passed: set[str]) -> list[float]:
    """Return the left edges of the cards that a vertical line would cross."""
    return [place[0] for node, place in taken.crossed(x, top, bottom) if node not in passed]
