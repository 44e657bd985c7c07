"""Leading wires by hand: dots put on, dragged, selected, walked to and removed, by mouse and keyboard."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from designer import theme
from designer.canvas.dot_item import RADIUS
from designer.canvas.dots import Dot
from designer.canvas.geometry import CARD_HEIGHT, CARD_WIDTH
from designer.canvas.hits import hit
from designer.canvas.menus import menu_at
from designer.canvas.tooltips import tooltip_at
from engine import Add, Conv2D, Edge, Input, Node, ReLU
from engine.groups import Group
from tests.designer.canvas.canvas_hands import ALT, CONTROL, NONE, SHIFT, assert_in_step, show
from tests.engine.networks import chain, wired

WIRE, SIDE = Edge("image", "conv1"), Edge("conv1", "add", 1)
PLACES = {"image": (0.0, 0.0), "conv1": (0.0, 200.0), "relu1": (0.0, 300.0), "add": (0.0, 500.0)}
BESIDE = (340.0, 400.0)
MIDDLE = (CARD_WIDTH / 2, (CARD_HEIGHT + 200) / 2)


@pytest.fixture
def drawing(view):
    graph = wired(
        chain(image=Input(), conv1=Conv2D(), relu1=ReLU()).add(Node("add", Add())),
        ("relu1", "add"),
        ("conv1", "add", 1),
    )
    document = show(view, graph, PLACES, dots={SIDE: (BESIDE,)})
    view.zoom_reset()
    view.centerOn(150, 280)
    return document


# Putting one on


def test_a_double_click_on_a_wire_puts_a_dot_there_as_one_step(view, hands, drawing):
    hands.double_click(hands.wire(WIRE))
    assert set(drawing.network.dots) == {SIDE, WIRE}
    assert drawing.network.dots[WIRE] == (pytest.approx(MIDDLE, abs=1),)
    assert drawing.undo_stack.count() == 1
    assert drawing.undo_stack.undoText() == "Add dot"
    assert view.canvas.dots.selected == {Dot(WIRE, 0)}
    assert view.canvas.selected_edge is None
    assert view.quick_add.popup is None
    assert_in_step(view)
    drawing.undo_stack.undo()
    assert drawing.network.dots == {SIDE: (BESIDE,)}
    assert view.canvas.dots.selected == set()
    assert_in_step(view)
    drawing.undo_stack.redo()
    assert_in_step(view)


def test_a_dot_on_a_straight_wire_stays_and_leaves_it_straight(view, hands, drawing):
    hands.double_click(hands.wire(WIRE))
    path = view.canvas.edges[WIRE].path()
    assert {round(path.pointAtPercent(part / 50).x(), 6) for part in range(51)} == {MIDDLE[0]}


def test_the_second_press_of_a_double_click_drags_the_new_dot(view, hands, drawing):
    at = hands.wire(WIRE)
    hands.click(at)
    QTest.mouseDClick(hands.canvas, Qt.MouseButton.LeftButton, NONE, at)
    hands.move(at + QPoint(60, 0), at + QPoint(120, 20))
    hands.release(at + QPoint(120, 20))
    (point,) = drawing.network.dots[WIRE]
    assert point[0] > MIDDLE[0] + 100
    assert drawing.undo_stack.count() == 2


def test_dots_come_between_those_that_are_there(view, hands, drawing):
    for fraction in (0.9, 0.1, 0.5):
        path = view.canvas.edges[SIDE].path()
        hands.double_click(hands.screen(path.pointAtPercent(fraction)))
    points = drawing.network.dots[SIDE]
    assert len(points) == 4
    assert BESIDE in points
    assert [y for _, y in points] == sorted(y for _, y in points)
    assert_in_step(view)


def test_a_double_click_beside_all_still_asks_for_a_layer(view, hands, drawing):
    hands.double_click(hands.screen(QPointF(-80, 400)))
    assert view.quick_add.popup is not None
    view.quick_add.cancel()
    assert drawing.undo_stack.count() == 0


def test_a_double_click_on_a_dot_changes_nothing(view, hands, drawing):
    hands.double_click(hands.dot(SIDE))
    assert drawing.undo_stack.count() == 0
    assert view.quick_add.popup is None
    assert view.canvas.dots.selected == {Dot(SIDE, 0)}


def test_a_wire_of_a_collapsed_group_takes_dots_for_the_wire_that_it_stands_for(view, hands, drawing):
    group = Group("g", "G", ("relu1", "add"), collapsed=True)
    document = show(view, drawing.graph, PLACES, (group,))
    (wire,) = (edge for edge in view.canvas.edges if edge.source == "conv1")
    hands.double_click(hands.wire(wire))
    assert list(document.network.dots) == [Edge("conv1", "relu1")]
    assert view.canvas.dots.items[Dot(Edge("conv1", "relu1"), 0)].wire == wire
    assert_in_step(view)
    view.groups.collapse_all(False)
    assert list(document.network.dots) == [Edge("conv1", "relu1")]
    assert_in_step(view)


# Dragging


def test_a_dragged_dot_leads_its_wire_live_and_is_one_step(view, hands, drawing):
    start = hands.dot(SIDE)
    hands.press(start)
    hands.move(start + QPoint(20, 10), start + QPoint(103, 42))
    assert drawing.network.dots == {SIDE: (BESIDE,)}
    assert view.canvas.edges[SIDE].route.dots == ((440.0, 440.0),)  # on the grid
    assert not view.viewport().grab().isNull()
    hands.release(start + QPoint(103, 42))
    assert drawing.network.dots == {SIDE: ((440.0, 440.0),)}
    assert drawing.undo_stack.count() == 1
    assert drawing.undo_stack.undoText() == "Move dot"
    assert drawing.network.layout == PLACES
    drawing.undo_stack.undo()
    assert_in_step(view)


def test_escape_puts_a_dot_back(view, hands, drawing):
    start = hands.dot(SIDE)
    hands.press(start)
    hands.move(start + QPoint(100, 40))
    hands.key(Qt.Key.Key_Escape)
    hands.release(start + QPoint(100, 40))
    assert drawing.undo_stack.count() == 0
    assert_in_step(view)


def test_a_dot_snaps_below_the_port_and_shows_why(view, hands, drawing):
    hands.double_click(hands.wire(WIRE))
    start = hands.dot(WIRE)
    hands.press(start)
    hands.move(start + QPoint(90, 3), start + QPoint(4, 3))
    assert view.canvas.edges[WIRE].route.dots[0][0] == MIDDLE[0]
    guided = view.viewport().grab().toImage()
    hands.move(start + QPoint(60, 3))
    assert guided != view.viewport().grab().toImage()
    hands.key(Qt.Key.Key_Escape)
    hands.release(start)


def test_dots_between_cards_that_are_dragged_come_along(view, hands, drawing):
    drawing.selection.select(["conv1", "add"])
    start = hands.card("conv1")
    hands.press(start)
    hands.move(start + QPoint(100, 0), start + QPoint(200, 0))
    assert view.canvas.edges[SIDE].route.dots == ((540.0, 400.0),)
    hands.release(start + QPoint(200, 0))
    assert drawing.network.dots == {SIDE: ((540.0, 400.0),)}
    assert drawing.undo_stack.count() == 1
    assert_in_step(view)


def test_a_dot_stays_where_it_is_while_one_end_of_its_wire_is_dragged(view, hands, drawing):
    start = hands.card("add")
    hands.drag(start, start + QPoint(100, 30))
    assert drawing.network.dots == {SIDE: (BESIDE,)}
    assert_in_step(view)


def test_cards_and_dots_are_dragged_together_by_a_dot_or_by_a_card(view, hands, drawing):
    hands.click(hands.card("image"))
    hands.click(hands.dot(SIDE), CONTROL)
    assert drawing.selection.nodes == ("image",)
    assert view.canvas.dots.selected == {Dot(SIDE, 0)}
    start = hands.dot(SIDE)
    hands.drag(start, start + QPoint(100, 50))
    assert drawing.network.layout["image"] == (100, 50)
    assert drawing.network.dots[SIDE] == ((440.0, 450.0),)
    start = hands.card("image")
    hands.drag(start, start - QPoint(100, 50))
    assert drawing.network.layout == PLACES
    assert drawing.network.dots == {SIDE: (BESIDE,)}
    assert view.canvas.dots.selected == {Dot(SIDE, 0)}
    assert drawing.undo_stack.count() == 2


# Selecting


def test_a_click_selects_a_dot_alone_and_with_a_key_beside_others(view, hands, drawing):
    hands.double_click(hands.wire(WIRE))
    dots = view.canvas.dots
    drawing.selection.select(["relu1"])
    assert dots.selected == set()
    hands.click(hands.dot(SIDE))
    assert drawing.selection.nodes == ()
    assert dots.selected == {Dot(SIDE, 0)}
    hands.click(hands.dot(WIRE), SHIFT)
    assert dots.selected == {Dot(SIDE, 0), Dot(WIRE, 0)}
    hands.click(hands.dot(SIDE), CONTROL)
    assert dots.selected == {Dot(WIRE, 0)}
    hands.click(hands.card("relu1"), SHIFT)
    assert (drawing.selection.nodes, dots.selected) == (("relu1",), {Dot(WIRE, 0)})
    hands.click(hands.wire(SIDE))
    assert (drawing.selection.nodes, dots.selected) == ((), set())
    hands.click(hands.dot(SIDE))
    assert view.canvas.selected_edge is None
    hands.click(hands.screen(QPointF(-80, 400)))
    assert dots.selected == set()


def test_a_rubber_band_selects_dots_and_escape_lets_them_go(view, hands, drawing):
    start = hands.screen(QPointF(300, 380))
    hands.drag(start, hands.screen(QPointF(380, 420)))
    assert view.canvas.dots.selected == {Dot(SIDE, 0)}
    assert drawing.selection.nodes == ()
    hands.key(Qt.Key.Key_Escape)
    assert view.canvas.dots.selected == set()
    hands.click(hands.dot(SIDE))
    hands.press(start)
    hands.move(hands.screen(QPointF(320, 385)))
    assert view.canvas.dots.selected == set()
    hands.key(Qt.Key.Key_Escape)
    assert view.canvas.dots.selected == {Dot(SIDE, 0)}
    hands.release(start)


def test_a_dot_is_hit_before_its_wire_and_grows_under_the_pointer(view, hands, drawing):
    scene = view.canvas
    assert hit(scene, QPointF(*BESIDE)).dot == Dot(SIDE, 0)
    hands.move(hands.dot(SIDE))
    item = scene.dots.items[Dot(SIDE, 0)]
    assert item.hovered
    assert item.path().boundingRect().width() > 2 * RADIUS
    assert scene.edges[SIDE].hovered
    assert "Drag the dot" in tooltip_at(scene, QPointF(*BESIDE))
    assert "puts a dot on it" in tooltip_at(scene, QPointF(*MIDDLE))
    hands.move(hands.card("image"))
    assert not item.hovered


def test_between_a_dot_and_a_port_the_nearer_is_hit(view, hands, drawing):
    port = (CARD_WIDTH / 2, CARD_HEIGHT)
    show(view, drawing.graph, PLACES, dots={WIRE: ((port[0], port[1] + 12),)})
    view.zoom_reset()
    assert hit(view.canvas, QPointF(port[0], port[1] + 2)).port is not None
    assert hit(view.canvas, QPointF(port[0], port[1] + 10)).dot == Dot(WIRE, 0)


def test_from_afar_no_dot_is_hit(view, hands, drawing):
    view.zoom_by(0.2 / view.zoom)
    assert hit(view.canvas, QPointF(*BESIDE)).dot is None
    assert hit(view.canvas, QPointF(*BESIDE)).edge == SIDE


# Removing


def test_a_dot_is_removed_by_a_key_or_by_a_click_with_alt_and_its_wire_heals(view, hands, drawing):
    direct = show(view, drawing.graph, PLACES).undo_stack.count()
    before = view.canvas.edges[SIDE].route
    document = show(view, drawing.graph, PLACES, dots={SIDE: (BESIDE, (340.0, 440.0))})
    view.zoom_reset()
    hands.click(hands.dot(SIDE, 1), ALT)
    assert document.network.dots == {SIDE: (BESIDE,)}
    assert document.undo_stack.undoText() == "Remove dot"
    hands.click(hands.dot(SIDE))
    hands.key(Qt.Key.Key_Delete)
    assert document.network.dots == {}
    assert document.undo_stack.count() == direct + 2
    assert view.canvas.edges[SIDE].route == before
    assert_in_step(view)
    document.undo_stack.undo()
    document.undo_stack.undo()
    assert_in_step(view)


def test_delete_removes_cards_and_dots_in_one_step(view, hands, drawing):
    hands.click(hands.card("image"))
    hands.click(hands.dot(SIDE), CONTROL)
    hands.key(Qt.Key.Key_Delete)
    assert drawing.network.dots == {}
    assert "image" not in drawing.graph
    assert drawing.undo_stack.count() == 1
    drawing.undo_stack.undo()
    assert drawing.network.dots == {SIDE: (BESIDE,)}
    assert_in_step(view)


def test_with_control_delete_removes_dots_where_no_card_is_selected(view, hands, drawing):
    hands.click(hands.dot(SIDE))
    hands.key(Qt.Key.Key_Delete, CONTROL)
    assert drawing.network.dots == {}
    assert len(drawing.graph.edges) == 4


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
