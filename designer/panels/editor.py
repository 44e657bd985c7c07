"""What the editors of all hyper-parameters share."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from designer.number_fields import DragLabel, Numeric
from engine import Parameter
from engine.language import tr


class Editor(QWidget):
    """What all editors share.

    ``value_changed`` carries the new value after the user has changed it; `show_value` is silent, and leaves focus and
    cursor alone where the value is shown already.
    """

    value_changed = Signal(object)

    def __init__(self, parameter: Parameter) -> None:
        super().__init__()
        self.parameter = parameter

    def value(self) -> Any:
        """Return the value as the layer's field takes it."""
        raise NotImplementedError

    def show_value(self, value: Any) -> None:
        """Show another value."""
        raise NotImplementedError

    def fields(self) -> Sequence[QWidget]:
        """Return the fields that can have the focus, from first to last."""
        raise NotImplementedError

    def show_mixed(self, values: Sequence[Any]) -> None:
        """Show that there are several values."""
        raise NotImplementedError

    def show_values(self, values: Sequence[Any]) -> None:
        """Show the one value that all have, or that there are several."""
        if all(value == values[0] for value in values):
            self.show_value(values[0])
        else:
            self.show_mixed(values)

    def merged(self, own: Any) -> Any:
        """Return what an edit makes of one of several values: parts that are still mixed stay as they are."""
        return self.value()

    def drag_labels(self) -> Sequence[DragLabel]:
        """Return the captions inside the editor that change a number when they are dragged."""
        return ()

    def drag_boxes(self) -> Sequence[Numeric]:
        """Return the numbers that a drag of the editor's label changes."""
        return ()

    def mark(self, severity: str) -> None:
        """Frame the fields as ``"error"`` or ``"warning"``; an empty text takes the frame away."""
        for field in self.fields():
            if field.property("finding") != severity:
                field.setProperty("finding", severity)
                field.style().unpolish(field)
                field.style().polish(field)

    def _lay_out(self, *parts: QWidget, spacing: int = 4) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(spacing)
        for part in parts:
            layout.addWidget(part)
        for field in self.fields():
            field.setToolTip(tr(self.parameter.help))
            field.setAccessibleName(tr(self.parameter.title))
            field.setAccessibleDescription(tr(self.parameter.help))

    def _changed(self, *_: object) -> None:
        self.value_changed.emit(self.value())
