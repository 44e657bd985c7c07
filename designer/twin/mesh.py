"""Draws neurons in two rows, inputs above outputs, and the lines between them."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPen

from designer import theme
from designer.canvas.lettering import font
from designer.twin.columns import Column, Stroke
from designer.vector import VectorPainter
from engine.language import tr_number
from engine.row_excerpt import RowExcerpt

_MORE = 44.0  # at the right, for how many there are
_CELL = 15.0
_PITCH = 21.0
_RADIUS = 7.5
_CLOSEST = 20.0  # outputs
_START = 0.6  # the hue of the first weight: blue


class Mesh:
    """Where each neuron of an excerpt stands in a rectangle; the same for all drawings of a layer."""

    def __init__(self, excerpt: RowExcerpt, room: QRectF) -> None:
        self._excerpt, self._room = excerpt, room
        count = excerpt.last - excerpt.first
        # Where outputs are more than inputs, as behind a transposed convolution, they want the room.
        wanted = max(_PITCH, excerpt.outputs * _CLOSEST / max(1, count))
        self._pitch = min(wanted, (room.width() - _MORE) / max(1, count))
        self._cell = min(_CELL, self._pitch * 0.74)
        self._left = room.left() + (room.width() - _MORE - self._pitch * count) / 2
        self._outputs = self._placed()

    def input(self, at: int) -> QPointF:
        """Return the middle of an input."""
        return QPointF(
            self._left + (at - self._excerpt.first + 0.5) * self._pitch, self._room.top() + self._cell / 2 + 1
        )

    def output(self, at: int) -> QPointF:
        """Return the middle of an output."""
        return QPointF(self._outputs[at], self._room.bottom() - self._radius - 1)

    @property
    def _radius(self) -> float:
        gaps = [b - a for a, b in zip(self._outputs, self._outputs[1:], strict=False)]
        return min(_RADIUS, 0.4 * min(gaps, default=_RADIUS * 2.5))

    def _placed(self) -> list[float]:
        """Return where outputs stand: in the middle of what they see, if that leaves room between them."""
        excerpt = self._excerpt
        first, last = self.input(excerpt.first).x(), self.input(excerpt.last - 1).x()
        middles = []
        for output in range(excerpt.outputs):
            seen = [self.input(link.input).x() for link in excerpt.links if link.output == output]
            middles.append(sum(seen) / len(seen) if seen else first)
        start, end = middles[0], middles[-1]
        steps = max(1, excerpt.outputs - 1)
        spare = steps * _CLOSEST - (end - start)
        if spare > 0:
            start, end = max(first, start - spare / 2), min(last, end + spare / 2)
        return [start + (end - start) * at / steps for at in range(excerpt.outputs)]

    def paint(self, painter: VectorPainter, column: Column) -> None:
        """Draw the lines of a column, and the neurons over their ends."""
        many = len(column.strokes) > 2 * column.colours or not column.swatches
        for stroke in column.strokes:
            self._paint_stroke(painter, stroke, column.colours, thin=many and not column.swatches)
        self._paint_inputs(painter)
        self._paint_outputs(painter)

    def _paint_stroke(self, painter: VectorPainter, stroke: Stroke, colours: int, *, thin: bool) -> None:
        shade = QColor(theme.current().wire) if stroke.weight is None else hue(stroke.weight, colours)
        painter.setPen(QPen(shade, 1.0 if thin else 1.7))
        start, end = self.input(stroke.input), self.output(stroke.output)
        painter.drawLine(start + QPointF(0, self._cell / 2), end - QPointF(0, self._radius))

    def _paint_inputs(self, painter: VectorPainter) -> None:
        colours, excerpt = theme.current(), self._excerpt
        for at in range(excerpt.first, excerpt.last):
            padding = at < 0 or at >= excerpt.size
            pen = QPen(QColor(colours.muted if padding else colours.text), 1.0)
            if padding:
                pen.setStyle(Qt.PenStyle.DashLine)
            painter.setPen(pen)
            painter.setBrush(QColor(colours.surface if padding else colours.raised))
            middle, half = self.input(at), self._cell / 2
            painter.drawRoundedRect(QRectF(middle.x() - half, middle.y() - half, 2 * half, 2 * half), 3, 3)
        end = self.input(excerpt.last - 1) + QPointF(self._pitch / 2, 0)
        self._paint_more(painter, end, excerpt.size, excerpt.last)

    def _paint_outputs(self, painter: VectorPainter) -> None:
        colours, excerpt = theme.current(), self._excerpt
        for at in range(excerpt.outputs):
            painter.setPen(QPen(QColor(colours.text), 1.0))
            painter.setBrush(QColor(colours.raised))
            painter.drawEllipse(self.output(at), self._radius, self._radius)
        end = self.output(excerpt.outputs - 1) + QPointF(self._radius + 4, 0)
        self._paint_more(painter, end, excerpt.output_size, excerpt.outputs)

    def _paint_more(self, painter: VectorPainter, end: QPointF, count: int, shown: int) -> None:
        """Say behind a row how many neurons it has."""
        if shown >= count:
            return
        painter.setPen(QColor(theme.current().muted))
        painter.setFont(font(11, tabular=True))
        rect = QRectF(end.x() + 4, end.y() - 8, _MORE + 30, 16)
        painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, f"… {tr_number(count)}")


def hue(weight: int, count: int) -> QColor:
    """Return the colour of a weight among some, as far from the others' as can be."""
    dark = theme.current().dark
    # Steps of a fraction of the circle that has no divisor with the number keep neighbours apart, too.
    turn = (_START + weight / max(1, count)) % 1.0
    return QColor.fromHslF(turn, 0.78 if dark else 0.72, 0.66 if dark else 0.46)
