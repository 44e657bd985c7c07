"""Leads through lessons in the live program: turns the pages, points, and judges each exercise as one draws."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QMessageBox

from designer import pointing
from designer.commands import Commands
from designer.course import Course
from designer.judge import Judge, Question
from designer.lesson_answer import LessonAnswer
from designer.lesson_desk import LessonDesk
from designer.lesson_menu import LessonMenu
from designer.lesson_pointer import LessonPointer, is_done
from designer.lesson_room import LessonRoom
from designer.lesson_shelf import Entry, done, entry_of, mark_done, own_lessons
from designer.lesson_tool import LessonTool
from designer.panels.lesson.page import Page
from designer.panels.lesson.panel import LessonPanel
from engine import FormatError
from engine.language import tr
from engine.lessons import Verdict, is_lesson

if TYPE_CHECKING:
    from designer.window import MainWindow

SETTLE_MS = 60  # edits in quick succession are judged once


class LessonGuide(QObject):
    """Opens lessons and goes through them with the person."""

    def __init__(self, window: MainWindow, panel: LessonPanel) -> None:
        super().__init__(window)
        self._window, self._panel, self._page = window, panel, panel.page
        self._document, self._runs = window.document, window.runs
        self.course: Course | None = None
        self.menu = LessonMenu(window)
        self.pointer = LessonPointer(window, panel)
        self._judge = Judge(self)
        self._room = LessonRoom(window, window.docks["lesson"])
        self._desk = LessonDesk(window)
        self._answer = LessonAnswer(window.document, window)
        self._question: Question | None = None
        self._verdicts: tuple[Verdict | None, ...] = ()
        self._tool = LessonTool(window)
        self._settle = QTimer(self, interval=SETTLE_MS, singleShot=True)
        self._settle.timeout.connect(self._ask)
        self._connect()

    def _connect(self) -> None:
        page, contents = self._page, self._panel.contents
        page.leave_asked.connect(self.leave)
        page.step_chosen.connect(self.go)
        page.back.connect(self.back)
        page.onward.connect(self.onward)
        page.tool_used.connect(self._use_tool)
        page.hint_asked.connect(self._hint)
        page.solution_asked.connect(self._show_solution)
        page.restart_asked.connect(self._restart)
        contents.chosen.connect(self.open_entry)
        contents.file_asked.connect(self.ask_open)
        contents.folder_asked.connect(self.menu.open_folder)
        self.menu.chosen.connect(self.open_entry)
        self._document.changed.connect(self._on_changed)
        self._document.selection.changed.connect(lambda _: self._settle.start())
        self._runs.settled.connect(lambda _: self._settle.start())
        self._judge.judged.connect(self._on_judged)
        self._room.shown.connect(self._on_shown)

    def attach(self, commands: Commands) -> None:
        """Notice which commands are used; the menus are there now."""
        for name, action in commands:
            action.triggered.connect(partial(self._on_used, name))
        commands["lessons.pointing"].setChecked(self.pointer.wanted)
        self.menu.attach(commands)

    def close(self) -> None:
        """End the judge's thread."""
        self._settle.stop()
        self.pointer.clear()
        self._judge.close()

    # Opening and leaving

    def show_contents(self) -> None:
        """Show the list of all lessons."""
        self._fill_contents()
        self._panel.show_contents()
        self.pointer.clear()
        self._room.open()
        self._panel.contents.list.setFocus()

    @Slot(object)
    def open_entry(self, entry: Entry) -> None:
        """Open a lesson at its first step; one that is under way already is shown where it stands."""
        if self.course is not None and self.course.entry.key == entry.key:
            self._show()
            return
        try:
            course = Course.read(entry)
        except FormatError as problem:
            self._refuse(str(problem))
            return
        before, self.course = self.course, course
        if not self._enter(0):
            self.course = before
            return
        self._tool.take_back()
        self._page.onward_button.setFocus()

    def open_file(self, path: Path) -> None:
        """Open a lesson from a file."""
        try:
            entry = entry_of(path)
        except FormatError as problem:
            self._refuse(f"{path.name}: {problem}")
            return
        self.open_entry(entry)

    def open_if_lesson(self, path: Path) -> bool:
        """Open a file where it is a lesson; returns whether it is."""
        found = is_lesson(path)
        if found:
            self.open_file(path)
        return found

    def ask_open(self) -> None:
        """Ask for a lesson's file and open it."""
        file = self.menu.ask_file()
        if file is not None:
            self.open_file(file)

    def leave(self) -> None:
        """Close the lesson; what was open before it comes back, unless the person would rather keep what is here."""
        if self.course is None or not self._desk.clear():
            return
        self.course = self._question = None
        self._answer.forget()
        self._tool.take_back()
        self._judge.forget()
        self.menu.enable(in_lesson=False)
        self.show_contents()

    def _refuse(self, text: str) -> None:
        QMessageBox.warning(self._window, tr("The lesson can't be opened"), text)

    # Turning pages

    def onward(self) -> None:
        """Go to the next step; from the last, to the next lesson."""
        course = self.course
        if course is None:
            return
        course.pass_by()
        self._note_progress(course)
        following = self.menu.after(course.entry)
        if not course.is_last:
            self.go(course.number + 1)
        elif following is not None:
            self.open_entry(following)
        else:
            self.leave()

    def back(self) -> None:
        """Go to the step before."""
        if self.course is not None and self.course.number > 0:
            self.go(self.course.number - 1)

    @Slot(int)
    def go(self, number: int) -> None:
        """Go to a step."""
        if self.course is not None and number != self.course.number:
            self._enter(number)

    def set_pointing(self, wanted: bool) -> None:
        """Choose whether lessons point at things."""
        self.pointer.wanted = wanted
        self._point()

    def _enter(self, number: int) -> bool:
        """Begin a step; returns false, and stays, where the person would rather keep what is on the canvas."""
        course = self.course
        assert course is not None
        if not self._desk.open(course, number):
            return False
        self._answer.forget()
        course.go(number)
        self._verdicts = ()
        self._desk.open_image(course)
        self._select()
        self._show()
        self._window.announcer.tell(f"{course.lesson.title}, {course.step.title}")
        return True

    def _select(self) -> None:
        assert self.course is not None
        wanted = self.course.step.select
        node = pointing.node_called(self._window, wanted) if wanted is not None else None
        if node is not None:
            self._document.selection.select([node])
            self._window.canvas.reveal_node(node)

    # What the panel shows

    def _show(self) -> None:
        """Show the step at hand, point, and judge."""
        point = self.course.step.point if self.course is not None else None
        self._room.open(maps=point is not None and point.at == "panel:maps")
        self._show_page()
        self._panel.show_page()
        self.menu.enable(in_lesson=True)
        self._point()
        self._ask()

    def _show_page(self) -> None:
        course = self.course
        if course is None:
            return
        lesson, step = course.lesson, course.step
        row = str(lesson.row) if lesson.row is not None else ""
        heading = " · ".join(part for part in (lesson.part, row, lesson.author) if part)
        following = tr("Next lesson") if self.menu.after(course.entry) is not None else tr("Finish")
        self._page.show_page(
            Page(
                heading=heading or tr("Lesson"),
                title=lesson.title,
                steps=lesson.steps,
                number=course.number,
                done=frozenset(course.done),
                tool=self._tool.text(step.tool),
                hints=course.hints.get(course.number, 0),
                solution=step.exercise is not None and step.exercise.solution is not None,
                solved=self._answer.is_shown,
                changes=self._answer.changes,
                restart=lesson.document_at(course.number) is not None,
                onward=following if course.is_last else tr("Next"),
            )
        )

    def _fill_contents(self) -> None:
        current = self.course.entry.key if self.course is not None else ""
        self._panel.contents.show_entries([*self.menu.entries, *own_lessons()], done(), current)

    @Slot(bool)
    def _on_shown(self, shown: bool) -> None:
        if shown and not self._panel.in_lesson:
            self._fill_contents()
        self._point()

    def _point(self) -> None:
        course = self.course
        here = course is not None and self._panel.in_lesson and self._room.is_open
        open_step = course.step if course is not None and here and course.number not in course.done else None
        self.pointer.show_point(open_step.point if open_step is not None else None)

    # Judging

    @Slot()
    def _ask(self) -> None:
        """Judge the step at hand on the network as it stands."""
        course, document = self.course, self._document
        if course is not None and self._panel.in_lesson:
            self._question = Question(
                course.checks, document.network, document.analysis, document.findings, course.places
            )
            self._judge.ask(self._question)

    @Slot(object, object)
    def _on_judged(self, question: Question, verdicts: tuple[Verdict | None, ...]) -> None:
        course = self.course
        if course is None or question is not self._question:
            return
        self._verdicts = verdicts
        met = all(one is not None and one.met for one in verdicts)
        if course.step.exercise is not None:
            self._page.show_verdicts(verdicts, self._answer.own if self._answer.is_shown else ())
            self._praise(course, met and not self._answer.is_shown)
        elif course.step.done and met and all(is_done(self._window, act, course.used) for act in course.acts):
            self._finish_step(course)

    def _praise(self, course: Course, met: bool) -> None:
        fresh = met and course.number not in course.done
        if met:
            self._finish_step(course)
        text = tr("Solved. Well done.")
        if course.complete and course.is_last:
            text = tr("Solved. That was “{title}”.", title=course.lesson.title)
        self._page.show_praise(text if met else "")
        if fresh:
            self._window.announcer.tell(text)

    def _finish_step(self, course: Course) -> None:
        if course.number in course.done:
            return
        course.done.add(course.number)
        self._note_progress(course)
        self.pointer.clear()
        self._show_page()

    def _note_progress(self, course: Course) -> None:
        if course.complete and course.entry.key not in done():
            mark_done(course.entry.key)
            self.menu.tick()

    @Slot(object)
    def _on_changed(self, _: object) -> None:
        if self.course is None:
            return
        if self._answer.own and not self._answer.is_shown:  # an edit of the solution is one's own work
            self._answer.forget()
            self._show_page()
        self._settle.start()

    def _on_used(self, name: str) -> None:
        if self.course is not None:
            self.course.used.add(name)
            self._settle.start()

    # Help

    def _use_tool(self) -> None:
        if self.course is not None and self.course.step.tool is not None:
            self._select()
            self._tool.use(self.course.step.tool)

    def _hint(self) -> None:
        if self.course is not None:
            self.course.take_hint()
            self._show_page()
            self._page.show_more()

    @Slot(bool)
    def _show_solution(self, wanted: bool) -> None:
        """Show a solution beside what was reached, or go back to that."""
        if self.course is not None and not wanted:
            self._answer.take_back()
        elif self.course is not None and self._answer.show(self.course, self._verdicts):
            self._window.canvas.fit_all()
        self._show_page()

    def _restart(self) -> None:
        """Bring back what the exercise began with; where another network was opened meanwhile, open it again."""
        if self.course is not None and self._desk.is_strange:
            self._enter(self.course.number)
        elif self.course is not None and self._answer.restart(self.course):
            self._window.canvas.fit_all()
            self._select()
