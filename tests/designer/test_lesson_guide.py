"""Whole lessons in the live window: pages, pointing, exercises, hints, solutions, and everything given back."""

import json
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, QSettings, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox, QSpinBox

from designer import lesson_menu, lesson_shelf, pointing, resources
from designer.window import MainWindow
from engine import Conv2D, Dense, ReLU
from engine.lessons import Point, load_lesson

LEFT = Qt.MouseButton.LeftButton
STACK, WEIGHTS, TRAINED = "05_stack", "11_weights", "19_trained"


@pytest.fixture(autouse=True)
def _own_folder(monkeypatch, tmp_path):
    monkeypatch.setattr(lesson_shelf, "own_folder", lambda: tmp_path / "own")
    monkeypatch.setattr(lesson_menu, "own_folder", lambda: tmp_path / "own")


def start(window: MainWindow, name: str) -> None:
    window.commands[f"lesson.{name}"].trigger()


def click(widget) -> None:
    QTest.mouseClick(widget, LEFT)


def page(window: MainWindow):
    return window.lesson_panel.page


def marks(window: MainWindow) -> list[bool | None]:
    return [row.met for row in page(window).exercise.checks.rows if row.isVisible()]


def edit(window: MainWindow, node: str, layer) -> None:
    window.document.edit("Change", window.document.graph.replace_layer(node, layer))


def solve_stack(window: MainWindow) -> None:
    edit(window, "conv", Conv2D(filters=6, kernel=(5, 5)))


def write_lesson(path: Path, **more: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    lesson = {
        "format": "convolab-lesson",
        "version": 1,
        "title": "My own",
        "steps": [{"title": "Only", "text": ["Words"]}],
        **more,
    }
    path.write_text(json.dumps(lesson), encoding="utf-8")
    return path


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


# Nothing is lost


def test_unsaved_work_is_asked_about_and_cancel_keeps_it(window, monkeypatch):
    window.files.open_example("lenet5.json")
    edit(window, "relu1", Conv2D())
    mine = window.document.network
    asked: list[str] = []

    def answer(button):
        def ask(*words: Any):
            asked.append(words[2])
            return button

        monkeypatch.setattr(QMessageBox, "warning", ask)

    answer(QMessageBox.StandardButton.Cancel)
    start(window, STACK)
    assert window.document.network is mine
    assert window.guide.course is None
    assert not window.lesson_panel.in_lesson
    answer(QMessageBox.StandardButton.Discard)
    start(window, STACK)
    assert len(asked) == 2
    assert window.lesson_panel.in_lesson
    solve_stack(window)
    answer(QMessageBox.StandardButton.Cancel)
    click(page(window).leave)  # the lesson's own work is asked about, too
    assert len(asked) == 2  # what was discarded is not there to come back, so the lesson's network stays
    assert window.document.graph.node("conv").layer == Conv2D(filters=6, kernel=(5, 5))


def test_what_was_open_comes_back_from_its_file_with_its_image(window, qtbot, tmp_path, resources, monkeypatch):
    window.files.open_example("lenet5.json")
    digit = resources / "images" / "digits" / "3_0000.png"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "mine.json"), ""))
    assert window.files.save()
    with qtbot.waitSignal(window.runs.settled):
        window.runs.open_image(digit)
    start(window, STACK)
    assert window.document.path is None
    start(window, "10_conv_formula")  # of several lessons the first remembers
    click(page(window).leave)
    assert window.document.path == tmp_path / "mine.json"
    assert window.document.network.name == "LeNet-5"
    assert window.runs.image == digit
    assert not window.lesson_panel.in_lesson
    assert window.guide.course is None


def test_an_example_that_was_open_comes_back(window):
    window.files.open_example("lenet5.json")
    before = window.document.network
    start(window, STACK)
    window.commands["lessons.leave"].trigger()
    assert window.document.network is before
    assert not window.commands["lessons.leave"].isEnabled()
    assert not window.guide.pointer.seen


