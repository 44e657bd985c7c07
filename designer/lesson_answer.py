"""A solution on the canvas beside what the person has reached: shown as a step that can be undone, and taken back."""

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMessageBox, QWidget

from designer.course import Course
from designer.document import Document
from engine import FormatError, Network
from engine.diff import differ
from engine.language import tr, tr_count, tr_noop
from engine.lessons import Verdict, solution_of, start_of

_MOST = 8  # layers that are named


class LessonAnswer(QObject):
    """Switches between the person's own network and a solution, and back to what the exercise began with.

    Attributes
    ----------
    own
        What the person's own network came to, while a solution is beside it.
    changes
        In which layers the solution differs from it.
    """

    def __init__(self, document: Document, window: QWidget) -> None:
        super().__init__(window)
        self._document, self._window = document, window
        self._mine: Network | None = None
        self._solution: Network | None = None
        self.own: tuple[Verdict | None, ...] = ()
        self.changes: tuple[str, ...] = ()

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
        self.changes = changes(self._mine, solution)
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
        self._mine, self._solution, self.own, self.changes = None, None, (), ()

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


def changes(mine: Network, solution: Network) -> tuple[str, ...]:
    """Return what would have to change in one network to make it the other, one line for each layer."""
    found = differ(mine, solution)
    lines = []
    for pair in found.changed:
        parts = [one.text() for one in pair.parameters]
        if pair.retyped is not None:
            parts.insert(0, tr("{old} → {new}", old=pair.retyped[0], new=pair.retyped[1]))
        if parts:
            label = found.before.graph.by_id[pair.before].label
            lines.append(tr("{layer}: {changes}", layer=label, changes="; ".join(parts)))
    for nodes, analysis, text in (
        (found.removed, found.before, tr_noop("{layer} ({type}) goes")),
        (found.added, found.after, tr_noop("{layer} ({type}) is added")),
    ):
        for node in (analysis.graph.by_id[one] for one in nodes):
            lines.append(tr(text, layer=node.label, type=node.layer.title))
    if len(lines) > _MOST:
        more = len(lines) - _MOST
        lines[_MOST:] = [tr_count("and {count} layer more", "and {count} layers more", more)]
    return tuple(lines)
