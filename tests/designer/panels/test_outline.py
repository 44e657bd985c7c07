"""The outline of the network."""

import time

import pytest
from PySide6.QtCore import QItemSelectionModel, QPersistentModelIndex, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from designer.document import Document
from designer.panels.outline import Outline
from designer.panels.outline_model import NAME, OUTPUT, PARAMETERS, PROBLEM, TYPE, OutlineModel, Row
from engine import Conv2D, Flatten, Graph, Input, Network, Node, ReLU
from tests.engine.networks import chain, lenet5

K = Qt.Key
HELD = Qt.KeyboardModifier
NONE, CONTROL, SHIFT = HELD.NoModifier, HELD.ControlModifier, HELD.ShiftModifier
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def document(qapp) -> Document:
    document = Document()
    document.load(Network(graph=lenet5()))
    return document


@pytest.fixture
def outline(document, shown) -> Outline:
    outline = shown(Outline(document), 480, 560)
    outline.tester = QAbstractItemModelTester(
        outline.model, QAbstractItemModelTester.FailureReportingMode.Warning, outline
    )
    return outline


def nodes(outline: Outline) -> list[str]:
    return [row.node for row in outline.model.rows]


def text(outline: Outline, node: str, column: int) -> str:
    return outline.model.index(outline.model.place(node), column).data()


def click(outline: Outline, node: str, held=NONE) -> None:
    spot = outline.tree.visualRect(outline.model.index(outline.model.place(node), NAME)).center()
    QTest.mouseClick(outline.tree.viewport(), LEFT, held, spot)


def selected(outline: Outline) -> list[str]:
    rows = sorted(index.row() for index in outline.tree.selectionModel().selectedRows())
    return [outline.model.rows[row].node for row in rows]


