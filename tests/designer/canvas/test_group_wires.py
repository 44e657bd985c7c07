"""Wires to and from the cards of collapsed groups."""

import pytest
from PySide6.QtCore import QPoint, Qt

from designer.canvas import CanvasView
from designer.canvas.visible import card_id
from designer.canvas.wiring import CYCLE, FULL, SEVERAL_ENDS, SEVERAL_OUTPUTS
from engine import Add, Concat, Edge, Group, Input, Node, ReLU
from tests.designer.canvas.canvas_hands import (
    Hands,
    assert_in_step,
    show,
)
from tests.designer.canvas.group_hands import CARD, FOLDED
from tests.engine.networks import chain, lenet5, wired
from tests.engine.test_repeats import blocks


def test_a_wire_dropped_on_a_card_goes_to_its_only_free_input(view, hands, document):
    graph = lenet5().disconnect(Edge("image", "conv1"))
    show(view, graph, groups=FOLDED)
    hands.drag(hands.output("image"), hands.card(CARD))
    assert Edge("image", "conv1") in document.graph.edges
    assert_in_step(view)


def test_a_wire_from_a_card_comes_from_its_only_output(view, hands, document):
    graph = lenet5().disconnect(Edge("pool1", "conv2"))
    show(view, graph, groups=FOLDED)
    hands.drag(hands.output(CARD), hands.card("conv2"))
    assert Edge("pool1", "conv2") in document.graph.edges
    assert_in_step(view)


def test_a_wire_drawn_from_an_input_finds_a_cards_output(view, hands, document):
    graph = lenet5().disconnect(Edge("pool1", "conv2"))
    show(view, graph, groups=FOLDED)
    hands.drag(hands.input("conv2"), hands.card(CARD))
    assert Edge("pool1", "conv2") in document.graph.edges


def test_a_wire_replaces_the_one_that_a_whole_block_is_fed_by(view, hands, document):
    graph, groups = blocks(1)
    graph = graph.add(Node("other", Input(channels=8)))
    show(view, graph, groups=groups)
    hands.press(hands.output("other"))
    hands.move(hands.output("other") + QPoint(20, 20), hands.card(card_id("block0")))
    assert view.gesture.label == "Replaces the wire from image"
    hands.release(hands.card(card_id("block0")))
    assert {Edge("other", "conv0"), Edge("other", "add0", 1)} <= set(document.graph.edges)
    assert document.undo_stack.count() == 1
    assert_in_step(view)


def test_a_wire_into_a_block_is_taken_off_as_one(view, hands, document):
    graph, groups = blocks(1)
    show(view, graph, groups=groups)
    start = hands.input(card_id("block0"))
    hands.drag(start, start - QPoint(250, 0))
    assert document.graph.edges == (Edge("conv0", "add0"),)
    assert document.undo_stack.count() == 1
    assert_in_step(view)


def drawn_label(view: CanvasView, hands: Hands, source: QPoint, target: QPoint) -> str:
    """Draw a wire over a card, and take it back; return what was said."""
    hands.press(source)
    hands.move(source + QPoint(15, 15), target)
    label = view.gesture.label
    hands.key(Qt.Key.Key_Escape)
    hands.release(target)
    return label


@pytest.mark.parametrize(
    ("inside", "reason"),
    [
        (("two", "three"), SEVERAL_ENDS),  # two free inputs
        (("start",), FULL),  # an Input
        (("image", "relu"), FULL),
        (("join",), SEVERAL_ENDS),  # fed by two
    ],
)
def test_a_wire_that_a_card_can_not_take_says_why(view, hands, document, inside: tuple[str, ...], reason: str):
    graph = chain(image=Input(), relu=ReLU(), join=Concat())
    for name, layer in (("two", ReLU()), ("three", ReLU()), ("start", Input()), ("source", Input())):
        graph = graph.add(Node(name, layer))
    graph = wired(graph, ("start", "join", 1))
    show(view, graph, groups=(Group("g", "Group", inside, collapsed=True),))
    assert drawn_label(view, hands, hands.output("source"), hands.card(CARD)) == reason
    assert document.graph == graph
    assert_in_step(view)


def test_a_wire_into_a_card_that_closes_a_cycle_is_refused(view, hands, document):
    show(view, lenet5(), groups=FOLDED)
    assert drawn_label(view, hands, hands.output("conv2"), hands.card(CARD)) == CYCLE


def test_a_card_with_several_outputs_gives_no_wire(view, hands, document):
    graph = wired(lenet5().add(Node("add", Add())), ("conv1", "add"))
    show(view, graph, groups=FOLDED)
    assert drawn_label(view, hands, hands.output(CARD), hands.card("softmax")) == SEVERAL_OUTPUTS
    assert drawn_label(view, hands, hands.input("add", 1), hands.card(CARD)) == SEVERAL_OUTPUTS


def test_a_wire_of_a_card_is_selected_and_deleted(view, hands, document):
    show(view, lenet5(), groups=FOLDED)
    hands.click(hands.wire(Edge(CARD, "conv2")))
    hands.key(Qt.Key.Key_Delete)
    assert Edge("pool1", "conv2") not in document.graph.edges
    assert document.undo_stack.undoText() == "Disconnect First from conv2"
    assert_in_step(view)
