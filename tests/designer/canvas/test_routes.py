"""The ways of wires."""

import pytest
from PySide6.QtCore import QPointF

from designer.canvas.auto_layout import arrange
from designer.canvas.geometry import CARD_HEIGHT, CARD_WIDTH, PITCH, Places, card_rect, port_offsets, port_radius
from designer.canvas.occupancy import Occupancy
from designer.canvas.router import Router
from designer.canvas.routes import Route, route_path
from engine import Add, Concat, Edge, Graph, Input, Node, ReLU
from tests.engine.networks import chain, wired


def skipping() -> Graph:
    graph = chain(image=Input(), one=ReLU(), two=ReLU(), add=Add())
    return wired(graph, ("image", "add", 1))


WAY = Route((0, 0), (400, 90), way=((0, 0), (0, 20), (200, 20), (200, 70), (400, 70), (400, 90)))


def routes(graph: Graph, places: Places) -> dict[Edge, Route]:
    return Router(Occupancy(places)).routes(graph, places, graph.edges)


def points(route: Route) -> list[QPointF]:
    path = route_path(route)
    return [path.pointAtPercent(step / 200) for step in range(201)]


def test_a_wire_in_a_column_is_a_straight_line():
    graph = chain(image=Input(), relu=ReLU())
    (route,) = routes(graph, arrange(graph)).values()
    assert route.lane is None
    assert len({round(point.x(), 6) for point in points(route)}) == 1


def test_a_path_ends_where_the_route_does():
    for route in (Route((0, 0), (50, 80)), Route((0, 0), (50, 800), 200), Route((0, 500), (50, 0), 200), WAY):
        ends = route_path(route)
        assert ends.pointAtPercent(0).toTuple() == route.start
        assert ends.currentPosition().toTuple() == route.end


def test_a_shortcut_goes_round_the_cards_that_it_skips():
    graph = skipping()
    places = arrange(graph)
    route = routes(graph, places)[Edge("image", "add", 1)]
    assert route.lane is not None
    assert route.lane > CARD_WIDTH
    for node in ("one", "two"):
        body = card_rect(places[node]).adjusted(6, 6, -6, -6)
        assert not any(body.contains(point) for point in points(route))


def test_shortcuts_of_two_layers_keep_apart():
    graph = wired(chain(image=Input(), one=ReLU(), two=ReLU(), three=ReLU(), add=Add()), ("image", "add", 1))
    graph = wired(graph, ("one", "add", 2))
    found = routes(graph, arrange(graph))
    lanes = [found[Edge("image", "add", 1)].lane, found[Edge("one", "add", 2)].lane]
    assert None not in lanes
    assert abs(lanes[0] - lanes[1]) >= 8


def test_a_short_branch_runs_down_its_own_column():
    graph = chain(image=Input(), one=ReLU(), two=ReLU(), three=ReLU(), cat=Concat())
    graph = wired(graph.add(Node("side", ReLU())), ("image", "side"), ("side", "cat", 1))
    places = arrange(graph)
    route = routes(graph, places)[Edge("side", "cat", 1)]
    assert route.lane in (None, places["side"][0] + CARD_WIDTH / 2)


def test_a_wire_that_leads_upwards_goes_round_both_cards():
    graph = wired(chain(a=ReLU(), b=ReLU()), ("b", "a"))
    places = {"a": (0.0, 0.0), "b": (0.0, PITCH)}
    route = routes(graph, places)[Edge("b", "a")]
    assert route.upwards
    assert route.lane is not None
    assert not 0 < route.lane < CARD_WIDTH
    path = points(route)
    assert path[3].y() > PITCH + CARD_HEIGHT  # out of the bottom
    assert path[-3].y() < 0  # and in at the top


def test_few_ports_start_in_the_middle_and_many_spread_around_it():
    assert port_offsets(1) == (CARD_WIDTH / 2,)
    assert port_offsets(3)[0] == CARD_WIDTH / 2
    many = port_offsets(60)
    assert sum(many) / 60 == pytest.approx(CARD_WIDTH / 2)
    assert 0 < many[0] < many[-1] < CARD_WIDTH
    assert 2 * port_radius(60) < many[1] - many[0]
