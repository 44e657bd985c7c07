"""Which way each wire goes: straight to the port, in a lane beside the cards, or around cards that lie anywhere."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from math import ceil, inf
from time import perf_counter
from typing import NamedTuple
from zlib import crc32

from PySide6.QtCore import QRectF

from designer.canvas.detours import LEAST, PORTS, Found, Free, Search, detour
from designer.canvas.edge_item import EdgeItem
from designer.canvas.geometry import (
    CARD_HEIGHT,
    CARD_WIDTH,
    COLUMN,
    Place,
    Places,
    card_rect,
    input_point,
    output_point,
    shown_ports,
)
from designer.canvas.legs import first_direction, last_direction, legs_through
from designer.canvas.occupancy import Occupancy
from designer.canvas.routes import DOWN, LOOP, TURN, Piece, Point, Route, pieces
from engine import Edge, Graph

_CLEARANCE = 16.0  # between a lane and the cards that it passes
_LANE_STEP = 9.0  # between two lanes
_MARGIN = 5.0  # between a direct curve and the cards that it passes
_STEP = 10.0  # between the points of a curve that are looked at
_LEFT_COST = 60.0  # shortcuts run on the right unless that is much further
_TRIES = 40
_FAR = 4 * COLUMN  # a lane that leads a wire further aside is no way to follow
_CLEARANCES = (20.0, 16.0, 12.0, 8.0)  # of detours, so that those of different layers run beside each other
_ROUNDING = 1.5  # radius of a corner for each pixel of clearance: it stays clear of the card inside
_WIDE = Search(LEAST, around=5 * COLUMN, band=2 * CARD_HEIGHT, most=600, turns=8)
_THOROUGH = Search(LEAST, around=5 * COLUMN, band=10_000.0, most=4000)
_FIRST = 4  # ways that are always searched for, however long it takes
_FEW = 24  # cards among which every corner can be tried

_Lane = tuple[float, float, float, str]  # where it is, its top and bottom, and the card that feeds it


class _Course(NamedTuple):
    """What is to be led round cards: a wire, or one of its legs.

    Attributes
    ----------
    edge, leg
        Which it is; a whole wire is leg 0 of itself.
    own
        The cards at its ends, which its curve may touch.
    free
        Which of its ends are dots.
    """

    edge: Edge
    leg: int
    own: tuple[str, ...]
    free: Free = PORTS


class _Kept(NamedTuple):
    """A search and what it found, in a revision of the occupancy."""

    ends: tuple[Point, Point]
    found: Found
    route: Route | None
    revision: int


class Router:
    """Finds the ways of wires; the same cards at the same places give the same ways, however they came there.

    What a search has found is kept as long as no card moves where it looked.

    Attributes
    ----------
    hurried
        Whether the last wires were routed without all the searches that they need.
    """

    def __init__(self, taken: Occupancy) -> None:
        self._taken = taken
        self._kept: dict[_Course, _Kept] = {}
        self._searches = inf  # that may still be made
        self._few = self._until = inf  # how many are left when the first few are made; until when more may be
        self.hurried = False

    def routes(
        self,
        graph: Graph,
        places: Places,
        edges: Iterable[Edge],
        others: Mapping[Edge, Route] | None = None,
        searches: float = inf,
        dots: Mapping[Edge, Sequence[Point]] | None = None,
        seconds: float = inf,
    ) -> dict[Edge, Route]:
        """Return the routes of some wires; see `one_by_one`."""
        return dict(self.one_by_one(graph, places, edges, others, searches, dots, seconds))

    def one_by_one(
        self,
        graph: Graph,
        places: Places,
        edges: Iterable[Edge],
        others: Mapping[Edge, Route] | None = None,
        searches: float = inf,
        dots: Mapping[Edge, Sequence[Point]] | None = None,
        seconds: float = inf,
    ) -> Iterator[tuple[Edge, Route]]:
        """Yield the routes of some wires, each when it is found; long ones go round the cards.

        Parameters
        ----------
        graph, places, edges
            The drawing, where its cards are, and the wires wanted. Nothing of it may change until all are found.
        others
            The routes of further wires, to keep apart from.
        searches
            The most ways that are searched for; there is no time for more while cards follow the pointer.
        dots
            What wires go through, in this order.
        seconds
            After which no more than the first few ways are searched for.
        """
        self._searches, self.hurried = searches, False
        self._few, self._until = searches - _FIRST, perf_counter() + seconds
        plain = [(edge, _ends(graph, places, edge)) for edge in edges]
        lanes: list[_Lane] = [
            (leg.lane, min(leg.start[1], leg.end[1]), max(leg.start[1], leg.end[1]), edge.source)
            for edge, route in (others or {}).items()
            for leg in route.parts
            if leg.lane is not None and leg.lane != leg.start[0]
        ]
        # The shortest take the innermost lanes.
        for edge, route in sorted(plain, key=lambda pair: abs(pair[1].end[1] - pair[1].start[1])):
            if dots and edge in dots:
                yield edge, self._through(route, edge, dots[edge], lanes)
            else:
                yield edge, self._led(route, _Course(edge, 0, (edge.source, edge.target)), lanes)

    def _through(self, route: Route, edge: Edge, dots: Sequence[Point], lanes: list[_Lane]) -> Route:
        """Return a way through dots, from one to the next around the cards between them."""
        plain = legs_through(route, dots)
        legs: list[Route] = []
        for number, leg in enumerate(plain):
            first, last = number == 0, number == len(plain) - 1
            own = (*((edge.source,) if first else ()), *((edge.target,) if last else ()))
            legs.append(self._led(leg, _Course(edge, number, own, Free(not first, not last)), lanes))
        before = [None, *map(last_direction, legs)]
        after = [*map(first_direction, legs[1:]), None]
        for number, leg in enumerate(legs):
            turned = leg._replace(leaving=before[number] or leg.leaving, arriving=after[number] or leg.arriving)
            if (
                leg.direct
                and turned != leg
                and not self._crosses(turned, 1.0, () if leg.upwards else (edge.source, edge.target))
            ):
                legs[number] = turned
        return route._replace(legs=tuple(legs))

    def _led(self, route: Route, course: _Course, lanes: list[_Lane]) -> Route:
        """Return a curve, or what goes round the cards that this would cross."""
        if self._is_clear(route, course):
            return route
        if (route.leaving, route.arriving) == (DOWN, DOWN):
            return self._around(route, course, lanes)
        return self._detour(route, course) or route

    def _is_clear(self, route: Route, course: _Course) -> bool:
        """Whether the direct curve crosses no card; from port to port it must lead downwards."""
        if route.upwards and (route.leaving, route.arriving) == (DOWN, DOWN):
            return False
        if route.upwards:
            return not self._crosses(route, 1.0, ())
        margin = _MARGIN if route.height >= CARD_HEIGHT else 0.0  # there is no room to keep away
        return not self._crosses(route, margin, course.own)

    def _around(self, route: Route, course: _Course, lanes: list[_Lane]) -> Route:
        """Return a way round the cards between the ends of a wire: in a lane, unless that is blocked or far away."""
        (x0, top), (x1, bottom) = route.start, route.end
        top, bottom = min(top, bottom), max(top, bottom)
        lane, source = _lane(route, course.own, self._taken), course.edge.source
        if lane != x0 and not (lane == x1 and course.free.end):
            lane = _apart(lane, 1 if lane > x0 else -1, top, bottom, source, lanes)
        inside = route._replace(lane=lane)
        aside = max(lane - max(x0, x1), min(x0, x1) - lane)
        if aside > _FAR or self._crosses(inside, 1.0, () if route.upwards else course.own):
            way = self._detour(route, course)
            if way is not None:
                return way
        if lane != x0:
            lanes.append((lane, top, bottom, source))
        return inside

    def _crosses(self, route: Route, margin: float, own: Collection[str]) -> bool:
        """Whether a wire comes within a margin of cards that are not its own."""
        return any(self._piece_crosses(piece, margin, own) for piece in pieces(route))

    def _piece_crosses(self, piece: Piece, margin: float, own: Collection[str]) -> bool:
        xs, ys = [x for x, _ in piece], [y for _, y in piece]
        left, top, right, bottom = min(xs) - margin, min(ys) - margin, max(xs) + margin, max(ys) + margin
        near = [place for node, place in self._taken.within(left, top, right, bottom) if node not in own]
        if not near or len(piece) == 2:
            return bool(near)
        (x0, y0), (x1, y1), (x2, y2), (x3, y3) = piece
        steps = ceil(max(right - left, bottom - top) / _STEP)
        for step in range(1, steps):
            t = step / steps
            a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
            if _touches(near, a * x0 + b * x1 + c * x2 + d * x3, a * y0 + b * y1 + c * y2 + d * y3, margin):
                return True
        return False

    def _thorough(self, route: Route) -> tuple[Search, ...]:
        """Return the search that misses no corner, where cards are so few that it ends soon."""
        (x0, y0), (x1, y1) = route.start, route.end
        far = _THOROUGH.around
        left, right, top, bottom = min(x0, x1) - far, max(x0, x1) + far, min(y0, y1) - far, max(y0, y1) + far
        return (_THOROUGH,) if self._taken.count(left, top, right, bottom) <= _FEW else ()

    def _detour(self, route: Route, course: _Course) -> Route | None:
        """Return a way with corners around all cards, or None where none was found, or there is no time to search."""
        kept = self._kept.get(course)
        same = kept is not None and kept.ends == (route.start, route.end)
        if kept is not None and same and self._taken.same_since(kept.revision, kept.found.cells):
            return kept.route
        if self._searches <= 0 or (self._searches <= self._few and perf_counter() > self._until):
            self.hurried = True
            return None
        self._searches -= 1
        return self._search(route, course)

    def _search(self, route: Route, course: _Course) -> Route | None:
        clearance = _CLEARANCES[crc32(course.edge.source.encode()) % len(_CLEARANCES)]
        near = Search(clearance, around=2 * COLUMN, band=2 * CARD_HEIGHT, most=400, turns=6)
        ends, looked = (route.start, route.end), frozenset[tuple[int, int]]()
        for search in (near, _WIDE, *self._thorough(route)):
            found = detour(*ends, self._taken, search, course.free)
            looked |= found.cells
            if found.way is not None:
                route = route._replace(way=found.way, radius=_ROUNDING * search.clearance)
                break
        result = route if route.way else None
        self._kept[course] = _Kept(ends, Found(route.way or None, looked), result, self._taken.revision)
        return result


def affected(wires: Mapping[Edge, EdgeItem], moved: Places, left: Iterable[Place]) -> list[Edge]:
    """Return the wires of cards that have moved, and those that pass where they are now or were before."""
    near = [
        card_rect(place).adjusted(-_CLEARANCE, -_CLEARANCE, _CLEARANCE, _CLEARANCE)
        for place in {*moved.values(), *left}
    ]
    around = QRectF()
    for rect in near:
        around = around.united(rect)
    return [
        edge
        for edge, item in wires.items()
        if edge.source in moved
        or edge.target in moved
        # A straight wire's rectangle has no width, and such a one intersects nothing.
        or (
            item.reach.adjusted(-1, -1, 1, 1).intersects(around)
            and any(_bounds(piece).intersects(rect) for piece in pieces(item.route) for rect in near)
        )
    ]


def _bounds(piece: Piece) -> QRectF:
    xs, ys = [x for x, _ in piece], [y for _, y in piece]
    return QRectF(min(xs) - 1, min(ys) - 1, max(xs) - min(xs) + 2, max(ys) - min(ys) + 2)


def _touches(cards: Iterable[Place], x: float, y: float, margin: float) -> bool:
    return any(
        left - margin < x < left + CARD_WIDTH + margin and top - margin < y < top + CARD_HEIGHT + margin
        for left, top in cards
    )


def _ends(graph: Graph, places: Places, edge: Edge) -> Route:
    start = output_point(places[edge.source])
    end = input_point(places[edge.target], edge.port, shown_ports(graph, edge.target))
    return Route((start.x(), start.y()), (end.x(), end.y()))


def _lane(route: Route, own: Collection[str], taken: Occupancy) -> float:
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


def _apart(lane: float, direction: int, top: float, bottom: float, source: str, lanes: list[_Lane]) -> float:
    """Return a lane that touches none of the others; wires of one source may share theirs."""
    near = [one for one in lanes if one[1] < bottom and top < one[2] and one[3] != source]
    while any(abs(one[0] - lane) < _LANE_STEP - 1 for one in near):
        lane += direction * _LANE_STEP
    return lane
