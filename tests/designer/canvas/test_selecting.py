"""Selecting with the mouse, and what is under it."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt

from designer.canvas.geometry import CARD_HEIGHT, CARD_WIDTH, PITCH
from designer.canvas.node_item import OUTPUT
from engine import Edge, Graph, Node, ReLU
from tests.designer.canvas.canvas_hands import CONTROL, SHIFT, assert_in_step, show
from tests.designer.canvas.three_cards import PLACES, three_cards
from tests.engine.networks import lenet5, wired


@pytest.fixture(autouse=True)
def _drawing(view) -> None:
    show(view, three_cards(), PLACES)


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


def test_ports_grow_under_the_pointer(view, document, hands):
    hands.move(hands.output("conv1"))
    assert view.canvas.nodes["conv1"].port == OUTPUT
    hands.move(hands.input("add", 1))
    assert view.canvas.nodes["conv1"].port is None
    assert view.canvas.nodes["add"].port == 1
    hands.move(hands.wire(Edge("conv1", "relu1")))
    assert view.canvas.edges[Edge("conv1", "relu1")].hovered


def test_a_card_in_front_is_hit_first(view, hands):
    document = show(view, wired(Graph().add(Node("a", ReLU())).add(Node("b", ReLU()))), {"a": (0, 0), "b": (50, 10)})
    hands.click(hands.screen(QPointF(60 + CARD_WIDTH / 4, CARD_HEIGHT / 2)))
    assert document.selection.nodes == ("b",)
    assert PITCH > CARD_HEIGHT
