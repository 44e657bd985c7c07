"""The rows of the outline: one for each layer, brought up to date row by row."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtWidgets import QWidget

from designer.panels.icons import family_pixmap, severity_pixmap
from engine import Analysis, Diagnostic, Node, Severity
from engine.language import tr, tr_count, tr_noop, tr_number

NAME, TYPE, OUTPUT, PARAMETERS, PROBLEM = range(5)
TITLES = (tr_noop("Layer"), tr_noop("Type"), tr_noop("Output"), tr_noop("Parameters"), "")
ROW = 26
_ICON, _MARK = 16, 14
_RANK = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class Row:
    """What the outline shows of one layer.

    ``size`` is the number of its output values, -1 where that is not known; ``findings`` are worst first.
    """

    node: str
    label: str
    kind: str
    family: str
    output: str
    size: int
    parameters: int
    findings: tuple[Diagnostic, ...]

    @property
    def worst(self) -> Severity | None:
        """The worst severity of what was found."""
        return self.findings[0].severity if self.findings else None

    def texts(self) -> tuple[str, ...]:
        """Return what is in each column."""
        count = tr_number(self.parameters) if self.parameters else ""
        return self.label, self.kind, self.output, count, ""


_KEYS: tuple[Callable[[Row], Any], ...] = (
    lambda row: row.label.casefold(),
    lambda row: row.kind.casefold(),
    lambda row: row.size,
    lambda row: row.parameters,
    lambda row: _RANK.get(row.worst, 3) if row.worst is not None else 3,
)


def row_of(node: Node, analysis: Analysis, findings: Mapping[str | None, Sequence[Diagnostic]]) -> Row:
    """Return the row of a node."""
    entry, layer = analysis.nodes[node.id], node.layer
    output, size = (entry.output.text(), entry.output.size) if entry.output is not None else ("—", -1)
    found = tuple(findings.get(node.id, ()))
    return Row(node.id, node.label, layer.title, layer.family, output, size, entry.parameters, found)


def sorted_rows(rows: Sequence[Row], column: int, order: Qt.SortOrder) -> list[Row]:
    """Return rows by a column; those that are alike stay in the order of the network, and -1 leaves all in it."""
    if not 0 <= column < len(_KEYS):
        return list(rows)
    return sorted(rows, key=_KEYS[column], reverse=order == Qt.SortOrder.DescendingOrder)


class OutlineModel(QAbstractTableModel):
    """The rows as they are shown, in their order.

    ``renamed`` carries a node and the name that was typed for it; the model itself changes nothing.
    """

    renamed = Signal(str, str)

    def __init__(self, view: QWidget) -> None:
        super().__init__(view)
        self._view = view  # whose screen the icons are for
        self.rows: list[Row] = []
        self._places: dict[str, int] = {}
        self._sorting = (-1, Qt.SortOrder.AscendingOrder)

    def show(self, rows: Sequence[Row]) -> None:
        """Show other rows; those that are there already keep their place on the screen and their state."""
        wanted = {row.node for row in rows}
        gone = [place for place, row in enumerate(self.rows) if row.node not in wanted]
        for first, last in reversed(_runs(gone)):
            self.beginRemoveRows(QModelIndex(), first, last)
            del self.rows[first : last + 1]
            self.endRemoveRows()
        known = {row.node for row in self.rows}
        self._reorder([row for row in rows if row.node in known])
        fresh = [place for place, row in enumerate(rows) if row.node not in known]
        for first, last in _runs(fresh):
            self.beginInsertRows(QModelIndex(), first, last)
            self.rows[first:first] = rows[first : last + 1]
            self.endInsertRows()
        self._places = {row.node: place for place, row in enumerate(self.rows)}

    def show_sorting(self, column: int, order: Qt.SortOrder) -> None:
        """Say in the titles by which column the rows are sorted; -1 for none."""
        if (column, order) != self._sorting:
            self._sorting = (column, order)
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(TITLES) - 1)

    def place(self, node: str) -> int | None:
        """Return which row is a node's."""
        return self._places.get(node)

    def restyle(self) -> None:
        """Have all icons drawn anew."""
        if self.rows:
            self._tell(0, len(self.rows) - 1)

    def _reorder(self, rows: list[Row]) -> None:
        """Bring the rows that are there into another order, and up to date."""
        before = self.rows
        if [row.node for row in rows] != [row.node for row in before]:
            self.layoutAboutToBeChanged.emit()
            places = {row.node: place for place, row in enumerate(rows)}
            old = self.persistentIndexList()
            moved = [self.index(places[before[index.row()].node], index.column()) for index in old]
            self.rows = rows
            self.changePersistentIndexList(old, moved)
            self.layoutChanged.emit()
            return
        changed = [place for place, (row, old_row) in enumerate(zip(rows, before, strict=True)) if row != old_row]
        self.rows = rows
        for first, last in _runs(changed):
            self._tell(first, last)

    def _tell(self, first: int, last: int) -> None:
        self.dataChanged.emit(self.index(first, 0), self.index(last, len(TITLES) - 1))

    # What Qt asks

    def rowCount(self, parent: Index | None = None) -> int:
        """Return the number of rows."""
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index | None = None) -> int:
        """Return the number of columns."""
        return 0 if parent is not None and parent.isValid() else len(TITLES)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the title of a column."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._title(section)
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole) and section == PROBLEM:
            return tr("Problems")
        return int(_RIGHT) if role == Qt.ItemDataRole.TextAlignmentRole and section in (OUTPUT, PARAMETERS) else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return what is shown in a cell, and what is told of it."""
        if not index.isValid():
            return None
        row, column = self.rows[index.row()], index.column()
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return row.texts()[column]
        if role == Qt.ItemDataRole.DecorationRole:
            return self._icon(row, column)
        if role == Qt.ItemDataRole.TextAlignmentRole and column in (OUTPUT, PARAMETERS):
            return int(_RIGHT)
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join(found.message for found in row.findings) or None
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return _spoken(row, column)
        return QSize(0, ROW) if role == Qt.ItemDataRole.SizeHintRole else None

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Ask for another name; an empty one shows the node's id."""
        row, name = self.rows[index.row()], str(value).strip()
        if role != Qt.ItemDataRole.EditRole or index.column() != NAME or name == row.label:
            return False
        self.renamed.emit(row.node, "" if name == row.node else name)
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Return that all can be selected, and names edited."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        plain = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
        return plain | Qt.ItemFlag.ItemIsEditable if index.column() == NAME else plain

    def _title(self, column: int) -> str:
        sorted_by, order = self._sorting
        arrow = "↑" if order == Qt.SortOrder.AscendingOrder else "↓"
        title = tr(TITLES[column]) if TITLES[column] else ""
        return f"{title} {arrow}".strip() if column == sorted_by else title

    def _icon(self, row: Row, column: int) -> object:
        if column == NAME:
            return family_pixmap(row.family, _ICON, self._view)
        if column == PROBLEM and row.worst is not None:
            return severity_pixmap(row.worst.value, _MARK, self._view)
        return None


def _spoken(row: Row, column: int) -> str:
    """Return a cell in words; the first says all of the row, as readers begin there."""
    problems = "; ".join(found.message for found in row.findings)
    if column == PROBLEM:
        return problems or tr("no problems")
    if column == NAME:
        parts = (
            row.label,
            row.kind,
            tr("output {shape}", shape=row.output),
            tr_count("{count:,} parameter", "{count:,} parameters", row.parameters),
            problems,
        )
        return ", ".join(part for part in parts if part)
    return row.texts()[column]


def _runs(places: Sequence[int]) -> list[tuple[int, int]]:
    """Return rising numbers as runs of neighbours: first and last of each."""

    def distance(pair: tuple[int, int]) -> Hashable:
        return pair[1] - pair[0]

    runs = [[place for _, place in run] for _, run in groupby(enumerate(places), key=distance)]
    return [(run[0], run[-1]) for run in runs]
