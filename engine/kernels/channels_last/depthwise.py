"""Depthwise convolution: every channel has a filter of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from engine.kernels.channels_last.gemm import Conv
from engine.kernels.channels_last.region import (
    FEW_CHANNELS,
    Array,
    Ask,
    Call,
    Cutter,
    Parameters,
    Region,
    copying,
    go_on,
    strided,
)
from engine.kernels.channels_last.ring import Ring

# np.einsum looks for a better order of its operands, which takes as long as a small layer; with two there is none.
_einsum = np._core.multiarray.c_einsum  # type: ignore[attr-defined]


_LOOP = 900  # values that make an inner loop long enough; in a longer one, the filters leave the nearest cache
_LONG = 256  # channels from which a pixel is long enough, where more of them would take a copy


@dataclass(frozen=True)
class Depthwise(Conv):
    """One filter per channel: a sum of products over views of the rows, pixels and channels in one long inner loop.

    It goes over as few pixels as make it long, and the filters are repeated as often. With a stride in x, pixels do not
    follow on each other: where channels are not so many, each column of the filters then has a copy of the pixels that
    it meets.
    """

    rows_apart = True

    @property
    def splits_channels(self) -> bool:  # type: ignore[override]
        """Whether a part of the channels can be computed alone: not without breaking the long loop."""
        return False

    @property
    def ring(self) -> Ring | None:
        """A ring, but for few channels, which are copied in any case, and for windows that fill the width.

        Numpy sums the rows of those up in one go where nothing lies between, and the last bits of a sum depend on that,
        which may not depend on how the input is stored.
        """
        between = self.dilation[0] * self.reach > self.dilation[1] * self.kernel[1]
        return super().ring if between and self.input[2] > FEW_CHANNELS else None

    def _padding(self, region: Region) -> int:
        """Return how many values the rows under a region's windows have, where they need padding or lie in planes."""
        few = self.input[2] <= FEW_CHANNELS
        return self.input_rows(region.rows) * self.reach * self.input[2] if few else super()._padding(region)

    def row_bytes(self) -> int:
        """Return the bytes of a row of input, of copied input and of output."""
        return 4 * self.output[1] * self.input[2] * (2 * self.stride[0] * self.stride[1] + 1)

    @property
    def _in_columns(self) -> bool:
        """Whether each column of the filters has a copy of its pixels."""
        return self.stride[1] > 1 and self.input[2] < _LONG

    @property
    def _pixels(self) -> int:
        """How many pixels one inner loop goes over, a part of a row without remainder."""
        width, channels = self.output[1], self.input[2]
        if self.stride[1] > 1:
            return width if self._in_columns else 1
        return next((few for few in range(1, width) if width % few == 0 and few * channels >= _LOOP), width)

    def scratch(self, region: Region) -> int:
        """Return room for padded rows, and for those of each column of the filters."""
        columns = self.kernel[1] * self.input_rows(region.rows) * self.output[1] * self.input[2]
        return self._padding(region) + (columns if self._in_columns else 0)

    @property
    def preparation(self) -> object:
        """How often the filters are repeated."""
        return Depthwise, self._pixels

    @property
    def prepared_values(self) -> int:
        """The filters, repeated."""
        return self.kernel[0] * self.kernel[1] * self._pixels * self.output[2]

    def prepare(self, weights: Mapping[str, Array], ask: Ask = go_on) -> dict[str, Array]:
        """Return the filters as ``(kh, kw, pixels·C)``."""
        filters = np.ascontiguousarray(weights["weight"][:, 0].transpose(1, 2, 0))
        return {"row": np.tile(filters, (1, 1, self._pixels))}

    def calls(
        self, inputs: Sequence[Array], output: Array, weights: Parameters, region: Region, scratch: Array
    ) -> list[Call]:
        """Return padding, the sum of products and the bias."""
        rows, width, channels, cut = region.rows, self.output[1], self.input[2], Cutter(scratch)
        (kh, kw), (sy, sx), (dy, dx) = self.kernel, self.stride, self.dilation
        padded, calls = self._padded(inputs[0], region, cut)
        down, right, one = padded.strides
        pixel, across = sx * right, dx * right
        if self._in_columns:
            columns = cut(len(padded), kw, width, channels)
            calls.append(copying(columns, strided(padded, columns.shape, (down, across, pixel, one))))
            padded, (down, across, pixel, one) = columns, columns.strides
        pixels = self._pixels
        loops, size = width // pixels, pixels * channels
        windows = strided(padded, (kh, kw, rows, loops, size), (dy * down, across, sy * down, pixels * pixel, one))
        target = region.of(output).reshape(rows, loops, size)
        calls.append(partial(_einsum, "ijrpn,ijn->rpn", windows, weights["row"], out=target))
        return calls + self.bias_call(output, weights, region)
