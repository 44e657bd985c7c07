"""Drawing wires with the mouse, and taking them off."""

import pytest
from PySide6.QtCore import QPoint, Qt

from designer.canvas.gestures.wire import WireGesture
from engine import Edge
from tests.designer.canvas.canvas_hands import ALT, assert_in_step, show
from tests.designer.canvas.three_cards import PLACES, three_cards
from tests.engine.networks import wired


@pytest.fixture(autouse=True)
def _drawing(view) -> None:
    show(view, three_cards(), PLACES)


def test_a_wire_is_drawn_from_output_to_input(view, document, hands):
    hands.drag(hands.output("relu1"), hands.input("add", 1))
    assert Edge("relu1", "add", 1) in document.graph.edges
    assert document.undo_stack.undoText() == "Connect relu1 to add"
    assert_in_step(view)


def test_a_wire_is_drawn_from_input_to_output(view, document, hands):
    hands.drag(hands.input("add", 0), hands.output("relu1"))
    assert Edge("relu1", "add", 0) in document.graph.edges
    hands.drag(hands.input("add", 1), hands.card("conv1"))
    assert Edge("conv1", "add", 1) in document.graph.edges
    assert_in_step(view)


def test_a_wire_dropped_on_a_card_takes_the_first_free_port(view, document, hands):
    hands.drag(hands.output("relu1"), hands.card("add"))
    hands.drag(hands.output("conv1"), hands.card("add"))
    hands.drag(hands.output("image"), hands.card("add"))
    edges = {edge.port: edge.source for edge in document.graph.edges if edge.target == "add"}
    assert edges == {0: "relu1", 1: "conv1", 2: "image"}
    assert_in_step(view)


def test_a_wire_to_an_occupied_port_replaces_what_was_there(view, document, hands):
    hands.drag(hands.output("image"), hands.input("relu1"))
    assert document.graph.incoming["relu1"][0].source == "image"
    assert document.undo_stack.count() == 1
    assert_in_step(view)


def test_cards_that_cannot_take_a_wire_step_back_and_say_why(view, document, hands):
    start = hands.output("conv1")
    hands.press(start)
    hands.move(start + QPoint(30, 30), hands.card("image"))
    dimmed = {node for node, item in view.canvas.nodes.items() if item.dimmed}
    assert dimmed == {"image", "conv1"}
    gesture = view.gesture
    assert isinstance(gesture, WireGesture)
    assert gesture.label == "An Input takes no wire"
    hands.move(hands.card("conv1"))
    assert gesture.label == "A layer can’t feed itself"
    hands.move(hands.card("add"))
    assert gesture.label == ""
    assert view.canvas.nodes["add"].offered
    hands.release(hands.card("add"))
    assert not any(item.dimmed or item.offered for item in view.canvas.nodes.values())


def test_a_wire_that_would_close_a_cycle_is_refused(view, document, hands):
    document.edit("Remove", document.graph.disconnect(Edge("image", "conv1")))
    hands.press(hands.output("relu1"))
    hands.move(hands.card("conv1"))
    assert view.gesture.label == "Would close a cycle"
    hands.release(hands.card("conv1"))
    assert document.graph.incoming["conv1"] == {}
    hands.press(hands.input("conv1"))
    hands.move(hands.card("relu1"))
    assert view.gesture.label == "Would close a cycle"
    hands.release(hands.card("relu1"))
    assert document.undo_stack.count() == 1
    assert_in_step(view)


def test_a_wire_dropped_on_nothing_asks_for_a_layer_and_is_nothing_without_one(view, document, hands):
    hands.drag(hands.output("relu1"), QPoint(5, 5))
    assert view.quick_add.popup is not None
    hands.type_into_popup("", Qt.Key.Key_Escape)
    assert view.quick_add.popup is None
    assert document.undo_stack.count() == 0
    assert_in_step(view)


