"""The shapes that flow through long wires, written beside them where nothing else is."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from designer import theme
from designer.canvas.geometry import PITCH
from designer.canvas.lettering import font

if TYPE_CHECKING:
    from designer.canvas.edge_item import EdgeItem
    from designer.canvas.occupancy import Occupancy
    from designer.canvas.routes import Route
    from designer.canvas.scene import CanvasScene
    from engine import Edge

LEGIBLE = 0.6  # the least scale at which labels are painted
HEIGHT = 16.0
_SIZE = 11  # canvas pixels, of the letters
_PADDING = 4.0
_BESIDE = 3.0  # between a lane and its label
_CLEAR = 3.0  # between a label and a card
_SHORT = 2 * PITCH  # below this, the card right above is near enough to tell
_FAR = 12 * PITCH  # above this, both ends of a wire have a label
_FROM_END = 64.0  # of a far wire, to its labels
_ALONG = (0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74)  # where on a wire a label is tried
_BAND = 256.0  # height of the bands in which labels are looked up


class Label(NamedTuple):
    """A shape beside a wire."""

    rect: QRectF
    text: str
    edge: Edge


class WireLabels:
    """Labels of all wires, placed when something has changed and kept until then.

    Attributes
    ----------
    enabled
        Whether there are any.
    """

    def __init__(self) -> None:
        self.enabled = True
        self._valid = False
        self._labels: list[Label] = []
        self._tops: list[float] = []

    def invalidate(self) -> None:
        """Note that cards, wires or shapes have changed."""
        self._valid = False

    def labels(self, scene: CanvasScene) -> list[Label]:
        """Return all labels, from top to bottom."""
        if not self._valid:
            self._labels = sorted(_placed(scene), key=lambda label: label.rect.top()) if self.enabled else []
            self._tops = [label.rect.top() for label in self._labels]
            self._valid = True
        return self._labels

    def paint(self, painter: QPainter, scene: CanvasScene, area: QRectF) -> None:
        """Paint the labels in a part of the canvas, where the painter's scale leaves them legible."""
        if not self.enabled or painter.worldTransform().m11() < LEGIBLE:
            return
        labels = self.labels(scene)
        first, last = bisect_left(self._tops, area.top() - HEIGHT), bisect_left(self._tops, area.bottom())
        if first < last:
            painter.setFont(_font())
            paper = QColor(theme.current().canvas)
            paper.setAlpha(215)
            for label in labels[first:last]:
                if label.rect.intersects(area):
                    _paint(painter, label, scene.edges[label.edge], paper)


def _paint(painter: QPainter, label: Label, wire: EdgeItem, paper: QColor) -> None:
    colours = theme.current()
    told = colours.accent if wire.selected or wire.hovered else colours.error if wire.wrong else colours.muted
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(paper)
    painter.drawRoundedRect(label.rect, 4, 4)
    painter.setPen(QColor(told))
    painter.drawText(label.rect, Qt.AlignmentFlag.AlignCenter, label.text)


def _placed(scene: CanvasScene) -> Iterator[Label]:
    """Yield a label for each wire that needs one and has room for it; the shortest choose first."""
    nodes = scene.document.analysis.nodes
    taken: dict[int, list[QRectF]] = {}
    for dot in scene.dots.rects():
        _take(dot, taken)
    long = [edge for edge, item in scene.edges.items() if _is_long(item.route)]
    for edge in sorted(long, key=lambda edge: scene.edges[edge].route.height):
        shape = nodes[scene.seen.wires(edge)[0].source].output
        if shape is None:
            continue
        text, item = shape.text(), scene.edges[edge]
        for spots in _spots(item, _width(text)):
            rect = next((rect for rect in spots if _is_free(rect, scene.taken, taken)), None)
            if rect is not None:
                _take(rect, taken)
                yield Label(rect, text, edge)


def _is_long(route: Route) -> bool:
    return not route.direct or route.height > _SHORT


def _spots(item: EdgeItem, width: float) -> Iterator[Iterator[QRectF]]:
    """Yield, for each label of a wire, the places for it, the best first."""
    route = item.route
    if route.lane is None:
        path = item.path()
        yield (_around(path.pointAtPercent(along), width) for along in _ALONG)
        return
    (_, top), (_, bottom) = sorted((route.start, route.end), key=lambda end: end[1])
    if bottom - top > _FAR:
        if route.lane != route.start[0]:  # else it runs on below the card that tells its shape
            yield _beside(route.lane, [top + _FROM_END + step * HEIGHT for step in range(8)], width)
        yield _beside(route.lane, [bottom - _FROM_END - step * HEIGHT for step in range(8)], width)
    else:
        yield _beside(route.lane, [top + (bottom - top) * along for along in _ALONG], width)


def _beside(lane: float, heights: list[float], width: float) -> Iterator[QRectF]:
    """Yield the places on both sides of a lane, those on the right first."""
    for left in (lane + _BESIDE, lane - _BESIDE - width):
        for y in heights:
            yield QRectF(left, y - HEIGHT / 2, width, HEIGHT)


def _around(centre: QPointF, width: float) -> QRectF:
    return QRectF(centre.x() - width / 2, centre.y() - HEIGHT / 2, width, HEIGHT)


def _is_free(rect: QRectF, cards: Occupancy, labels: dict[int, list[QRectF]]) -> bool:
    near = rect.adjusted(-_CLEAR, -_CLEAR, _CLEAR, _CLEAR)
    if cards.any_in(near.left(), near.top(), near.right(), near.bottom()):
        return False
    return not any(near.intersects(other) for band in _bands(rect) for other in labels.get(band, ()))


def _take(rect: QRectF, taken: dict[int, list[QRectF]]) -> None:
    for band in _bands(rect):
        taken.setdefault(band, []).append(rect)


def _bands(rect: QRectF) -> set[int]:
    return {int(rect.top() // _BAND), int(rect.bottom() // _BAND)}


@lru_cache(maxsize=512)
def _width(text: str) -> float:
    return QFontMetricsF(_font()).horizontalAdvance(text) + 2 * _PADDING


def _font() -> QFont:
    return font(_SIZE, QFont.Weight.Medium, tabular=True)
