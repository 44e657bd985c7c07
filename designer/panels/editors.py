"""One editor for each kind of hyper-parameter; `make_editor` picks it."""

from collections.abc import Callable, Sequence
from math import isfinite
from typing import Any

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from designer.fields import CheckBox, ComboBox, LineBox, NumberBox, SpinBox, TextBox
from designer.panels.linked_boxes import LinkedBoxes, show_number, small_label
from designer.wording import counted
from engine import Parameter

CUSTOM = "custom"
AXES = ("height", "width")  # the order in which a pair is stored
SIDES = ("top", "bottom", "left", "right")  # the order in which a padding is stored
_LINES = 6


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
            field.setToolTip(self.parameter.help)
            field.setAccessibleName(self.parameter.title)
            field.setAccessibleDescription(self.parameter.help)

    def _changed(self, *_: object) -> None:
        self.value_changed.emit(self.value())


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
        show_number(self.box, value)

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
        if self.box.value() != value:
            with QSignalBlocker(self.box):
                self.box.setValue(value)

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
        with QSignalBlocker(self.box):
            self.box.setChecked(value)
        self.box.update()

    def fields(self) -> Sequence[QWidget]:
        """Return the box."""
        return (self.box,)


class ChoiceEditor(Editor):
    """One of few words."""

    def __init__(self, parameter: Parameter) -> None:
        super().__init__(parameter)
        self.box = ComboBox(parameter.choices)
        self._lay_out(self.box)
        self.box.currentIndexChanged.connect(self._changed)

    def value(self) -> str:
        """Return the word."""
        return self.box.currentText()

    def show_value(self, value: str) -> None:
        """Show another word."""
        with QSignalBlocker(self.box):
            self.box.setCurrentText(value)
        self.box.update()

    def fields(self) -> Sequence[QWidget]:
        """Return the box."""
        return (self.box,)


class BoxesEditor(Editor):
    """Whole numbers side by side, each with its caption."""

    captions: Sequence[str] = SIDES
    sign = ""

    def __init__(self, parameter: Parameter) -> None:
        super().__init__(parameter)
        self.boxes = LinkedBoxes(self.captions, parameter.minimum, parameter.maximum, sign=self.sign)
        self._lay_out(self.boxes)
        for box, caption in zip(self.boxes.boxes, self.captions, strict=True):
            box.setAccessibleName(f"{parameter.title}, {caption}")
        self.boxes.values_changed.connect(self._changed)

    def value(self) -> tuple[int, ...]:
        """Return the numbers, in the order of the captions."""
        return self.boxes.values()

    def show_value(self, value: tuple[int, ...]) -> None:
        """Show other numbers."""
        self.boxes.show_values(value)

    def fields(self) -> Sequence[QWidget]:
        """Return the boxes."""
        return self.boxes.boxes


class PairEditor(BoxesEditor):
    """A height and a width."""

    captions = AXES
    sign = "×"


class ListEditor(Editor):
    """Any number of numbers, written one after the other."""

    def __init__(self, parameter: Parameter) -> None:
        super().__init__(parameter)
        self.line = LineBox()
        self.line.setPlaceholderText("numbers, with spaces or commas between them")
        self._value: tuple[float, ...] = ()
        self._lay_out(self.line)
        self.line.textEdited.connect(self._text_edited)
        self.line.editingFinished.connect(lambda: self._write(self._value))

    def value(self) -> tuple[float, ...]:
        """Return the numbers that were last readable."""
        return self._value

    def show_value(self, value: tuple[float, ...]) -> None:
        """Show other numbers; text that says the same is left as it was typed."""
        if self._read(self.line.text()) != value:
            self._write(value)
        self._value = value

    def fields(self) -> Sequence[QWidget]:
        """Return the line."""
        return (self.line,)

    def _text_edited(self, text: str) -> None:
        value = self._read(text)
        self.mark("" if value else "error")
        if value and value != self._value:
            self._value = value
            self._changed()

    def _read(self, text: str) -> tuple[float, ...]:
        """Return the numbers of a text; none where it is not readable or one is out of bounds."""
        kind = int if self.parameter.kind == "integers" else float
        low, high = self.parameter.minimum, self.parameter.maximum
        try:
            numbers = tuple(kind(part) for part in text.replace(",", " ").split())
        except ValueError:
            return ()
        inside = all((low is None or number >= low) and (high is None or number <= high) for number in numbers)
        return numbers if inside and all(isfinite(number) for number in numbers) else ()

    def _write(self, value: tuple[float, ...]) -> None:
        self.line.setText(", ".join(repr(number).removesuffix(".0") for number in value))
        self.mark("")


