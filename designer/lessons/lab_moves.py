"""How the lab's image is moved: a slider for each way, what comes in at the border, and back again."""

from collections.abc import Callable

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLabel, QPushButton, QSlider, QVBoxLayout, QWidget

from designer.fields import ComboBox
from designer.lessons.lab_worker import REACH
from engine import Move
from engine.language import tr, tr_noop, tr_number
from engine.translation import Border

_BORDERS: tuple[tuple[str, Border], ...] = ((tr_noop("Repeat the edge"), "edge"), (tr_noop("Wrap around"), "wrap"))
_SLIDERS: tuple[tuple[str, str, int, int, int, Callable[[int], str]], ...] = (
    (
        "dx",
        tr_noop("Shift to the right"),
        -REACH,
        REACH,
        0,
        lambda value: f"{tr_number(value, '+d')} px" if value else "0 px",
    ),
    ("dy", tr_noop("Shift down"), -REACH, REACH, 0, lambda value: f"{tr_number(value, '+d')} px" if value else "0 px"),
    ("scale", tr_noop("Scale"), 50, 200, 100, lambda value: tr_number(value / 100, ".0%")),
    ("degrees", tr_noop("Turn"), -180, 180, 0, lambda value: f"{value}°"),
    ("noise", tr_noop("Noise"), 0, 50, 0, lambda value: tr_number(value / 100, ".0%")),
)


class MoveForm(QWidget):
    """The sliders and the border.

    Signals
    -------
    changed
        The image is to be moved otherwise.
    border_changed
        So it is, and what comes in at the border is another.
    """

    changed = Signal()
    border_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.sliders: dict[str, QSlider] = {}
        self.values: dict[str, QLabel] = {}
        self.border_box = ComboBox(tuple(tr(title) for title, _ in _BORDERS))
        self.reset_button = QPushButton(tr("Put back"))
        self._lay_out()
        for slider in self.sliders.values():
            slider.valueChanged.connect(lambda _: self._tell())
        self.border_box.activated.connect(lambda _: self.border_changed.emit())
        self.reset_button.clicked.connect(self.reset)
        self._show_values()

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setVerticalSpacing(8)
        for name, title, low, high, start, _ in _SLIDERS:
            slider = QSlider(Qt.Orientation.Horizontal)
            slider.setRange(low, high)
            slider.setValue(start)
            slider.setPageStep(max(1, (high - low) // 10))
            slider.setAccessibleName(tr(title))
            value = QLabel()
            value.setProperty("role", "muted")
            value.setMinimumWidth(44)
            value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            line = QHBoxLayout()
            line.addWidget(slider, 1)
            line.addWidget(value)
            label = QLabel({"dx": tr("Shift →"), "dy": tr("Shift ↓")}.get(name, tr(title)))
            label.setBuddy(slider)
            form.addRow(label, line)
            self.sliders[name], self.values[name] = slider, value
        self.border_box.setAccessibleName(tr("Border"))
        self.border_box.setToolTip(tr("What comes in where the image moved away"))
        form.addRow(tr("Border"), self.border_box)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addLayout(form)
        column.addWidget(self.reset_button)

    @property
    def border(self) -> Border:
        """What comes in where the image moved away."""
        return _BORDERS[self.border_box.currentIndex()][1]

    @property
    def move_at_hand(self) -> Move:
        """How the image is moved."""
        value = {name: slider.value() for name, slider in self.sliders.items()}
        return Move(
            dx=value["dx"],
            dy=value["dy"],
            scale=value["scale"] / 100,
            degrees=value["degrees"],
            noise=value["noise"] / 100,
            border=self.border,
        )

    def set_shift(self, dx: int, dy: int) -> None:
        """Shift the image, as one change."""
        self._set({"dx": dx, "dy": dy})

    def reset(self) -> None:
        """Put the image back."""
        self._set({name: start for name, _, _, _, start, _ in _SLIDERS})

    def _set(self, values: dict[str, int]) -> None:
        for name, value in values.items():
            with QSignalBlocker(self.sliders[name]):
                self.sliders[name].setValue(value)
        self._tell()

    def _tell(self) -> None:
        self._show_values()
        self.changed.emit()

    def _show_values(self) -> None:
        for name, _, _, _, _, text in _SLIDERS:
            self.values[name].setText(text(self.sliders[name].value()).replace("-", "−"))
        move = self.move_at_hand
        self.reset_button.setEnabled(move != Move(border=move.border))
