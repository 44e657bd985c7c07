"""Pooling: shifted views combined, rows first, where the loops are long, then columns."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np

from engine.kernels.channels_last.region import (
    Array,
    Call,
    Cutter,
    Kernel,
    Pair,
    Parameters,
    Region,
    copying,
    padded_rows,
)
from engine.kernels.pool import cells_between

FEW_CHANNELS = 8  # up to here numpy's innermost loop over the channels is shorter than the way to it


@dataclass(frozen=True)
class Pool(Kernel):
    """The largest, the sum or the mean of each window of ``input (H, W, C)``."""

    input: tuple[int, int, int]
    output: tuple[int, int, int]
    kernel: Pair
    stride: Pair
    before: Pair = (0, 0)
    kind: Literal["max", "sum", "mean"] = "max"
    count_padding: bool = True  # a mean divides by the whole window, even where part of it is padding
    dilation: Pair = (1, 1)

    splits_channels = True
    leaves_gaps = True

    @property
    def shrinks(self) -> int:  # type: ignore[override]
        """The window's height, where windows lie side by side."""
        side_by_side = self.kernel[0] == self.stride[0] and self.before[0] == 0 and self.dilation[0] == 1
        return self.kernel[0] if side_by_side and self.output[0] * self.kernel[0] <= self.input[0] else 0

    @property
    def _reach(self) -> int:
        return (self.output[1] - 1) * self.stride[1] + self.dilation[1] * (self.kernel[1] - 1) + 1

    def _input_rows(self, rows: int) -> int:
        return (rows - 1) * self.stride[0] + self.dilation[0] * (self.kernel[0] - 1) + 1

    def needs(self, region: Region, shape: tuple[int, ...]) -> Region:
        """Return the rows under the windows, of the same channels."""
        top = region.top * self.stride[0] - self.before[0]
        bottom = min(top + self._input_rows(region.rows), shape[0])
        return Region(max(top, 0), bottom, region.first, region.last)

    def row_bytes(self) -> int:
        """Return the bytes of the rows read, of a row combined and of a row of output."""
        return 4 * self.input[2] * ((self.stride[0] + 1) * self.input[1] + self.output[1])

    def _inside(self, region: Region) -> bool:
        """Return whether all windows of a region lie on the map, so that no padding is needed."""
        top = region.top * self.stride[0] - self.before[0]
        below = top + self._input_rows(region.rows)
        right = self._reach - self.before[1]
        return top >= 0 and below <= self.input[0] and self.before[1] == 0 and right <= self.input[1]

    def scratch(self, region: Region) -> int:
        """Return room for the padded rows, where padding is needed, and for combined rows."""
        row = self._reach * region.channels
        padded = 0 if self._inside(region) else self._input_rows(region.rows) * row
        return padded + region.rows * row * (2 if region.channels <= FEW_CHANNELS else 1)

    def calls(
        self, inputs: Sequence[Array], output: Array, weights: Parameters, region: Region, scratch: Array
    ) -> list[Call]:
        """Return padding, the combination of rows, then of columns, and the division of a mean."""
        combine = np.maximum if self.kind == "max" else np.add
        cut, (kh, kw), (sy, sx), (dy, dx) = Cutter(scratch), self.kernel, self.stride, self.dilation
        rows, width, channels = region.rows, self.output[1], region.channels
        top = region.top * sy - self.before[0]
        some = inputs[0][:, :, region.first : region.last]
        calls: list[Call] = []
        if self._inside(region):
            x = some[top : top + self._input_rows(rows), : self._reach]
        else:
            x = cut(self._input_rows(rows), self._reach, channels)
            calls += padded_rows(some, top, -self.before[1], x, -np.inf if self.kind == "max" else 0.0)
        middle, target = cut(rows, self._reach, channels), region.of(output)
        calls += _combined(combine, [x[i : i + sy * (rows - 1) + 1 : sy] for i in range(0, dy * kh, dy)], middle)
        if channels <= FEW_CHANNELS and sx > 1:
            # At every column, in one long loop, also where no window begins and where it runs into the next row.
            every, size = cut(rows, self._reach, channels), middle.size - dx * (kw - 1) * channels
            shifted = [middle.reshape(-1)[j * channels : j * channels + size] for j in range(0, dx * kw, dx)]
            calls += _combined(combine, shifted, every.reshape(-1)[:size])
            calls.append(copying(target, every[:, : sx * (width - 1) + 1 : sx]))
        else:
            columns = [middle[:, j : j + sx * (width - 1) + 1 : sx] for j in range(0, dx * kw, dx)]
            calls += _combined(combine, columns, target)
        if self.kind == "mean":
            calls.append(partial(np.divide, target, self._counts(region), target))
        return calls

    def _counts(self, region: Region) -> Array | np.float32:
        """Return how many values each window's mean is over: a number, or ``(rows, W, 1)``."""
        if self.count_padding or self._inside(region):
            return np.float32(self.kernel[0] * self.kernel[1])
        (height, width, _), (kh, kw), (sy, sx), (dy, dx) = self.input, self.kernel, self.stride, self.dilation
        y = np.arange(region.top, region.bottom) * sy - self.before[0]
        x = np.arange(self.output[1]) * sx - self.before[1]
        tall, wide = cells_between(y, kh, dy, 0, height), cells_between(x, kw, dx, 0, width)
        counts: Array = np.outer(tall, wide).astype(np.float32)[:, :, None]
        return counts


@dataclass(frozen=True)
class GlobalAverage(Kernel):
    """The mean of each map: ``(H, W, C)`` becomes ``(1, 1, C)``."""

    input: tuple[int, int, int]

    splits_channels = True
    gathers = True

    def needs(self, region: Region, shape: tuple[int, ...]) -> Region:
        """Return all rows of the same channels."""
        return Region(0, shape[0], region.first, region.last)

    def row_bytes(self) -> int:
        """Return the bytes of the whole input."""
        return 4 * self.input[0] * self.input[1] * self.input[2]

    def calls(
        self, inputs: Sequence[Array], output: Array, weights: Parameters, region: Region, scratch: Array
    ) -> list[Call]:
        """Return a sum over all pixels and a division."""
        height, width, channels = self.input
        pixels = inputs[0].reshape(height * width, channels)[:, region.first : region.last]
        out = output.reshape(-1)[region.first : region.last]
        return [
            partial(np.add.reduce, pixels, axis=0, out=out),
            partial(np.divide, out, np.float32(height * width), out),
        ]


def _combined(function: np.ufunc, views: list[Array], out: Array) -> list[Call]:
    """Return the calls that combine several views into ``out``."""
    if len(views) == 1:
        return [copying(out, views[0])]
    calls: list[Call] = [partial(function, views[0], views[1], out=out)]
    return calls + [partial(function, out, view, out=out) for view in views[2:]]
