"""One editor for each kind of hyper-parameter; `make_editor` picks it."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QWidget

from designer.fields import CheckBox, ComboBox
from designer.number_fields import NumberBox, Numeric, SpinBox
from designer.panels.choices import choice_text
from designer.panels.editor import Editor
from designer.panels.list_editors import LabelsEditor, ListEditor
from designer.panels.node_view import NodeView
from designer.panels.pair_editors import BoxesEditor, PaddingEditor, PairEditor
from engine import Parameter


class IntegerEditor(Editor):
    """A whole number."""

    def __init__(self, parameter: Parameter) -> None:
        super().__init__(parameter)
        self.box = SpinBox(parameter.minimum, parameter.maximum, parameter.unit)
        self._lay_out(self.box)
        self.box.valueChanged.connect(self._changed)

    def value(self) -> int:
        """Return the number."""
        return self.box.value()

    def show_value(self, value: int) -> None:
        """Show another number."""
        self.box.show_number(value)

    def show_mixed(self, values: Sequence[int]) -> None:
        """Show that there are several numbers."""
        self.box.show_mixed(values[0])

    def drag_boxes(self) -> Sequence[Numeric]:
        """Return the box."""
        return (self.box,)

    def fields(self) -> Sequence[QWidget]:
        """Return the box."""
        return (self.box,)


class NumberEditor(Editor):
    """A number with decimals."""

    def __init__(self, parameter: Parameter) -> None:
        super().__init__(parameter)
        self.box = NumberBox(parameter.minimum, parameter.maximum, parameter.unit)
        self._lay_out(self.box)
        self.box.valueChanged.connect(self._changed)

    def value(self) -> float:
        """Return the number."""
        return self.box.value()

    def show_value(self, value: float) -> None:
        """Show another number."""
        self.box.show_number(value)

    def show_mixed(self, values: Sequence[float]) -> None:
        """Show that there are several numbers."""
        self.box.show_mixed(values[0])

    def drag_boxes(self) -> Sequence[Numeric]:
        """Return the box."""
        return (self.box,)

    def fields(self) -> Sequence[QWidget]:
        """Return the box."""
        return (self.box,)


class BooleanEditor(Editor):
    """Yes or no."""

    def __init__(self, parameter: Parameter) -> None:
        super().__init__(parameter)
        self.box = CheckBox()
        self._lay_out(self.box)
        self.box.toggled.connect(self._changed)

    def value(self) -> bool:
        """Return whether the box is ticked."""
        return self.box.isChecked()

    def show_value(self, value: bool) -> None:
        """Tick the box or not."""
        self.box.show_tick(value)

    def show_mixed(self, values: Sequence[bool]) -> None:
        """Show that some say yes and some no."""
        self.box.show_tick(None)

    def fields(self) -> Sequence[QWidget]:
        """Return the box."""
        return (self.box,)


class ChoiceEditor(Editor):
    """One of few words."""

    def __init__(self, parameter: Parameter) -> None:
        super().__init__(parameter)
        self.box = ComboBox(tuple(map(choice_text, parameter.choices)))
        self._lay_out(self.box)
        self.box.currentIndexChanged.connect(self._changed)

    def value(self) -> str:
        """Return the word; none where there are several."""
        chosen = self.box.currentIndex()
        return self.parameter.choices[chosen] if chosen >= 0 else ""

    def show_value(self, value: str) -> None:
        """Show another word."""
        with QSignalBlocker(self.box):
            self.box.setCurrentIndex(self.parameter.choices.index(value))
        self.box.update()

    def show_mixed(self, values: Sequence[str]) -> None:
        """Show that there are several words."""
        with QSignalBlocker(self.box):
            self.box.setCurrentIndex(-1)
        self.box.update()

    def fields(self) -> Sequence[QWidget]:
        """Return the box."""
        return (self.box,)


_EDITORS: dict[str, Callable[[Parameter], Editor]] = {
    "integer": IntegerEditor,
    "number": NumberEditor,
    "boolean": BooleanEditor,
    "choice": ChoiceEditor,
    "pair": PairEditor,
    "sides": BoxesEditor,
    "padding": PaddingEditor,
    "integers": ListEditor,
    "numbers": ListEditor,
    "labels": LabelsEditor,
    "node": NodeView,
}


def make_editor(parameter: Parameter) -> Editor:
    """Return an editor for a hyper-parameter's kind."""
    return _EDITORS[parameter.kind](parameter)
