"""The shapes of wires: a smooth curve, a lane beside the cards that stand between, or a way with several corners."""

from __future__ import annotations

from collections.abc import Iterator
from math import copysign, hypot
from typing import NamedTuple

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainterPath

Point = tuple[float, float]
Box = tuple[float, float, float, float]  # left, top, right, bottom
Piece = tuple[Point, ...]  # of a wire: a straight line's two ends, or the four points of a cubic curve

DOWN: Point = (0.0, 1.0)  # a direction, of length 1
TURN = 44.0  # the height in which a wire moves into its lane or out of it
LOOP = 30.0  # how far a wire that leads upwards goes down first
_SLANT = 22.0  # how far a wire keeps the direction in which it passes a dot aslant
_ROUND = 20.0  # radius of the corners of a way
_ARC = 0.55  # of a corner's radius, the handles of the curve that rounds it


class Route(NamedTuple):
    """A wire's ends and, where it has to go round something, the lane or the corners in between.

    Attributes
    ----------
    start, end
        The ports.
    lane
        Where it runs straight down (or up).
    way
        Every corner of a way around cards that lie anywhere, the ends with them; empty for all other wires.
    radius
        The most by which the corners of such a way are rounded.
    leaving, arriving
        The directions of a curve at its ends.
    legs
        Of a wire that goes through dots, the parts from one to the next; such a wire has neither lane nor way.
    """

    start: Point
    end: Point
    lane: float | None = None
    way: tuple[Point, ...] = ()
    radius: float = _ROUND
    leaving: Point = DOWN
    arriving: Point = DOWN
    legs: tuple[Route, ...] = ()

    @property
    def upwards(self) -> bool:
        """Whether the wire ends above where it starts."""
        return self.end[1] < self.start[1] + 4

    @property
    def height(self) -> float:
        """How far its ends are apart from top to bottom."""
        return abs(self.end[1] - self.start[1])

    @property
    def direct(self) -> bool:
        """Whether the wire is one curve from port to port."""
        return self.lane is None and not self.way and not self.legs

    @property
    def parts(self) -> tuple[Route, ...]:
        """The legs of a wire, or the wire itself."""
        return self.legs or (self,)

    @property
    def dots(self) -> tuple[Point, ...]:
        """The dots that it goes through."""
        return tuple([leg.start for leg in self.legs[1:]])

    @property
    def corners(self) -> tuple[Point, ...]:
        """The points that straight lines would join, to show the wire from afar."""
        if self.way:
            return self.way
        if self.legs:
            return (self.start, *(corner for leg in self.legs for corner in leg.corners[1:]))
        if self.lane is None:
            return self.start, self.end
        return self.start, (self.lane, self.start[1]), (self.lane, self.end[1]), self.end


def route_path(route: Route) -> QPainterPath:
    """Return the curve of a route."""
    path = QPainterPath(QPointF(*route.start))
    for piece in pieces(route):
        points = [QPointF(*point) for point in piece[1:]]
        if len(points) == 1:
            path.lineTo(points[0])
        else:
            path.cubicTo(*points)
    return path


def free_path(start: QPointF, end: QPointF) -> QPainterPath:
    """Return the curve of a wire that is being drawn, from an output to an input."""
    path = QPainterPath(start)
    _, *points = _curve((start.x(), start.y()), (end.x(), end.y()))
    path.cubicTo(*[QPointF(*point) for point in points])
    return path


def pieces(route: Route) -> Iterator[Piece]:
    """Yield the lines and curves of a route, from its start to its end."""
    if route.legs:
        for leg in route.legs:
            yield from pieces(leg)
    elif route.way:
        yield from _rounded(route.way, route.radius)
    elif route.lane is None:
        yield _curve(route.start, route.end, route.leaving, route.arriving)
    elif route.upwards:
        yield from _loop(route.start, route.lane, route.end)
    else:
        yield from _through_lane(route.start, route.lane, route.end)


def boxes(route: Route) -> tuple[Box, ...]:
    """Return a rectangle around each curve of a route and each run of a way, with a pixel more on every side."""
    found = []
    for leg in route.parts:
        for piece in zip(leg.way, leg.way[1:], strict=False) if leg.way else pieces(leg):
            xs, ys = [x for x, _ in piece], [y for _, y in piece]
            found.append((min(xs) - 1, min(ys) - 1, max(xs) + 1, max(ys) + 1))
    return tuple(found)


def _curve(start: Point, end: Point, leaving: Point = DOWN, arriving: Point = DOWN) -> Piece:
    """Return a curve that leaves and arrives in some directions: downwards and from above, unless told."""
    across, down = end[0] - start[0], end[1] - start[1]
    before, after = _handle(across, down, leaving), _handle(across, down, arriving)
    return (
        start,
        (start[0] + leaving[0] * before, start[1] + leaving[1] * before),
        (end[0] - arriving[0] * after, end[1] - arriving[1] * after),
        end,
    )


def _handle(across: float, down: float, direction: Point) -> float:
    """Return how far a curve runs in the direction of one end, from which the other end lies so far away.

    Aslant, as at a corner, it is not far: the straight lines before and behind stay straight.
    """
    ahead = across * direction[0] + down * direction[1]
    far = ahead / 2 if ahead > 0 else min(max(LOOP, -ahead / 2), 2 * LOOP)
    return min(far, _SLANT) if direction[0] and direction[1] else far


def _through_lane(start: Point, lane: float, end: Point) -> Iterator[Piece]:
    turn = min(TURN, (end[1] - start[1]) / 2)
    down, up = start[1] + turn, end[1] - turn
    begin = start
    if lane != start[0]:
        begin = (lane, down)
        yield start, (start[0], start[1] + turn / 2), (lane, start[1] + turn * 0.1), begin
    yield begin, (lane, up)
    yield (lane, up), (lane, end[1] - turn * 0.1), (end[0], end[1] - turn / 2), end


def _loop(start: Point, lane: float, end: Point) -> Iterator[Piece]:
    (x0, y0), (x1, y1) = start, end
    down, up = (lane, y0 - LOOP / 2), (lane, y1 + LOOP / 2)
    yield start, (x0, y0 + LOOP), (lane, y0 + LOOP), down
    yield down, up
    yield up, (lane, y1 - LOOP), (x1, y1 - LOOP), end


def _rounded(way: tuple[Point, ...], most: float) -> Iterator[Piece]:
    """Yield the runs of a way, each corner rounded as far as the runs beside it are long enough."""
    begin = way[0]
    for before, corner, after in zip(way, way[1:], way[2:], strict=False):
        radius = min(most, _length(before, corner) / 2, _length(corner, after) / 2)
        into, out = _towards(corner, before, radius), _towards(corner, after, radius)
        yield begin, into
        yield into, _towards(into, corner, radius * _ARC), _towards(out, corner, radius * _ARC), out
        begin = out
    yield begin, way[-1]


def _length(one: Point, other: Point) -> float:
    return hypot(other[0] - one[0], other[1] - one[1])


def _towards(start: Point, end: Point, far: float) -> Point:
    """Return the point at a distance from a start, straight across or down towards an end."""
    across, down = end[0] - start[0], end[1] - start[1]
    if abs(across) > abs(down):
        return start[0] + copysign(far, across), start[1]
    return start[0], start[1] + copysign(far, down)
