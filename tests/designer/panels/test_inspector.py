import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from designer import theme
from designer.number_fields import DragLabel
from designer.panels.fix_button import FixButton
from designer.panels.inspector import Inspector
from engine import Conv2D, Flatten, Input, MaxPool2D, Normalization, Severity, initialise


@pytest.fixture
def inspector(shown, sound) -> Inspector:
    return shown(Inspector(sound))


def test_nothing_selected_shows_the_network(inspector, sound):
    page = inspector.network_page
    assert page.isVisible()
    assert page.name.text() == "Sample"
    figures = page.figures.texts()
    assert figures["Parameters"] == f"{sound.analysis.totals.parameters:,}"
    assert figures["Maps"] == "59 KiB"


def test_the_network_can_be_renamed(inspector, sound):
    name = inspector.network_page.name
    name.selectAll()
    QTest.keyClicks(name, "LeNet")
    assert sound.network.name == "LeNet"
    assert sound.undo_stack.count() == 1
    sound.undo_stack.undo()
    assert name.text() == "Sample"
    name.selectAll()
    QTest.keyClick(name, Qt.Key.Key_Delete)
    assert sound.network.name == "Untitled"


def test_several_selected_shows_their_sums(inspector, sound):
    sound.selection.select(("conv1", "dense1"))
    page = inspector.several_page
    nodes = sound.analysis.nodes
    assert page.isVisible()
    assert page.count.text() == "2 layers selected"
    weights = nodes["conv1"].weights + nodes["dense1"].weights
    assert page.figures.texts()["Weights"] == f"{weights:,}"


def test_the_numbers_of_one_layer(inspector, sound):
    sound.selection.select(("conv1",))
    numbers = inspector.node_page.numbers
    assert numbers.shape.text() == "28×28×6"
    assert numbers.figures.texts() == {
        "Input": "32×32×1",
        "Values": "4,704",
        "Weights": "150",
        "Biases": "6",
        "Parameters": "156",
        "Connections": "117,600",
        "MACs": "117,600",
        "Maps": "18 KiB",
        "Receptive field": "5×5 px",
        "Jump": "1 px",
        "Offset": "0 px",
    }


def test_derivations_carry_the_numbers_at_hand(inspector, sound):
    sound.selection.select(("conv1",))
    texts = [label.text() for label in inspector.node_page.derivations.findChildren(QLabel)]
    assert "⌊(32 − 5 + 2·0)/1⌋ + 1 = <b>28</b>" in texts[0]
    assert len(texts) == 7


def test_an_edit_elsewhere_updates_the_numbers(inspector, sound):
    sound.selection.select(("conv1",))
    sound.edit("More filters", sound.graph.replace_layer("conv1", Conv2D(filters=8, kernel=(5, 5))))
    assert inspector.node_page.numbers.shape.text() == "28×28×8"


def test_the_form_is_made_anew_for_another_node_or_type(inspector, sound):
    sound.selection.select(("conv1",))
    first = inspector.node_page.form
    sound.edit("Pool instead", sound.graph.replace_layer("conv1", MaxPool2D()))
    second = inspector.node_page.form
    assert second is not first
    assert second.layer_class is MaxPool2D
    sound.undo_stack.undo()
    assert inspector.node_page.form.layer_class is Conv2D


def test_a_layer_can_be_renamed_and_an_empty_name_is_the_id(inspector, sound):
    sound.selection.select(("conv1",))
    name = inspector.node_page.header.name
    assert name.text() == "conv1"
    name.setFocus()
    name.selectAll()
    QTest.keyClicks(name, "edges")
    assert sound.graph.node("conv1").name == "edges"
    assert sound.undo_stack.count() == 1
    name.selectAll()
    QTest.keyClick(name, Qt.Key.Key_Delete)
    assert sound.graph.node("conv1").name == ""
    assert name.text() == ""  # as long as it is being written
    QTest.keyClick(name, Qt.Key.Key_Return)
    assert name.text() == "conv1"


def test_the_id_typed_as_a_name_is_no_name(inspector, sound):
    sound.selection.select(("conv1",))
    name = inspector.node_page.header.name
    name.setFocus()
    QTest.keyClick(name, Qt.Key.Key_End)
    QTest.keyClicks(name, "x")
    QTest.keyClick(name, Qt.Key.Key_Backspace)
    assert sound.graph.node("conv1").name == ""


def test_a_name_can_hold_spaces_while_it_is_typed(inspector, sound):
    sound.selection.select(("conv1",))
    name = inspector.node_page.header.name
    name.setFocus()
    name.selectAll()
    QTest.keyClicks(name, "first edges")
    assert sound.graph.node("conv1").name == "first edges"


def test_an_error_is_shown_at_its_field_and_its_fix_works(shown, broken):
    inspector = shown(Inspector(broken))
    broken.selection.select(("conv1",))
    form = inspector.node_page.form
    box, remarks = form.editors["kernel"].boxes.boxes[0], form.remarks["kernel"]
    assert box.property("finding") == "error"
    assert remarks.isVisible()
    button = remarks.views[0].buttons[0]
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert broken.graph.node("conv1").layer.kernel == (32, 32)
    assert form.editors["kernel"].value() == (32, 32)
    assert inspector.node_page.form is form
    assert not remarks.isVisible()
    assert box.property("finding") == ""
    broken.undo_stack.undo()
    assert box.property("finding") == "error"


