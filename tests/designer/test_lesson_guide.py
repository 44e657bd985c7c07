"""Whole lessons in the live window: pages, exercises, hints, solutions, and steps that are done by doing."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QSpinBox

from designer import lesson_shelf, resources
from engine import Dense
from tests.designer.lesson_hands import (
    STACK,
    TRAINED,
    WEIGHTS,
    click,
    edit,
    marks,
    page,
    solve_stack,
    start,
    write_lesson,
)

# Journeys


def test_a_whole_lesson_by_mouse_with_its_exercise(window, qtbot):
    start(window, STACK)
    panel = page(window)
    assert window.lesson_panel.in_lesson
    assert panel.title.text() == "Filters stack up to a volume"
    assert window.document.network.name == "Lesson 5: one small filter"
    assert window.runs.image is not None
    assert window.runs.image.name == "astronaut.jpg"
    assert window.guide.pointer.seen
    click(panel.onward_button)
    assert panel.caption.text() == "Exercise: the lecture's volume"
    assert window.document.selection.only == "conv"
    assert marks(window) == [True, False, True, True, True]
    form = window.inspector.node_page.form
    filters = form.editors["filters"].fields()[0]
    filters.setFocus()
    filters.selectAll()
    QTest.keyClicks(filters, "6")
    qtbot.waitUntil(lambda: "30×30×6" in panel.exercise.checks.rows[1].words.text())
    for field in form.editors["kernel"].findChildren(QSpinBox):
        field.setFocus()
        field.selectAll()
        QTest.keyClicks(field, "5")
    qtbot.waitUntil(lambda: marks(window) == [True] * 5)
    assert panel.praise.isVisible()
    assert panel.praise.words.text() == "Solved. That was “Filters stack up to a volume”."
    assert STACK in lesson_shelf.done()
    assert not window.commands[f"lesson.{STACK}"].icon().isNull()
    click(panel.onward_button)
    assert panel.title.text() == "Other filters, other maps"
    assert panel.bar.accessibleName() == "Step 1 of 3"


def test_a_whole_lesson_by_keyboard(window, qtbot):
    window.canvas.setFocus()
    QTest.keyClick(window, Qt.Key.Key_F8, Qt.KeyboardModifier.ControlModifier)
    contents = window.lesson_panel.contents
    assert contents.isVisible()
    contents.list.setFocus()
    rows = [contents.list.item(row).text() for row in range(contents.list.count())]
    while contents.list.currentItem().text() != "10 · How large the output is":
        QTest.keyClick(contents.list, Qt.Key.Key_Down)
    assert "Counting" in rows
    QTest.keyClick(contents.list, Qt.Key.Key_Return)
    panel = page(window)
    assert panel.title.text() == "How large the output is"
    assert panel.onward_button.hasFocus()
    QTest.keyClick(window, Qt.Key.Key_F8)
    assert panel.bar.accessibleName() == "Step 2 of 2"
    QTest.keyClick(window, Qt.Key.Key_F8, Qt.KeyboardModifier.ShiftModifier)
    assert panel.bar.accessibleName() == "Step 1 of 2"
    QTest.keyClick(panel.onward_button, Qt.Key.Key_Space)
    assert panel.bar.accessibleName() == "Step 2 of 2"
    for field in window.inspector.node_page.form.editors["stride"].findChildren(QSpinBox):
        field.setFocus()
        field.selectAll()
        QTest.keyClicks(field, "4")
    qtbot.waitUntil(lambda: panel.praise.isVisible())
    assert "10_conv_formula" in lesson_shelf.done()


def test_hints_then_a_solution_beside_ones_own_and_back(window, qtbot):
    start(window, WEIGHTS)
    window.guide.go(2)
    panel = page(window)
    edit(window, "dense1", Dense(units=119))
    qtbot.waitUntil(lambda: "60,986" in panel.exercise.checks.rows[0].words.text())
    own = window.document.graph
    assert not panel.exercise.solution.isVisible()
    click(panel.exercise.hint)
    click(panel.exercise.hint)
    assert len(panel.exercise.hints) == 2
    click(panel.exercise.solution)
    qtbot.waitUntil(lambda: marks(window) == [True] * 4)
    assert panel.exercise.checks.rows[0].own.text().startswith("Yours: The network has 60,986 weights")
    assert panel.exercise.changes.text() == "• dense1: units 119 → 100"
    assert not panel.praise.isVisible()
    assert WEIGHTS not in lesson_shelf.done()  # to look is not to solve
    click(panel.exercise.solution)
    assert window.document.graph == own
    qtbot.waitUntil(lambda: marks(window) == [False, True, True, True])
    window.document.undo_stack.undo()
    assert window.document.graph != own
    window.document.undo_stack.undo()
    assert window.document.graph == own


def test_a_solution_says_which_layers_come_and_go(window):
    start(window, "18_dense")
    window.guide.go(2)
    for _ in window.guide.course.step.exercise.hints:
        click(page(window).exercise.hint)
    click(page(window).exercise.solution)
    lines = page(window).exercise.changes.text().splitlines()
    assert any("svm" in line for line in lines)
    assert any("softmax" in line for line in lines)
    click(page(window).exercise.solution)
    assert not page(window).exercise.changes.isVisible()


def test_an_edit_of_the_solution_is_ones_own_work(window, qtbot):
    start(window, WEIGHTS)
    window.guide.go(2)
    for _ in range(2):
        click(page(window).exercise.hint)
    click(page(window).exercise.solution)
    edit(window, "dense1", Dense(units=50))
    assert page(window).exercise.solution.text() == "Show a solution"
    qtbot.waitUntil(lambda: page(window).praise.isVisible())


def test_start_again_can_be_undone(window, qtbot):
    start(window, STACK)
    window.guide.go(1)
    solve_stack(window)
    solved = window.document.graph
    qtbot.waitUntil(lambda: page(window).praise.isVisible())
    click(page(window).exercise.restart)
    qtbot.waitUntil(lambda: not page(window).praise.isVisible())
    assert 1 in window.guide.course.done  # what was solved stays solved
    window.document.undo_stack.undo()
    assert window.document.graph == solved


def test_images_are_run_for_an_exercise_beside_the_window(window, qtbot):
    start(window, TRAINED)
    window.guide.go(2)
    panel = page(window)
    qtbot.waitUntil(lambda: marks(window) == [False, True])
    assert "taken for “8”" in panel.exercise.checks.rows[0].words.text()
    layer = window.document.graph.node("image").layer
    edit(window, "image", layer.replace(invert=True))
    qtbot.waitUntil(lambda: panel.praise.isVisible())


# Steps that are done by doing


def test_a_step_is_done_when_its_layer_is_selected(window, qtbot):
    start(window, "01_outline")
    window.guide.go(1)
    assert window.guide.pointer.seen
    window.document.selection.select(["conv1"])
    qtbot.wait(100)
    assert 1 not in window.guide.course.done
    window.document.selection.select(["pool2"])
    qtbot.waitUntil(lambda: 1 in window.guide.course.done)
    assert not window.guide.pointer.seen


def test_the_tool_s_button_selects_the_layer_and_opens_the_tool(window, qtbot):
    start(window, "03_sliding")
    window.guide.go(1)
    panel = page(window)
    assert panel.tool.text() == "Lessons ▸ Step through layer  (Ctrl+J)"
    window.document.selection.select(["image"])
    click(panel.tool)
    assert window.docks["stepper"].isVisible()
    assert window.document.selection.only == "filters"
    qtbot.waitUntil(lambda: 1 in window.guide.course.done)


def test_a_step_is_done_when_the_image_has_run(window, qtbot, tmp_path):
    step = {"title": "x", "text": ["y"], "done": [{"check": "ran"}]}
    file = write_lesson(tmp_path / "mine.json", document="shipped:examples/lenet5.json", steps=[step, step])
    window.guide.open_file(file)
    qtbot.wait(100)
    assert 0 not in window.guide.course.done
    window.runs.open_image(resources.path("images", "digits", "7_0023.png"))
    qtbot.waitUntil(lambda: 0 in window.guide.course.done)


def test_what_a_tool_switched_to_is_taken_back_with_the_lesson(window):
    start(window, WEIGHTS)
    window.guide.go(1)
    click(page(window).tool)
    assert window.commands["view.heat_parameters"].isChecked()
    start(window, STACK)
    assert window.commands["view.heat_off"].isChecked()
