"""Dots by keyboard and menu, and how they look."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt

from designer import theme
from designer.canvas.dots import Dot
from designer.canvas.menus import menu_at
from designer.document import Document
from tests.designer.canvas.bent import BESIDE, MIDDLE, PLACES, SIDE, WIRE, show_bent
from tests.designer.canvas.canvas_hands import CONTROL, SHIFT, assert_in_step, show


@pytest.fixture
def drawing(view) -> Document:
    return show_bent(view)


# By keyboard


def test_the_selected_wire_gets_a_dot_by_a_key_which_arrows_then_move(view, hands, drawing, spoken):
    drawing.selection.select(["image"])
    hands.key(Qt.Key.Key_W)
    hands.key(Qt.Key.Key_Period)
    assert drawing.network.dots[WIRE] == (MIDDLE,)
    assert spoken[-1] == (
        "Dot 1 of 1 on the wire from image to conv1, input 1. Ctrl and arrows move it, Delete removes it."
    )
    hands.key(Qt.Key.Key_Right, CONTROL)
    hands.key(Qt.Key.Key_Right, CONTROL)
    hands.key(Qt.Key.Key_Down, CONTROL | SHIFT)
    assert drawing.network.dots[WIRE] == ((MIDDLE[0] + 20, MIDDLE[1] + 1),)
    assert drawing.undo_stack.count() == 2  # added; moved
    hands.key(Qt.Key.Key_Delete)
    assert WIRE not in drawing.network.dots
    assert spoken[-1] == "Dot removed"
    assert_in_step(view)


def test_the_key_puts_further_dots_into_the_longest_part(view, hands, drawing):
    view.canvas.select_edge(SIDE)
    hands.key(Qt.Key.Key_Period)
    hands.key(Qt.Key.Key_Period)
    points = drawing.network.dots[SIDE]
    assert len(points) == 3
    assert BESIDE in points
    assert len(view.canvas.dots.selected) == 1
    assert_in_step(view)


def test_without_a_wire_the_key_says_what_to_do(view, hands, drawing, qtbot):
    with qtbot.waitSignal(view.told) as told:
        hands.key(Qt.Key.Key_Period)
    assert "Select a wire first" in told.args[0]
    assert drawing.undo_stack.count() == 0


def test_arrows_go_along_the_wire_from_dot_to_dot_to_the_card_at_its_end(view, hands, drawing, spoken):
    show(view, drawing.graph, PLACES, dots={SIDE: (BESIDE, (340.0, 440.0))})
    view.canvas.select_edge(SIDE)
    hands.key(Qt.Key.Key_Down)
    assert view.canvas.dots.only == Dot(SIDE, 0)
    assert spoken[-1].startswith("Dot 1 of 2 on the wire from conv1 to add, input 2")
    hands.key(Qt.Key.Key_Down)
    assert view.canvas.dots.only == Dot(SIDE, 1)
    hands.key(Qt.Key.Key_Up)
    assert view.canvas.dots.only == Dot(SIDE, 0)
    hands.key(Qt.Key.Key_Up)
    assert drawing.selection.nodes == ("conv1",)
    assert view.canvas.dots.selected == set()
    view.canvas.select_edge(SIDE)
    hands.key(Qt.Key.Key_Left)
    hands.key(Qt.Key.Key_Right)
    assert drawing.selection.nodes == ("add",)


def test_w_goes_on_from_a_wire_or_dot_that_was_selected_with_the_mouse(view, hands, drawing):
    hands.click(hands.dot(SIDE))
    hands.key(Qt.Key.Key_W)
    assert view.canvas.selected_edge == WIRE  # of conv1, which has three
    assert view.canvas.dots.selected == set()
    hands.click(hands.wire(WIRE))
    hands.key(Qt.Key.Key_W)
    assert view.canvas.selected_edge is not None


def test_a_selected_dot_is_framed(view, hands, drawing):
    hands.click(hands.dot(SIDE))
    view.pan(QPoint(300, 250))
    hands.key(Qt.Key.Key_F)
    middle = view.mapToScene(view.viewport().rect().center())
    assert abs(middle.x() - BESIDE[0]) < 2
    assert abs(middle.y() - BESIDE[1]) < 2


# Menus


def texts(menu) -> list[str]:
    return [action.text() for action in menu.actions() if action.text()]


def chosen(menu, text: str) -> None:
    next(action for action in menu.actions() if action.text() == text).trigger()


def test_the_menu_of_a_wire_puts_a_dot_where_it_was_opened(view, hands, drawing):
    at = hands.wire(WIRE)
    chosen(menu_at(view, QPointF(at)), "Add dot")
    assert drawing.network.dots[WIRE] == (pytest.approx(MIDDLE, abs=1),)
    assert "Remove all dots of the wire" not in texts(menu_at(view, QPointF(hands.screen(QPointF(135, 70)))))


def test_the_menu_of_a_dot_removes_it_or_all_of_its_wire(view, hands, drawing):
    document = show(view, drawing.graph, PLACES, dots={SIDE: (BESIDE, (340.0, 440.0), (340.0, 480.0))})
    view.zoom_reset()
    chosen(menu_at(view, QPointF(hands.dot(SIDE))), "Remove dot")
    assert len(document.network.dots[SIDE]) == 2
    chosen(menu_at(view, QPointF(hands.dot(SIDE))), "Remove all dots of the wire")
    assert document.network.dots == {}
    document.undo_stack.undo()
    view.canvas.dots.select(view.canvas.dots.items)
    assert texts(menu_at(view, QPointF(hands.dot(SIDE))))[0] == "Remove 2 dots"
    chosen(menu_at(view, QPointF(hands.dot(SIDE))), "Remove wire")
    assert SIDE not in document.graph.edges
    assert document.network.dots == {}


# How they look


@pytest.mark.parametrize("look", theme.THEMES.values(), ids=theme.THEMES)
def test_a_dot_has_the_colour_of_its_wire_unless_it_is_pointed_at_or_selected(view, hands, drawing, qapp, look):
    theme.apply(qapp, look)
    item = view.canvas.dots.items[Dot(SIDE, 0)]
    wire = view.canvas.edges[SIDE].pen().color()
    assert item.brush().color() == wire
    hands.click(hands.dot(SIDE))
    assert item.pen().color().name() == look.accent
    hands.key(Qt.Key.Key_Escape)
    hands.move(QPoint(9, 9), QPoint(3, 3))
    assert item.brush().color() == wire
    theme.apply(qapp, theme.LIGHT)


def test_from_afar_only_selected_dots_are_painted(view, hands, drawing):
    view.zoom_by(0.2 / view.zoom)
    before = view.viewport().grab().toImage()
    view.canvas.dots.select([Dot(SIDE, 0)])
    view.viewport().update()
    assert view.viewport().grab().toImage() != before
