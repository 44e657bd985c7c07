"""Which way each wire goes: straight to the port, in a lane beside the cards, or around cards that lie anywhere."""

from collections.abc import Collection, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from time import perf_counter
from typing import NamedTuple
from zlib import crc32

from designer.canvas.crossings import crosses
from designer.canvas.detours import Search, detour
from designer.canvas.edge_item import EdgeItem
from designer.canvas.geometry import (
    CARD_HEIGHT,
    CARD_WIDTH,
    COLUMN,
    Place,
    Places,
    port_offsets,
    shown_ports,
)
from designer.canvas.lanes import Lanes, lane_past
from designer.canvas.legs import first_direction, last_direction, legs_through
from designer.canvas.mazes import shortest
from designer.canvas.occupancy import Occupancy, cells
from designer.canvas.routes import DOWN, Point, Route
from designer.canvas.ways import LEAST, PORTS, Found, Free, box_around, is_far
from engine import Edge, Graph

_CLEARANCE = 16.0  # of cards that come near to a wire
_MARGIN = 5.0  # between a direct curve and the cards that it passes
_FAR = 4 * COLUMN  # a lane that leads a wire further aside is no way to follow
_CLEARANCES = (20.0, 16.0, 12.0, 8.0)  # of detours, so that those of different layers run beside each other
_ROUNDING = 1.5  # radius of a corner for each pixel of clearance: it stays clear of the card inside
_AROUND = 5 * COLUMN  # how far from its ends the way of a wire may lead
_WIDE = Search(LEAST, around=_AROUND, band=2 * CARD_HEIGHT, most=600, turns=8)
_MANY = 100  # cards among which the best way is found in a few milliseconds, or that there is none

Step = tuple[Edge, Route] | None  # a wire and its way; None where some of the work for one is done


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


@dataclass
class Haste:
    """How many ways are searched for while somebody waits, and until when.

    Attributes
    ----------
    searches, until
        That may still be made; the time after which none is.
    hurried
        Whether a search was wanted that could not be made.
    """

    searches: float = inf
    until: float = inf
    hurried: bool = False

    def spend(self) -> bool:
        """Whether one more search may be made."""
        if self.searches <= 0 or perf_counter() > self.until:
            self.hurried = True
            return False
        self.searches -= 1
        return True


