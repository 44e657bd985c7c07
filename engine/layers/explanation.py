"""How one output value of a layer came about: the numbers that went in, and where each of them comes from.

The numbers shown are the maps' and weights' own float32; products and sums of them are float64, so that what is shown
adds up. All arrays are read-only.
"""

from typing import Self, TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from engine.kernels.conv import Array

__all__ = [
    "Contribution",
    "ConvExplanation",
    "Explanation",
    "LinearExplanation",
    "LpExplanation",
    "MaxExplanation",
    "MeanExplanation",
    "Patch",
    "SeparableExplanation",
    "Source",
    "SumExplanation",
    "WindowExplanation",
]

Precise = NDArray[np.float64]
Mask = NDArray[np.bool_]
Cell = tuple[int, ...]  # the place of a number among those shown
_Scalar = TypeVar("_Scalar", bound=np.generic)


class Source(msgspec.Struct, frozen=True):
    """Where a number comes from: which input of the layer, and the index in the map that arrives there."""

    port: int
    index: tuple[int, ...]


class Explanation(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """The arithmetic behind one value; ``total`` is its result, computed in float64."""

    total: float

    @property
    def numbers(self) -> Array:
        """The numbers that came in, in the layout in which cells are named."""
        raise NotImplementedError

    @property
    def magnitude(self) -> float:
        """The sum of what was added up, without its signs: what rounding errors are measured by."""
        return abs(self.total)

    def source(self, cell: Cell) -> Source | None:
        """Return where the number at a cell of `numbers` comes from; None where it comes from no other layer.

        Raises
        ------
        IndexError
            Where there is no such cell.
        """
        shape = self.numbers.shape
        if len(cell) != len(shape) or not all(0 <= at < size for at, size in zip(cell, shape, strict=True)):
            raise IndexError(f"There is no cell {cell} among numbers of shape {shape}")
        return self._source(cell)

    def _source(self, cell: Cell) -> Source | None:
        raise NotImplementedError


class Patch(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """What lies under a window at one place.

    ``values`` are ``(…, kh, kw)``; ``padding (kh, kw)`` says which cells are no pixels of the map; ``rows (kh,)`` and
    ``columns (kw,)`` are the cells' positions on it, outside of it in the padding. ``channel`` is the first one seen.
    """

    values: Array
    padding: Mask
    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    channel: int

    def source(self, cell: Cell) -> Source | None:
        """Return where a cell's value comes from; None in the padding."""
        *depth, y, x = cell
        if self.padding[y, x]:
            return None
        return Source(0, (self.channel + sum(depth), int(self.rows[y]), int(self.columns[x])))


class WindowExplanation(Explanation, frozen=True, kw_only=True, eq=False):
    """What convolution and pooling share: the patch under the window, whose cells are the numbers."""

    patch: Patch

    @property
    def numbers(self) -> Array:
        """The patch's values, with what the layer pads with around the map."""
        return self.patch.values

    def _source(self, cell: Cell) -> Source | None:
        return self.patch.source(cell)


class ConvExplanation(WindowExplanation, frozen=True, kw_only=True, eq=False):
    """A convolution's value: patch times kernel, channel by channel, summed, and the bias added.

    ``patch.values``, ``kernel`` and ``products`` are ``(D, kh, kw)``, with D the input channels that the filter
    covers; ``partial_sums (D,)`` holds each channel's sum. Cells are ``(channel of the patch, dy, dx)``.

    A transposed convolution is shown the same way: the patch holds the pixels whose copies of the filter reach the
    value, in the map's order, and the kernel the cell by which each of them does (a turned and thinned-out filter);
    both are empty where none reaches. So is bilinear interpolation, with shares for a kernel.
    """

    kernel: Array
    products: Precise
    partial_sums: Precise
    bias: float

    @classmethod
    def of(cls, patch: Patch, kernel: Array, bias: float) -> Self:
        """Multiply a patch with a kernel, cell by cell, and add up."""
        products = np.multiply(patch.values, kernel, dtype=np.float64)
        partial_sums = products.sum(axis=(1, 2))
        return cls(
            total=float(partial_sums.sum()) + bias,
            patch=patch,
            kernel=read_only(kernel),
            products=read_only(products),
            partial_sums=read_only(partial_sums),
            bias=bias,
        )

    @property
    def magnitude(self) -> float:
        """Σ |products| + |bias|."""
        return float(np.abs(self.products).sum()) + abs(self.bias)


class MaxExplanation(WindowExplanation, frozen=True, kw_only=True, eq=False):
    """The largest value of a window; ``winner`` is its cell (dy, dx), the first one where several are equal."""

    winner: tuple[int, int]

    @classmethod
    def of(cls, patch: Patch) -> Self:
        """Find the largest value that is not padding: the first nan where there is one, as in the forward pass."""
        real = np.flatnonzero(~patch.padding)
        best = real[patch.values.flat[real].argmax()]
        y, x = divmod(int(best), patch.padding.shape[1])
        return cls(total=float(patch.values[y, x]), patch=patch, winner=(y, x))


class SumExplanation(WindowExplanation, frozen=True, kw_only=True, eq=False):
    """The sum of a window, in which padding counts as zero."""

    @property
    def magnitude(self) -> float:
        """Σ |values|."""
        return float(np.abs(self.patch.values).sum(dtype=np.float64))


class MeanExplanation(SumExplanation, frozen=True, kw_only=True, eq=False):
    """The mean of a window: ``sum`` divided by ``count``, which may leave the padding out."""

    sum: float
    count: int

    @classmethod
    def over(cls, patch: Patch, count: int) -> Self:
        """Add the patch up and divide by a count."""
        total = float(patch.values.sum(dtype=np.float64))
        return cls(total=total / count, patch=patch, sum=total, count=count)

    @property
    def magnitude(self) -> float:
        """Σ |values| / count."""
        return super().magnitude / self.count


class LpExplanation(WindowExplanation, frozen=True, kw_only=True, eq=False):
    """The Lp norm of a window, (Σ|x|ᵖ)^(1/p), in which padding counts as zero.

    ``powers (kh, kw)`` are (|x|/largest)ᵖ: they can't overflow. The total is ``largest`` times ``sum``^(1/p).
    """

    p: int
    largest: float
    powers: Precise
    sum: float


class SeparableExplanation(WindowExplanation, frozen=True, kw_only=True, eq=False):
    """A separable convolution's value: each channel by itself first, then all of them weighted and summed.

    ``patch.values`` are ``(D, kh, kw)``; with M filters for each channel ``depthwise`` are their kernels
    ``(D·M, kh, kw)``, ``middle (D·M,)`` the values that they make, ``pointwise (D·M,)`` the weights of these, and
    ``products (D·M,)`` what is summed. Filter m of channel c is number c·M + m.
    """

    depthwise: Array
    middle: Precise
    pointwise: Array
    products: Precise
    bias: float

    @property
    def magnitude(self) -> float:
        """Σ |value · kernel · weight| + |bias|."""
        each = np.repeat(np.abs(self.patch.values), len(self.depthwise) // len(self.patch.values), axis=0)
        sums = np.multiply(each, np.abs(self.depthwise), dtype=np.float64).sum(axis=(1, 2))
        return float((sums * np.abs(self.pointwise)).sum()) + abs(self.bias)


class Contribution(msgspec.Struct, frozen=True):
    """One term of a dense layer's sum: input number ``index``, its value, its weight, and their product."""

    index: int
    input: float
    weight: float
    product: float


class LinearExplanation(Explanation, frozen=True, kw_only=True, eq=False):
    """A fully connected neuron's value: inputs times weights, summed, and the bias added; arrays are ``(N,)``."""

    inputs: Array
    weights: Array
    products: Precise
    bias: float

    @property
    def numbers(self) -> Array:
        """The inputs."""
        return self.inputs

    @property
    def magnitude(self) -> float:
        """Σ |products| + |bias|."""
        return float(np.abs(self.products).sum()) + abs(self.bias)

    def largest(self, count: int) -> tuple[Contribution, ...]:
        """Return the terms that count most, by magnitude; products that are no numbers come first."""
        sizes = np.nan_to_num(np.abs(self.products), nan=np.inf)
        order = np.argsort(-sizes, kind="stable")[: max(0, count)]
        return tuple(
            Contribution(int(i), float(self.inputs[i]), float(self.weights[i]), float(self.products[i])) for i in order
        )

    def _source(self, cell: Cell) -> Source:
        return Source(0, cell)


def read_only(array: NDArray[_Scalar]) -> NDArray[_Scalar]:
    """Return a view that can't be written to."""
    view = array.view()
    view.flags.writeable = False
    return view


def scalar(value: float) -> Array:
    """Return one number as a read-only array ``()``."""
    return read_only(np.array(value, np.float32))
