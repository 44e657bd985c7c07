"""The classes that score best, for the image and for the moved image."""

import numpy as np
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from designer import theme, wording
from designer.lessons import marks
from designer.lessons.bars import Bar, paint_bars
from designer.lessons.marks import Word
from engine import Softmax
from engine.language import tr
from engine.layers import Layer
from engine.layers.base import Array
from engine.scores import top

_MOST = 4
_HEAD = 22


class ScorePair(QWidget):
    """Bars of the best classes before and after, in the order of the image's own."""

    def __init__(self) -> None:
        super().__init__()
        self._layer: Layer | None = None
        self._before: Array | None = None
        self._after: Array | None = None
        self.setAccessibleName(tr("Answer before and after"))
        self.setMinimumHeight(120)

    def show_scores(self, layer: Layer | None, before: Array | None, after: Array | None) -> None:
        """Show a head's outputs ``(N,)`` for both images; None where the network has no head."""
        self._layer, self._before, self._after = layer, before, after
        self.setAccessibleDescription(self.verdict())
        self.update()

    def verdict(self) -> str:
        """Return whether the answer is still the same."""
        if self._layer is None or self._before is None or self._after is None:
            return tr("The network ends without an answer")
        first, second = top(self._layer, self._before, 1)[0], top(self._layer, self._after, 1)[0]
        if np.isnan(first.value) or np.isnan(second.value):
            return tr("No answer: the scores are not numbers")
        if first.number == second.number:
            return tr("Still {name}: {before} → {after}", name=first.label, before=first.text, after=second.text)
        return tr(
            "{old} became {new}: {before} → {after}",
            old=first.label,
            new=second.label,
            before=first.text,
            after=second.text,
        )

    def sizeHint(self) -> QSize:
        """Return room for the best classes."""
        return QSize(340, 150)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the verdict and the bars."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        head = QRectF(12, 2, self.width() - 24, _HEAD)
        answered = self._layer is not None
        word = Word(self.verdict(), "strong" if answered else "muted")
        marks.line(painter, head, (word,), font=theme.font(9.5))
        if self._layer is not None and self._before is not None and self._after is not None:
            self._paint_bars(painter, self._layer, self._before, self._after)
        painter.end()

    def _paint_bars(self, painter: QPainter, layer: Layer, before: Array, after: Array) -> None:
        best = top(layer, before, _MOST)
        winner = top(layer, after, 1)[0]
        if winner.number not in [score.number for score in best]:
            best = [*best[: _MOST - 1], winner]
        percent = isinstance(layer, Softmax)
        both = np.abs(np.concatenate([before, after]))
        largest = 1.0 if percent else float(both[np.isfinite(both)].max(initial=0.0))
        half = (self.width() - 40) / 2
        for number, (values, title) in enumerate(((before, tr("image")), (after, tr("moved image")))):
            x = 12 + number * (half + 16)
            marks.title(painter, QRectF(x, _HEAD + 4, half, 18), title)
            strong = int(np.nan_to_num(values, nan=-np.inf).argmax())
            bars = [
                Bar(
                    score.label,
                    float(values[score.number]),
                    strong=score.number == strong,
                    text=wording.percent(float(values[score.number])) if percent else None,
                )
                for score in best
            ]
            paint_bars(painter, QRectF(x, _HEAD + 24, half, max(60, self.height() - _HEAD - 30)), bars, largest)
