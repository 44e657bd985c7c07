"""The inspector's pages for the whole network and for several layers."""

import msgspec
from PySide6.QtCore import QEvent
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from designer import theme
from designer.document import Document
from designer.panels.figures import Figures, rule, set_text, sums, total_rows
from designer.panels.node_page import Section, title_field
from designer.wording import counted
from engine import Network

_ICON = 22
_HINT = "Select a layer to see its numbers and to change it. Select several to see their sums."


class NetworkPage(QWidget):
    """The network's name and its totals."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self._icon = QLabel()
        self._icon.setFixedSize(_ICON, _ICON)
        self.name = title_field("Name of the network")
        self._count = _muted()
        self.figures = Figures()
        hint = _muted(_HINT)
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
        for part in (Section("Totals", self.figures), rule(), hint):
            layout.addWidget(part)
        self.name.textEdited.connect(self._rename)
        self.name.editingFinished.connect(self._show_name)
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
        set_text(self._count, f"{counted(len(graph.nodes), 'layer')}, {counted(len(graph.edges), 'wire')}")
        self.figures.show_rows(total_rows(self._document.analysis.totals))

    def _typed(self) -> str:
        return self.name.text().strip() or Network().name

    def _rename(self) -> None:
        renamed = msgspec.structs.replace(self._document.network, name=self._typed())
        self._document.apply("Rename network", renamed, merge_key="network name")

    def _show_name(self) -> None:
        if self.name.text() != self._document.network.name:
            self.name.setText(self._document.network.name)
            self.name.setCursorPosition(0)


class SeveralPage(QWidget):
    """How many layers are selected, which, and their sums."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self.count = QLabel()
        self.count.setFont(theme.font(13, QFont.Weight.DemiBold))
        self._names = _muted()
        self.figures = Figures()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        header = QVBoxLayout()
        header.setSpacing(2)
        header.addWidget(self.count)
        header.addWidget(self._names)
        layout.addLayout(header)
        layout.addWidget(Section("Together", self.figures))

    def show_nodes(self, nodes: tuple[str, ...]) -> None:
        """Show these nodes."""
        graph, analysis = self._document.graph, self._document.analysis
        set_text(self.count, f"{counted(len(nodes), 'layer')} selected")
        set_text(self._names, ", ".join(graph.node(node).label for node in nodes))
        self.figures.show_rows(total_rows(sums(analysis.nodes[node] for node in nodes)))


def _muted(text: str = "") -> QLabel:
    label = QLabel(text)
    label.setFont(theme.font(9))
    label.setProperty("role", "muted")
    label.setWordWrap(True)
    return label
