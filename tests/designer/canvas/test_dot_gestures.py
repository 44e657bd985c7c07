"""Leading wires by hand: dots put on, dragged, selected and removed with the mouse."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from designer.canvas.dot_item import RADIUS
from designer.canvas.dots import Dot
from designer.canvas.geometry import CARD_HEIGHT, CARD_WIDTH
from designer.canvas.hits import Hit, hit
from designer.canvas.tooltips import tooltip_at
from designer.document import Document
from engine import Edge
from engine.groups import Group
from tests.designer.canvas.bent import BESIDE, MIDDLE, PLACES, SIDE, WIRE, show_bent
from tests.designer.canvas.canvas_hands import ALT, CONTROL, NONE, SHIFT, assert_in_step, show


@pytest.fixture
def drawing(view) -> Document:
    return show_bent(view)


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


def test_a_dot_in_front_of_a_card_is_not_lost(view, hands, drawing):
    on_card = (60.0, 320.0)
    document = show(view, drawing.graph, PLACES, dots={SIDE: (on_card,)})
    view.zoom_reset()
    assert hit(view.canvas, QPointF(*on_card)) == Hit(edge=SIDE, dot=Dot(SIDE, 0))
    hands.click(hands.dot(SIDE), ALT)
    assert document.network.dots == {}


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
