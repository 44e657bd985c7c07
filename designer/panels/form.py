"""Forms: one row for each hyper-parameter, made from what the layers' classes say of it."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QWidget

from designer import theme
from designer.document import Drag
from designer.number_fields import DragLabel
from designer.panels.editor import Editor
from designer.panels.editors import make_editor
from designer.panels.figures import LABEL_COLUMN
from designer.panels.finding_view import FindingList
from designer.panels.pair_editors import PaddingEditor
from engine import ConvTranspose2D, Diagnostic, Layer, NodeAnalysis, Parameter, parameters
from engine.language import tr, tr_noop
from engine.layers.window import Windowed

_DRAG_HINT = tr_noop("Drag the name to the side to change it.")
_LABEL_TOP = 5  # brings a label to the line of a field's text


class ParameterForm(QWidget):
    """Rows of hyper-parameters.

    ``edited`` carries a parameter's name and its new value after the user has changed it; `drag` is the drag that this
    is a part of, None where it is none. What shows values is silent, so that an undone edit is shown without becoming
    an edit.
    """

    edited = Signal(str, object)

    def __init__(self, rows: Sequence[Parameter]) -> None:
        super().__init__()
        self.drag: Drag | None = None
        self.editors: dict[str, Editor] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnMinimumWidth(0, LABEL_COLUMN)
        self._grid.setColumnStretch(1, 1)
        for parameter in rows:
            self._add_row(parameter)

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
        editor = make_editor(parameter)
        row = 2 * len(self.editors)
        label = DragLabel(tr(parameter.title), tuple(editor.drag_boxes()))
        self._grid.addWidget(_label(parameter, label), row, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(editor, row, 1)
        self.editors[parameter.name] = editor
        editor.value_changed.connect(self._value_changed)
        for one in (label, *editor.drag_labels()):
            one.began.connect(self._drag_began)
            one.ended.connect(self._drag_ended)

    def _value_changed(self, value: object) -> None:
        editor = self.sender()
        if isinstance(editor, Editor):
            self.edited.emit(editor.parameter.name, value)

    def _drag_began(self) -> None:
        self.drag = Drag()

    def _drag_ended(self) -> None:
        self.drag = None


class LayerForm(ParameterForm):
    """The hyper-parameters of one class of layers, with what is found of each."""

    fix_requested = Signal(object)  # Fix

    def __init__(self, layer_class: type[Layer]) -> None:
        self.layer_class = layer_class
        self.remarks: dict[str, FindingList] = {}
        super().__init__(parameters(layer_class))

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

    def _add_row(self, parameter: Parameter) -> None:
        super()._add_row(parameter)
        remarks = FindingList()
        self._grid.addWidget(remarks, 2 * len(self.editors) - 1, 0, 1, 2)
        self.remarks[parameter.name] = remarks
        remarks.fix_requested.connect(self.fix_requested)


def _label(parameter: Parameter, title: DragLabel) -> QWidget:
    """Return the title of a row, and its symbol in the formulas."""
    label = QWidget()
    label.setToolTip(f"{tr(parameter.help)} {tr(_DRAG_HINT)}" if title.draggable else tr(parameter.help))
    layout = QHBoxLayout(label)
    layout.setContentsMargins(0, _LABEL_TOP, 0, 0)
    layout.setSpacing(6)
    layout.addWidget(title)
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
