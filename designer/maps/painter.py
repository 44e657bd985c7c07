"""Paints the part of the mosaic that is in view, as much of it as one frame has time for."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRect
from PySide6.QtGui import QColor, QImage, QPainter, QRegion

from designer import theme
from designer.maps import marks
from designer.maps.content import Entry
from designer.maps.grid import LABELLED, Rect
from designer.maps.header import paint_header, paint_highlight
from designer.maps.layout import Hit, MosaicLayout
from designer.maps.ranking import Order, Ranking
from designer.maps.trace_marks import TraceMarks, paint_trace
from designer.tiles import colormaps, strips
from designer.tiles.limits import Limits
from designer.tiles.look import Look, Normalisation
from designer.tiles.strip_cache import Budget, StripCache


@dataclass(frozen=True)
class Scene:
    """All that a frame depends on."""

    entries: Sequence[Entry]
    layout: MosaicLayout
    look: Look
    scroll: int
    ratio: float
    current: int | None  # the selected layer
    hover: Hit | None
    trace: TraceMarks | None = None
    order: Order = Order.NUMBER


class MosaicPainter:
    """Paints one frame on a viewport.

    Parameters
    ----------
    painter
        On the viewport, in its coordinates.
    dirty
        What has to be painted.
    scene, cache, budget
        What to paint, where finished strips are kept, and how much may be rendered anew.

    Attributes
    ----------
    late
        The part of ``dirty`` that the budget did not reach; it shows empty tiles until a later frame.
    rendered
        How many strips were rendered anew.
    """

    def __init__(self, painter: QPainter, dirty: QRegion, scene: Scene, cache: StripCache, budget: Budget) -> None:
        self._painter = painter
        self._dirty = dirty
        self._scene = scene
        self._cache = cache
        self._budget = budget
        self._beside = scene.layout.column > 0
        self._diverging = colormaps.get(scene.look.colour_map).diverging
        self.late = QRegion()
        self.rendered = 0

    def paint(self) -> None:
        """Paint everything."""
        scene, layout = self._scene, self._scene.layout
        bounds = self._dirty.boundingRect()
        self._painter.fillRect(bounds, QColor(theme.current().surface))
        top, bottom = bounds.top() + scene.scroll, bounds.bottom() + 1 + scene.scroll
        layers = layout.layers_between(top, bottom)
        for layer in layers:
            if self._beside and layer == scene.current:
                paint_highlight(self._painter, self._on_screen(layout.row(layer)).adjusted(4, 0, -4, 0))
            for strip in layout.strips_between(layer, top, bottom):
                self._paint_strip(layer, strip)
        if scene.trace is not None:
            for layer in layers:
                entry = scene.entries[layer]
                seen, channels = layout.strips_between(layer, top, bottom), entry.channels(scene.order)
                paint_trace(self._painter, layout, layer, seen, scene.scroll, entry.layer, scene.trace, channels)
        if scene.hover is not None and scene.hover.tile is not None:
            marks.paint_hover(self._painter, layout, scene.hover, scene.scroll)
        for layer in layers:
            self._paint_header(layer)

    def _paint_header(self, layer: int) -> None:
        scene, layout = self._scene, self._scene.layout
        header = layout.header(layer, scene.scroll)
        rect = self._on_screen(header)
        if not self._dirty.intersects(rect):
            return
        entry, colours = scene.entries[layer], theme.current()
        if not self._know_limits(entry.limits):
            self.late += rect
        if not self._beside:
            if header.y != layout.tops[layer]:  # maps are scrolled below it
                self._painter.fillRect(rect, QColor(colours.surface))
                self._painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, QColor(colours.border))
            if layer == scene.current:
                paint_highlight(self._painter, rect.adjusted(4, 4, -4, -4))
        paint_header(self._painter, rect, entry.layer, entry.limits, beside=self._beside)

    def _on_screen(self, rect: Rect) -> QRect:
        return QRect(rect.x, rect.y - self._scene.scroll, rect.width, rect.height)

    def _table(self, layer: int) -> tuple[int, ...]:
        """Return the colours of a layer, whose gaps show what is behind its maps."""
        colours = theme.current()
        highlighted = self._beside and layer == self._scene.current
        return colormaps.table(self._scene.look.colour_map, colours.selection if highlighted else colours.surface)

    def _paint_strip(self, layer: int, strip: int) -> None:
        scene = self._scene
        rect = self._on_screen(scene.layout.strip(layer, strip))
        entry, grid = scene.entries[layer], scene.layout.grids[layer]
        # The marks of a strip may reach a little beyond its tiles.
        if not self._dirty.intersects(rect.adjusted(-2, -2, 2, max(2, grid.row_gap))):
            return
        image = self._strip(layer, strip)
        if image is None:
            self.late += rect
            marks.paint_empty(self._painter, scene.layout, layer, strip, scene.scroll)
            return
        self._painter.drawImage(QPointF(rect.topLeft()), image)
        if grid.labelled:
            marks.paint_labels(self._painter, scene.layout, layer, strip, scene.scroll, entry.layer.maps, image)
        elif entry.layer.is_vector:
            if grid.count <= LABELLED:
                marks.paint_largest(self._painter, scene.layout, layer, scene.scroll, entry.layer.maps)
        else:
            limits, channels = entry.limits, entry.channels(scene.order)
            dead, finite = (limits.low == 0) & (limits.high == 0), limits.finite
            if channels is not None:
                dead, finite = dead[channels], finite[channels]
            marks.paint_dead(self._painter, scene.layout, layer, strip, scene.scroll, dead & finite)
            marks.paint_faults(self._painter, scene.layout, layer, strip, scene.scroll, finite)

    def _strip(self, layer: int, strip: int) -> QImage | None:
        """Return the picture of a strip; None when this frame has no time left to render it."""
        scene = self._scene
        entry, grid = scene.entries[layer], scene.layout.grids[layer]
        # Everything that the picture depends on is in its key: nothing ever has to be declared out of date.
        key = (entry.serial, grid, strip, scene.look.normalisation, self._diverging, scene.ratio, scene.order)
        image = self._cache.get(key, self._table(layer))
        if image is not None:
            return image
        ranked = scene.order is Order.NUMBER or entry.layer.is_vector or self._know_limits(entry.ranking)
        if not ranked or not self._know_limits(entry.limits) or not self._budget.take():
            return None
        self.rendered += 1
        tiles = grid.tiles_of(strip)
        channels = entry.channels(scene.order)
        chosen = slice(tiles.start, tiles.stop) if channels is None else channels[tiles.start : tiles.stop]
        maps = entry.layer.maps[chosen]
        limits = entry.limits
        if scene.look.normalisation is Normalisation.PER_LAYER or entry.layer.is_vector:
            low, high = (np.array([limit]) for limit in limits.total)
        else:
            low, high = limits.low[chosen], limits.high[chosen]
        indices = strips.draw(
            maps,
            low,
            high,
            grid.placement(strip, scene.ratio),
            diverging=self._diverging,
            finite=limits.all_finite,
        )
        return self._cache.put(key, indices, self._table(layer), scene.ratio)

    def _know_limits(self, limits: Limits | Ranking) -> bool:
        while not limits.complete:
            if not self._budget.take():
                return False
            limits.advance()
        return True
