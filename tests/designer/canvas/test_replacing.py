"""Another layer in the place of one."""

import pytest
from PySide6.QtCore import Qt

from designer.canvas.replacing import replaced, successor
from engine import (
    GELU,
    Add,
    AvgPool2D,
    Concat,
    Conv2D,
    Edge,
    Graph,
    Input,
    MaxPool2D,
    Node,
    ReLU,
    SeparableConv2D,
    analyse,
)
from tests.designer.canvas.canvas_hands import SHIFT, assert_in_step, show
from tests.engine.networks import chain, lenet5, wired


def test_wires_stay_and_a_generated_id_tells_the_new_type():
    graph, node = replaced(lenet5(), "conv2", MaxPool2D())
    assert node == "pool3"
    assert {Edge("pool1", "pool3"), Edge("pool3", "relu2")} <= set(graph.edges)
    assert "conv2" not in graph
    assert [one.id for one in graph.nodes].index("pool3") == 4


def test_an_id_that_was_given_stays_and_so_does_a_name():
    graph = chain(image=Input(), stem=Conv2D()).rename("stem", "Stem")
    graph, node = replaced(graph, "stem", MaxPool2D())
    assert node == "stem"
    assert graph.node("stem") == Node("stem", MaxPool2D(), "Stem")


def test_wires_to_ports_that_the_new_layer_lacks_go():
    graph = wired(chain(image=Input(), relu1=ReLU()).add(Node("add1", Add())), ("image", "add1"), ("relu1", "add1", 1))
    graph, node = replaced(graph, "add1", ReLU())
    assert graph.incoming[node] == {0: Edge("image", node)}
    assert replaced(graph, node, Input())[0].incoming["image1"] == {}


def test_shared_hyper_parameters_stay_and_what_would_not_fit_is_fitted():
    graph = chain(image=Input(), conv1=Conv2D(filters=12, kernel=(5, 5), padding="same"))
    assert successor(analyse(graph), "conv1", SeparableConv2D()) == SeparableConv2D(
        filters=12, kernel=(5, 5), padding="same"
    )
    small = chain(image=Input(height=4, width=4), conv1=Conv2D(kernel=(3, 3)), relu1=ReLU())
    assert successor(analyse(small), "relu1", Conv2D()).kernel == (2, 2)


def test_the_popup_replaces_the_selected_layer_as_one_step(view, hands):
    document = show(view, lenet5())
    document.selection.select(["pool1"])
    place = view.canvas.places["pool1"]
    view.quick_add.ask_instead()
    popup = view.quick_add.popup
    assert "MaxPool2D" not in [offer.entry.title for offer in popup.shown]
    assert "Conv + ReLU" not in [offer.entry.title for offer in popup.shown]
    assert not view.viewport().grab().isNull()
    hands.type_into_popup("flatten")
    assert "Then conv2: Needs a volume, gets a vector" in popup.told
    popup.field.clear()
    hands.type_into_popup("avg", Qt.Key.Key_Return)
    assert document.graph.node("pool1").layer == AvgPool2D()
    assert document.network.layout["pool1"] == place
    assert document.undo_stack.undoText() == "Replace pool1 with AvgPool2D"
    assert document.undo_stack.count() == 1
    assert document.selection.nodes == ("pool1",)
    document.undo_stack.undo()
    assert document.graph == lenet5()
    assert_in_step(view)


def test_without_a_single_selected_layer_nothing_is_asked(view):
    document = show(view, lenet5())
    view.quick_add.ask_instead()
    document.selection.select(["conv1", "relu1"])
    view.quick_add.ask_instead()
    assert view.quick_add.popup is None


def test_layers_with_too_few_inputs_say_so(view, hands):
    graph = wired(chain(image=Input(), relu1=ReLU()).add(Node("add1", Add())), ("image", "add1"), ("relu1", "add1", 1))
    document = show(view, graph)
    document.selection.select(["add1"])
    view.quick_add.ask_instead()
    offers = {offer.entry.title: offer for offer in view.quick_add.popup.shown}
    assert offers["ReLU"].reason == "Takes 1 input, not 2"
    assert offers["Concat"].result == "32×32×2"
    hands.type_into_popup("concat", Qt.Key.Key_Return)
    assert document.graph.node("concat1").layer == Concat()
    assert len(document.graph.incoming["concat1"]) == 2
    assert_in_step(view)


# Dropping with Shift


@pytest.mark.parametrize(("node", "wanted"), [("relu1", "gelu1"), ("relu4", "gelu1")])
def test_a_layer_dropped_on_a_card_with_shift_takes_its_place(view, hands, node, wanted):
    document = show(view, lenet5())
    place = view.canvas.places[node]
    hands.drag_in(("GELU",), hands.card(node), SHIFT)
    assert not view.viewport().grab().isNull()
    hands.drop(("GELU",), hands.card(node), SHIFT)
    assert document.graph.node(wanted).layer == GELU()
    assert document.network.layout[wanted] == place
    assert node not in document.network.layout
    assert document.undo_stack.count() == 1
    assert_in_step(view)


def test_over_a_card_a_hint_tells_of_shift(view, hands):
    show(view, lenet5())
    hands.drag_in(("GELU",), hands.card("relu1"))
    assert view._drops._label == "Shift: replace relu1"
    hands.drag_in(("GELU",), hands.card("relu1"), SHIFT)
    assert view._drops._label == ""
    hands.drag_in(("Conv2D", "ReLU"), hands.card("relu1"))
    assert view._drops._label == ""
    hands.drag_out()
    assert_in_step(view)


def test_two_layers_or_none_under_the_pointer_replace_nothing(view, hands):
    document = show(view, Graph().add(Node("relu1", ReLU())), {"relu1": (0.0, 0.0)})
    hands.drop(("Conv2D", "ReLU"), hands.card("relu1"), SHIFT)
    assert "relu1" in document.graph
    assert len(document.graph.nodes) == 3
