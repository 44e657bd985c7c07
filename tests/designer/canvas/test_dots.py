"""Which dots are seen, which move along, and where they go when cards are moved for them."""

import pytest

from designer.canvas.dots import Dot, State, arranged, dotted_wires, inserted, moved, moving, slid, without
from designer.canvas.geometry import CARD_HEIGHT
from designer.canvas.visible import card_id, visible
from engine import Edge, Graph, Group, Input, ReLU
from tests.engine.networks import chain, wired

WIRE, LAST = Edge("image", "a"), Edge("b", "c")
DOTS = {WIRE: ((10.0, 60.0), (20.0, 80.0)), LAST: ((5.0, 400.0),)}
PLACES = {"image": (0.0, 0.0), "a": (0.0, 200.0), "b": (0.0, 300.0), "c": (0.0, 500.0)}


@pytest.fixture
def graph() -> Graph:
    return chain(image=Input(), a=ReLU(), b=ReLU(), c=ReLU())


def folded(graph: Graph, *nodes: str):
    return visible(graph, (Group("g", "G", nodes, collapsed=True),))


def test_dots_that_moved_have_no_last_bits_which_qt_would_leave_out(graph):
    seen, dots = visible(graph, ()), {WIRE: ((0.1, 71.0), (0.2, 93.0))}
    after = {**PLACES, "a": (0.7, 233.3)}
    there = slid(dots, State(seen, PLACES, PLACES), State(seen, after, after))
    assert all(value == round(value, 6) for point in there[WIRE] for value in point)
    assert there != dots


def test_without_groups_every_wire_shows_its_own_dots(graph):
    assert dotted_wires(visible(graph, ()), DOTS) == {WIRE: WIRE, LAST: LAST}
    assert dotted_wires(visible(graph, ()), {}) == {}


def test_a_wire_of_a_collapsed_group_shows_the_dots_of_the_first_wire_that_has_some(graph):
    graph = wired(graph, ("image", "c", 1)) if graph.node("c").layer.ports.most is None else graph
    seen = folded(graph, "b", "c")
    assert dotted_wires(seen, DOTS) == {WIRE: WIRE}  # the other is hidden
    seen = folded(graph, "a", "b")
    card = card_id("g")
    assert dotted_wires(seen, DOTS) == {Edge("image", card): WIRE, Edge(card, "c"): LAST}


def test_dots_between_cards_that_move_come_along_and_selected_ones_do(graph):
    seen = visible(graph, ())
    assert moving(seen, DOTS, {"image"}, ()) == set()
    assert moving(seen, DOTS, {"image", "a"}, ()) == {Dot(WIRE, 0), Dot(WIRE, 1)}
    assert moving(seen, DOTS, (), [Dot(LAST, 0)]) == {Dot(LAST, 0)}
    assert moving(folded(graph, "b", "c"), DOTS, {card_id("g")}, ()) == {Dot(LAST, 0)}


def test_some_are_moved_put_in_and_taken_off():
    assert moved(DOTS, {Dot(WIRE, 1)}, 1.004, -1) == {**DOTS, WIRE: ((10.0, 60.0), (21.0, 79.0))}
    assert inserted(DOTS, WIRE, 1, (1.23456, 2.0))[WIRE] == ((10.0, 60.0), (1.23, 2.0), (20.0, 80.0))
    assert inserted({}, WIRE, 0, (1.0, 2.0)) == {WIRE: ((1.0, 2.0),)}
    assert without(DOTS, {Dot(WIRE, 0), Dot(LAST, 0)}) == {WIRE: ((20.0, 80.0),)}


def state(seen, places) -> State:
    return State(seen, places, places)


def test_where_both_ends_move_by_the_same_so_do_the_dots(graph):
    seen = visible(graph, ())
    after = {node: (x + 7.0, y - 3.0) for node, (x, y) in PLACES.items()}
    assert slid(DOTS, state(seen, PLACES), state(seen, after))[WIRE] == ((17.0, 57.0), (27.0, 77.0))
    assert slid(DOTS, state(seen, PLACES), state(seen, PLACES)) is DOTS


def test_where_one_end_moves_dots_keep_their_share_of_the_way_and_come_back(graph):
    seen = visible(graph, ())
    middle = CARD_HEIGHT + (200 - CARD_HEIGHT) / 2
    dots = {WIRE: ((40.0, middle), (40.0, 0.0), (40.0, 250.0))}
    after = PLACES | {"a": (100.0, 300.0)}
    there = slid(dots, state(seen, PLACES), state(seen, after))
    assert there[WIRE] == ((90.0, middle + 50), (40.0, 0.0), (140.0, 350.0))
    assert slid(there, state(seen, after), state(seen, PLACES)) == dots


def test_dots_hidden_in_a_group_move_with_its_card(graph):
    seen = folded(graph, "b", "c")
    card = card_id("g")
    places = {"image": (0.0, 0.0), "a": (0.0, 200.0), card: (0.0, 300.0)}
    before = State(seen, places, PLACES)
    after = State(seen, places | {card: (50.0, 300.0)}, PLACES | {"b": (50.0, 300.0), "c": (50.0, 500.0)})
    assert slid(DOTS, before, after) == {**DOTS, LAST: ((55.0, 400.0),)}


def test_a_layout_anew_needs_no_dots_between_its_cards(graph):
    seen = visible(graph, ())
    before, after = state(seen, PLACES), state(seen, PLACES | {"b": (0.0, 310.0), "c": (0.0, 510.0)})
    assert arranged(DOTS, before, after, {"b", "c"}) == {WIRE: DOTS[WIRE]}
    assert arranged(DOTS, before, after, PLACES) == {}
    assert list(arranged(DOTS, before, after, {"a", "b"})) == [WIRE, LAST]
