"""Making and dissolving groups, by mouse and keyboard, and having them found."""

import time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from designer.canvas import CanvasView
from designer.canvas.menus import menu_at
from designer.canvas.visible import card_id
from engine import Graph, Input, Network, Node, ReLU, load
from tests.designer.canvas.canvas_hands import (
    CONTROL,
    SHIFT,
    assert_in_step,
    show,
)
from tests.designer.canvas.group_hands import CARD, FOLDED, UNIT, editor, select
from tests.engine.networks import chain, lenet5
from tests.engine.test_repeats import blocks

# Grouping


def test_ctrl_g_groups_the_selection_and_asks_for_a_name(view, hands, document):
    show(view, lenet5())
    select(hands, "conv1", "relu1")
    hands.key(Qt.Key.Key_G, CONTROL)
    (group,) = document.network.groups
    assert (group.name, group.nodes, group.collapsed) == ("Conv2D + ReLU", ("conv1", "relu1"), False)
    assert document.undo_stack.count() == 1
    assert_in_step(view)
    line = editor(view)
    assert line is not None
    assert line.hasFocus()
    assert line.selectedText() == "Conv2D + ReLU"
    QTest.keyClicks(line, "Edges")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert document.network.groups[0].name == "Edges"
    assert editor(view) is None
    assert view.hasFocus()
    document.undo_stack.undo()
    document.undo_stack.undo()
    assert document.network.groups == ()
    assert_in_step(view)


def test_escape_keeps_the_proposed_name(view, hands, document):
    show(view, lenet5())
    select(hands, "conv1", "relu1")
    hands.key(Qt.Key.Key_G, CONTROL)
    line = editor(view)
    QTest.keyClicks(line, "Wrong")
    QTest.keyClick(line, Qt.Key.Key_Escape)
    assert document.network.groups[0].name == "Conv2D + ReLU"
    assert editor(view) is None
    assert view.hasFocus()


def test_a_click_elsewhere_keeps_the_typed_name(view, hands, document):
    show(view, lenet5())
    select(hands, "conv1", "relu1")
    hands.key(Qt.Key.Key_G, CONTROL)
    QTest.keyClicks(editor(view), "Edges")
    view.setFocus()
    assert document.network.groups[0].name == "Edges"


def test_the_editor_goes_when_what_it_names_goes(view, hands, document):
    show(view, lenet5())
    select(hands, "conv1", "relu1")
    hands.key(Qt.Key.Key_G, CONTROL)
    document.undo_stack.undo()
    assert editor(view) is None
    assert document.network.groups == ()
    assert not document.undo_stack.canUndo()


def test_a_new_frame_touches_no_other_card(view, hands, document):
    show(view, lenet5())
    select(hands, "conv2", "relu2")
    hands.key(Qt.Key.Key_G, CONTROL)
    frame = next(iter(view.canvas.frames.values())).rect()
    inside = {node for node, item in view.canvas.nodes.items() if frame.intersects(item.sceneBoundingRect())}
    assert {"conv2", "relu2"} <= inside
    assert all(frame.contains(item.pos()) == (node in ("conv2", "relu2")) for node, item in view.canvas.nodes.items())


@pytest.mark.parametrize(
    ("selected", "told"),
    [((), "Select the layers to group first."), (("conv1", "relu1", "pool1"), "These layers are a group already.")],
)
def test_what_can_not_be_grouped_is_said(view, hands, document, qtbot, selected: tuple[str, ...], told: str):
    show(view, lenet5(), groups=UNIT)
    document.selection.select(selected)
    with qtbot.waitSignal(view.groups.told) as heard:
        hands.key(Qt.Key.Key_G, CONTROL)
    assert heard.args == [told]
    assert document.network.groups == UNIT


def test_ctrl_shift_g_dissolves_the_selected_group(view, hands, document):
    show(view, lenet5(), groups=UNIT)
    hands.click(hands.title("g"))
    hands.key(Qt.Key.Key_G, CONTROL | SHIFT)
    assert document.network.groups == ()
    assert_in_step(view)
    document.undo_stack.undo()
    assert document.network.groups == UNIT
    assert_in_step(view)


