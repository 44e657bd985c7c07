"""What a screen reader is told, and what it finds in the window."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QWidget

from designer.announcer import problems_text
from designer.speech import say
from engine import LAYERS, Code, Conv2D, Diagnostic, Flatten, MaxPool2D, Node, Severity


@pytest.fixture
def digit(resources: Path) -> Path:
    return min((resources / "images" / "digits").glob("7_*.png"))


def finding(node: str, severity: Severity = Severity.ERROR, message: str = "It is wrong.") -> Diagnostic:
    return Diagnostic(Code.KERNEL_TOO_LARGE, severity, message, node)


A, B, WARNING = finding("a"), finding("b"), finding("c", Severity.WARNING, "It is odd.")


@pytest.mark.parametrize(
    ("before", "after", "text", "urgent"),
    [
        ([], [A], "1 error: It is wrong.", True),
        ([], [A, B, WARNING], "2 errors, 1 warning: It is wrong.", True),
        ([A], [A, WARNING], "1 warning: It is odd.", False),
        ([A, B], [A], "Problem solved. 1 error left", False),
        ([A, B], [], "2 problems solved. No problems", False),
        ([A], [finding("a", message="It is wrong in other numbers.")], "", False),
        ([], [finding("a", Severity.INFO)], "", False),
        ([A], [B], "1 error: It is wrong.", True),
    ],
)
def test_what_an_edit_did_to_the_problems(before, after, text, urgent):
    assert problems_text(before, after) == (text, urgent)


def test_problems_are_told_as_they_come_and_go(window, spoken):
    window.files.open_example("lenet5.json")
    document = window.document
    document.edit("Change", document.graph.replace_layer("pool1", MaxPool2D(kernel=(40, 40))))
    assert spoken[-1].startswith("1 error: ")
    assert "40×40" in spoken[-1]
    document.undo_stack.undo()
    assert spoken[-1] == "Problem solved. No problems"
    count = len(spoken)
    document.edit("Move", document.graph, {"conv1": (300, 300)})
    assert len(spoken) == count


def test_an_opened_network_is_told(window, spoken):
    window.files.open_example("lenet5.json")
    assert spoken == ["LeNet-5, 14 layers, 1 remark"]
    window.files.new()
    assert spoken[-1] == "Untitled, 0 layers"


def test_a_run_is_told_with_its_answer_and_the_same_answer_once(window, qtbot, digit, spoken):
    window.files.open_example("lenet5.json")
    with qtbot.waitSignal(window.runs.settled):
        window.runs.open_image(digit)
    answers = [text for text in spoken if text.startswith("Answer: ")]
    assert answers == [f"Answer: 7, {window.scores.answers[0].text}"]
    assert any(text.startswith("Ran 14 layers in") for text in spoken)
    with qtbot.waitSignal(window.runs.settled):
        window.runs.run()
    assert [text for text in spoken if text.startswith("Answer: ")] == answers
    graph = window.document.graph
    with qtbot.waitSignal(window.runs.settled):
        window.document.edit("Change", graph.replace_layer("conv1", Conv2D(filters=9, kernel=(5, 5))))
    assert len([text for text in spoken if text.startswith("Answer: ")]) == 2  # random weights answer otherwise
    assert not any(text.startswith("Running") for text in spoken)


def test_nothing_is_said_where_there_is_nothing_to_say(window, spoken):
    say(window, "")
    assert spoken == []


def test_every_widget_that_can_have_the_focus_has_a_name(window, qtbot, digit):
    window.files.open_example("lenet5.json")
    with qtbot.waitSignal(window.runs.settled):
        window.runs.open_image(digit)
    window.maps.map_activated.emit("conv1", 2)
    window.command_palette.open()
    window.command_palette.dismiss()
    window.shortcut_sheet.open()
    window.shortcut_sheet.dismiss()
    window.document.edit("Break", window.document.graph.add(Node("loose", Flatten())))
    nameless = set(without_name(window))
    for layer in LAYERS:  # each has a form of its own
        window.canvas.add_layers((layer.__name__,))
        nameless |= set(without_name(window))
    window.canvas.select_all()
    nameless |= set(without_name(window))
    assert not nameless


def without_name(window: QWidget) -> list[str]:
    """Return the widgets that can have the focus and have no name; the parts of a field share its focus."""
    found = []
    for widget in window.findChildren(QWidget):
        if widget.focusPolicy() == Qt.FocusPolicy.NoFocus or widget.focusProxy() is not None:
            continue
        interface = QAccessible.queryAccessibleInterface(widget)
        if interface is None or not interface.text(QAccessible.Text.Name):
            chain, parent = [], widget
            while parent is not None:
                chain.append(f"{type(parent).__name__}({parent.objectName()})")
                parent = parent.parentWidget()
            found.append(" in ".join(chain))
    return found


def test_the_whole_window_can_be_walked_by_a_screen_reader(window):
    window.files.open_example("lenet5.json")
    QApplication.processEvents()
    waiting, seen = [QAccessible.queryAccessibleInterface(window)], 0
    while waiting:
        here = waiting.pop()
        seen += 1
        waiting.extend(child for place in range(here.childCount()) if (child := here.child(place)) is not None)
    assert seen > 150
