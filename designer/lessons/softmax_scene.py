"""Softmax: scores, their powers of e, and the shares of the sum that become probabilities."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QPainter

from designer import theme
from designer.lessons import marks
from designer.lessons.bars import Bar, paint_bars, room_for
from designer.lessons.scene import Scene, above
from designer.tiles.numbers import number_text
from designer.wording import percent
from engine import LogSoftmaxExplanation, SoftmaxExplanation, Step
from engine.language import tr

_ROW = 16


class SoftmaxScene(Scene):
    """Three columns of bars, a class on each row."""

    def lay_out(self, size: QSizeF) -> None:
        """Find the places for a picture of a size."""
        self.inputs_share = self.output_share = 0.33
        super().lay_out(size)
        self._rows: list[QRectF] = []

    def paint_inputs(self, painter: QPainter, step: Step, glide: float) -> None:
        """Paint the scores."""
        found = self._found(step)
        name = self.names.sources[0] if self.names.sources else tr("Scores")
        marks.title(painter, above(self.inputs, self.inputs), name, tr("scores"))
        shown = self._shown(found)
        bars = [Bar(self.names.of_class(i), float(found.scores[i]), strong=i == found.chosen) for i in shown]
        finite = found.scores[np.isfinite(found.scores)]
        self._rows = paint_bars(painter, self.inputs, bars, float(np.abs(finite).max(initial=0)))

    def paint_middle(self, painter: QPainter, step: Step) -> None:
        """Paint the powers of e."""
        found = self._found(step)
        marks.title(
            painter, above(self.middle, self.middle), tr("e^(score − largest)"), f"Σ = {number_text(found.sum)}"
        )
        colour = theme.current().family("activation")
        shown = self._shown(found)
        bars = [Bar(self.names.of_class(i), float(found.powers[i]), strong=i == found.chosen) for i in shown]
        paint_bars(painter, self.middle, bars, 1.0, colour)

    def paint_output(self, painter: QPainter, step: Step) -> None:
        """Paint the probabilities that are done."""
        found = self._found(step)
        logarithm = isinstance(found, LogSoftmaxExplanation)
        title = tr("÷ Σ, then its logarithm") if logarithm else tr("÷ Σ = probability")
        marks.title(
            painter,
            above(self.output, self.output),
            title,
            tr("{done:,} of {count:,}", done=step.done, count=self.steps.positions),
        )
        pixel: tuple[slice | int, ...] = (slice(None), *found.position)
        values = self.steps.result.values[pixel]
        bars = []
        for i in self._shown(found):
            value = float(values[i]) if self._done(i, step) else None
            text = None if logarithm or value is None else percent(value)
            bars.append(Bar(self.names.of_class(i), value, strong=i == found.chosen, text=text))
        largest = float(np.abs(values[np.isfinite(values)]).max(initial=0)) if logarithm else 1.0
        paint_bars(painter, self.output, bars, largest, theme.current().family("output"))

    def hit(self, point: QPointF) -> int | None:
        """Return the step of the class whose row was clicked; on a volume a step is a pixel."""
        if self.steps.result.values.ndim == 3:
            return None
        found = self._found(self.steps[self._last])
        for number, row in zip(self._shown(found), self._rows, strict=False):
            if row.top() <= point.y() < row.bottom():
                return self.steps.at_output(number)
        return None

    def paint(self, painter: QPainter, step: Step, glide: float = 1.0) -> None:
        """Paint a step."""
        self._last = step.number
        super().paint(painter, step, glide)

    def _done(self, number: int, step: Step) -> bool:
        return number < step.done if self.steps.result.values.ndim == 1 else number == self.steps.channel

    def _found(self, step: Step) -> SoftmaxExplanation:
        assert isinstance(step.explanation, SoftmaxExplanation)
        return step.explanation

    def _shown(self, found: SoftmaxExplanation) -> range:
        """Return the classes that are shown: all, or as many as there is room for around the chosen one."""
        count = min(len(found.scores), room_for(self.inputs, _ROW))
        first = min(max(0, found.chosen - count // 2), len(found.scores) - count)
        return range(first, first + count)

    def _place_outputs(self) -> None:
        """Leave the output to the bars."""
