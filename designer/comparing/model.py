"""The table of a comparison, as Qt asks for it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont

from designer import theme
from designer.comparing.rows import SIGNS, Row, Status
from designer.tables import Index, NumberModel
from designer.wording import relative_text
from engine.diff_report import correlation_text
from engine.language import tr, tr_noop, tr_number

STATUS, NAME, WHAT, OUTPUT, PARAMETERS, MACS, MAPS = range(7)
_COLUMNS = (
    (tr_noop("Status"), tr_noop("What became of the layer")),
    (tr_noop("Layer"), tr_noop("Its name")),
    (tr_noop("What is different"), tr_noop("Hyper-parameters, names and wires, before and after")),
    (tr_noop("Output"), tr_noop("The shape that it gives")),
    (tr_noop("Parameters"), tr_noop("Weights and biases together")),
    (tr_noop("MACs"), tr_noop("Multiply-accumulates")),
    (tr_noop("Maps differ"), tr_noop("By how much its maps of the open image differ, of those before")),
)
_WORDS = (STATUS, NAME, WHAT, OUTPUT)


class ComparisonModel(NumberModel):
    """Rows of two networks side by side."""

    def __init__(self) -> None:
        super().__init__(_COLUMNS, _WORDS)
        self.rows: Sequence[Row] = ()

    def show(self, rows: Sequence[Row]) -> None:
        """Show other rows; where they stand for the same layers, only what they say is new."""
        same = [(row.before, row.after) for row in self.rows] == [(row.before, row.after) for row in rows]
        if not same:
            self.beginResetModel()
        self.rows = tuple(rows)
        if not same:
            self.endResetModel()
        elif rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, len(_COLUMNS) - 1))

    def rowCount(self, parent: Index | None = None) -> int:
        """Return the number of layers."""
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return a cell's text, colour, alignment, font and hint."""
        row, column = self.rows[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return cell_text(row, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return _hint(row, column) or cell_text(row, column)
        if role == Qt.ItemDataRole.ForegroundRole:
            return QColor(colour(row.status) if column in (STATUS, NAME) else _plain_colour(row.status))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self.side(column)
        if role == Qt.ItemDataRole.FontRole and column == NAME:
            return theme.font(10, QFont.Weight.Normal if row.status is Status.SAME else QFont.Weight.DemiBold)
        return None


def cell_text(row: Row, column: int) -> str:
    """Return what a cell says."""
    if column == STATUS:
        return f"{SIGNS[row.status]}  {tr(row.status.value)}"
    if column == MAPS:
        return _maps(row)
    if column in (PARAMETERS, MACS):
        old, new = row.parameters if column == PARAMETERS else row.macs
        if old == new:
            return tr_number(new) if new else ""
        if old is None or new is None:
            known = old or new
            return tr_number(known) if known else ""
        return _arrow(tr_number(old), tr_number(new))
    if column == OUTPUT:
        return row.outputs[1] if row.outputs[0] == row.outputs[1] else _arrow(*row.outputs)
    return row.name if column == NAME else row.what


def colour(status: Status) -> str:
    """Return the colour of a status: blue, orange and violet are told apart by all, and each has its sign."""
    colours = theme.current()
    return {
        Status.ADDED: colours.info,
        Status.REMOVED: colours.warning,
        Status.CHANGED: colours.family("dense"),
        Status.FOLLOWS: colours.text,
        Status.SAME: colours.muted,
    }[status]


def _plain_colour(status: Status) -> str:
    return theme.current().muted if status is Status.SAME else theme.current().text


def _arrow(old: str, new: str) -> str:
    return f"{old} → {new}" if old and new else old or new


def _maps(row: Row) -> str:
    maps = row.maps
    if maps is None:
        return ""
    if maps.relative is None:
        return tr("other shape")
    if maps.relative == 0:
        return tr("equal")
    return relative_text(maps.relative)


def _hint(row: Row, column: int) -> str:
    maps = row.maps
    if column != MAPS or maps is None or maps.greatest is None:
        return ""
    return tr(
        "The norm of the difference is {relative} of that of the maps before; no value differs by more than "
        "{greatest}; the correlation is {correlation}.",
        relative=relative_text(maps.relative or 0),
        greatest=tr_number(maps.greatest, ".4g"),
        correlation=correlation_text(maps.correlation),
    )
