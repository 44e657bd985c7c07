"""Fields for numbers: their steps, their mixed state, and the labels that drag them."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from designer import document as document_module
from designer.document import Document
from designer.fields import MIXED
from designer.number_fields import DragLabel, NumberBox, SpinBox
from designer.panels.inspector import Inspector
from engine import BatchNorm2D, Conv2D, Dropout, Graph, Input, Network, Node, analyse

LEFT = Qt.MouseButton.LeftButton


@pytest.mark.parametrize(
    ("start", "steps", "end"),
    [
        (1e-5, 1, 1.1e-5),
        (1e-5, -1, 9.9e-6),
        (1.1e-5, -1, 1e-5),
        (3e-4, 2, 3.2e-4),
        (9.9e-4, 2, 1.1e-3),
        (0.5, 1, 0.51),
        (0.1, -1, 0.099),
        (2.0, 1, 2.1),
        (45.0, -1, 44.0),
        (-0.3, 1, -0.29),
        (-0.1, 1, -0.099),
    ],
)
def test_a_number_steps_by_a_tenth_of_its_magnitude(qapp, start, steps, end):
    assert NumberBox(-100, 100).stepped(start, steps) == pytest.approx(end, rel=1e-9)


def test_steps_are_written_without_the_machines_rounding(qtbot):
    box = NumberBox(0, 1)
    qtbot.addWidget(box)
    box.show_number(1e-5)
    for expected in ("1.1e-05", "1.2e-05", "1.3e-05"):
        QTest.keyClick(box, Qt.Key.Key_Up)
        assert box.text() == expected


def test_from_nothing_a_step_is_a_twentieth_and_bounds_hold(qapp):
    box = NumberBox(0, 0.5)
    assert box.stepped(0, 1) == pytest.approx(0.025)
    assert box.stepped(0, -1) == 0
    assert box.stepped(0.5, 3) == 0.5


@pytest.mark.parametrize(
    ("most", "start", "steps", "end"),
    [
        (65536, 8, 1, 9),
        (65536, 640, 1, 650),
        (65536, 100, -1, 99),
        (4096, 640, 1, 641),
        (8, 8, 1, 8),
        (65536, 1, -1, 1),
    ],
)
def test_a_whole_number_steps_by_one_or_in_a_wide_range_by_more(qapp, most, start, steps, end):
    assert SpinBox(1, most).stepped(start, steps) == end


@pytest.mark.parametrize("box", [SpinBox, NumberBox])
def test_a_mixed_box_is_silent_until_a_number_is_chosen(qtbot, box):
    field = box(1, 100, "px")
    qtbot.addWidget(field)
    field.show()
    said = []
    field.valueChanged.connect(said.append)
    field.show_mixed(5)
    assert (field.text(), said) == (f"{MIXED} px", [])
    field.show_mixed(6)
    assert field.text() == f"{MIXED} px"
    field.selectAll()
    QTest.keyClicks(field, "6")
    assert (field.value(), said, field.mixed) == (6, [6], False)
    field.show_mixed(6)
    QTest.keyClick(field, Qt.Key.Key_Up)
    assert field.value() > 6
    field.show_mixed(5)
    field.show_number(5)
    assert field.text() == "5 px"
    assert len(said) == 2


@pytest.fixture
def opened(qtbot):
    def show(layer) -> tuple[Inspector, Document]:
        document = Document()
        graph = Graph().add(Node("image", Input(height=64, width=64))).add(Node("it", layer)).connect("image", "it")
        document.load(Network("One layer", graph))
        document.selection.select(("it",))
        inspector = Inspector(document)
        qtbot.addWidget(inspector)
        inspector.resize(300, 800)
        inspector.show()
        return inspector, document

    return show


def label_of(inspector: Inspector, title: str) -> DragLabel:
    return next(one for one in inspector.node_page.findChildren(DragLabel) if one.text() == title and one.isVisible())


def drag(label: DragLabel, *way: int) -> None:
    """Drag a label sideways, by so many pixels in all at each stop."""
    start = QPoint(4, 4)
    QTest.mousePress(label, LEFT, pos=start)
    for across in way:
        QTest.mouseMove(label, start + QPoint(across, 0))
    QTest.mouseRelease(label, LEFT, pos=start + QPoint(way[-1], 0))


def layer_of(document: Document):
    return document.graph.node("it").layer


def test_a_label_is_dragged_to_change_its_number_in_one_step(opened):
    inspector, document = opened(Conv2D())
    drag(label_of(inspector, "Filters"), 7, 14, 28)
    assert layer_of(document).filters == 12
    assert document.undo_stack.count() == 1
    assert document.undo_stack.undoText() == "Change filters"
    document.undo_stack.undo()
    assert layer_of(document).filters == 8


def test_a_drag_is_one_step_however_long_it_rests_and_the_next_is_another(opened, monkeypatch):
    monkeypatch.setattr(document_module, "MERGE_SECONDS", -1.0)
    inspector, document = opened(Conv2D())
    drag(label_of(inspector, "Filters"), 7, 14, 21)
    assert document.undo_stack.count() == 1
    drag(label_of(inspector, "Filters"), 7)
    assert (document.undo_stack.count(), layer_of(document).filters) == (2, 12)


def test_a_drag_back_to_where_it_began_leaves_no_step(opened):
    inspector, document = opened(Conv2D())
    drag(label_of(inspector, "Filters"), 35, 0)
    assert document.undo_stack.count() == 0
    assert layer_of(document) == Conv2D()


def test_a_linked_pair_is_dragged_as_one_and_a_caption_changes_its_own(opened):
    inspector, document = opened(Conv2D())
    drag(label_of(inspector, "Kernel size"), 14)
    assert layer_of(document).kernel == (5, 5)
    link = inspector.node_page.form.editors["kernel"].boxes.link
    QTest.mouseClick(link, LEFT)
    drag(label_of(inspector, "width"), 14)
    assert layer_of(document).kernel == (5, 7)
    drag(label_of(inspector, "Kernel size"), -14)
    assert layer_of(document).kernel == (3, 5)
    assert document.undo_stack.count() == 3


def test_a_drag_stops_at_the_bounds(opened):
    inspector, document = opened(Dropout(rate=0.5))
    drag(label_of(inspector, "Rate"), -2000)
    assert layer_of(document).rate >= 0
    inspector, document = opened(Conv2D())
    drag(label_of(inspector, "Filters"), -2000)
    assert layer_of(document).filters == 1


def test_epsilon_moves_by_a_tenth(opened):
    inspector, document = opened(BatchNorm2D())
    box = inspector.node_page.form.editors["epsilon"].box
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Up)
    assert layer_of(document).epsilon == pytest.approx(1.1e-5)


def test_every_step_of_a_drag_reaches_all_that_follows(opened):
    inspector, document = opened(Conv2D())
    shapes = []
    document.changed.connect(lambda change: shapes.append(change.analysis.nodes["it"].output))
    drag(label_of(inspector, "Filters"), 7, 14, 21)
    assert [shape.channels for shape in shapes] == [9, 10, 11]
    assert document.analysis == analyse(document.graph)


def test_another_button_and_a_label_without_numbers_drag_nothing(opened):
    inspector, document = opened(Conv2D())
    label = label_of(inspector, "Filters")
    QTest.mousePress(label, Qt.MouseButton.RightButton, pos=QPoint(4, 4))
    QTest.mouseMove(label, QPoint(60, 4))
    QTest.mouseRelease(label, Qt.MouseButton.RightButton, pos=QPoint(60, 4))
    drag(label_of(inspector, "Bias"), 40)
    assert document.undo_stack.count() == 0
    assert "Drag the name" not in label_of(inspector, "Bias").parentWidget().toolTip()
    assert "Drag the name" in label.parentWidget().toolTip()
