"""An operator of a file, which is shown and not edited."""

import re
from collections.abc import Iterator, Sequence
from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from designer import theme
from designer.fields import MIXED
from designer.panels.editor import Editor
from engine import Parameter
from engine.language import tr
from engine.layers.unsupported import ForeignArray, ForeignNode

_BREAK = re.compile("(?<=[a-z_])(?=[A-Z])|(?<=[._/])(?=[a-z])")  # where a long name may go on in the next line


class NodeView(Editor):
    """The operator's name, its attributes and its constant inputs, as text that can be copied."""

    def __init__(self, parameter: Parameter) -> None:
        super().__init__(parameter)
        self.label = QLabel()
        self.label.setWordWrap(True)
        self.label.setTextFormat(Qt.TextFormat.RichText)
        self.label.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        selectable = Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        self.label.setTextInteractionFlags(selectable)
        self._value: ForeignNode = parameter.default
        self._lay_out(self.label)

    def value(self) -> ForeignNode:
        """Return the operator that is shown."""
        return self._value

    def show_value(self, value: ForeignNode) -> None:
        """Show another operator."""
        self._value = value
        muted = theme.current().muted
        rows = "".join(
            f"<tr><td style='color:{muted}; padding-right:8px'>{escape(name)}</td><td>{_breaking(text)}</td></tr>"
            for name, text in _rows(value)
        )
        name = _breaking(value.operator)
        self.label.setText(f"<b>{name}</b><table cellspacing='0' cellpadding='1'>{rows}</table>")

    def show_mixed(self, values: Sequence[ForeignNode]) -> None:
        """Show that there are several operators."""
        self.label.setText(MIXED)

    def fields(self) -> Sequence[QWidget]:
        """Return the text."""
        return (self.label,)


def _breaking(text: str) -> str:
    return _BREAK.sub("&#8203;", escape(text))


def _rows(node: ForeignNode) -> Iterator[tuple[str, str]]:
    if node.domain:
        yield tr("domain"), node.domain
    yield tr("version"), f"{node.opset}"
    for attribute in node.attributes:
        yield attribute.name, attribute.text
    for array in node.arrays:
        yield array.name, _array(array)
    if len(node.outputs) > 1:
        yield tr("outputs"), str(sum(1 for type in node.outputs if type))


def _array(array: ForeignArray) -> str:
    extents = "×".join(map(str, array.shape))
    return f"{extents} {array.type}" if extents else tr("one {type}", type=array.type)
