"""One page of a lesson: what it says, its exercise and how that stands, hints, and the way on."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from designer import theme
from designer.panels.finding_view import discard
from designer.panels.flow_layout import FlowLayout
from designer.panels.lesson.check_list import CheckList
from designer.panels.lesson.markup import plain, rich
from designer.panels.lesson.praise import Praise
from designer.panels.lesson.step_bar import StepBar
from designer.panels.scroll_column import BAR, ScrollColumn
from engine.language import tr
from engine.lessons import Step, Verdict

_MARGIN = 14


@dataclass(frozen=True)
class Page:
    """What a page shows.

    Attributes
    ----------
    heading, title
        The part and the lesson's title.
    number, done
        The step at hand, from 0, and the steps that are done.
    tool
        What the button says that uses the step's tool; empty where there is none.
    hints
        How many hints are shown.
    solution
        Whether a solution is there to be shown; ``solved`` whether it is on the canvas now.
    changes
        In which layers the solution differs from the person's own network.
    restart
        Whether the exercise can be begun again.
    onward
        What the button at the bottom right says.
    """

    heading: str
    title: str
    steps: tuple[Step, ...]
    number: int
    done: frozenset[int]
    tool: str = ""
    hints: int = 0
    solution: bool = False
    solved: bool = False
    changes: tuple[str, ...] = ()
    restart: bool = False
    onward: str = ""

    @property
    def step(self) -> Step:
        """The step at hand."""
        return self.steps[self.number]


class LessonPage(QWidget):
    """Shows a `Page`; what is pressed on it goes out as signals."""

    leave_asked = Signal()
    step_chosen = Signal(int)
    back = Signal()
    onward = Signal()
    tool_used = Signal()
    hint_asked = Signal()
    solution_asked = Signal(bool)  # False: the person's own again
    restart_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.page: Page | None = None
        self.leave = _link(tr("Leave"), self.leave_asked.emit)
        self.leave.setToolTip(tr("Close the lesson; what was open before comes back"))
        self.heading, self.title, self.caption = QLabel(), _wrapped(13, QFont.Weight.DemiBold), _wrapped(10.5)
        self.caption.setFont(theme.font(10.5, QFont.Weight.DemiBold))
        self.bar = StepBar()
        self.text = _wrapped(10)
        self.text.setTextFormat(Qt.TextFormat.RichText)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.text.setAccessibleName(tr("Text of the lesson"))
        self.tool = QPushButton(tr("Tool"))
        self.exercise = ExerciseCard()
        self.praise = Praise()
        self.back_button, self.onward_button = QPushButton(tr("Back")), QPushButton(tr("Next"))
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self.heading.setProperty("role", "muted")
        self.heading.setFont(theme.font(9))
        self._scroll = ScrollColumn()
        self._scroll.column.setContentsMargins(_MARGIN, 10, _MARGIN - BAR, _MARGIN)
        self._scroll.column.setSpacing(10)
        top, head, body = QHBoxLayout(), QVBoxLayout(), QVBoxLayout()
        top.addWidget(self.heading, 1)
        top.addWidget(self.leave)
        head.setSpacing(3)
        head.addLayout(top)
        head.addWidget(self.title)
        head.addSpacing(3)
        head.addWidget(self.bar)
        body.setSpacing(4)
        body.addWidget(self.caption)
        body.addWidget(self.text)
        for part in (_holding(head), _holding(body), self.tool, self.praise, self.exercise):
            self._scroll.add(part)
        footer = QFrame()
        footer.setProperty("role", "footer")
        buttons = QHBoxLayout(footer)
        buttons.setContentsMargins(_MARGIN, 8, _MARGIN, 8)
        buttons.addWidget(self.back_button)
        buttons.addStretch()
        buttons.addWidget(self.onward_button)
        self.onward_button.setProperty("primary", True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._scroll, 1)
        layout.addWidget(footer)

    def _connect(self) -> None:
        self.bar.chosen.connect(self.step_chosen)
        self.tool.clicked.connect(self.tool_used)
        self.back_button.clicked.connect(self.back)
        self.onward_button.clicked.connect(self.onward)
        self.exercise.hint_asked.connect(self.hint_asked)
        self.exercise.solution_asked.connect(self.solution_asked)
        self.exercise.restart_asked.connect(self.restart_asked)

    def show_page(self, page: Page) -> None:
        """Show a page; one that is there already is only brought up to date."""
        before, self.page = self.page, page
        step = page.step
        self.heading.setText(page.heading)
        self.title.setText(page.title)
        self.bar.show_steps(len(page.steps), page.number, page.done)
        self.caption.setText(step.title)
        self._show_text()
        self.tool.setVisible(bool(page.tool))
        self.tool.setText(page.tool)
        self.exercise.setVisible(step.exercise is not None)
        if step.exercise is not None:
            self.exercise.show_help(page)
        self.back_button.setEnabled(page.number > 0)
        self.onward_button.setText(page.onward)
        if before is None or (before.title, before.number) != (page.title, page.number):
            self.praise.hide()
            self.exercise.checks.show_verdicts(())
            self._scroll.verticalScrollBar().setValue(0)
        self._scroll.settle()

    def show_more(self) -> None:
        """Scroll to the last hint and what is offered below it."""
        self._scroll.ensureWidgetVisible(self.exercise.links, 0, 12)

    def show_verdicts(self, verdicts: Sequence[Verdict | None], own: Sequence[Verdict | None] = ()) -> None:
        """Show how the exercise stands."""
        self.exercise.checks.show_verdicts(verdicts, own)
        self._scroll.settle()

    def show_praise(self, text: str) -> None:
        """Say that the exercise is solved; an empty text says nothing."""
        self.praise.say(text)
        self.praise.setVisible(bool(text))
        self._scroll.settle()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Turn the pages."""
        if event.key() == Qt.Key.Key_PageDown:
            self.onward.emit()
        elif event.key() == Qt.Key.Key_PageUp:
            self.back.emit()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme: the text holds colours."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self.page is not None:
            self._show_text()

    def _show_text(self) -> None:
        assert self.page is not None
        self.text.setText(rich(self.page.step.text))
        self.text.setAccessibleName(plain(self.page.step.text))