def test_a_click_with_alt_takes_a_wire_off(view, document, hands):
    edge = Edge("conv1", "relu1")
    hands.click(hands.wire(edge), ALT)
    assert edge not in document.graph.edges
    assert document.undo_stack.undoText() == "Disconnect conv1 from relu1"
    document.undo_stack.undo()
    hands.click(hands.input("relu1"), ALT)
    assert edge not in document.graph.edges
    assert document.undo_stack.count() == 1
    assert_in_step(view)


def test_a_click_with_alt_on_an_output_takes_all_its_wires_off(view, document, hands):
    document.edit("Wire", wired(document.graph, ("conv1", "add", 1)))
    hands.click(hands.output("conv1"), ALT)
    assert document.graph.edges == (Edge("image", "conv1"),)
    assert document.undo_stack.undoText() == "Remove 2 wires"
    document.undo_stack.undo()
    assert len(document.graph.edges) == 3
    assert_in_step(view)


def test_a_click_with_alt_on_a_port_without_wires_does_nothing(view, document, hands):
    hands.click(hands.output("relu1"), ALT)
    hands.click(hands.input("add", 1), ALT)
    assert document.undo_stack.count() == 0


def test_a_drag_with_alt_from_a_port_still_draws_a_wire(view, document, hands):
    hands.drag(hands.output("relu1"), hands.input("add", 1), ALT)
    assert Edge("relu1", "add", 1) in document.graph.edges


def test_the_end_of_a_wire_is_moved_to_another_port(view, document, hands):
    hands.drag(hands.input("relu1"), hands.input("add", 1))
    assert document.graph.incoming["relu1"] == {}
    assert document.graph.incoming["add"] == {1: Edge("conv1", "add", 1)}
    assert document.undo_stack.count() == 1
    assert document.undo_stack.undoText() == "Connect conv1 to add"
    assert_in_step(view)


def test_the_end_of_a_wire_dropped_on_nothing_removes_it(view, document, hands):
    hands.drag(hands.input("relu1"), QPoint(5, 5))
    assert Edge("conv1", "relu1") not in document.graph.edges
    assert document.undo_stack.undoText() == "Disconnect conv1 from relu1"
    assert_in_step(view)


def test_the_end_of_a_wire_put_back_or_refused_stays(view, document, hands):
    before = document.graph
    start = hands.input("relu1")
    hands.press(start)
    hands.move(start + QPoint(60, -60), start)
    hands.release(start)
    hands.drag(start, hands.card("image"))
    assert document.graph.edges == before.edges
    assert document.undo_stack.count() == 0
    assert_in_step(view)


def test_escape_leaves_wires_as_they_are(view, document, hands):
    for start in (hands.output("relu1"), hands.input("relu1")):
        hands.press(start)
        hands.move(start + QPoint(100, 40), hands.card("add"))
        hands.key(Qt.Key.Key_Escape)
        hands.release(hands.card("add"))
        assert document.undo_stack.count() == 0
        assert_in_step(view)


def test_an_edit_while_a_wire_is_drawn_ends_the_drawing(view, document, hands):
    hands.press(hands.output("relu1"))
    hands.move(hands.card("add"))
    document.edit("Remove", document.graph.remove(["add"]))
    assert view.gesture is None
    hands.release(QPoint(5, 5))
    assert_in_step(view)


def test_every_gesture_paints(view, document, hands):
    document.selection.select([])
    for start, ends in (
        (hands.output("relu1"), (hands.card("image"), hands.card("add"), QPoint(5, 5))),
        (hands.input("relu1"), (QPoint(5, 5), hands.card("add"))),
        (hands.card("conv1"), (hands.card("conv1") + QPoint(0, 40),)),
        (QPoint(5, 5), (hands.card("relu1"),)),
    ):
        hands.press(start)
        for end in ends:
            hands.move(end)
            assert not view.viewport().grab().isNull()
        hands.key(Qt.Key.Key_Escape)
        hands.release(ends[-1])
    assert document.undo_stack.count() == 0