def test_unsaved_work_in_a_lesson_keeps_one_in_it_on_cancel(window, monkeypatch):
    window.files.open_example("lenet5.json")
    start(window, STACK)
    window.guide.go(1)
    solve_stack(window)
    monkeypatch.setattr(QMessageBox, "warning", lambda *_: QMessageBox.StandardButton.Cancel)
    click(page(window).leave)
    click(page(window).onward_button)
    assert page(window).title.text() == "Filters stack up to a volume"
    assert window.guide.course.entry.key == STACK
    assert window.document.graph.node("conv").layer.filters == 6


def test_a_network_opened_meanwhile_is_not_overwritten_by_the_exercise(window, qtbot):
    start(window, STACK)
    window.guide.go(1)
    window.files.open_example("lenet5.json")
    qtbot.waitUntil(lambda: marks(window)[0] is False)
    click(page(window).exercise.restart)
    assert window.document.network.name == "Lesson 5: one small filter"
    assert not window.document.undo_stack.canUndo()
    click(page(window).leave)
    assert window.document.network.name == "LeNet-5"  # and comes back afterwards


def test_what_a_lesson_without_a_network_was_about_comes_back_after_the_next(window, tmp_path):
    window.files.open_example("lenet5.json")
    window.guide.open_file(write_lesson(tmp_path / "mine.json"))
    start(window, STACK)
    click(page(window).leave)
    assert window.document.network.name == "LeNet-5"


# Pointing


def test_the_ring_follows_card_and_canvas_and_goes_with_the_card(window, qtbot):
    start(window, "01_outline")
    ring = window.guide.pointer.ring

    def around() -> bool:
        found = pointing.find(window, window.guide.course.step.point)
        assert found is not None
        view, rect = found
        return ring.geometry().contains(rect.translated(view.mapTo(window, QPoint())))

    qtbot.waitUntil(around)
    window.canvas.zoom_by(0.6)
    qtbot.waitUntil(around)
    window.document.edit("Move", window.document.graph, {"image": (200.0, 100.0)})
    window.canvas.fit_all()
    qtbot.waitUntil(around)
    window.document.edit("Delete", window.document.graph.remove(["image"]))
    qtbot.waitUntil(lambda: not window.guide.pointer.seen)
    window.document.undo_stack.undo()
    qtbot.waitUntil(lambda: window.guide.pointer.seen)


def test_who_does_not_want_to_be_pointed_at_things_is_not(window):
    start(window, "01_outline")
    assert window.guide.pointer.seen
    window.commands["lessons.pointing"].trigger()
    assert not window.guide.pointer.seen
    window.guide.go(2)
    assert not window.guide.pointer.seen
    window.commands["lessons.pointing"].trigger()
    assert window.guide.pointer.seen


def test_a_closed_panel_points_at_nothing_and_an_opened_one_again(window, qtbot):
    start(window, "01_outline")
    window.docks["lesson"].close()
    qtbot.waitUntil(lambda: not window.guide.pointer.seen)
    window.commands["view.lesson"].trigger()
    qtbot.waitUntil(lambda: window.guide.pointer.seen)
    assert window.lesson_panel.in_lesson


def test_the_columns_have_their_widths_back_when_the_panel_is_closed(window, qtbot):
    QApplication.processEvents()
    before = {name: window.docks[name].width() for name in ("palette", "maps", "inspector")}
    start(window, STACK)
    QApplication.processEvents()
    assert window.docks["lesson"].width() == 320
    window.docks["lesson"].close()
    qtbot.waitUntil(lambda: {name: window.docks[name].width() for name in before} == before)


def test_in_a_narrow_window_the_maps_step_aside_but_where_a_step_is_about_them(window, qtbot):
    window.resize(1100, 720)
    QApplication.processEvents()
    start(window, STACK)
    QApplication.processEvents()
    assert window.docks["maps"].isHidden()
    assert window.canvas.width() > 380
    start(window, "06_filters")
    assert window.docks["maps"].isVisible()
    window.guide.go(1)
    assert window.docks["maps"].isHidden()
    window.docks["lesson"].close()
    qtbot.waitUntil(window.docks["maps"].isVisible)
    start(window, "06_filters")
    window.guide.go(0)
    assert window.docks["maps"].isVisible()  # the first step shown is about them


