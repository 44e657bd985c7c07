"""The ways of wires through dots."""

import random
from itertools import pairwise
from math import hypot

import pytest

from designer.canvas.geometry import CARD_HEIGHT, CARD_WIDTH, PITCH
from designer.canvas.legs import direction
from designer.canvas.mazes import shortest
from designer.canvas.occupancy import Occupancy
from designer.canvas.router import Haste, Router
from designer.canvas.routes import Point, Route, pieces, route_path
from designer.canvas.ways import Free
from engine import Edge, Graph, Input, Node, ReLU
from tests.designer.canvas.test_router import crossed, scattered, tangled
from tests.engine.networks import chain, wired

WIRE = Edge("image", "relu")
PLACES = {"image": (0.0, 0.0), "relu": (0.0, 400.0)}


def through(places, *dots: Point, graph: Graph | None = None, wire: Edge = WIRE) -> Route:
    graph = graph or chain(image=Input(), relu=ReLU())
    return Router(Occupancy(places)).routes(graph, places, [wire], dots={wire: dots})[wire]


def distance(route: Route, point: tuple[float, float]) -> float:
    path = route_path(route)
    return min(
        hypot(at.x() - point[0], at.y() - point[1]) for at in (path.pointAtPercent(n / 4000) for n in range(4001))
    )


@pytest.mark.parametrize(
    "dots",
    [
        ((300.0, 220.0),),
        ((135.0, 200.0),),
        ((300.0, 100.0), (300.0, 340.0)),
        ((135.0, 100.0), (400.0, 100.0), (400.0, 300.0), (135.0, 300.0)),
        ((300.0, -80.0),),
        ((300.0, 500.0), (-200.0, 500.0)),
        ((200.0, 200.0), (200.0, 200.0)),
        ((200.0, 200.0), (200.0, 300.0), (200.0, 100.0)),
    ],
)
def test_a_wire_goes_through_its_dots_in_their_order(dots):
    route = through(PLACES, *dots)
    assert route.dots == dots
    assert (route.start, route.end) == ((CARD_WIDTH / 2, CARD_HEIGHT), (CARD_WIDTH / 2, 400))
    assert all(one.end == other.start for one, other in pairwise(route.legs))
    assert all(one[-1] == other[0] for one, other in pairwise(pieces(route)))
    for dot in dots:
        assert distance(route, dot) < 0.5
    assert route.corners[0] == route.start
    assert route.corners[-1] == route.end
    assert set(dots) <= set(route.corners)
    assert not route.direct


def test_dots_below_each_other_are_joined_by_a_straight_line():
    route = through(PLACES, (300.0, 120.0), (300.0, 320.0))
    assert {x for x, _ in next(pieces(route.legs[1]))} == {300.0}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ((0, -100), (0, 100), (0, 1)),
        ((0, 100), (0, -100), (0, -1)),
        ((-100, 0), (100, 0), (1, 0)),
        ((-300, -100), (-300, 100), (0, 1)),  # furthest out, it goes straight down
        ((-100, -30), (300, 20), (1, 0)),
        ((0, -100), (100, 0), (0.5**0.5, 0.5**0.5)),
    ],
)
def test_a_wire_passes_a_dot_in_the_direction_in_which_it_goes_on(before, after, expected):
    assert direction(before, (0, 0), after) == pytest.approx(expected)


def test_where_it_turns_back_it_passes_a_dot_across():
    x, y = direction((0, -100), (0, 0), (0, -100))
    assert abs(x) == 1
    assert y == 0


def test_cards_between_dots_are_gone_round():
    graph = chain(image=Input(), relu=ReLU())
    places = dict(PLACES)
    for number in range(5):
        graph = graph.add(Node(f"n{number}", ReLU()))
        places[f"n{number}"] = (0.0, 90.0 + number * PITCH)
    beside = through(places, (340.0, 230.0), graph=graph)
    assert crossed(beside, places) == []
    # One dot on either side of the column: the way between them leads around it.
    across = through(places, (340.0, 200.0), (-80.0, 215.0), graph=graph)
    assert crossed(across, places) == []
    assert across.legs[1].way


def test_a_leg_that_is_straight_goes_on_as_the_way_beside_it_arrives():
    graph = chain(image=Input(), relu=ReLU()).add(Node("wall", ReLU()))
    places = {**PLACES, "wall": (200.0, 180.0)}
    route = through(places, (340.0, 100.0), (340.0, 300.0), (40.0, 300.0), graph=graph)
    assert crossed(route, places) == []
    for one, other in pairwise(route.legs):
        if one.way and other.direct:
            (x0, y0), (x1, y1) = one.way[-2:]
            length = hypot(x1 - x0, y1 - y0)
            assert other.leaving == pytest.approx(((x1 - x0) / length, (y1 - y0) / length))


def test_a_dot_on_a_card_is_gone_through_nevertheless():
    graph = chain(image=Input(), relu=ReLU()).add(Node("other", ReLU()))
    dot = (300.0, 220.0)
    route = through({**PLACES, "other": (200.0, 200.0)}, dot, graph=graph)
    assert distance(route, dot) < 0.5


def test_from_dot_to_dot_a_way_may_leave_upwards_and_arrive_from_below():
    places = {"wall": (0.0, 200.0)}
    start, end = (135.0, 300.0), (135.0, 100.0)
    taken = Occupancy(places)
    found = shortest(start, end, taken, 600, Free(True, True)).way
    assert found is not None
    assert not crossed(Route(start, end, way=found), places)
    assert found[1][1] <= 300  # not first down, as from a port
    port = shortest(start, end, taken, 600).way
    assert port is not None
    assert port[1][1] > 300


@pytest.mark.parametrize("seed", range(10))
def test_no_wire_crosses_a_card_on_its_way_through_dots_beside_cards(seed: int):
    chance = random.Random(seed)
    graph = tangled(chance.randint(2, 8), chance)
    places = scattered(graph, chance, 0.1)
    taken = Occupancy(places)
    dots = {}
    for edge in graph.edges:
        points = [(chance.uniform(-100, 1500), chance.uniform(-100, 1000)) for _ in range(chance.randint(0, 3))]
        points = [(x, y) for x, y in points if not taken.any_in(x - 30, y - 30, x + 30, y + 30)]
        if points:
            dots[edge] = tuple(points)
    found = Router(taken).routes(graph, places, graph.edges, dots=dots)
    assert all(found[edge].dots == points for edge, points in dots.items())
    assert {edge: cards for edge, route in found.items() if (cards := crossed(route, places))} == {}


def test_the_same_places_and_dots_give_the_same_ways():
    chance = random.Random(3)
    graph = wired(tangled(8, chance))
    places = scattered(graph, chance, 0.2)
    dots = {edge: ((chance.uniform(0, 1000), chance.uniform(0, 800)),) for edge in graph.edges[::2]}
    router = Router(Occupancy(places))
    router.routes(graph, places, graph.edges)
    list(router.one_by_one(graph, places, graph.edges, dots=dots, haste=Haste(searches=2)))
    found = router.routes(graph, places, graph.edges, dots=dots)
    assert found == Router(Occupancy(places)).routes(graph, places, graph.edges, dots=dots)
