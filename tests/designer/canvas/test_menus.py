"""What the right mouse button offers."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu

from designer.canvas.geometry import card_rect
from designer.canvas.menus import menu_at
from engine import GELU, LAYERS, Dense, Edge, Input
from tests.designer.canvas.canvas_hands import CONTROL, assert_in_step, show
from tests.engine.networks import chain, lenet5


def texts(menu: QMenu) -> list[str]:
    return [action.text() for action in menu.actions() if not action.isSeparator()]


def action(menu: QMenu, text: str) -> QAction:
    return next(one for one in menu.actions() if one.text() == text)


def menu_for(view, at: QPoint) -> QMenu:
    return menu_at(view, QPointF(at))


def test_a_card_can_be_deleted_reconnected_and_mended(view, hands):
    document = show(view, chain(image=Input(), dense=Dense()))
    menu = menu_for(view, hands.card("dense"))
    assert document.selection.nodes == ("dense",)
    assert texts(menu) == [
        "Fix: Insert Flatten",
        "Cut",
        "Copy",
        "Duplicate",
        "Replace with…",
        "Edit kernels",
        "Delete",
        "Delete and reconnect",
        "Group",
        "Frame",
    ]
    action(menu, "Fix: Insert Flatten").trigger()
    assert document.analysis.errors == ()
    assert_in_step(view)


def test_the_menu_of_a_card_acts_on_all_that_is_selected(view, hands):
    document = show(view, lenet5())
    document.selection.select(["relu1", "pool1"])
    action(menu_for(view, hands.card("relu1")), "Delete and reconnect").trigger()
    assert Edge("conv1", "conv2") in document.graph.edges
    document.selection.select(["relu2", "pool2"])
    action(menu_for(view, hands.card("conv1")), "Delete").trigger()
    assert "conv1" not in document.graph
    assert "relu2" in document.graph


def test_a_wire_can_be_removed(view, hands):
    document = show(view, lenet5())
    view.zoom_reset()
    edge = Edge("image", "conv1")
    action(menu_for(view, hands.wire(edge)), "Remove").trigger()
    assert edge not in document.graph.edges


def test_on_the_free_canvas_every_layer_can_be_added_where_the_pointer_is(view):
    document = show(view, lenet5())
    at = QPoint(60, 400)
    wanted = view.mapToScene(at)
    menu = menu_for(view, at)
    assert texts(menu) == ["Search layers…", "Add layer", "Paste", "Select all", "Fit", "Auto-layout"]
    families = action(menu, "Add layer").menu()
    layers = [one.text() for family in families.actions() for one in family.menu().actions()]
    assert sorted(layers) == sorted(layer.title for layer in LAYERS)
    convolution = next(one.menu() for one in families.actions() if one.text() == "Convolution")
    action(convolution, "Conv2D").trigger()
    assert card_rect(document.network.layout["conv3"]).contains(wanted)
    assert document.graph.incoming["conv3"] == {}


def test_layers_are_copied_and_pasted_by_menu(view, hands):
    document = show(view, lenet5())
    document.selection.select(["conv1", "relu1"])
    action(menu_for(view, hands.card("conv1")), "Copy").trigger()
    action(menu_for(view, QPoint(60, 400)), "Paste").trigger()
    assert document.undo_stack.undoText() == "Paste 2 layers"
    action(menu_for(view, hands.card("conv2")), "Duplicate").trigger()
    action(menu_for(view, hands.card("pool1")), "Cut").trigger()
    assert "pool1" not in document.graph
    assert document.undo_stack.count() == 3
    assert_in_step(view)


def test_one_layer_can_be_replaced_by_menu_and_several_can_not(view, hands):
    document = show(view, lenet5())
    document.selection.select(["conv1", "relu1"])
    assert not action(menu_for(view, hands.card("conv1")), "Replace with…").isEnabled()
    document.selection.select([])
    action(menu_for(view, hands.card("relu1")), "Replace with…").trigger()
    hands.type_into_popup("gelu", Qt.Key.Key_Return)
    assert document.graph.node("gelu1").layer == GELU()
    assert_in_step(view)


def test_a_layer_is_put_into_a_wire_by_menu(view, hands):
    document = show(view, lenet5())
    view.zoom_reset()
    action(menu_for(view, hands.wire(Edge("image", "conv1"))), "Insert layer…").trigger()
    hands.type_into_popup("relu", Qt.Key.Key_Return)
    assert {Edge("image", "relu5"), Edge("relu5", "conv1")} <= set(document.graph.edges)
    assert_in_step(view)


def test_a_paste_by_menu_comes_to_where_the_menu_was_opened(view, hands):
    document = show(view, lenet5())
    document.selection.select(["image"])
    hands.key(Qt.Key.Key_C, CONTROL)
    at = QPoint(view.viewport().width() - 150, 300)
    point = view.mapToScene(at)
    action(menu_for(view, at), "Paste").trigger()
    assert card_rect(document.network.layout["image1"]).adjusted(-40, -40, 40, 40).contains(point)


def test_layers_are_searched_by_menu(view, hands):
    document = show(view, lenet5())
    action(menu_for(view, QPoint(60, 400)), "Search layers…").trigger()
    hands.type_into_popup("conv", Qt.Key.Key_Return)
    assert document.graph.incoming["conv3"] == {}
    assert_in_step(view)


def test_the_canvas_itself_has_its_commands(view):
    document = show(view, lenet5())
    view.zoom_by(2)
    menu = menu_for(view, QPoint(5, 5))
    action(menu, "Fit").trigger()
    assert view.zoom < 1
    action(menu, "Select all").trigger()
    assert len(document.selection.nodes) == 14
    action(menu, "Auto-layout").trigger()
    assert document.undo_stack.count() == 1


@pytest.mark.parametrize("reason", [QContextMenuEvent.Reason.Mouse, QContextMenuEvent.Reason.Keyboard])
def test_the_menu_opens(view, hands, reason, qtbot):
    document = show(view, lenet5())
    document.selection.select(["conv1"])
    at = hands.card("conv1") if reason is QContextMenuEvent.Reason.Mouse else QPoint(2, 2)
    QApplication.sendEvent(view.viewport(), QContextMenuEvent(reason, at, view.viewport().mapToGlobal(at)))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert "Delete" in texts(menu)
    menu.close()
