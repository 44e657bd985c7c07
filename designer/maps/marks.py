"""What is painted over the maps: outlines, empty tiles, and the numbers of short vectors."""

from math import isfinite

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPen

from designer import theme
from designer.lettering import MIDDLE, paint_line, width
from designer.maps.grid import CELL_HEIGHT, Rect
from designer.maps.layout import Hit, MosaicLayout
from designer.tiles.numbers import cell_text, ink_on
from designer.tiles.strips import Array

_MARGIN = 3  # left and right of a number in its cell, together
_BOLD = QFont.Weight.DemiBold
_MIN_PIXEL = 5  # a smaller pixel is not outlined by itself


def paint_hover(painter: QPainter, layout: MosaicLayout, hover: Hit, scroll: int) -> None:
    """Outline the map under the pointer and, where pixels are large enough, the pixel."""
    assert hover.tile is not None
    tile = layout.tile(hover.layer, hover.tile).moved(0, -scroll)
    _outline(painter, tile, 2, theme.current().accent)
    grid = layout.grids[hover.layer]
    if grid.map_height == grid.map_width == 1:
        return
    top, bottom = _span(hover.row, grid.map_height, tile.height)
    left, right = _span(hover.column, grid.map_width, tile.width)
    if min(bottom - top, right - left) >= _MIN_PIXEL:
        pixel = Rect(tile.x + left, tile.y + top, right - left, bottom - top)
        # Black in white can be told from every colour of every map.
        _outline(painter, pixel, 1, "#000000")
        _outline(painter, Rect(pixel.x + 1, pixel.y + 1, pixel.width - 2, pixel.height - 2), 1, "#ffffff")


def paint_faults(
    painter: QPainter, layout: MosaicLayout, layer: int, strip: int, scroll: int, finite: NDArray[np.bool_]
) -> None:
    """Outline the maps that hold NaN or infinity, however few of their pixels show it."""
    for tile in layout.grids[layer].tiles_of(strip):
        if not finite[tile]:
            _outline(painter, layout.tile(layer, tile).moved(0, -scroll), 1, theme.current().error)


def paint_dead(
    painter: QPainter, layout: MosaicLayout, layer: int, strip: int, scroll: int, dead: NDArray[np.bool_]
) -> None:
    """Cross out the maps that are 0 everywhere: by their one colour they can't be told from a faint one."""
    colour = QColor(theme.current().warning)
    painter.setPen(QPen(colour, 1))
    for tile in layout.grids[layer].tiles_of(strip):
        if dead[tile]:
            x, y, width, height = layout.tile(layer, tile).moved(0, -scroll)
            painter.drawLine(x, y + height - 1, x + width - 1, y)


def paint_empty(painter: QPainter, layout: MosaicLayout, layer: int, strip: int, scroll: int) -> None:
    """Paint tiles whose maps have not been rendered yet."""
    grid = layout.grids[layer]
    colour = QColor(theme.current().raised)
    if grid.gap <= 1:
        painter.fillRect(_q(layout.strip(layer, strip).moved(0, -scroll)), colour)
        return
    for tile in grid.tiles_of(strip):
        painter.fillRect(_q(layout.tile(layer, tile).moved(0, -scroll)), colour)


def paint_labels(
    painter: QPainter, layout: MosaicLayout, layer: int, strip: int, scroll: int, maps: Array, image: QImage
) -> None:
    """Write each element's value on its cell and its number below; the largest one's number stands out."""
    colours = theme.current()
    grid = layout.grids[layer]
    values = maps[:, 0, 0]
    best = largest_element(values)
    points = 8.5 if grid.tile_height >= CELL_HEIGHT else 7.5
    texts = _cell_texts(values, grid.tile_width, points)
    ratio = image.devicePixelRatio()
    left = layout.strip(layer, strip).x
    for tile in grid.tiles_of(strip):
        cell = layout.tile(layer, tile).moved(0, -scroll)
        ground = image.pixelColor(round((cell.x - left) * ratio) + 1, 1)
        ink = ink_on(ground) if isfinite(values[tile]) else colours.error
        paint_line(painter, _q(cell), texts[tile], ink, points, across=MIDDLE)
        label = QRect(cell.x, cell.y + cell.height, cell.width, grid.row_gap)
        colour, weight = (colours.text, _BOLD) if tile == best else (colours.muted, QFont.Weight.Normal)
        paint_line(painter, label, str(tile), colour, points, weight, MIDDLE)


def paint_largest(painter: QPainter, layout: MosaicLayout, layer: int, scroll: int, maps: Array) -> None:
    """Outline the largest element of a vector whose cells are too small for numbers."""
    _outline(painter, layout.tile(layer, largest_element(maps[:, 0, 0])).moved(0, -scroll), 2, theme.current().text)


def largest_element(values: Array) -> int:
    """Return which of ``values`` ``(N,)`` is the largest; the first one where none is finite."""
    return int(np.argmax(np.where(np.isfinite(values), values, -np.inf)))


def _cell_texts(values: Array, room: int, points: float) -> list[str]:
    """Return the texts of all cells, with fewer decimals where they would not fit into a cell."""
    finite = values[np.isfinite(values)]
    largest = float(np.abs(finite).max()) if finite.size else 0.0
    texts: list[str] = []
    for fewer in range(3):
        texts = [cell_text(float(value), largest, fewer) for value in values]
        if max(width(text, points) for text in texts) <= room - _MARGIN:
            break
    return texts


def _outline(painter: QPainter, rect: Rect, width: int, colour: str) -> None:
    """Outline a tile outside its edge, and a pixel (``width`` 1) inside it."""
    pen = QPen(QColor(colour), width)
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    painter.setPen(pen)
    grown = 1.0 if width == 2 else -0.5
    painter.drawRect(QRectF(_q(rect)).adjusted(-grown, -grown, grown, grown))


def _span(index: int, count: int, length: int) -> tuple[int, int]:
    """Return which of ``length`` screen pixels show value ``index`` of ``count``."""
    return -(-index * length // count), -(-(index + 1) * length // count)


def _q(rect: Rect) -> QRect:
    return QRect(rect.x, rect.y, rect.width, rect.height)
