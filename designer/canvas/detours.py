"""Ways between cards that lie anywhere: straight runs across and down, from corner to corner of what is in the way."""

from __future__ import annotations

from collections.abc import Iterator
from heapq import heappop, heappush
from typing import NamedTuple

from designer.canvas.occupancy import Occupancy
from designer.canvas.routes import Point
from designer.canvas.tracks import Tracks
from designer.canvas.ways import BEND, PORTS, Found, Free, box_around, ends, joined

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
        How many of the corners that a run reaches it tries.
    """

    clearance: float
    around: float
    band: float
    most: int
    turns: int


def detour(start: Point, end: Point, taken: Occupancy, search: Search, free: Free = PORTS) -> Found:
    """Return a short way with few corners that crosses no card, where a hurried look finds one.

    It leaves the start downwards and arrives at the end from above, as wires do at ports; A* over the corners that can
    be reached in straight runs.
    """
    turns, looked = ends(start, end, taken, search.clearance, free)
    if turns is None:
        return Found(None, looked)
    finder = _Finder(Tracks(taken, box_around(start, end, search.around), search.clearance, search.band), search, free)
    corners = finder.find(*turns)
    return Found(joined([start, *corners, end]) if corners else None, looked | finder.tracks.cells)


class _Finder:
    def __init__(self, tracks: Tracks, search: Search, free: Free) -> None:
        self.tracks = tracks
        self._search, self._free = search, free

    def find(self, first: Point, goal: Point) -> list[Point]:
        """Return the corners of a way, none where none is found."""
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
                cost = costs[key] + abs(after[0] - key[0]) + abs(after[1] - key[1]) + BEND
                if cost < costs.get(after, cost + 1):
                    costs[after], came[after] = cost, key
                    heappush(queue, (cost + _ahead(after, goal), after))
        return []

    def _after(self, key: _Key, goal: Point, begin: _Key) -> Iterator[_Key]:
        """Yield where a run from a corner can end."""
        x, y, flat = key
        free, most = self._free, self._search.turns
        if not flat:
            for across in self.tracks.turns(x, y, goal[0], most, flat=_FLAT):
                if across == goal[0] and y > goal[1] and not free.end:
                    continue  # below the end are the wires that leave its card
                yield across, y, _FLAT
        if flat or key == begin:
            for down in self.tracks.turns(x, y, goal[1], most, flat=_STEEP):
                # It leaves a port downwards, and does not come to one from below.
                if (flat or free.start or down > y) and (free.end or (x, down) != goal or down > y):
                    yield x, down, _STEEP


def _ahead(key: _Key, goal: Point) -> float:
    """Return what the rest of the way costs at least."""
    x, y, _ = key
    across, down = abs(goal[0] - x), abs(goal[1] - y)
    return _HURRY * (across + down) + BEND * ((across > 0) + (down > 0))


def _traced(came: dict[_Key, _Key], key: _Key) -> list[Point]:
    corners = [(key[0], key[1])]
    while key in came:
        key = came[key]
        corners.append((key[0], key[1]))
    return corners[::-1]
