"""CNN against MLP: the picture of one layer beside its twin, and the table of all."""

from pathlib import Path

from PySide6.QtCore import QEvent, QModelIndex, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QShowEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QMessageBox,
    QPushButton,
    QSizePolicy,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from designer import theme
from designer.document import Change, Document
from designer.panels.explainer import DerivationPopover
from designer.pictures.export import write
from designer.pictures.picture import Picture, PictureError
from designer.tables import NumberTable
from designer.twin.figure import twin_picture
from designer.twin.table import TwinModel
from designer.vector import VectorPainter
from engine import NetworkTwin, twin, twin_derivations
from engine.language import tr, tr_noop
from engine.twin_report import verdict

_EMPTY = tr_noop("Add layers to compare them with fully connected ones")
_FILTERS = (tr_noop("SVG picture (*.svg)"), tr_noop("PNG picture (*.png)"), tr_noop("PDF picture (*.pdf)"))
_PICTURE, _TABLE = 480, 300  # heights at first
_NUMBERS = 4  # the column beside which derivations are shown
_LARGEST = 1.25  # a picture is not enlarged beyond


class TwinPanel(QWidget):
    """Follows the document: the selected layer is drawn, all are in the table.

    Signals
    -------
    told
        A sentence for the status bar.
    """

    told = Signal(str)

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self._late = True
        self._node: str | None = None
        self.found: NetworkTwin | None = None
        self.popover: DerivationPopover | None = None
        self.view = PictureView()
        self.model = TwinModel()
        self.table = NumberTable(tr("Layers and their fully connected twins"), self.model, wide=1)
        self.verdict = QLabel()
        self.verdict.setWordWrap(True)
        self.export_button = QPushButton(tr("Export picture…"))
        self._lay_out()
        document.changed.connect(self._on_changed)
        document.selection.changed.connect(self._on_selection)
        self.table.selectionModel().currentRowChanged.connect(self._on_row)
        self.table.row_activated.connect(self.explain)
        self.export_button.clicked.connect(self.ask_export)

    def _lay_out(self) -> None:
        foot = QWidget()
        line = QHBoxLayout()
        line.setContentsMargins(14, 8, 12, 8)
        line.setSpacing(16)
        line.addWidget(self.verdict, 1)
        line.addWidget(self.export_button)
        column = QVBoxLayout(foot)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(line)
        column.addWidget(self.table, 1)
        split = QSplitter(Qt.Orientation.Vertical)
        split.setChildrenCollapsible(False)
        split.addWidget(self.view)
        split.addWidget(foot)
        split.setSizes([_PICTURE, _TABLE])
        split.setStretchFactor(0, 1)
        split.setStretchFactor(1, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(split)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)

    def sizeHint(self) -> QSize:
        """Return room for the picture and some rows."""
        return QSize(1140, 780)

    @property
    def node(self) -> str | None:
        """The layer that is drawn."""
        return self._node

    @Slot(int)
    def explain(self, row: int) -> None:
        """Show how a layer's numbers come about, beside its row."""
        node = self.model.node(row)
        if node is None or self.found is None:
            return
        if self.popover is None:
            self.popover = DerivationPopover(self)
        title = tr("{layer} and its twin", layer=self._document.graph.node(node).label)
        self.popover.show_derivations(title, self.found[node].reason, twin_derivations(self._document.analysis, node))
        place = self.table.visualRect(self.model.index(row, _NUMBERS))
        self.popover.show_at(QRect(self.table.viewport().mapToGlobal(place.topLeft()), place.size()))

    def ask_export(self) -> None:
        """Ask for a file and write the picture to it, in the colours that it is seen in."""
        picture = self.view.picture
        if picture is None:
            self.told.emit(tr(_EMPTY))
            return
        proposal = str(Path.home() / f"{_file_name(picture.title)}.svg")
        filters = ";;".join(map(tr, _FILTERS))
        file, kind = QFileDialog.getSaveFileName(self, tr("Export picture"), proposal, filters)
        if file:
            self._write(picture, _with_suffix(Path(file), kind))

    def _write(self, picture: Picture, path: Path) -> None:
        try:
            write(picture, path)
        except PictureError as problem:
            QMessageBox.warning(self, tr("The picture was not written"), f"{problem}.")
        else:
            self.told.emit(tr("Exported {file}", file=path.name))

    # What is shown

    def refresh(self) -> None:
        """Compare the network as it stands."""
        self._late = not self.isVisible()
        if self._late:
            return
        analysis = self._document.analysis
        self.found = twin(analysis)
        self.model.show_twin(analysis, self.found)
        self.verdict.setText(verdict(self.found.counts))
        self._choose()
        self._draw()

    def _choose(self) -> None:
        """Draw the layer that is selected, or was drawn before, or saves most."""
        graph, found = self._document.graph, self.found
        assert found is not None
        wanted = self._document.selection.only or self._node
        if wanted is None or wanted not in graph:
            largest = max(found.layers, key=lambda one: one.counts.dense - one.counts.shared, default=None)
            wanted = None if largest is None else largest.node
        self._node = wanted
        blocked = self.table.selectionModel().blockSignals(True)
        self.table.selectRow(self.model.row(wanted))
        self.table.selectionModel().blockSignals(blocked)
        self.table.viewport().update()
        index = self.model.index(self.model.row(wanted), 0)
        if index.isValid():
            self.table.scrollTo(index)

    def _draw(self) -> None:
        if self.found is None or self._node is None:
            self.view.show_picture(None, tr(_EMPTY))
            return
        document = self._document
        self.view.show_picture(twin_picture(document.analysis, self.found, self._node))

    @Slot(object)
    def _on_changed(self, change: Change) -> None:
        if change.after.graph is not change.before.graph:
            self.refresh()

    @Slot(object)
    def _on_selection(self, nodes: tuple[str, ...]) -> None:
        if len(nodes) != 1 or nodes[0] == self._node or self._late or self.found is None:
            return
        # A selection may come before the change that its layer came with.
        if self.model.row(nodes[0]) >= 0 and nodes[0] in self._document.analysis.nodes:
            self._choose()
            self._draw()

    @Slot(QModelIndex)
    def _on_row(self, index: QModelIndex) -> None:
        node = self.model.node(index.row())
        if node is not None and node != self._node:
            self._document.selection.select([node])

    def showEvent(self, event: QShowEvent) -> None:
        """Find out what nobody has asked for so far."""
        super().showEvent(event)
        if self._late:
            self.refresh()

    def changeEvent(self, event: QEvent) -> None:
        """Draw in the colours of another theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self.found is not None and not self._late:
            self._draw()


class PictureView(QWidget):
    """Shows a picture as large as it fits, or a sentence."""

    def __init__(self) -> None:
        super().__init__()
        self.picture: Picture | None = None
        self.sentence = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(480, 220)
        self.setAccessibleName(tr("Picture of the layer and its twin"))

    def show_picture(self, picture: Picture | None, sentence: str = "") -> None:
        """Show another picture; without one, a sentence."""
        self.picture, self.sentence = picture, sentence
        self.setAccessibleDescription(sentence if picture is None else picture.description)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the picture in the middle."""
        painter = VectorPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
        painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.Base))
        picture = self.picture
        if picture is None:
            painter.setPen(theme.current().muted)
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self.sentence)
        else:
            scale = min(self.width() / picture.width, self.height() / picture.height, _LARGEST)
            painter.translate((self.width() - picture.width * scale) / 2, (self.height() - picture.height * scale) / 2)
            painter.scale(scale, scale)
            picture.paint(painter)
        painter.end()


def _file_name(title: str) -> str:
    kept = "".join(letter if letter.isalnum() or letter in "-_ ." else "-" for letter in title)
    return kept.strip().replace(" ", "-") or "twin"


def _with_suffix(path: Path, kind: str) -> Path:
    """Return a path with the ending of the kind that was chosen, where none was typed."""
    if path.suffix.lower() in (".svg", ".png", ".pdf"):
        return path
    ending = next((one for one in (".png", ".pdf") if f"*{one}" in kind), ".svg")
    return path.with_name(path.name + ending)
