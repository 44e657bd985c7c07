"""Editors of lists: of numbers on a line, and of names, one per line."""

from collections.abc import Sequence
from math import isfinite

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QWidget

from designer.fields import MIXED, LineBox, TextBox
from designer.panels.editor import Editor
from designer.panels.linked_boxes import small_label
from designer.typed_numbers import read_several, written
from engine import Parameter
from engine.language import tr, tr_count, tr_noop, tr_numbers

_LINES = 6
_BETWEEN = str.maketrans(",;", "  ")  # of whole numbers
_LIST_HINT = tr_noop("numbers, with spaces or commas between them")
_NAMES_HINT = tr_noop("one name per line")


class ListEditor(Editor):
    """Any number of numbers, written one after the other."""

    def __init__(self, parameter: Parameter) -> None:
        super().__init__(parameter)
        self.line = LineBox()
        self.line.setPlaceholderText(tr(_LIST_HINT))
        self._whole = parameter.kind == "integers"
        self._value: tuple[float, ...] = ()
        self._lay_out(self.line)
        self.line.textEdited.connect(self._text_edited)
        self.line.editingFinished.connect(lambda: self._write(self._value))

    def value(self) -> tuple[float, ...]:
        """Return the numbers that were last readable."""
        return self._value

    def show_value(self, value: tuple[float, ...]) -> None:
        """Show other numbers; text that says the same is left as it was typed."""
        self.line.setPlaceholderText(tr(_LIST_HINT))
        if self._read(self.line.text()) != value:
            self._write(value)
        self._value = value

    def show_mixed(self, values: Sequence[tuple[float, ...]]) -> None:
        """Show that there are several lists."""
        self._value = ()
        self.line.setText("")
        self.line.setPlaceholderText(MIXED)
        self.mark("")

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
        low, high = self.parameter.minimum, self.parameter.maximum
        try:
            numbers = tuple(map(int, text.translate(_BETWEEN).split())) if self._whole else read_several(text)
        except ValueError:
            return ()
        inside = all((low is None or number >= low) and (high is None or number <= high) for number in numbers)
        return numbers if inside and all(isfinite(number) for number in numbers) else ()

    def _write(self, value: tuple[float, ...]) -> None:
        self.line.setText(", ".join(map(str, value)) if self._whole else tr_numbers([written(one) for one in value]))
        self.line.setCursorPosition(0)  # a list that is longer than the field is read from its beginning
        self.mark("")


class LabelsEditor(Editor):
    """Names, one per line."""

    def __init__(self, parameter: Parameter) -> None:
        super().__init__(parameter)
        self.box = TextBox()
        self.box.setPlaceholderText(tr(_NAMES_HINT))
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
        self.box.setPlaceholderText(tr(_NAMES_HINT))
        if value == self.value():
            self._show_count()
            return
        with QSignalBlocker(self.box):
            place = self.box.textCursor().position()
            self.box.setPlainText("\n".join(value))
            cursor = self.box.textCursor()
            cursor.setPosition(min(place, len(self.box.toPlainText())))
            self.box.setTextCursor(cursor)
        self._show_count()

    def show_mixed(self, values: Sequence[tuple[str, ...]]) -> None:
        """Show that there are several lists of names."""
        with QSignalBlocker(self.box):
            self.box.setPlainText("")
        self.box.setPlaceholderText(MIXED)
        self._count.setText(tr("not the same in all"))

    def fields(self) -> Sequence[QWidget]:
        """Return the text."""
        return (self.box,)

    def _text_changed(self) -> None:
        self._show_count()
        self._changed()

    def _show_count(self) -> None:
        count = len(self.value())
        self._count.setText(
            tr_count("{count:,} name", "{count:,} names", count) if count else tr("none: numbered from 0")
        )
