"""Depthwise convolution: every channel has a filter of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from engine.kernels.channels_last.gemm import Conv
from engine.kernels.channels_last.region import Array, Call, Cutter, Parameters, Region, padded_rows, strided

# np.einsum looks for a better order of its operands, which takes as long as a small layer; with two there is none.
_einsum = np._core.multiarray.c_einsum  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Depthwise(Conv):
    """One filter per channel: a sum of products over views of the rows, pixels and channels in one long inner loop.

    Where windows overlap by their stride, the view is of the padded rows, without columns; with a stride in x, each
    column of the filters has rows of its own, of the pixels that it meets.
    """

    @property
    def splits_channels(self) -> bool:  # type: ignore[override]
        """Whether a part of the channels can be computed alone: not without breaking the long loop."""
        return False

    def row_bytes(self) -> int:
        """Return the bytes of a row of input, of padded input and of output."""
        return 4 * self.input[2] * (2 * self.stride[0] * self.input[1] + self.output[1])

    def scratch(self, region: Region) -> int:
        """Return room for the padded rows, or for those of each column of the filters."""
        wide = self.reach if self.stride[1] == 1 else self.kernel[1] * self.output[1]
        return self.input_rows(region.rows) * wide * self.input[2]

    @property
    def preparation(self) -> object:
        """The width, over which a row of filters is repeated."""
        return Depthwise, self.output[1]

    def prepare(self, weights: Mapping[str, Array]) -> dict[str, Array]:
        """Return the filters as ``(kh, kw, W·C)``, for a row of windows."""
        return {"row": np.tile(weights["weight"][:, 0].transpose(1, 2, 0), (1, 1, self.output[1]))}

    def calls(
        self, inputs: Sequence[Array], output: Array, weights: Parameters, region: Region, scratch: Array
    ) -> list[Call]:
        """Return padding, the sum of products and the bias."""
        rows, width, channels, high = region.rows, self.output[1], self.input[2], self.input_rows(region.rows)
        (kh, kw), (sy, sx), (dy, dx) = self.kernel, self.stride, self.dilation
        top, left, cut = region.top * sy - self.before[0], -self.before[1], Cutter(scratch)
        if sx == 1:
            padded = cut(high, self.reach, channels)
            calls = padded_rows(inputs[0], top, left, padded)
            down, across = padded.strides[0], dx * padded.strides[1]
        else:
            padded = cut(kw, high, width, channels)
            calls = [
                call
                for column, some in enumerate(padded)
                for call in padded_rows(inputs[0], top, left + column * dx, some, step=sx)
            ]
            down, across = padded.strides[1], padded.strides[0]
        windows = strided(padded, (kh, kw, rows, width * channels), (dy * down, across, sy * down, padded.itemsize))
        target = region.of(output).reshape(rows, -1)
        calls.append(partial(_einsum, "ijrn,ijn->rn", windows, weights["row"], out=target))
        return calls + self.bias_call(output, weights, region)
