"""The best way between cards that lie anywhere, or the certainty that there is none."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count, pairwise

import numpy as np
import numpy.typing as npt

from designer.canvas.geometry import CARD_HEIGHT, CARD_WIDTH, Place
from designer.canvas.occupancy import Occupancy, cells
from designer.canvas.routes import Box, Point
from designer.canvas.ways import BEND, LEAST, NEAR, PORTS, Found, Free, box_around, ends, joined

_Floats = npt.NDArray[np.float64]
_Spot = tuple[int, int]  # a crossing of the grid: its line across, and its line down
_SAME = 1e-6  # costs are sums, in which the order matters so much


def shortest(start: Point, end: Point, taken: Occupancy, around: float, free: Free = PORTS) -> Found:
    """Return the way that crosses no card and is the shortest where each corner counts for some length, too.

    It runs along the lines that pass the cards closely. The cost of the rest of the way is found for all crossings of
    these at once, a turn more in each round, until it is known at the start. What that takes does not depend on
    whether there is a way.
    """
    turns, looked = ends(start, end, taken, LEAST, free)
    if turns is None:
        return Found(None, looked)
    box = box_around(start, end, around)
    looked |= frozenset(cells(*box))
    maze = _Maze([place for _, place in taken.within(*box)], box, *turns)
    corners = maze.solve(free)
    return Found(joined([start, *corners, end]) if corners else None, looked)


class _Maze:
    """The grid of the lines beside the cards, on which ways run from crossing to crossing."""

    def __init__(self, cards: Sequence[Place], box: Box, start: Point, goal: Point) -> None:
        left, top, right, bottom = box
        self._xs = _lines([x for x, _ in cards], CARD_WIDTH, left, right, (start[0], goal[0]))
        self._ys = _lines([y for _, y in cards], CARD_HEIGHT, top, bottom, (start[1], goal[1]))
        self._start, self._goal = self._spot(start), self._spot(goal)
        self._arrived = 0.0  # what it costs to come to the goal across
        rows, columns = len(self._ys), len(self._xs)
        # How far it is from one crossing to the next; that of a run across first by its column, so that all rows are
        # looked at in one go.
        self._aside = np.repeat(np.diff(self._xs)[:, None], rows, axis=1)
        self._along = np.repeat(np.diff(self._ys)[:, None], columns, axis=1)
        for x, y in cards:
            self._block(x, y)
        # The cost of the rest of the way for one that runs across at a crossing, or up or down.
        self._flat = np.full((columns, rows), np.inf)
        self._steep = np.full((rows, columns), np.inf)

    def _spot(self, point: Point) -> _Spot:
        return int(np.searchsorted(self._ys, point[1])), int(np.searchsorted(self._xs, point[0]))

    def _block(self, x: float, y: float) -> None:
        """Let no way run across a card, nor down it."""
        left, right = x - NEAR, x + CARD_WIDTH + NEAR
        top, bottom = y - NEAR, y + CARD_HEIGHT + NEAR
        columns, rows = self._inside(self._xs, left, right), self._inside(self._ys, top, bottom)
        self._aside[max(columns.start - 1, 0) : columns.stop, rows] = np.inf
        self._along[max(rows.start - 1, 0) : rows.stop, columns] = np.inf

    @staticmethod
    def _inside(lines: _Floats, low: float, high: float) -> slice:
        return slice(int(np.searchsorted(lines, low, "right")), int(np.searchsorted(lines, high, "left")))

    def solve(self, free: Free) -> list[Point]:
        """Return the corners of the best way, none where there is none."""
        row, column = self._goal
        self._steep[row, column] = 0.0
        self._flat[column, row] = 0.0 if free.end else BEND  # from above is how it comes to a port
        self._arrived = float(self._flat[column, row])
        _spread(self._steep, self._along)
        straight = abs(self._ys[self._start[0]] - self._ys[row]) + abs(self._xs[self._start[1]] - self._xs[column])
        for turns in count(0, 2):
            # A way of more turns than have been looked at costs at least so much.
            if self._left(self._start, free) <= turns * BEND + straight + _SAME:
                break
            before = self._steep.copy()
            np.minimum(self._flat, self._steep.T + BEND, out=self._flat)
            _spread(self._flat, self._aside)
            np.minimum(self._steep, self._flat.T + BEND, out=self._steep)
            _spread(self._steep, self._along)
            if np.array_equal(before, self._steep):
                break
        return self._traced(free) if np.isfinite(self._left(self._start, free)) else []

    def _left(self, spot: _Spot, free: Free) -> float:
        """Return what the way costs from its start on."""
        row, column = spot
        steep, flat = float(self._steep[row, column]), float(self._flat[column, row])
        return min(steep, flat) if free.start else steep

    def _traced(self, free: Free) -> list[Point]:
        """Follow the least costs to the goal."""
        (row, column), goal = self._start, self._goal
        corners = [(row, column)]
        flat = free.start and self._flat[column, row] < self._steep[row, column] - _SAME
        while (row, column) != goal:
            if flat:
                onward = goal[1] if row == goal[0] else None
                column = _turn(self._xs, self._aside[:, row], self._steep[row] + BEND, column, onward, self._arrived)
            else:
                onward = goal[0] if column == goal[1] else None
                row = _turn(self._ys, self._along[:, column], self._flat[column] + BEND, row, onward, 0.0)
            corners.append((row, column))
            flat = not flat
        return [(float(self._xs[column]), float(self._ys[row])) for row, column in corners]


def _lines(begins: Sequence[float], size: float, low: float, high: float, more: tuple[float, float]) -> _Floats:
    """Return the lines that pass cards on either side, and those through the ends."""
    beside = [line for begin in begins for line in (begin - LEAST, begin + size + LEAST) if low <= line <= high]
    return np.unique(np.array([*beside, *more]))


def _spread(costs: _Floats, steps: _Floats) -> None:
    """Let each crossing's cost be no more than that of its neighbours and the way to there."""
    for (here, there), step in zip(pairwise(costs), steps, strict=True):
        np.minimum(there, here + step, out=there)
    for (here, there), step in zip(pairwise(costs[::-1]), steps[::-1], strict=True):
        np.minimum(there, here + step, out=there)


def _turn(lines: _Floats, steps: _Floats, costs: _Floats, here: int, goal: int | None, arrived: float) -> int:
    """Return at which crossing a run turns or ends, so that the rest costs least; of those alike the nearest."""
    free = np.flatnonzero(np.isinf(steps))
    index = int(np.searchsorted(free, here))
    low = int(free[index - 1]) + 1 if index else 0
    high = int(free[index]) if index < len(free) else len(lines) - 1
    best, least = here, np.inf
    for one in sorted(range(low, high + 1), key=lambda one: abs(lines[one] - lines[here])):
        ahead = abs(float(lines[one] - lines[here]))
        cost = ahead + (arrived if one == goal else float(costs[one]))
        if cost < least - _SAME:
            best, least = one, cost
    return best
