"""What describes each map of a layer, as a table to sort: mean, spread, extremes, zeros; dead maps are marked."""

from math import isnan

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSortFilterProxyModel, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHeaderView, QLabel, QVBoxLayout, QWidget

from designer import theme
from designer.maps.layers import MapLayer
from designer.tables import Index, NumberModel, NumberTable
from designer.tiles.numbers import number_text
from designer.wording import percent
from engine import ChannelStatistics, channel_statistics
from engine.language import tr, tr_count, tr_noop

EMPTY = tr_noop("Select a layer that has maps")
_COLUMNS = (
    (tr_noop("Map"), tr_noop("Its number")),
    (tr_noop("Mean"), tr_noop("The mean of its finite values: how strongly it answers")),
    (tr_noop("Std"), tr_noop("The standard deviation of its finite values: how much it varies")),
    (tr_noop("Min"), tr_noop("Its smallest finite value")),
    (tr_noop("Max"), tr_noop("Its largest finite value")),
    (tr_noop("Zeros"), tr_noop("The share of its values that are exactly 0 (sparsity)")),
)


class ChannelModel(NumberModel):
    """The numbers of one layer: a row for each map."""

    def __init__(self) -> None:
        super().__init__(_COLUMNS, ())
        self._columns: tuple[NDArray[np.float64], ...] = ()
        self._found: ChannelStatistics | None = None

    def set_statistics(self, found: ChannelStatistics | None) -> None:
        """Show these."""
        self.beginResetModel()
        self._found = found
        self._columns = ()
        if found is not None:
            numbers = np.arange(len(found), dtype=np.float64)
            self._columns = (numbers, found.mean, found.std, found.minimum, found.maximum, found.zeros)
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        """Return the number of maps."""
        return 0 if self._found is None or (parent is not None and parent.isValid()) else len(self._found)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return a number as text, as what is sorted by, or how it is drawn."""
        if self._found is None or not index.isValid():
            return None
        value, dead = float(self._columns[index.column()][index.row()]), bool(self._found.dead[index.row()])
        if role == Qt.ItemDataRole.UserRole:
            return float("-inf") if isnan(value) else value
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self.side(index.column())
        if role == Qt.ItemDataRole.ForegroundRole and (dead or self._found.faults[index.row()]):
            return QColor(theme.current().warning if dead else theme.current().error)
        if role == Qt.ItemDataRole.ToolTipRole and dead:
            return tr("Map {number} is 0 everywhere: nothing in this image moves it", number=index.row())
        return _text(index.column(), value, dead=dead) if role == Qt.ItemDataRole.DisplayRole else None


class ChannelTable(QWidget):
    """The table with a line above it. ``map_activated`` carries node and channel of a row."""

    map_activated = Signal(str, int)

    def __init__(self) -> None:
        super().__init__()
        self._layer: MapLayer | None = None
        self._late = False  # whether the numbers are not those of the layer
        self.summary = QLabel(tr(EMPTY))
        self.summary.setProperty("role", "muted")
        self.summary.setContentsMargins(12, 6, 12, 6)
        self.summary.setWordWrap(True)
        self.model = ChannelModel()
        self.sorted = QSortFilterProxyModel()
        self.sorted.setSourceModel(self.model)
        self.sorted.setSortRole(Qt.ItemDataRole.UserRole)
        self.view = _Table(self.sorted)
        self.view.setSortingEnabled(True)
        self.view.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        self.view.row_activated.connect(self._activate)
        self.view.clicked.connect(lambda index: self._activate(index.row()))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.summary)
        column.addWidget(self.view, 1)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(self.palette().ColorRole.Base)
        self.setFocusProxy(self.view)

    def show_layer(self, layer: MapLayer | None) -> None:
        """Show the numbers of a layer's maps; the order stays. None shows nothing."""
        same = layer is not None and self._layer is not None and layer.values is self._layer.values
        self._layer = layer
        self._late = self._late or not same
        if self.isVisible():
            self._refresh()

    def showEvent(self, event: QShowEvent) -> None:
        """Find out the numbers that nobody has asked for so far."""
        super().showEvent(event)
        self._refresh()

    def _refresh(self) -> None:
        layer = self._layer
        if not self._late:
            return
        self._late = False
        if layer is None or layer.values.size == 0:
            self.model.set_statistics(None)
            self.summary.setText(tr(EMPTY))
            return
        found = channel_statistics(layer.values)
        row = self.view.currentIndex().row()
        self.model.set_statistics(found)
        self.view.selectRow(max(0, row))
        self.summary.setText(_summary(layer, found))

    def layer(self) -> MapLayer | None:
        """Return whose numbers are shown."""
        return self._layer

    def channels(self) -> list[int]:
        """Return the maps in the order of the table."""
        rows = (self.sorted.index(row, 0) for row in range(self.sorted.rowCount()))
        return [self.sorted.mapToSource(row).row() for row in rows]

    def _activate(self, row: int) -> None:
        if self._layer is not None:
            self.map_activated.emit(self._layer.node, self.sorted.mapToSource(self.sorted.index(row, 0)).row())


class _Table(NumberTable):
    """Columns of the same width, sorted by one of them."""

    def __init__(self, model: QSortFilterProxyModel) -> None:
        super().__init__(tr("Maps of the layer, with their numbers"), model, wide=0)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.horizontalHeader().setMinimumSectionSize(44)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Sort by a column with its number."""
        key = event.key()
        if Qt.Key.Key_1 <= key < Qt.Key.Key_1 + len(_COLUMNS):
            column = int(key) - int(Qt.Key.Key_1)
            header = self.horizontalHeader()
            down = header.sortIndicatorSection() == column
            down = down and header.sortIndicatorOrder() == Qt.SortOrder.DescendingOrder
            self.sortByColumn(column, Qt.SortOrder.AscendingOrder if down else Qt.SortOrder.DescendingOrder)
        else:
            super().keyPressEvent(event)


def _text(column: int, value: float, *, dead: bool) -> str:
    if column == 0:
        return tr("{number} · dead", number=int(value)) if dead else str(int(value))
    if isnan(value):
        return "–"
    return percent(value) if column == len(_COLUMNS) - 1 else number_text(value)


def _summary(layer: MapLayer, found: ChannelStatistics) -> str:
    count, dead = len(found), int(found.dead.sum())
    if layer.is_vector:
        counts = tr_count("{count:,} element", "{count:,} elements", count)
        gone = tr("{dead:,} of them 0", dead=dead)
    else:
        counts = tr_count("{count:,} map", "{count:,} maps", count)
        gone = tr("{dead:,} of them dead (0 everywhere)", dead=dead)
    zeros = tr("{share} zeros", share=percent(float(found.zeros.mean())))
    return f"{layer.title}: " + ", ".join((counts, gone, zeros) if dead else (counts, zeros))
