"""Selecting with a rubber band."""

from collections.abc import Iterable

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen

from designer import theme
from designer.canvas.dots import Dot
from designer.canvas.geometry import card_rect
from designer.canvas.gestures.base import At, Gesture
from designer.canvas.scene import CanvasScene


class BoxSelectGesture(Gesture):
    """All cards and dots that the band touches are selected; with Ctrl or Shift, in addition to those that were."""

    def __init__(self, scene: CanvasScene, pressed: QPointF, *, extend: bool) -> None:
        self._scene = scene
        self._selection = scene.document.selection
        self._before = self._selection.nodes
        self._dots = scene.dots.selected
        self._kept = self._before if extend else ()
        self._kept_dots = self._dots if extend else frozenset[Dot]()
        self._pressed = pressed
        self._band = QRectF()

    def click(self) -> None:
        """Select nothing, or leave the selection where it was to be extended."""
        self._select(self._kept, self._kept_dots)
        self._scene.select_edge(None)

    def start(self) -> None:
        """Let go of a selected wire."""
        self._scene.select_edge(None)

    def move(self, at: At) -> None:
        """Select what the band touches."""
        self._band = QRectF(self._pressed, at.scene).normalized()
        seen = self._scene.seen
        cards = (card for card, place in self._scene.places.items() if card_rect(place).intersects(self._band))
        touched = [node for card in cards for node in seen.nodes(card)]
        dots = [dot for dot, item in self._scene.dots.items.items() if self._band.contains(item.pos())]
        self._select(dict.fromkeys((*self._kept, *touched)), self._kept_dots.union(dots))

    def cancel(self) -> None:
        """Select what was selected before."""
        self._select([node for node in self._before if node in self._scene.document.graph], self._dots)

    def paint(self, painter: QPainter, zoom: float) -> None:
        """Paint the band."""
        accent = QColor(theme.current().accent)
        painter.setPen(QPen(accent, 0))
        accent.setAlpha(32)
        painter.setBrush(accent)
        painter.drawRect(self._band)

    def _select(self, nodes: Iterable[str], dots: Iterable[Dot]) -> None:
        self._selection.select(nodes)
        self._scene.dots.select(dots)
