"""The ways of wires: a smooth curve straight to the port, or a lane beside the cards that stand between."""

from collections.abc import Iterable
from math import floor
from typing import NamedTuple

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainterPath

from designer.canvas.geometry import (
    CARD_HEIGHT,
    CARD_WIDTH,
    Places,
    input_point,
    output_point,
    shown_ports,
)
from designer.canvas.occupancy import Occupancy
from engine import Edge, Graph

_CLEARANCE = 16.0  # between a lane and the cards that it passes
_LANE_STEP = 9.0  # between two lanes
_MARGIN = 5.0  # between a direct curve and the cards that it passes
_STEP = 10.0  # between the points of a curve that are looked at
_TURN = 44.0  # the height in which a wire moves into its lane or out of it
_LOOP = 30.0  # how far a wire that leads upwards goes down first
_LEFT_COST = 60.0  # shortcuts run on the right unless that is much further
_TRIES = 40


class Route(NamedTuple):
    """A wire's ends and, where it has to go round something, the lane that it runs down (or up) in between."""

    start: tuple[float, float]
    end: tuple[float, float]
    lane: float | None = None

    @property
    def upwards(self) -> bool:
        """Whether the wire ends above where it starts."""
        return self.end[1] < self.start[1] + 4

    @property
    def height(self) -> float:
        """How far its ends are apart from top to bottom."""
        return abs(self.end[1] - self.start[1])


def route_path(route: Route) -> QPainterPath:
    """Return the curve of a route."""
    path = QPainterPath(QPointF(*route.start))
    if route.lane is None:
        _curve(path, QPointF(*route.end))
    elif route.upwards:
        _loop(path, route.lane, route.end)
    else:
        _through_lane(path, route.lane, route.end)
    return path


def free_path(start: QPointF, end: QPointF) -> QPainterPath:
    """Return the curve of a wire that is being drawn, from an output to an input."""
    path = QPainterPath(start)
    _curve(path, end)
    return path


def routes(graph: Graph, places: Places, edges: Iterable[Edge], taken: Occupancy) -> dict[Edge, Route]:
    """Return the routes of some wires; long ones go round the cards and keep apart from each other."""
    plain = [(edge, _ends(graph, places, edge)) for edge in edges]
    found: dict[Edge, Route] = {}
    lanes: list[tuple[float, float, float, str]] = []
    # The shortest take the innermost lanes.
    for edge, route in sorted(plain, key=lambda pair: abs(pair[1].end[1] - pair[1].start[1])):
        if _clear(route, edge, taken):
            found[edge] = route
            continue
        lane = _lane(route, edge, taken)
        top, bottom = sorted((route.start[1], route.end[1]))
        if lane != route.start[0]:
            lane = _apart(lane, 1 if lane > route.start[0] else -1, top, bottom, edge.source, lanes)
            lanes.append((lane, top, bottom, edge.source))
        found[edge] = route._replace(lane=lane)
    return found


def _ends(graph: Graph, places: Places, edge: Edge) -> Route:
    start = output_point(places[edge.source])
    end = input_point(places[edge.target], edge.port, shown_ports(graph, edge.target))
    return Route((start.x(), start.y()), (end.x(), end.y()))


def _clear(route: Route, edge: Edge, taken: Occupancy) -> bool:
    """Whether the direct curve leads downwards and crosses no card."""
    if route.upwards:
        return False
    (x0, y0), (x1, y1) = route.start, route.end
    if y1 - y0 < CARD_HEIGHT:
        return True  # no card fits in between
    steps = floor((y1 - y0) / _STEP)
    for step in range(1, steps):
        t = step / steps
        x = x0 + (x1 - x0) * t * t * (3 - 2 * t)
        y = y0 + (y1 - y0) * (1.5 * t * (1 - t) + t**3)
        if any(node not in (edge.source, edge.target) for node, _ in taken.crossed(x, y, y, _MARGIN)):
            return False
    return True


def _lane(route: Route, edge: Edge, taken: Occupancy) -> float:
    """Return where a wire can run straight up or down past all cards, near to both its ends."""
    (x0, y0), (x1, y1) = route.start, route.end
    if route.upwards:
        top, bottom, passed = y1 - _LOOP / 2, y0 + _LOOP / 2, set[str]()
    else:
        top, bottom, passed = y0 + _TURN / 2, y1 - _TURN / 2, {edge.source, edge.target}
        for own in (x0, x1):
            if not _in_the_way(own, top, bottom, taken, passed):
                return own
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


def _apart(
    lane: float, direction: int, top: float, bottom: float, source: str, lanes: list[tuple[float, float, float, str]]
) -> float:
    """Return a lane that touches none of the others; wires of one source may share theirs."""
    near = [one for one in lanes if one[1] < bottom and top < one[2] and one[3] != source]
    while any(abs(one[0] - lane) < _LANE_STEP - 1 for one in near):
        lane += direction * _LANE_STEP
    return lane


def _curve(path: QPainterPath, end: QPointF) -> None:
    """Add a curve that leaves downwards and arrives from above."""
    start = path.currentPosition()
    height = end.y() - start.y()
    handle = QPointF(0, height / 2 if height > 0 else min(max(_LOOP, -height / 2), 2 * _LOOP))
    path.cubicTo(start + handle, end - handle, end)


def _through_lane(path: QPainterPath, lane: float, end: tuple[float, float]) -> None:
    start = path.currentPosition()
    turn = min(_TURN, (end[1] - start.y()) / 2)
    down, up = start.y() + turn, end[1] - turn
    if lane != start.x():
        path.cubicTo(start.x(), start.y() + turn / 2, lane, start.y() + turn * 0.1, lane, down)
    path.lineTo(lane, up)
    path.cubicTo(lane, end[1] - turn * 0.1, end[0], end[1] - turn / 2, *end)


def _loop(path: QPainterPath, lane: float, end: tuple[float, float]) -> None:
    start = path.currentPosition()
    path.cubicTo(start.x(), start.y() + _LOOP, lane, start.y() + _LOOP, lane, start.y() - _LOOP / 2)
    path.lineTo(lane, end[1] + _LOOP / 2)
    path.cubicTo(lane, end[1] - _LOOP, end[0], end[1] - _LOOP, *end)
