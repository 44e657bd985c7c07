"""A layer's output at a glance: its first maps side by side, or a vector as bars, in a small picture."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from designer.tiles import colormaps, strips
from designer.tiles.limits import Limits, find_limits
from designer.tiles.look import Look, Normalisation
from designer.tiles.strips import Array, Placement, fitted

ROWS, COLUMNS = 2, 4  # of small tiles; up to two maps get one large tile each
MOST = ROWS * COLUMNS
BAR, LARGEST = 0, 1  # colour indices of a vector's picture


@dataclass(frozen=True)
class Size:
    """The size of a picture: that of a small tile and of a gap, in device pixels."""

    tile: int
    gap: int

    @property
    def height(self) -> int:
        """Height of the whole picture."""
        return ROWS * self.tile + (ROWS - 1) * self.gap

    @property
    def width(self) -> int:
        """Width of the whole picture."""
        return COLUMNS * self.tile + (COLUMNS - 1) * self.gap


def is_vector(values: Array) -> bool:
    """Whether an output is drawn as bars: a vector, or maps of one pixel."""
    return values.ndim == 1 or values.shape[1:] == (1, 1)


def draw_maps(maps: Array, look: Look, size: Size, limits: Limits) -> NDArray[np.uint8]:
    """Return the first maps of a layer as colour indices.

    Parameters
    ----------
    maps
        ``(C, H, W)``.
    look
        How values become colours.
    size
        Of the picture.
    limits
        Those of all maps; they must be complete where a layer's maps share one scale.
    """
    maps = maps[:MOST]
    if limits.complete:
        low, high, finite = limits.low[:MOST], limits.high[:MOST], limits.finite[:MOST]
    else:
        low, high, finite = find_limits(maps)
    if look.normalisation is Normalisation.PER_LAYER:
        low, high = (np.array([limit]) for limit in limits.total)
    diverging = colormaps.get(look.colour_map).diverging
    return strips.draw(maps, low, high, _place(maps, size), diverging=diverging, finite=bool(finite.all()))


def draw_bars(values: Array, size: Size) -> NDArray[np.uint8]:
    """Return a vector as bars from its zero up and down, the largest value marked.

    A vector longer than the picture is wide shows, for each pixel, the value furthest from zero. Values that are not
    finite have no bar.
    """
    flat = values.reshape(-1).astype(np.float64)
    flat = np.where(np.isfinite(flat), flat, 0.0)
    picture = np.full((size.height, size.width), colormaps.GAP, dtype=np.uint8)
    if not len(flat):
        return picture
    if len(flat) > size.width:
        starts = np.arange(size.width) * len(flat) // size.width
        up, down = np.maximum.reduceat(flat, starts), np.minimum.reduceat(flat, starts)
        flat = np.where(up >= -down, up, down)
    pitch = size.width // len(flat)
    thick = max(1, pitch - (size.gap if pitch > size.gap + 1 else 0))
    low, high = min(0.0, flat.min()), max(0.0, flat.max())
    scale = (size.height - 1) / (high - low) if high > low else 0.0
    zero = np.rint(high * scale)
    ends = np.rint((high - flat) * scale)
    rows = np.arange(size.height)[:, None]
    filled = (rows >= np.minimum(ends, zero)) & (rows <= np.maximum(ends, zero))
    colours = np.where(np.arange(len(flat)) == flat.argmax(), LARGEST, BAR).astype(np.uint8)
    bars = picture[:, : pitch * len(flat)].reshape(size.height, len(flat), pitch)[:, :, :thick]
    bars[:] = np.where(filled, colours, np.uint8(colormaps.GAP))[:, :, None]
    return picture


def _place(maps: Array, size: Size) -> Placement:
    """Return where the maps go: up to two in large tiles, else in two rows of small ones."""
    count = len(maps)
    rows, tile = (1, size.height) if count <= ROWS else (ROWS, size.tile)
    columns = -(-count // rows)
    height, width = (min(tile, side) for side in fitted(maps.shape[1], maps.shape[2], tile))
    pitch = tile + size.gap
    tops = tuple(row * pitch + (tile - height) // 2 for row in range(rows))
    lefts = tuple(column * pitch + (tile - width) // 2 for column in range(columns))
    return Placement(size.height, size.width, height, width, tops, lefts)