def test_an_error_of_no_field_is_shown_above_the_form_and_its_fix_works(shown, broken):
    inspector = shown(Inspector(broken))
    broken.selection.select(("dense1",))
    view = inspector.node_page.remarks.views[0]
    assert view.finding.severity is Severity.ERROR
    assert [button.text() for button in view.buttons] == ["Insert Flatten"]
    QTest.keyClick(view.buttons[0], Qt.Key.Key_Return)
    assert any(isinstance(node.layer, Flatten) for node in broken.graph.nodes)
    assert not inspector.node_page.remarks.isVisible()
    assert inspector.node_page.numbers.shape.text() == "10"


def test_an_unknown_output_has_no_derivations(shown, broken):
    inspector = shown(Inspector(broken))
    broken.selection.select(("conv1",))
    assert inspector.node_page.numbers.shape.text() == "?"
    assert not inspector.node_page.derivations.isVisible()


def test_help_follows_the_focus(qtbot, inspector, sound):
    sound.selection.select(("conv1",))
    form = inspector.node_page.form
    form.editors["stride"].boxes.boxes[1].setFocus()
    qtbot.waitUntil(lambda: inspector.help_text().startswith("Stride: How far"))
    form.editors["bias"].box.setFocus()
    assert inspector.help_text().startswith("Bias:")
    inspector.node_page.header.name.setFocus()
    assert inspector.help_text() == ""


def test_edit_puts_the_cursor_into_the_first_field(inspector, sound):
    sound.selection.select(("conv1",))
    inspector.edit()
    assert inspector.node_page.form.editors["filters"].box.hasFocus()


def test_pages_have_their_height_at_once(inspector, sound, broken):
    sound.selection.select(("conv1",))
    sound.selection.select(("image",))
    page = inspector.node_page
    assert page.height() == page.heightForWidth(page.width())


@pytest.mark.parametrize("width", [280, 300])
def test_nothing_is_wider_than_the_column(qapp, shown, sound, broken, width):
    for document in (sound, broken):
        inspector = shown(Inspector(document), width)
        for node in document.graph.nodes:
            document.selection.select((node.id,))
            qapp.processEvents()
            page = inspector.node_page
            assert page.width() == width - 24
            for label in page.findChildren(QLabel) + page.findChildren(FixButton):
                if label.isVisible():
                    right = label.mapTo(page, label.rect().topRight()).x()
                    assert right < page.width(), label.text()


def test_removing_the_selected_layer_shows_the_network(inspector, sound):
    sound.selection.select(("conv1",))
    sound.edit("Remove", sound.graph.remove(["conv1"]))
    assert inspector.network_page.isVisible()


def test_the_theme_can_change_while_a_layer_is_shown(qapp, inspector, sound):
    sound.selection.select(("conv1",))
    theme.apply(qapp, theme.DARK)
    text = inspector.node_page.derivations.findChild(QLabel).text()
    assert theme.DARK.muted in text


def test_while_a_number_is_dragged_the_texts_follow_a_moment_later(inspector, sound, qtbot):
    sound.selection.select(("conv1",))
    page = inspector.node_page
    label = next(one for one in page.form.findChildren(DragLabel) if one.text() == "Filters")
    before = page.numbers.figures.texts()["Weights"]
    QTest.mousePress(label, Qt.MouseButton.LeftButton, pos=QPoint(2, 5))
    QTest.mouseMove(label, QPoint(40, 5))
    weights = f"{sound.analysis.nodes['conv1'].weights:,}"
    assert weights != before
    assert page.numbers.figures.texts()["Weights"] == before
    qtbot.waitUntil(lambda: page.numbers.figures.texts()["Weights"] == weights)
    QTest.mouseMove(label, QPoint(80, 5))
    QTest.mouseRelease(label, Qt.MouseButton.LeftButton, pos=QPoint(80, 5))
    weights = f"{sound.analysis.nodes['conv1'].weights:,}"
    qtbot.waitUntil(lambda: page.numbers.figures.texts()["Weights"] == weights)
    assert sound.undo_stack.count() == 1


def test_other_weights_change_nothing_here(inspector, sound, monkeypatch):
    sound.selection.select(("conv1",))
    shown = []
    monkeypatch.setattr(inspector.node_page, "show_node", shown.append)
    sound.set_weights("Random", initialise(sound.graph))
    assert shown == []
    sound.undo_stack.undo()
    assert shown == []
    sound.edit("Edit", sound.graph.replace_layer("conv1", Conv2D(filters=3)))
    assert shown == ["conv1"]


def test_a_list_that_is_longer_than_its_field_is_shown_from_its_beginning(shown, chain):
    document = chain(image=Input(), normalize=Normalization(mean=(0.485, 0.456, 0.406)))
    document.selection.select(["normalize"])
    inspector = shown(Inspector(document))
    line = inspector.node_page.form.editors["mean"].line
    assert not line.hasFocus()  # with it, all would be selected
    assert line.cursorPosition() == 0
    line.setFocus()
    line.setText("")
    QTest.keyClicks(line, "0.5 0.4")
    assert document.graph.node("normalize").layer.mean == (0.5, 0.4)
    assert line.cursorPosition() == 7  # where one is writing
