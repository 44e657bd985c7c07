"""Fully connected: every input times its weight, the largest products first; the outputs as bars."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from designer import theme
from designer.lessons import marks
from designer.lessons.bars import Bar, paint_bars, room_for
from designer.lessons.marks import Word
from designer.lessons.scales import DIVERGING, Scale
from designer.lessons.scene import Scene, above, flat
from designer.tiles.numbers import number_text
from engine import Contribution, Grain, LinearExplanation, Step
from engine.language import tr, tr_number

_ROW, _TALLEST = 24, 34
_FEW = 30  # outputs that are shown as bars with names


class DenseScene(Scene):
    """The vector that comes in, the products that count most, and the outputs that are done."""

    inputs_share = 0.26
    output_share = 0.3
    _largest: tuple[int, int, tuple[Contribution, ...]] = (-1, 0, ())

    def paint_inputs(self, painter: QPainter, step: Step, glide: float) -> None:
        """Paint the vector, line by line."""
        found = step.explanation
        assert isinstance(found, LinearExplanation)
        if not hasattr(self, "_vector"):
            self._vector = flat(found.inputs, 0, self.input_scale)
        self._vector.place(self.inputs, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter)
        name = self.names.sources[0] if self.names.sources else tr("Input")
        marks.title(painter, above(self.inputs, self.inputs), name, tr("{count:,} values", count=len(found.inputs)))
        self._vector.paint(painter)
        columns = self._vector.values.shape[1]
        for term in self._terms(step):
            marks.outline(painter, self._vector.cells(*divmod(term.index, columns)), width=1.5)

    def paint_middle(self, painter: QPainter, step: Step) -> None:
        """Paint products as bars: the largest ones, or those just taken in."""
        found = step.explanation
        assert isinstance(found, LinearExplanation)
        terms = self._terms(step)
        slow = self.steps.grain is Grain.PRODUCT
        heading = tr("The latest products") if slow else tr("The largest products")
        marks.title(painter, above(self.middle, self.middle), heading, tr("input × weight"))
        largest = max((abs(term.product) for term in terms if np.isfinite(term.product)), default=0.0)
        scale = Scale(-largest, largest, DIVERGING)
        high = min(_TALLEST, self.middle.height() / (len(terms) + 1))
        for row, term in enumerate(terms):
            area = QRectF(self.middle.x(), self.middle.y() + row * high, self.middle.width(), high)
            self._paint_term(painter, area, term, scale)
        rest = len(found.products) - len(terms)
        area = QRectF(self.middle.x(), self.middle.y() + len(terms) * high, self.middle.width(), high)
        if rest > 0 and not slow:
            others = float(found.products.sum()) - sum(term.product for term in terms)
            words = (Word(tr("{count:,} more come to", count=rest) + " ", "muted"), Word(number_text(others, 3)))
            marks.line(painter, area, words, font=theme.font(9))

    def paint_output(self, painter: QPainter, step: Step) -> None:
        """Paint few outputs as bars, many as cells."""
        if len(self.steps.result.values) > _FEW:
            super().paint_output(painter, step)
            return
        values = self.steps.result.values if self.steps.after is None else self.steps.after.values
        marks.title(
            painter,
            above(self.output, self.output),
            tr("Output"),
            tr("{done:,} of {count:,}", done=step.done, count=len(values)),
        )
        bars = []
        for number, value in enumerate(values):
            at = number == step.index[0]
            known = step.running if at and not step.finished else float(value) if number < step.done else None
            bars.append(Bar(self.names.of_class(number), known, strong=at))
        self._bars = paint_bars(painter, self.output, bars, Scale.of(values).largest)

    def hit(self, point: QPointF) -> int | None:
        """Return the step of the output that was clicked; every input leads to all outputs."""
        if len(self.steps.result.values) > _FEW:
            return super().hit(point)
        for number, rect in enumerate(getattr(self, "_bars", ())):
            if rect.contains(point):
                return self.steps.at_output(number)
        return None

    def _terms(self, step: Step) -> tuple[Contribution, ...]:
        """Return the products to show."""
        found = step.explanation
        assert isinstance(found, LinearExplanation)
        count = max(1, room_for(self.middle, _ROW) - 1)
        if self.steps.grain is not Grain.PRODUCT:
            if self._largest[:2] != (step.number, count):  # asked for twice a frame, and there is all of VGG to sort
                self._largest = (step.number, count, found.largest(count))
            return self._largest[2]
        last = min(step.terms, len(found.products))
        return tuple(
            Contribution(i, float(found.inputs[i]), float(found.weights[i]), float(found.products[i]))
            for i in range(max(0, last - count), last)
        )

    def _paint_term(self, painter: QPainter, area: QRectF, term: Contribution, scale: Scale) -> None:
        colours = theme.current()
        words = (
            Word(f"{tr_number(term.index)}:  ", "muted"),
            Word(number_text(term.input, 3)),
            Word(" × ", "muted"),
            Word(number_text(term.weight, 3)),
        )
        half = area.width() * 0.54
        marks.line(painter, QRectF(area.x(), area.y(), half - 6, area.height()), words, font=theme.font(9))
        track = QRectF(area.x() + half, area.y() + area.height() / 6, area.width() - half, area.height() * 2 / 3)
        length = min(1.0, abs(term.product) / scale.largest) if scale.largest and np.isfinite(term.product) else 0.0
        bar = QRectF(track.center().x(), track.y(), track.width() / 2 * length, track.height())
        if term.product < 0:
            bar.moveRight(track.center().x())
        painter.fillRect(bar, QColor(colours.family("dense") if term.product >= 0 else colours.error))
        painter.fillRect(QRectF(track.center().x() - 0.5, area.y(), 1, area.height()), QColor(colours.border))
        painter.setFont(theme.font(8.5))
        painter.setPen(QColor(colours.text))
        # The number stands on the side that the bar leaves free.
        side = QRectF(track.x(), area.y(), track.width() / 2 - 6, area.height())
        align = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if term.product < 0:
            side, align = side.translated(track.width() / 2 + 6, 0), Qt.AlignmentFlag.AlignLeft | align.AlignVCenter
        painter.drawText(side, align, number_text(term.product + 0.0, 3))
