"""Places for new cards: next to what they belong to, never on another card."""

from hypothesis import given, settings
from hypothesis import strategies as st

from designer.canvas.geometry import CARD_WIDTH, PITCH
from designer.canvas.occupancy import Occupancy
from designer.canvas.placement import complete, free_place, make_room
from engine import Conv2D, Flatten, Graph, Input, Node, ReLU
from tests.designer.canvas.canvas_hands import overlapping
from tests.engine.networks import chain, wired
from tests.strategies import drawings

COLUMN = {"image": (0.0, 0.0), "conv": (0.0, PITCH), "relu": (0.0, 2 * PITCH)}


def column() -> Graph:
    return chain(image=Input(), conv=Conv2D(), relu=ReLU())


def test_places_that_are_known_stay():
    assert complete(column(), COLUMN) == COLUMN


def test_places_of_nodes_that_went_are_forgotten():
    assert set(complete(column().remove(["conv"]), COLUMN)) == {"image", "relu"}


def test_a_new_layer_comes_below_what_feeds_it():
    graph = wired(column().add(Node("new", ReLU())), ("relu", "new"))
    assert complete(graph, COLUMN)["new"] == (0, 3 * PITCH)


def test_a_new_layer_comes_above_what_it_feeds():
    graph = wired(Graph().add(Node("conv", Conv2D())).add(Node("image", Input())), ("image", "conv"))
    assert complete(graph, {"conv": (40, 400)})["image"] == (40, 400 - PITCH)


def test_a_layer_that_belongs_to_nothing_comes_beside_everything():
    places = complete(column().add(Node("new", ReLU())), COLUMN)
    assert places["new"][0] >= CARD_WIDTH
    assert places["new"][1] == 0


def test_in_a_wire_everything_below_makes_room():
    graph = column().insert(column().edges[0], Node("new", Flatten()))
    places = complete(graph, COLUMN)
    assert places == {"image": (0, 0), "new": (0, PITCH), "conv": (0, 2 * PITCH), "relu": (0, 3 * PITCH)}


def test_two_new_layers_in_one_wire_come_one_below_the_other():
    graph = column().insert(column().edges[0], Node("one", Flatten()))
    graph = graph.insert(graph.incoming["conv"][0], Node("two", ReLU()))
    places = complete(graph, COLUMN)
    assert [places[node][1] for node in ("image", "one", "two", "conv", "relu")] == [PITCH * n for n in range(5)]


def test_a_wire_with_room_moves_nothing():
    places = {"image": (0.0, 0.0), "conv": (0.0, 4 * PITCH), "relu": (0.0, 5 * PITCH)}
    graph = column().insert(column().edges[0], Node("new", Flatten()))
    assert complete(graph, places) == places | {"new": (0, PITCH)}


def test_a_branch_that_is_not_below_stays_where_it_is():
    graph = wired(column().add(Node("branch", ReLU())), ("image", "branch"))
    places = COLUMN | {"branch": (300.0, PITCH)}
    moved = make_room(graph, places, "conv", 2 * PITCH)
    assert moved["branch"] == (300, PITCH)
    assert moved["conv"] == (0, 2 * PITCH)


def test_what_would_be_run_over_moves_along():
    graph = column().add(Node("lost", ReLU()))
    places = COLUMN | {"lost": (30.0, 3 * PITCH)}
    moved = make_room(graph, places, "conv", 2 * PITCH)
    assert moved["lost"] == (30, 4 * PITCH)
    assert not overlapping(moved)


def test_a_wanted_place_that_is_free_is_given():
    graph = column().add(Node("new", ReLU()))
    assert complete(graph, COLUMN, {"new": (500, 33)})["new"] == (500, 33)


coordinates = st.integers(-30, 30).map(lambda number: number * 10.0)
spots = st.tuples(coordinates, coordinates)


@settings(max_examples=100, deadline=None)
@given(st.lists(spots, max_size=25), spots)
def test_a_free_place_is_free(taken: list[tuple[float, float]], wanted: tuple[float, float]):
    occupancy = Occupancy({str(number): place for number, place in enumerate(taken)})
    place = free_place(occupancy, wanted)
    assert not list(occupancy.touching(place))
    if not list(occupancy.touching(wanted)):
        assert place == wanted


@settings(max_examples=60, deadline=None)
@given(drawings(), st.data())
def test_new_cards_touch_nothing_wherever_the_old_ones_are(graph: Graph, data: st.DataObject):
    known: dict[str, tuple[float, float]] = {}
    for node in graph.nodes:
        if data.draw(st.booleans()):
            known[node.id] = free_place(Occupancy(known), data.draw(spots))
    assert not overlapping(complete(graph, known))
