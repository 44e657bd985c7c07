"""Tables of numbers: rows are chosen whole, columns are as wide as what they hold, Enter activates a row."""

from PySide6.QtCore import QAbstractItemModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHeaderView, QTableView

ROW = 24
_WIDEST_NAME = 180


class NumberTable(QTableView):
    """A table to read and to choose from; the column ``wide``, not the first, takes the room that is left.

    ``row_activated`` carries a row that was double-clicked or entered.
    """

    row_activated = Signal(int)

    def __init__(self, name: str, model: QAbstractItemModel, *, wide: int) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setModel(model)
        self.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setEditTriggers(QTableView.EditTrigger.NoEditTriggers)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(wide, QHeaderView.ResizeMode.Stretch)
        header.setResizeContentsPrecision(0)  # what is in view: all of a thousand rows would take a tenth of a second
        header.setHighlightSections(False)
        header.setMinimumSectionSize(48)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
        self.doubleClicked.connect(self._activate)
        model.modelReset.connect(self._fit_names)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Activate with Enter."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.row_activated.emit(self.currentIndex().row())
        else:
            super().keyPressEvent(event)

    def _fit_names(self) -> None:
        """Make the first column as wide as its names, but for very long ones, which are shortened."""
        wanted = max(self.sizeHintForColumn(0), self.horizontalHeader().sectionSizeHint(0)) + 8
        self.setColumnWidth(0, min(wanted, _WIDEST_NAME))

    def _activate(self, index: QModelIndex) -> None:
        self.row_activated.emit(index.row())