class ExerciseCard(QFrame):
    """The checks, the hints so far, and what more help there is."""

    hint_asked = Signal()
    solution_asked = Signal(bool)
    restart_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.caption = QLabel(tr("A solution, beside yours"))
        self.caption.setFont(theme.font(9, QFont.Weight.DemiBold))
        self.caption.setProperty("role", "muted")
        self.changes = _wrapped(9.5)
        self.changes.setTextFormat(Qt.TextFormat.PlainText)
        self.checks = CheckList()
        self.hints: list[QLabel] = []
        self._hints = QVBoxLayout()
        self._hints.setSpacing(6)
        self.hint = _link(tr("Show a hint"), self.hint_asked.emit)
        self.solution = _link(tr("Show a solution"), self._ask_solution)
        self.restart = _link(tr("Start again"), self.restart_asked.emit)
        self.links = QWidget()
        flow = FlowLayout(self.links, spacing=2)
        flow.setContentsMargins(-7, 0, 0, 0)  # the links' words begin where the sentences do
        for button in (self.hint, self.solution, self.restart):
            flow.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(11, 11, 11, 7)
        layout.setSpacing(9)
        layout.addWidget(self.caption)
        layout.addWidget(self.changes)
        layout.addWidget(self.checks)
        layout.addLayout(self._hints)
        layout.addWidget(self.links)
        self._solved = False

    def show_help(self, page: Page) -> None:
        """Show the hints so far, and offer the next, then a solution."""
        exercise = page.step.exercise
        assert exercise is not None
        while self.hints:
            label = self.hints.pop()
            self._hints.removeWidget(label)
            discard(label)
        for number, text in enumerate(exercise.hints[: page.hints], 1):
            label = _wrapped(9.5)
            label.setTextFormat(Qt.TextFormat.RichText)
            heading = tr("Hint {number}", number=number)
            label.setText(rich([f"**{heading}** · {text}"]))
            label.setAccessibleName(plain([text]))
            self._hints.addWidget(label)
            self.hints.append(label)
        left = len(exercise.hints) - page.hints
        self.hint.setVisible(left > 0)
        self.hint.setText(tr("Show a hint") if page.hints == 0 else tr("Another hint"))
        self._solved = page.solved
        self.caption.setVisible(page.solved)
        self.changes.setVisible(page.solved and bool(page.changes))
        self.changes.setText("\n".join(f"• {one}" for one in page.changes))
        self.solution.setVisible(page.solution and left <= 0)
        self.solution.setText(tr("Back to my own") if page.solved else tr("Show a solution"))
        self.restart.setVisible(page.restart)

    def _ask_solution(self) -> None:
        self.solution_asked.emit(not self._solved)


def _wrapped(points: float, weight: QFont.Weight = QFont.Weight.Normal) -> QLabel:
    label = QLabel()
    label.setFont(theme.font(points, weight))
    label.setWordWrap(True)
    label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    return label


def _holding(layout: QVBoxLayout) -> QWidget:
    widget = QWidget()
    layout.setContentsMargins(0, 0, 0, 0)
    widget.setLayout(layout)
    return widget


def _link(text: str, called: object) -> QPushButton:
    button = QPushButton(text)
    button.setProperty("role", "link")
    button.setCursor(Qt.CursorShape.PointingHandCursor)
    assert callable(called)
    button.clicked.connect(lambda: called())
    return button
