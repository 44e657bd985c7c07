"""The inspector's page for one layer: what it is, its form, its numbers, and how they come about."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from designer import theme
from designer.document import Document
from designer.panels.explainer import Explainer
from designer.panels.figure_label import FigureLabel, on_screen
from designer.panels.figures import Derivations, Figures, heading, node_rows, rule, set_text
from designer.panels.finding_view import FindingList, discard
from designer.panels.form import LayerForm
from designer.panels.icons import family_pixmap
from designer.panels.solver import SolvePopover, offers_solving
from designer.panels.title_field import TitleField
from engine import Figure, Fix, Layer, Node, NodeAnalysis, Parameter, parameters
from engine.language import tr, tr_inside
from engine.receptive_field import ReceptiveField

_ICON = 22


class NodePage(QWidget):
    """Shows one node of a document, and edits it; numbers are explained by what it is given for that."""

    def __init__(self, document: Document, explainer: Explainer) -> None:
        super().__init__()
        self._document = document
        self._explainer = explainer
        self._node: str | None = None
        self.header = NodeHeader()
        self.remarks = FindingList()
        self.form: LayerForm | None = None
        self.solver: SolvePopover | None = None
        self.numbers = Numbers()
        self.derivations = Derivations()
        self._origin = Section(tr("How it comes about"), self.derivations)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(12)
        for part in (self.header, self.remarks, Section(tr("Numbers"), self.numbers), self._origin):
            self._layout.addWidget(part)
        self.header.renamed.connect(self._rename)
        self.remarks.fix_requested.connect(self._apply_fix)
        self.numbers.activated.connect(self._explain)
        self.numbers.solver.clicked.connect(self._ask_size)

    def show_node(self, node: str) -> None:
        """Show a node; the form is made anew only for another node or another type of layer."""
        found, entry = self._document.graph.node(node), self._document.analysis.nodes[node]
        if self.form is None or node != self._node or self.form.layer_class is not type(found.layer):
            self._node = node
            self._make_form(found)
        assert self.form is not None
        findings = [finding for finding in self._document.findings if finding.node == node]
        self.header.show_node(found)
        self.remarks.show_findings([one for one in findings if one.parameter not in self.form.editors])
        self.form.show_layer(found.layer, entry, findings)
        self.numbers.show_entry(entry, self._document.analysis.receptive_fields.get(node))
        derivations = entry.derivations() if entry.output is not None else ()
        self.derivations.show_derivations(derivations)
        self._origin.setVisible(bool(derivations))

    def help_for(self, field: QWidget | None) -> Parameter | None:
        """Return the hyper-parameter that a field belongs to."""
        return self.form.help_for(field) if self.form is not None else None

    def _make_form(self, node: Node) -> None:
        if self.form is not None:
            discard(self.form)
            self._layout.removeWidget(self.form)
        self.form = LayerForm(type(node.layer))
        self.form.edited.connect(self._edit)
        self.form.fix_requested.connect(self._apply_fix)
        self._layout.insertWidget(2, self.form)
        self.form.setVisible(bool(self.form.editors))

    def _edit(self, name: str, value: object) -> None:
        if self._node is None:
            return
        graph = self._document.graph
        layer = graph.node(self._node).layer
        title = next(one.title for one in parameters(type(layer)) if one.name == name)
        changed = graph.replace_layer(self._node, layer.replace(**{name: value}))
        drag = self.form.drag if self.form is not None else None
        text = tr("Change {parameter}", parameter=tr_inside(tr(title)))
        self._document.edit(text, changed, merge_key=drag or (self._node, name))

    def _rename(self, name: str) -> None:
        if self._node is not None:
            graph = self._document.graph.rename(self._node, name)
            self._document.edit(tr("Rename layer"), graph, merge_key=(self._node, "name"))

    def _explain(self, figure: Figure, label: QWidget) -> None:
        if self._node is not None:
            self._explainer.explain(self._node, figure, on_screen(label))

    def _ask_size(self) -> None:
        """Ask for the output wanted, beside the one that there is."""
        if self.solver is None:
            self.solver = SolvePopover(self)
            self.solver.chosen.connect(self._use_solution)
        if self._node is not None:
            entry = self._document.analysis.nodes[self._node]
            shape = entry.inputs[0]
            if shape is not None:
                self.solver.show_layer(entry.layer, shape, entry.output)
                self.solver.show_at(on_screen(self.numbers.shape))

    def _use_solution(self, layer: Layer) -> None:
        if self._node is not None:
            self._document.edit(tr("Solve for the output"), self._document.graph.replace_layer(self._node, layer))

    def _apply_fix(self, fix: Fix) -> None:
        self._document.edit(fix.title, fix.edit(self._document.graph))


class NodeHeader(QWidget):
    """Icon, name and type of a layer, and what it does; ``renamed`` carries a new name, empty for the id."""

    renamed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._node: Node | None = None
        self._icon = QLabel()
        self._icon.setFixedSize(_ICON, 30)
        self.name = TitleField(tr("Name of the layer"))
        self._type = QLabel()
        self._type.setProperty("role", "muted")
        self._summary = QLabel()
        self._summary.setFont(theme.font(9))
        self._summary.setProperty("role", "muted")
        self._summary.setWordWrap(True)
        row = QHBoxLayout()
        row.setSpacing(4)
        for part in (self._icon, self.name, self._type):
            row.addWidget(part)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(row)
        layout.addWidget(self._summary)
        self.name.textEdited.connect(self._name_edited)
        self.name.editingFinished.connect(self._show_name)

    def show_node(self, node: Node) -> None:
        """Show a node; the name is left alone while the user writes it."""
        before, self._node = self._node, node
        if before is None or before.id != node.id or self._typed() != node.name:
            self._show_name()
        set_text(self._type, node.layer.title)
        set_text(self._summary, tr(node.layer.summary))
        self._refresh_icon()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._refresh_icon()

    def _refresh_icon(self) -> None:
        if self._node is not None:
            self._icon.setPixmap(family_pixmap(self._node.layer.family, _ICON, self))

    def _typed(self) -> str:
        text = self.name.text().strip()
        return "" if self._node is None or text == self._node.id else text

    def _name_edited(self) -> None:
        self.renamed.emit(self._typed())

    def _show_name(self) -> None:
        if self._node is not None and self.name.text() != self._node.label:
            self.name.setText(self._node.label)
            self.name.setToolTip(self._node.label)
            self.name.setCursorPosition(0)


class Numbers(QWidget):
    """The output's shape, large, and a table of counts; ``activated`` carries a figure asked about, and its label."""

    activated = Signal(object, object)  # Figure, FigureLabel

    def __init__(self) -> None:
        super().__init__()
        self.shape = FigureLabel()
        self.shape.setText("?")
        self.shape.setFont(theme.font(19, QFont.Weight.DemiBold))
        self.shape.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.solver = QPushButton(tr("Solve for…"))
        self.solver.setProperty("role", "link")
        self.solver.setToolTip(tr("Type the output wanted, and choose the window that gives it"))
        self.solver.setCursor(Qt.CursorShape.PointingHandCursor)
        self._words = QLabel()
        self._words.setFont(theme.font(9))
        self._words.setProperty("role", "muted")
        self._words.setWordWrap(True)
        self.figures = Figures()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        top = QHBoxLayout()
        top.addWidget(self.shape)
        top.addStretch()
        top.addWidget(self.solver)
        layout.addLayout(top)
        layout.addWidget(self._words)
        layout.addSpacing(8)
        layout.addWidget(self.figures)
        self.figures.activated.connect(self.activated)
        self.shape.activated.connect(lambda: self.activated.emit(Figure.OUTPUT, self.shape))

    def show_entry(self, entry: NodeAnalysis, field: ReceptiveField | None) -> None:
        """Show the numbers of a layer."""
        known = entry.output is not None
        set_text(self.shape, entry.output.text() if entry.output is not None else "?")
        if self.shape.asks != known:
            self.shape.set_asking(known)
        self.shape.setAccessibleName(tr("Output: {shape}", shape=self.shape.text()))
        set_text(self._words, _shape_words(entry))
        self.solver.setVisible(offers_solving(entry.layer, entry.inputs))
        self.figures.show_rows(node_rows(entry, field))


class Section(QWidget):
    """A part of a page below a line and a heading."""

    def __init__(self, title: str, content: QWidget) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for part in (rule(), heading(title), content):
            layout.addWidget(part)


def _shape_words(entry: NodeAnalysis) -> str:
    if entry.output is None:
        return tr("The output is not known yet.")
    return tr("Output, width × height × depth") if entry.output.is_volume else tr("Output, a vector")
