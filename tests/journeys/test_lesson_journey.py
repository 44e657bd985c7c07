"""A lesson from the menu to its solved exercise, with what was open before given back."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QSpinBox

from designer import lesson_menu, lesson_shelf
from designer.number_fields import DragLabel
from designer.window import MainWindow
from engine import Conv2D
from tests.journeys.hands import QtHands, wait_until
from tests.journeys.keyboard import panel_with, tab_to
from tests.journeys.places import shown_maps, up_to_date


@pytest.fixture(autouse=True)
def _own_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for module in (lesson_shelf, lesson_menu):
        monkeypatch.setattr(module, "own_folder", lambda: tmp_path / "own")


def marks(window: MainWindow) -> list[bool | None]:
    return [row.met for row in window.lesson_panel.page.exercise.checks.rows if row.isVisible()]


def check_solved(window: MainWindow) -> None:
    """See the exercise praised, noted as done, and its network run."""
    page = window.lesson_panel.page
    wait_until(lambda: marks(window) == [True] * 5, "all checks are met")
    wait_until(page.praise.isVisible, "it is praised")
    assert page.praise.words.text().startswith("Solved.")
    assert "05_stack" in lesson_shelf.done()
    assert window.document.graph.node("conv").layer == Conv2D(filters=6, kernel=(5, 5))
    up_to_date(window)
    assert shown_maps(window)["conv"].shape == (6, 28, 28)


def test_a_lesson_is_taken_with_the_mouse(lenet: MainWindow, hands: QtHands):
    window, page = lenet, lenet.lesson_panel.page
    before, image = window.document.network, window.runs.image
    entry = window.commands["lesson.05_stack"].text()
    hands.menu("Lessons", "Convolution", entry)
    assert page.title.text() == "Filters stack up to a volume"
    assert window.guide.pointer.seen
    hands.click(page.onward_button)
    wait_until(lambda: marks(window) == [True, False, True, True, True], "the exercise is checked")
    assert window.document.selection.only == "conv"
    hands.click(page.exercise.hint)
    assert len(page.exercise.hints) == 1
    form = window.inspector.node_page.form
    label = next(one for one in form.findChildren(DragLabel) if one.text() == "Filters")
    hands.drag(label, QPoint(2, 5), label, QPoint(2 + 5 * 7 + 2, 5))
    wait_until(lambda: "6" in page.exercise.checks.rows[1].words.text(), "the check follows")
    for field in form.editors["kernel"].findChildren(QSpinBox):
        while field.value() < 5:  # both change where they are linked
            hands.click(field, QPoint(field.width() - 8, 6))
    check_solved(window)
    hands.click(page.leave)
    assert window.document.network is before
    assert window.runs.image == image
    wait_until(lambda: "softmax" in shown_maps(window), "the maps of before are back")


def test_a_lesson_is_taken_with_the_keyboard(lenet_by_keys: MainWindow, hands: QtHands):
    window, page = lenet_by_keys, lenet_by_keys.lesson_panel.page
    before = window.document.network
    hands.keys("ctrl+f8")
    contents = window.lesson_panel.contents
    wait_until(contents.list.hasFocus, "the list has the keys")
    while not contents.list.currentItem().text().startswith("5 · "):
        hands.keys("down")
    hands.keys("return")
    assert page.title.text() == "Filters stack up to a volume"
    hands.keys("f8")
    wait_until(lambda: marks(window) == [True, False, True, True, True], "the exercise is checked")
    hands.keys("shift+f8")
    assert page.bar.accessibleName() == "Step 1 of 2"
    hands.keys("f8")
    panel_with(hands, window.lesson_panel)
    tab_to(hands, page.exercise.hint, back=True)
    hands.keys("space")
    assert len(page.exercise.hints) == 1
    panel_with(hands, window.inspector)
    form = window.inspector.node_page.form
    for name, number in (("filters", "6"), ("kernel", "5")):
        for field in form.editors[name].findChildren(QSpinBox) or form.editors[name].fields():
            tab_to(hands, field)
            hands.keys("ctrl+a")
            hands.type(number)
    check_solved(window)
    panel_with(hands, window.lesson_panel)
    tab_to(hands, page.leave, back=True)
    hands.keys("space")
    assert window.document.network is before
    assert not window.lesson_panel.in_lesson
