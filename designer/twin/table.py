"""All layers beside their twins: a row each, and the sums in the last one."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics

from designer import theme
from designer.tables import Index, NumberModel
from engine import Analysis, LayerTwin, NetworkTwin, twin_derivations
from engine.language import tr, tr_noop, tr_number
from engine.twin import Counts, Kind

_COLUMNS = (
    (tr_noop("Layer"), tr_noop("Its name")),
    (tr_noop("Type"), tr_noop("What it is")),
    (tr_noop("Inputs"), tr_noop("N₁: values that enter, of all inputs together")),
    (tr_noop("Outputs"), tr_noop("N₂: values that leave")),
    (tr_noop("MLP weights"), tr_noop("N₁·N₂: weights, and connections, of a dense layer between the same volumes")),
    (tr_noop("Connections"), tr_noop("The layer's own; with a weight for each it would be local, but not shared")),
    (tr_noop("Weights"), tr_noop("The layer's own, biases left out")),
    (tr_noop("Locality"), tr_noop("MLP weights / connections: what is saved because outputs see only what is near")),
    (tr_noop("Sharing"), tr_noop("Connections / weights: how many connections share each weight")),
    (tr_noop("MLP / CNN"), tr_noop("MLP weights / weights: both together")),
)
_LEFT = 2  # columns of words
_PADDING, _HEAD = 22, 30  # of a column's name
_QUANTITIES = ("", "", "inputs", "outputs", "dense", "connections", "weights", "locality", "sharing", "both")


class TwinModel(NumberModel):
    """The rows of a network and of its sums."""

    def __init__(self) -> None:
        super().__init__(_COLUMNS, range(_LEFT))
        self._nodes: tuple[str, ...] = ()
        self._rows: list[tuple[str, ...]] = []
        self._layers: tuple[LayerTwin, ...] = ()
        self._analysis: Analysis | None = None
        self._widest: tuple[str, ...] = ()  # of each column

    def show_twin(self, analysis: Analysis, found: NetworkTwin) -> None:
        """Show a network; where the layers are those of before, the view stays where it is."""
        nodes = tuple(one.node for one in found.layers)
        rows = [_cells(analysis, one) for one in found.layers]
        counts = found.counts
        sums = (tr_number(counts.dense), tr_number(found.connections), tr_number(counts.shared), *_ratios(counts))
        rows.append((tr("The whole network"), "", "", "", *sums))
        same, widest = nodes == self._nodes, tuple(max(column, key=len) for column in zip(*rows, strict=True))
        if not same:
            self.beginResetModel()
        self._nodes, self._rows, self._layers, self._analysis = nodes, rows, found.layers, analysis
        if same:
            self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, len(_COLUMNS) - 1))
        else:
            self.endResetModel()
        if widest != self._widest:
            self._widest = widest
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(_COLUMNS) - 1)

    def node(self, row: int) -> str | None:
        """Return the layer of a row; None for the sums."""
        return self._nodes[row] if 0 <= row < len(self._nodes) else None

    def row(self, node: str | None) -> int:
        """Return the row of a layer; -1 where it has none."""
        return self._nodes.index(node) if node in self._nodes else -1

    def texts(self, row: int) -> tuple[str, ...]:
        """Return what a row says."""
        return self._rows[row]

    def rowCount(self, parent: Index | None = None) -> int:
        """Return the number of rows."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return a cell's text, and how it is drawn."""
        if not index.isValid():
            return None
        last = index.row() == len(self._layers)
        if role == Qt.ItemDataRole.DisplayRole:
            return self._rows[index.row()][index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self.side(index.column())
        if role == Qt.ItemDataRole.FontRole and (last or index.column() == 0):
            return theme.font(weight=QFont.Weight.DemiBold if last else QFont.Weight.Medium)
        if not last and role == Qt.ItemDataRole.ForegroundRole and not self._layers[index.row()].compared:
            return QColor(theme.current().muted)
        if not last and role == Qt.ItemDataRole.ToolTipRole:
            return self._told(self._layers[index.row()], index.column())
        return None

    def _told(self, one: LayerTwin, column: int) -> str | None:
        """Return how a number comes about; why nothing is compared where nothing is."""
        assert self._analysis is not None
        if one.compared and column >= _LEFT:
            found = twin_derivations(self._analysis, one.node)
            return next((derivation.text() for derivation in found if derivation.quantity == _QUANTITIES[column]), None)
        return one.reason or None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the name of a column, what it means, and how much room its numbers need."""
        numbers = orientation == Qt.Orientation.Horizontal and section >= _LEFT
        if numbers and role == Qt.ItemDataRole.SizeHintRole and self._widest:
            # The view measures only the rows that are in view.
            metrics = QFontMetrics(theme.font(weight=QFont.Weight.DemiBold))
            texts = (self._widest[section], tr(_COLUMNS[section][0]))
            return QSize(max(map(metrics.horizontalAdvance, texts)) + _PADDING, _HEAD)
        return super().headerData(section, orientation, role)


def _cells(analysis: Analysis, one: LayerTwin) -> tuple[str, ...]:
    layer = analysis.nodes[one.node].layer
    words = (analysis.graph.by_id[one.node].label, f"{layer.title} {layer.brief()}".rstrip())
    if one.kind is Kind.UNKNOWN:
        return (*words, *["?"] * 5, "", "", "")
    numbers = (one.inputs, one.outputs, one.possible if one.compared else 0, one.connections, one.counts.shared)
    shown = tuple(tr_number(number) if number else "–" for number in numbers)
    return (*words, *shown, *(_ratios(one.counts) if one.compared else ("", "", "")))


def _ratios(counts: Counts) -> tuple[str, str, str]:
    return counts.locality.text(), counts.sharing.text(), counts.both.text()
