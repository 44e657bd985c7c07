"""The outline: all layers in a list, the same network as on the canvas for those who would rather read it."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from designer import theme
from designer.document import Change, Document
from designer.lag import LAG_MS, Lag
from designer.panels.outline_model import (
    NAME,
    OUTPUT,
    PARAMETERS,
    PROBLEM,
    TITLES,
    TYPE,
    Index,
    OutlineModel,
    Row,
    row_of,
    sorted_rows,
)
from engine import Diagnostic, QueryError, find
from engine.language import tr, tr_count, tr_noop

_WIDTHS = {NAME: 120, TYPE: 104, OUTPUT: 92, PARAMETERS: 106, PROBLEM: 30}
_GIVEN_UP = (TYPE, PARAMETERS, OUTPUT)  # the first to go where the panel is narrow
_LEAST, _SHARE = 362, 0.25  # all columns but the type's
_EMPTY = tr_noop("The layers that you add are listed here.")
_FLAGS = QItemSelectionModel.SelectionFlag


class Outline(QWidget):
    """A filter field over the list; the selection is the document's.

    ``node_activated`` carries a node that was double-clicked, or that Enter was pressed on; it is selected already.
    """

    node_activated = Signal(str)

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._all: list[Row] = []
        self._following = False  # what is shown changes because the document has
        self.field = QLineEdit()
        self.field.setPlaceholderText(tr("Filter, such as params > 1000"))
        self.field.setClearButtonEnabled(True)
        self.field.setAccessibleName(tr("Filter the outline"))
        self._icon = QAction(self)
        self.field.addAction(self._icon, QLineEdit.ActionPosition.LeadingPosition)
        self.tree = OutlineTree()
        self.model = OutlineModel(self.tree)
        self.tree.setModel(self.model)
        self.message = QLabel()
        self.message.setProperty("role", "muted")
        self.message.setWordWrap(True)
        self._lay_out()
        self._connect()
        self._refresh()
        self._restyle()

    def _lay_out(self) -> None:
        self.setAutoFillBackground(True)
        self.setBackgroundRole(self.palette().ColorRole.Base)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for widget, margins in ((self.field, (8, 8, 8, 6)), (self.message, (10, 4, 10, 6))):
            row = QHBoxLayout()
            row.setContentsMargins(*margins)
            row.addWidget(widget)
            layout.addLayout(row)
        layout.addWidget(self.tree, 1)

    def _connect(self) -> None:
        self.field.textChanged.connect(self._filter)
        self.field.returnPressed.connect(self.tree.setFocus)
        self.tree.header().sortIndicatorChanged.connect(self._filter)
        self.tree.activated_by_user.connect(self._activate)
        self.tree.selectionModel().selectionChanged.connect(self._on_selected)
        self.model.renamed.connect(self._rename)
        self._lag = Lag(self._refresh, self, 2 * LAG_MS)
        self._document.changed.connect(self._on_changed)
        self._document.selection.changed.connect(self._show_selection)

    def sizeHint(self) -> QSize:
        """Return room for all columns."""
        return QSize(sum(_WIDTHS.values()) + 14, 480)

    def width_in(self, window: int) -> int:
        """Return a good width in a window of some width: room for all columns where that leaves enough for others."""
        return max(min(self.sizeHint().width(), round(window * _SHARE)), _LEAST)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._restyle()

    def _restyle(self) -> None:
        self._icon.setIcon(theme.icon("search", theme.current().muted))
        self.model.restyle()

    # From the document

    def _on_changed(self, change: Change) -> None:
        before, after = change.before.graph, change.after.graph
        if before is not after or change.loaded:
            self._lag.take(change)

    def _refresh(self) -> None:
        document = self._document
        findings: dict[str | None, list[Diagnostic]] = {}
        for found in document.findings:
            findings.setdefault(found.node, []).append(found)
        by_id, analysis = document.graph.by_id, document.analysis
        self._all = [row_of(by_id[node], analysis, findings) for node in analysis.listed]
        self._filter()

    def _filter(self, *_: object) -> None:
        """Show the rows that the expression finds, by the column that was chosen."""
        text, document, error = self.field.text(), self._document, ""
        rows: Sequence[Row] = self._all
        if text.strip():
            try:
                found = set(find(text, document.graph, document.analysis, document.findings))
                rows = [row for row in rows if row.node in found]
            except QueryError as problem:
                error = str(problem)
        header = self.tree.header()
        column, order = header.sortIndicatorSection(), header.sortIndicatorOrder()
        self._following = True
        self.model.show_sorting(column, order)
        self.model.show(sorted_rows(rows, column, order))
        self._following = False
        self._show_selection(document.selection.nodes)
        self._show_message(error, len(rows), bool(text.strip()))

    def _show_message(self, error: str, shown: int, filtered: bool) -> None:
        if error or not self._all:
            text = error or tr(_EMPTY)
        else:
            whole = len(self._all)
            text = tr_count("{shown:,} of {count:,} layer", "{shown:,} of {count:,} layers", whole, shown=shown)
            text = text if filtered else ""
        self.message.setText(text)
        self.message.setVisible(bool(text))
        self.message.setStyleSheet(f"color: {theme.current().error}" if error else "")

    def _show_selection(self, nodes: tuple[str, ...]) -> None:
        places = [place for node in nodes if (place := self.model.place(node)) is not None]
        chosen = QItemSelection()
        for place in places:
            chosen.select(self.model.index(place, 0), self.model.index(place, len(TITLES) - 1))
        selection = self.tree.selectionModel()
        if {index.row() for index in selection.selectedRows()} == set(places):
            return
        self._following = True
        selection.select(chosen, _FLAGS.ClearAndSelect)
        if places:
            last = self.model.index(places[-1], NAME)
            selection.setCurrentIndex(last, _FLAGS.NoUpdate)
            self.tree.scrollTo(last)
        self._following = False

    # From the user

    def _on_selected(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        if self._following:
            return
        rows = [self.model.rows[index.row()].node for index in self.tree.selectionModel().selectedRows()]
        kept = [node for node in self._document.selection.nodes if node in rows]
        self._document.selection.select((*kept, *(node for node in rows if node not in kept)))

    def _activate(self, index: Index) -> None:
        node = self.model.rows[index.row()].node
        self._document.selection.select((node,))
        self.node_activated.emit(node)

    def _rename(self, node: str, name: str) -> None:
        self._document.edit(tr("Rename layer"), self._document.graph.rename(node, name))


class OutlineTree(QTreeView):
    """The list: sorted by its headers, edited with F2; columns without room are left out."""

    activated_by_user = Signal(object)  # QModelIndex

    def __init__(self) -> None:
        super().__init__()
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setItemsExpandable(False)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(tr("Outline of the network"))
        header = self.header()
        header.setSectionsClickable(True)
        header.setSortIndicatorShown(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        header.setSortIndicatorClearable(True)
        header.setStretchLastSection(False)
        header.setMinimumSectionSize(24)
        self.doubleClicked.connect(self.activated_by_user.emit)

    def setModel(self, model: OutlineModel) -> None:  # type: ignore[override]
        """Show a model's rows, with the columns as wide as they should be."""
        super().setModel(model)
        for column, width in _WIDTHS.items():
            self.header().setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
            self.setColumnWidth(column, width)
        self.header().setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        self.header().setSectionResizeMode(PROBLEM, QHeaderView.ResizeMode.Fixed)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Reveal the current layer with Enter; rename it with F2, whichever column is current."""
        index = self.currentIndex()
        editing = self.state() == QAbstractItemView.State.EditingState
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and index.isValid() and not editing:
            self.activated_by_user.emit(index)
        elif event.key() == Qt.Key.Key_F2 and index.isValid() and not editing:
            self.edit(index.siblingAtColumn(NAME))
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out the columns that there is no room for."""
        super().resizeEvent(event)
        room, needed = event.size().width(), sum(_WIDTHS.values())
        for column in _GIVEN_UP:
            hidden = needed > room
            self.setColumnHidden(column, hidden)
            needed -= _WIDTHS[column] if hidden else 0
