"""What all fast kernels share: parts of a map, the calls that compute them, and rows with padding around them."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

Array = NDArray[np.float32]
Call = Callable[[], object]
Ask = Callable[[], object]  # called every few milliseconds; raises where somebody wants no more
Pair = tuple[int, int]

# Numpy gathers operands in a buffer when their rows are shorter than it, which halves the speed. A small one is not
# worth that but for the shortest rows; a vector per channel is repeated until it is longer, yet stays in the cache.
BUFFER = 1024  # values, to be set with `np.setbufsize` where calls are made; 8192 otherwise
LONG_ROW = 2 * BUFFER
ONE_ROW = 8 * BUFFER  # values, up to which a map is one row


FEW_CHANNELS = 4  # up to here an image is stored plane by plane


def go_on() -> None:
    """Want more."""


class Region(NamedTuple):
    """A part of a map ``(H, W, C)``: rows from ``top`` to ``bottom``, channels from ``first`` to ``last``."""

    top: int
    bottom: int
    first: int
    last: int

    @property
    def rows(self) -> int:
        """Number of rows."""
        return self.bottom - self.top

    @property
    def channels(self) -> int:
        """Number of channels."""
        return self.last - self.first

    def of(self, values: Array) -> Array:
        """Return this part of a map ``(H, W, C)``."""
        return values[self.top : self.bottom, :, self.first : self.last]

    def rows_of(self, other: "Region") -> "Region":
        """Return the part in the rows of another; it may have none."""
        top = max(self.top, other.top)
        return self._replace(top=top, bottom=max(top, min(self.bottom, other.bottom)))

    def within(self, other: "Region") -> bool:
        """Return whether all of this part lies in another."""
        return (
            other.top <= self.top
            and self.bottom <= other.bottom
            and other.first <= self.first
            and self.last <= other.last
        )


class Kernel:
    """How one layer is computed on maps ``(H, W, C)``; vectors ``(N,)`` are maps ``(1, 1, N)``."""

    splits_channels = False  # can compute some channels of its output without the others
    row_step = 1  # regions begin at multiples of this row
    # A kernel whose rows need only as many rows of the input at the same place, times this, can run along with the
    # layer before it, block by block, while the values are in the cache; 0 where it can't.
    shrinks = 0
    rows_apart = False  # each row of its output has the same bits, however many others are computed with it
    gathers = False  # makes one value of each channel, and can run along with a layer before it that is cut by channels
    leaves_gaps = False  # can write rows that do not lie one right after the other

    def needs(self, region: Region, shape: tuple[int, ...]) -> Region:
        """Return what part of an input of ``shape (H, W, C)`` a part of the output is computed from."""
        height, _, channels = shape
        return region if self.shrinks == 1 else Region(0, height, 0, channels)

    def scratch(self, region: Region) -> int:
        """Return how many values of scratch the calls for a region need."""
        return 0

    def row_bytes(self) -> int:
        """Return the bytes that one row of output keeps busy: inputs, scratch and output."""
        raise NotImplementedError

    def positions(self, output: tuple[int, ...]) -> int:
        """Return how many times the weights are used on a whole output ``(H, W, C)``."""
        return output[0] * output[1]

    @property
    def preparation(self) -> object:
        """What the result of `prepare` depends on, beside the weights."""
        return type(self)

    @property
    def prepared_values(self) -> int:
        """How many values `prepare` makes."""
        return 0

    @property
    def unplanned_values(self) -> int:
        """About how many values a call makes on its own, beside its scratch."""
        return 0

    def prepare(self, weights: Mapping[str, Array], ask: Ask = go_on) -> dict[str, Array]:
        """Return new arrays, made once from a layer's weights, that `calls` wants beside them.

        What takes longer than a few milliseconds calls ``ask`` meanwhile.
        """
        return {}

    def calls(
        self, inputs: Sequence[Array], output: Array, weights: "Parameters", region: Region, scratch: Array
    ) -> list[Call]:
        """Return the calls that compute a region of the output, in order."""
        raise NotImplementedError


class Cutter:
    """Hands out consecutive pieces of one flat array."""

    def __init__(self, flat: Array) -> None:
        self._flat = flat
        self._used = 0

    def __call__(self, *shape: int) -> Array:
        """Return the next piece, in a shape."""
        size = int(np.prod(shape))
        piece = self._flat[self._used : self._used + size]
        self._used += size
        return piece.reshape(shape)


def strided(base: Array, shape: tuple[int, ...], strides: tuple[int, ...]) -> Array:
    """Return a writable view with strides in bytes; what it covers must lie in the memory of ``base``."""
    return as_strided(base, shape, strides)


def copying(target: Array, source: Array) -> Call:
    """Return the call that copies ``source`` into ``target``, of one shape.

    What lies in one piece in both is copied as one value of so many bytes: numpy goes from value to value in less time
    than from one row of values to the next. An assignment takes less time to begin than `np.copyto`.
    """
    run, axes = 1, target.ndim
    while axes and target.strides[axes - 1] == source.strides[axes - 1] == run * source.itemsize:
        axes -= 1
        run *= source.shape[axes]
    if run == 1 or not axes:
        return partial(target.__setitem__, ..., source)
    return partial(_in_runs(target, axes, run).__setitem__, ..., _in_runs(source, axes, run))


def _in_runs(x: Array, axes: int, run: int) -> NDArray[np.void]:
    """Return a view without the axes that lie in one piece, whose values are those pieces."""
    rows = strided(x, (*x.shape[:axes], run), (*x.strides[:axes], x.itemsize))
    pieces: NDArray[np.void] = rows.view(np.dtype((np.void, run * x.itemsize)))[..., 0]
    return pieces


def padded_rows(x: Array, top: int, left: int, out: Array, fill: float = 0.0, step: int = 1) -> list[Call]:
    """Return the calls that copy a window of a map into ``out (h, w, C)``, with ``fill`` where it leaves the map.

    ``top`` and ``left`` are the window's first row and column on the map ``x (H, W, C)``; they may be negative. Of the
    columns it takes one in ``step``.
    """
    height, width = out.shape[:2]
    value = np.float32(fill)
    y0, y1 = min(max(0, -top), height), max(0, min(height, x.shape[0] - top))
    x0, x1 = min(max(0, -(left // step)), width), max(0, min(width, -((left - x.shape[1]) // step)))
    if y0 >= y1 or x0 >= x1:
        return [partial(out.fill, value)]
    calls: list[Call] = []
    for outside in (out[:y0], out[y1:], out[y0:y1, :x0], out[y0:y1, x1:]):
        if outside.size:
            calls.append(partial(outside.fill, value))
    inside = x[top + y0 : top + y1, left + step * x0 : left + step * (x1 - 1) + 1 : step]
    calls.append(copying(out[y0:y1, x0:x1], inside))
    return calls


def flat(*maps: Array) -> tuple[Array, ...]:
    """Return maps as vectors where all lie in one piece, else as rows where all rows do: loops that numpy is spared."""
    if all(each.flags.c_contiguous for each in maps):
        return tuple(each.reshape(-1) for each in maps)
    if all(each[0].flags.c_contiguous for each in maps):
        return tuple(each.reshape(len(each), -1) for each in maps)
    return maps


def per_channel(function: np.ufunc, x: Array, parameters: "Parameters", name: str, out: Array, region: Region) -> Call:
    """Return the call that combines a region of ``x`` with a parameter ``(C,)`` into that region of ``out``."""
    source, target = region.of(x), region.of(out)
    rows = flat(source, target)
    if rows[0].ndim == source.ndim:
        return partial(function, source, parameters[name][region.first : region.last], target)
    row = parameters.row(name, region, rows[0].shape[-1] // region.channels)
    if rows[0].size == row.size:
        return partial(function, rows[0].reshape(-1), row, rows[1].reshape(-1))
    source, target = (each.reshape(*each.shape[:-1], -1, row.size) for each in rows)
    return partial(function, source, row, target)


class Parameters(dict[str, Array]):
    """A layer's weights by name, as they are and as its kernel has prepared them."""

    def __init__(self, weights: Mapping[str, Array], prepared: Mapping[str, Array]) -> None:
        super().__init__({**weights, **prepared})
        self._weights = dict(weights)
        self._rows: dict[tuple[str, int, int, int], Array] = {}

    def made_of(self, weights: Mapping[str, Array]) -> bool:
        """Return whether this is made of the very same arrays."""
        mine = self._weights
        return mine.keys() == weights.keys() and all(mine[name] is array for name, array in weights.items())

    def row(self, name: str, region: Region, pixels: int) -> Array:
        """Repeat a value per channel ``(C,)``, so that a stretch of a map meets one long row.

        Returns ``(g·C,)`` with the smallest ``g`` that divides ``pixels`` and makes the row long enough, else with all.
        """
        least = pixels if pixels * region.channels <= ONE_ROW else -(-LONG_ROW // region.channels)
        repeat = next((g for g in range(least, pixels // 2 + 1) if pixels % g == 0), pixels)
        key = (name, region.first, region.last, repeat)
        if key not in self._rows:
            self._rows[key] = np.tile(self[name][region.first : region.last], repeat)
        return self._rows[key]
