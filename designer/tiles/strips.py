"""From numbers to pixels: maps resized, normalised and set side by side in one strip of colour indices."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from designer.tiles.colormaps import GAP, MIDDLE, TOP

Array = NDArray[np.floating[Any]]
MIN_SIDE = 6  # a thinner map can be neither seen nor pointed at
SNAP = 0.75  # an enlarged map may be this much smaller than its tile so that all its pixels are of one size


@dataclass(frozen=True)
class Placement:
    """Where the maps of one strip go, in device pixels."""

    height: int
    width: int
    map_height: int
    map_width: int
    tops: tuple[int, ...]
    lefts: tuple[int, ...]


def fitted(height: int, width: int, box: int) -> tuple[int, int]:
    """Return the size at which a map of ``height`` × ``width`` values is drawn in a square of ``box`` pixels."""
    longest = max(height, width)
    times = box // longest
    scale: float = times if times * longest >= SNAP * box else box / longest
    return max(MIN_SIDE, round(height * scale)), max(MIN_SIDE, round(width * scale))


def draw(
    maps: Array,
    low: NDArray[np.float64],
    high: NDArray[np.float64],
    place: Placement,
    *,
    diverging: bool = False,
    finite: bool = True,
) -> NDArray[np.uint8]:
    """Return one strip of colour indices.

    Parameters
    ----------
    maps
        ``(n, H, W)``, at most one per place, filled row by row.
    low, high
        ``(n,)`` or ``(1,)``: the values that get the first and the last colour.
    place
        Where each map goes.
    diverging
        Whether 0 gets the middle colour.
    finite
        Whether the maps are known to hold neither NaN nor infinity.

    Returns
    -------
    numpy.ndarray
        ``(place.height, place.width)``; what no map covers is ``GAP``.
    """
    if maps.shape[1:] == (1, 1):
        return _spread(to_indices(maps, low, high, diverging=diverging)[:, 0, 0], place)
    # Enlarged last, when a value is a byte: it has the same colour wherever it is shown.
    height, width = min(maps.shape[1], place.map_height), min(maps.shape[2], place.map_width)
    indices = to_indices(resize(maps, height, width, finite=finite), low, high, diverging=diverging, finite=finite)
    indices = _enlarged(indices, place.map_height, place.map_width)
    strip = np.full((place.height, place.width), GAP, dtype=np.uint8)
    for tile, pixels in enumerate(indices):
        row, column = divmod(tile, len(place.lefts))
        top, left = place.tops[row], place.lefts[column]
        strip[top : top + place.map_height, left : left + place.map_width] = pixels
    return strip


def to_indices(
    values: Array,
    low: NDArray[np.float64],
    high: NDArray[np.float64],
    *,
    diverging: bool = False,
    finite: bool = False,
) -> NDArray[np.uint8]:
    """Return the colour index of each value.

    ``low`` gets 0 and ``high`` gets ``TOP``; a diverging map instead spans as far below 0 as above it. Where
    ``low == high`` there is nothing to span: the first colour, or the middle one for a diverging map of zeros.
    Values that are not finite get ``GAP``.

    Parameters
    ----------
    values
        ``(n, H, W)``.
    low, high
        ``(n,)`` or ``(1,)``; ``inf`` and ``-inf`` for a map without a finite value.
    finite
        Whether all values are known to be finite.
    """
    if diverging:
        high = np.maximum(np.abs(low), np.abs(high))
        low = -high
    # In float64: the span of finite float32 values can overflow float32, and its inverse can too.
    span = high - low
    usable = np.isfinite(span) & (span > 0)
    scale = np.divide(TOP, span, where=usable, out=np.zeros_like(span))
    start = np.where(np.isfinite(low), low, 0.0)
    base = np.where(usable | (not diverging), 0.0, float(MIDDLE))
    with np.errstate(invalid="ignore"):
        at = values - start[:, None, None]
        at *= scale[:, None, None]
        at += base[:, None, None]
    np.rint(at, out=at)
    np.maximum(at, 0, out=at)
    np.minimum(at, TOP, out=at)
    if not finite:
        np.copyto(at, GAP, where=~np.isfinite(values))
    return at.astype(np.uint8)


def _enlarged(indices: NDArray[np.uint8], height: int, width: int) -> NDArray[np.uint8]:
    """Return maps of colour indices at a size that is nowhere smaller: each pixel shows the nearest one."""
    for axis, target in ((1, height), (2, width)):
        if target > indices.shape[axis]:
            indices = indices.take(nearest(indices.shape[axis], target), axis=axis)
    return indices


def resize(maps: Array, height: int, width: int, *, finite: bool = True) -> Array:
    """Return ``maps`` ``(n, H, W)`` at another size: the mean over each area, or the nearest value to enlarge.

    An area that holds a value which is not finite becomes NaN: a fault must not vanish by being looked at from
    afar.
    """
    if finite:
        return _resize(maps, height, width)
    faulty = ~np.isfinite(maps)
    small = _resize(np.where(faulty, np.float32(0), maps), height, width)
    return np.where(_resize(faulty.astype(np.float32), height, width) > 0, np.float32(np.nan), small)


def _resize(maps: Array, height: int, width: int) -> Array:
    # In the order of memory: the engine's maps lie pixel by pixel, and `take` copies all of an array that does not.
    pixel_by_pixel = maps.strides[0] < maps.strides[2]
    moved = np.ascontiguousarray(maps.transpose(1, 2, 0) if pixel_by_pixel else maps)
    for axis, target in ((0, height), (1, width)) if pixel_by_pixel else ((1, height), (2, width)):
        source = moved.shape[axis]
        if target < source:
            moved = _area_mean(moved, target, axis)
        elif target > source:
            moved = moved.take(nearest(source, target), axis=axis)
    return moved.transpose(2, 0, 1) if pixel_by_pixel else moved


def _area_mean(maps: Array, target: int, axis: int) -> Array:
    # One multiply-add per pixel of the widest area is several times faster than `add.reduceat` and, unlike a
    # matrix product, takes no second thread away from the forward pass.
    along = [1] * maps.ndim
    along[axis] = target
    total: Array | None = None
    for index, weight in _taps(maps.shape[axis], target):
        part = maps.take(index, axis=axis)
        part *= weight.reshape(along)
        if total is None:
            total = part
        else:
            total += part
    assert total is not None
    return total


@lru_cache(maxsize=64)
def _taps(source: int, target: int) -> Sequence[tuple[NDArray[np.intp], NDArray[np.float32]]]:
    """Return, for the k-th pixel under each of ``target`` areas, its index and its share of the area."""
    edges = np.arange(target + 1) * source / target
    first = np.floor(edges[:-1]).astype(np.intp)
    taps = []
    for k in range(int(np.ceil(source / target)) + 1):
        share = np.minimum(edges[1:], first + k + 1) - np.maximum(edges[:-1], first + k)
        weight = (np.maximum(share, 0) * target / source).astype(np.float32)
        if weight.any():
            taps.append((np.minimum(first + k, source - 1), weight))
    return taps


def nearest(source: int, target: int) -> NDArray[np.intp]:
    """Return which of ``source`` pixels each of ``target`` pixels shows."""
    return (np.arange(target) * source) // target


def _spread(cells: NDArray[np.uint8], place: Placement) -> NDArray[np.uint8]:
    """Return the strip of maps of one pixel: thousands of small rectangles without a loop over them."""
    rows, columns = len(place.tops), len(place.lefts)
    grid = np.full((rows + 1, columns + 1), GAP, dtype=np.uint8)
    padded = np.full(rows * columns, GAP, dtype=np.uint8)
    padded[: len(cells)] = cells
    grid[:rows, :columns] = padded.reshape(rows, columns)
    return grid.take(_cover(place.height, place.tops, place.map_height), axis=0).take(
        _cover(place.width, place.lefts, place.map_width), axis=1
    )


def _cover(length: int, starts: tuple[int, ...], size: int) -> NDArray[np.intp]:
    """Return which of the stretches at ``starts`` covers each of ``length`` pixels; -1 for none."""
    cover = np.full(length, -1, dtype=np.intp)
    for k, start in enumerate(starts):
        cover[start : start + size] = k
    return cover
