"""Which way wires go: none crosses a card where there is a way around."""

import random
from itertools import pairwise

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QTransform

from designer import resources
from designer.canvas.auto_layout import arrange
from designer.canvas.geometry import CARD_HEIGHT, CARD_WIDTH, PITCH, Places
from designer.canvas.mazes import shortest
from designer.canvas.occupancy import Occupancy
from designer.canvas.router import Haste, Router
from designer.canvas.routes import Route, route_path
from designer.document import Document
from engine import Add, Concat, Edge, Graph, Input, Node, ReLU, load
from tests.designer.canvas.canvas_hands import Hands, show
from tests.engine.networks import chain, wired


def routed(graph: Graph, places: Places) -> dict[Edge, Route]:
    return Router(Occupancy(places)).routes(graph, places, graph.edges)


def crossed(route: Route, places: Places) -> list[str]:
    """Return the cards that a wire crosses."""
    (line,) = route_path(route).toSubpathPolygons(QTransform.fromScale(4, 4))
    taken, found = Occupancy(places), set[str]()
    for (x0, y0), (x1, y1) in pairwise([(point.x() / 4, point.y() / 4) for point in line]):
        steps = int((abs(x1 - x0) + abs(y1 - y0)) / 5) + 1
        for step in range(steps + 1):
            x, y = x0 + (x1 - x0) * step / steps, y0 + (y1 - y0) * step / steps
            found.update(node for node, _ in taken.within(x + 1, y + 1, x - 1, y - 1))
    return sorted(found)


def scattered(graph: Graph, chance: random.Random, share: float) -> dict[str, tuple[float, float]]:
    """Return a random place for every card, none touching another, so that they take a share of the canvas."""
    side = (len(graph.nodes) * CARD_WIDTH * CARD_HEIGHT / share) ** 0.5
    taken, places = Occupancy({}), {}
    for node in graph.nodes:
        place = (0.0, 0.0)
        while list(taken.touching(place)) or place == (0.0, 0.0):
            place = (chance.uniform(0, 1.4 * side), chance.uniform(1, side / 1.4))
        places[node.id] = place
        taken.add(node.id, place)
    return places


def tangled(count: int, chance: random.Random) -> Graph:
    """Return layers that are wired at random, loops among them."""
    graph = Graph(tuple(Node(f"n{number}", Concat()) for number in range(count)))
    for number in range(2 * count):
        source, target = chance.sample(range(count), 2)
        graph = graph.connect(f"n{source}", f"n{target}", number)
    return graph


@pytest.mark.parametrize("seed", range(20))
def test_no_wire_crosses_a_card_wherever_few_cards_are(seed: int):
    chance = random.Random(seed)
    graph = tangled(chance.randint(2, 9), chance)
    places = scattered(graph, chance, chance.choice([0.05, 0.15, 0.25]))
    found = routed(graph, places)
    assert {edge: cards for edge, route in found.items() if (cards := crossed(route, places))} == {}


@pytest.mark.parametrize("seed", range(3))
def test_hardly_a_wire_crosses_a_card_in_a_large_network_scattered_at_random(seed: int):
    graph = load(resources.path("examples", "resnet18.json")).graph
    places = scattered(graph, random.Random(seed), 0.15)
    wrong = [edge for edge, route in routed(graph, places).items() if crossed(route, places)]
    assert len(wrong) < 0.03 * len(graph.edges)


@pytest.mark.parametrize("name", ["inception_v3", "unet", "resnet50"])
def test_a_network_that_is_laid_out_needs_no_detours(name: str):
    graph = load(resources.path("examples", f"{name}.json")).graph
    places = arrange(graph)
    found = routed(graph, places)
    assert not any(route.way or crossed(route, places) for route in found.values())


def test_a_way_leads_out_of_a_bay_of_cards():
    """The port looks into a bay that is closed at the bottom and at both sides: the way goes up again first."""
    places = {"wall": (0.0, 200.0), "left": (-190.0, 150.0), "right": (190.0, 150.0), "goal": (0.0, 400.0)}
    start, end = (135.0, 100.0), (135.0, 400.0)
    found = shortest(start, end, Occupancy(places), 600)
    assert found.way is not None
    assert found.way[0] == start
    assert found.way[-1] == end
    assert not crossed(Route(start, end, way=found.way, radius=7), places)


def test_there_is_no_way_into_a_port_that_a_card_covers():
    places = {"lid": (0.0, 170.0), "goal": (0.0, 200.0)}
    found = shortest((500.0, 0.0), (135.0, 200.0), Occupancy(places), 600)
    assert found.way is None