def test_with_one_layer_selected_the_group_around_it_is_dissolved(view, hands, document):
    show(view, lenet5(), groups=UNIT)
    select(hands, "relu1")
    hands.key(Qt.Key.Key_G, CONTROL | SHIFT)
    assert document.network.groups == ()
    hands.key(Qt.Key.Key_G, CONTROL | SHIFT)
    assert document.undo_stack.count() == 1


# Menus


def test_the_menus_of_a_card_and_of_a_frame_offer_what_can_be_done(view, hands, document):
    show(view, lenet5(), groups=FOLDED)
    menu = menu_at(view, hands.card(CARD).toPointF())
    texts = [action.text() for action in menu.actions()]
    assert {"Expand", "Rename group", "Group", "Ungroup"} <= set(texts)
    menu.actions()[texts.index("Expand")].trigger()
    assert document.network.groups == UNIT
    menu = menu_at(view, hands.title("g").toPointF())
    texts = [action.text() for action in menu.actions()]
    assert {"Collapse", "Rename group", "Ungroup"} <= set(texts)
    menu.actions()[texts.index("Rename group")].trigger()
    QTest.keyClicks(editor(view), "New")
    QTest.keyClick(editor(view), Qt.Key.Key_Return)
    assert document.network.groups[0].name == "New"


def test_repeats_are_renamed_together(view, hands, document):
    graph, groups = blocks(3)
    show(view, graph, groups=groups)
    view.groups.rename("block0")
    QTest.keyClicks(editor(view), "Unit")
    QTest.keyClick(editor(view), Qt.Key.Key_Return)
    assert {group.name for group in document.network.groups} == {"Unit"}
    assert view.canvas.nodes[card_id("block0")].card.label == "Unit"


# Automatic groups


def test_groups_are_found_in_one_step(view, document, qtbot, resources):
    network = load(resources / "examples" / "resnet50.json")
    show(view, network.graph)
    view.groups.group_automatically()
    assert document.network.groups == network.groups
    assert len(view.canvas.nodes) == 10
    assert_in_step(view)
    with qtbot.waitSignal(view.groups.told):
        view.groups.group_automatically()
    document.undo_stack.undo()
    assert_in_step(view)
    assert len(view.canvas.nodes) == len(network.graph.nodes)
    assert not document.undo_stack.canUndo()


def test_where_nothing_is_found_that_is_said(view, document, qtbot):
    show(view, chain(image=Input(), relu=ReLU()))
    with qtbot.waitSignal(view.groups.told) as heard:
        view.groups.group_automatically()
    assert "nothing to group" in heard.args[0]


def test_the_deepest_example_opens_readably_within_a_second(view, document, resources):
    start = time.process_time()
    document.load(load(resources / "examples" / "resnet152.json"))
    view.viewport().repaint()
    assert time.process_time() - start < 1.0
    assert len(view.canvas.nodes) == 10
    assert view.zoom == 1.0
    assert_in_step(view)


def test_all_layers_of_the_deepest_example_are_shown_within_a_second(view, document, resources):
    network = load(resources / "examples" / "resnet152.json")
    document.load(network)
    start = time.process_time()
    view.groups.collapse_all(False)
    view.viewport().repaint()
    assert time.process_time() - start < 1.0
    assert len(view.canvas.nodes) == 517
    assert overlapping_fast(view) == 0
    flat = Network(graph=network.graph)
    document.load(flat)
    QApplication.processEvents()
    assert set(view.canvas.nodes) == set(network.graph.by_id)


def overlapping_fast(view: CanvasView) -> int:
    """Count the cards that touch another, by what the scene finds near each."""
    return sum(len(list(view.canvas.taken.touching(place))) - 1 for place in view.canvas.places.values())


def test_an_empty_group_list_is_no_burden(view):
    graph = Graph().add(Node("a", Input()))
    show(view, graph)
    assert view.canvas.graph is graph
