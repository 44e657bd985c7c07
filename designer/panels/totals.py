"""The network in one line, for the status bar."""

from functools import partial

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from designer import theme
from designer.document import Document
from designer.lag import Lag
from designer.panels.explainer import Explainer
from designer.panels.figure_label import FigureLabel, on_screen
from designer.wording import memory, summary
from engine import Figure
from engine.language import tr, tr_count

_SUMS = (Figure.PARAMETERS, Figure.MACS, Figure.MEMORY)
_DOT = " · "


class Totals(QWidget):
    """The sums over all layers, and how many problems there are; ``clicked`` asks to see these."""

    clicked = Signal()

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self.explainer = Explainer(document, self)
        self.layers = QLabel()
        self.sums = {figure: FigureLabel() for figure in _SUMS}
        self.button = QToolButton()
        self.button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.button.setProperty("compact", True)
        self.button.setToolTip(tr("Show the problems"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 0, 8, 0)
        layout.setSpacing(12)
        layout.addWidget(self.button)
        layout.addLayout(self._line())
        self.button.clicked.connect(self.clicked)
        self._lag = Lag(self._refresh, self)
        document.changed.connect(self._lag.take)
        self._refresh()

    def text(self) -> str:
        """Return the line of sums."""
        return _DOT.join(label.text() for label in (self.layers, *self.sums.values()))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._refresh_icon()

    def _line(self) -> QHBoxLayout:
        """Return the sums with dots between them."""
        line = QHBoxLayout()
        line.setSpacing(0)
        self.layers.setProperty("role", "muted")
        line.addWidget(self.layers)
        for figure, label in self.sums.items():
            dot = QLabel(_DOT)
            dot.setProperty("role", "muted")
            line.addWidget(dot)
            line.addWidget(label)
            label.setProperty("quiet", True)
            label.activated.connect(partial(self._explain, figure, label))
        return line

    def _explain(self, figure: Figure, label: QWidget) -> None:
        self.explainer.explain_sum(figure, on_screen(label))

    def _refresh(self) -> None:
        totals = self._document.analysis.totals
        self.layers.setText(tr_count("{count:,} layer", "{count:,} layers", len(self._document.graph.nodes)))
        self.sums[Figure.PARAMETERS].setText(tr_count("{count:,} parameter", "{count:,} parameters", totals.parameters))
        self.sums[Figure.MACS].setText(tr_count("{count:,} MAC", "{count:,} MACs", totals.macs))
        self.sums[Figure.MEMORY].setText(tr("{memory} of maps", memory=memory(totals.activation_bytes)))
        self.button.setText(summary(self._document.findings))
        self._refresh_icon()

    def _refresh_icon(self) -> None:
        findings, colours = self._document.findings, theme.current()
        if findings:
            worst = findings[0].severity.value
            self.button.setIcon(theme.icon(worst, colours.severity(worst)))
        else:
            self.button.setIcon(theme.icon("ok", colours.ok))
