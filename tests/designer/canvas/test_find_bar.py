"""Finding layers on the canvas."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolButton

from engine import ReLU
from tests.designer.canvas.canvas_hands import assert_in_step, show
from tests.engine.networks import chain, lenet5

K = Qt.Key
ALT, SHIFT = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def bar(view, qtbot):
    """Open the bar over LeNet-5, with the keyboard in it."""
    show(view, lenet5())
    view.activateWindow()
    view.find_bar.open()
    qtbot.waitUntil(view.find_bar.field.hasFocus)
    return view.find_bar


def write(bar, text: str) -> None:
    bar.field.selectAll()
    QTest.keyClicks(bar.field, text)


def dimmed(view) -> set[str]:
    return {node for node, item in view.canvas.nodes.items() if item.dimmed}


def test_what_is_found_stays_and_all_else_steps_back(view, bar):
    write(bar, "conv")
    assert bar.matches == ("conv1", "conv2")
    assert dimmed(view) == set(view.canvas.nodes) - {"conv1", "conv2"}
    assert bar.count.text() == "2 found"
    write(bar, "params > 10000")
    assert bar.matches == ("dense1", "dense2")
    write(bar, "zebra")
    assert bar.count.text() == "None found"
    assert dimmed(view) == set(view.canvas.nodes)


def test_enter_and_f3_show_one_after_the_other(view, bar, spoken):
    document = view.canvas.document
    write(bar, "type = relu")
    for place, node in enumerate(("relu1", "relu2", "relu3", "relu4"), 1):
        QTest.keyClick(bar.field, K.Key_Return)
        assert document.selection.only == node
        assert bar.count.text() == f"{place} of 4"
    assert spoken[-1] == "relu4, 4 of 4"
    bar.next()
    assert document.selection.only == "relu1"
    QTest.keyClick(bar.field, K.Key_Return, SHIFT)
    assert document.selection.only == "relu4"
    assert bar.field.hasFocus()


def test_a_match_is_brought_into_view_at_a_legible_size_and_out_from_under_the_bar(view, bar, hands):
    write(bar, "conv or softmax")
    for zoom in (3.0, 1.0, 0.2):
        view.zoom_by(zoom / view.zoom)
        for _ in range(3):
            QTest.keyClick(bar.field, K.Key_Return)
            spot = hands.card(view.canvas.document.selection.only)
            assert view.viewport().rect().contains(spot)
            assert not bar.geometry().contains(spot)
            assert view.zoom >= 0.6


def test_alt_enter_selects_all(view, bar, spoken):
    write(bar, "dense")
    QTest.keyClick(bar.field, K.Key_Return, ALT)
    assert view.canvas.document.selection.nodes == ("dense1", "dense2", "dense3")
    assert spoken[-1] == "3 selected"


def test_escape_closes_and_leaves_the_match_selected(view, bar):
    write(bar, "conv2")
    QTest.keyClick(bar.field, K.Key_Return)
    QTest.keyClick(bar.field, K.Key_Escape)
    assert bar.isHidden()
    assert view.hasFocus()
    assert view.canvas.document.selection.only == "conv2"
    assert_in_step(view)


def test_f3_opens_the_bar_again_with_the_last_search(view, bar):
    write(bar, "conv")
    bar.dismiss()
    bar.next()
    assert bar.isVisible()
    assert view.canvas.document.selection.only == "conv1"


def test_what_can_not_be_read_is_said_and_dims_nothing(view, bar, spoken):
    write(bar, "parms > 3")
    assert "did you mean “params”?" in bar.message.text()
    assert bar.message.isVisible()
    assert dimmed(view) == set()
    QTest.keyClick(bar.field, K.Key_Return)
    assert spoken[-1] == bar.message.text()
    bar.field.clear()
    assert bar.message.text().startswith("Try ")


def test_matches_follow_edits(view, bar):
    document = view.canvas.document
    write(bar, "relu")
    QTest.keyClick(bar.field, K.Key_Return)
    QTest.keyClick(bar.field, K.Key_Return)
    assert bar.count.text() == "2 of 4"
    document.edit("Delete", document.graph.remove(["relu1"]))
    assert bar.count.text() == "1 of 3"
    document.edit("Delete", document.graph.remove(["relu2"]))
    assert bar.count.text() == "2 found"
    show(view, chain(a=ReLU()))
    assert bar.count.text() == "1 found"
    assert dimmed(view) == set()


def test_a_wire_that_is_drawn_leaves_the_search_as_it_is(view, bar, hands):
    write(bar, "conv")
    before = dimmed(view)
    hands.press(hands.output("conv2"))
    hands.move(hands.card("dense1"), hands.card("conv1"))
    hands.key(K.Key_Escape)
    assert dimmed(view) == before


def test_the_buttons_do_the_same(view, bar):
    write(bar, "conv")
    buttons = {button.accessibleName(): button for button in bar.findChildren(QToolButton)}
    QTest.mouseClick(buttons["Next match (F3)"], Qt.MouseButton.LeftButton)
    QTest.mouseClick(buttons["Next match (F3)"], Qt.MouseButton.LeftButton)
    QTest.mouseClick(buttons["Previous match (Shift+F3)"], Qt.MouseButton.LeftButton)
    assert view.canvas.document.selection.only == "conv1"
    QTest.mouseClick(buttons["Close (Esc)"], Qt.MouseButton.LeftButton)
    assert bar.isHidden()


@pytest.mark.parametrize("width", [1200, 500, 260])
def test_the_bar_stays_at_the_corner_and_fits(view, bar, width):
    view.resize(width, 500)
    assert view.rect().contains(bar.geometry())
    assert bar.geometry().right() == width - 13
    write(bar, "zzz = 3")
    assert bar.message.height() >= bar.message.heightForWidth(bar.message.width())


def test_tab_goes_round_in_the_bar_and_closing_it_asks_for_no_layer(view, bar):
    write(bar, "conv")
    for name in ("Previous match (Shift+F3)", "Next match (F3)", "Close (Esc)"):
        QTest.keyClick(QApplication.focusWidget(), K.Key_Tab)
        assert QApplication.focusWidget().accessibleName() == name
    QTest.keyClick(QApplication.focusWidget(), K.Key_Tab)
    assert bar.field.hasFocus()
    QTest.keyClick(bar.field, K.Key_Escape)
    assert view.hasFocus()
    assert QApplication.activePopupWidget() is None


def test_a_bar_that_is_hidden_with_the_keyboard_in_it_gives_that_up(view, bar):
    bar.hide()
    assert not bar.isVisible()
    assert not bar.field.hasFocus()