def sort(outline: Outline, column: int) -> None:
    """Click a column's title."""
    header = outline.tree.header()
    at = header.viewport().rect().center()
    at.setX(header.sectionViewportPosition(column) + header.sectionSize(column) // 2)
    QTest.mouseClick(header.viewport(), LEFT, pos=at)


def test_all_layers_are_listed_in_order_with_their_numbers(outline):
    assert nodes(outline) == [node.id for node in lenet5().nodes]
    assert [text(outline, "conv2", column) for column in range(5)] == ["conv2", "Conv2D", "10×10×16", "2,416", ""]
    assert text(outline, "relu1", PARAMETERS) == ""
    parameters = outline.model.index(1, PARAMETERS).data(Qt.ItemDataRole.TextAlignmentRole)
    assert parameters & Qt.AlignmentFlag.AlignRight.value
    assert outline.model.index(1, NAME).data(Qt.ItemDataRole.DecorationRole) is not None


def test_a_problem_has_its_mark_and_its_sentence(outline, document):
    document.edit("Delete", document.graph.remove(["flatten"]))
    cell = outline.model.index(outline.model.place("dense1"), PROBLEM)
    assert cell.data(Qt.ItemDataRole.DecorationRole) is not None
    (error,) = [found for found in document.findings if found.severity == "error"]
    assert error.message in cell.data(Qt.ItemDataRole.ToolTipRole)
    assert text(outline, "dense1", OUTPUT) == "—"
    clean = outline.model.index(outline.model.place("conv1"), PROBLEM)
    assert clean.data(Qt.ItemDataRole.DecorationRole) is None
    assert "dense1, Dense, output —" in outline.model.index(cell.row(), NAME).data(Qt.ItemDataRole.AccessibleTextRole)


def test_the_selection_goes_both_ways(outline, document):
    click(outline, "conv1")
    assert document.selection.nodes == ("conv1",)
    click(outline, "pool1", CONTROL)
    assert document.selection.nodes == ("conv1", "pool1")
    click(outline, "conv2", SHIFT)
    assert document.selection.nodes == ("conv1", "pool1", "conv2")
    click(outline, "relu2")
    assert document.selection.nodes == ("relu2",)
    document.selection.select(["dense1", "softmax"])
    assert selected(outline) == ["dense1", "softmax"]
    document.selection.select([])
    assert selected(outline) == []


def test_the_keyboard_walks_from_what_was_selected_elsewhere(outline, document):
    document.selection.select(["conv2"])
    outline.tree.setFocus()
    QTest.keyClick(outline.tree, K.Key_Down)
    assert document.selection.nodes == ("relu2",)


def test_a_selected_row_is_scrolled_into_view(outline, document):
    outline.resize(480, 160)
    document.selection.select(["softmax"])
    row = outline.tree.visualRect(outline.model.index(13, NAME))
    assert outline.tree.viewport().rect().contains(row.center())


def test_double_click_and_enter_reveal(outline, document, qtbot):
    with qtbot.waitSignal(outline.node_activated) as told:
        spot = outline.tree.visualRect(outline.model.index(4, TYPE)).center()
        QTest.mouseClick(outline.tree.viewport(), LEFT, pos=spot)
        QTest.mouseDClick(outline.tree.viewport(), LEFT, pos=spot)
    assert told.args == ["conv2"]
    assert document.selection.only == "conv2"
    outline.tree.setFocus()
    QTest.keyClick(outline.tree, K.Key_Down)
    with qtbot.waitSignal(outline.node_activated) as told:
        QTest.keyClick(outline.tree, K.Key_Return)
    assert told.args == ["relu2"]


def test_f2_renames_in_place_as_one_step(outline, document):
    document.selection.select(["conv2"])
    outline.tree.setFocus()
    QTest.keyClick(outline.tree, K.Key_F2)
    editor = outline.tree.findChild(QLineEdit)
    editor.selectAll()
    QTest.keyClicks(editor, "second")
    QTest.keyClick(editor, K.Key_Return)
    QApplication.processEvents()  # the view takes the name once the key is done with
    assert document.graph.by_id["conv2"].label == "second"
    assert text(outline, "conv2", NAME) == "second"
    assert document.undo_stack.undoText() == "Rename layer"
    document.undo_stack.undo()
    assert text(outline, "conv2", NAME) == "conv2"


def test_escape_leaves_the_name_as_it_was(outline, document):
    document.selection.select(["conv2"])
    outline.tree.setFocus()
    QTest.keyClick(outline.tree, K.Key_F2)
    editor = outline.tree.findChild(QLineEdit)
    QTest.keyClicks(editor, "other")
    QTest.keyClick(editor, K.Key_Escape)
    assert document.undo_stack.count() == 0
    assert not outline.model.setData(outline.model.index(4, NAME), " conv2 ")
    assert not outline.model.setData(outline.model.index(4, TYPE), "Dense")


def test_titles_sort_and_a_third_click_brings_the_order_back(outline, document):
    document.selection.select(["conv2"])
    sort(outline, PARAMETERS)
    assert nodes(outline)[-1] == "dense1"
    assert outline.model.headerData(PARAMETERS, Qt.Orientation.Horizontal) == "Parameters ↑"
    sort(outline, PARAMETERS)
    assert nodes(outline)[:3] == ["dense1", "dense2", "conv2"]
    assert selected(outline) == ["conv2"]
    assert document.selection.nodes == ("conv2",)
    sort(outline, PARAMETERS)
    assert nodes(outline) == [node.id for node in lenet5().nodes]
    for column in (NAME, TYPE, OUTPUT, PROBLEM):
        sort(outline, column)
        assert sorted(nodes(outline)) == sorted(node.id for node in lenet5().nodes)
    assert nodes(outline)[0] == "dense1"  # it alone has a remark


def test_the_filter_speaks_the_language_of_find(outline, document):
    QTest.keyClicks(outline.field, "type = Conv2D")
    assert nodes(outline) == ["conv1", "conv2"]
    assert outline.message.text() == "2 of 14 layers"
    outline.field.setText("parms > 3")
    assert "did you mean" in outline.message.text()
    assert len(nodes(outline)) == 14
    outline.field.setText("zebra")
    assert outline.message.text() == "0 of 14 layers"
    outline.field.clear()
    assert outline.message.isHidden()
    outline.field.setText("params > 1000")
    document.edit("Change", document.graph.replace_layer("conv1", Conv2D(filters=100, kernel=(5, 5))))
    assert nodes(outline)[0] == "conv1"


def test_filtering_leaves_the_selection_alone(outline, document):
    document.selection.select(["conv1", "dense1"])
    outline.field.setText("dense")
    assert selected(outline) == ["dense1"]
    assert document.selection.nodes == ("conv1", "dense1")
    outline.field.clear()
    assert selected(outline) == ["conv1", "dense1"]


def test_edits_touch_only_the_rows_that_change(outline, document):
    changes, resets = [], []
    outline.model.dataChanged.connect(lambda first, last: changes.append((first.row(), last.row())))
    outline.model.modelReset.connect(lambda: resets.append(1))
    kept = QPersistentModelIndex(outline.model.index(4, NAME))
    document.edit("Rename", document.graph.rename("pool1", "first pool"))
    assert changes == [(3, 3)]
    document.edit("Insert", document.graph.insert(document.graph.edges[0], Node("new", ReLU())))
    assert nodes(outline)[:3] == ["image", "new", "conv1"]
    assert kept.row() == 5
    document.edit("Delete", document.graph.remove(["relu1", "pool1"]))
    assert nodes(outline)[kept.row()] == "conv2"
    document.edit("Move", document.graph, {"conv1": (300, 300)})
    assert not resets


def test_an_edit_of_a_selected_row_does_not_change_the_selection(outline, document):
    seen = []
    document.selection.select(["conv1", "conv2"])
    document.selection.changed.connect(seen.append)
    document.edit("Delete", document.graph.remove(["relu1"]))
    sort(outline, NAME)
    document.undo_stack.undo()
    assert seen == []
    document.edit("Delete", document.graph.remove(["conv1"]))
    assert seen == [("conv2",)]
    assert selected(outline) == ["conv2"]


def test_columns_without_room_are_left_out(outline):
    tree = outline.tree
    for width, hidden in ((480, set()), (372, {TYPE}), (262, {TYPE, PARAMETERS}), (150, {TYPE, PARAMETERS, OUTPUT})):
        outline.resize(width, 400)
        QApplication.processEvents()
        assert {column for column in range(5) if tree.isColumnHidden(column)} == hidden
        assert tree.columnWidth(NAME) >= 90
    assert outline.width_in(1440) < outline.width_in(1920) == outline.sizeHint().width()


def test_an_empty_network_says_so(outline, document):
    document.load(Network())
    assert outline.message.text().startswith("The layers that you add")
    document.edit("Add", Graph((Node("a", Flatten()),)))
    assert nodes(outline) == ["a"]


def test_a_thousand_layers_are_shown_and_changed_at_once(document, outline):
    layers = {f"relu{number}": ReLU() for number in range(1000)}
    document.load(Network(graph=chain(image=Input(), **layers)))
    assert len(nodes(outline)) == 1001
    start = time.thread_time()  # its own: what else the machine does says nothing of the outline
    document.edit("Rename", document.graph.rename("relu500", "middle"))
    document.edit("Delete", document.graph.remove(["relu400"]))
    assert time.thread_time() - start < 1.0  # some 30 ms
    assert text(outline, "relu500", NAME) == "middle"


def test_rows_are_put_into_any_order(qapp, shown):
    """Rows that come, go and move at once end up as they should, and what points at one still does."""
    view = shown(QWidget(), 100, 100)
    model = OutlineModel(view)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)

    def rows(names: str) -> list[Row]:
        return [Row(name, name, "ReLU", "activation", "1", 1, 0, ()) for name in names]

    model.show(rows("abcdef"))
    held = {name: QPersistentModelIndex(model.index(place, 0)) for place, name in enumerate("abcdef")}
    for order in ("fedcba", "xfaby", "", "abc", "cxbya"):
        model.show(rows(order))
        assert "".join(row.node for row in model.rows) == order
        for name, index in held.items():
            if index.isValid():
                assert model.rows[index.row()].node == name
    assert tester.model() is model


def test_a_screen_reader_finds_the_rows(outline):
    interface = QAccessible.queryAccessibleInterface(outline.tree)
    name = QAccessible.Text.Name
    assert interface.text(name) == "Outline of the network"
    names = [interface.child(place).text(name) for place in range(interface.childCount())]
    assert "conv1, Conv2D, output 28×28×6, 156 parameters" in names


def test_selecting_rows_by_the_selection_model_reaches_the_document_once(outline, document):
    seen = []
    document.selection.changed.connect(seen.append)
    flags = QItemSelectionModel.SelectionFlag
    outline.tree.selectionModel().select(outline.model.index(2, 0), flags.ClearAndSelect | flags.Rows)
    assert seen == [("relu1",)]
