"""How often the network is right on a folder: the share, the confusion matrix, and each class."""

from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFont, QPalette
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMenu,
    QProgressBar,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from designer import theme
from designer.folder.class_table import ClassModel
from designer.folder.confusion_view import ConfusionView
from designer.tables import NumberTable
from engine import Evaluation
from engine.evaluation import BEST
from engine.evaluation_report import headline, percent
from engine.folders import listed
from engine.language import tr, tr_count, tr_noop

EXPORTS = (  # what can be written, and the name that is proposed
    (tr_noop("Confusion matrix…"), "confusion"),
    (tr_noop("Classes…"), "classes"),
    (tr_noop("Every image…"), "images"),
)


class EvaluationPanel(QWidget):
    """Shows an evaluation, also while it is under way.

    Signals
    -------
    start_requested, stop_requested
        The person wants to begin, or to give up.
    cell_activated
        True class and answer of a cell whose images are wanted.
    class_activated
        The class whose images are wanted.
    unreadable_requested
        The files that can't be read are wanted.
    export_requested
        One of `EXPORTS`, by name.
    """

    start_requested = Signal()
    stop_requested = Signal()
    cell_activated = Signal(int, int)
    class_activated = Signal(int)
    unreadable_requested = Signal()
    export_requested = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.found: Evaluation | None = None
        self.share = QLabel()
        self.words = QLabel()
        self.notes = QLabel()
        self.unreadable_button = QPushButton()
        self.bar = QProgressBar()
        self.stop_button = QPushButton(tr("Cancel"))
        self.start_button = QPushButton(tr("Evaluate again"))
        self.export_button = QPushButton(tr("Export CSV"))
        self.matrix = ConfusionView()
        self.model = ClassModel()
        self.table = NumberTable(tr("Classes and how many of their images are recognised"), self.model, wide=5)
        self.sentence = QLabel()
        self.pages = QStackedWidget()
        self.table.horizontalHeader().setSortIndicatorClearable(True)
        self.table.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.table.setSortingEnabled(True)
        self._lay_out()
        self._connect()
        self.clear("")

    def _lay_out(self) -> None:
        self.share.setFont(theme.font(22, QFont.Weight.DemiBold))
        for label in (self.notes, self.words):
            label.setWordWrap(True)
        self.notes.setProperty("role", "muted")
        self.unreadable_button.setProperty("role", "link")
        self.unreadable_button.setProperty("flush", True)
        self.unreadable_button.setAccessibleName(tr("Files that can't be read"))
        self.unreadable_button.setToolTip(tr("Show these files in the folder"))
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(3)
        self.bar.setAccessibleName(tr("Images that are done"))
        menu = QMenu(self.export_button)
        for text, name in EXPORTS:
            menu.addAction(tr(text), partial(self.export_requested.emit, name))
        self.export_button.setMenu(menu)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.addWidget(self.matrix)
        split.addWidget(self.table)
        split.setSizes([470, 650])
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._head())
        column.addWidget(self.bar)
        column.addWidget(split, 1)
        self.sentence.setProperty("role", "muted")
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.sentence.setWordWrap(True)
        self.sentence.setContentsMargins(32, 24, 32, 24)
        self.pages.addWidget(self.sentence)
        self.pages.addWidget(page)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.pages)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)

    def _head(self) -> QHBoxLayout:
        """Return what stands above the bar: the share, the words, the buttons."""
        beside = QVBoxLayout()
        beside.setSpacing(2)
        beside.addWidget(self.words)
        beside.addWidget(self.notes)
        beside.addWidget(self.unreadable_button, 0, Qt.AlignmentFlag.AlignLeft)
        head = QHBoxLayout()
        head.setContentsMargins(16, 10, 12, 8)
        head.setSpacing(14)
        head.addWidget(self.share)
        head.addLayout(beside, 1)
        for button in (self.stop_button, self.start_button, self.export_button):
            head.addWidget(button)
        return head

    def _connect(self) -> None:
        self.stop_button.clicked.connect(self.stop_requested)
        self.start_button.clicked.connect(self.start_requested)
        self.unreadable_button.clicked.connect(self.unreadable_requested)
        self.matrix.cell_activated.connect(self.cell_activated)
        self.table.row_activated.connect(lambda row: self.class_activated.emit(self.model.result(row).number))

    def sizeHint(self) -> QSize:
        """Return room for a matrix of ten classes beside its table."""
        return QSize(1120, 620)

    # What is shown

    def clear(self, text: str) -> None:
        """Show nothing but a sentence."""
        self.found = None
        self.sentence.setText(text)
        self.matrix.show_evaluation(None)
        self.model.show_evaluation(None)
        self.pages.setCurrentIndex(0)

    def show_progress(self, found: Evaluation, done: int, total: int) -> None:
        """Show what came out so far."""
        self._show(found)
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        self.words.setText(tr("{done:,} of {total:,} images are done", done=done, total=total))
        self._show_running(running=True)

    def show_result(self, found: Evaluation) -> None:
        """Show all that came out."""
        self._show(found)
        self._show_running(running=False)

    def show_stopped(self) -> None:
        """Keep what came out before somebody gave up."""
        self._show_running(running=False)
        if self.found is None:
            self.clear(tr("The evaluation was cancelled"))
        else:
            count = tr_count("{count:,} image", "{count:,} images", len(self.found.answered))
            self.words.setText(tr("Cancelled after {images}: {told}", images=count, told=headline(self.found)))

    def set_note(self, text: str) -> None:
        """Say something about what is shown: how folders became classes, or that the network has changed since."""
        self.notes.setText(text)
        self.notes.setVisible(bool(text))

    def _show(self, found: Evaluation) -> None:
        self.found = found
        self.share.setText(percent(found.accuracy()))
        self.share.setAccessibleName(tr("Accuracy {share}", share=percent(found.accuracy())))
        self.words.setText(headline(found))
        bad = len(found.unreadable)
        names = listed(file.path.name for file in found.unreadable)
        told = tr_count(
            "{count:,} file can't be read: {names}", "{count:,} files can't be read: {names}", bad, names=names
        )
        self.unreadable_button.setText(told)
        self.unreadable_button.setVisible(bool(bad))
        self.unreadable_button.setToolTip("\n".join(file.reason for file in found.unreadable[:BEST]))
        self.matrix.show_evaluation(found)
        self.model.show_evaluation(found)
        self.pages.setCurrentIndex(1)

    def _show_running(self, *, running: bool) -> None:
        # A bar that came and went would move all that is below it.
        self.bar.setEnabled(running)
        if not running:
            self.bar.reset()
        self.stop_button.setVisible(running)
        self.start_button.setVisible(not running)
        self.export_button.setEnabled(not running)
