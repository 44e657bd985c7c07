"""Beside one large map another one: before or after it, one that was pinned, or the same in a run that was kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QSlider,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from designer.fields import ComboBox
from designer.maps.explorer_side import RangeLine, measure_text
from designer.maps.measures import histogram, measure
from designer.tiles import colormaps
from designer.tiles.limits import find_limits
from designer.tiles.strips import Array
from designer.wording import percent
from engine.language import tr, tr_noop

if TYPE_CHECKING:
    from designer.maps.histogram_plot import HistogramPlot
    from designer.maps.image_plot import ImagePlot
    from designer.maps.vector_plot import VectorPlot

NOTHING = tr_noop("Nothing beside it")
DIVERGING = "diverging"
_HISTOGRAM = 84


@dataclass(frozen=True, eq=False)
class Beside:
    """A map to compare with.

    Attributes
    ----------
    key
        Which kind: ``"before"``, ``"after"``, ``"pinned"``, ``"kept"`` or ``"difference"``.
    title
        What the choice is called.
    values
        ``(H, W)``, or ``(N,)`` for a vector.
    clipped
        Which of its values a rectifier sets to 0; None where none does.
    clipped_here
        Which values of the map beside it are.
    selected
        Which element of a vector is marked.
    """

    key: str
    title: str
    values: Array
    clipped: NDArray[np.bool_] | None = None
    clipped_here: NDArray[np.bool_] | None = None
    selected: int = 0


class BesideBar(QWidget):
    """What is beside the map, and how much of the image shows through it.

    Signals: ``chosen`` with a key or an empty text, ``opacity_changed`` with 0 to 1, ``pin_requested`` and
    ``keep_requested``.
    """

    chosen = Signal(str)
    opacity_changed = Signal(float)
    pin_requested = Signal()
    keep_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.AlternateBase)
        self.box = ComboBox()
        self.box.setAccessibleName(tr("Beside the map"))
        self.box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.box.addItem(tr(NOTHING), "")
        self.pin = _button(tr("Pin"), tr("Pin this map, to see it beside others"))
        self.keep = _button(
            tr("Keep run"), tr("Keep this run, to compare another image or other weights with it, map by map")
        )
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, 100)
        self.slider.setFixedWidth(84)
        self.slider.setAccessibleName(tr("How much of the image lies over the map"))
        self.slider.setToolTip(self.slider.accessibleName())
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 12, 4)
        row.setSpacing(6)
        row.addWidget(self.box, 1)
        row.addWidget(self.pin)
        row.addWidget(self.keep)
        label = QLabel(tr("Image"))
        label.setProperty("role", "muted")
        row.addWidget(label)
        row.addWidget(self.slider)
        self.box.activated.connect(lambda _: self.chosen.emit(self.key()))
        self.slider.valueChanged.connect(lambda value: self.opacity_changed.emit(value / 100))
        self.pin.clicked.connect(self.pin_requested)
        self.keep.clicked.connect(self.keep_requested)

    def key(self) -> str:
        """Return which kind of map is beside it; an empty text for none."""
        return str(self.box.currentData() or "")

    def set_choices(self, choices: Sequence[Beside]) -> None:
        """Offer these; the kind that was chosen stays, where it is among them."""
        key = self.key()
        self.box.clear()
        self.box.addItem(tr(NOTHING), "")
        for choice in choices:
            self.box.addItem(choice.title, choice.key)
        self.box.setCurrentIndex(max(0, self.box.findData(key)))


class BesideView(QWidget):
    """The other map, with its title, its histogram and its numbers."""

    def __init__(self, image: "ImagePlot", vector: "VectorPlot", spread: "HistogramPlot") -> None:
        super().__init__()
        self.image, self.vector, self.spread = image, vector, spread
        self.stage = QStackedWidget()
        self.stage.addWidget(image.view)
        self.stage.addWidget(vector.view)
        self.title, self.numbers = QLabel(), QLabel()
        self.range_line = RangeLine()
        self._shown: tuple[Beside, str] | None = None
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        for label in (self.title, self.numbers):
            label.setWordWrap(True)
            label.setContentsMargins(10, 2, 10, 2)
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.numbers.setProperty("role", "muted")
        spread.view.setFixedHeight(_HISTOGRAM)
        band = QVBoxLayout()
        band.setContentsMargins(10, 4, 10, 2)
        band.setSpacing(1)
        band.addWidget(spread.view)
        band.addWidget(self.range_line)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 6)
        column.setSpacing(2)
        column.addWidget(self.title)
        column.addWidget(self.stage, 1)
        column.addLayout(band)
        column.addWidget(self.numbers)

    @property
    def is_vector(self) -> bool:
        """Whether a vector is shown."""
        return self._shown is not None and self._shown[0].values.ndim == 1

    def show_beside(self, beside: Beside, colour_map: str) -> None:
        """Show a map or a vector; a difference has colours that diverge from 0."""
        self._shown = (beside, colour_map)
        name = DIVERGING if beside.key == "difference" else colour_map
        values = beside.values
        low, high = map_range(values, name)
        if self.is_vector:
            self.stage.setCurrentWidget(self.vector.view)
            self.vector.show_vector(values, min(beside.selected, len(values) - 1))
            self.vector.set_faded(beside.clipped)
        else:
            self.stage.setCurrentWidget(self.image.view)
            self.image.show_map(values, low, high, name)
            self.image.set_veil(beside.clipped)
        self.spread.show_histogram(histogram(values, low, high), low, high, name)
        self.range_line.set_range(low, high)
        self.title.setText(beside.title)
        for view in (self.image.view, self.vector.view):
            view.setAccessibleName(beside.title)
        self.numbers.setText(_numbers(beside))

    def restyle(self) -> None:
        """Take the colours of the theme in force."""
        self.image.restyle()
        self.vector.restyle()
        self.spread.restyle()
        if self._shown is not None:
            self.show_beside(*self._shown)


def map_range(values: Array, colour_map: str) -> tuple[float, float]:
    """Return the values at the ends of the colour bar of one map by itself."""
    lows, highs, _ = find_limits(values.reshape(1, 1, -1))
    low, high = float(lows[0]), float(highs[0])
    if low <= high and colormaps.get(colour_map).diverging:
        bound = max(abs(low), abs(high))
        return -bound, bound
    return low, high


def _numbers(beside: Beside) -> str:
    found = measure(beside.values)
    text = tr(
        "min {minimum} · max {maximum} · mean {mean} · zeros {zeros}",
        minimum=measure_text(found.minimum),
        maximum=measure_text(found.maximum),
        mean=measure_text(found.mean),
        zeros=percent(found.zeros),
    )
    for mask, told in (
        (beside.clipped, tr_noop("ReLU clips {share} of the values to 0: they are faded here")),
        (beside.clipped_here, tr_noop("ReLU clips {share} of the values to 0: they are faded in the map beside")),
    ):
        if mask is not None:
            text += "\n" + tr(told, share=percent(float(mask.mean())))
    return text


def _button(text: str, help_text: str) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setToolTip(help_text)
    button.setAccessibleName(help_text)
    button.setProperty("compact", True)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
