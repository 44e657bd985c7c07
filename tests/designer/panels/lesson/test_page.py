from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from designer.panels.lesson.page import LessonPage, Page
from engine.lessons import Exercise, Sound, Step, Verdict

LEFT = Qt.MouseButton.LeftButton
READ = Step(title="Read", text=("Some **words**.",))
TRY = Step(title="Try", text=("Do it.",), exercise=Exercise(checks=(Sound(),), hints=("One", "Two"), solution="a.json"))


def page(number: int, **more: Any) -> Page:
    return Page("Part · 1", "A lesson", (READ, TRY), number, frozenset(), onward="Next", **more)


@pytest.fixture
def shown(qtbot) -> LessonPage:
    made = LessonPage()
    qtbot.addWidget(made)
    made.resize(320, 460)
    made.show()
    return made


def test_a_page_without_an_exercise_shows_text_alone(shown):
    shown.show_page(page(0))
    assert "<b>words</b>" in shown.text.text()
    assert shown.text.accessibleName() == "Some words."
    assert not shown.exercise.isVisible()
    assert not shown.tool.isVisible()
    assert not shown.back_button.isEnabled()
    assert shown.bar.accessibleName() == "Step 1 of 2"


def test_hints_come_one_by_one_and_then_a_solution(shown, qtbot):
    for hints, offered, solution in ((0, "Show a hint", False), (1, "Another hint", False), (2, None, True)):
        shown.show_page(page(1, hints=hints, solution=True))
        assert len(shown.exercise.hints) == hints
        assert shown.exercise.hint.isVisible() == (offered is not None)
        assert offered is None or shown.exercise.hint.text() == offered
        assert shown.exercise.solution.isVisible() == solution
    with qtbot.waitSignal(shown.solution_asked) as asked:
        QTest.mouseClick(shown.exercise.solution, LEFT)
    assert asked.args == [True]
    shown.show_page(page(1, hints=2, solution=True, solved=True))
    assert shown.exercise.caption.isVisible()
    with qtbot.waitSignal(shown.solution_asked) as asked:
        QTest.mouseClick(shown.exercise.solution, LEFT)
    assert asked.args == [False]


def test_verdicts_are_marks_and_sentences(shown):
    shown.show_page(page(1))
    shown.show_verdicts([Verdict(True, "Fine."), Verdict(False, "Not yet."), None])
    rows = shown.exercise.checks.rows
    assert [row.met for row in rows] == [True, False, None]
    assert rows[0].accessibleName() == "Met: Fine."
    assert rows[1].accessibleName() == "Not met yet: Not yet."
    assert rows[2].words.text() == "Being checked…"
    shown.show_verdicts(
        [Verdict(True, "Fine."), Verdict(True, "Now.")], [Verdict(True, "Fine."), Verdict(False, "No.")]
    )
    assert [row.isVisible() for row in rows] == [True, True, False]
    assert not rows[0].own.isVisible()  # the same as the person's own
    assert rows[1].own.text() == "Yours: No."


def test_the_bar_and_the_keys_turn_pages(shown, qtbot):
    shown.show_page(page(0))
    with qtbot.waitSignal(shown.step_chosen) as chosen:
        QTest.mouseClick(shown.bar, LEFT, pos=QPoint(shown.bar.width() - 5, 8))
    assert chosen.args == [1]
    with qtbot.waitSignal(shown.onward):
        QTest.keyClick(shown.onward_button, Qt.Key.Key_PageDown)
    with qtbot.waitSignal(shown.back):
        QTest.keyClick(shown.onward_button, Qt.Key.Key_PageUp)


def test_praise_is_gone_on_the_next_page(shown):
    shown.show_page(page(1))
    shown.show_praise("Solved.")
    assert shown.praise.isVisible()
    assert shown.praise.accessibleName() == "Solved."
    shown.show_page(page(1, hints=1))
    assert shown.praise.isVisible()
    shown.show_page(page(0))
    assert not shown.praise.isVisible()
