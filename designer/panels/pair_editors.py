"""Editors of whole numbers side by side: height and width, and a padding's four sides."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QWidget

from designer.fields import ComboBox
from designer.number_fields import DragLabel, Numeric
from designer.panels.choices import CUSTOM, choice_text
from designer.panels.editor import Editor
from designer.panels.linked_boxes import LinkedBoxes
from engine import Parameter
from engine.language import tr, tr_noop

AXES = (tr_noop("height"), tr_noop("width"))  # the order in which a pair is stored
SIDES = (tr_noop("top"), tr_noop("bottom"), tr_noop("left"), tr_noop("right"))  # the order in which a padding is stored


class BoxesEditor(Editor):
    """Whole numbers side by side, each with its caption."""

    captions: Sequence[str] = SIDES
    sign = ""

    def __init__(self, parameter: Parameter) -> None:
        super().__init__(parameter)
        captions = tuple(map(tr, self.captions))
        self.boxes = LinkedBoxes(captions, parameter.minimum, parameter.maximum, sign=self.sign)
        self._lay_out(self.boxes)
        for box, caption in zip(self.boxes.boxes, captions, strict=True):
            box.setAccessibleName(f"{tr(parameter.title)}, {caption}")
        self.boxes.values_changed.connect(self._changed)

    def value(self) -> tuple[int, ...]:
        """Return the numbers, in the order of the captions."""
        return self.boxes.values()

    def show_value(self, value: tuple[int, ...]) -> None:
        """Show other numbers."""
        self.boxes.show_values(value)

    def show_mixed(self, values: Sequence[tuple[int, ...]]) -> None:
        """Show those numbers that all have, and for the others that there are several."""
        self.boxes.show_mixed(values)

    def merged(self, own: tuple[int, ...]) -> tuple[int, ...]:
        """Return a value with the numbers that have been chosen for all."""
        return self.boxes.merged(own)

    def drag_labels(self) -> Sequence[DragLabel]:
        """Return the boxes' captions."""
        return self.boxes.captions

    def drag_boxes(self) -> Sequence[Numeric]:
        """Return the boxes."""
        return self.boxes.boxes

    def fields(self) -> Sequence[QWidget]:
        """Return the boxes."""
        return self.boxes.boxes


class PairEditor(BoxesEditor):
    """A height and a width."""

    captions = AXES
    sign = "×"


class PaddingEditor(Editor):
    """A named padding, or four numbers of its own."""

    def __init__(self, parameter: Parameter) -> None:
        super().__init__(parameter)
        self._choices = (*parameter.choices, CUSTOM)
        self.choice = ComboBox(tuple(map(choice_text, self._choices)))
        sides = tuple(map(tr, SIDES))
        self.sides = LinkedBoxes(sides, parameter.minimum, parameter.maximum)
        self._lay_out(self.choice, self.sides)
        for box, side in zip(self.sides.boxes, sides, strict=True):
            box.setAccessibleName(f"{tr(parameter.title)}, {side}")
        self._start: tuple[int, ...] = (0,) * len(SIDES)
        self.sides.hide()
        self.choice.currentIndexChanged.connect(self._choice_changed)
        self.sides.values_changed.connect(self._changed)

    def value(self) -> str | tuple[int, ...]:
        """Return the name, or top, bottom, left and right."""
        name = self._chosen
        return self.sides.values() if name == CUSTOM else name

    def show_value(self, value: str | tuple[int, ...]) -> None:
        """Show another padding."""
        with QSignalBlocker(self.choice):
            self.choice.setCurrentIndex(self._choices.index(value if isinstance(value, str) else CUSTOM))
        self.choice.update()
        if not isinstance(value, str):
            self.sides.show_values(value)
        self.sides.setVisible(not isinstance(value, str))

    def show_mixed(self, values: Sequence[str | tuple[int, ...]]) -> None:
        """Show that there are several paddings; where all are numbers, show those that all have."""
        numbers = [value for value in values if not isinstance(value, str)]
        custom = len(numbers) == len(values)
        with QSignalBlocker(self.choice):
            self.choice.setCurrentIndex(self._choices.index(CUSTOM) if custom else -1)
        self.choice.update()
        if custom:
            self.sides.show_mixed(numbers)
        self.sides.setVisible(custom)

    def merged(self, own: str | tuple[int, ...]) -> str | tuple[int, ...]:
        """Return a padding with the sides that have been chosen for all."""
        value = self.value()
        return value if isinstance(value, str) or isinstance(own, str) else self.sides.merged(own)

    def drag_labels(self) -> Sequence[DragLabel]:
        """Return the sides' captions."""
        return self.sides.captions

    def start_from(self, pads: tuple[int, ...]) -> None:
        """Tell what the padding amounts to, so that a choice of ``custom`` begins with the same picture."""
        self._start = pads

    def fields(self) -> Sequence[QWidget]:
        """Return the choice and the four boxes."""
        return (self.choice, *self.sides.boxes)

    @property
    def _chosen(self) -> str:
        """The choice that is current; none where there are several."""
        chosen = self.choice.currentIndex()
        return self._choices[chosen] if chosen >= 0 else ""

    def _choice_changed(self) -> None:
        custom = self._chosen == CUSTOM
        if custom:
            self.sides.show_values(self._start)
        self.sides.setVisible(custom)
        self._changed()
