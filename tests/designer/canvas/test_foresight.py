"""Shapes and mistakes before an edit is made."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt

from designer.canvas import foresight
from designer.canvas.card import UNKNOWN
from engine import Add, Conv2D, Dense, Edge, Flatten, Input, MaxPool2D, Node, ReLU, analyse
from tests.designer.canvas.canvas_hands import SHIFT, assert_in_step, show
from tests.engine.networks import chain, lenet5


@pytest.fixture
def analyses(monkeypatch) -> list[object]:
    """Count the analyses that are made."""
    made: list[object] = []

    def counted(graph, previous=None):
        made.append(graph)
        return analyse(graph, previous)

    monkeypatch.setattr(foresight, "analyse", counted)
    return made


def shapes(view) -> dict[str, str]:
    return {node: item.card.shape for node, item in view.canvas.nodes.items()}


def test_while_a_wire_hovers_a_port_cards_show_what_it_would_bring(view, hands):
    document = show(view, lenet5())
    before, cards = shapes(view), {node: item.card for node, item in view.canvas.nodes.items()}
    start = hands.output("conv1")
    hands.press(start)
    hands.move(start + QPoint(40, 10), hands.card("conv2"))
    assert view.canvas.nodes["conv2"].card.shape == "24×24×16"
    assert view.canvas.nodes["flatten"].card.shape == "2304"
    foreseen = {node for node, item in view.canvas.nodes.items() if item.card.foreseen}
    assert foreseen == {"conv2", "relu2", "pool2", "flatten"}
    assert not view.viewport().grab().isNull()
    assert document.graph == lenet5()
    hands.move(hands.screen(QPointF(-200, 0)))
    assert shapes(view) == before
    hands.move(hands.card("conv2"))
    hands.key(Qt.Key.Key_Escape)
    hands.release(hands.card("conv2"))
    assert {node: item.card for node, item in view.canvas.nodes.items()} == cards
    assert document.undo_stack.count() == 0
    assert_in_step(view)


def test_what_was_foreseen_comes_true(view, hands):
    document = show(view, lenet5())
    start = hands.output("conv1")
    hands.press(start)
    hands.move(start + QPoint(40, 10), hands.card("conv2"))
    foreseen = shapes(view)
    hands.release(hands.card("conv2"))
    assert shapes(view) == foreseen
    assert document.undo_stack.count() == 1
    assert_in_step(view)


def test_a_wire_that_would_bring_a_mistake_says_which_and_where(view, hands):
    show(view, lenet5())
    start = hands.output("flatten")
    view.canvas.document.edit("Cut", view.canvas.graph.disconnect(Edge("pool2", "flatten")))
    view.canvas.document.edit("Feed", view.canvas.graph.connect("image", "flatten"))
    hands.press(start)
    hands.move(start + QPoint(40, 10), hands.input("conv2"))
    card = view.canvas.nodes["conv2"].card
    assert card.message == "Needs a volume, gets a vector"
    assert card.inputs[0].error
    assert view.canvas.nodes["relu2"].card.shape == UNKNOWN
    assert view.canvas.nodes["dense3"].card.message == ""
    hands.key(Qt.Key.Key_Escape)
    hands.release(start)
    assert_in_step(view)


def test_a_wire_that_mends_something_shows_that(view, hands):
    graph = chain(image=Input(), conv1=Conv2D()).add(Node("dense", Dense())).add(Node("flatten", Flatten()))
    show(view, graph.connect("conv1", "flatten"))
    assert view.canvas.nodes["dense"].card.wrong
    start = hands.output("flatten")
    hands.press(start)
    hands.move(start + QPoint(40, 10), hands.input("dense"))
    card = view.canvas.nodes["dense"].card
    assert not card.wrong
    assert card.counts
    hands.key(Qt.Key.Key_Escape)
    hands.release(start)
    assert view.canvas.nodes["dense"].card.wrong
    assert_in_step(view)


def test_from_an_input_it_is_foreseen_too(view, hands):
    graph = chain(image=Input(), conv1=Conv2D(), relu1=ReLU()).add(Node("add", Add()))
    show(view, graph.connect("relu1", "add"), {"image": (0, 0), "conv1": (0, 100), "relu1": (0, 200), "add": (0, 300)})
    start = hands.input("add", 1)
    hands.press(start)
    hands.move(start + QPoint(80, -10), hands.card("image"))
    assert view.canvas.nodes["add"].card.message == "Inputs differ in shape"
    hands.move(hands.card("conv1"))
    assert view.canvas.nodes["add"].card.shape == view.canvas.nodes["conv1"].card.shape
    hands.release(hands.card("conv1"))
    assert_in_step(view)


def test_one_analysis_is_made_for_each_target_however_often_the_pointer_moves(view, hands, analyses):
    show(view, lenet5())
    start, end = hands.output("conv1"), hands.card("conv2")
    hands.press(start)
    hands.move(start + QPoint(40, 10), end, *(end + QPoint(step, 0) for step in range(1, 12)))
    assert len(analyses) == 1
    hands.move(hands.card("dense1"), hands.card("dense1") + QPoint(3, 0))
    assert len(analyses) == 2
    hands.key(Qt.Key.Key_Escape)
    hands.release(end)
    edge = hands.wire(Edge("conv1", "relu1"))
    for step in range(6):
        hands.drag_in(("ReLU",), edge + QPoint(step, 0)) if step == 0 else hands.drag_on(edge + QPoint(step, 0))
    assert len(analyses) == 3
    hands.drag_out()
    assert_in_step(view)


def test_a_layer_over_a_wire_shows_what_follows_from_it(view, hands):
    document = show(view, lenet5())
    edge = Edge("conv1", "relu1")
    hands.drag_in(("MaxPool2D",), hands.wire(edge))
    assert view.canvas.nodes["relu1"].card.shape == "14×14×6"
    assert view.canvas.nodes["conv2"].card.shape == "3×3×16"
    ((ghost, _),) = view._drops._ghosts
    assert (ghost.shape, ghost.foreseen) == ("14×14×6", True)
    assert not view.viewport().grab().isNull()
    hands.drag_in(("Flatten",), hands.wire(edge))
    assert view.canvas.nodes["pool1"].card.message == "Needs a volume, gets a vector"
    hands.drag_out()
    assert not any(item.card.foreseen for item in view.canvas.nodes.values())
    assert document.undo_stack.count() == 0
    assert_in_step(view)


def test_a_layer_over_a_card_with_shift_shows_what_follows_from_it(view, hands):
    show(view, lenet5())
    hands.drag_in(("Flatten",), hands.card("pool1"), SHIFT)
    assert view.canvas.nodes["conv2"].card.message == "Needs a volume, gets a vector"
    hands.drag_out()
    assert_in_step(view)


def test_an_edit_in_between_ends_the_preview(view, hands):
    document = show(view, lenet5())
    hands.drag_in(("MaxPool2D",), hands.wire(Edge("conv1", "relu1")))
    document.edit("Other", document.graph.replace_layer("pool2", MaxPool2D(kernel=(3, 3))))
    assert_in_step(view)
    hands.drag_out()
    assert_in_step(view)


def test_an_overview_from_afar_shows_mistakes_that_would_come(view, hands):
    show(view, chain(image=Input(), **{f"r{number}": ReLU() for number in range(80)}, pool=MaxPool2D()))
    assert view.zoom < 0.3
    hands.drag_in(("Flatten",), hands.card("r5"), SHIFT)
    assert view.canvas.nodes["pool"].card.wrong
    assert not view.viewport().grab().isNull()
    hands.drag_out()
    assert_in_step(view)
