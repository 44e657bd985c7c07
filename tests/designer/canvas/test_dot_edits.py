"""Dots through everything else that is done to a drawing."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QApplication

from designer import theme
from designer.canvas.dots import Dot
from designer.canvas.routes import route_path
from designer.canvas.visible import card_id
from engine import Add, Conv2D, Edge, Group, Input, MaxPool2D, Node, ReLU
from engine.formats import native
from tests.designer.canvas.canvas_hands import ALT, CONTROL, assert_in_step, show
from tests.engine.networks import chain, wired

LONG, SIDE = Edge("relu1", "add"), Edge("conv1", "add", 1)
PLACES = {"image": (0.0, 0.0), "conv1": (0.0, 100.0), "relu1": (0.0, 200.0), "add": (0.0, 500.0)}
DOTS = {LONG: ((200.0, 300.0), (200.0, 440.0)), SIDE: ((340.0, 300.0),)}


@pytest.fixture
def drawing(view):
    graph = wired(
        chain(image=Input(), conv1=Conv2D(), relu1=ReLU()).add(Node("add", Add())),
        ("relu1", "add"),
        ("conv1", "add", 1),
    )
    document = show(view, graph, PLACES, dots=DOTS)
    view.zoom_reset()
    view.centerOn(150, 280)
    return document


def undone(view, document) -> None:
    """Check that all is as it was after one step back."""
    assert document.undo_stack.count() == 1
    document.undo_stack.undo()
    assert document.network.dots == DOTS
    assert document.network.layout == PLACES
    assert_in_step(view)


def test_a_layer_dropped_on_a_wire_shares_its_dots_out(view, hands, drawing):
    hands.drop(("MaxPool2D",), hands.screen(view.canvas.edges[LONG].path().pointAtPercent(0.5)))
    dots = drawing.network.dots
    assert len(dots[Edge("relu1", "pool1")]) == 1
    assert len(dots[Edge("pool1", "add")]) == 1
    assert dots[Edge("relu1", "pool1")][0][1] < dots[Edge("pool1", "add")][0][1]
    assert_in_step(view)
    undone(view, drawing)


def test_a_layer_taken_out_leaves_a_wire_through_all_dots(view, hands, drawing):
    drawing.edit("Bend", drawing.graph)
    dots = {**DOTS, Edge("conv1", "relu1"): ((180.0, 170.0),)}
    document = show(view, drawing.graph, PLACES, dots=dots)
    document.selection.select(["relu1"])
    hands.key(Qt.Key.Key_Delete, CONTROL)
    assert document.network.dots[Edge("conv1", "add")] == ((180.0, 170.0), *DOTS[LONG])
    assert_in_step(view)
    document.undo_stack.undo()
    assert document.network.dots == dots


def test_a_layer_of_another_type_keeps_the_dots_of_its_wires(view, drawing):
    drawing.selection.select(["relu1"])
    view.canvas.document.selection.select(["relu1"])
    view._editor.replace("relu1", MaxPool2D())
    assert drawing.network.dots == {Edge("pool1", "add"): DOTS[LONG], SIDE: DOTS[SIDE]}
    assert_in_step(view)
    undone(view, drawing)


def test_a_removed_wire_takes_its_dots_along_and_brings_them_back(view, hands, drawing):
    view.canvas.select_edge(SIDE)
    hands.key(Qt.Key.Key_Delete)
    assert drawing.network.dots == {LONG: DOTS[LONG]}
    assert_in_step(view)
    undone(view, drawing)


def test_a_wire_whose_end_is_moved_to_another_port_keeps_its_dots(view, hands, drawing):
    hands.drag(hands.input("add", 1), hands.input("add", 2))
    moved = Edge("conv1", "add", 2)
    assert drawing.network.dots == {LONG: DOTS[LONG], moved: DOTS[SIDE]}
    assert_in_step(view)
    undone(view, drawing)


def test_a_wire_whose_end_is_held_still_goes_through_its_dots(view, hands, drawing):
    hands.press(hands.input("add", 1))
    hands.move(hands.screen(QPointF(-150, 450)), hands.screen(QPointF(-150, 420)))
    shown = view.viewport().grab().toImage()
    ratio = shown.devicePixelRatio()
    at = view.canvas.edges[SIDE].route.legs[0]
    middle = hands.screen(route_path(at).pointAtPercent(0.5))
    near = {
        shown.pixelColor(round((middle.x() + dx) * ratio), round((middle.y() + dy) * ratio)).name()
        for dx in (-1, 0, 1)
        for dy in (-1, 0, 1)
    }
    assert theme.current().accent in near
    hands.key(Qt.Key.Key_Escape)
    hands.release(hands.input("add", 1))
    assert drawing.undo_stack.count() == 0
    assert_in_step(view)


def test_a_wire_that_takes_anothers_port_takes_no_dots(view, hands, drawing):
    hands.drag(hands.output("image"), hands.input("add", 1))
    assert drawing.network.dots == {LONG: DOTS[LONG]}
    undone(view, drawing)


def test_auto_layout_removes_dots_in_the_same_step(view, hands, drawing):
    hands.key(Qt.Key.Key_L, CONTROL)
    assert drawing.network.dots == {}
    assert_in_step(view)
    undone(view, drawing)


def test_auto_layout_of_some_removes_only_dots_between_them(view, hands, drawing):
    drawing.selection.select(["relu1", "add"])
    hands.key(Qt.Key.Key_L, CONTROL)
    assert list(drawing.network.dots) == [SIDE]
    assert_in_step(view)
    undone(view, drawing)


def test_a_layer_put_in_above_moves_the_dots_below_along(view, hands, drawing):
    hands.drop(("ReLU",), hands.wire(Edge("image", "conv1")))
    (down,) = {y - PLACES[node][1] for node, (_, y) in drawing.network.layout.items() if node in ("conv1", "add")}
    assert down > 0
    assert drawing.network.dots == {edge: tuple((x, y + down) for x, y in points) for edge, points in DOTS.items()}
    assert_in_step(view)
    undone(view, drawing)


def test_collapsing_and_expanding_brings_dots_back_where_they_were(view, drawing):
    document = show(view, drawing.graph, PLACES, (Group("g", "G", ("conv1", "relu1")),), DOTS)
    view.groups.toggle(["g"])
    card = card_id("g")
    shown = view.canvas.dots
    assert set(shown.points) == set(view.canvas.edges) - {Edge("image", card)}
    top, bottom = view.canvas.places[card][1], view.canvas.places["add"][1]
    assert all(top < y < bottom for points in shown.points.values() for _, y in points)
    assert_in_step(view)
    view.groups.toggle(["g"])
    assert document.network.dots == {
        edge: tuple(pytest.approx(point) for point in points) for edge, points in DOTS.items()
    }
    assert document.network.layout == PLACES
    assert_in_step(view)


def test_hidden_dots_move_with_the_card_of_their_group(view, hands, drawing):
    document = show(view, drawing.graph, PLACES, (Group("g", "G", ("relu1", "add"), collapsed=True),), DOTS)
    view.zoom_reset()
    start = hands.card(card_id("g"))
    hands.drag(start, start + QPoint(50, 40))
    (across, down) = (new - old for new, old in zip(document.network.layout["relu1"], PLACES["relu1"], strict=True))
    assert (across, down) != (0, 0)
    assert document.network.dots[LONG] == tuple((x + across, y + down) for x, y in DOTS[LONG])
    assert document.network.dots[SIDE] == DOTS[SIDE]
    assert_in_step(view)


def test_grouping_automatically_lays_out_anew_and_drops_dots(view, drawing):
    view.groups.group_automatically()
    if drawing.undo_stack.count():
        seen = view.canvas.seen
        assert all(seen.card(edge.source) == seen.card(edge.target) for edge in drawing.network.dots)
        undone(view, drawing)


def test_copies_of_both_ends_have_copies_of_the_dots(view, hands, drawing):
    drawing.selection.select(["relu1", "add"])
    hands.key(Qt.Key.Key_D, CONTROL)
    (copy,) = set(drawing.network.dots) - set(DOTS)
    layout = drawing.network.layout
    across, down = (layout[copy.source][axis] - PLACES["relu1"][axis] for axis in (0, 1))
    assert drawing.network.dots[copy] == tuple((x + across, y + down) for x, y in DOTS[LONG])
    assert_in_step(view)
    undone(view, drawing)


def test_copies_dragged_away_have_their_dots_beside_them(view, hands, drawing):
    drawing.selection.select(["relu1", "add"])
    start = hands.card("relu1")
    hands.drag(start, start + QPoint(400, 0), ALT)
    (copy,) = set(drawing.network.dots) - set(DOTS)
    across = drawing.network.layout[copy.source][0]
    assert drawing.network.dots[copy] == tuple((x + across, y) for x, y in DOTS[LONG])
    assert {edge: drawing.network.dots[edge] for edge in DOTS} == DOTS
    assert_in_step(view)


def test_dots_travel_over_the_clipboard_but_not_to_the_end_of_the_world(view, hands, drawing):
    drawing.selection.select(["relu1", "add"])
    hands.key(Qt.Key.Key_C, CONTROL)
    assert native.decode(QApplication.clipboard().text())[0].dots == {LONG: DOTS[LONG]}
    view.clipping.paste(QPointF(600, 300))
    (copy,) = set(drawing.network.dots) - set(DOTS)
    layout = drawing.network.layout
    across, down = (layout[copy.source][axis] - PLACES["relu1"][axis] for axis in (0, 1))
    assert drawing.network.dots[copy] == tuple((x + across, y + down) for x, y in DOTS[LONG])
    assert_in_step(view)
    QApplication.clipboard().setText(native.encode(drawing.network).replace("[200, 300]", "[1e300, 300]"))
    view.clipping.paste(QPointF(0, 900))
    assert all(abs(x) < 1e6 for points in drawing.network.dots.values() for x, _ in points)
    assert_in_step(view)


def test_an_undo_in_the_middle_of_a_drag_ends_it(view, hands, drawing):
    hands.click(hands.dot(SIDE))
    hands.key(Qt.Key.Key_Right, CONTROL)
    start = hands.dot(SIDE)
    hands.press(start)
    hands.move(start + QPoint(100, 40))
    drawing.undo_stack.undo()
    assert view.gesture is None
    assert drawing.network.dots == DOTS
    assert_in_step(view)
    hands.release(start + QPoint(100, 40))
    assert drawing.network.dots == DOTS


def test_a_selection_of_dots_ends_where_another_has_their_number(view, hands, drawing):
    hands.click(hands.dot(LONG, 1))
    hands.click(hands.dot(LONG, 0), ALT)
    assert view.canvas.dots.selected == set()
    hands.click(hands.dot(SIDE))
    drawing.undo_stack.undo()
    assert view.canvas.dots.selected == {Dot(SIDE, 0)}
    assert_in_step(view)


def test_another_network_has_dots_of_its_own(view, hands, drawing):
    hands.click(hands.dot(SIDE))
    show(view, drawing.graph, PLACES, dots=DOTS)
    assert view.canvas.dots.selected == set()
    assert_in_step(view)
    show(view, chain(image=Input(), relu1=ReLU()))
    assert view.canvas.dots.items == {}
    assert view.canvas.dots.selected == set()
    assert_in_step(view)


def test_dots_that_lie_far_out_are_part_of_what_is_fitted(view, drawing):
    show(view, drawing.graph, PLACES, dots={SIDE: ((2000.0, 300.0),)})
    assert view.content_rect().right() >= 1999
    view.fit_all()
    assert view.viewport().rect().contains(view.mapFromScene(QPointF(2000, 300)))


def test_labels_of_wires_lie_on_no_dot(view, drawing):
    path = view.canvas.edges[SIDE].path()
    at = path.pointAtPercent(0.5)
    show(view, drawing.graph, PLACES, dots={SIDE: (*DOTS[SIDE], (round(at.x(), 2), round(at.y(), 2)))})
    labels = view.canvas.wire_labels.labels(view.canvas)
    assert any(label.edge == SIDE for label in labels)
    rects = view.canvas.dots.rects()
    assert not any(label.rect.intersects(rect) for label in labels for rect in rects)
