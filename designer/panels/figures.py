"""Numbers on a panel: a table of names and values, and how each value comes about."""

import html
from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import partial

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from designer import theme
from designer.panels.figure_label import FigureLabel
from designer.wording import memory
from engine import Figure, NodeAnalysis, Totals
from engine.language import tr, tr_noop, tr_number
from engine.receptive_field import ReceptiveField
from engine.twin import AnyDerivation

LABEL_COLUMN = 96  # the forms' labels and the tables' names share one edge
SELECTABLE = Qt.TextInteractionFlag.TextSelectableByMouse
QUANTITIES = {  # what the derivations of layers are called
    "width": tr_noop("Width"),
    "height": tr_noop("Height"),
    "depth": tr_noop("Depth"),
    "outputs": tr_noop("Outputs"),
    "values": tr_noop("Values"),
    "weights": tr_noop("Weights"),
    "biases": tr_noop("Biases"),
    "parameters": tr_noop("Parameters"),
    "trainable": tr_noop("Trainable"),
    "statistics": tr_noop("Statistics"),
    "connections": tr_noop("Connections"),
    "macs": tr_noop("MACs"),
    "bytes": tr_noop("Bytes"),
    "inputs": tr_noop("Inputs"),
    "dense": tr_noop("MLP weights"),
    "locality": tr_noop("Locality"),
    "sharing": tr_noop("Sharing"),
    "both": tr_noop("MLP / CNN"),
}
NAMES = {
    Figure.OUTPUT: tr_noop("Output"),
    Figure.VALUES: tr_noop("Values"),
    Figure.WEIGHTS: tr_noop("Weights"),
    Figure.BIASES: tr_noop("Biases"),
    Figure.PARAMETERS: tr_noop("Parameters"),
    Figure.TRAINABLE: tr_noop("Trainable"),
    Figure.STATISTICS: tr_noop("Statistics"),
    Figure.CONNECTIONS: tr_noop("Connections"),
    Figure.MACS: tr_noop("MACs"),
    Figure.MEMORY: tr_noop("Maps"),
    Figure.FIELD: tr_noop("Receptive field"),
    Figure.JUMP: tr_noop("Jump"),
    Figure.OFFSET: tr_noop("Offset"),
}
HELP = {
    Figure.OUTPUT: tr_noop("The shape of what the layer makes: width × height × depth, or the length of a vector."),
    Figure.VALUES: tr_noop("Numbers (neurons) in the output."),
    Figure.WEIGHTS: tr_noop("Learned factors; the biases are not among them."),
    Figure.BIASES: tr_noop("Learned numbers that are added."),
    Figure.PARAMETERS: tr_noop("Weights and biases together."),
    Figure.TRAINABLE: tr_noop("The parameters that training changes."),
    Figure.STATISTICS: tr_noop("Running means and variances, gathered in training; they are no parameters."),
    Figure.CONNECTIONS: tr_noop("Wires between neurons that carry a weight; biases left out."),
    Figure.MACS: tr_noop("Multiplications with an addition each, for one image."),
    Figure.MEMORY: tr_noop("Memory of the output for one image, as 32-bit numbers."),
    Figure.FIELD: tr_noop("The part of the image that one value depends on, width × height."),
    Figure.JUMP: tr_noop("How far apart on the image the receptive fields of neighbouring values are."),
    Figure.OFFSET: tr_noop("Where the first value's receptive field starts; negative inside the padding."),
}

Rows = Sequence[tuple[str, str]]


