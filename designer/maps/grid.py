"""How the maps of one layer are set out in rows of tiles: sizes, gaps, and which tile is at a point."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import lru_cache
from math import ceil
from typing import NamedTuple

from designer.tiles.strips import Placement, fitted

TILE_SIZES = (12, 16, 20, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256)
DEFAULT_TILE = 64
LABELLED = 16  # elements of a vector that still have room for their number and value
LABEL_HEIGHT = 17
CELL_HEIGHT = 26
STRIP_HEIGHT = 64
COMPACT_TEXT = 26  # width of a cell that its value can still be read in
COMPACT_CELL, COMPACT_LABEL = 18, 12  # heights


class Rect(NamedTuple):
    """A rectangle in logical pixels."""

    x: int
    y: int
    width: int
    height: int

    def moved(self, dx: int, dy: int) -> "Rect":
        """Return this rectangle elsewhere."""
        return Rect(self.x + dx, self.y + dy, self.width, self.height)


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows of equal tiles; a strip is as many rows as are drawn at once."""

    count: int
    map_height: int  # in values
    map_width: int
    tile_height: int  # in logical pixels
    tile_width: int
    gap: int
    row_gap: int
    columns: int
    rows_per_strip: int = 1
    labelled: bool = False  # the number of each element below it

    @property
    def column_pitch(self) -> int:
        """From the left of one tile to the left of the next."""
        return self.tile_width + self.gap

    @property
    def row_pitch(self) -> int:
        """From the top of one row to the top of the next."""
        return self.tile_height + self.row_gap

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return -(-self.count // self.columns)

    @property
    def strips(self) -> int:
        """How many strips there are."""
        return -(-self.rows // self.rows_per_strip)

    @property
    def height(self) -> int:
        """Height of all rows; a label below the last one counts, a gap does not."""
        if not self.rows:
            return 0
        return self.rows * self.row_pitch - (0 if self.labelled else self.row_gap)

    def tile(self, tile: int) -> Rect:
        """Return where a tile is, from the grid's corner."""
        row, column = divmod(tile, self.columns)
        return Rect(column * self.column_pitch, row * self.row_pitch, self.tile_width, self.tile_height)

    def tiles_of(self, strip: int) -> range:
        """Return the tiles of a strip."""
        size = self.columns * self.rows_per_strip
        return range(strip * size, min((strip + 1) * size, self.count))

    def strip(self, strip: int) -> Rect:
        """Return where a strip is, from the grid's corner."""
        tiles = self.tiles_of(strip)
        rows = -(-len(tiles) // self.columns)
        columns = min(len(tiles), self.columns)
        return Rect(
            0,
            strip * self.rows_per_strip * self.row_pitch,
            columns * self.column_pitch - self.gap,
            rows * self.row_pitch - self.row_gap,
        )

    def strips_between(self, top: int, bottom: int) -> range:
        """Return the strips of which something is in ``top <= y < bottom``."""
        pitch = self.row_pitch * self.rows_per_strip
        return range(max(0, top // pitch), max(0, min(self.strips, -(-bottom // pitch))))

    def tile_at(self, x: int, y: int) -> int | None:
        """Return the tile at a point; None in a gap and outside."""
        column, across = divmod(x, self.column_pitch)
        row, down = divmod(y, self.row_pitch)
        tile = row * self.columns + column
        if not (0 <= column < self.columns and row >= 0 and tile < self.count):
            return None
        return tile if across < self.tile_width and down < self.tile_height else None

    def pixel_at(self, tile: int, x: int, y: int) -> tuple[int, int]:
        """Return ``(y, x)`` of the value that a tile shows at a point on it."""
        rect = self.tile(tile)
        return (
            (y - rect.y) * self.map_height // self.tile_height,
            (x - rect.x) * self.map_width // self.tile_width,
        )

    def placement(self, strip: int, ratio: float) -> Placement:
        """Return where the maps of a strip go at a device pixel ratio, which need not be whole."""
        columns = min(len(self.tiles_of(strip)), self.columns)
        return self._placement(-(-self.strip(strip).height // self.row_pitch), columns, ratio)

    @lru_cache(maxsize=256)  # noqa: B019 - grids are values, and few
    def _placement(self, rows: int, columns: int, ratio: float) -> Placement:
        # Tiles without a gap must not let a line of background through where a position is rounded up.
        size = round if self.gap else ceil
        map_height, map_width = size(self.tile_height * ratio), size(self.tile_width * ratio)
        tops = tuple(round(row * self.row_pitch * ratio) for row in range(rows))
        lefts = tuple(round(column * self.column_pitch * ratio) for column in range(columns))
        return Placement(tops[-1] + map_height, lefts[-1] + map_width, map_height, map_width, tops, lefts)


@lru_cache(maxsize=1024)  # an overview tries many sizes, and a hyper-parameter that is dragged comes by again
def make_grid(shape: tuple[int, ...], width: int, tile: int, *, compact: bool = False) -> Grid:
    """Return the grid for a layer of values.

    Parameters
    ----------
    shape
        ``(C, H, W)`` or ``(N,)``.
    width
        Of the room for it, in pixels.
    tile
        The side of the square that a map is drawn in.
    compact
        Whether a vector is to be a low block that is as wide as the room, instead of cells that grow with ``tile``.
    """
    count, height, across = shape if len(shape) == 3 else (shape[0], 1, 1)
    if height * across == 0:
        count = 0
    if height * across <= 1:
        return _compact_grid(count, width) if compact else _vector_grid(count, width, tile)
    tile_height, tile_width = fitted(height, across, min(tile, width))
    gap = 3 if tile >= 40 else 2 if tile >= 20 else 1
    columns = max(1, (width + gap) // (tile_width + gap))
    return Grid(count, height, across, tile_height, tile_width, gap, gap, columns)


def step_tile_size(tile: int, steps: int) -> int:
    """Return the tile size that many steps larger, or smaller for a negative number."""
    # A size between two steps goes to the next one in the direction of the change.
    at = bisect_right(TILE_SIZES, tile) - 1 if steps > 0 else bisect_left(TILE_SIZES, tile)
    return TILE_SIZES[min(max(at + steps, 0), len(TILE_SIZES) - 1)]


def _vector_grid(count: int, width: int, tile: int) -> Grid:
    zoom = tile / DEFAULT_TILE
    if count <= LABELLED:
        side = round(min(max(44 * zoom, 40), 88))
        columns = max(1, (width + 3) // (side + 3))
        return Grid(count, 1, 1, CELL_HEIGHT, side, 3, LABEL_HEIGHT, columns, labelled=True)
    base = next((side for most, side in ((256, 16), (1024, 12), (4096, 8), (16384, 5)) if count <= most), 4)
    side = round(min(max(base * zoom, 3), 32))
    gap = 1 if side >= 8 else 0
    columns = max(1, (width + gap) // (side + gap))
    rows = max(1, STRIP_HEIGHT // (side + gap))
    return Grid(count, 1, 1, side, side, gap, gap, columns, rows_per_strip=rows)


def _compact_grid(count: int, width: int) -> Grid:
    room = (width + 2) // max(1, count) - 2
    if count <= LABELLED and room >= COMPACT_TEXT:
        return Grid(count, 1, 1, COMPACT_CELL, min(room, 44), 2, COMPACT_LABEL, max(1, count), labelled=True)
    most = 32 if count <= 256 else 40 if count <= 1024 else 56  # height
    for side in range(16, 0, -1):
        gap = 1 if side >= 6 else 0
        rows = max(1, -(-count // max(1, (width + gap) // (side + gap))))
        if rows * (side + gap) <= most:
            break
    # Rows of one length that fill the width make a rectangle, not a paragraph.
    columns = max(1, -(-count // rows))
    across = max(side, min((width + gap) // columns - gap, 2 * side))
    return Grid(count, 1, 1, side, across, gap, gap, columns, rows_per_strip=max(1, STRIP_HEIGHT // (side + gap)))
