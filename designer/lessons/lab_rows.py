"""A row for each layer: its map moved as the image was, its map of the moved image, and how alike they are."""

from dataclasses import dataclass
from math import isfinite, isnan

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from designer import theme
from designer.lessons.lab_worker import Subject
from designer.lessons.scales import Scale
from designer.tiles import colormaps
from designer.tiles.strips import Array
from designer.wording import percent
from engine import Comparison, Likeness
from engine.language import tr
from engine.translation import expected

ROW, HEAD = 50, 30
_TILE = 42
_NAME = 116
_GAP = 10
_BAR = 12
_WIDE = 480  # with both keys of the bars on one line
LEAST_WIDTH = _NAME + 2 * _TILE + 5 * _GAP + 120  # with bars whose shares can be read


@dataclass(frozen=True, eq=False)
class _Pictures:
    """One map of a layer as it should be, and as it is; a vector before and after."""

    wanted: Array
    found: Array
    scale: Scale


class LayerRows(QWidget):
    """The layers in order; one of them is chosen.

    Signals
    -------
    chosen
        The node of the layer that was clicked or walked to.
    """

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._subject: Subject | None = None
        self._comparison: Comparison | None = None
        self._pictures: dict[str, _Pictures | None] = {}
        self.colour_map = colormaps.DEFAULT
        self.current: str | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Layers and how their maps moved"))
        self.setMouseTracking(True)

    @property
    def nodes(self) -> list[str]:
        """The layers that are listed."""
        return list(self._comparison.layers) if self._comparison is not None else []

    def show_comparison(self, subject: Subject | None, comparison: Comparison | None) -> None:
        """Show what became of each layer's maps."""
        self._subject, self._comparison = subject, comparison
        self._pictures.clear()
        if self.current not in self.nodes:
            self.current = self._proposed()
        self.setMinimumHeight(HEAD + ROW * len(self.nodes))
        self._describe()
        self.update()

    def set_colour_map(self, name: str) -> None:
        """Show maps in other colours."""
        self.colour_map = name
        self._pictures.clear()
        self.update()

    def choose(self, node: str) -> None:
        """Make a layer the chosen one."""
        if node in self.nodes and node != self.current:
            self.current = node
            self._describe()
            self.update()
            self.chosen.emit(node)

    def row(self, node: str) -> QRectF:
        """Return where a layer's row is."""
        return QRectF(0, HEAD + self.nodes.index(node) * ROW, self.width(), ROW)

    def sizeHint(self) -> QSize:
        """Return room for all rows."""
        return QSize(470, HEAD + ROW * max(4, len(self.nodes)))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows that are in view."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(event.rect(), QColor(theme.current().surface))
        if self._comparison is None:
            return
        self._paint_head(painter)
        for node, found in self._comparison.layers.items():
            row = self.row(node)
            if row.intersects(QRectF(event.rect())):
                self._paint_row(painter, row, node, found)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the layer that was clicked."""
        number = int((event.position().y() - HEAD) // ROW)
        if 0 <= number < len(self.nodes):
            self.choose(self.nodes[number])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk with the arrow keys."""
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step is None or self.current is None:
            super().keyPressEvent(event)
            return
        number = self.nodes.index(self.current) + step
        self.choose(self.nodes[min(max(number, 0), len(self.nodes) - 1)])

    def _proposed(self) -> str | None:
        """Return the layer to look at first: the last one that has places."""
        if self._comparison is None:
            return None
        placed = [node for node, found in self._comparison.layers.items() if found.equivariance is not None]
        return placed[-1] if placed else next(iter(self._comparison.layers), None)

    def _describe(self) -> None:
        if self._comparison is None or self.current is None:
            self.setAccessibleDescription("")
            return
        found = self._comparison.layers[self.current]
        self.setAccessibleDescription(
            tr(
                "{layer}: moved with the image {equivariance}, unchanged {invariance}",
                layer=self.current,
                equivariance=share_text(found.equivariance),
                invariance=share_text(found.invariance),
            )
        )

    def _columns(self, row: QRectF) -> tuple[QRectF, QRectF, QRectF]:
        """Return where the two maps and the bars of a row are."""
        top = row.y() + (ROW - _TILE) / 2
        wanted = QRectF(row.x() + _NAME + _GAP, top, _TILE, _TILE)
        found = wanted.translated(_TILE + _GAP, 0)
        bars = QRectF(found.right() + 2 * _GAP, row.y(), row.right() - found.right() - 3 * _GAP, ROW)
        return wanted, found, bars

    def _paint_head(self, painter: QPainter) -> None:
        colours = theme.current()
        wanted, found, bars = self._columns(QRectF(0, 0, self.width(), ROW))
        painter.setFont(theme.font(8.5))
        painter.setPen(QColor(colours.muted))
        middle = Qt.AlignmentFlag.AlignCenter
        for rect, text in ((wanted, tr("expected")), (found, tr("found"))):
            painter.drawText(QRectF(rect.x() - 12, 4, rect.width() + 24, HEAD - 6), middle, text)
        x, y = bars.x(), 1.0 if self.width() < _WIDE else 7.0
        for text, colour in ((tr("moves with the image"), colours.accent), (tr("stays the same"), colours.ok)):
            width = QFontMetricsF(painter.font()).horizontalAdvance(text)
            if x > bars.x() and x + 14 + width > bars.right() + _GAP:  # below the first
                x, y = bars.x(), y + 13
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colour))
            painter.drawRoundedRect(QRectF(x, y + 4, 10, 8), 2, 2)
            painter.setPen(QColor(colours.muted))
            painter.drawText(QRectF(x + 14, y, width + 4, 16), Qt.AlignmentFlag.AlignVCenter, text)
            x += width + 30

    def _paint_row(self, painter: QPainter, row: QRectF, node: str, found: Likeness) -> None:
        colours = theme.current()
        if node == self.current:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.selection))
            painter.drawRoundedRect(row.adjusted(4, 1, -4, -1), 6, 6)
        assert self._subject is not None
        label, shape = self._subject.graph.by_id[node].label, self._subject.analysis.nodes[node].output
        name = QRectF(row.x() + 14, row.y(), _NAME - 14, ROW)
        bold = theme.font(9.5, QFont.Weight.DemiBold)
        painter.setFont(bold)
        painter.setPen(QColor(colours.text))
        text = QFontMetricsF(bold).elidedText(label, Qt.TextElideMode.ElideMiddle, name.width())
        painter.drawText(name.adjusted(0, 8, 0, -ROW / 2 + 2), Qt.AlignmentFlag.AlignVCenter, text)
        painter.setFont(theme.font(8.5))
        painter.setPen(QColor(colours.muted))
        below = name.adjusted(0, ROW / 2 - 1, 0, -7)
        painter.drawText(below, Qt.AlignmentFlag.AlignVCenter, shape.text() if shape is not None else "")
        wanted, seen, bars = self._columns(row)
        pictures = self._picture(node)
        if pictures is not None:
            _paint_map(painter, wanted, pictures.wanted, pictures.scale)
            _paint_map(painter, seen, pictures.found, pictures.scale)
        moved_bar = QRectF(bars.x(), row.y() + 10, bars.width(), _BAR)
        _paint_share(painter, moved_bar, found.equivariance, colours.accent)
        _paint_share(painter, moved_bar.translated(0, _BAR + 6), found.invariance, colours.ok)

    def _picture(self, node: str) -> _Pictures | None:
        if node not in self._pictures:
            self._pictures[node] = self._make_picture(node)
        return self._pictures[node]

    def _make_picture(self, node: str) -> _Pictures | None:
        """Return the map that has most to show: the one with the largest spread."""
        assert self._comparison is not None
        assert self._subject is not None
        before, after = self._comparison.before[node], self._comparison.after[node]
        if before.ndim != 3:
            flat = before.reshape(1, -1), after.reshape(1, -1)
            return _Pictures(*flat, Scale.of(before, self.colour_map))
        with np.errstate(all="ignore"):
            channel = int(np.nan_to_num(before.std(axis=(1, 2))).argmax())
        size = self._subject.image.shape[1], self._subject.image.shape[2]
        field = self._subject.analysis.receptive_fields[node]
        placed = expected(before[channel : channel + 1], field, self._comparison.move, size)
        wanted = before[channel]
        if placed is not None:
            wanted = np.where(placed[1], placed[0][0], np.nan)
        return _Pictures(wanted, after[channel], Scale.of(before[channel], self.colour_map))