class Figures(QWidget):
    """A table of names and values; ``activated`` carries a figure that is asked about, and its label."""

    activated = Signal(object, object)  # Figure, FigureLabel

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(3)
        self._grid.setColumnMinimumWidth(0, LABEL_COLUMN)
        self._grid.setColumnStretch(1, 1)
        self._rows: list[tuple[QLabel, FigureLabel]] = []
        self._figures = {tr(name): figure for figure, name in NAMES.items()}

    def show_rows(self, rows: Rows) -> None:
        """Show these rows; labels that are there already are filled anew, so that nothing moves."""
        while len(self._rows) < len(rows):
            self._add_row()
        for place, (name, value) in enumerate(self._rows):
            used = place < len(rows)
            name.setVisible(used)
            value.setVisible(used)
            if used:
                set_text(name, rows[place][0])
                figure = self._figures.get(rows[place][0])
                name.setToolTip(tr(HELP[figure]) if figure is not None else "")
                set_text(value, rows[place][1])
                value.setAccessibleName(": ".join(rows[place]))
                if value.asks != (figure is not None):
                    value.set_asking(figure is not None)

    def texts(self) -> dict[str, str]:
        """Return what the table says."""
        return {name.text(): value.text() for name, value in self._rows if not name.isHidden()}

    def label(self, figure: Figure) -> FigureLabel | None:
        """Return the label that shows a figure."""
        shown = (value for name, value in self._rows if not name.isHidden() and name.text() == tr(NAMES[figure]))
        return next(shown, None)

    def _add_row(self) -> None:
        name, value = QLabel(), FigureLabel()
        name.setProperty("role", "muted")
        row = len(self._rows)
        self._grid.addWidget(name, row, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(value, row, 1, Qt.AlignmentFlag.AlignLeft)
        self._rows.append((name, value))
        value.activated.connect(partial(self._ask, name, value))

    def _ask(self, name: QLabel, value: FigureLabel) -> None:
        self.activated.emit(self._figures[name.text()], value)


class Derivations(QWidget):
    """For each quantity its formula, and the formula with the numbers at hand."""

    def __init__(self) -> None:
        super().__init__()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(7)
        self._labels: list[QLabel] = []
        self._shown: tuple[AnyDerivation, ...] = ()

    def show_derivations(self, derivations: tuple[AnyDerivation, ...]) -> None:
        """Show these derivations."""
        self._shown = derivations
        while len(self._labels) < len(derivations):
            label = QLabel()
            label.setFont(theme.font(9.5))
            label.setTextFormat(Qt.TextFormat.RichText)
            label.setTextInteractionFlags(SELECTABLE)
            label.setWordWrap(True)
            # A formula has few places to break at; where it can't, it is cut rather than widens the panel.
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            self._layout.addWidget(label)
            self._labels.append(label)
        for place, label in enumerate(self._labels):
            label.setVisible(place < len(derivations))
            if place < len(derivations):
                set_text(label, _rich(derivations[place]))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme: rich text holds its colours."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self.show_derivations(self._shown)


def heading(text: str) -> QLabel:
    """Return the heading of a section."""
    label = QLabel(text)
    label.setFont(theme.font(10, QFont.Weight.DemiBold))
    label.setProperty("role", "heading")
    return label


def rule() -> QFrame:
    """Return a thin line between sections."""
    line = QFrame()
    line.setFixedHeight(1)
    line.setProperty("role", "rule")
    return line


def set_text(label: QLabel, text: str) -> None:
    """Set a label's text where it is another: setting the same one would drop what the user has selected."""
    if label.text() != text:
        label.setText(text)


def node_rows(entry: NodeAnalysis, field: ReceptiveField | None) -> Rows:
    """Return the numbers of one layer, and of its receptive field where it has one."""
    shapes = [shape.text() if shape is not None else tr("not known") for shape in entry.inputs]
    inputs = [
        (tr("Input") if len(shapes) == 1 else tr("Input {number}", number=port + 1), text)
        for port, text in enumerate(shapes)
    ]
    if entry.output is None:
        return inputs
    weights = (
        [(tr("Weights"), tr_number(entry.weights)), (tr("Biases"), tr_number(entry.biases))]
        if entry.layer.weighted
        else []
    )
    return [
        *inputs,
        (tr("Values"), tr_number(entry.output.size)),
        *weights,
        (tr("Parameters"), tr_number(entry.parameters)),
        *_statistics(entry.non_trainable),
        (tr("Connections"), tr_number(entry.connections)),
        (tr("MACs"), tr_number(entry.macs)),
        (tr("Maps"), memory(entry.activation_bytes)),
        *_field_rows(field),
    ]


def _field_rows(field: ReceptiveField | None) -> Rows:
    if field is None:
        return []
    height, width = field.size
    size = (tr("Receptive field"), f"{width}×{height} px")
    if field.jump == (0, 0):  # every value sees the same
        return [size]
    return [size, (tr("Jump"), _pixels(field.jump)), (tr("Offset"), _pixels(field.offset))]


def _statistics(count: int) -> Rows:
    """Return the number of running statistics, where there are any."""
    return [(tr("Statistics"), tr_number(count))] if count else []


def total_rows(totals: Totals) -> Rows:
    """Return the sums over several layers."""
    return [
        (tr("Weights"), tr_number(totals.weights)),
        (tr("Biases"), tr_number(totals.biases)),
        (tr("Parameters"), tr_number(totals.parameters)),
        (tr("Trainable"), tr_number(totals.trainable)),
        *_statistics(totals.non_trainable),
        (tr("Connections"), tr_number(totals.connections)),
        (tr("MACs"), tr_number(totals.macs)),
        (tr("Maps"), memory(totals.activation_bytes)),
    ]


def sums(entries: Iterable[NodeAnalysis]) -> Totals:
    """Return the sums over some layers."""
    chosen = tuple(entries)
    return Totals(
        weights=sum(entry.weights for entry in chosen),
        biases=sum(entry.biases for entry in chosen),
        trainable=sum(entry.trainable for entry in chosen),
        non_trainable=sum(entry.non_trainable for entry in chosen),
        connections=sum(entry.connections for entry in chosen),
        macs=sum(entry.macs for entry in chosen),
        activation_bytes=sum(entry.activation_bytes for entry in chosen),
    )


def _pixels(pair: tuple[int | Fraction, int | Fraction]) -> str:
    """Write a pair (y, x) in the lecture's order, width first."""
    y, x = (str(value).replace("-", "−") for value in pair)
    return f"{x} px" if x == y else f"{x}, {y} px"


def _rich(derivation: AnyDerivation) -> str:
    muted = theme.current().muted
    name = html.escape(tr(QUANTITIES[derivation.quantity]))
    formula = f'<span style="color:{muted}">{html.escape(derivation.formula)}</span>'
    value = f"<b>{derivation.result}</b>"
    if derivation.substituted not in (derivation.formula, str(derivation.value)):
        value = f"{html.escape(derivation.substituted)} = {value}"
        return f"<b>{name}</b>&nbsp;&nbsp; {formula}<br>{value}"
    return f"<b>{name}</b>&nbsp;&nbsp; {formula} = {value}"
