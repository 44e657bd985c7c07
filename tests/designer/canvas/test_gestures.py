"""Moving, selecting and wiring with the mouse."""

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent

from designer.canvas.geometry import CARD_HEIGHT, CARD_WIDTH, PITCH
from designer.canvas.gestures.wire import WireGesture
from designer.canvas.node_item import OUTPUT
from engine import Add, Conv2D, Edge, Graph, Input, Node, ReLU
from tests.designer.canvas.canvas_hands import ALT, CONTROL, SHIFT, assert_in_step, show
from tests.engine.networks import chain, lenet5, wired

# Three cards in a column and one that is far from it.
PLACES = {"image": (0.0, 0.0), "conv1": (0.0, 100.0), "relu1": (0.0, 200.0), "add": (400.0, 300.0)}


@pytest.fixture(autouse=True)
def _drawing(view) -> None:
    graph = chain(image=Input(), conv1=Conv2D(), relu1=ReLU()).add(Node("add", Add()))
    show(view, graph, PLACES)


def moved(at: QPoint, modifiers: Qt.KeyboardModifier) -> QMouseEvent:
    """Return a move of the mouse with a key held, which QTest can't make."""
    button = Qt.MouseButton.LeftButton
    where = QPointF(at)
    return QMouseEvent(QEvent.Type.MouseMove, where, where, Qt.MouseButton.NoButton, button, modifiers)


# Selecting


def test_a_click_selects_and_a_click_beside_selects_nothing(document, hands):
    hands.click(hands.card("conv1"))
    assert document.selection.nodes == ("conv1",)
    hands.click(hands.card("relu1"))
    assert document.selection.nodes == ("relu1",)
    hands.click(QPoint(3, 3))
    assert document.selection.nodes == ()
    assert document.undo_stack.count() == 0


@pytest.mark.parametrize("key", [CONTROL, SHIFT], ids=["control", "shift"])
def test_a_click_with_a_key_extends_the_selection_and_takes_from_it(document, hands, key):
    hands.click(hands.card("conv1"))
    hands.click(hands.card("relu1"), key)
    assert document.selection.nodes == ("conv1", "relu1")
    hands.click(hands.card("conv1"), key)
    assert document.selection.nodes == ("relu1",)


def test_a_click_on_one_of_several_selects_it_alone(document, hands):
    document.selection.select(["image", "conv1"])
    hands.click(hands.card("conv1"))
    assert document.selection.nodes == ("conv1",)


def test_a_rubber_band_selects_what_it_touches(view, document, hands):
    start, end = hands.screen(QPointF(-20, -20)), hands.screen(QPointF(50, 120))
    hands.press(start)
    hands.move(start + QPoint(20, 20), end)
    assert document.selection.nodes == ("image", "conv1")
    hands.release(end)
    hands.press(hands.screen(QPointF(350, 280)), CONTROL)
    hands.move(hands.screen(QPointF(420, 320)))
    hands.release(hands.screen(QPointF(420, 320)), CONTROL)
    assert document.selection.nodes == ("image", "conv1", "add")
    assert_in_step(view)


def test_escape_ends_a_rubber_band_with_the_former_selection(document, hands):
    document.selection.select(["add"])
    hands.press(hands.screen(QPointF(-20, -20)))
    hands.move(hands.screen(QPointF(50, 120)))
    hands.key(Qt.Key.Key_Escape)
    assert document.selection.nodes == ("add",)
    hands.release(hands.screen(QPointF(50, 120)))
    assert document.selection.nodes == ("add",)


def test_a_click_selects_a_wire(view, document, hands):
    document.selection.select(["add"])
    edge = Edge("conv1", "relu1")
    hands.click(hands.wire(edge))
    assert view.canvas.selected_edge == edge
    assert document.selection.nodes == ()
    hands.click(QPoint(3, 3))
    assert view.canvas.selected_edge is None


def test_a_wire_between_neighbours_can_be_clicked(view, hands):
    show(view, lenet5())
    view.zoom_reset()
    hands.click(hands.wire(Edge("image", "conv1")))
    assert view.canvas.selected_edge == Edge("image", "conv1")


def test_a_click_on_a_connected_port_selects_its_wire(view, document, hands):
    hands.click(hands.input("relu1"))
    assert view.canvas.selected_edge == Edge("conv1", "relu1")


# Moving


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


# Wiring


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


# Taking wires off


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


# Copies


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


def test_ports_grow_under_the_pointer(view, document, hands):
    hands.move(hands.output("conv1"))
    assert view.canvas.nodes["conv1"].port == OUTPUT
    hands.move(hands.input("add", 1))
    assert view.canvas.nodes["conv1"].port is None
    assert view.canvas.nodes["add"].port == 1
    hands.move(hands.wire(Edge("conv1", "relu1")))
    assert view.canvas.edges[Edge("conv1", "relu1")].hovered


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


def test_far_out_cards_can_still_be_moved(view, hands):
    document = show(view, chain(**{f"r{number}": ReLU() for number in range(60)}))
    assert view.zoom < 0.3
    start = hands.card("r30")
    hands.drag(start, start + QPoint(120, 0))
    assert document.selection.nodes == ("r30",)
    assert document.network.layout["r30"][0] > CARD_WIDTH
    assert_in_step(view)


def test_a_card_in_front_is_hit_first(view, hands):
    document = show(view, wired(Graph().add(Node("a", ReLU())).add(Node("b", ReLU()))), {"a": (0, 0), "b": (50, 10)})
    hands.click(hands.screen(QPointF(60 + CARD_WIDTH / 4, CARD_HEIGHT / 2)))
    assert document.selection.nodes == ("b",)
    assert PITCH > CARD_HEIGHT
