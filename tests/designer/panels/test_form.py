"""Registry-wide: each layer's form builds, and each of its editors edits the layer through real input."""

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QKeySequence, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow

from designer.document import Document
from designer.panels.editor import Editor
from designer.panels.inspector import Inspector
from engine import (
    LAYERS,
    Conv2D,
    ConvTranspose2D,
    DepthwiseConv2D,
    Dropout,
    Graph,
    Input,
    LinearSVM,
    MaxPool2D,
    Network,
    Node,
    SeparableConv2D,
    Softmax,
    parameters,
)

EVERY_PARAMETER = [(layer, parameter.name) for layer in LAYERS for parameter in parameters(layer)]


def type_over(field: Any, text: str) -> None:
    """Write over what a field holds."""
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)


def change_number(editor: Any) -> None:
    type_over(editor.box, "3")


def change_share(editor: Any) -> None:
    type_over(editor.box, "0.25")


def change_tick(editor: Any) -> None:
    QTest.mouseClick(editor.box, Qt.MouseButton.LeftButton, pos=QPoint(8, editor.box.height() // 2))


def change_choice(editor: Any) -> None:
    editor.box.setFocus()
    last = editor.box.currentIndex() == editor.box.count() - 1
    QTest.keyClick(editor.box, Qt.Key.Key_Up if last else Qt.Key.Key_Down)


def change_pair(editor: Any) -> None:
    type_over(editor.boxes.boxes[1], "6")


def change_list(editor: Any) -> None:
    type_over(editor.line, "4, 6")


def change_padding(editor: Any) -> None:
    editor.choice.setFocus()
    QTest.keyClick(editor.choice, Qt.Key.Key_Down)


def change_labels(editor: Any) -> None:
    editor.box.setFocus()
    QTest.keyClicks(editor.box, "cat")
    QTest.keyClick(editor.box, Qt.Key.Key_Return)
    QTest.keyClicks(editor.box, "dog")


CHANGES: dict[str, tuple[Callable[[Any], None], Any]] = {
    "integer": (change_number, 3),
    "number": (change_share, 0.25),
    "boolean": (change_tick, None),
    "choice": (change_choice, None),
    "pair": (change_pair, (6, 6)),
    "sides": (change_pair, (6, 6, 6, 6)),
    "integers": (change_list, (4, 6)),
    "numbers": (change_list, (4.0, 6.0)),
    "padding": (change_padding, "same"),
    "labels": (change_labels, ("cat", "dog")),
}


@pytest.fixture
def opened(shown):
    """Return a function that shows a layer alone in an inspector."""

    def open_layer(layer, image: Input | None = None) -> tuple[Inspector, Document]:
        graph = Graph((Node("it", layer),))
        if image is not None:
            graph = graph.add(Node("image", image)).connect("image", "it")
        document = Document()
        document.load(Network("One layer", graph))
        document.selection.select(("it",))
        return shown(Inspector(document)), document

    return open_layer


def editor_of(inspector: Inspector, name: str) -> Editor:
    form = inspector.node_page.form
    assert form is not None
    return form.editors[name]


def layer_of(document: Document):
    return document.graph.node("it").layer


@pytest.mark.parametrize("layer", LAYERS)
def test_a_form_has_an_editor_for_each_parameter(opened, layer):
    inspector, _ = opened(layer())
    form = inspector.node_page.form
    assert list(form.editors) == [parameter.name for parameter in parameters(layer)]
    assert {name: editor.value() for name, editor in form.editors.items()} == {
        parameter.name: getattr(layer(), parameter.name) for parameter in parameters(layer)
    }


@pytest.mark.parametrize(("layer", "name"), EVERY_PARAMETER)
def test_input_changes_the_layer_and_undo_brings_the_form_back(opened, layer, name):
    inspector, document = opened(layer())
    editor, before = editor_of(inspector, name), getattr(layer(), name)
    change, expected = CHANGES[editor.parameter.kind]
    change(editor)
    after = getattr(layer_of(document), name)
    assert after != before
    assert expected is None or after == expected
    assert document.undo_stack.count() == 1  # what is typed in one go is one step
    document.undo_stack.undo()
    assert layer_of(document) == layer()
    assert editor.value() == before
    assert editor_of(inspector, name) is editor  # the form stays, with its focus
    document.undo_stack.redo()
    assert editor.value() == after
    assert document.undo_stack.count() == 1  # to be shown is no edit


@pytest.mark.parametrize(("layer", "name"), EVERY_PARAMETER)
def test_no_editor_goes_beyond_the_bounds(opened, layer, name):
    inspector, document = opened(layer())
    editor = editor_of(inspector, name)
    for field in editor.fields():
        if hasattr(field, "maximum"):
            field.setFocus()
            QTest.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
            QTest.keyClicks(field, "99999999")
            field.setValue(field.maximum())
            field.stepUp()
            field.setValue(field.minimum())
            field.stepDown()
    assert isinstance(layer_of(document), layer)


def test_steps_are_named_after_the_parameter(opened):
    inspector, document = opened(Conv2D())
    change_pair(editor_of(inspector, "kernel"))
    assert document.undo_stack.undoText() == "Change kernel size"


def test_a_pair_is_stored_height_first(opened):
    inspector, document = opened(Conv2D(kernel=(3, 5)))
    pair = editor_of(inspector, "kernel").boxes
    assert [box.accessibleName() for box in pair.boxes] == ["Kernel size, height", "Kernel size, width"]
    type_over(pair.boxes[0], "2")
    assert layer_of(document).kernel == (2, 5)


def test_the_link_keeps_a_pair_equal_until_it_is_loosened(opened):
    inspector, document = opened(Conv2D())
    pair = editor_of(inspector, "kernel").boxes
    assert pair.link.isChecked()
    type_over(pair.boxes[0], "5")
    assert layer_of(document).kernel == (5, 5)
    QTest.mouseClick(pair.link, Qt.MouseButton.LeftButton)
    type_over(pair.boxes[1], "1")
    assert layer_of(document).kernel == (5, 1)
    QTest.mouseClick(pair.link, Qt.MouseButton.LeftButton)
    assert layer_of(document).kernel == (5, 5)


def test_an_unequal_pair_is_not_linked(opened):
    inspector, document = opened(Conv2D(kernel=(3, 5)))
    link = editor_of(inspector, "kernel").boxes.link
    assert not link.isChecked()
    document.edit("Square", document.graph.replace_layer("it", Conv2D()))
    assert not link.isChecked()


def test_undo_to_an_unequal_pair_loosens_the_link(opened):
    inspector, document = opened(Conv2D(kernel=(3, 5)))
    pair = editor_of(inspector, "kernel").boxes
    QTest.mouseClick(pair.link, Qt.MouseButton.LeftButton)
    assert layer_of(document).kernel == (3, 3)
    document.undo_stack.undo()
    assert (pair.values(), pair.link.isChecked()) == ((3, 5), False)


def test_custom_padding_starts_from_what_the_name_amounts_to(opened):
    inspector, document = opened(Conv2D(kernel=(4, 4), padding="same"), Input())
    editor = editor_of(inspector, "padding")
    assert editor.sides.isHidden()
    editor.choice.setFocus()
    QTest.keyClick(editor.choice, Qt.Key.Key_End)
    assert layer_of(document).padding == (1, 2, 1, 2)
    assert editor.sides.isVisible()
    type_over(editor.sides.boxes[2], "9")
    assert layer_of(document).padding == (1, 2, 9, 2)


@pytest.mark.parametrize("layer", [DepthwiseConv2D, SeparableConv2D, ConvTranspose2D])
def test_custom_padding_of_every_convolution_starts_from_what_same_amounts_to(opened, layer):
    inspector, document = opened(layer(kernel=(3, 3), stride=(1, 1), padding="same"), Input())
    editor = editor_of(inspector, "padding")
    editor.choice.setFocus()
    QTest.keyClick(editor.choice, Qt.Key.Key_End)
    assert layer_of(document).padding == (1, 1, 1, 1)


def test_linked_custom_padding_changes_all_sides(opened):
    inspector, document = opened(MaxPool2D(), Input())
    editor = editor_of(inspector, "padding")
    editor.choice.setFocus()
    QTest.keyClick(editor.choice, Qt.Key.Key_End)
    assert layer_of(document).padding == (0, 0, 0, 0)
    type_over(editor.sides.boxes[0], "1")
    assert layer_of(document).padding == (1, 1, 1, 1)
    document.undo_stack.undo()
    document.undo_stack.undo()
    assert editor.value() == "valid"
    assert editor.sides.isHidden()


def test_typing_goes_on_while_the_document_follows(opened):
    inspector, document = opened(Conv2D())
    box = editor_of(inspector, "filters").box
    type_over(box, "12")
    box.lineEdit().setCursorPosition(1)
    QTest.keyClicks(box, "0")
    assert layer_of(document).filters == 102
    assert box.lineEdit().cursorPosition() == 2
    assert box.hasFocus()


def test_names_keep_the_cursor_where_the_text_is_the_same(opened):
    inspector, document = opened(Softmax(labels=("cat", "dog")))
    box = editor_of(inspector, "labels").box
    cursor = box.textCursor()
    cursor.setPosition(3)
    box.setTextCursor(cursor)
    QTest.keyClicks(box, "s")
    assert layer_of(document).labels == ("cats", "dog")
    assert box.textCursor().position() == 4


def test_a_line_that_is_begun_is_no_name_yet(opened):
    inspector, document = opened(Softmax())
    box = editor_of(inspector, "labels").box
    QTest.keyClicks(box, "cat")
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert layer_of(document).labels == ("cat",)
    assert box.toPlainText() == "cat\n"


def test_a_share_is_written_without_trailing_zeros(opened):
    inspector, _ = opened(Dropout(rate=0.5))
    assert editor_of(inspector, "rate").box.text() == "0.5"


def test_units_and_groups_of_digits_are_shown(opened):
    inspector, _ = opened(Input(height=224))
    assert editor_of(inspector, "height").box.text() == "224 px"
    inspector, _ = opened(LinearSVM(classes=21_841))
    assert editor_of(inspector, "classes").box.text() == "21,841"


def wheel(field: Any) -> QWheelEvent:
    middle = QPointF(field.rect().center())
    none = Qt.KeyboardModifier.NoModifier
    event = QWheelEvent(
        middle,
        field.mapToGlobal(middle),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        none,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(field, event)
    return event


@pytest.mark.parametrize(("layer", "name"), [(Conv2D, "filters"), (Dropout, "rate"), (Input, "fit")])
def test_the_wheel_changes_only_the_field_with_the_focus(opened, layer, name):
    inspector, document = opened(layer(fit="crop") if name == "fit" else layer())
    before, box = layer_of(document), editor_of(inspector, name).box
    inspector.node_page.header.name.setFocus()
    wheel(box)
    assert layer_of(document) == before
    box.setFocus()
    assert wheel(box).isAccepted()
    assert layer_of(document) != before


@pytest.mark.parametrize(("layer", "name"), [(Conv2D, "filters"), (Dropout, "rate"), (LinearSVM, "labels")])
def test_undo_in_a_field_is_the_windows(qtbot, layer, name):
    document = Document()
    document.load(Network("One layer", Graph((Node("it", layer()),))))
    document.selection.select(("it",))
    window = QMainWindow()
    qtbot.addWidget(window)
    inspector = Inspector(document)
    window.setCentralWidget(inspector)
    undo = QAction(window, shortcut=QKeySequence(QKeySequence.StandardKey.Undo))
    undo.triggered.connect(document.undo_stack.undo)
    window.addAction(undo)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    editor = editor_of(inspector, name)
    CHANGES[editor.parameter.kind][0](editor)
    assert document.undo_stack.index() == 1
    QTest.keyClick(editor.box, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert document.undo_stack.index() == 0
    assert editor.value() == getattr(layer(), name)
