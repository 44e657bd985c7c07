"""Moving cards with the mouse, and copies of them."""

import pytest
from PySide6.QtCore import QPoint, Qt

from designer.canvas.geometry import CARD_WIDTH
from engine import Edge, ReLU
from tests.designer.canvas.canvas_hands import ALT, CONTROL, assert_in_step, moved, show
from tests.designer.canvas.three_cards import PLACES, three_cards
from tests.engine.networks import chain, lenet5


@pytest.fixture(autouse=True)
def _drawing(view) -> None:
    show(view, three_cards(), PLACES)


def test_a_dragged_card_moves_live_and_is_one_step(view, document, hands):
    start = hands.card("add")
    hands.press(start)
    hands.move(start + QPoint(30, 20), start + QPoint(53, 38))
    assert view.canvas.nodes["add"].place == (450, 340)
    assert document.network.layout == PLACES
    hands.release(start + QPoint(53, 38))
    assert document.network.layout == PLACES | {"add": (450, 340)}
    assert document.undo_stack.count() == 1
    assert document.undo_stack.undoText() == "Move add"
    assert document.selection.nodes == ("add",)
    document.undo_stack.undo()
    assert document.network.layout == PLACES
    assert_in_step(view)


def test_wires_follow_a_card_while_it_is_dragged(view, document, hands):
    start = hands.card("conv1")
    hands.press(start)
    hands.move(start + QPoint(100, 0))
    route = view.canvas.edges[Edge("image", "conv1")].route
    assert route.end == view.canvas.nodes["conv1"].input(0).toTuple()
    hands.release(start + QPoint(100, 0))
    assert_in_step(view)


def test_all_selected_cards_move_together(view, document, hands):
    document.selection.select(["conv1", "relu1"])
    start = hands.card("conv1")
    hands.drag(start, start + QPoint(200, 50))
    assert document.network.layout["relu1"] == (200, 250)
    assert document.undo_stack.undoText() == "Move 2 layers"
    assert document.selection.nodes == ("conv1", "relu1")


def test_escape_puts_cards_back(view, document, hands):
    start = hands.card("add")
    hands.press(start)
    hands.move(start + QPoint(100, 100))
    hands.key(Qt.Key.Key_Escape)
    hands.release(start + QPoint(100, 100))
    assert view.canvas.places == PLACES
    assert document.undo_stack.count() == 0
    assert_in_step(view)


def test_a_card_snaps_into_a_column(view, document, hands):
    view.canvas.document.edit("Off the grid", document.graph, {"relu1": (3.0, 200.0)})
    start = hands.card("add")
    hands.press(start)
    hands.move(start + QPoint(-200, 0), start + QPoint(-398, 0))
    assert view.canvas.nodes["add"].place == (3, 300)
    hands.release(start + QPoint(-398, 0))
    assert document.network.layout["add"] == (3, 300)


def test_with_control_a_card_floats(view, document, hands):
    start = hands.card("add")
    hands.press(start)
    view.mouseMoveEvent(moved(start + QPoint(47, 13), CONTROL))
    assert view.canvas.nodes["add"].place == (447, 313)
    hands.release(start + QPoint(47, 13), CONTROL)
    assert document.network.layout["add"] == (447, 313)


def test_a_card_that_is_put_back_is_no_step(document, hands):
    start = hands.card("add")
    hands.press(start)
    hands.move(start + QPoint(100, 100), start)
    hands.release(start)
    assert document.undo_stack.count() == 0


def test_positions_computed_for_display_are_saved_with_a_move(view, hands):
    document = show(view, lenet5())
    start = hands.card("softmax")
    hands.drag(start, start + QPoint(300, 0))
    assert set(document.network.layout) == set(document.graph.by_id)


def test_an_undo_in_the_middle_of_a_drag_ends_it(view, document, hands):
    document.edit("Move", document.graph, {"conv1": (0.0, 120.0)})
    start = hands.card("add")
    hands.press(start)
    hands.move(start + QPoint(100, 100))
    document.undo_stack.undo()
    assert view.canvas.places == PLACES
    hands.release(start + QPoint(100, 100))
    assert document.undo_stack.count() == 1
    assert_in_step(view)


def test_with_alt_copies_are_dragged_away(view, document, hands):
    document.selection.select(["conv1", "relu1"])
    start = hands.card("conv1")
    hands.press(start, ALT)
    view.mouseMoveEvent(moved(start + QPoint(200, 0), ALT))
    view.mouseMoveEvent(moved(start + QPoint(400, 51), ALT))
    assert view.canvas.places == PLACES
    assert not view.viewport().grab().isNull()
    hands.release(start + QPoint(400, 51), ALT)
    assert document.undo_stack.undoText() == "Duplicate 2 layers"
    assert document.undo_stack.count() == 1
    assert document.selection.nodes == ("conv2", "relu2")
    assert Edge("conv2", "relu2") in document.graph.edges
    assert document.graph.incoming["conv2"] == {}
    assert document.network.layout["conv2"] == (400, 150)
    assert document.network.layout["relu2"] == (400, 250)
    assert {node: document.network.layout[node] for node in PLACES} == PLACES
    document.undo_stack.undo()
    assert set(document.graph.by_id) == set(PLACES)
    assert_in_step(view)


def test_copies_snap_to_the_cards_that_they_are_of(view, document, hands):
    start = hands.card("add")
    hands.press(start, ALT)
    view.mouseMoveEvent(moved(start + QPoint(3, 80), ALT))
    assert view.gesture._moved == {"add": (400, 380)}
    hands.release(start + QPoint(3, 80), ALT)
    assert document.network.layout["add1"] == (400, 380)


def test_copies_dropped_where_they_began_or_cancelled_are_none(view, document, hands):
    start = hands.card("add")
    hands.press(start, ALT)
    view.mouseMoveEvent(moved(start + QPoint(100, 100), ALT))
    view.mouseMoveEvent(moved(start + QPoint(1, 1), ALT))
    hands.release(start + QPoint(1, 1), ALT)
    hands.press(start, ALT)
    view.mouseMoveEvent(moved(start + QPoint(100, 100), ALT))
    hands.key(Qt.Key.Key_Escape)
    hands.release(start + QPoint(100, 100), ALT)
    assert document.undo_stack.count() == 0
    assert document.selection.nodes == ("add",)
    assert_in_step(view)


def test_a_card_in_line_shows_a_guide(view, document, hands):
    start = hands.card("add")
    hands.press(start)
    hands.move(start + QPoint(-200, 0), start + QPoint(-396, -3))
    assert view.canvas.nodes["add"].place == (0, 300)
    with_guide = view.viewport().grab().toImage()
    view.mouseMoveEvent(moved(start + QPoint(-400, 0), CONTROL))
    assert view.canvas.nodes["add"].place == (0, 300)
    assert view.viewport().grab().toImage() != with_guide
    hands.key(Qt.Key.Key_Escape)
    hands.release(start)


def test_far_out_cards_can_still_be_moved(view, hands):
    document = show(view, chain(**{f"r{number}": ReLU() for number in range(60)}))
    assert view.zoom < 0.3
    start = hands.card("r30")
    hands.drag(start, start + QPoint(120, 0))
    assert document.selection.nodes == ("r30",)
    assert document.network.layout["r30"][0] > CARD_WIDTH
    assert_in_step(view)
