"""The network's answer: the likeliest class in large letters, and bars for the best ones."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from designer import theme
from designer.lettering import RIGHT, paint_line, width
from designer.panels.answers import Answer, Kind, Ranking, rank
from engine.language import tr

FEWEST = 5
_MARGIN = 12
_HEADLINE = 62
_ROW = 22
_LEAST_ROW = 17
_BAR = 8
_GAP = 8
_BOLD = QFont.Weight.DemiBold
_SMALL, _TEXT = 9, 10  # points
_NAME_POINTS = (18, 15, 12)  # of the first class in the headline
_SCORE = (13, QFont.Weight.Medium)  # of its value
_NAME_SHARE = 0.42  # of the width, at most, goes to the classes' names


class Scores(QWidget):
    """Shows probabilities as bars from the left, margins as bars from a line at zero."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ranking: Ranking | None = None
        self._source = ""
        self._empty = ""
        self._kind: Kind = "probability"
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(self.palette().ColorRole.Base)
        self.setAccessibleName(tr("Answer"))
        self.clear(tr("Run the network on an image to see its answer."))

    @property
    def answers(self) -> tuple[Answer, ...]:
        """The classes that are drawn, best first."""
        return self._ranking.answers[: self._fitting()] if self._ranking is not None else ()

    def show_scores(self, values: NDArray[Any], labels: Sequence[str], kind: Kind, source: str) -> None:
        """Show a network's answer.

        Parameters
        ----------
        values
            ``(N,)``, one score per class.
        labels
            The classes' names; without them, classes go by their numbers.
        kind
            Whether the scores are probabilities or margins.
        source
            Where they come from, as the layer's name.
        """
        self._ranking = rank(values, labels, kind)
        self._kind, self._source = kind, source
        self.setAccessibleDescription(self._ranking.description())
        self.update()

    def clear(self, text: str) -> None:
        """Show a sentence in place of an answer."""
        self._ranking, self._empty = None, text
        self.setAccessibleDescription(text)
        self.update()

    def sizeHint(self) -> QSize:
        """Return room for the headline and a few bars."""
        return QSize(300, 260)

    def minimumSizeHint(self) -> QSize:
        """Return room for the fewest bars."""
        return QSize(180, _HEADLINE + FEWEST * _LEAST_ROW + _MARGIN)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw headline and bars, or the sentence in their place."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room = self.rect().adjusted(_MARGIN, 0, -_MARGIN, 0)
        if self._ranking is None:
            painter.setPen(QColor(theme.current().muted))
            painter.drawText(room, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap), self._empty)
        else:
            self._paint_headline(painter, QRect(room.left(), 8, room.width(), _HEADLINE - 14), self._ranking)
            self._paint_bars(painter, room)
        painter.end()

    def _fitting(self) -> int:
        """Return how many bars fit."""
        return max(FEWEST, (self.height() - _HEADLINE - _MARGIN) // _ROW)

    def _paint_headline(self, painter: QPainter, room: QRect, ranking: Ranking) -> None:
        colours = theme.current()
        line = QRect(room.left(), room.top(), room.width(), 16)
        paint_line(painter, line, ranking.lead, colours.muted, _SMALL)
        beside = line.adjusted(width(ranking.lead, _SMALL) + 2 * _GAP, 0, 0, 0)
        paint_line(painter, beside, self._source, colours.muted, _SMALL, across=RIGHT)
        if not ranking.answers or np.isnan(ranking.answers[0].value):
            return
        best, below = ranking.answers[0], room.adjusted(0, line.height(), 0, 0)
        name = below.adjusted(0, 0, -width(best.text, *_SCORE) - _GAP, 0)
        paint_line(painter, name, best.name, colours.text, _largest_size(best.name, name.width()), _BOLD)
        paint_line(painter, below, best.text, colours.accent, *_SCORE, across=RIGHT)

    def _paint_bars(self, painter: QPainter, room: QRect) -> None:
        answers = self.answers
        names = max((width(answer.name, _TEXT, _BOLD) for answer in answers), default=0)
        texts = max((width(answer.text, _TEXT, _BOLD) for answer in answers), default=0)
        names = min(names + 1, int(room.width() * _NAME_SHARE))
        bars = QRectF(room.left() + names + _GAP, 0, room.width() - names - texts - 2 * _GAP, _BAR)
        scale = _Scale(bars.left(), bars.width(), answers, self._kind)
        height = min(_ROW, (self.height() - _HEADLINE - _MARGIN) / max(1, len(answers)))
        for place, answer in enumerate(answers):
            row = QRect(room.left(), round(_HEADLINE + place * height), room.width(), round(height))
            bars.moveTop(row.top() + (row.height() - _BAR) / 2)
            _paint_row(painter, row, answer, names, best=place == 0)
            _paint_bar(painter, bars, answer, scale, best=place == 0)
        if scale.signed:
            line = QRectF(scale.zero - 0.5, _HEADLINE, 1, height * len(answers))
            painter.fillRect(line, QColor(theme.current().muted))


class _Scale:
    """Where on the screen a score lies; scores that are not finite end where the bars do."""

    def __init__(self, left: float, width: float, answers: Sequence[Answer], kind: Kind) -> None:
        finite = [answer.value for answer in answers if np.isfinite(answer.value)]
        low, high = (0.0, 1.0) if kind == "probability" else (min([0.0, *finite]), max([0.0, *finite]))
        self._low, self._high = (low, high) if high > low else (0.0, 1.0)
        self._left, self._width = left, width
        self.signed = kind == "margin"
        self.zero = self.place(0.0)

    def place(self, value: float) -> float:
        """Return the x of a score."""
        clipped = min(max(value, self._low), self._high)
        return self._left + self._width * (clipped - self._low) / (self._high - self._low)


def _paint_row(painter: QPainter, row: QRect, answer: Answer, names: int, *, best: bool) -> None:
    colours = theme.current()
    weight = _BOLD if best else QFont.Weight.Normal
    name = QRect(row.left(), row.top(), names, row.height())
    paint_line(painter, name, answer.name, colours.text, _TEXT, weight)
    colour = colours.error if np.isnan(answer.value) else colours.text if best else colours.muted
    paint_line(painter, row, answer.text, colour, _TEXT, weight, RIGHT)


def _paint_bar(painter: QPainter, bars: QRectF, answer: Answer, scale: _Scale, *, best: bool) -> None:
    colours = theme.current()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colours.hover))
    painter.drawRoundedRect(bars, _BAR / 2, _BAR / 2)
    if np.isnan(answer.value):
        return
    end = scale.place(answer.value)
    painter.setBrush(QColor(colours.accent if best else colours.wire))
    painter.drawPath(_bar(bars, scale, end))


def _bar(bars: QRectF, scale: _Scale, end: float) -> QPainterPath:
    """Return a bar from zero to ``end``: round where it ends, and straight at a line at zero."""
    bar = QRectF(min(scale.zero, end), bars.top(), abs(end - scale.zero), _BAR)
    radius = min(_BAR / 2, bar.width() / (1 if scale.signed else 2))
    path, half = QPainterPath(), QPainterPath()
    if not scale.signed:
        path.addRoundedRect(bar, radius, radius)
        return path
    beyond = bar.adjusted(-radius, 0, 0, 0) if end > scale.zero else bar.adjusted(0, 0, radius, 0)
    path.addRoundedRect(beyond, radius, radius)
    half.addRect(bar)
    return path.intersected(half)


def _largest_size(text: str, room: int) -> float:
    """Return the largest size of the headline, in points, in which a name fits; the smallest where none does."""
    return next((points for points in _NAME_POINTS if width(text, points, _BOLD) <= room), _NAME_POINTS[-1])
