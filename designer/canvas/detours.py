"""Ways between cards that lie anywhere: straight runs across and down, from corner to corner of what is in the way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from heapq import heappop, heappush
from typing import NamedTuple

from designer.canvas.geometry import CARD_HEIGHT, CARD_WIDTH
from designer.canvas.occupancy import Cell, Occupancy, cells
from designer.canvas.routes import Point

LEAST = 5.0  # between a wire and the cards that it passes
_NEAR = LEAST - 0.01  # what is nearer is in the way; sums of places are not exact
_BEND = 36.0  # a corner is worth so much of a longer way
_HURRY = 1.5  # what lies ahead counts for more, so that few corners are tried: the way is short, if not the shortest
_FLAT, _STEEP = True, False  # runs
_Key = tuple[float, float, bool]  # a point, and whether the way came to it by a run across


class Search(NamedTuple):
    """How far a search goes.

    Attributes
    ----------
    clearance
        Between the runs and the cards that they pass, where there is so much room.
    around
        How far it looks around the ends.
    band
        How near a card must be to a run for the run to turn at its corner.
    most
        Corners that it goes on from before it gives up.
    turns
        How many of the corners that a run reaches it tries; None tries all.
    """

    clearance: float
    around: float
    band: float
    most: int
    turns: int | None = None


class Found(NamedTuple):
    """The corners of a way, its ends with them, or None where there is none; and the cells that it depends on."""

    way: tuple[Point, ...] | None
    cells: frozenset[Cell]


class Free(NamedTuple):
    """Which ends of a way are dots: it may leave them and arrive at them in any direction."""

    start: bool = False
    end: bool = False


PORTS = Free()  # neither


def detour(start: Point, end: Point, taken: Occupancy, search: Search, free: Free = PORTS) -> Found:
    """Return a short way with few corners that crosses no card.

    It leaves the start downwards and arrives at the end from above, as wires do at ports; A* over the corners that can
    be reached in straight runs.
    """
    finder = _Finder(taken, search, start, end, free)
    way = finder.find()
    return Found(way, frozenset(finder.cells))


class _Finder:
    def __init__(self, taken: Occupancy, search: Search, start: Point, end: Point, free: Free) -> None:
        self.cells: set[Cell] = set()
        self._taken, self._search, self._free = taken, search, free
        self._start, self._end = start, end
        (x0, y0), (x1, y1) = start, end
        self._left, self._right = min(x0, x1) - search.around, max(x0, x1) + search.around
        self._top, self._bottom = min(y0, y1) - search.around, max(y0, y1) + search.around

    def find(self) -> tuple[Point, ...] | None:
        """Return the corners of the way."""
        below = 0.0 if self._free.start else self._room(self._start, 1)
        above = 0.0 if self._free.end else self._room(self._end, -1)
        if (below < _NEAR and not self._free.start) or (above < _NEAR and not self._free.end):
            return None
        first, goal = (self._start[0], self._start[1] + below), (self._end[0], self._end[1] - above)
        corners = self._search_from(first, goal)
        return None if corners is None else _joined([self._start, *corners, self._end])

    def _search_from(self, first: Point, goal: Point) -> list[Point] | None:
        begin: _Key = (*first, _STEEP)
        costs: dict[_Key, float] = {begin: 0.0}
        came: dict[_Key, _Key] = {}
        done: set[_Key] = set()
        queue = [(_ahead(begin, goal), begin)]
        while queue and len(done) < self._search.most:
            key = heappop(queue)[1]
            if (key[0], key[1]) == goal:
                return _traced(came, key)
            if key in done:
                continue
            done.add(key)
            for after in self._after(key, goal, begin):
                cost = costs[key] + abs(after[0] - key[0]) + abs(after[1] - key[1]) + _BEND
                if cost < costs.get(after, cost + 1):
                    costs[after], came[after] = cost, key
                    heappush(queue, (cost + _ahead(after, goal), after))
        return None

    def _after(self, key: _Key, goal: Point, begin: _Key) -> Iterator[_Key]:
        """Yield where a run from a corner can end."""
        x, y, flat = key
        free = self._free
        if not flat:
            for across in self._across(x, y, goal[0]):
                if across == goal[0] and y > goal[1] and self._search.turns is not None and not free.end:
                    continue  # below the end are the wires that leave its card
                yield across, y, _FLAT
        if flat or key == begin:
            for down in self._down(x, y, goal[1]):
                # It leaves a port downwards, and does not come to one from below.
                if (flat or free.start or down > y) and (free.end or (x, down) != goal or down > y):
                    yield x, down, _STEEP

    def _across(self, x: float, y: float, goal: float) -> list[float]:
        """Return where a run to the left or to the right from a point may turn."""
        left, right, clearance = self._left, self._right, self._search.clearance
        for _, (card, _) in self._within(left, y - _NEAR, right, y + _NEAR):
            if card - _NEAR >= x:
                right = min(right, card - _NEAR)
            elif card + CARD_WIDTH + _NEAR <= x:
                left = max(left, card + CARD_WIDTH + _NEAR)
            else:
                return []
        band = self._search.band
        turns = {goal}
        for _, (card, _) in self._within(left - _NEAR - 1, y - band, right + _NEAR + 1, y + band):
            turns |= {card - clearance, card + CARD_WIDTH + clearance}
        return self._best((turn for turn in turns if left <= turn <= right and turn != x), x, goal)

    def _down(self, x: float, y: float, goal: float) -> list[float]:
        """Return where a run up or down from a point may turn."""
        top, bottom, clearance = self._top, self._bottom, self._search.clearance
        for _, (_, card) in self._within(x - _NEAR, top, x + _NEAR, bottom):
            if card - _NEAR >= y:
                bottom = min(bottom, card - _NEAR)
            elif card + CARD_HEIGHT + _NEAR <= y:
                top = max(top, card + CARD_HEIGHT + _NEAR)
            else:
                return []
        band = self._search.band
        turns = {goal}
        for _, (_, card) in self._within(x - band, top - _NEAR - 1, x + band, bottom + _NEAR + 1):
            turns |= {card - clearance, card + CARD_HEIGHT + clearance}
        return self._best((turn for turn in turns if top <= turn <= bottom and turn != y), y, goal)

    def _best(self, turns: Iterable[float], here: float, goal: float) -> list[float]:
        """Return the turns that lie on the way, that at the goal first, or the least aside of it."""

        def rank(turn: float) -> tuple[float, bool, float]:
            return abs(turn - here) + abs(turn - goal), turn != goal, turn

        return sorted(turns, key=rank)[: self._search.turns]

    def _room(self, port: Point, direction: int) -> float:
        """Return how far a wire runs straight out of a port, so that it is clear of the cards above and below."""
        x, y = port
        reach, room = 2 * self._search.clearance, self._search.clearance
        top, bottom = (y + 0.5, y + reach) if direction > 0 else (y - reach, y - 0.5)  # without the card itself
        for _, (_, card) in self._within(x - LEAST, top, x + LEAST, bottom):
            gap = card - y if direction > 0 else y - card - CARD_HEIGHT
            room = min(room, gap / 2)
        return room

    def _within(self, left: float, top: float, right: float, bottom: float) -> list[tuple[str, Point]]:
        self.cells.update(cells(left, top, right, bottom))
        return self._taken.within(left, top, right, bottom)


def _ahead(key: _Key, goal: Point) -> float:
    """Return what the rest of the way costs at least."""
    x, y, _ = key
    across, down = abs(goal[0] - x), abs(goal[1] - y)
    return _HURRY * (across + down) + _BEND * ((across > 0) + (down > 0))


def _traced(came: dict[_Key, _Key], key: _Key) -> list[Point]:
    corners = [(key[0], key[1])]
    while key in came:
        key = came[key]
        corners.append((key[0], key[1]))
    return corners[::-1]


def _joined(points: list[Point]) -> tuple[Point, ...]:
    """Return a way without the points at which it does not turn."""
    kept = points[:1]
    for one, after in zip(points[1:], [*points[2:], None], strict=True):
        before = kept[-1]
        straight = after is not None and (before[0] == one[0] == after[0] or before[1] == one[1] == after[1])
        if not straight and one != before:
            kept.append(one)
    return tuple(kept)
