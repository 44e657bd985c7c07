"""The sheet of keys, and the way from panel to panel."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QSpinBox

from designer import theme
from designer.canvas.keys import MOUSE
from designer.shortcuts import sections

K, SHIFT = Qt.Key, Qt.KeyboardModifier.ShiftModifier


def key(name: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(QApplication.focusWidget(), name, held)


@pytest.fixture
def sheet(window):
    window.canvas.setFocus()
    key(K.Key_F1)
    assert window.shortcut_sheet.isVisible()
    return window.shortcut_sheet


def shown(sheet) -> list[str]:
    return [label.text() for label in sheet.findChildren(QLabel) if label.isVisible()]


def test_every_command_with_a_key_and_every_key_of_the_canvas_is_on_the_sheet(window, sheet):
    texts = shown(sheet)
    for name, action in window.commands:
        if not action.shortcut().isEmpty():
            assert action.shortcut().toString(QKeySequence.SequenceFormat.NativeText) in texts, name
    for row in window.canvas.keys:
        assert row.does in texts or all(row_keys in texts for row_keys in row.bound)
    assert {does for _, does in MOUSE} <= set(texts)


def test_nothing_is_on_the_sheet_twice(window):
    # Trace, stepper and kernel editor have keys of their own, which mean something else on the canvas.
    apart = [[section] for section in sections(window) if section.title.startswith(("Trace", "Step", "Kernel"))]
    others = [section for section in sections(window) if [section] not in apart]
    assert len(apart) == 3
    for part in (*apart, others):
        flat = [one for section in part for keys, _ in section.rows for one in keys]
        assert len(flat) == len(set(flat))


def test_no_key_is_bound_to_two_commands(window):
    bound = [keys for _, action in window.commands for keys in action.shortcuts()]
    assert len(bound) == len(set(bound))


@pytest.mark.parametrize("pressed", [K.Key_Escape, K.Key_A, K.Key_Return, K.Key_Delete])
def test_any_key_closes_it_and_does_nothing_else(window, sheet, pressed):
    window.files.open_example("lenet5.json")
    window.document.selection.select(["conv1"])
    key(pressed)
    assert sheet.isHidden()
    assert window.canvas.hasFocus()
    assert "conv1" in window.document.graph


def test_no_shortcut_goes_through_the_sheet(window, sheet):
    key(K.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert sheet.isHidden()
    assert window.document.selection.nodes == ()


def test_a_question_mark_opens_it_and_a_click_closes(window, qtbot):
    window.canvas.setFocus()
    key(K.Key_Question)
    assert window.shortcut_sheet.isVisible()
    QTest.mouseClick(window.shortcut_sheet, Qt.MouseButton.LeftButton, pos=QPoint(4, 4))
    assert window.shortcut_sheet.isHidden()


@pytest.mark.parametrize("size", [(1440, 900), (1000, 640), (760, 500)])
def test_it_fits_any_window_and_nothing_is_cut_off(window, sheet, size):
    window.resize(*size)
    QApplication.processEvents()
    assert sheet.rect().contains(sheet.card.geometry())
    content = sheet.sheet.widget()
    assert content.width() <= sheet.sheet.viewport().width()
    for label in sheet.findChildren(QLabel):
        inside = content.rect().contains(label.rect().translated(label.mapTo(content, QPoint())))
        assert inside or not content.isAncestorOf(label), label.text()
        if not label.wordWrap():
            assert label.width() >= label.sizeHint().width(), label.text()


def test_arrows_scroll_where_not_all_fits(window, sheet):
    window.resize(760, 500)
    QApplication.processEvents()
    bar = sheet.sheet.verticalScrollBar()
    assert bar.maximum() > 0
    key(K.Key_Down)
    assert sheet.isVisible()
    assert bar.value() > 0
    key(K.Key_X)
    assert sheet.isHidden()


def test_a_screen_reader_is_given_all_of_it(sheet):
    assert "C: Connect" in sheet.sheet.accessibleDescription()


def test_in_both_themes_letters_stand_on_the_surface(window, sheet, qapp):
    for look in (theme.LIGHT, theme.DARK):
        theme.apply(qapp, look)
        picture = sheet.sheet.viewport().grab().toImage()
        corner = picture.pixelColor(picture.width() - 3, picture.height() - 3)
        assert corner.name() == look.surface


def test_f6_goes_from_panel_to_panel_and_back(window, qtbot):
    window.files.open_example("lenet5.json")
    window.document.selection.select(["conv1"])
    window.canvas.setFocus()
    QApplication.processEvents()  # the Problems list lays its rows out
    panels = [window.canvas, *window.docks.values()]

    def panel() -> int:
        focus = QApplication.focusWidget()
        return next(place for place, one in enumerate(panels) if one is focus or one.isAncestorOf(focus))

    seen = [panel()]
    for _ in range(20):
        key(K.Key_F6)
        if panel() == seen[0]:
            break
        seen.append(panel())
    visible = [place for place, one in enumerate(panels) if one.isVisible()]
    assert seen == visible
    key(K.Key_F6, SHIFT)
    assert panel() == seen[-1]


def test_a_panel_keeps_its_place(window):
    window.files.open_example("lenet5.json")
    window.document.selection.select(["conv1"])
    boxes = [box for box in window.inspector.findChildren(QSpinBox) if box.isVisible()]
    boxes[2].setFocus()
    key(K.Key_F6)
    assert not boxes[2].hasFocus()
    key(K.Key_F6, SHIFT)
    assert boxes[2].hasFocus()
    window.document.selection.select(["conv2"])  # other fields; the old ones are gone
    window.canvas.setFocus()
    for _ in range(3):
        key(K.Key_F6)
    assert window.inspector.isAncestorOf(QApplication.focusWidget())


def test_escape_leads_from_every_field_of_the_form_back_to_the_canvas(window):
    window.files.open_example("lenet5.json")
    window.canvas.setFocus()
    for node in ("image", "conv1", "pool1", "dense1", "softmax"):
        window.document.selection.select([node])
        form = window.inspector.node_page.form
        for field in [field for editor in form.editors.values() for field in editor.fields() if field.isVisible()]:
            field.setFocus()
            key(K.Key_Escape)
            assert window.canvas.hasFocus(), (node, field)


def test_enter_leads_into_the_form_and_escape_out(window):
    window.files.open_example("lenet5.json")
    window.canvas.setFocus()
    window.document.selection.select(["conv1"])
    key(K.Key_Return)
    assert window.inspector.node_page.form.editors["filters"].isAncestorOf(QApplication.focusWidget())
    key(K.Key_Escape)
    assert window.canvas.hasFocus()
    assert window.document.selection.only == "conv1"
