"""Beside one large map: the range of its colours and the numbers that describe it."""

from math import isfinite, isnan

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QFormLayout, QLabel, QSizePolicy, QWidget

from designer import theme
from designer.maps.measures import Measures, position
from designer.tiles.numbers import number_text
from designer.wording import percent
from engine.language import tr

_SPACE = 6


class RangeLine(QWidget):
    """The values at the ends of the colour bar above it, and its 0 where there is room."""

    def __init__(self) -> None:
        super().__init__()
        self._range = (0.0, 0.0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Range of the colours"))

    def set_range(self, low: float, high: float) -> None:
        """Show the range from ``low`` to ``high``."""
        self._range = (low, high)
        self.setAccessibleDescription(" ".join(text for text, _ in self.texts()))
        self.update()

    def texts(self) -> list[tuple[str, float]]:
        """Return what is written, each with its place from 0 (left) to 1 (right); the ends come first."""
        low, high = self._range
        if not low < high:
            return [(number_text(low), 0.5)] if isfinite(low) else []
        ends = [(number_text(low, 3), 0.0), (number_text(high, 3), 1.0)]
        return [*ends, ("0", position(0.0, low, high))] if low < 0 < high else ends

    def sizeHint(self) -> QSize:
        """Return the height of one line."""
        return QSize(120, QFontMetrics(theme.font(8.5)).height() + 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Write each text at its place, unless it would touch one that is there."""
        painter = QPainter(self)
        font = theme.font(8.5)
        metrics = QFontMetrics(font)
        painter.setFont(font)
        painter.setPen(QColor(theme.current().muted))
        taken: list[tuple[float, float]] = []
        for text, share in self.texts():
            width = metrics.horizontalAdvance(text)
            left = min(max(share * self.width() - width / 2, 0.0), float(self.width() - width))
            if all(left > end + _SPACE or left + width < start - _SPACE for start, end in taken):
                painter.drawText(round(left), metrics.ascent() + 1, text)
                taken.append((left, left + width))


class MeasureTable(QWidget):
    """Names and numbers, one a line; faults are in red and only told of where there are any."""

    def __init__(self) -> None:
        super().__init__()
        self._form = QFormLayout(self)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setHorizontalSpacing(10)
        self._form.setVerticalSpacing(3)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.minimum = self._row(tr("Min"), tr("The smallest finite value"))
        self.maximum = self._row(tr("Max"), tr("The largest finite value"))
        self.mean = self._row(tr("Mean"), tr("The mean of the finite values"))
        self.std = self._row(tr("Std"), tr("The standard deviation of the finite values"))
        self.zeros = self._row(tr("Zeros"), tr("The share of values that are exactly 0 (sparsity)"))
        self.faults = self._row(tr("NaN or ∞"), tr("The share of values that are not finite"))

    def show_measures(self, measures: Measures) -> None:
        """Show these numbers."""
        for label, value in (
            (self.minimum, measures.minimum),
            (self.maximum, measures.maximum),
            (self.mean, measures.mean),
            (self.std, measures.std),
        ):
            label.setText(measure_text(value))
        self.zeros.setText(percent(measures.zeros))
        self.faults.setText(percent(measures.faults))
        self._form.setRowVisible(self.faults, measures.faults > 0)

    def restyle(self) -> None:
        """Take the colours of the theme in force."""
        # Not by its palette: a new style sheet of the program replaces that after the widgets were told.
        self.faults.setStyleSheet(f"color: {theme.current().error};")

    def _row(self, name: str, help_text: str) -> QLabel:
        title, value = QLabel(name), QLabel()
        title.setProperty("role", "muted")
        title.setToolTip(help_text)
        value.setToolTip(help_text)
        value.setAccessibleName(help_text)
        value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        value.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self._form.addRow(title, value)
        return value


def measure_text(value: float) -> str:
    """Return a measure: a dash where a map has none, not NaN, for its values may well be NaN."""
    return "–" if isnan(value) else number_text(value)
