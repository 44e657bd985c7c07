"""The translation lab in the window: moved by hand, by sliders and by keys; what comes back is the engine's."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from designer import theme
from designer.lessons.lab import LabPanel
from designer.lessons.lab_rows import share_text
from designer.lessons.lab_worker import REACH, CurveKey
from designer.window import MainWindow
from engine import Conv2D, Graph, Input, Move, compare
from tests.designer.lessons.conftest import PATIENCE_MS
from tests.engine.networks import chain


def opened(window: MainWindow, qtbot: QtBot) -> LabPanel:
    window.commands["lessons.translation"].trigger()
    qtbot.waitUntil(lambda: window.lab.comparison is not None, timeout=PATIENCE_MS)
    return window.lab


def settled(qtbot: QtBot, lab: LabPanel) -> None:
    """Wait until what is shown is of the move at hand."""
    qtbot.waitUntil(
        lambda: lab.comparison is not None and lab.comparison.move == lab.moves.move_at_hand, timeout=PATIENCE_MS
    )


def filled(qtbot: QtBot, lab: LabPanel) -> None:
    qtbot.waitUntil(lambda: len(lab._curves.get(lab.key, {})) == 2 * REACH + 1, timeout=PATIENCE_MS)


def moved_to(widget: QWidget, at: QPointF) -> QMouseEvent:
    """Return the event of a pointer that moved; offscreen, a pointer that is moved leaves again at once."""
    none = Qt.MouseButton.NoButton
    return QMouseEvent(QEvent.Type.MouseMove, at, widget.mapToGlobal(at), none, none, Qt.KeyboardModifier.NoModifier)


def test_it_says_what_is_missing(window: MainWindow):
    window.commands["lessons.translation"].trigger()
    assert window.docks["translation"].isVisible()
    assert "Open an image first" in window.lab.empty.text.text()
    assert window.lab.empty.button.isVisible()
    assert window.lab.worker._thread is None


def test_dragging_the_picture_shifts_it_and_compares(lenet: MainWindow, qtbot: QtBot):
    lab = opened(lenet, qtbot)
    side = lab.picture.place().width() / 32
    start = lab.picture.rect().center()
    QTest.mousePress(lab.picture, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(lab.picture, start + QPoint(round(3 * side), round(-2 * side)))
    QTest.mouseRelease(lab.picture, Qt.MouseButton.LeftButton, pos=start + QPoint(round(3 * side), round(-2 * side)))
    assert (lab.moves.sliders["dx"].value(), lab.moves.sliders["dy"].value()) == (3, -2)
    settled(qtbot, lab)
    assert lab.comparison is not None
    assert lab.subject is not None
    again = compare(lab.subject.graph, lab.subject.weights, lab.subject.image, Move(dx=3, dy=-2))
    assert lab.comparison.layers == again.layers
    assert again.layers["conv1"].equivariance == pytest.approx(1, abs=1e-6)
    assert lab.scores.verdict().startswith("Still 7")
    assert not lab.grab().isNull()


def test_keys_shift_it_and_put_it_back(lenet: MainWindow, qtbot: QtBot):
    lab = opened(lenet, qtbot)
    assert QApplication.focusWidget() is lab.picture
    QTest.keyClick(lab.picture, Qt.Key.Key_Right)
    QTest.keyClick(lab.picture, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert lab.moves.move_at_hand == Move(dx=1, dy=5)
    QTest.keyClick(lab.picture, Qt.Key.Key_Home)
    assert lab.moves.move_at_hand == Move()
    assert not lab.moves.reset_button.isEnabled()
    QTest.keyClick(lab.moves.sliders["degrees"], Qt.Key.Key_Right)
    assert lab.moves.move_at_hand.degrees == 1
    QTest.mouseClick(lab.moves.reset_button, Qt.MouseButton.LeftButton)
    assert lab.moves.move_at_hand == Move()
    QTest.keyClick(lab.picture, Qt.Key.Key_Left)
    QTest.mouseDClick(lab.picture, Qt.MouseButton.LeftButton)
    assert lab.moves.move_at_hand == Move()


@pytest.mark.parametrize(("name", "value"), [("dx", 7), ("dy", -3), ("scale", 150), ("degrees", 45), ("noise", 30)])
def test_every_slider_moves_the_image(lenet: MainWindow, qtbot: QtBot, name, value):
    lab = opened(lenet, qtbot)
    before = lab.picture.grab().toImage()
    lab.moves.sliders[name].setValue(value)
    settled(qtbot, lab)
    assert lab.comparison is not None
    assert lab.comparison.layers["conv1"].invariance < 0.999
    assert lab.picture.grab().toImage() != before
    assert str(abs(value)) in lab.moves.values[name].text()


def test_the_curve_fills_itself_and_is_kept(lenet: MainWindow, qtbot: QtBot):
    lab = opened(lenet, qtbot)
    filled(qtbot, lab)
    points = lab._curves[CurveKey("x", "edge")]
    assert points[0]["softmax"].invariance == pytest.approx(1)
    assert points[REACH]["conv1"].equivariance == pytest.approx(1, abs=1e-6)
    assert points[2]["pool1"].equivariance > points[1]["pool1"].equivariance
    lab.rows.choose("pool1")
    assert len(lab.curve.line("equivariance")) == 2 * REACH + 1
    lab.axis_box.setCurrentIndex(1)
    lab.axis_box.activated.emit(1)
    filled(qtbot, lab)
    lab.axis_box.setCurrentIndex(0)
    lab.axis_box.activated.emit(0)
    assert lab._curves[lab.key] is points  # nothing is worked out again
    assert not lab.worker._waiting.shifts


def test_the_curve_is_clicked_and_walked(lenet: MainWindow, qtbot: QtBot):
    lab = opened(lenet, qtbot)
    at = lab.curve.place(-4, 0.5).toPoint()
    QTest.mouseClick(lab.curve, Qt.MouseButton.LeftButton, pos=at)
    assert lab.moves.move_at_hand.dx == -4
    QTest.keyClick(lab.curve, Qt.Key.Key_Right)
    assert lab.moves.move_at_hand.dx == -3
    filled(qtbot, lab)
    at = lab.curve.place(6, 0.2)
    QApplication.sendEvent(lab.curve, moved_to(lab.curve, at))
    assert "+6 px" in lab.curve._summary()


def test_layers_are_chosen_by_mouse_and_keys(lenet: MainWindow, qtbot: QtBot):
    lab = opened(lenet, qtbot)
    assert lab.rows.current == "pool2"
    QTest.mouseClick(lab.rows, Qt.MouseButton.LeftButton, pos=lab.rows.row("conv1").center().toPoint())
    assert lab.rows.current == "conv1"
    QTest.keyClick(lab.rows, Qt.Key.Key_Down)
    assert lab.rows.current == "relu1"
    assert "relu1" in lab.rows.accessibleDescription()


def test_wrapping_has_its_own_curve(lenet: MainWindow, qtbot: QtBot):
    lab = opened(lenet, qtbot)
    lab.moves.border_box.setCurrentIndex(1)
    lab.moves.border_box.activated.emit(1)
    assert lab.moves.move_at_hand.border == "wrap"
    filled(qtbot, lab)
    assert set(lab._curves) == {CurveKey("x", "edge"), CurveKey("x", "wrap")}


def test_it_follows_another_image_and_edits(lenet: MainWindow, qtbot: QtBot, resources):
    lab = opened(lenet, qtbot)
    lab.moves.sliders["dx"].setValue(2)
    first = lab.subject
    with qtbot.waitSignal(lenet.runs.settled, timeout=PATIENCE_MS):
        lenet.runs.open_image(min((resources / "images" / "digits").glob("2_*.png")))
    assert lab.subject is not first
    assert lab.moves.move_at_hand.dx == 2
    qtbot.waitUntil(lambda: lab.scores.verdict().startswith("Still 2"), timeout=PATIENCE_MS)
    with qtbot.waitSignal(lenet.runs.settled, timeout=PATIENCE_MS):
        lenet.document.edit("Delete", lenet.document.graph.remove(["softmax"]))
    qtbot.waitUntil(lambda: "softmax" not in lab.rows.nodes, timeout=PATIENCE_MS)
    assert lab.scores.verdict() == "The network ends without an answer"


def test_opening_another_network_empties_it(lenet: MainWindow, qtbot: QtBot):
    lab = opened(lenet, qtbot)
    lenet.runs.set_live(False)
    lenet.files.open_example("lecture_conv.json")
    assert lab.subject is None
    assert "did not run" in lab.empty.text.text()


def test_closing_the_dock_or_the_window_ends_the_work(lenet: MainWindow, qtbot: QtBot):
    lab = opened(lenet, qtbot)
    lenet.docks["translation"].close()
    qtbot.waitUntil(lambda: lab.worker._waiting.subject is None)
    lenet.commands["lessons.translation"].trigger()
    filled(qtbot, lab)
    lenet.close()
    assert lab.worker._thread is not None
    assert not lab.worker._thread.is_alive()


def test_colour_images_non_square_and_no_head(ran: Callable[[Graph], MainWindow], qtbot: QtBot, qapp: QApplication):
    window = ran(chain(image=Input(channels=3, height=20, width=31), conv=Conv2D(filters=2, stride=(2, 3))))
    lab = opened(window, qtbot)
    lab.moves.sliders["dx"].setValue(3)
    settled(qtbot, lab)
    assert lab.comparison is not None
    assert lab.comparison.layers["conv"].equivariance == pytest.approx(1, abs=1e-6)
    assert lab.rows._make_picture("conv") is not None
    theme.apply(qapp, theme.DARK)
    assert not lab.grab().isNull()


def test_a_share_in_words():
    assert [share_text(value) for value in (None, float("nan"), 0.985, -0.012)] == ["–", "–", "98.5%", "−1.2%"]


def test_a_point_beside_the_curve_is_its_end(lenet: MainWindow, qtbot: QtBot):
    lab = opened(lenet, qtbot)
    assert lab.curve._shift_at(QPointF(-500, 0)) == -REACH
    assert lab.curve._shift_at(QPointF(5000, 0)) == REACH
