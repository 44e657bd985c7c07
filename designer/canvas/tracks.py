"""The lines that ways between cards run along: how far, and where they may turn; each is looked up once a search."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import NamedTuple

from designer.canvas.geometry import CARD_HEIGHT, CARD_WIDTH
from designer.canvas.occupancy import Cell, Occupancy, cells
from designer.canvas.routes import Box
from designer.canvas.ways import NEAR

_Run = tuple[float, float]  # the ends of a stretch of a line on which there is no card


class _Track:
    """A line: where cards stand on it, and where each free stretch of it has turns."""

    def __init__(self, cards: list[float], size: float) -> None:
        self._cards = sorted(cards)  # where each begins
        self._size = size  # of each, along the line
        self.turns: dict[_Run, list[float]] = {}

    def run(self, at: float, low: float, high: float) -> _Run | None:
        """Return the free stretch around a point, within bounds; None on a card."""
        index = bisect_left(self._cards, at + NEAR)
        if index < len(self._cards):
            high = min(high, self._cards[index] - NEAR)
        if index:
            before = self._cards[index - 1] + self._size + NEAR
            if before > at:
                return None
            low = max(low, before)
        return low, high


class _Axis(NamedTuple):
    """The lines of one direction."""

    size: float  # of a card along them
    low: float
    high: float
    tracks: dict[float, _Track]


class Tracks:
    """All lines of a search.

    Attributes
    ----------
    cells
        What has been looked at.
    """

    def __init__(self, taken: Occupancy, box: Box, clearance: float, band: float) -> None:
        self.cells: set[Cell] = set()
        left, top, right, bottom = box
        self._taken, self._clearance, self._band = taken, clearance, band
        self._across = _Axis(CARD_WIDTH, left, right, {})
        self._down = _Axis(CARD_HEIGHT, top, bottom, {})

    def turns(self, x: float, y: float, goal: float, most: int, *, flat: bool) -> list[float]:
        """Return where a run from a point may end, across or up and down: that at the goal first, or least aside.

        Parameters
        ----------
        x, y
            Where the run begins.
        goal
            How far it should go.
        most
            How many ends are wanted.
        flat
            Whether it runs across.
        """
        axis, line, at = (self._across, y, x) if flat else (self._down, x, y)
        track = axis.tracks.get(line)
        if track is None:
            track = axis.tracks[line] = self._track(axis, line, flat=flat)
        run = track.run(at, axis.low, axis.high)
        if run is None:
            return []
        turns = track.turns.get(run)
        if turns is None:
            turns = track.turns[run] = self._all_turns(axis, line, run, flat=flat)
        return _nearest(turns, run, at, goal, most)

    def _track(self, axis: _Axis, line: float, *, flat: bool) -> _Track:
        found = self._beside(line, NEAR, (axis.low, axis.high), flat=flat)
        return _Track(found, axis.size)

    def _all_turns(self, axis: _Axis, line: float, run: _Run, *, flat: bool) -> list[float]:
        low, high = run
        turns: set[float] = set()
        for card in self._beside(line, self._band, (low - NEAR - 1, high + NEAR + 1), flat=flat):
            turns |= {card - self._clearance, card + axis.size + self._clearance}
        return sorted(turn for turn in turns if low <= turn <= high)

    def _beside(self, line: float, far: float, between: _Run, *, flat: bool) -> list[float]:
        """Return where the cards begin that come within a distance of a line, between two points of it."""
        low, high = between
        area = (low, line - far, high, line + far) if flat else (line - far, low, line + far, high)
        self.cells.update(cells(*area))
        axis = 0 if flat else 1
        return [place[axis] for _, place in self._taken.within(*area)]


def _nearest(turns: list[float], run: _Run, here: float, goal: float, most: int) -> list[float]:
    """Return the turns that lie on the way, that at the goal first, then those the least aside of it."""
    near, far = min(here, goal), max(here, goal)
    first, last = bisect_left(turns, near), bisect_right(turns, far)
    found = [goal] if run[0] <= goal <= run[1] and goal != here else []
    found += [turn for turn in turns[first : min(last, first + most + 2)] if turn not in (here, goal)]
    before, after = first - 1, last
    while len(found) < most and (before >= 0 or after < len(turns)):
        if after == len(turns) or (before >= 0 and near - turns[before] <= turns[after] - far):
            found.append(turns[before])
            before -= 1
        else:
            found.append(turns[after])
            after += 1
    return found[:most]
