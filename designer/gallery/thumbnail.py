"""A network's picture: the laid-out graph on its side, in as many lines as it takes, coloured by family.

The height of a block shows how large its maps are. What is drawn follows from the document alone.
"""

from collections.abc import Mapping
from functools import lru_cache
from math import ceil, log2
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPixmap

from designer import theme
from designer.canvas.auto_layout import arrange
from designer.canvas.geometry import COLUMN
from designer.gallery.templates import Facts, facts
from engine import Analysis, Edge, Shape

_MOST_LINES = 12
_WIDEST, _TALLEST = 13.0, 44.0  # a block, in pixels
_FILL, _LINE_FILL = 0.68, 0.78  # of its column, and of its line
_FOLD = 0.85  # how much less large blocks are worth in one more line
_LEAST = 0.3  # of a block's full height, for maps of one pixel
_ARC = 5.0  # kept free above the first line for the wires that pass over blocks, and below the last for balance
_NARROW = 4.0  # blocks below this width have square corners


class Spot(NamedTuple):
    """Where a node stands: how far down the network, how far to the side, and how large its maps are (0 to 1)."""

    rank: int
    lane: float
    size: float


class Plan(NamedTuple):
    """All nodes' spots, the number of ranks, and how many cards stand side by side at most."""

    spots: Mapping[str, Spot]
    ranks: int
    breadth: float


def plan(found: Facts) -> Plan:
    """Return where the nodes of a network stand in its picture."""
    places = arrange(found.network.graph)
    rows = {y: rank for rank, y in enumerate(sorted({y for _, y in places.values()}))}
    left = min(x for x, _ in places.values())
    largest = _side(found.network.graph.image.shape if found.network.graph.image else None)
    spots = {
        node: Spot(rows[y], (x - left) / COLUMN, min(1.0, _side(_shape(found.analysis, node)) / largest))
        for node, (x, y) in places.items()
    }
    return Plan(spots, len(rows), max(spot.lane for spot in spots.values()) + 1)


def paint_network(painter: QPainter, found: Facts, area: QRectF) -> None:
    """Paint a network into an area."""
    shown = plan(found)
    grid = _Grid(shown, area)
    wire = QColor(theme.current().wire)
    wire.setAlpha(190)
    painter.setPen(QPen(wire, 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for edge in found.network.graph.edges:
        path = grid.wire(edge)
        if path is not None:
            painter.drawPath(path)
    painter.setPen(Qt.PenStyle.NoPen)
    for node in found.network.graph.nodes:
        painter.setBrush(QColor(theme.current().family(node.layer.family)))
        rect = grid.block(node.id)
        radius = 1.5 if rect.width() >= _NARROW else 0.0
        painter.drawRoundedRect(rect, radius, radius)


def thumbnail(file: str, size: QSizeF, ratio: float) -> QPixmap:
    """Return a template's picture in the theme in force, sharp at a device pixel ratio."""
    return _thumbnail(file, size.width(), size.height(), ratio, theme.current().name)


@lru_cache(maxsize=256)
def _thumbnail(file: str, width: float, height: float, ratio: float, theme_name: str) -> QPixmap:
    picture = QPixmap(round(width * ratio), round(height * ratio))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint_network(painter, facts(file), QRectF(0, _ARC, width, height - 2 * _ARC))
    painter.end()
    return picture


class _Grid:
    """The columns and lines of a picture: as many lines as make the blocks largest."""

    def __init__(self, shown: Plan, area: QRectF) -> None:
        self._spots = shown.spots
        self._area = area
        lines = max(range(1, _MOST_LINES + 1), key=lambda count: _block_size(shown, area, count))
        self._columns = ceil(shown.ranks / lines)
        lines = ceil(shown.ranks / self._columns)
        self._across = min(area.width() / self._columns, _WIDEST / _FILL)
        self._lane = min(area.height() / lines * _LINE_FILL / shown.breadth, _TALLEST)
        self._line = min(area.height() / lines, self._lane * shown.breadth / _LINE_FILL + 12)
        self._left = area.center().x() - self._across * self._columns / 2
        self._top = area.center().y() - self._line * lines / 2 + (self._line - self._lane * shown.breadth) / 2

    def block(self, node: str) -> QRectF:
        """Return a node's rectangle."""
        spot, centre = self._spots[node], self._centre(node)
        width = max(1.0, round(self._across * _FILL * 2) / 2)
        height = max(2.0, 0.84 * self._lane * (_LEAST + (1 - _LEAST) * spot.size))
        return QRectF(centre.x() - width / 2, centre.y() - height / 2, width, height)

    def wire(self, edge: Edge) -> QPainterPath | None:
        """Return a wire's way: straight to the next column, in an arc over several; None from line to line."""
        start, end = self._centre(edge.source), self._centre(edge.target)
        first, last = self._spots[edge.source].rank, self._spots[edge.target].rank
        if first // self._columns != last // self._columns:
            return None
        path = QPainterPath(start)
        if last - first > 1 and abs(end.y() - start.y()) < self._lane / 2:
            rise = min(self._lane * 0.42 + 1.5 * (last - first), self._lane * 0.8 + 5)
            path.cubicTo(start - QPointF(0, rise), end - QPointF(0, rise), end)
        else:
            path.lineTo(end)
        return path

    def _centre(self, node: str) -> QPointF:
        rank, lane, _ = self._spots[node]
        line, column = divmod(rank, self._columns)
        return QPointF(
            self._left + (column + 0.5) * self._across, self._top + line * self._line + (lane + 0.5) * self._lane
        )


def _block_size(shown: Plan, area: QRectF, lines: int) -> float:
    """Return how large blocks are at so many lines, less what each further line costs; most are higher than wide."""
    across = min(area.width() / ceil(shown.ranks / lines) * _FILL, _WIDEST)
    down = min(area.height() / lines * _LINE_FILL / shown.breadth, _TALLEST)
    return min(2 * across, down) * _FOLD**lines


def _shape(analysis: Analysis, node: str) -> Shape | None:
    return analysis.nodes[node].output


def _side(shape: Shape | None) -> float:
    """Return how large maps look: doubling their side adds one step."""
    if shape is None or not shape.is_volume:
        return 0.0
    return log2(max(shape[1:]) + 1)
