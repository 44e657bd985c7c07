"""The network in one line, for the status bar."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from designer import theme
from designer.document import Change, Document
from designer.wording import counted, memory, summary


class Totals(QWidget):
    """The sums over all layers, and how many problems there are; ``clicked`` asks to see these."""

    clicked = Signal()

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self.label = QLabel()
        self.label.setProperty("role", "muted")
        self.label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.button = QToolButton()
        self.button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.button.setProperty("compact", True)
        self.button.setToolTip("Show the problems")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 0, 8, 0)
        layout.setSpacing(12)
        layout.addWidget(self.button)
        layout.addWidget(self.label)
        self.button.clicked.connect(self.clicked)
        document.changed.connect(self._document_changed)
        self._refresh()

    def text(self) -> str:
        """Return the line of sums."""
        return self.label.text()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._refresh_icon()

    def _document_changed(self, change: Change) -> None:
        self._refresh()

    def _refresh(self) -> None:
        totals = self._document.analysis.totals
        parts = (
            counted(len(self._document.graph.nodes), "layer"),
            counted(totals.parameters, "parameter"),
            counted(totals.macs, "MAC"),
            f"{memory(totals.activation_bytes)} of maps",
        )
        self.label.setText(" · ".join(parts))
        self.button.setText(summary(self._document.findings))
        self._refresh_icon()

    def _refresh_icon(self) -> None:
        findings, colours = self._document.findings, theme.current()
        if findings:
            worst = findings[0].severity.value
            self.button.setIcon(theme.icon(worst, colours.severity(worst)))
        else:
            self.button.setIcon(theme.icon("ok", colours.ok))
