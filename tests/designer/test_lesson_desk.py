"""Nothing is lost by a lesson: what was open comes back, and unsaved work is asked about."""

from typing import Any

from PySide6.QtWidgets import QFileDialog, QMessageBox

from engine import Conv2D
from tests.designer.lesson_hands import STACK, click, edit, marks, page, solve_stack, start, write_lesson


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
