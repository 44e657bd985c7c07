"""The best way between cards, and the certainty that there is none, after little work."""

import random
from collections import Counter
from collections.abc import Callable
from itertools import pairwise

import pytest

from designer.canvas import detours, mazes
from designer.canvas.detours import Search, detour
from designer.canvas.geometry import CARD_HEIGHT, CARD_WIDTH, Place
from designer.canvas.mazes import shortest
from designer.canvas.occupancy import Occupancy
from designer.canvas.router import Router
from designer.canvas.routes import Point, Route
from designer.canvas.ways import BEND, LEAST, Free
from engine import Edge, Graph, Node, ReLU
from tests.designer.canvas.test_router import crossed, scattered, tangled

AROUND = 600.0
EVERY_CORNER = Search(LEAST, around=AROUND, band=10_000.0, most=100_000, turns=100_000)


def cost(way: tuple[Point, ...]) -> float:
    length = sum(abs(x1 - x0) + abs(y1 - y0) for (x0, y0), (x1, y1) in pairwise(way))
    return length + BEND * (len(way) - 2)


def draw_end(chance: random.Random, place: Place, top: float) -> tuple[Point, bool]:
    """Return a port of a card, or a dot anywhere; and which of them."""
    if chance.random() < 0.3:
        return (chance.uniform(-200, 900), chance.uniform(-200, 500)), True
    return (place[0] + CARD_WIDTH / 2, place[1] + top), False


@pytest.mark.parametrize("seed", range(25))
def test_no_way_is_better_and_none_is_missed(seed: int):
    chance = random.Random(seed)
    graph = tangled(chance.randint(3, 8), chance)
    places = scattered(graph, chance, chance.choice([0.1, 0.2, 0.35]))
    taken = Occupancy(places)
    for edge in graph.edges:
        start, leaves = draw_end(chance, places[edge.source], CARD_HEIGHT)
        end, arrives = draw_end(chance, places[edge.target], 0)
        free = Free(leaves, arrives)
        best = shortest(start, end, taken, AROUND, free)
        other = detour(start, end, taken, EVERY_CORNER, free)
        assert (best.way is None) == (other.way is None)
        if best.way is not None and other.way is not None:
            assert (best.way[0], best.way[-1]) == (start, end)
            assert all(x0 == x1 or y0 == y1 for (x0, y0), (x1, y1) in pairwise(best.way))
            assert cost(best.way) <= cost(other.way) + 0.001
            assert not crossed(Route(start, end, way=best.way), places)


def pocket() -> tuple[Graph, dict[str, Place]]:
    """Return a wire into a pocket that three cards close, among seventeen others that leave ways everywhere else."""
    graph = Graph(tuple(Node(f"n{number}", ReLU()) for number in range(22))).connect("n0", "n1")
    chance = random.Random(0)
    places = {"n0": (0.0, 0.0), "n1": (600.0, 500.0)}
    places |= {"n2": (600.0, 420.0), "n3": (325.0, 460.0), "n4": (875.0, 460.0)}
    taken = Occupancy(places)
    while len(places) < len(graph.nodes):
        place = chance.uniform(-900, 1500), chance.uniform(-400, 1000)
        if not list(taken.touching(place)):
            taken.add(f"n{len(places)}", place)
            places[f"n{len(places)}"] = place
    return graph, places


def counted(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Return what counts corners that are tried, looks at cards, and rounds over a grid, from now on."""
    found: Counter[str] = Counter()
    for owner, name, what in (
        (detours, "heappop", "corners"),
        (Occupancy, "within", "looks"),
        (Occupancy, "_between", "strips"),
        (mazes, "_spread", "rounds"),
    ):
        real = getattr(owner, name)

        def count(*arguments: object, real: Callable[..., object] = real, what: str = what) -> object:
            found[what] += 1
            return real(*arguments)

        monkeypatch.setattr(owner, name, count)
    return found


def test_that_no_way_leads_into_a_pocket_is_known_after_little_work(monkeypatch):
    """It took thousands of corners, each compared with all cards: half a second in which the window stood still."""
    graph, places = pocket()
    work = counted(monkeypatch)
    router = Router(Occupancy(places))
    (route,) = router.routes(graph, places, graph.edges).values()
    assert crossed(route, places)
    assert 1 <= work["corners"] <= 800  # taken from the queue, some more than once
    assert 1 <= work["rounds"] <= 12
    assert 1 <= work["looks"] <= 600
    # A card of the pocket goes a little aside: now there is a way.
    places["n4"] = (895.0, 460.0)
    (route,) = Router(Occupancy(places)).routes(graph, places, graph.edges).values()
    assert not crossed(route, places)


def test_a_dot_on_a_card_is_not_searched_for(monkeypatch):
    graph, places = pocket()
    work = counted(monkeypatch)
    x, y = places["n9"]
    dots = {Edge("n0", "n1"): ((x + 20, y + 20),)}
    (route,) = Router(Occupancy(places)).routes(graph, places, graph.edges, dots=dots).values()
    assert route.dots == dots[Edge("n0", "n1")]
    assert work["corners"] == 0
    assert work["rounds"] == 0


def test_a_wire_across_an_empty_canvas_takes_no_more_work_than_a_short_one(monkeypatch):
    graph = Graph(tuple(Node(f"n{number}", ReLU()) for number in range(4))).connect("n0", "n1").connect("n1", "n2")
    places = {"n0": (0.0, 0.0), "n1": (9e6, 8e6), "n2": (0.0, 300.0), "n3": (20.0, 100.0)}
    work = counted(monkeypatch)
    found = Router(Occupancy(places)).routes(graph, places, graph.edges)
    assert found.keys() == set(graph.edges)
    assert work["strips"] < 1000
    assert work["corners"] < 100


def test_in_a_wide_drawing_of_many_cards_no_step_goes_on_for_long(monkeypatch):
    chance = random.Random(5)
    graph = tangled(300, chance)
    places = scattered(graph, chance, 0.3)
    work, most = counted(monkeypatch), Counter[str]()
    steps = 0
    for _ in Router(Occupancy(places)).one_by_one(graph, places, graph.edges):
        most |= work
        work.clear()
        steps += 1
        if steps == 400:
            break
    assert steps == 400
    assert 0 < most["corners"] <= 3000  # that are taken from the queue; some more than once
    assert most["rounds"] <= 40
    assert most["looks"] <= 1500
