"""Tables of numbers: rows are chosen whole, columns are as wide as what they hold, Enter activates a row."""

from collections.abc import Container, Sequence

from PySide6.QtCore import QAbstractItemModel, QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHeaderView, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from engine.language import tr

ROW = 24
_WIDEST_NAME = 200
Index = QModelIndex | QPersistentModelIndex
Columns = Sequence[tuple[str, str]]  # titles, and what they mean


class NumberModel(QAbstractTableModel):
    """Columns with a title and a meaning, which `tr` knows; what is not ``words`` is a number, and stands at the right.

    A table's own model says how many rows there are and what is in them.
    """

    def __init__(self, columns: Columns, words: Container[int]) -> None:
        super().__init__()
        self._titles, self._words = columns, words

    def columnCount(self, parent: Index | None = None) -> int:
        """Return the number of columns."""
        return 0 if parent is not None and parent.isValid() else len(self._titles)

    def side(self, column: int) -> Qt.AlignmentFlag:
        """Return where a column's texts stand."""
        side = Qt.AlignmentFlag.AlignLeft if column in self._words else Qt.AlignmentFlag.AlignRight
        return side | Qt.AlignmentFlag.AlignVCenter

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the name of a column and what it means."""
        if orientation == Qt.Orientation.Horizontal and 0 <= section < len(self._titles):
            if role == Qt.ItemDataRole.DisplayRole:
                return tr(self._titles[section][0])
            if role == Qt.ItemDataRole.ToolTipRole:
                return tr(self._titles[section][1])
            if role == Qt.ItemDataRole.TextAlignmentRole:
                return self.side(section)
        return None


class _Names(QStyledItemDelegate):
    """Shortens long names in their middle: they often differ at the end."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        option.textElideMode = Qt.TextElideMode.ElideMiddle


class NumberTable(QTableView):
    """A table to read and to choose from; ``row_activated`` carries a row that was double-clicked or entered.

    Parameters
    ----------
    name
        What screen readers call it.
    model
        Its rows.
    wide
        The column that takes the room that is left.
    names
        The column of names, which is as wide as they are, but for very long ones, which are shortened.
    """

    row_activated = Signal(int)

    def __init__(self, name: str, model: QAbstractItemModel, *, wide: int, names: int = 0) -> None:
        super().__init__()
        self._names = names
        self.setAccessibleName(name)
        self.setModel(model)
        self.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setEditTriggers(QTableView.EditTrigger.NoEditTriggers)
        self.setWordWrap(False)
        self.setItemDelegateForColumn(names, _Names(self))
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(wide, QHeaderView.ResizeMode.Stretch)
        header.setResizeContentsPrecision(0)  # what is in view: all of a thousand rows would take a tenth of a second
        header.setHighlightSections(False)
        header.setMinimumSectionSize(48)
        header.setSectionResizeMode(names, QHeaderView.ResizeMode.Interactive)
        self.doubleClicked.connect(self._activate)
        model.modelReset.connect(self._fit_names)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Activate with Enter."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.row_activated.emit(self.currentIndex().row())
        else:
            super().keyPressEvent(event)

    def _fit_names(self) -> None:
        wanted = max(self.sizeHintForColumn(self._names), self.horizontalHeader().sectionSizeHint(self._names)) + 8
        self.setColumnWidth(self._names, min(wanted, _WIDEST_NAME))

    def _activate(self, index: QModelIndex) -> None:
        self.row_activated.emit(index.row())
