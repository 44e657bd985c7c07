"""Numbers that are asked about, by mouse and keyboard: formulas for one layer, the largest parts for several."""

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from designer.panels.explainer import DerivationPopover, Explainer, SharesPopover
from designer.panels.figure_label import FigureLabel
from designer.panels.inspector import Inspector
from designer.panels.shares_list import MOST
from designer.panels.totals import Totals
from engine import Conv2D, Figure, Input, Node, ReLU

LEFT = Qt.MouseButton.LeftButton
ANCHOR = QRect(100, 100, 50, 20)


@pytest.fixture
def inspector(shown, sound) -> Inspector:
    return shown(Inspector(sound))


def texts(popover) -> list[str]:
    labels = popover.derivations.findChildren(QLabel)
    return [label.text() for label in labels if not label.isHidden()]


@pytest.mark.parametrize(
    ("figure", "formula"),
    [
        (Figure.VALUES, "28·28·6 = <b>4,704</b>"),
        (Figure.WEIGHTS, "5·5·1·6 = <b>150</b>"),
        (Figure.PARAMETERS, "150 + 6 = <b>156</b>"),
        (Figure.CONNECTIONS, "28·28·6·(5·5·1) = <b>117,600</b>"),
        (Figure.MACS, "28·28·6·(5·5·1) = <b>117,600</b>"),
        (Figure.MEMORY, "4,704·4 = <b>18,816</b>"),
        (Figure.FIELD, "1 + (5 − 1)·1 = <b>5</b>"),
    ],
)
def test_a_click_on_a_number_shows_how_it_comes_about(inspector, sound, figure, formula):
    sound.selection.select(("conv1",))
    label = inspector.node_page.numbers.figures.label(figure)
    QTest.mouseClick(label, LEFT, pos=QPoint(5, label.height() // 2))
    popover = inspector.explainer.popover
    assert isinstance(popover, DerivationPopover)
    assert popover.title.text().endswith("of conv1")
    assert formula in " ".join(texts(popover))
    assert popover.accessibleName() == popover.title.text()
    popover.close()


def test_the_keyboard_reaches_numbers_asks_and_leaves(qtbot, inspector, sound):
    sound.selection.select(("conv1",))
    shape = inspector.node_page.numbers.shape
    shape.setFocus(Qt.FocusReason.TabFocusReason)
    assert shape.hasFocus()
    assert shape.font().underline()
    QTest.keyClick(shape, Qt.Key.Key_Return)
    popover = inspector.explainer.popover
    assert popover.title.text() == "Output of conv1"
    assert len(texts(popover)) == 3
    QTest.keyClick(popover, Qt.Key.Key_Escape)
    assert inspector.explainer.popover is None


def test_text_can_still_be_selected(inspector, sound):
    sound.selection.select(("conv1",))
    label = inspector.node_page.numbers.figures.label(Figure.CONNECTIONS)
    QTest.mousePress(label, LEFT, pos=QPoint(2, 8))
    QTest.mouseMove(label, QPoint(label.width() - 1, 8))
    QTest.mouseRelease(label, LEFT, pos=QPoint(label.width() - 1, 8))
    assert label.selectedText()
    assert inspector.explainer.popover is None


def test_what_is_no_figure_is_plain_text(inspector, sound, shown, broken):
    sound.selection.select(("conv1",))
    rows = inspector.node_page.numbers.figures.findChildren(FigureLabel)
    assert [label.text() for label in rows if not label.isHidden() and not label.asks] == ["32×32×1"]
    other = shown(Inspector(broken))
    broken.selection.select(("conv1",))
    assert not other.node_page.numbers.shape.asks
    assert other.node_page.numbers.shape.focusPolicy() == Qt.FocusPolicy.NoFocus


def test_the_shape_keeps_its_size_through_all_states(inspector, sound):
    sound.selection.select(("conv1",))
    points = inspector.node_page.numbers.shape.font().pointSizeF()
    assert points == 19
    sound.edit("Break", sound.graph.replace_layer("conv1", Conv2D(kernel=(40, 40))))
    sound.undo_stack.undo()
    assert inspector.node_page.numbers.shape.font().pointSizeF() == 19


def test_totals_of_the_network_show_their_largest_parts(inspector, sound):
    label = inspector.network_page.figures.label(Figure.PARAMETERS)
    QTest.mouseClick(label, LEFT, pos=QPoint(5, label.height() // 2))
    popover = inspector.explainer.popover
    assert isinstance(popover, SharesPopover)
    assert popover.title.text() == "Parameters of the network"
    first = popover.parts.rows[0]
    assert (first.node, first.percent) == ("dense1", "99.7%")
    assert first.accessibleName() == "dense1: 47,050, 99.7%"
    assert not popover.parts.rows[2].isVisible()
    assert not popover.grab().isNull()
    QTest.mouseClick(first, LEFT)
    assert sound.selection.only == "dense1"
    assert inspector.explainer.popover is None


def test_totals_of_a_selection_are_of_that_alone(inspector, sound):
    sound.selection.select(("conv1", "relu1"))
    label = inspector.several_page.figures.label(Figure.MEMORY)
    label.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(label, Qt.Key.Key_Space)
    popover = inspector.explainer.popover
    assert popover.title.text() == "Maps of the selection"
    assert {row.node for row in popover.parts.rows if row.isVisible()} == {"conv1", "relu1"}
    assert popover.parts.rows[0].accessibleName() == "conv1: 18 KiB, 50.0%"


def test_a_row_is_pressed_by_enter_and_tells_where_it_leads(qtbot, shown, sound):
    totals = shown(Totals(sound), 640, 28)
    label = totals.sums[Figure.MACS]
    QTest.mouseClick(label, LEFT, pos=QPoint(5, label.height() // 2))
    row = totals.explainer.popover.parts.rows[0]
    row.setFocus()
    with qtbot.waitSignal(totals.explainer.node_chosen) as caught:
        QTest.keyClick(row, Qt.Key.Key_Return)
    assert caught.args == ["conv1"]


def test_many_parts_are_summed_up_in_the_last_line(shown, chain):
    document = chain(**{f"conv{number}": Conv2D(padding="same") for number in range(12)})
    document.edit("Feed", document.graph.add(Node("image", Input())).connect("image", "conv0"))
    inspector = shown(Inspector(document))
    inspector.explainer.explain_sum(Figure.WEIGHTS, ANCHOR)
    parts = inspector.explainer.popover.parts
    assert sum(row.isVisible() for row in parts.rows) == MOST
    assert parts.rest.text() == f"4 other layers: {3 * 576 + 72:,}"


def test_a_sum_without_parts_says_so(shown, chain):
    document = chain(one=ReLU())
    inspector = shown(Inspector(document))
    inspector.explainer.explain_sum(Figure.WEIGHTS, ANCHOR)
    popover = inspector.explainer.popover
    assert popover.words.text() == "No layer of the network adds any."
    assert not any(row.isVisible() for row in popover.parts.rows)


def test_what_is_not_known_says_so(shown, broken):
    explainer = shown(Inspector(broken)).explainer
    explainer.explain("conv1", Figure.OUTPUT, ANCHOR)
    assert explainer.popover.words.text() == "It is not known yet: the layer has no output."


def test_an_edit_closes_it(inspector, sound):
    inspector.explainer.explain("conv1", Figure.OUTPUT, ANCHOR)
    assert inspector.explainer.popover is not None
    sound.edit("Change", sound.graph.replace_layer("conv1", Conv2D()))
    assert inspector.explainer.popover is None


def test_it_stays_on_the_screen(qapp, inspector):
    room = qapp.primaryScreen().availableGeometry()
    explainer: Explainer = inspector.explainer
    for corner in (room.topLeft(), room.topRight(), room.bottomLeft(), room.bottomRight()):
        explainer.explain("conv1", Figure.OUTPUT, QRect(corner, corner + QPoint(10, 10)))
        shown = explainer.popover.geometry()  # which the offscreen platform moves by a frame of two pixels
        assert room.adjusted(-2, -2, 2, 2).contains(shown)
        explainer.popover.close()
