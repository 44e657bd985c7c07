"""Several layers in the inspector: what they share, shown as mixed where it differs, edited for all in one step."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from designer.fields import MIXED
from designer.panels.inspector import Inspector
from designer.panels.several_page import names_text
from designer.panels.shared_form import shared_parameters
from engine import (
    LAYERS,
    AvgPool2D,
    BatchNorm2D,
    Conv2D,
    ConvTranspose2D,
    Dense,
    Dropout,
    Input,
    LayerNorm,
    MaxPool2D,
    Normalization,
    ReLU,
    Softmax,
)


@pytest.fixture
def document(chain):
    return chain(
        image=Input(channels=3, height=64, width=64),
        conv1=Conv2D(filters=8, kernel=(3, 5), padding="same"),
        relu1=ReLU(),
        conv2=Conv2D(filters=16, kernel=(3, 3), bias=False),
        pool1=MaxPool2D(),
        conv3=Conv2D(filters=16, kernel=(3, 3), padding=(1, 1, 2, 2)),
        dropout1=Dropout(),
    )


@pytest.fixture
def inspector(shown, document) -> Inspector:
    return shown(Inspector(document))


def select(inspector: Inspector, document, *nodes: str) -> dict:
    document.selection.select(nodes)
    return inspector.several_page.form.editors


def layers(document, *nodes: str) -> list:
    return [document.graph.node(node).layer for node in nodes]


def type_over(field, text: str) -> None:
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)


def test_the_title_counts_and_the_sums_are_of_the_selection(inspector, document):
    select(inspector, document, "conv1", "conv2", "conv3", "pool1")
    page = inspector.several_page
    assert page.count.text() == "4 layers selected"
    weights = sum(document.analysis.nodes[node].weights for node in ("conv1", "conv2", "conv3", "pool1"))
    assert page.figures.texts()["Weights"] == f"{weights:,}"


def test_fields_of_the_same_name_and_kind_are_shared(inspector, document):
    assert list(select(inspector, document, "conv1", "conv2")) == [
        *("filters", "kernel", "stride", "padding", "dilation", "groups", "bias")
    ]
    assert list(select(inspector, document, "conv1", "pool1")) == ["kernel", "stride", "padding", "dilation"]
    assert list(select(inspector, document, "conv1", "dropout1")) == []
    assert inspector.several_page._nothing.isVisible()


def test_what_differs_is_a_dash_and_what_does_not_is_shown(inspector, document):
    editors = select(inspector, document, "conv1", "conv2")
    assert editors["filters"].box.text() == MIXED
    assert [box.text() for box in editors["kernel"].boxes.boxes] == ["3", MIXED]
    assert editors["stride"].value() == (1, 1)
    assert editors["padding"].choice.currentIndex() == -1
    assert editors["bias"].box.mixed
    assert document.undo_stack.count() == 0


def test_one_number_typed_is_everyones_in_one_step(inspector, document):
    editors = select(inspector, document, "conv1", "conv2", "conv3")
    type_over(editors["filters"].box, "24")
    assert [layer.filters for layer in layers(document, "conv1", "conv2", "conv3")] == [24, 24, 24]
    assert document.undo_stack.count() == 1
    assert document.undo_stack.undoText() == "Change filters of 3 layers"
    document.undo_stack.undo()
    assert [layer.filters for layer in layers(document, "conv1", "conv2", "conv3")] == [8, 16, 16]
    assert editors["filters"].box.text() == MIXED
    assert inspector.several_page.form.editors is editors


@pytest.mark.parametrize("typed", ["8", "16"])
def test_the_number_of_one_of_them_counts_too(inspector, document, typed):
    editors = select(inspector, document, "conv1", "conv2")
    type_over(editors["filters"].box, typed)
    assert [layer.filters for layer in layers(document, "conv1", "conv2")] == [int(typed)] * 2
    assert editors["filters"].box.text() == typed


def test_text_that_is_no_number_leaves_the_dash(inspector, document):
    editors = select(inspector, document, "conv1", "conv2")
    box = editors["filters"].box
    box.setFocus()
    box.selectAll()
    QTest.keyClick(box, Qt.Key.Key_Delete)
    editors["stride"].boxes.boxes[0].setFocus()
    assert box.text() == MIXED
    assert document.undo_stack.count() == 0


def test_a_step_starts_from_the_first(inspector, document):
    editors = select(inspector, document, "conv1", "conv2")
    editors["filters"].box.setFocus()
    QTest.keyClick(editors["filters"].box, Qt.Key.Key_Up)
    assert [layer.filters for layer in layers(document, "conv1", "conv2")] == [9, 9]


def test_a_side_that_is_mixed_stays_each_layers_own(inspector, document):
    editors = select(inspector, document, "conv1", "conv2")
    assert not editors["kernel"].boxes.link.isChecked()
    type_over(editors["kernel"].boxes.boxes[0], "7")
    assert [layer.kernel for layer in layers(document, "conv1", "conv2")] == [(7, 5), (7, 3)]


def test_a_tick_that_is_mixed_becomes_yes_for_all(inspector, document):
    editors = select(inspector, document, "conv1", "conv2")
    QTest.mouseClick(editors["bias"].box, Qt.MouseButton.LeftButton)
    assert [layer.bias for layer in layers(document, "conv1", "conv2")] == [True, True]
    assert not editors["bias"].box.mixed


def test_a_padding_is_chosen_for_all(inspector, document):
    editors = select(inspector, document, "conv1", "conv2", "conv3")
    editors["padding"].choice.setFocus()
    QTest.keyClick(editors["padding"].choice, Qt.Key.Key_S)
    assert [layer.padding for layer in layers(document, "conv1", "conv2", "conv3")] == ["same"] * 3
    assert document.undo_stack.count() == 1


def test_custom_paddings_keep_their_own_sides(inspector, document):
    graph = document.graph.replace_layer("conv2", Conv2D(padding=(1, 1, 3, 3)))
    document.edit("Pad", graph)
    editors = select(inspector, document, "conv2", "conv3")
    assert [box.text() for box in editors["padding"].sides.boxes] == ["1", "1", MIXED, MIXED]
    type_over(editors["padding"].sides.boxes[0], "2")
    assert [layer.padding for layer in layers(document, "conv2", "conv3")] == [(2, 1, 3, 3), (2, 1, 2, 2)]


def test_lists_and_names_can_be_mixed(shown, chain):
    document = chain(image=Input(), one=Normalization(mean=(0.5,)), two=Normalization(mean=(0.1,)))
    inspector = shown(Inspector(document))
    editor = select(inspector, document, "one", "two")["mean"]
    assert editor.line.text() == ""
    assert editor.line.placeholderText() == MIXED
    type_over(editor.line, "0.2, 0.3")
    assert [layer.mean for layer in layers(document, "one", "two")] == [(0.2, 0.3)] * 2
    document = chain(image=Input(), one=Softmax(labels=("a",)), two=Softmax(labels=("b", "c")))
    inspector = shown(Inspector(document))
    editor = select(inspector, document, "one", "two")["labels"]
    assert editor.box.toPlainText() == ""
    QTest.keyClicks(editor.box, "x")
    assert [layer.labels for layer in layers(document, "one", "two")] == [("x",), ("x",)]


def test_numbers_with_decimals_can_be_mixed(shown, chain):
    document = chain(image=Input(), one=BatchNorm2D(epsilon=1e-3), two=LayerNorm(epsilon=1e-6))
    inspector = shown(Inspector(document))
    editor = select(inspector, document, "one", "two")["epsilon"]
    assert editor.box.text() == MIXED
    type_over(editor.box, "1e-4")
    assert [layer.epsilon for layer in layers(document, "one", "two")] == [1e-4, 1e-4]


def test_help_follows_the_focus_here_too(qtbot, inspector, document):
    editors = select(inspector, document, "conv1", "conv2")
    editors["filters"].box.setFocus()
    qtbot.waitUntil(lambda: inspector.help_text().startswith("Filters:"))
    inspector.edit()
    assert editors["filters"].box.hasFocus()


def test_a_mistake_of_one_frames_the_field(inspector, document):
    document.edit("Large", document.graph.replace_layer("conv3", Conv2D(kernel=(99, 99))))
    editors = select(inspector, document, "conv1", "conv3")
    assert editors["kernel"].boxes.boxes[0].property("finding") == "error"
    assert editors["stride"].boxes.boxes[0].property("finding") == ""


def test_bounds_are_those_that_all_allow():
    (epsilon,) = [one for one in shared_parameters([BatchNorm2D, LayerNorm]) if one.name == "epsilon"]
    assert epsilon.minimum == max(one.minimum for one in (parameter_of(BatchNorm2D), parameter_of(LayerNorm)))
    names = [one.name for one in shared_parameters([AvgPool2D, MaxPool2D])]
    assert names == ["kernel", "stride", "padding", "ceil_mode", "dilation"]
    assert shared_parameters([Conv2D, Dense])[0].name == "bias"
    assert "filters" in [one.name for one in shared_parameters([ConvTranspose2D, Conv2D])]


def parameter_of(layer):
    return next(one for one in shared_parameters([layer]) if one.name == "epsilon")


@pytest.mark.parametrize("one", LAYERS, ids=lambda layer: layer.__name__)
@pytest.mark.parametrize("other", [Conv2D, MaxPool2D, Dense, Input], ids=lambda layer: layer.__name__)
def test_a_form_can_be_made_for_any_two(shown, chain, one, other):
    document = chain(first=one(), second=other())
    inspector = shown(Inspector(document))
    document.selection.select(("first", "second"))
    assert inspector.several_page.isVisible()
    assert document.undo_stack.count() == 0


def test_few_are_named_and_many_are_counted(document):
    nodes = document.graph.nodes
    assert names_text(nodes[:3]) == "image, conv1, relu1"
    assert names_text(nodes) == "3 Conv2D, 1 Input, 1 ReLU, 1 MaxPool2D, 1 Dropout"
