"""Convolutions and dense layers as matrix products: pointwise, over columns of patches, and of few channels."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Self

import numpy as np

from engine.kernels.channels_last.product import in_panels, panel_products, product
from engine.kernels.channels_last.region import (
    Array,
    Ask,
    Call,
    Cutter,
    Kernel,
    Pair,
    Parameters,
    Region,
    copying,
    go_on,
    padded_rows,
    per_channel,
    strided,
)
from engine.kernels.channels_last.ring import Ring

_SHORT = 64  # values in a row, up to which the way to it takes longer than its copy
_FEW_FILTERS = 8  # below this, weights are read faster as they are
DENSE_BLOCK_BYTES = 32 << 20  # of weights, so that a run can be cancelled in the middle of a large layer


@dataclass(frozen=True)
class Conv(Kernel):
    """What all convolutions share: the geometry, in rows and columns (y, x).

    ``input`` and ``output`` are ``(H, W, C)``; ``before`` is the padding above and to the left, and what lies beyond
    the map on the other sides is zero as far as windows reach. Where ``input`` has a ring of zeros wider than the
    padding, ``before`` is negative. ``panel`` is how many filters lie together in memory,
    and ``bound`` the size of the largest product, where products are cut small; 0 where they are not.
    """

    input: tuple[int, int, int]
    output: tuple[int, int, int]
    kernel: Pair = (1, 1)
    stride: Pair = (1, 1)
    before: Pair = (0, 0)
    dilation: Pair = (1, 1)
    groups: int = 1
    panel: int = 0
    bound: int = 0

    @property
    def splits_channels(self) -> bool:  # type: ignore[override]
        """Whether half of the filters can be computed alone: only whole panels."""
        return self.panel == 0 or self.output[2] // 2 % self.panel == 0

    @property
    def patch(self) -> int:
        """Number of values under one filter."""
        return self.kernel[0] * self.kernel[1] * self.input[2] // self.groups

    @property
    def reach(self) -> int:
        """Columns of the padded input that a row of windows covers."""
        return (self.output[1] - 1) * self.stride[1] + self.dilation[1] * (self.kernel[1] - 1) + 1

    def input_rows(self, rows: int) -> int:
        """Return how many input rows some rows of output cover."""
        return (rows - 1) * self.stride[0] + self.dilation[0] * (self.kernel[0] - 1) + 1

    def needs(self, region: Region, shape: tuple[int, ...]) -> Region:
        """Return the rows under the windows, all channels."""
        top = region.top * self.stride[0] - self.before[0]
        bottom = min(top + self.input_rows(region.rows), shape[0])
        return Region(min(max(top, 0), bottom), bottom, 0, shape[2])

    @property
    def ring(self) -> Ring | None:
        """The ring around its input that spares this convolution all padding; None where it can't read one."""
        (top, left), (height, width, _) = self.before, self.input
        below, right = self.input_rows(self.output[0]) - top - height, self.reach - left - width
        return Ring(max(top, 0), max(below, 0), max(left, 0), max(right, 0))

    def within(self, ring: Ring) -> Self:
        """Return the same convolution of a map that is stored with a ring."""
        top, left = self.before
        return replace(self, input=ring.around(self.input), before=(top - ring.top, left - ring.left))

    def _window(self, region: Region) -> tuple[int, int, int]:
        """Return the first row, the first column and the number of rows under a region's windows."""
        return region.top * self.stride[0] - self.before[0], -self.before[1], self.input_rows(region.rows)

    def _padding(self, region: Region) -> int:
        """Return how many values the rows under a region's windows have, where they need padding, else 0."""
        (top, left, rows), (height, width, depth) = self._window(region), self.input
        inside = top >= 0 and left >= 0 and top + rows <= height and left + self.reach <= width
        return 0 if inside else rows * self.reach * depth

    def _padded(self, x: Array, region: Region, cut: Cutter, *, planar: bool = False) -> tuple[Array, list[Call]]:
        """Return the rows ``(h, w, C)`` under a region's windows, and the calls that copy them if they need padding."""
        (top, left, rows), depth = self._window(region), x.shape[2]
        if not self._padding(region):
            return x[top : top + rows, left : left + self.reach], []
        padded = cut(depth, rows, self.reach).transpose(1, 2, 0) if planar else cut(rows, self.reach, depth)
        return padded, padded_rows(x, top, left, padded)

    def products(self, x: Array, panels: Array, target: Array, region: Region) -> list[Call]:
        """Return the calls for ``x (pixels, patch) @ panels`` into the filters of a region, ``target (pixels, K)``."""
        if not self.panel:
            return [product(x, panels[0, :, region.first : region.last], target)]
        return panel_products(x, panels[region.first // self.panel : region.last // self.panel], target, self.bound)

    def bias_call(self, output: Array, weights: Parameters, region: Region) -> list[Call]:
        """Return the call that adds the bias, where there is one, to a region of the output."""
        return [per_channel(np.add, output, weights, "bias", output, region)] if "bias" in weights else []


@dataclass(frozen=True)
class Pointwise(Conv):
    """A 1×1 convolution: one product ``(H·W, C) @ (C, K)``; with a stride, of the pixels that it keeps.

    ``in_place`` has panels read where the weights lie, which is a little slower and needs no memory.
    """

    in_place: bool = False

    @property
    def ring(self) -> None:
        """None: the pixels of a product have to lie in one piece."""

    def row_bytes(self) -> int:
        """Return the bytes of a row of input and output."""
        return 4 * self.output[1] * (self.input[2] + self.output[2])

    def scratch(self, region: Region) -> int:
        """Return room for the pixels that are kept; none where all are."""
        return region.rows * self.output[1] * self.input[2]

    @property
    def preparation(self) -> object:
        """The panel, and where it lies."""
        return Pointwise, self.panel, self.in_place

    @property
    def prepared_values(self) -> int:
        """The weights, where they are copied."""
        return 0 if self.in_place or not self.panel else self.patch * self.output[2]

    def prepare(self, weights: Mapping[str, Array], ask: Ask = go_on) -> dict[str, Array]:
        """Return the weights as panels ``(K/panel, C, panel)``; whole ones are read as fast where they are."""
        matrix = weights["weight"].reshape(self.output[2], -1).T
        panels = in_panels(matrix, self.panel or self.output[2])
        return {"matrix": panels if self.in_place or not self.panel else np.array(panels, order="C")}

    def calls(
        self, inputs: Sequence[Array], output: Array, weights: Parameters, region: Region, scratch: Array
    ) -> list[Call]:
        """Return the product, after a copy of the pixels where they do not lie in one piece, and the bias."""
        (sy, sx), width = self.stride, self.output[1]
        x = inputs[0][sy * region.top : sy * (region.bottom - 1) + 1 : sy, : sx * (width - 1) + 1 : sx]
        calls: list[Call] = []
        if not x.flags.c_contiguous:
            kept = Cutter(scratch)(*x.shape)
            calls.append(copying(kept, x))
            x = kept
        target = output[region.top : region.bottom].reshape(-1, self.output[2])[:, region.first : region.last]
        calls += self.products(x.reshape(-1, x.shape[2]), weights["matrix"], target, region)
        return calls + self.bias_call(output, weights, region)


@dataclass(frozen=True)
class Im2col(Conv):
    """Any convolution: the patches of a block of rows side by side as columns, then one product per group."""

    @property
    def splits_channels(self) -> bool:  # type: ignore[override]
        """Whether half of the filters can be computed alone: with groups, only whole ones."""
        return self.groups == 1 and super().splits_channels

    @property
    def preparation(self) -> object:
        """The number of groups and the panel."""
        return Im2col, self.groups, self.panel

    def row_bytes(self) -> int:
        """Return the bytes of a row of columns and of output."""
        return 4 * self.output[1] * (self.patch * self.groups + self.output[2])

    def scratch(self, region: Region) -> int:
        """Return room for the padded rows, for strips and for the columns."""
        high, depth = self.input_rows(region.rows), self.input[2]
        strips = self.output[1] * high * self.kernel[1] * depth if self._in_strips else 0
        return self._padding(region) + strips + region.rows * self.output[1] * self.patch * self.groups

    @property
    def _in_strips(self) -> bool:
        """Whether the patches' rows are so short that two copies, the second of longer pieces, take less time."""
        overlapping = self.groups == 1 and self.stride[0] == self.dilation[0] == 1 and self.kernel[0] > 1
        return overlapping and self.kernel[1] * self.input[2] <= _SHORT

    @property
    def prepared_values(self) -> int:
        """The weights as panels."""
        return self.patch * self.output[2]

    def prepare(self, weights: Mapping[str, Array], ask: Ask = go_on) -> dict[str, Array]:
        """Return the weights as ``(groups, patch, K/groups)``, a patch in the order of its memory: y, x, channel.

        A single group that is cut into panels has those in the place of groups.
        """
        kernels = weights["weight"].transpose(2, 3, 1, 0).reshape(self.patch, -1)
        parts = in_panels(kernels, self.panel or self.output[2] // self.groups)
        return {"matrix": np.array(parts, order="C")}

    def calls(
        self, inputs: Sequence[Array], output: Array, weights: Parameters, region: Region, scratch: Array
    ) -> list[Call]:
        """Return padding, columns, product and bias."""
        cut, rows, width = Cutter(scratch), region.rows, self.output[1]
        (kh, kw), (sy, sx), (dy, dx), groups = self.kernel, self.stride, self.dilation, self.groups
        depth = self.input[2] // groups
        padded, calls = self._padded(inputs[0], region, cut)
        ry, rx, rc = padded.strides
        if self._in_strips:  # below each place in x, all rows under the windows: patches are stretches of that
            strips = cut(width, self.input_rows(rows), kw, depth)
            calls.append(copying(strips, strided(padded, strips.shape, (sx * rx, ry, dx * rx, rc))))
            columns, (px, py) = cut(rows, width, self.patch), strips.strides[:2]
            patches = strided(strips, columns.shape, (py, px, strips.itemsize))
        else:
            columns = cut(groups, rows, width, kh, kw, depth)
            patches = strided(padded, columns.shape, (depth * rc, sy * ry, sx * rx, dy * ry, dx * rx, rc))
        calls.append(copying(columns, patches))
        matrix = weights["matrix"]
        if groups > 1:
            target = output[region.top : region.bottom].reshape(-1, groups, self.output[2] // groups)
            every = columns.reshape(groups, rows * width, self.patch)
            calls.append(partial(np.matmul, every, matrix, target.transpose(1, 0, 2)))
            return calls + self.bias_call(output, weights, region)
        target = output[region.top : region.bottom].reshape(-1, self.output[2])[:, region.first : region.last]
        calls += self.products(columns.reshape(rows * width, self.patch), matrix, target, region)
        return calls + self.bias_call(output, weights, region)


@dataclass(frozen=True)
class PlanarConv(Conv):
    """A convolution of few input channels, such as an image: columns channel by channel, whose rows are long.

    Channels last would copy three values at a time; here whole rows of pixels are copied, and the product is
    ``columnsᵀ (pixels, patch) @ weights (patch, K)``.
    """

    @property
    def ring(self) -> None:
        """None: the input is read plane by plane, where it is stored so."""

    def row_bytes(self) -> int:
        """Return the bytes of a row of columns and of output."""
        return 4 * self.output[1] * (self.patch + self.output[2])

    def scratch(self, region: Region) -> int:
        """Return room for the padded planes, for strips and for the columns."""
        high, depth = self.input_rows(region.rows), self.input[2]
        strips = depth * self.kernel[1] * high * self.output[1] if self._in_strips else 0
        return self._padding(region) + strips + region.rows * self.output[1] * self.patch

    @property
    def _in_strips(self) -> bool:
        """Whether rows are so short that two copies, the second of longer pieces, take less time."""
        return self.stride[0] == 1 and self.kernel[0] > 1 and self.output[1] <= _SHORT

    @property
    def preparation(self) -> object:
        """The panel."""
        return PlanarConv, self.panel

    @property
    def prepared_values(self) -> int:
        """The weights, where they are copied."""
        return 0 if self.output[2] < _FEW_FILTERS else self.patch * self.output[2]

    def prepare(self, weights: Mapping[str, Array], ask: Ask = go_on) -> dict[str, Array]:
        """Return the weights as panels ``(K/panel, patch, panel)``, a patch in the file's order: channel, y, x."""
        matrix = weights["weight"].reshape(self.output[2], -1).T
        panels = in_panels(matrix, self.panel or self.output[2])
        return {"matrix": panels if self.output[2] < _FEW_FILTERS else np.array(panels, order="C")}

    def calls(
        self, inputs: Sequence[Array], output: Array, weights: Parameters, region: Region, scratch: Array
    ) -> list[Call]:
        """Return padding, columns, product and bias."""
        cut, rows, width, channels = Cutter(scratch), region.rows, self.output[1], self.input[2]
        (kh, kw), (sy, sx), (dy, dx) = self.kernel, self.stride, self.dilation
        x, calls = self._padded(inputs[0], region, cut, planar=True)
        py, px, pc = x.strides
        if self._in_strips:  # for each column of the filters all rows of places, which begin one row on for each row
            strips = cut(channels, kw, self.input_rows(rows), width)
            calls.append(copying(strips, strided(x, strips.shape, (pc, dx * px, py, sx * px))))
            columns, (sc, sk, sr, one) = cut(channels, kh, kw, rows * width), strips.strides
            patches = strided(strips, columns.shape, (sc, dy * sr, sk, one))
        else:
            columns = cut(channels, kh, kw, rows, width)
            patches = strided(x, columns.shape, (pc, dy * py, dx * px, sy * py, sx * px))
        calls.append(copying(columns, patches))
        target = output[region.top : region.bottom].reshape(-1, self.output[2])[:, region.first : region.last]
        calls += self.products(columns.reshape(self.patch, -1).T, weights["matrix"], target, region)
        return calls + self.bias_call(output, weights, region)


@dataclass(frozen=True)
class Dense(Kernel):
    """``W·x + b`` on a vector ``(1, 1, N)``, the outputs split between the threads.

    The weights ``(out, in)`` are used as they are: a transposed copy would double the largest arrays of a network.
    """

    inputs: int
    outputs: int

    splits_channels = True

    def row_bytes(self) -> int:
        """Return the bytes of the weights, which are all that counts here."""
        return 4 * self.inputs * self.outputs

    def calls(
        self, inputs: Sequence[Array], output: Array, weights: Parameters, region: Region, scratch: Array
    ) -> list[Call]:
        """Return the product of some rows of the weights at a time, and the bias."""
        x, out, calls = inputs[0].reshape(-1), output.reshape(-1), list[Call]()
        rows = max(1, DENSE_BLOCK_BYTES // (4 * self.inputs))
        for first in range(region.first, region.last, rows):
            some = slice(first, min(first + rows, region.last))
            calls.append(product(weights["weight"][some], x, out[some]))
        if "bias" in weights:
            some = slice(region.first, region.last)
            calls.append(partial(np.add, out[some], weights["bias"][some], out[some]))
        return calls