@pytest.mark.parametrize(
    "at", ["card:conv1", "input:conv1", "output:conv1", "shape:conv1", "parameters:conv1", "setting:kernel",
           "number:weights", "number:output", "command:file.new", "command:lessons.translation",
           "command:view.heat_macs", "panel:problems", "panel:outline", "total:macs"],
)  # fmt: skip
def test_everything_that_can_be_pointed_at_is_found(window, qtbot, at):
    window.files.open_example("lenet5.json")
    window.document.selection.select(["conv1"])
    point = Point(at=at, says="x")
    pointing.reveal(window, point)
    QApplication.processEvents()
    found = pointing.find(window, point)
    assert found is not None
    assert found[0].isVisible()
    assert not found[1].isEmpty()


@pytest.mark.parametrize("at", ["card:conv9", "setting:colour", "number:colour", "command:file.magic", "panel:magic"])
def test_what_is_not_there_is_not_pointed_at(window, at):
    window.files.open_example("lenet5.json")
    window.document.selection.select(["conv1"])
    point = Point(at=at, says="x")
    pointing.reveal(window, point)
    assert pointing.find(window, point) is None


def test_a_layer_in_a_collapsed_group_is_uncovered(window):
    window.files.open_example("lenet5.json")
    window.document.selection.select(["conv1", "relu1", "pool1"])
    window.commands["edit.group"].trigger()
    window.commands["view.collapse_all"].trigger()
    point = Point(at="shape:conv1", says="x")
    assert pointing.find(window, point) is not None  # the group's card stands for it
    pointing.reveal(window, point)
    assert "conv1" in window.canvas.canvas.nodes


# Files from elsewhere


def test_a_lesson_from_a_file_is_opened_by_menu_and_drop(window, monkeypatch, tmp_path, resources):
    network = resources / "examples" / "lecture_conv.json"
    (tmp_path / "net.json").write_bytes(network.read_bytes())
    file = write_lesson(tmp_path / "mine.json", document="net.json", part="Extra", author="A. Teacher")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(file), ""))
    window.commands["lessons.open"].trigger()
    assert page(window).title.text() == "My own"
    assert window.document.network.name == "Lecture: convolution and pooling"
    assert page(window).onward_button.text() == "Finish"
    assert page(window).heading.text() == "Extra · A. Teacher"
    click(page(window).onward_button)
    assert str(file) in lesson_shelf.done()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    none, copy = Qt.KeyboardModifier.NoModifier, Qt.DropAction.CopyAction
    QApplication.sendEvent(window, QDragEnterEvent(QPoint(700, 450), copy, data, LEFT, none))
    QApplication.sendEvent(window, QDropEvent(QPointF(700, 450), copy, data, LEFT, none, QEvent.Type.Drop))
    assert window.lesson_panel.in_lesson
    assert page(window).title.text() == "My own"


def test_a_bad_lesson_is_refused_with_its_place_and_changes_nothing(window, monkeypatch, tmp_path):
    told: list[str] = []
    monkeypatch.setattr(QMessageBox, "warning", lambda *words: told.append(words[2]))
    before = window.document.network
    window.guide.open_file(write_lesson(tmp_path / "bad.json", colour="red"))
    window.guide.open_file(tmp_path / "gone.json")
    window.guide.open_file(write_lesson(tmp_path / "away.json", document="gone.json"))
    assert "bad.json" in told[0]
    assert "colour" in told[0]
    assert "gone.json" in told[1]
    assert "There is no file “gone.json”" in told[2]
    assert window.document.network is before
    assert window.guide.course is None


def test_own_lessons_are_in_their_menu_and_in_the_list(window, tmp_path, monkeypatch):
    menu = window.guide.menu.own
    menu.aboutToShow.emit()
    assert [action.isEnabled() for action in menu.actions()] == [False]
    write_lesson(tmp_path / "own" / "a.json", title="Ants & bees")
    (tmp_path / "own" / "b.json").write_text("{}", encoding="utf-8")
    menu.aboutToShow.emit()
    assert [action.text() for action in menu.actions()] == ["Ants && bees"]
    window.guide.show_contents()
    rows = window.lesson_panel.contents.list
    texts = [rows.item(row).text() for row in range(rows.count())]
    assert texts[-2:] == ["My lessons", "Ants & bees"]
    menu.actions()[0].trigger()
    assert page(window).title.text() == "Ants & bees"
    shown: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: shown.append(url.toLocalFile()))
    window.commands["lessons.folder"].trigger()
    assert shown == [str(tmp_path / "own")]


