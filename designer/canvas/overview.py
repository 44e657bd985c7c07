"""The network from afar: one coloured block per layer, painted by the view in a few calls."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from designer import theme
from designer.canvas.frame_item import frame_colour
from designer.canvas.geometry import card_rect
from designer.canvas.heat_painter import block_colour
from designer.canvas.routes import Route

if TYPE_CHECKING:
    from designer.canvas.scene import CanvasScene

OVERVIEW_BELOW = 0.3  # scale at which letters could no longer be read


class Overview:
    """Blocks by colour and wires as lines, gathered when something has changed and kept until then."""

    def __init__(self) -> None:
        self._valid = False
        self._blocks: dict[str, list[QRectF]] = {}
        self._lines: dict[str, list[QLineF]] = {}
        self._outlines: dict[str, list[QRectF]] = {}
        self._frames: dict[str, list[QRectF]] = {}

    def invalidate(self) -> None:
        """Note that cards, wires, their state or the theme have changed."""
        self._valid = False

    def paint(self, painter: QPainter, scene: CanvasScene) -> None:
        """Paint the whole network in the scene's coordinates."""
        if not self._valid:
            self._gather(scene)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setBrush(frame_colour())
        for colour, frames in self._frames.items():
            painter.setPen(QPen(QColor(colour), 0))
            painter.drawRects(frames)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, lines in self._lines.items():
            painter.setPen(QPen(QColor(colour), 0))
            painter.drawLines(lines)
        painter.setPen(Qt.PenStyle.NoPen)
        for colour, blocks in self._blocks.items():
            painter.setBrush(QColor(colour))
            painter.drawRects(blocks)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, outlines in self._outlines.items():
            pen = QPen(QColor(colour), 2)
            pen.setCosmetic(True)
            painter.setPen(pen)
            painter.drawRects(outlines)

    def _gather(self, scene: CanvasScene) -> None:
        colours = theme.current()
        self._lines, self._outlines, self._frames = {}, {}, {}
        self._blocks = blocks(scene)
        for frame in scene.frames.values():
            self._frames.setdefault(colours.accent if frame.selected else colours.border, []).append(frame.rect())
        for node, item in scene.nodes.items():
            if item.selected or item.offered:
                self._outlines.setdefault(colours.accent, []).append(card_rect(scene.places[node]))
            elif item.card.wrong:
                self._outlines.setdefault(colours.error, []).append(card_rect(scene.places[node]))
        for rect in scene.dots.rects(scene.dots.selected):
            self._outlines.setdefault(colours.accent, []).append(rect)
        for edge in scene.edges.values():
            self._lines.setdefault(edge.pen().color().name(), []).extend(_lines(edge.route))
        self._valid = True


def blocks(scene: CanvasScene) -> dict[str, list[QRectF]]:
    """Return all cards as rectangles, by colour: that of their family or, where layers are compared, of their share."""
    colours = theme.current()
    found: dict[str, list[QRectF]] = {}
    for node, item in scene.nodes.items():
        heat = item.card.heat
        colour = QColor(colours.family(item.card.family) if heat is None else block_colour(heat))
        if item.dimmed:
            colour.setAlpha(80)
        found.setdefault(colour.name(QColor.NameFormat.HexArgb), []).append(card_rect(scene.places[node]))
    return found


def _lines(route: Route) -> list[QLineF]:
    return [QLineF(*one, *other) for one, other in pairwise(route.corners)]
