"""What can be seen on the canvas beside cards and wires, and whether it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QPainter, QPixmap, QTransform

from designer import theme
from designer.canvas.heat import Measure
from designer.canvas.heat_painter import LEGEND, legend
from designer.canvas.minimap import Minimap

if TYPE_CHECKING:
    from collections.abc import Mapping

    from designer.canvas.scene import CanvasScene
    from designer.canvas.view import CanvasView
    from designer.tiles.limits import Limits
    from designer.tiles.look import Look
    from designer.tiles.strips import Array

MARGIN = 12  # pixels, between the view's edges and what is painted in its corners


class Sights:
    """Shapes on wires, feature maps on cards, shares of the layers with their legend, and the minimap."""

    def __init__(self, view: CanvasView, scene: CanvasScene) -> None:
        self._view = view
        self._scene = scene
        self.minimap = Minimap(view, scene, MARGIN)
        self._pictured: tuple[object, QPixmap] | None = None  # the legend, and what it depends on
        self._painted: list[QRect] = []  # where there was something in the view's corners in the last frame

    def show_wire_labels(self, shown: bool) -> None:
        """Write shapes beside long wires, or do not."""
        self._scene.wire_labels.enabled = shown
        self._scene.wire_labels.invalidate()
        self._view.viewport().update()

    def show_minimap(self, shown: bool) -> None:
        """Show the whole network in a corner while the view holds only a part of it, or do not."""
        self.minimap.enabled = shown
        self._view.viewport().update()

    def compare(self, measure: Measure | None, _: bool = True) -> None:
        """Show every layer's share of a measure; None shows none."""
        self._scene.compare(measure)
        self._view.reserve(0 if measure is None else LEGEND.height() + MARGIN)

    def show_maps(self, shown: bool) -> None:
        """Show the first feature maps on the cards, or do not."""
        self._scene.thumbnails.enabled = shown
        self._scene.refresh()

    def set_maps(self, values: Mapping[str, Array], limits: Mapping[str, Limits] | None = None) -> None:
        """Take what layers have put out, by node, and what others find out about its limits."""
        if self._scene.thumbnails.set_values(values, limits or {}):
            self._scene.refresh()
        self._view.viewport().update()

    def set_look(self, look: Look) -> None:
        """Choose how the values of feature maps become colours."""
        self._scene.thumbnails.set_look(look)
        self._view.viewport().update()

    def set_seconds(self, seconds: Mapping[str, float]) -> None:
        """Take how long layers took in the last run."""
        self._scene.seconds = seconds
        if self._scene.heat.measure is Measure.TIME:
            self._scene.refresh()

    def paint(self, painter: QPainter, area: QRect) -> None:
        """Paint what stands in the corners of the view, where that is in a part of it that is painted."""
        self._painted = self._rects()
        if not any(rect.intersects(area) for rect in self._painted):
            return
        transform = painter.worldTransform()
        painter.setWorldTransform(QTransform())
        box = self._legend()
        if not box.isEmpty():
            painter.drawPixmap(box.topLeft(), self._legend_picture(painter.device().devicePixelRatio()))
        self.minimap.paint(painter)
        painter.setWorldTransform(transform)

    def scrolled(self, dx: int, dy: int) -> None:
        """Paint anew what stands still while the canvas below it moves."""
        for rect in self._painted:
            self._view.viewport().update(rect.translated(dx, dy))
        for rect in self._rects():
            self._view.viewport().update(rect)

    def _rects(self) -> list[QRect]:
        return [rect for rect in (self._legend(), self.minimap.rect()) if not rect.isEmpty()]

    def _legend_picture(self, ratio: float) -> QPixmap:
        asked = (self._scene.heat, theme.current(), ratio)
        if self._pictured is None or self._pictured[0] != asked:
            self._pictured = asked, legend(self._scene.heat, ratio)
        return self._pictured[1]

    def _legend(self) -> QRect:
        """Return where the legend is: in the lower left corner or, where the minimap leaves no room, above."""
        if self._scene.heat.measure is None or not self._scene.nodes:
            return QRect()
        view, box = self._view.viewport().rect(), QRect(QPoint(), LEGEND)
        box.moveBottomLeft(view.bottomLeft())
        box.translate(MARGIN, -MARGIN)
        if box.intersects(self.minimap.rect().adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN)):
            box.moveTop(MARGIN)
        return box
