"""The inspector's page for several layers: what they have in common, to edit for all at once, and their sums."""

from collections import Counter
from collections.abc import Sequence

from PySide6.QtGui import QFont
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from designer import theme
from designer.document import Document
from designer.panels.explainer import Explainer
from designer.panels.figure_label import on_screen
from designer.panels.figures import Figures, set_text, sums, total_rows
from designer.panels.finding_view import discard
from designer.panels.node_page import Section
from designer.panels.overview import muted_label
from designer.panels.shared_form import SharedForm
from engine import Figure, Layer, Node, Parameter
from engine.language import tr, tr_count, tr_inside, tr_number

_MOST_NAMES = 6  # listed one by one; more are counted by type


class SeveralPage(QWidget):
    """How many layers are selected, which, their common hyper-parameters, and their sums."""

    def __init__(self, document: Document, explainer: Explainer) -> None:
        super().__init__()
        self._document = document
        self._explainer = explainer
        self._nodes: tuple[str, ...] = ()
        self._classes: frozenset[type[Layer]] = frozenset()
        self.form: SharedForm | None = None
        self.count = QLabel()
        self.count.setFont(theme.font(13, QFont.Weight.DemiBold))
        self._names = muted_label()
        self._nothing = muted_label(tr("These layers have no hyper-parameters in common."))
        self.figures = Figures()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(12)
        header = QVBoxLayout()
        header.setSpacing(2)
        header.addWidget(self.count)
        header.addWidget(self._names)
        self._layout.addLayout(header)
        self._layout.addWidget(self._nothing)
        self._layout.addWidget(Section(tr("Together"), self.figures))
        self.figures.activated.connect(self._explain)

    def show_nodes(self, nodes: tuple[str, ...]) -> None:
        """Show these nodes; the form is made anew only for other types of layers."""
        graph, analysis, self._nodes = self._document.graph, self._document.analysis, nodes
        found = [graph.node(node) for node in nodes]
        classes = frozenset(type(node.layer) for node in found)
        if self.form is None or classes != self._classes:
            self._make_form([type(node.layer) for node in found])
            self._classes = classes
        assert self.form is not None
        chosen = set(nodes)
        findings = [finding for finding in self._document.findings if finding.node in chosen]
        self.form.show_layers([node.layer for node in found], findings)
        set_text(self.count, tr_count("{count:,} layer selected", "{count:,} layers selected", len(nodes)))
        set_text(self._names, names_text(found))
        self.figures.show_rows(total_rows(sums(analysis.nodes[node] for node in nodes)))

    def help_for(self, field: QWidget | None) -> Parameter | None:
        """Return the hyper-parameter that a field belongs to."""
        return self.form.help_for(field) if self.form is not None else None

    def _explain(self, figure: Figure, label: QWidget) -> None:
        self._explainer.explain_sum(figure, on_screen(label), self._nodes)

    def _make_form(self, classes: Sequence[type[Layer]]) -> None:
        if self.form is not None:
            discard(self.form)
            self._layout.removeWidget(self.form)
        self.form = SharedForm(classes)
        self.form.edited.connect(self._edit)
        self._layout.insertWidget(1, self.form)
        self.form.setVisible(bool(self.form.editors))
        self._nothing.setVisible(not self.form.editors)

    def _edit(self, name: str, _: object) -> None:
        """Give all layers the value that was chosen, as one step."""
        assert self.form is not None
        editor, graph = self.form.editors[name], self._document.graph
        for node in self._nodes:
            layer = graph.node(node).layer
            changed = layer.replace(**{name: editor.merged(getattr(layer, name))})
            if changed != layer:
                graph = graph.replace_layer(node, changed)
        title, count = tr_inside(tr(editor.parameter.title)), len(self._nodes)
        text = tr_count(
            "Change {parameter} of {count:,} layer", "Change {parameter} of {count:,} layers", count, parameter=title
        )
        self._document.edit(text, graph, merge_key=self.form.drag or (self._nodes, name))


def names_text(nodes: Sequence[Node]) -> str:
    """Return which layers these are: by name where they are few, else how many there are of each type."""
    if len(nodes) <= _MOST_NAMES:
        return ", ".join(node.label for node in nodes)
    counts = Counter(node.layer.title for node in nodes)
    return ", ".join(f"{tr_number(count)} {title}" for title, count in counts.most_common())
