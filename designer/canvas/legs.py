"""The directions in which wires pass through their dots."""

from __future__ import annotations

from collections.abc import Sequence
from math import hypot

from designer.canvas.routes import DOWN, Point, Route

_STRAIGHT = 2.0  # how many times further down than across, a wire passes a dot straight down


def legs_through(route: Route, dots: Sequence[Point]) -> list[Route]:
    """Return the curves from a wire's start through its dots to its end, each going on as the one before arrives."""
    points = (route.start, *dots, route.end)
    turns = [DOWN, *(direction(*three) for three in zip(points, points[1:], points[2:], strict=False)), DOWN]
    ends = zip(points, points[1:], turns, turns[1:], strict=False)
    return [Route(start, end, leaving=leaving, arriving=arriving) for start, end, leaving, arriving in ends]


def direction(before: Point, dot: Point, after: Point) -> Point:
    """Return the direction in which a wire passes a dot: the one in which it goes on, along an axis if nearly so."""
    (x0, y0), (x, y), (x1, y1) = before, dot, after
    across = 0.0 if (x - x0) * (x1 - x) < 0 else x1 - x0  # it turns back there, and swings no further out
    down = 0.0 if (y - y0) * (y1 - y) < 0 else y1 - y0
    if not across and not down:
        across, down = x1 - x0, y1 - y0
    if abs(down) >= _STRAIGHT * abs(across):
        across = 0.0
    elif abs(across) >= _STRAIGHT * abs(down):
        down = 0.0
    length = hypot(across, down)
    return (across / length, down / length) if length else DOWN


def last_direction(leg: Route) -> Point | None:
    """Return the direction in which a way with corners arrives; None for all other legs."""
    return _run(*leg.way[-2:]) if len(leg.way) > 1 else None


def first_direction(leg: Route) -> Point | None:
    """Return the direction in which a way with corners leaves; None for all other legs."""
    return _run(*leg.way[:2]) if len(leg.way) > 1 else None


def _run(start: Point, end: Point) -> Point:
    return direction(start, end, end)
