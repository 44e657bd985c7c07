"""The directions in which wires pass through their dots."""

from __future__ import annotations

from collections.abc import Sequence
from math import hypot

from designer.canvas.routes import DOWN, Point, Route

_LEAST = 1e-6  # a length that has a direction
_RIGHT = 0.2  # the cosine of nearly a right angle
_STRAIGHT = 2.0  # how many times further down than across, a wire passes a dot straight down


def legs_through(route: Route, dots: Sequence[Point]) -> list[Route]:
    """Return the curves from a wire's start through its dots to its end, each going on as the one before arrives."""
    points = (route.start, *dots, route.end)
    turns = [DOWN, *(direction(*three) for three in zip(points, points[1:], points[2:], strict=False)), DOWN]
    ends = zip(points, points[1:], turns, turns[1:], strict=False)
    return [Route(start, end, leaving=leaving, arriving=arriving) for start, end, leaving, arriving in ends]


def direction(before: Point, dot: Point, after: Point) -> Point:
    """Return the direction in which a wire passes a dot: half way between its ways there and on, or along an axis.

    What is straight across or down stays so, where the rest does not lead off at a right angle.
    """
    (x0, y0), (x1, y1) = there, on = _run(before, dot), _run(dot, after)
    if x0 * x1 + y0 * y1 > _RIGHT:
        for run in (there, on):
            if 1.0 in (abs(run[0]), abs(run[1])):
                return run
    across, down = x0 + x1, y0 + y1
    if abs(down) >= _STRAIGHT * abs(across):
        across = 0.0
    elif abs(across) >= _STRAIGHT * abs(down):
        down = 0.0
    length = hypot(across, down)
    return (across / length, down / length) if length > _LEAST else (-y0, x0)  # it turns back


def last_direction(leg: Route) -> Point | None:
    """Return the direction in which a way with corners arrives; None for all other legs."""
    return _run(*leg.way[-2:]) if len(leg.way) > 1 else None


def first_direction(leg: Route) -> Point | None:
    """Return the direction in which a way with corners leaves; None for all other legs."""
    return _run(*leg.way[:2]) if len(leg.way) > 1 else None


def _run(start: Point, end: Point) -> Point:
    across, down = end[0] - start[0], end[1] - start[1]
    length = hypot(across, down)
    return (across / length, down / length) if length > _LEAST else DOWN