def test_the_same_places_give_the_same_ways_however_the_cards_came_there():
    chance = random.Random(4)
    graph = tangled(9, chance)
    places = scattered(graph, chance, 0.2)
    taken = Occupancy(places)
    router = Router(taken)
    for _ in range(6):
        router.routes(graph, places, graph.edges)
        node, place = chance.choice(sorted(places)), (chance.uniform(0, 1200), chance.uniform(0, 600))
        taken.remove(node, places[node])
        taken.add(node, place)
        places[node] = place
        assert router.routes(graph, places, graph.edges) == routed(graph, places)


def test_a_search_is_not_made_again_while_no_card_moves_where_it_looked(monkeypatch):
    graph = tangled(9, random.Random(4))
    places = scattered(graph, random.Random(4), 0.25)
    taken = Occupancy(places)
    router = Router(taken)
    before = router.routes(graph, places, graph.edges)
    assert any(route.way for route in before.values())
    monkeypatch.setattr("designer.canvas.router.detour", None)  # a search would fail
    taken.add("far", (50_000.0, 50_000.0))
    assert router.routes(graph, places, graph.edges) == before


def test_of_wires_that_are_gone_nothing_is_kept():
    graph = tangled(9, random.Random(4))
    places = scattered(graph, random.Random(4), 0.25)
    router = Router(Occupancy(places))
    before = router.routes(graph, places, graph.edges)
    led = [edge for edge, route in before.items() if route.way]
    assert led
    router.forget(graph.edges)
    haste = Haste(searches=0)
    assert not any(route.way for route in hurried(router, graph, places, haste).values())
    assert haste.hurried


def hurried(router: Router, graph: Graph, places: Places, haste: Haste) -> dict[Edge, Route]:
    return dict(step for step in router.one_by_one(graph, places, graph.edges, haste=haste) if step is not None)


@pytest.mark.parametrize(("haste", "found"), [(Haste(searches=1), 1), (Haste(until=0.0), 0)])
def test_no_more_ways_are_searched_for_than_there_is_time_for(haste: Haste, found: int):
    graph = tangled(9, random.Random(4))
    places = scattered(graph, random.Random(4), 0.25)
    router = Router(Occupancy(places))
    first = hurried(router, graph, places, haste)
    assert haste.hurried
    assert first.keys() == set(graph.edges)
    assert sum(bool(route.way) for route in first.values()) == found
    haste = Haste(searches=60)
    at_rest = hurried(router, graph, places, haste)
    assert not haste.hurried
    assert sum(bool(route.way) for route in at_rest.values()) > 1
    assert at_rest == routed(graph, places)


def test_a_card_dragged_onto_a_wire_pushes_it_aside_and_lets_it_back(view, hands: Hands):
    graph = wired(chain(image=Input(), relu=ReLU()).add(Node("aside", ReLU())))
    places = {"image": (0.0, 0.0), "relu": (0.0, 4 * PITCH), "aside": (400.0, 2 * PITCH)}
    document: Document = show(view, graph, places)
    wire = view.canvas.edges[Edge("image", "relu")]
    assert wire.route.direct
    start = hands.card("aside")
    onto = start - QPointF(400 * view.zoom, 0).toPoint()
    hands.press(start)
    hands.move((start + onto) / 2, onto)
    assert not wire.route.direct
    assert not crossed(wire.route, view.canvas.places)
    hands.release(onto)
    assert not wire.route.direct
    assert not crossed(wire.route, view.canvas.places)
    document.undo_stack.undo()
    assert wire.route.direct


def test_a_wire_that_leads_upwards_goes_round_a_card_that_blocks_both_lanes():
    graph = wired(chain(a=ReLU(), b=ReLU()), ("b", "a"))
    graph = graph.add(Node("x", ReLU())).add(Node("y", ReLU())).add(Node("z", ReLU()))
    places = {"a": (0.0, 0.0), "b": (40.0, 400.0), "x": (300.0, 200.0), "y": (-300.0, 250.0), "z": (330.0, 460.0)}
    route = routed(graph, places)[Edge("b", "a")]
    assert route.upwards
    assert crossed(route, places) == []


def test_past_a_tight_column_a_way_leads_along_one_side():
    graph = chain(image=Input(), **{f"r{number}": ReLU() for number in range(5)}, add=Add())
    graph = wired(graph, ("image", "add", 1))
    places = {"image": (0.0, 0.0), **{f"r{number}": (0.0, 170 + PITCH * number) for number in range(5)}}
    places["add"] = (0.0, 170 + PITCH * 5)
    route = routed(graph, places)[Edge("image", "add", 1)]
    assert crossed(route, places) == []
    assert len(route.way) == 6
    assert min(x for x, _ in route.way) == CARD_WIDTH / 2
