"""The form of a layer: one row for each hyper-parameter, made from what the layer's class says of it."""

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QWidget

from designer import theme
from designer.panels.editors import Editor, PaddingEditor, make_editor
from designer.panels.figures import LABEL_COLUMN
from designer.panels.finding_view import FindingList
from engine import ConvTranspose2D, Diagnostic, Layer, NodeAnalysis, Parameter, parameters
from engine.layers.window import Windowed

_LABEL_TOP = 5  # brings a label to the line of a field's text


class LayerForm(QWidget):
    """The hyper-parameters of one class of layers.

    ``edited`` carries a parameter's name and its new value after the user has changed it. `show_layer` is silent, so
    that an undone edit is shown without becoming an edit.
    """

    edited = Signal(str, object)
    fix_requested = Signal(object)  # Fix

    def __init__(self, layer_class: type[Layer]) -> None:
        super().__init__()
        self.layer_class = layer_class
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnMinimumWidth(0, LABEL_COLUMN)
        self._grid.setColumnStretch(1, 1)
        self.editors: dict[str, Editor] = {}
        self.remarks: dict[str, FindingList] = {}
        for parameter in parameters(layer_class):
            self._add_row(parameter)

    def show_layer(self, layer: Layer, entry: NodeAnalysis, findings: Iterable[Diagnostic]) -> None:
        """Show a layer's values, and what is found of each."""
        found = tuple(findings)
        for name, editor in self.editors.items():
            if isinstance(editor, PaddingEditor):
                editor.start_from(_pads(layer, entry))
            editor.show_value(getattr(layer, name))
            own = [finding for finding in found if finding.parameter == name]
            editor.mark(own[0].severity.value if own else "")
            self.remarks[name].show_findings(own)

    def help_for(self, field: QWidget | None) -> Parameter | None:
        """Return the hyper-parameter that a field belongs to."""
        for editor in self.editors.values():
            if field is not None and editor.isAncestorOf(field):
                return editor.parameter
        return None

    def focus_first(self) -> None:
        """Put the cursor into the first field."""
        for editor in self.editors.values():
            editor.fields()[0].setFocus(Qt.FocusReason.ShortcutFocusReason)
            return

    def _add_row(self, parameter: Parameter) -> None:
        editor, remarks = make_editor(parameter), FindingList()
        row = 2 * len(self.editors)
        self._grid.addWidget(_label(parameter), row, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(editor, row, 1)
        self._grid.addWidget(remarks, row + 1, 0, 1, 2)
        self.editors[parameter.name] = editor
        self.remarks[parameter.name] = remarks
        editor.value_changed.connect(self._value_changed)
        remarks.fix_requested.connect(self.fix_requested)

    def _value_changed(self, value: object) -> None:
        editor = self.sender()
        if isinstance(editor, Editor):
            self.edited.emit(editor.parameter.name, value)


def _label(parameter: Parameter) -> QWidget:
    """Return the title of a row, and its symbol in the formulas."""
    label = QWidget()
    label.setToolTip(parameter.help)
    layout = QHBoxLayout(label)
    layout.setContentsMargins(0, _LABEL_TOP, 0, 0)
    layout.setSpacing(6)
    layout.addWidget(QLabel(parameter.title))
    if parameter.symbol:
        symbol = QLabel(parameter.symbol)
        symbol.setProperty("role", "muted")
        font = theme.font()
        font.setItalic(True)
        symbol.setFont(font)
        layout.addWidget(symbol)
    layout.addStretch()
    return label


def _pads(layer: Layer, entry: NodeAnalysis) -> tuple[int, ...]:
    """Return what a layer's padding amounts to on its input; nothing where the input is not known."""
    shape = entry.inputs[0] if entry.inputs else None
    if isinstance(layer, Windowed | ConvTranspose2D) and shape is not None and shape.is_volume:
        return layer.place(shape).pads
    return (0, 0, 0, 0)
