"""The inspector: the selected layer's form and numbers, what several have in common, or the network as a whole."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QVBoxLayout, QWidget

from designer import theme
from designer.document import Change, Document
from designer.lag import Lag
from designer.panels.explainer import Explainer
from designer.panels.node_page import NodePage
from designer.panels.overview import NetworkPage
from designer.panels.scroll_column import BAR, ScrollColumn
from designer.panels.several_page import SeveralPage
from engine import Parameter
from engine.language import tr

_MARGIN = 12
_LEAST_WIDTH = 272


class Inspector(QWidget):
    """Shows what is selected in a document, and edits it."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self.explainer = Explainer(document, self)
        self.node_page = NodePage(document, self.explainer)
        self.several_page = SeveralPage(document, self.explainer)
        self.network_page = NetworkPage(document, self.explainer)
        self._pages: tuple[QWidget, ...] = (self.node_page, self.several_page, self.network_page)
        self._scroll = ScrollColumn()
        self._scroll.column.setContentsMargins(_MARGIN, _MARGIN, _MARGIN - BAR, _MARGIN)
        for page in self._pages:
            self._scroll.add(page)
        self._help = HelpLine()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._scroll, 1)
        layout.addWidget(self._help)
        self._lag = Lag(self._refresh, self)
        document.changed.connect(self._document_changed)
        document.selection.changed.connect(self._selection_changed)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._focus_changed)
        self._refresh()

    def sizeHint(self) -> QSize:
        """Return a comfortable size."""
        return QSize(300, 760)

    def minimumSizeHint(self) -> QSize:
        """Return a width in which no field is cut off: there is no scrolling sideways."""
        return QSize(_LEAST_WIDTH, super().minimumSizeHint().height())

    def edit(self) -> None:
        """Put the cursor into the first field of what is selected."""
        form = self.several_page.form if self._document.selection.only is None else self.node_page.form
        if self._document.selection.nodes and form is not None:
            form.focus_first()

    def bring_into_view(self, part: QWidget) -> None:
        """Scroll to a part of the page that is shown."""
        if self._scroll.isAncestorOf(part):
            self._scroll.ensureWidgetVisible(part, 0, 3 * _MARGIN)

    def help_text(self) -> str:
        """Return the help that is shown for the field with the focus."""
        return self._help.text()

    def _document_changed(self, change: Change) -> None:
        before, after = change.before, change.after
        if not change.loaded and (before.graph, before.name, before.groups) == (after.graph, after.name, after.groups):
            return  # other weights or places: nothing that is shown here
        self._lag.take(change)

    def _selection_changed(self, nodes: tuple[str, ...]) -> None:
        self._refresh()
        self._scroll.verticalScrollBar().setValue(0)

    def _refresh(self) -> None:
        nodes, only = self._document.selection.nodes, self._document.selection.only
        if only is not None:
            self.node_page.show_node(only)
            self._show_page(self.node_page)
        elif nodes:
            self.several_page.show_nodes(nodes)
            self._show_page(self.several_page)
        else:
            self.network_page.show_network()
            self._show_page(self.network_page)

    def _show_page(self, page: QWidget) -> None:
        for other in self._pages:
            other.setVisible(other is page)
        if page is self.network_page:
            self._help.show_parameter(None)
        self._scroll.settle()

    def _focus_changed(self, old: QWidget | None, new: QWidget | None) -> None:
        self._help.show_parameter(self.node_page.help_for(new) or self.several_page.help_for(new))
        if new is not None and self._scroll.isAncestorOf(new):
            layout = self.layout()
            if layout is not None:
                layout.activate()  # the help line takes its room before it is decided what has to be scrolled
            self._scroll.ensureWidgetVisible(new, 0, _MARGIN)


class HelpLine(QFrame):
    """What the field with the focus means; of one height for all, so that the form stays still from field to field."""

    LINES = 3

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "footer")
        self._label = QLabel()
        self._label.setFont(theme.font(9))
        self._label.setProperty("role", "muted")
        self._label.setWordWrap(True)
        self._label.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._label.setFixedHeight(self.LINES * QFontMetrics(self._label.font()).lineSpacing())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(_MARGIN, 7, _MARGIN, 7)
        layout.addWidget(self._label)
        self.hide()

    def show_parameter(self, parameter: Parameter | None) -> None:
        """Show the help of a hyper-parameter, or nothing."""
        if parameter is not None:
            self._label.setText(f"{tr(parameter.title)}: {tr(parameter.help)}")
        self.setVisible(parameter is not None)

    def text(self) -> str:
        """Return what is shown."""
        return "" if self.isHidden() else self._label.text()
