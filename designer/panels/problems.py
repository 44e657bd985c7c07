"""The list of all findings: what is wrong, where, and what would mend it."""

from collections import Counter
from collections.abc import Hashable, Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from designer.document import Change, Document
from designer.lag import LAG_MS, Lag
from designer.panels.finding_view import discard
from designer.panels.icons import ok_pixmap
from designer.panels.problem_row import ProblemRow
from designer.panels.scroll_column import ScrollColumn
from designer.wording import NO_PROBLEMS, summary
from engine import Diagnostic, Fix
from engine.language import tr, tr_count

FIX_KEY = "Ctrl+."
SPARE_ROWS = 10
MOST_ROWS = 50  # each row is a handful of widgets; nobody reads more
_ICON = 18


class Problems(QWidget):
    """The findings of a document.

    ``node_activated`` carries the id of a node that the user wants to see; it is selected already.
    ``summary_changed`` carries a text such as ``2 errors, 1 warning``; `summary` is the same text.
    """

    node_activated = Signal(str)
    summary_changed = Signal(str)

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._rows: dict[Hashable, ProblemRow] = {}
        self._spare: list[ProblemRow] = []  # off the screen; to make one takes longer than to show another finding
        self._empty = _NoProblems()
        self._more = QLabel()
        self._more.setProperty("role", "muted")
        self._more.setContentsMargins(12, 6, 12, 6)
        self._lay_out()
        self._shortcut = QShortcut(QKeySequence(FIX_KEY), self)
        self._shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self._shortcut.activated.connect(self.apply_first_fix)
        self._lag = Lag(self._refresh, self, 3 * LAG_MS)
        document.changed.connect(self._document_changed)
        self.summary = ""
        self._refresh()

    def _lay_out(self) -> None:
        self._scroll = ScrollColumn()
        self._scroll.column.setContentsMargins(0, 4, 0, 4)
        self._scroll.add(self._empty)
        self._scroll.add(self._more)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._scroll)

    def sizeHint(self) -> QSize:
        """Return a size that shows a few rows."""
        return QSize(420, 130)

    @property
    def rows(self) -> tuple[ProblemRow, ...]:
        """The rows from top to bottom."""
        return tuple(self._rows.values())

    def apply_first_fix(self) -> None:
        """Apply the first fix of the current row, or of the first row that has one."""
        current = self._current_row()
        offered = (row.first_fix for row in ((current,) if current is not None else ()) + self.rows)
        first = next((fix for fix in offered if fix is not None), None)
        if first is not None:
            self._apply(first)

    def _document_changed(self, change: Change) -> None:
        before, after = change.before.graph, change.after.graph
        if before is not after:
            self._lag.take(change)

    def _refresh(self) -> None:
        findings = self._document.findings
        self._show_rows(findings[:MOST_ROWS])
        hidden = len(findings) - MOST_ROWS
        self._more.setText(tr_count("and {count:,} more problem", "and {count:,} more problems", max(hidden, 0)))
        self._more.setVisible(hidden > 0)
        self._empty.setVisible(not findings)
        self._scroll.settle()
        text = summary(findings)
        if text != self.summary:
            self.summary = text
            self.summary_changed.emit(text)

    def _show_rows(self, findings: Sequence[Diagnostic]) -> None:
        """Bring the rows up to date; one whose finding is still there stays the same widget."""
        keyed = _keyed(findings)
        for key in [key for key in self._rows if key not in keyed]:
            self._remove(key)
        rows: dict[Hashable, ProblemRow] = {}
        for place, (key, finding) in enumerate(keyed.items()):
            label = self._label(finding)
            row = self._rows.get(key)
            if row is None:
                row = self._new_row(finding, label)
            else:
                row.show_finding(finding, label)
            if self._scroll.column.indexOf(row) != place:
                self._scroll.column.insertWidget(place, row)
            rows[key] = row
        self._rows = rows

    def _label(self, finding: Diagnostic) -> str:
        node = self._document.graph.by_id.get(finding.node or "")
        return node.label if node is not None else ""

    def _new_row(self, finding: Diagnostic, label: str) -> ProblemRow:
        if self._spare:
            row = self._spare.pop()
            row.show_finding(finding, label)
            row.show()
            return row
        row = ProblemRow(finding, label)
        row.chosen.connect(self._row_chosen)
        row.moved.connect(self._row_moved)
        row.fix_requested.connect(self._apply)
        return row

    def _remove(self, key: Hashable) -> None:
        row = self._rows.pop(key)
        self._scroll.column.removeWidget(row)
        if len(self._spare) < SPARE_ROWS:
            row.hide()
            self._spare.append(row)
        else:
            discard(row)

    def _row_chosen(self) -> None:
        row = self.sender()
        node = row.finding.node if isinstance(row, ProblemRow) else None
        if node is not None:
            self._document.selection.select((node,))
            self.node_activated.emit(node)

    def _row_moved(self, step: int) -> None:
        rows, row = self.rows, self.sender()
        if isinstance(row, ProblemRow) and row in rows:
            target = rows[min(max(rows.index(row) + step, 0), len(rows) - 1)]
            self._focus(target)

    def _focus(self, row: ProblemRow) -> None:
        row.setFocus(Qt.FocusReason.OtherFocusReason)
        self._scroll.ensureWidgetVisible(row, 0, 0)

    def _current_row(self) -> ProblemRow | None:
        """Return the row that has the focus, itself or one of its buttons."""
        focus = QApplication.focusWidget()
        return next((row for row in self.rows if row is focus or (focus and row.isAncestorOf(focus))), None)

    def _apply(self, fix: Fix) -> None:
        current = self._current_row()
        place = self.rows.index(current) if current is not None else 0
        self._document.edit(fix.title, fix.edit(self._document.graph))
        if current is not None and self.rows:  # so that one fix after the other can be applied by keyboard
            self._focus(self.rows[min(place, len(self.rows) - 1)])


class _NoProblems(QWidget):
    """What is shown when all is well."""

    def __init__(self) -> None:
        super().__init__()
        self._icon, words = QLabel(), QLabel(tr(NO_PROBLEMS))
        words.setProperty("role", "muted")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.setSpacing(8)
        layout.addWidget(self._icon)
        layout.addWidget(words)
        layout.addStretch()
        self._refresh_icon()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._refresh_icon()

    def _refresh_icon(self) -> None:
        self._icon.setPixmap(ok_pixmap(_ICON, self))


def _keyed(findings: Sequence[Diagnostic]) -> dict[Hashable, Diagnostic]:
    """Give each finding a key that stays the same while its words change."""
    seen: Counter[Hashable] = Counter()
    keyed: dict[Hashable, Diagnostic] = {}
    for finding in findings:
        key = (finding.code, finding.node, finding.parameter, finding.port)
        keyed[(*key, seen[key])] = finding
        seen[key] += 1
    return keyed