class Router:
    """Finds the ways of wires; the same cards at the same places give the same ways, however they came there.

    What a search has found is kept as long as no card moves where it looked.
    """

    def __init__(self, taken: Occupancy) -> None:
        self._taken = taken
        self._kept: dict[_Course, _Kept] = {}

    def forget(self, edges: Collection[Edge]) -> None:
        """Drop what was found for some wires."""
        if edges:
            gone = set(edges)
            self._kept = {course: kept for course, kept in self._kept.items() if course.edge not in gone}

    def routes(
        self,
        graph: Graph,
        places: Places,
        edges: Iterable[Edge],
        others: Mapping[Edge, Route] | None = None,
        dots: Mapping[Edge, Sequence[Point]] | None = None,
    ) -> dict[Edge, Route]:
        """Return the routes of some wires, however long that takes; see `one_by_one`."""
        return dict(step for step in self.one_by_one(graph, places, edges, others, dots) if step is not None)

    def one_by_one(
        self,
        graph: Graph,
        places: Places,
        edges: Iterable[Edge],
        others: Mapping[Edge, Route] | None = None,
        dots: Mapping[Edge, Sequence[Point]] | None = None,
        haste: Haste | None = None,
    ) -> Iterator[Step]:
        """Yield the routes of some wires, each when it is found; long ones go round the cards.

        In between it yields None, so that whoever waits can do something else: no step takes long.

        Parameters
        ----------
        graph, places, edges
            The drawing, where its cards are, and the wires wanted. Nothing of it may change until all are found.
        others
            The routes of further wires, to keep apart from.
        dots
            What wires go through, in this order.
        haste
            Bounds of what is searched for; none, unless told.
        """
        haste, lanes = haste or Haste(), Lanes(others or {})
        plain = [(edge, _ends(graph, places, edge)) for edge in edges]
        # The shortest take the innermost lanes.
        for edge, route in sorted(plain, key=lambda pair: abs(pair[1].end[1] - pair[1].start[1])):
            if dots and edge in dots:
                found = yield from self._through(route, edge, dots[edge], lanes, haste)
            else:
                found = yield from self._led(route, _Course(edge, 0, (edge.source, edge.target)), lanes, haste)
            yield edge, found

    def _through(
        self, route: Route, edge: Edge, dots: Sequence[Point], lanes: Lanes, haste: Haste
    ) -> Generator[None, None, Route]:
        """Return a way through dots, from one to the next around the cards between them."""
        plain = legs_through(route, dots)
        legs: list[Route] = []
        for number, leg in enumerate(plain):
            first, last = number == 0, number == len(plain) - 1
            own = (*((edge.source,) if first else ()), *((edge.target,) if last else ()))
            led = yield from self._led(leg, _Course(edge, number, own, Free(not first, not last)), lanes, haste)
            legs.append(led)
        before = [None, *map(last_direction, legs)]
        after = [*map(first_direction, legs[1:]), None]
        for number, leg in enumerate(legs):
            turned = leg._replace(leaving=before[number] or leg.leaving, arriving=after[number] or leg.arriving)
            own = () if leg.upwards else (edge.source, edge.target)
            if leg.direct and turned != leg and not crosses(turned, self._taken, 1.0, own):
                legs[number] = turned
        return route._replace(legs=tuple(legs))

    def _led(self, route: Route, course: _Course, lanes: Lanes, haste: Haste) -> Generator[None, None, Route]:
        """Return a curve, or what goes round the cards that this would cross."""
        if self._is_clear(route, course):
            return route
        if (route.leaving, route.arriving) == (DOWN, DOWN):
            return (yield from self._around(route, course, lanes, haste))
        return (yield from self._detour(route, course, haste)) or route

    def _is_clear(self, route: Route, course: _Course) -> bool:
        """Whether the direct curve crosses no card; from port to port it must lead downwards."""
        if route.upwards and (route.leaving, route.arriving) == (DOWN, DOWN):
            return False
        if route.upwards:
            return not crosses(route, self._taken, 1.0, ())
        margin = _MARGIN if route.height >= CARD_HEIGHT else 0.0  # there is no room to keep away
        return not crosses(route, self._taken, margin, course.own)

    def _around(self, route: Route, course: _Course, lanes: Lanes, haste: Haste) -> Generator[None, None, Route]:
        """Return a way round the cards between the ends of a wire: in a lane, unless that is blocked or far away."""
        x0, x1 = route.start[0], route.end[0]
        lane, source = lane_past(route, course.own, self._taken), course.edge.source
        if lane != x0 and not (lane == x1 and course.free.end):
            lane = lanes.apart(route, lane, source)
        inside = route._replace(lane=lane)
        aside = max(lane - max(x0, x1), min(x0, x1) - lane)
        if aside > _FAR or crosses(inside, self._taken, 1.0, () if route.upwards else course.own):
            way = yield from self._detour(route, course, haste)
            if way is not None:
                return way
        if lane != x0:
            lanes.take(route, lane, source)
        return inside

    def _detour(self, route: Route, course: _Course, haste: Haste) -> Generator[None, None, Route | None]:
        """Return a way with corners around all cards, or None where none was found, or there is no time to search."""
        if is_far(route.start, route.end, _AROUND):
            return None
        kept = self._kept.get(course)
        same = kept is not None and kept.ends == (route.start, route.end)
        if kept is not None and same and self._taken.same_since(kept.revision, kept.found.cells):
            return kept.route
        if not haste.spend():
            return None
        return (yield from self._search(route, course))

    def _search(self, route: Route, course: _Course) -> Generator[None, None, Route | None]:
        clearance = _CLEARANCES[crc32(course.edge.source.encode()) % len(_CLEARANCES)]
        near = Search(clearance, around=2 * COLUMN, band=2 * CARD_HEIGHT, most=400, turns=6)
        found = detour(route.start, route.end, self._taken, near, course.free)
        yield
        if found.way is None:
            looked, clearance = found.cells, LEAST
            found = self._best(route, course.free)
            found = Found(found.way, found.cells | looked)
            yield
        result = None if found.way is None else route._replace(way=found.way, radius=_ROUNDING * clearance)
        self._kept[course] = _Kept((route.start, route.end), found, result, self._taken.revision)
        return result

    def _best(self, route: Route, free: Free) -> Found:
        """Return the best way where cards are few enough to know that; else what a hurried look finds."""
        box = box_around(route.start, route.end, _AROUND)
        if len(self._taken.within(*box)) <= _MANY:
            return shortest(route.start, route.end, self._taken, _AROUND, free)
        found = detour(route.start, route.end, self._taken, _WIDE, free)
        return Found(found.way, found.cells | frozenset(cells(*box)))


def affected(wires: Mapping[Edge, EdgeItem], moved: Places, left: Iterable[Place]) -> list[Edge]:
    """Return the wires of cards that have moved, and those that pass where they are now or were before."""
    near = [
        (x - _CLEARANCE, y - _CLEARANCE, x + CARD_WIDTH + _CLEARANCE, y + CARD_HEIGHT + _CLEARANCE)
        for x, y in {*moved.values(), *left}
    ]
    return [
        edge
        for edge, item in wires.items()
        if edge.source in moved or edge.target in moved or any(item.touches(place) for place in near)
    ]


def plain_route(graph: Graph, places: Places, edge: Edge, dots: Sequence[Point] = ()) -> Route:
    """Return the way of a wire as if there were no cards."""
    route = _ends(graph, places, edge)
    return route._replace(legs=tuple(legs_through(route, dots))) if dots else route


def _ends(graph: Graph, places: Places, edge: Edge) -> Route:
    (x0, y0), (x1, y1) = places[edge.source], places[edge.target]
    count = max(shown_ports(graph, edge.target), edge.port + 1)
    return Route((x0 + CARD_WIDTH / 2, y0 + CARD_HEIGHT), (x1 + port_offsets(count)[edge.port], y1))
