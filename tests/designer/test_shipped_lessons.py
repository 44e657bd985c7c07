"""Every page of the lessons that ship, in the window."""

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication

from designer import lesson_shelf, pointing
from engine.lessons import load_lesson
from tests.designer.lesson_hands import STACK, page, start


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
