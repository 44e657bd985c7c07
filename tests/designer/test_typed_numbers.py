"""Numbers are read as people type them, and shown as they would."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from designer.document import Document
from designer.number_fields import NumberBox, SpinBox
from designer.panels.inspector import Inspector
from designer.typed_numbers import read, read_several, written
from engine import Graph, Input, Network, Node, Normalization


@pytest.mark.parametrize(
    ("text", "value"),
    [("0.5", 0.5), (" -2 ", -2), ("−2", -2), ("1e-5", 1e-5), ("0,5", 0.5), ("1,000", 1000), ("12,345,678", 12345678)],
)
def test_english_numbers_are_read(text: str, value: float):
    assert read(text) == value


@pytest.mark.usefixtures("german")
@pytest.mark.parametrize(("text", "value"), [("0,5", 0.5), ("0.5", 0.5), ("1,000", 1), ("2,5e-3", 0.0025)])
def test_german_numbers_are_read(text: str, value: float):
    assert read(text) == value


@pytest.mark.parametrize("text", ["", "a", "1.2.3", "1,2,3", "1,00.5"])
def test_what_is_no_number_is_none(text: str):
    with pytest.raises(ValueError, match="could not convert"):
        read(text)


@pytest.mark.parametrize("value", [0.5, -2, 1e-5, 1234567.25, 0.1 + 0.2, 1e22])
def test_what_is_shown_is_read_as_the_same_number(request, value: float):
    assert read(written(value)) == value
    assert read_several(f"{written(value)}, {written(value)}") == (value, value)
    request.getfixturevalue("german")
    assert read(written(value)) == value
    assert read_several(f"{written(value)}; {written(value)}") == (value, value)


def test_several_numbers_have_spaces_commas_or_semicolons_between_them(request):
    for text in ("0.5, 2", "0.5,2", "0.5 2", "0.5;2", " 0.5 ,  2 ,"):
        assert read_several(text) == (0.5, 2)
    request.getfixturevalue("german")
    for text in ("0,5; 2", "0,5 2", "0,5, 2", "0.5, 2", "0.5,2", "0,5;2;"):
        assert read_several(text) == (0.5, 2)


@pytest.mark.usefixtures("german")
def test_fields_show_german_numbers_and_read_them(qtbot):
    share, size = NumberBox(0, 1), SpinBox(0, 100_000, "px")
    for box in (share, size):
        qtbot.addWidget(box)
        box.show()
    share.show_number(0.25)
    size.show_number(61706)
    assert (share.text(), size.text()) == ("0,25", "61.706 px")
    for box, typed, value, shown in (
        (share, "0,125", 0.125, "0,125"),
        (share, "0.5", 0.5, "0,5"),
        (size, "12.345", 12345, "12.345 px"),
        (size, "12345", 12345, "12.345 px"),
    ):
        box.selectAll()
        QTest.keyClicks(box, typed)
        QTest.keyClick(box, Qt.Key.Key_Return)
        assert (box.value(), box.text()) == (value, shown)


@pytest.mark.usefixtures("german")
def test_a_list_of_german_numbers(qtbot):
    graph = Graph().add(Node("image", Input())).add(Node("norm", Normalization(mean=(0.485, 0.456, 0.406))))
    document = Document()
    document.load(Network(graph=graph))
    inspector = Inspector(document)
    qtbot.addWidget(inspector)
    document.selection.select(["norm"])
    line = inspector.node_page.form.editors["mean"].line
    assert line.text() == "0,485; 0,456; 0,406"
    line.selectAll()
    QTest.keyClicks(line, "0,5 0,25 1")
    assert document.graph.node("norm").layer.mean == (0.5, 0.25, 1)
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert line.text() == "0,5; 0,25; 1"
