"""Solving for a size in the inspector: typed, chosen, applied as one step."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from designer.panels.inspector import Inspector
from designer.panels.solver import SolvePopover, described, parse_size, solution_texts
from engine import AvgPool2D, Conv2D, ConvTranspose2D, Dense, Flatten, Input, MaxPool2D, ReLU, Shape, solve

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def document(chain):
    return chain(
        image=Input(channels=3, height=32, width=32),
        conv1=Conv2D(),
        relu1=ReLU(),
        pool1=MaxPool2D(),
        flatten1=Flatten(),
        dense1=Dense(),
    )


@pytest.fixture
def inspector(shown, document) -> Inspector:
    return shown(Inspector(document))


def opened(inspector: Inspector, document, node: str) -> SolvePopover:
    document.selection.select((node,))
    QTest.mouseClick(inspector.node_page.numbers.solver, LEFT)
    assert inspector.node_page.solver.isVisible()
    return inspector.node_page.solver


def type_size(solver: SolvePopover, text: str) -> None:
    solver.field.selectAll()
    QTest.keyClicks(solver.field, text)


def test_it_is_offered_where_there_is_a_window_and_a_volume(inspector, document, shown, chain):
    offered = []
    for node in document.graph.nodes:
        document.selection.select((node.id,))
        if inspector.node_page.numbers.solver.isVisible():
            offered.append(node.id)
    assert offered == ["conv1", "pool1"]
    loose = chain(conv1=Conv2D())
    other = shown(Inspector(loose))
    loose.selection.select(("conv1",))
    assert not other.node_page.numbers.solver.isVisible()


def test_a_size_is_typed_and_the_best_window_is_taken_by_enter(qtbot, inspector, document):
    solver = opened(inspector, document, "conv1")
    qtbot.waitUntil(solver.field.hasFocus)
    assert solver.field.text() == "30×30×8"
    type_size(solver, "28x28x6")
    QTest.keyClick(solver.field, Qt.Key.Key_Return)
    assert not solver.isVisible()
    assert document.graph.node("conv1").layer == Conv2D(filters=6, kernel=(5, 5))
    assert document.analysis.nodes["conv1"].output == Shape(6, 28, 28)
    assert document.undo_stack.count() == 1
    assert document.undo_stack.undoText() == "Solve for the output"
    document.undo_stack.undo()
    assert document.graph.node("conv1").layer == Conv2D()


def test_another_one_is_chosen_by_the_arrows(qtbot, inspector, document):
    solver = opened(inspector, document, "conv1")
    type_size(solver, "28 28")
    QTest.keyClick(solver.field, Qt.Key.Key_Down)
    qtbot.waitUntil(solver.table.hasFocus)
    QTest.keyClick(solver.table, Qt.Key.Key_Down)
    wanted = solver.solutions.found[1].layer
    QTest.keyClick(solver.table, Qt.Key.Key_Return)
    assert document.graph.node("conv1").layer == wanted != Conv2D(kernel=(5, 5))


def test_by_mouse_a_double_click_or_the_button_takes_it(inspector, document):
    solver = opened(inspector, document, "pool1")
    type_size(solver, "5×5")
    at = solver.table.visualItemRect(solver.table.item(2, 1)).center()
    QTest.mouseClick(solver.table.viewport(), LEFT, pos=at)
    wanted = solver.solutions.found[2].layer
    QTest.mouseClick(solver.applier, LEFT)
    assert document.graph.node("pool1").layer == wanted
    solver = opened(inspector, document, "pool1")
    at = solver.table.visualItemRect(solver.table.item(1, 0)).center()
    wanted = solver.solutions.found[1].layer
    QTest.mouseClick(solver.table.viewport(), LEFT, pos=at)
    QTest.mouseDClick(solver.table.viewport(), LEFT, pos=at)
    assert document.graph.node("pool1").layer == wanted


def test_the_table_says_what_each_costs(inspector, document):
    solver = opened(inspector, document, "conv1")
    type_size(solver, "15×15")
    shown = [solver.table.item(0, column).text() for column in range(solver.table.columnCount())]
    assert shown == ["3×3", "2", "0", "1", "224", "1"]
    assert solver.message.text() == f"{len(solver.solutions.found)} windows, the most usual first."
    assert solver.table.item(0, 0).data(Qt.ItemDataRole.AccessibleTextRole).startswith("window 3×3, stride 2")


def test_where_there_is_none_the_nearest_are_offered(inspector, document):
    solver = opened(inspector, document, "conv1")
    type_size(solver, "64×64")
    assert solver.message.text() == "No window brings 32×32 to 64×64. The nearest that can be had:"
    assert not solver.applier.isEnabled()
    assert not solver.table.isVisible()
    (near,) = [button for button in solver.nearest.findChildren(QPushButton) if not button.isHidden()]
    QTest.mouseClick(near, LEFT)
    assert solver.field.text() == near.text() == "34×34×8"
    assert solver.solutions.found
    QTest.keyClick(solver.field, Qt.Key.Key_Escape)
    assert not solver.isVisible()
    assert document.undo_stack.count() == 0


def test_a_depth_that_can_not_be_made_is_said(inspector, document):
    solver = opened(inspector, document, "pool1")
    type_size(solver, "15x15x9")
    assert solver.message.text() == "MaxPool2D keeps the depth: it can only be 8."
    QTest.keyClick(solver.field, Qt.Key.Key_Return)
    assert solver.isVisible()


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("28×28", (28, 28, None)),
        ("28x20", (20, 28, None)),
        (" 28 X 20 x 6 ", (20, 28, 6)),
        ("28, 20", (20, 28, None)),
        ("28", None),
        ("1×2×3×4", None),
        ("28×a", None),
        ("", None),
    ],
)
def test_sizes_are_read_as_people_write_them(text, size):
    assert parse_size(text) == size


def test_what_can_not_be_read_is_said(inspector, document):
    solver = opened(inspector, document, "conv1")
    type_size(solver, "big")
    assert solver.message.text() == "Two numbers, or three with the depth: 28×28×6."
    assert solver.field.property("invalid")
    type_size(solver, "30x30")
    assert not solver.field.property("invalid")


def test_a_layer_that_does_not_fit_can_be_solved_for(shown, chain):
    document = chain(image=Input(), conv1=Conv2D(kernel=(40, 40)))
    inspector = shown(Inspector(document))
    solver = opened(inspector, document, "conv1")
    assert solver.field.text() == ""
    type_size(solver, "16×16")
    QTest.keyClick(solver.field, Qt.Key.Key_Return)
    assert document.analysis.nodes["conv1"].output == Shape(8, 16, 16)


def test_cells_of_all_kinds():
    shape = Shape(3, 13, 20)
    for layer in (Conv2D(), AvgPool2D(), ConvTranspose2D()):
        for size in ((5, 5), (13, 20), (27, 41)):
            for one in solve(layer, shape, size).found:
                cells = solution_texts(one)
                assert len(cells) == 6
                assert all(cells)
                assert "window" in described(one)[0]
    extra = solve(ConvTranspose2D(kernel=(3, 3)), Shape(3, 7, 7), (14, 14)).found
    assert any("+1" in solution_texts(one)[2] for one in extra)
