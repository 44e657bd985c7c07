"""Zoom, position and keys of the canvas."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QHelpEvent, QNativeGestureEvent, QPointingDevice
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from designer import theme
from designer.canvas.geometry import PITCH, card_rect
from designer.canvas.tooltips import tooltip_at
from engine import Dense, Edge, Graph, Input, Node, ReLU
from tests.designer.canvas.canvas_hands import CONTROL, MIDDLE, NONE, SHIFT, assert_in_step, show
from tests.engine.networks import chain, lenet5


@pytest.fixture
def themed(qapp) -> Iterator[Callable[[theme.Theme], None]]:
    """Put a theme in force for one test."""
    yield lambda look: theme.apply(qapp, look)
    theme.apply(qapp, theme.LIGHT)


def visible(view) -> QRectF:
    return view.mapToScene(view.viewport().rect()).boundingRect()


def test_a_loaded_network_is_fitted(view):
    show(view, lenet5())
    assert 0.85 < view.zoom < 1
    assert visible(view).contains(view.canvas.content_rect())


def test_a_small_network_is_not_enlarged(view):
    show(view, chain(image=Input()))
    assert view.zoom == 1
    middle = visible(view).center() - view.canvas.content_rect().center()
    assert abs(middle.x()) <= 1
    assert abs(middle.y()) <= 1


def test_what_was_fitted_is_fitted_again_when_the_view_grows(view, qtbot):
    show(view, lenet5())
    before = view.zoom
    view.resize(900, 500)
    assert view.zoom < before
    view.zoom_by(1.1)
    zoom = view.zoom
    view.resize(900, 800)
    assert view.zoom == zoom


def test_an_edit_does_not_move_the_view(view):
    document = show(view, lenet5())
    view.zoom_by(1.7)
    before = visible(view)
    document.edit("Remove", document.graph.remove(["softmax"]))
    document.edit("Add", document.graph.add(Node("new", ReLU())))
    document.undo_stack.undo()
    assert visible(view) == before


def test_the_wheel_zooms_at_the_pointer(view, hands):
    show(view, lenet5())
    at = QPoint(300, 200)
    before = view.mapToScene(at)
    hands.wheel(at, angle=120)
    assert view.zoom > 1.05 * 0.85
    after = view.mapToScene(at)
    assert abs(after.x() - before.x()) <= 1
    assert abs(after.y() - before.y()) <= 1


def test_the_zoom_has_bounds_and_tells_of_itself(view, hands, qtbot):
    show(view, lenet5())
    seen: list[float] = []
    view.zoom_changed.connect(seen.append)
    for _ in range(40):
        hands.wheel(QPoint(100, 100), angle=120)
    assert view.zoom == pytest.approx(3)
    for _ in range(60):
        hands.wheel(QPoint(100, 100), angle=-120)
    assert view.zoom == pytest.approx(0.1)
    assert seen[-1] == view.zoom
    assert 1.0 in seen  # a wheel stops at 100 % on its way


def test_small_steps_get_past_100_percent(view):
    show(view, chain(image=Input()))
    view.zoom_by(1.004)
    assert view.zoom == pytest.approx(1.004)


def test_a_trackpad_pans_and_zooms_with_control(view, hands):
    show(view, lenet5())
    before, zoom = view.mapToScene(0, 0), view.zoom
    hands.wheel(QPoint(100, 100), angle=80, pixels=QPoint(10, 20))
    moved = before - view.mapToScene(0, 0)
    assert view.zoom == zoom
    assert moved.x() == pytest.approx(10 / zoom, abs=1)
    assert moved.y() == pytest.approx(20 / zoom, abs=1)
    hands.wheel(QPoint(100, 100), angle=80, pixels=QPoint(0, 20), keys=CONTROL)
    assert view.zoom > zoom


def test_two_fingers_zoom(view):
    show(view, lenet5())
    zoom = view.zoom
    event = QNativeGestureEvent(
        Qt.NativeGestureType.ZoomNativeGesture,
        QPointingDevice.primaryPointingDevice(),
        2,
        QPointF(50, 50),
        QPointF(50, 50),
        QPointF(50, 50),
        0.05,
        QPointF(),
    )
    QApplication.sendEvent(view.viewport(), event)
    assert view.zoom == pytest.approx(zoom * 1.05)


def test_dragging_with_the_middle_button_pans(view, hands):
    show(view, lenet5())
    before = view.mapToScene(0, 0)
    hands.drag(QPoint(400, 300), QPoint(430, 350), button=MIDDLE)
    assert view.mapToScene(30, 50) == before
    assert view.canvas.document.undo_stack.count() == 0


def test_dragging_with_space_pans_even_on_a_card(view, hands):
    document = show(view, lenet5())
    before, at = view.mapToScene(0, 0), hands.card("conv1")
    QTest.keyPress(view, Qt.Key.Key_Space)
    hands.drag(at, at + QPoint(40, 25))
    QTest.keyRelease(view, Qt.Key.Key_Space)
    assert view.mapToScene(40, 25) == before
    assert document.selection.nodes == ()
    hands.click(hands.card("conv1"))
    assert document.selection.nodes == ("conv1",)


def test_keys_fit_frame_and_reset(view, hands):
    document = show(view, lenet5())
    fitted = view.zoom
    document.selection.select(["conv1", "relu1"])
    hands.key(Qt.Key.Key_F)
    assert view.zoom > 1
    assert visible(view).contains(card_rect(view.canvas.places["conv1"]))
    hands.key(Qt.Key.Key_0, CONTROL)
    assert view.zoom == 1
    hands.key(Qt.Key.Key_Home)
    assert view.zoom == fitted
    document.selection.select([])
    hands.key(Qt.Key.Key_F)
    assert view.zoom == fitted


def test_revealing_moves_as_little_as_possible(view):
    show(view, lenet5())
    view.zoom_by(3 / view.zoom)
    view.reveal_node("softmax")
    place = visible(view)
    assert place.contains(card_rect(view.canvas.places["softmax"]))
    view.reveal_node("softmax")
    assert visible(view) == place


def test_arrows_with_control_nudge_and_a_run_of_them_is_one_step(view, hands):
    document = show(view, lenet5())
    document.selection.select(["conv1"])
    x, y = view.canvas.places["conv1"]
    hands.key(Qt.Key.Key_Right, CONTROL)
    hands.key(Qt.Key.Key_Down, CONTROL)
    hands.key(Qt.Key.Key_Left, CONTROL | SHIFT)
    assert view.canvas.places["conv1"] == (x + 9, y + 10)
    assert document.undo_stack.count() == 1
    assert document.undo_stack.undoText() == "Move conv1"
    document.undo_stack.undo()
    assert view.canvas.places["conv1"] == (x, y)
    assert_in_step(view)


def test_delete_removes_what_is_selected(view, hands):
    document = show(view, lenet5())
    document.selection.select(["conv1"])
    hands.key(Qt.Key.Key_Delete)
    assert document.undo_stack.undoText() == "Delete conv1"
    document.selection.select(["relu1", "pool1", "conv2"])
    hands.key(Qt.Key.Key_Backspace)
    assert document.undo_stack.undoText() == "Delete 3 layers"
    assert len(document.graph.nodes) == 10
    assert_in_step(view)
    hands.key(Qt.Key.Key_Delete)
    assert document.undo_stack.count() == 2


def test_delete_removes_a_selected_wire(view, hands):
    document = show(view, lenet5())
    view.canvas.select_edge(Edge("conv1", "relu1"))
    hands.key(Qt.Key.Key_Delete)
    assert Edge("conv1", "relu1") not in document.graph.edges
    assert document.undo_stack.undoText() == "Disconnect conv1 from relu1"
    assert_in_step(view)


def test_control_delete_reconnects(view, hands):
    document = show(view, lenet5())
    document.selection.select(["relu1", "pool1"])
    hands.key(Qt.Key.Key_Delete, CONTROL)
    assert Edge("conv1", "conv2") in document.graph.edges
    assert document.undo_stack.count() == 1


def test_control_a_selects_all_and_escape_nothing(view, hands):
    document = show(view, lenet5())
    hands.key(Qt.Key.Key_A, CONTROL)
    assert len(document.selection.nodes) == 14
    hands.key(Qt.Key.Key_Escape)
    assert document.selection.nodes == ()


def test_auto_layout_is_one_step_and_leaves_the_first_card_where_it_is(view, hands):
    places = {"image": (300.0, 40.0), "a": (20.0, 500.0), "b": (333.0, 217.0)}
    document = show(view, chain(image=Input(), a=ReLU(), b=ReLU()), places)
    hands.key(Qt.Key.Key_L, CONTROL)
    assert document.network.layout == {"image": (300, 40), "a": (300, 40 + PITCH), "b": (300, 40 + 2 * PITCH)}
    document.undo_stack.undo()
    assert document.network.layout == places
    assert_in_step(view)


def test_other_keys_are_left_to_the_window(view, hands):
    event_taken = QTest.keyClick(view, Qt.Key.Key_K, NONE)
    assert event_taken is None
    assert view.canvas.document.undo_stack.count() == 0


def test_a_double_click_tells_the_node(view, hands, qtbot):
    show(view, lenet5())
    with qtbot.waitSignal(view.activated) as told:
        QTest.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, NONE, hands.card("conv2"))
    assert told.args == ["conv2"]


def test_a_card_tells_everything_about_itself(view):
    show(view, lenet5())
    text = tooltip_at(view.canvas, view.canvas.nodes["conv1"].pos() + QPointF(80, 20))
    for part in ("conv1", "28×28×6", "4,704 values", "156 (150 weights + 6 biases)", "117,600", "5×5 px of the image"):
        assert part in text


def test_a_card_tells_what_is_wrong_and_how_to_mend_it(view):
    show(view, chain(image=Input(), dense=Dense()))
    text = tooltip_at(view.canvas, view.canvas.nodes["dense"].pos() + QPointF(80, 20))
    assert "Error:" in text
    assert "Fix: Insert Flatten" in text


def test_a_wire_tells_the_shape_that_flows(view):
    show(view, lenet5())
    view.zoom_reset()
    middle = view.canvas.edges[Edge("image", "conv1")].path().pointAtPercent(0.5)
    text = tooltip_at(view.canvas, middle)
    assert "32×32×1" in text
    assert "image → conv1" in text


def test_tooltips_come_and_go(view):
    show(view, lenet5())
    for at in (QPoint(450, 100), QPoint(5, 5)):
        event = QHelpEvent(QEvent.Type.ToolTip, at, view.viewport().mapToGlobal(at))
        assert QApplication.sendEvent(view.viewport(), event)


@pytest.mark.parametrize("zoom", [0.1, 0.2, 0.4, 1.0, 2.0])
@pytest.mark.parametrize("look", [theme.LIGHT, theme.DARK], ids=lambda one: one.name)
def test_it_paints_at_every_zoom_in_both_themes(view, themed, zoom: float, look: theme.Theme):
    themed(look)
    document = show(view, chain(image=Input(), dense=Dense(), relu=ReLU()))
    document.selection.select(["relu"])
    view.zoom_by(zoom / view.zoom)
    picture = view.viewport().grab().toImage()
    assert picture.pixelColor(2, 2).name() == look.canvas
    colours = {picture.pixelColor(x, y).name() for x in range(300, 600, 2) for y in range(300, 500, 2)}
    assert len(colours) > 3


def test_an_empty_canvas_says_how_to_begin(view, qtbot):
    show(view, Graph())
    empty = view.viewport().grab().toImage()
    show(view, chain(image=Input()))
    full = view.viewport().grab().toImage()
    assert empty != full


def test_pictures_of_cards_come_over_several_frames(view, qtbot, monkeypatch):
    monkeypatch.setattr("designer.canvas.sprites.RESTING_SECONDS", 0.0)
    show(view, lenet5())
    view.viewport().repaint()
    assert view.canvas.sprites.waiting
    monkeypatch.setattr("designer.canvas.sprites.RESTING_SECONDS", 1.0)
    qtbot.waitUntil(lambda: not view.canvas.sprites.waiting)


def test_it_has_a_name_for_screen_readers(view):
    assert view.accessibleName() == "Network canvas"
