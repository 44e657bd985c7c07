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
    """One filter per channel, as a sum of products over a view of the padded rows, without columns."""

    def needs(self, region: Region, shape: tuple[int, ...]) -> Region:
        """Return the rows under the windows, of the same channels."""
        return super().needs(region, shape)._replace(first=region.first, last=region.last)

    def row_bytes(self) -> int:
        """Return the bytes of a row of input, of padded input and of output."""
        return 4 * self.input[2] * (2 * self.stride[0] * self.input[1] + self.output[1])

    def scratch(self, region: Region) -> int:
        """Return room for the padded rows."""
        return self.input_rows(region.rows) * self.reach * region.channels

    @property
    def preparation(self) -> object:
        """The width, over which a row of filters is repeated."""
        return Depthwise, self.output[1]

    def prepare(self, weights: Mapping[str, Array]) -> dict[str, Array]:
        """Return the filters as ``(kh, kw, C)``, and ``(kh, kw, W·C)`` where rows of windows are contiguous."""
        filters = np.array(weights["weight"][:, 0].transpose(1, 2, 0), order="C")
        return {"filters": filters, "row": np.tile(filters, (1, 1, self.output[1]))}

    def calls(
        self, inputs: Sequence[Array], output: Array, weights: Parameters, region: Region, scratch: Array
    ) -> list[Call]:
        """Return padding, the sum of products and the bias."""
        rows, width, channels = region.rows, self.output[1], region.channels
        (kh, kw), (sy, sx), (dy, dx) = self.kernel, self.stride, self.dilation
        padded = Cutter(scratch)(self.input_rows(rows), self.reach, channels)
        top = region.top * sy - self.before[0]
        calls = padded_rows(inputs[0][:, :, region.first : region.last], top, -self.before[1], padded)
        py, px, pc = padded.strides
        target = region.of(output)
        if sx == 1 and target.flags.c_contiguous and channels == self.output[2]:
            # A row of windows starts at consecutive values: one long inner loop over pixels and channels together.
            windows = strided(padded, (kh, kw, rows, width * channels), (dy * py, dx * px, sy * py, pc))
            long_target = target.reshape(rows, -1)
            calls.append(partial(_einsum, "ijrn,ijn->rn", windows, weights["row"], out=long_target))
        else:
            filters = weights["filters"][:, :, region.first : region.last]
            shape = (kh, kw, rows, width, channels)
            windows = strided(padded, shape, (dy * py, dx * px, sy * py, sx * px, pc))
            calls.append(partial(_einsum, "ijrwc,ijc->rwc", windows, filters, out=target))
        return calls + self.bias_call(output, weights, region)
