"""The command palette over a whole window."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from designer.panels.offer_delegate import OFFER

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def palette(window):
    """Open the command palette by its key, from the canvas."""
    window.files.open_example("lenet5.json")
    window.canvas.setFocus()
    return open_by_key(window)


def open_by_key(window):
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_K, CONTROL)
    assert window.command_palette.isVisible()
    assert QApplication.focusWidget() is window.command_palette.field
    return window.command_palette


def texts(palette) -> list[str]:
    return [palette.rows.index(row).data() for row in range(palette.rows.rowCount())]


def row(palette, text: str):
    return palette.rows.index(texts(palette).index(text)).data(OFFER)


def enter(palette, query: str) -> None:
    QTest.keyClicks(palette.field, query)
    QTest.keyClick(palette.field, Qt.Key.Key_Return)


def test_every_command_is_offered_with_its_keys(window, palette):
    offered = {palette.rows.index(place).data(OFFER).key for place in range(palette.rows.rowCount())}
    assert {name for name, _ in window.commands} - offered == {"help.commands"}
    assert row(palette, "Save").keys == "Ctrl+S"
    assert row(palette, "Run at every edit").state == "on"


def test_layers_nodes_and_examples_are_offered(palette):
    assert {"Add Conv2D", "Add Conv + ReLU", "Go to conv2", "Open LeNet-5"} <= set(texts(palette))


def test_enter_runs_the_best_match_and_gives_the_focus_back(window, palette):
    QTest.keyClicks(palette.field, "go to conv2")
    assert texts(palette)[0] == "Go to conv2"
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    assert palette.isHidden()
    assert window.document.selection.only == "conv2"
    assert window.canvas.hasFocus()


def test_a_layer_is_added_below_the_selected_one(window, palette):
    window.document.selection.select(["relu1"])
    enter(palette, "add dropout")
    assert window.document.graph.outgoing["relu1"][0].target == window.document.selection.only
    assert window.document.undo_stack.undoText() == "Insert Dropout"


def test_what_can_not_be_done_says_why_and_stays(window, palette, spoken):
    assert row(palette, "Stop").refused == "Nothing is running"
    QTest.keyClicks(palette.field, "undo")
    assert texts(palette)[0] == "Undo"
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    assert palette.isVisible()
    assert spoken[-1] == "There is nothing to undo"


def test_escape_closes_and_gives_the_focus_back(window, palette):
    palette.dismiss()
    field = window.palette_panel.findChild(type(palette.field))
    field.setFocus()
    open_by_key(window)
    QTest.keyClick(palette.field, Qt.Key.Key_Escape)
    assert palette.isHidden()
    assert field.hasFocus()


def test_tab_does_not_lead_out_and_a_click_beside_the_card_closes(window, palette):
    QTest.keyClick(palette.field, Qt.Key.Key_Tab)
    assert palette.field.hasFocus()
    QTest.mouseClick(palette, Qt.MouseButton.LeftButton, pos=QPoint(5, window.height() - 5))
    assert palette.isHidden()


def test_arrows_move_the_row_around_and_are_spoken(palette, spoken):
    QTest.keyClicks(palette.field, "zoom")
    shown = texts(palette)
    QTest.keyClick(palette.field, Qt.Key.Key_Down)
    assert palette.list.currentIndex().data() == shown[1]
    assert spoken[-1].startswith(shown[1])
    for _ in range(2):
        QTest.keyClick(palette.field, Qt.Key.Key_Up)
    assert palette.list.currentIndex().data() == shown[-1]
    QTest.keyClick(palette.field, Qt.Key.Key_PageUp)
    assert palette.list.currentIndex().row() == 0


def test_what_was_used_lately_comes_first(window, palette):
    enter(palette, "actual size")
    assert window.canvas.zoom == 1
    open_by_key(window)
    assert texts(palette)[0] == "Actual size"
    assert palette.field.text() == ""


def test_a_click_runs_a_row(window, palette):
    QTest.keyClicks(palette.field, "go to pool2")
    place = palette.list.visualRect(palette.rows.index(0)).center()
    QTest.mouseClick(palette.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert window.document.selection.only == "pool2"


def test_nothing_that_fits_is_said(palette, spoken):
    enter(palette, "zzzz")
    assert palette.nothing.isVisible()
    assert spoken[-1] == "Nothing fits “zzzz”"
    assert palette.isVisible()


def test_the_card_fits_any_window(window, palette):
    for size in ((1440, 900), (640, 480), (400, 260)):
        window.resize(*size)
        assert palette.size() == window.size()
        assert palette.rect().contains(palette.card.geometry())


def test_a_recent_file_is_offered(window, resources, tmp_path):
    file = tmp_path / "mine.json"
    file.write_bytes((resources / "examples" / "kernels.json").read_bytes())
    window.files.open(file)
    window.files.new()
    palette = open_by_key(window)
    enter(palette, "mine.json")
    assert window.document.path == file
