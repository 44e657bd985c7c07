"""The inspector's page for the whole network."""

import msgspec
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from designer import theme
from designer.document import Document
from designer.panels.explainer import Explainer
from designer.panels.figure_label import on_screen
from designer.panels.figures import Figures, rule, set_text, total_rows
from designer.panels.node_page import Section
from designer.panels.title_field import TitleField
from engine import Figure
from engine.language import tr, tr_count, tr_noop

_ICON = 22
_HINT = tr_noop("Select a layer to see its numbers and to change it. Select several to see their sums.")


class NetworkPage(QWidget):
    """The network's name and its totals."""

    def __init__(self, document: Document, explainer: Explainer) -> None:
        super().__init__()
        self._document = document
        self._explainer = explainer
        self._icon = QLabel()
        self._icon.setFixedSize(_ICON, _ICON)
        self.name = TitleField(tr("Name of the network"))
        self._count = muted_label()
        self.figures = Figures()
        hint = muted_label(tr(_HINT))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        title = QHBoxLayout()
        title.setSpacing(4)
        title.addWidget(self._icon)
        title.addWidget(self.name)
        header = QVBoxLayout()
        header.setSpacing(2)
        header.addLayout(title)
        header.addWidget(self._count)
        layout.addLayout(header)
        for part in (Section(tr("Totals"), self.figures), rule(), hint):
            layout.addWidget(part)
        self.name.textEdited.connect(self._rename)
        self.name.editingFinished.connect(self._show_name)
        self.figures.activated.connect(self._explain)
        self._refresh_icon()
        self._show_name()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._refresh_icon()

    def _refresh_icon(self) -> None:
        self._icon.setPixmap(theme.pixmap("layout", _ICON, theme.current().muted, self.devicePixelRatioF()))

    def show_network(self) -> None:
        """Show the document's network; its name is left alone while the user writes it."""
        network = self._document.network
        if self._typed() != network.name:
            self._show_name()
        graph = network.graph
        layers = tr_count("{count:,} layer", "{count:,} layers", len(graph.nodes))
        wires = tr_count("{count:,} wire", "{count:,} wires", len(graph.edges))
        set_text(self._count, f"{layers}, {wires}")
        self.figures.show_rows(total_rows(self._document.analysis.totals))

    def _explain(self, figure: Figure, label: QWidget) -> None:
        self._explainer.explain_sum(figure, on_screen(label))

    def _typed(self) -> str:
        return self.name.text().strip() or tr("Untitled")

    def _rename(self) -> None:
        renamed = msgspec.structs.replace(self._document.network, name=self._typed())
        self._document.apply(tr("Rename network"), renamed, merge_key="network name")

    def _show_name(self) -> None:
        if self.name.text() != self._document.network.name:
            self.name.setText(self._document.network.name)
            self.name.setCursorPosition(0)


def muted_label(text: str = "") -> QLabel:
    """Return a label of secondary text that wraps."""
    label = QLabel(text)
    label.setFont(theme.font(9))
    label.setProperty("role", "muted")
    label.setWordWrap(True)
    return label