class PaddingEditor(Editor):
    """A named padding, or four numbers of its own."""

    def __init__(self, parameter: Parameter) -> None:
        super().__init__(parameter)
        self.choice = ComboBox((*parameter.choices, CUSTOM))
        self.sides = LinkedBoxes(SIDES, parameter.minimum, parameter.maximum)
        self._lay_out(self.choice, self.sides)
        for box, side in zip(self.sides.boxes, SIDES, strict=True):
            box.setAccessibleName(f"{parameter.title}, {side}")
        self._start: tuple[int, ...] = (0,) * len(SIDES)
        self.sides.hide()
        self.choice.currentIndexChanged.connect(self._choice_changed)
        self.sides.values_changed.connect(self._changed)

    def value(self) -> str | tuple[int, ...]:
        """Return the name, or top, bottom, left and right."""
        name = self.choice.currentText()
        return self.sides.values() if name == CUSTOM else name

    def show_value(self, value: str | tuple[int, ...]) -> None:
        """Show another padding."""
        with QSignalBlocker(self.choice):
            self.choice.setCurrentText(value if isinstance(value, str) else CUSTOM)
        self.choice.update()
        if not isinstance(value, str):
            self.sides.show_values(value)
        self.sides.setVisible(not isinstance(value, str))

    def start_from(self, pads: tuple[int, ...]) -> None:
        """Tell what the padding amounts to, so that a choice of ``custom`` begins with the same picture."""
        self._start = pads

    def fields(self) -> Sequence[QWidget]:
        """Return the choice and the four boxes."""
        return (self.choice, *self.sides.boxes)

    def _choice_changed(self) -> None:
        custom = self.choice.currentText() == CUSTOM
        if custom:
            self.sides.show_values(self._start)
        self.sides.setVisible(custom)
        self._changed()


class LabelsEditor(Editor):
    """Names, one per line."""

    def __init__(self, parameter: Parameter) -> None:
        super().__init__(parameter)
        self.box = TextBox()
        self.box.setPlaceholderText("one name per line")
        self.box.setFixedHeight(_LINES * self.box.fontMetrics().lineSpacing() + 9)
        self._count = small_label("")
        self._lay_out(self.box, self._count, spacing=1)
        self.box.textChanged.connect(self._text_changed)
        self._show_count()

    def value(self) -> tuple[str, ...]:
        """Return the lines; empty ones at the end do not count."""
        lines = self.box.toPlainText().rstrip("\n")
        return tuple(lines.split("\n")) if lines else ()

    def show_value(self, value: tuple[str, ...]) -> None:
        """Show other names; the cursor keeps its place as far as there is text."""
        if value == self.value():
            return
        with QSignalBlocker(self.box):
            place = self.box.textCursor().position()
            self.box.setPlainText("\n".join(value))
            cursor = self.box.textCursor()
            cursor.setPosition(min(place, len(self.box.toPlainText())))
            self.box.setTextCursor(cursor)
        self._show_count()

    def fields(self) -> Sequence[QWidget]:
        """Return the text."""
        return (self.box,)

    def _text_changed(self) -> None:
        self._show_count()
        self._changed()

    def _show_count(self) -> None:
        count = len(self.value())
        self._count.setText(counted(count, "name") if count else "none: numbered from 0")


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
}


def make_editor(parameter: Parameter) -> Editor:
    """Return an editor for a hyper-parameter's kind."""
    return _EDITORS[parameter.kind](parameter)