def test_a_lesson_without_a_document_is_about_what_is_open(window, tmp_path, qtbot):
    window.files.open_example("lenet5.json")
    before = window.document.network
    step = {
        "title": "Try",
        "text": ["x"],
        "exercise": {"checks": [{"check": "layers", "where": "type = ReLU", "is": 5}]},
    }
    window.guide.open_file(write_lesson(tmp_path / "mine.json", steps=[step]))
    assert window.document.network is before
    assert marks(window) == [False]
    assert not page(window).exercise.restart.isVisible()
    graph = window.document.graph
    relu = graph.add(graph.node("relu1").__class__("relu9", ReLU()))
    window.document.edit("Add", relu)
    qtbot.waitUntil(lambda: marks(window) == [True])
    click(page(window).leave)
    assert window.document.graph is relu


def test_a_tool_that_this_program_has_not_is_left_out(window, tmp_path):
    step = {"title": "x", "text": ["y"], "tool": "lessons.holodeck", "point": {"at": "panel:holodeck", "says": "z"}}
    window.guide.open_file(write_lesson(tmp_path / "mine.json", steps=[step]))
    assert not page(window).tool.isVisible()
    assert not window.guide.pointer.seen


def test_progress_is_remembered_and_shown(window):
    lesson_shelf.mark_done(STACK)
    assert QSettings().value("lessons/done") in ([STACK], STACK)
    assert lesson_shelf.done() == {STACK}
    lesson_shelf.mark_done("x")
    assert lesson_shelf.done() == {STACK, "x"}
    window.guide.show_contents()
    contents = window.lesson_panel.contents
    texts = [contents.list.item(row).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(contents.list.count())]
    assert "5 · Filters stack up to a volume, done" in texts
    assert "6 · Other filters, other maps, not done yet" in texts
    assert contents.progress.text() == "1 of 22 done"


def test_screen_readers_hear_of_the_page_and_of_success(window, spoken, qtbot):
    start(window, STACK)
    assert any("Filters stack up to a volume, One filter, one map" in text for text in spoken)
    window.guide.go(1)
    solve_stack(window)
    qtbot.waitUntil(lambda: any(text.startswith("Solved.") for text in spoken))


# The lessons that ship, in the window


def lessons() -> list[str]:
    return [entry.key for entry in lesson_shelf.shipped_lessons()]


@pytest.mark.parametrize("name", lessons())
def test_each_page_of_each_lesson_fits_and_points_at_what_is_there(window, qtbot, name):
    start(window, name)
    panel = page(window)
    course = window.guide.course
    for number, step in enumerate(course.lesson.steps):
        window.guide.go(number)
        QApplication.processEvents()
        assert panel.caption.text() == step.title
        assert panel.text.width() <= window.lesson_panel.width() - 20
        last = panel.tool if step.tool is not None else panel.text
        assert last.mapTo(panel, QPoint(0, last.height())).y() <= panel.height() - 50  # above the buttons
        if step.tool is not None:
            assert step.tool in window.commands
            assert panel.tool.sizeHint().width() <= panel.tool.width()
        for one in step.done:
            assert getattr(one, "command", "file.new") in window.commands
        if step.point is not None:
            qtbot.waitUntil(lambda point=step.point: pointing.find(window, point) is not None)
            if number not in course.done:
                qtbot.waitUntil(lambda: window.guide.pointer.seen)


def test_the_menu_has_them_all_under_their_parts(window):
    names = [name for name, _ in window.commands if name.startswith("lesson.")]
    assert names == [f"lesson.{key}" for key in lessons()]
    assert window.commands.words(f"lesson.{STACK}") == "5 · Filters stack up to a volume"
    for entry in lesson_shelf.shipped_lessons():
        assert load_lesson(entry.path).title == entry.title
