"""The picture of a layer beside its twin: three meshes, what is saved from each to the next, and bars."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPen, QPolygonF

from designer import theme
from designer.canvas.lettering import font
from designer.pictures.picture import Picture
from designer.twin.columns import Column, Comparison, comparison
from designer.twin.log_bars import LogBar, decades, height, paint_log_bars
from designer.twin.mesh import Mesh, hue
from designer.vector import VectorPainter
from engine import Analysis, NetworkTwin
from engine.language import tr, tr_number
from engine.twin import Counts

WIDTH = 1080.0
_MARGIN = 22.0
_COLUMN, _BETWEEN = 308.0, 56.0
_HEAD = 34.0
_MESH = 118.0
_SWATCH = 13.0
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_MIDDLE = Qt.AlignmentFlag.AlignCenter


def twin_picture(analysis: Analysis, found: NetworkTwin, node: str) -> Picture:
    """Return the picture of a layer of a network beside its twin, in the colours of the theme in force."""
    figure, colours = _Figure(analysis, found, node), theme.current()

    def paint(painter: VectorPainter) -> None:
        with theme.using(colours):
            painter.fillRect(QRectF(0, 0, WIDTH, figure.height), QColor(colours.surface))
            figure.paint(painter)

    return Picture(WIDTH, figure.height, figure.title, figure.description, colours, paint)


class _Figure:
    """Lays the picture out from top to bottom."""

    def __init__(self, analysis: Analysis, found: NetworkTwin, node: str) -> None:
        entry, self._one = analysis.nodes[node], found[node]
        self._counts = found.counts
        self._shown: Comparison = comparison(analysis, found, node)
        self._label = analysis.graph.by_id[node].label
        shapes = " + ".join(shape.text() if shape is not None else "?" for shape in entry.inputs)
        output = entry.output.text() if entry.output is not None else "?"
        ways = f"{shapes} → {output}" if shapes else output
        self._about = f"{entry.layer.title} {entry.layer.brief()}".rstrip() + f" · {ways}"
        self.title = tr("{layer} and its fully connected twin", layer=self._label)
        notes = [f"{column.heading}: {column.note}; {tr_number(column.weights)}." for column in self._shown.columns]
        self.description = " ".join((self._about + ".", *notes, self._shown.caption))
        self._bars_top = _MARGIN + _HEAD + (self._columns_height if self._shown.columns else 0.0) + 34.0
        self.height = self._bars_top + 30.0 + height(3) + _MARGIN - 4.0

    @property
    def _columns_height(self) -> float:
        return 40.0 + _MESH + 20.0 + 52.0

    def paint(self, painter: VectorPainter) -> None:
        """Draw all of it."""
        self._paint_head(painter)
        columns = self._shown.columns
        top = _MARGIN + _HEAD
        width = len(columns) * _COLUMN + max(0, len(columns) - 1) * _BETWEEN
        left = (WIDTH - width) / 2 if columns else 0.0
        for at, column in enumerate(columns):
            x = left + at * (_COLUMN + _BETWEEN)
            self._paint_column(painter, QRectF(x, top, _COLUMN, self._columns_height), column)
            if at:
                middle = QPointF(x - _BETWEEN / 2, top + 40.0 + _MESH / 2)
                _paint_saving(painter, middle, *self._shown.savings[at - 1])
        caption = QRectF(_MARGIN, self._bars_top - 34.0, WIDTH - 2 * _MARGIN, 20)
        _write(painter, caption, self._shown.caption, font(12), theme.current().muted, _MIDDLE)
        self._paint_bars(painter)

    def _paint_head(self, painter: VectorPainter) -> None:
        strong = font(16, QFont.Weight.DemiBold)
        line = QRectF(_MARGIN, _MARGIN - 8, WIDTH - 2 * _MARGIN, 24)
        _write(painter, line, self._label, strong, theme.current().text, _LEFT, most=420)
        beside = min(420.0, QFontMetricsF(strong).horizontalAdvance(self._label)) + 14
        _write(painter, line.adjusted(beside, 1, 0, 1), self._about, font(13), theme.current().muted, _LEFT)

    def _paint_column(self, painter: VectorPainter, rect: QRectF, column: Column) -> None:
        colours = theme.current()
        line = QRectF(rect.left() - 14, rect.top(), rect.width() + 28, 18)
        _write(painter, line, column.heading, font(13, QFont.Weight.DemiBold), colours.text, _MIDDLE)
        room = QRectF(rect.left(), rect.top() + 40, rect.width(), _MESH)
        Mesh(self._shown.excerpt, room).paint(painter, column)
        below = room.bottom() + 8
        _write(
            painter,
            QRectF(line.left(), rect.top() + 18, line.width(), 16),
            column.note,
            font(11),
            colours.muted,
            _MIDDLE,
        )
        if column.swatches:
            _paint_swatches(painter, QPointF(rect.center().x(), below + 5), column.swatches)
        number = QRectF(line.left(), below + 18, line.width(), 24)
        words = tr("{count:,} weights", count=column.weights)
        _write(painter, number, words, font(18, QFont.Weight.DemiBold, tabular=True), colours.text, _MIDDLE)
        _write(painter, number.translated(0, 22), column.formula, font(11, tabular=True), colours.muted, _MIDDLE)

    def _paint_bars(self, painter: VectorPainter) -> None:
        colours, top = theme.current(), self._bars_top
        painter.setPen(QPen(QColor(colours.border), 1.0))
        painter.drawLine(QPointF(_MARGIN, top - 6), QPointF(WIDTH - _MARGIN, top - 6))
        groups: list[tuple[str, Counts]] = []
        if self._one.compared:
            groups.append((tr("Weights of {layer}, on a logarithmic scale", layer=self._label), self._one.counts))
        groups.append((tr("Weights of the whole network"), self._counts))
        end = decades(max(number for _, counts in groups for number in counts))
        gap = 44.0
        width = (WIDTH - 2 * _MARGIN - gap * (len(groups) - 1)) / len(groups)
        for at, (heading, counts) in enumerate(groups):
            left = _MARGIN + at * (width + gap)
            words = QRectF(left, top + 2, width, 20)
            _write(painter, words, heading, font(12, QFont.Weight.DemiBold), colours.text, _LEFT)
            paint_log_bars(painter, QRectF(left, top + 28, width, height(3)), _bars(counts), end)


def _bars(counts: Counts) -> Sequence[LogBar]:
    colours = theme.current()
    return (
        LogBar(tr("Fully connected"), counts.dense, colours.wire),
        LogBar(tr("Local, not shared"), counts.local, colours.family("pool")),
        LogBar(tr("As it is"), counts.shared, colours.accent),
    )


def _paint_saving(painter: VectorPainter, middle: QPointF, ratio: str, word: str, formula: str) -> None:
    """Draw an arrow to the next drawing, with what it saves above and below."""
    colours = theme.current()
    half = 21.0
    painter.setPen(QPen(QColor(colours.muted), 1.4))
    start, tip = middle - QPointF(half, 0), middle + QPointF(half, 0)
    painter.drawLine(start, tip - QPointF(6, 0))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colours.muted))
    painter.drawPolygon(QPolygonF([tip, tip + QPointF(-8, -4), tip + QPointF(-8, 4)]))
    above = QRectF(middle.x() - _BETWEEN, middle.y() - 24, 2 * _BETWEEN, 18)
    _write(painter, above, ratio, font(13, QFont.Weight.DemiBold, tabular=True), colours.accent, _MIDDLE)
    _write(painter, above.translated(0, 30), word, font(11), colours.muted, _MIDDLE)
    _write(painter, above.translated(0, 45), formula, font(10), colours.muted, _MIDDLE)


def _paint_swatches(painter: VectorPainter, middle: QPointF, count: int) -> None:
    """Show the weights of the kernel along the row as cells in their colours."""
    side = min(_SWATCH, 220.0 / count)
    left = middle.x() - side * count / 2
    painter.setPen(QPen(QColor(theme.current().surface), 1.0))
    for at in range(count):
        painter.setBrush(hue(at, count))
        painter.drawRoundedRect(QRectF(left + at * side, middle.y() - side / 2, side, side), 3, 3)


def _write(
    painter: VectorPainter,
    rect: QRectF,
    text: str,
    letters: QFont,
    colour: str,
    align: Qt.AlignmentFlag,
    most: float | None = None,
) -> None:
    """Write a line, shortened where it does not fit."""
    room = rect.width() if most is None else most
    shown = QFontMetricsF(letters).elidedText(text, Qt.TextElideMode.ElideRight, room)
    painter.setFont(letters)
    painter.setPen(QColor(colour))
    painter.drawText(rect, align, shown)
