"""The classes of an evaluation: how many images each has, and how many of them are recognised."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor

from designer import theme
from designer.tables import Index, NumberModel
from engine import Evaluation
from engine.evaluation import ClassResult
from engine.evaluation_report import percent
from engine.language import tr_noop, tr_number

_COLUMNS = (
    (tr_noop("Class"), tr_noop("The network's name of it")),
    (tr_noop("Images"), tr_noop("How many images of it could be read")),
    (tr_noop("Right"), tr_noop("How many of them are recognised")),
    (tr_noop("Recall"), tr_noop("Share of its images that are recognised")),
    (tr_noop("Precision"), tr_noop("Share of the answers of this class that are right")),
    (tr_noop("Taken for"), tr_noop("What its images are most often taken for, and how often")),
)
_WORDS = (0, len(_COLUMNS) - 1)


class ClassModel(NumberModel):
    """A row for each class that has images or answers."""

    def __init__(self) -> None:
        super().__init__(_COLUMNS, _WORDS)
        self._labels: tuple[str, ...] = ()
        self._rows: list[ClassResult] = []
        self._sorting: tuple[int, bool] = (-1, False)  # column, and whether the largest come first

    def show_evaluation(self, found: Evaluation | None) -> None:
        """Show what came out; where the classes are those of before, the view stays where it is."""
        rows = [one for one in found.classes if one.images or one.answers] if found is not None else []
        self._labels = found.labels if found is not None else ()
        self._show(rows)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; -1 brings the network's order back."""
        self._sorting = (column, order == Qt.SortOrder.DescendingOrder)
        self._show(sorted(self._rows, key=lambda one: one.number))

    def _show(self, rows: list[ClassResult]) -> None:
        column, falling = self._sorting
        if column >= 0:
            rows = sorted(rows, key=lambda one: _sort_key(one, column), reverse=falling)
        if len(rows) != len(self._rows):
            self.beginResetModel()
            self._rows = rows
            self.endResetModel()
            return
        self.layoutAboutToBeChanged.emit()
        self._rows = rows
        self.layoutChanged.emit()

    def result(self, row: int) -> ClassResult:
        """Return the class of a row."""
        return self._rows[row]

    def rowCount(self, parent: Index | None = None) -> int:
        """Return the number of classes."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return a cell's text, and how it is drawn."""
        if not index.isValid():
            return None
        one, column = self._rows[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(one, column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self.side(column)
        if role == Qt.ItemDataRole.ForegroundRole and (not one.images or column == len(_COLUMNS) - 1):
            return QColor(theme.current().muted)
        return None

    def _text(self, one: ClassResult, column: int) -> str:
        taken = f"{self._labels[one.mistaken[0]]} ({tr_number(one.mistaken[1])})" if one.mistaken is not None else ""
        return (
            one.label,
            tr_number(one.images),
            tr_number(one.right),
            percent(one.recall),
            percent(one.precision),
            taken,
        )[column]


def _sort_key(one: ClassResult, column: int) -> tuple[float, ...]:
    shares = (one.recall, one.precision)
    mistaken = one.mistaken[1] if one.mistaken is not None else 0
    values = (one.number, one.images, one.right, *(-1.0 if share is None else share for share in shares), mistaken)
    return (values[column],)
