"""Where everything in the mosaic is: pure arithmetic in logical pixels, without a window."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

from designer.maps.grid import Grid, Rect, make_grid

HEADER = 34
SIDE = 12  # left and right of the tiles
SPACE = 14  # below the tiles of a layer


class Hit(NamedTuple):
    """What is at a point: a layer's header (``tile`` is None) or one pixel of one of its maps."""

    layer: int
    tile: int | None = None
    row: int = 0
    column: int = 0


class Anchor(NamedTuple):
    """A place in the content that survives a new width, tile size or set of layers."""

    layer: int
    tile: int | None  # None: counted from the layer's top
    offset: int


class MosaicLayout:
    """Layers below one another: a header, then the tiles of the layer's maps row by row.

    Parameters
    ----------
    shapes
        ``(C, H, W)`` or ``(N,)`` of each layer.
    width
        Of the viewport.
    tile
        The side of the square that a map is drawn in.
    """

    def __init__(self, shapes: Sequence[tuple[int, ...]], width: int, tile: int) -> None:
        inner = max(1, width - 2 * SIDE)
        self.width = width
        self.grids: list[Grid] = [make_grid(shape, inner, tile) for shape in shapes]
        self.tops = list(accumulate((HEADER + grid.height + SPACE for grid in self.grids), initial=0))

    @property
    def height(self) -> int:
        """Height of the whole content."""
        return self.tops[-1]

    def header(self, layer: int) -> Rect:
        """Return where the header of a layer is."""
        return Rect(0, self.tops[layer], self.width, HEADER)

    def tile(self, layer: int, tile: int) -> Rect:
        """Return where a map is."""
        return self._place(layer, self.grids[layer].tile(tile))

    def strip(self, layer: int, strip: int) -> Rect:
        """Return where a strip of maps is."""
        return self._place(layer, self.grids[layer].strip(strip))

    def bottom(self, layer: int) -> int:
        """Return where the next layer starts."""
        return self.tops[layer + 1]

    def layer_at(self, y: int) -> int | None:
        """Return the layer at a height; None above the first and below the last."""
        found = bisect_right(self.tops, y) - 1
        return found if 0 <= found < len(self.grids) else None

    def layers_between(self, top: int, bottom: int) -> range:
        """Return the layers of which something is in ``top <= y < bottom``."""
        first = max(0, bisect_right(self.tops, top) - 1)
        last = first
        while last < len(self.grids) and self.tops[last] < bottom:
            last += 1
        return range(first, last)

    def strips_between(self, layer: int, top: int, bottom: int) -> range:
        """Return the strips of a layer of which something is in ``top <= y < bottom``."""
        start = self.tops[layer] + HEADER
        return self.grids[layer].strips_between(top - start, bottom - start)

    def pinned(self, scroll: int) -> tuple[int, int] | None:
        """Return the layer at the top of a view scrolled by ``scroll``, and where in the content its header stays.

        The header of a long layer stays in view until the next header pushes it out.
        """
        layer = self.layer_at(scroll)
        if layer is None:
            return None
        return layer, min(scroll, self.bottom(layer) - HEADER)

    def hit(self, x: int, y: int, scroll: int = 0) -> Hit | None:
        """Return what is at a point of the content, seen in a view scrolled by ``scroll``."""
        pinned = self.pinned(scroll)
        if pinned is not None and pinned[1] <= y < pinned[1] + HEADER:
            return Hit(pinned[0])
        layer = self.layer_at(y)
        if layer is None or not 0 <= x < self.width:
            return None
        inside = y - self.tops[layer] - HEADER
        if inside < 0:
            return Hit(layer)
        grid = self.grids[layer]
        tile = grid.tile_at(x - SIDE, inside)
        return None if tile is None else Hit(layer, tile, *grid.pixel_at(tile, x - SIDE, inside))

    def anchor(self, y: int) -> Anchor | None:
        """Return the place at a height of the content."""
        layer = self.layer_at(y)
        if layer is None:
            return None
        inside = y - self.tops[layer] - HEADER
        grid = self.grids[layer]
        row = min(inside // grid.row_pitch, grid.rows - 1)
        if inside < 0 or row < 0:
            return Anchor(layer, None, y - self.tops[layer])
        return Anchor(layer, row * grid.columns, inside - row * grid.row_pitch)

    def height_of(self, anchor: Anchor) -> int:
        """Return the height at which a place taken from another layout is in this one."""
        start = self.tops[anchor.layer]
        if anchor.tile is not None and anchor.tile < self.grids[anchor.layer].count:
            start = self.tile(anchor.layer, anchor.tile).y
        return min(start + anchor.offset, self.bottom(anchor.layer) - 1)

    def _place(self, layer: int, rect: Rect) -> Rect:
        return rect.moved(SIDE, self.tops[layer] + HEADER)
