"""Where everything in the mosaic is: pure arithmetic in logical pixels, without a window."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

from designer.maps.grid import DEFAULT_TILE, TILE_SIZES, Grid, Rect, make_grid

SIDE = 12  # left and right of everything
_FITTED = range(TILE_SIZES[0], DEFAULT_TILE + 1)  # the tile sizes of an overview


@dataclass(frozen=True)
class Arrangement:
    """Where a layer's header is, and how much room is around its maps; in logical pixels."""

    header: int  # its height, unless the layer's row is lower
    column: int  # its width where it is beside the maps; 0 where it is above them
    before: int  # from the top of a layer to its maps
    after: int  # from its maps to the next layer
    least: int  # height kept for the maps, in whose middle lower ones are


ABOVE = Arrangement(header=34, column=0, before=34, after=14, least=0)
BESIDE = Arrangement(header=50, column=132, before=3, after=3, least=30)


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
    """Layers below one another, each with its header and the tiles of its maps row by row.

    Parameters
    ----------
    shapes
        ``(C, H, W)`` or ``(N,)`` of each layer.
    width
        Of the viewport.
    tile
        The side of the square that a map is drawn in.
    arrangement
        Where the headers are.
    """

    def __init__(
        self, shapes: Sequence[tuple[int, ...]], width: int, tile: int, arrangement: Arrangement = ABOVE
    ) -> None:
        self.width = width
        self.arrangement = arrangement
        self.column = min(arrangement.column, width * 2 // 5)
        self.left = max(self.column, SIDE)  # of the tiles
        inner = max(1, width - self.left - SIDE)
        self.grids: list[Grid] = [make_grid(shape, inner, tile, compact=self.column > 0) for shape in shapes]
        around = arrangement.before + arrangement.after
        self.tops = list(accumulate((max(grid.height, arrangement.least) + around for grid in self.grids), initial=0))

    @property
    def height(self) -> int:
        """Height of the whole content."""
        return self.tops[-1]

    def row(self, layer: int) -> Rect:
        """Return where a layer is, from edge to edge."""
        return Rect(0, self.tops[layer], self.width, self.bottom(layer) - self.tops[layer])

    def header(self, layer: int, scroll: int = 0) -> Rect:
        """Return where in the content the header of a layer is, seen in a view scrolled by ``scroll``.

        The header of a long layer stays in view until the next layer pushes it out.
        """
        row = self.row(layer)
        height = min(self.arrangement.header, row.height)
        y = max(row.y, min(scroll, row.y + row.height - height))
        return Rect(0, y, self.column or self.width, height)

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
        start = self._maps(layer)
        return self.grids[layer].strips_between(top - start, bottom - start)

    def hit(self, x: int, y: int, scroll: int = 0) -> Hit | None:
        """Return what is at a point of the content, seen in a view scrolled by ``scroll``."""
        layer = self.layer_at(y)
        if layer is None or not 0 <= x < self.width:
            return None
        header = self.header(layer, scroll)
        # All of the column belongs to the header, however low its text is.
        if x < self.column or (not self.column and y < header.y + header.height):
            return Hit(layer)
        inside = y - self._maps(layer)
        grid = self.grids[layer]
        tile = grid.tile_at(x - self.left, inside)
        return None if tile is None else Hit(layer, tile, *grid.pixel_at(tile, x - self.left, inside))

    def anchor(self, y: int) -> Anchor | None:
        """Return the place at a height of the content."""
        layer = self.layer_at(y)
        if layer is None:
            return None
        inside = y - self._maps(layer)
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

    def _maps(self, layer: int) -> int:
        """Return where the maps of a layer start."""
        spare = max(0, self.arrangement.least - self.grids[layer].height)
        return self.tops[layer] + self.arrangement.before + spare // 2

    def _place(self, layer: int, rect: Rect) -> Rect:
        return rect.moved(self.left, self._maps(layer))


def fitting_tile(shapes: Sequence[tuple[int, ...]], width: int, height: int) -> int:
    """Return the largest tile size at which an overview of all layers is no higher than ``height``.

    Where not even the smallest tiles fit, it is the largest size that makes the overview no higher than they do.
    """

    def needed(tile: int) -> int:
        return MosaicLayout(shapes, width, tile, BESIDE).height

    # A layout is never lower for larger tiles, so that bisection finds the largest.
    return _FITTED[bisect_right(_FITTED, max(height, needed(_FITTED[0])), key=needed) - 1]