def share_text(value: float | None) -> str:
    """Return a similarity in words: a share, or a dash where there is none."""
    return "–" if value is None or isnan(value) else percent(value)


def _paint_map(painter: QPainter, box: QRectF, values: Array, scale: Scale) -> None:
    """Paint a small map; what there is nothing to compare with stays blank."""
    colours = theme.current()
    height, width = values.shape
    if height == 1 and width > 1:  # a vector: its values from left to right
        rect = QRectF(box.x(), box.center().y() - 8, box.width(), 16)
    else:
        side = min(box.width() / width, box.height() / height)
        rect = QRectF(0, 0, width * side, height * side)
        rect.moveCenter(box.center())
    painter.drawImage(rect, scale.picture(values, colours.raised))
    painter.setPen(QColor(colours.border))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(rect)


def _paint_share(painter: QPainter, rect: QRectF, value: float | None, colour: str) -> None:
    colours = theme.current()
    number = 52
    track = QRectF(rect.x(), rect.y(), rect.width() - number, rect.height())
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colours.hover))
    painter.drawRoundedRect(track, 3, 3)
    if value is not None and isfinite(value) and value > 0:
        painter.setBrush(QColor(colour))
        painter.drawRoundedRect(QRectF(track.x(), track.y(), track.width() * value, track.height()), 3, 3)
    painter.setFont(theme.font(8.5))
    painter.setPen(QColor(colours.text if value is not None else colours.muted))
    at = QRectF(track.right(), rect.y() - 2, number, rect.height() + 4)
    painter.drawText(at, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, share_text(value))
