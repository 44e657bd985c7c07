"""A solution on the canvas beside what the person has reached: shown as a step that can be undone, and taken back."""

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMessageBox, QWidget

from designer.course import Course
from designer.document import Document
from engine import FormatError, Network
from engine.language import tr
from engine.lessons import Verdict, solution_of, start_of


class LessonAnswer(QObject):
    """Switches between the person's own network and a solution, and back to what the exercise began with.

    Attributes
    ----------
    own
        What the person's own network came to, while a solution is beside it.
    """

    def __init__(self, document: Document, window: QWidget) -> None:
        super().__init__(window)
        self._document, self._window = document, window
        self._mine: Network | None = None
        self._solution: Network | None = None
        self.own: tuple[Verdict | None, ...] = ()

    @property
    def is_shown(self) -> bool:
        """Whether the solution is what is on the canvas."""
        return self._solution is not None and self._document.graph is self._solution.graph

    def show(self, course: Course, own: tuple[Verdict | None, ...]) -> bool:
        """Put a solution of the step's exercise on the canvas; returns whether there is one."""
        try:
            solution = solution_of(course.lesson, course.number, course.places)
        except FormatError as problem:
            self._complain(problem)
            return False
        if solution is None:
            return False
        self._mine, self._solution, self.own = self._document.network, solution, own
        self._document.apply(tr("Show a solution"), solution)
        return True

    def take_back(self) -> None:
        """Put the person's own network back."""
        mine = self._mine
        self.forget()
        if mine is not None:
            self._document.apply(tr("Back to my own"), mine)

    def forget(self) -> None:
        """Leave what is on the canvas to the person."""
        self._mine, self._solution, self.own = None, None, ()

    def restart(self, course: Course) -> bool:
        """Put what the exercise began with on the canvas; returns whether there is anything."""
        try:
            start = start_of(course.lesson, course.number, course.places)
        except FormatError as problem:
            self._complain(problem)
            return False
        if start is not None:
            self._document.apply(tr("Start the exercise again"), start)
        return start is not None

    def _complain(self, problem: FormatError) -> None:
        QMessageBox.warning(self._window, tr("The lesson's network can't be opened"), str(problem))
