"""Whole numbers side by side, each with its caption, and a link that keeps them equal."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QEvent, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QToolButton, QWidget

from designer import theme
from designer.fields import HEIGHT
from designer.number_fields import DragLabel, SpinBox
from engine.language import tr, tr_list

_COLUMNS = 2
_LEAST_WIDTH = 48


class LinkedBoxes(QWidget):
    """Two or four numbers in rows of two.

    ``values_changed`` carries the tuple of all values after the user has changed one; `show_values` is silent.
    """

    values_changed = Signal(object)  # tuple[int, ...]

    def __init__(
        self, captions: Sequence[str], minimum: float | None, maximum: float | None, *, sign: str = ""
    ) -> None:
        super().__init__()
        self.boxes = tuple(SpinBox(minimum, maximum) for _ in captions)
        self.captions = tuple(DragLabel(text, (box,)) for text, box in zip(captions, self.boxes, strict=True))
        self.link = LinkButton(captions)
        self._shown = False
        self._lay_out(sign)
        for place, box in enumerate(self.boxes):
            box.valueChanged.connect(partial(self._box_changed, place))
        self.link.toggled.connect(self._link_toggled)

    def _lay_out(self, sign: str) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(3)
        grid.setVerticalSpacing(1)
        for place, (box, caption) in enumerate(zip(self.boxes, self.captions, strict=True)):
            row, column = 2 * (place // _COLUMNS), 2 * (place % _COLUMNS)
            box.setMinimumWidth(_LEAST_WIDTH)
            box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            grid.addWidget(box, row, column)
            make_small(caption)
            grid.addWidget(caption, row + 1, column)
            grid.setColumnStretch(column, 1)
        cross = QLabel(sign)
        cross.setProperty("role", "muted")
        cross.setFixedWidth(10)
        cross.setAlignment(Qt.AlignmentFlag.AlignCenter)
        grid.addWidget(cross, 0, 1)
        grid.addWidget(self.link, 0, 2 * _COLUMNS)

    def values(self) -> tuple[int, ...]:
        """Return the numbers, in the order of the captions."""
        return tuple(box.value() for box in self.boxes)

    def show_values(self, values: Sequence[int]) -> None:
        """Show other numbers; different ones loosen the link."""
        for box, value in zip(self.boxes, values, strict=True):
            box.show_number(value)
        equal = len(set(values)) == 1
        if not self._shown or not equal:
            self._set_link(equal)
        self._shown = True

    def show_mixed(self, values: Sequence[Sequence[int]]) -> None:
        """Show the numbers of several at once: in each box the one that all have, or that there are several."""
        for box, numbers in zip(self.boxes, zip(*values, strict=True), strict=True):
            if len(set(numbers)) == 1:
                box.show_number(numbers[0])
            else:
                box.show_mixed(numbers[0])
        self._set_link(all(len(set(numbers)) == 1 for numbers in values))
        self._shown = True

    def merged(self, own: Sequence[int]) -> tuple[int, ...]:
        """Return the numbers of one of several: its own where the box still shows that there are several."""
        return tuple(number if box.mixed else box.value() for box, number in zip(self.boxes, own, strict=True))

    def _set_link(self, linked: bool) -> None:
        with QSignalBlocker(self.link):
            self.link.setChecked(linked)
        self.link.refresh()

    def _box_changed(self, place: int, value: int) -> None:
        if self.link.isChecked():
            self._spread(value)
        self.values_changed.emit(self.values())

    def _link_toggled(self, linked: bool) -> None:
        if linked and len(set(self.values())) > 1:
            self._spread(self.boxes[0].value())
            self.values_changed.emit(self.values())

    def _spread(self, value: int) -> None:
        for box in self.boxes:
            box.show_number(value)


class LinkButton(QToolButton):
    """A chain: closed, the numbers stay equal."""

    def __init__(self, captions: Sequence[str]) -> None:
        super().__init__()
        words = tr_list(captions)
        self.setCheckable(True)
        self.setFixedSize(24, HEIGHT)
        self.setIconSize(QSize(16, 16))
        self.setProperty("compact", True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setToolTip(tr("Keep {names} equal", names=words))
        self.setAccessibleName(tr("Keep {names} equal", names=words))
        self.toggled.connect(self.refresh)
        self.refresh()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self.refresh()

    def refresh(self) -> None:
        """Draw the chain in the accent colour where it holds."""
        colours = theme.current()
        self.setIcon(theme.icon("link", colours.accent if self.isChecked() else colours.muted))


def small_label(text: str) -> QLabel:
    """Return a small muted caption."""
    label = QLabel(text)
    make_small(label)
    return label


def make_small(label: QLabel) -> None:
    """Let a label be a small muted caption."""
    label.setFont(theme.font(8))
    label.setProperty("role", "muted")
    label.setIndent(2)
