"""What a traced value depends on, outlined over the maps."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from designer import theme
from designer.maps.grid import Grid, Rect
from designer.maps.layers import MapLayer
from designer.maps.layout import MosaicLayout
from engine import Box, Field

_CASING = "#10151c"
_CASED = 20  # side of a tile from which an outline has the dark line, too
_FAINT = 150  # opacity of 255
_TINY = 5.0  # a traced pixel smaller than this is shown as a square of this size


@dataclass(frozen=True, eq=False)
class TraceMarks:
    """A traced value and the fields on the maps that it depends on, its own included."""

    node: str
    index: tuple[int, ...]
    fields: Mapping[str, Field]

    def on_map(self, node: str, channel: int) -> tuple[Box | None, tuple[int, int] | None]:
        """Return what to outline on one map: the field, and the value itself."""
        if node == self.node:
            own = len(self.index) == 3 and self.index[0] == channel
            return None, (self.index[1], self.index[2]) if own else None
        field = self.fields.get(node)
        if field is None or not field.channels[0] <= channel < field.channels[1]:
            return None, None
        return field.inside, None


def paint_trace(
    painter: QPainter,
    layout: MosaicLayout,
    layer: int,
    strips: range,
    scroll: int,
    shown: MapLayer,
    trace: TraceMarks,
    channels: NDArray[np.intp] | None = None,
) -> None:
    """Outline the field, or the traced value, on those maps of a layer that are in some strips.

    ``channels`` tells which map stands at each place, where they are sorted.
    """
    field = trace.fields.get(shown.node)
    if field is None or field.inside is None:
        return
    grid, own = layout.grids[layer], shown.node == trace.node
    rects, wholes = _parts(layout, layer, strips, scroll, field, channels, together=not own)
    if own:
        for tile in (tile for strip in strips for tile in layout.grids[layer].tiles_of(strip)):
            if (tile if channels is None else channels[tile]) == trace.index[0]:
                paint_field(painter, _q(layout.tile(layer, tile).moved(0, -scroll)))
        for rect in rects:
            paint_traced(painter, rect)
        return
    cased = min(grid.tile_height, grid.tile_width) >= _CASED
    for outlined in wholes:
        _paint_frame(painter, outlined, cased=cased)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    faint = QColor(theme.TRACE)
    faint.setAlpha(_FAINT)  # on small tiles, outlines are most of what is seen
    for width, colour in ((3, QColor(_CASING)), (1, QColor(theme.TRACE))) if cased else ((1, faint),):
        painter.setPen(_pen(colour, width))
        painter.drawRects(rects)


def _parts(
    layout: MosaicLayout,
    layer: int,
    strips: range,
    scroll: int,
    field: Field,
    channels: NDArray[np.intp] | None,
    *,
    together: bool,
) -> tuple[list[QRectF], list[Rect]]:
    """Return what to outline: parts of maps, and where many maps are seen wholly, all of them together."""
    assert field.inside is not None
    grid, (first, last) = layout.grids[layer], field.channels
    whole = together and field.inside == Box(0, grid.map_height, 0, grid.map_width)
    # Equal tiles show equal parts: one is found, and moved to the others.
    part = _part(layout.tile(layer, 0).moved(0, -scroll), grid, field.inside)
    rects: list[QRectF] = []
    wholes: list[Rect] = []
    for strip in strips:
        tiles = grid.tiles_of(strip)
        seen = [tile for tile in tiles if first <= (tile if channels is None else channels[tile]) < last]
        # Where all of everything is seen, one outline around it says so; thousands of them would hide the maps.
        if whole and len(seen) == len(tiles) > 1:
            _add(wholes, layout.strip(layer, strip).moved(0, -scroll))
            continue
        for tile in seen:
            row, column = divmod(tile, grid.columns)
            rects.append(part.translated(column * grid.column_pitch, row * grid.row_pitch))
    return rects, wholes


def _add(wholes: list[Rect], strip: Rect) -> None:
    """Add a strip that is seen wholly to the one above it, where both are as wide."""
    above = wholes[-1] if wholes else None
    if above is not None and (above.x, above.width) == (strip.x, strip.width):
        wholes[-1] = above._replace(height=strip.y + strip.height - above.y)
    else:
        wholes.append(strip)


def _paint_frame(painter: QPainter, rect: Rect, *, cased: bool) -> None:
    """Outline many maps at once: a line of many pixels is filled in less time than it is drawn."""
    x, y, width, height = rect
    for inset, colour in ((1, _CASING), (0, theme.TRACE)) if cased else ((0, theme.TRACE),):
        thick, ink = 1 + 2 * inset, QColor(colour)
        left, top, across, down = x - inset, y - inset, width + thick, height + thick
        for line in (
            (left, top, across, thick),
            (left, top + down - thick, across, thick),
            (left, top, thick, down),
            (left + across - thick, top, thick, down),
        ):
            painter.fillRect(*line, ink)


def paint_field(painter: QPainter, rect: QRectF) -> None:
    """Outline a field on one map."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for width, colour in ((4, _CASING), (2, theme.TRACE)):
        painter.setPen(_pen(QColor(colour), width))
        painter.drawRect(rect)


def paint_traced(painter: QPainter, rect: QRectF) -> None:
    """Mark the traced value itself, so that it can be found however small it is."""
    if min(rect.width(), rect.height()) < _TINY:
        grown = QRectF(0, 0, _TINY, _TINY)
        grown.moveCenter(rect.center())
        painter.fillRect(grown.adjusted(-1, -1, 1, 1), QColor(_CASING))
        painter.fillRect(grown, QColor(theme.TRACE))
    else:
        paint_field(painter, rect)


def _part(tile: Rect, grid: Grid, box: Box) -> QRectF:
    """Return where a box of a map's pixels is on its tile."""
    across, down = tile.width / grid.map_width, tile.height / grid.map_height
    left, top = tile.x + box.left * across, tile.y + box.top * down
    return QRectF(left, top, (box.right - box.left) * across, (box.bottom - box.top) * down)


def _pen(colour: QColor, width: int) -> QPen:
    pen = QPen(colour, width)
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    return pen


def _q(rect: Rect) -> QRectF:
    return QRectF(rect.x, rect.y, rect.width, rect.height)
