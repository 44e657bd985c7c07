"""The comparison: what it is with, the sums of both, and the table."""

from html import escape

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QStackedLayout, QVBoxLayout, QWidget

from designer import theme
from designer.comparing.model import NAME, WHAT, ComparisonModel
from designer.comparing.rows import Row, Status
from designer.comparing.sums import Sums
from designer.fields import CheckBox
from designer.tables import NumberTable
from engine.language import tr, tr_count, tr_number


class ComparisonPanel(QWidget):
    """Shows a comparison.

    ``node_chosen`` carries the id of a layer of the open network, ``shown`` says that somebody looks again.
    """

    file_asked = Signal()
    saved_asked = Signal()
    marking_asked = Signal(object)  # tuple[str, ...]: layers to select on the canvas
    node_chosen = Signal(str)
    shown = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[Row] = []
        self.title = QLabel()
        self.title.setFont(theme.font(12))
        self.title.setTextFormat(Qt.TextFormat.RichText)
        self.totals = Sums()
        self.file_button, self.saved_button = QPushButton(tr("File…")), QPushButton(tr("Last saved"))
        self.mark_button = QPushButton(tr("Select on canvas"))
        self.mark_button.setToolTip(tr("Select all layers of the open network that are new or changed"))
        self.only = CheckBox(tr("Only differences"))
        self.only.setChecked(True)
        self.summary = QLabel()
        self.summary.setProperty("role", "muted")
        self.model = ComparisonModel()
        self.table = NumberTable(tr("Layers of both networks"), self.model, wide=WHAT, names=NAME)
        self.empty = QLabel()
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setProperty("role", "muted")
        self.empty.setWordWrap(True)
        self._lay_out()
        self._connect()
        self.show_nothing()

    def _lay_out(self) -> None:
        self.setAutoFillBackground(True)
        self.setBackgroundRole(self.palette().ColorRole.Base)
        top = QHBoxLayout()
        top.setContentsMargins(12, 10, 12, 6)
        top.setSpacing(8)
        top.addWidget(self.title, 1)
        for part in (QLabel(tr("Compare with")), self.file_button, self.saved_button):
            top.addWidget(part)
        self.totals.setContentsMargins(12, 2, 12, 10)
        self._content = QStackedLayout()
        self._content.addWidget(self.table)
        self._content.addWidget(self.empty)
        foot = QHBoxLayout()
        foot.setContentsMargins(12, 6, 12, 8)
        foot.setSpacing(12)
        foot.addWidget(self.summary, 1)
        foot.addWidget(self.only)
        foot.addWidget(self.mark_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self.totals)
        column.addLayout(self._content, 1)
        column.addLayout(foot)

    def _connect(self) -> None:
        self.file_button.clicked.connect(self.file_asked)
        self.saved_button.clicked.connect(self.saved_asked)
        self.mark_button.clicked.connect(lambda: self.marking_asked.emit(self.differing()))
        self.only.toggled.connect(self._show_rows)
        self.table.row_activated.connect(self._choose)
        self.table.clicked.connect(lambda index: self._choose(index.row()))

    def sizeHint(self) -> QSize:
        """Return room for all columns."""
        return QSize(1120, 560)

    def showEvent(self, event: QShowEvent) -> None:
        """Tell that somebody looks."""
        super().showEvent(event)
        self.shown.emit()

    # What is shown

    def show_nothing(self) -> None:
        """Show that there is nothing to compare with yet."""
        self._rows = []
        self.title.setText("")
        self.totals.show_sums({})
        self.mark_button.setEnabled(False)
        self._show_rows()

    def show_comparison(self, other: str, name: str, rows: list[Row], totals: dict[str, tuple[int, int]]) -> None:
        """Show a comparison.

        Parameters
        ----------
        other, name
            What the other network and the open one are called.
        rows
            A row for each layer of either.
        totals
            The sums of both, by what they are called.
        """
        self._rows = rows
        self.title.setText(f"{escape(other)} → <b>{escape(name)}</b>")
        self.totals.show_sums(totals)
        self.mark_button.setEnabled(bool(self.differing()))
        self._show_rows()

    def differing(self) -> tuple[str, ...]:
        """Return the layers of the open network that are new or changed."""
        own = (Status.ADDED, Status.CHANGED)
        return tuple(row.after for row in self._rows if row.status in own and row.after is not None)

    def _show_rows(self, *_: object) -> None:
        shown = [row for row in self._rows if row.differs or not self.only.isChecked()]
        self.model.show(shown)
        self._content.setCurrentIndex(0 if shown else 1)
        if not self._rows:
            self.empty.setText(tr("Compare the open network with a file, or with what was last saved."))
            self.summary.setText("")
            return
        self.empty.setText(tr("The two are the same design."))
        counts = {status: sum(row.status is status for row in self._rows) for status in Status}
        parts = [f"{tr_number(count)} {tr(status.value)}" for status, count in counts.items() if count]
        self.summary.setText(tr_count("{count:,} layer: ", "{count:,} layers: ", len(self._rows)) + ", ".join(parts))

    def _choose(self, number: int) -> None:
        row = self.model.rows[number]
        if row.after is not None:
            self.node_chosen.emit(row.after)
