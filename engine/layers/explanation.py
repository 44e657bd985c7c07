"""How one output value of a layer came about: the numbers that went in, and where each of them comes from.

The numbers shown are the maps' and weights' own float32; products and sums of them are float64, so that what is shown
adds up. All arrays are read-only.
"""

from typing import TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from engine.kernels.conv import Array

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
    """

    kernel: Array
    products: Precise
    partial_sums: Precise
    bias: float

    @property
    def magnitude(self) -> float:
        """Σ |products| + |bias|."""
        return float(np.abs(self.products).sum()) + abs(self.bias)


class MaxExplanation(WindowExplanation, frozen=True, kw_only=True, eq=False):
    """The largest value of a window; ``winner`` is its cell (dy, dx), the first one where several are equal."""

    winner: tuple[int, int]


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

    @property
    def magnitude(self) -> float:
        """Σ |values| / count."""
        return super().magnitude / self.count


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


class ReLUExplanation(Explanation, frozen=True, kw_only=True, eq=False):
    """A value before and after the rectifier."""

    before: float
    index: tuple[int, ...]

    @property
    def after(self) -> float:
        """The value that goes on."""
        return self.total

    @property
    def clipped(self) -> bool:
        """Whether a negative value became zero."""
        return self.before < 0

    @property
    def numbers(self) -> Array:
        """The value before, as an array without axes."""
        return scalar(self.before)

    def _source(self, cell: Cell) -> Source:
        return Source(0, self.index)


class SoftmaxExplanation(Explanation, frozen=True, kw_only=True, eq=False):
    """A probability: the class's exponential over the sum of all.

    ``scores (N,)`` are the inputs of all classes, ``powers (N,)`` are ``exp(score − largest)``. On a volume the
    classes are the channels of one pixel, ``position``.
    """

    scores: Array
    largest: float
    powers: Precise
    sum: float
    chosen: int
    position: tuple[int, ...]

    @property
    def numbers(self) -> Array:
        """The scores."""
        return self.scores

    def _source(self, cell: Cell) -> Source:
        return Source(0, (*cell, *self.position))


class AddExplanation(Explanation, frozen=True, kw_only=True, eq=False):
    """A sum of branches: one of the ``addends (ports,)`` from each, all at the same index."""

    addends: Array
    index: tuple[int, ...]

    @property
    def numbers(self) -> Array:
        """The addends, by port."""
        return self.addends

    @property
    def magnitude(self) -> float:
        """Σ |addends|."""
        return float(np.abs(self.addends).sum(dtype=np.float64))

    def _source(self, cell: Cell) -> Source:
        return Source(cell[0], self.index)


class CopyExplanation(Explanation, frozen=True, kw_only=True, eq=False):
    """A value that came through unchanged, perhaps to another place; an image's own pixel has no ``origin``."""

    origin: Source | None

    @property
    def numbers(self) -> Array:
        """The value, as an array without axes."""
        return scalar(self.total)

    def _source(self, cell: Cell) -> Source | None:
        return self.origin


def read_only(array: NDArray[_Scalar]) -> NDArray[_Scalar]:
    """Return a view that can't be written to."""
    view = array.view()
    view.flags.writeable = False
    return view


def scalar(value: float) -> Array:
    """Return one number as a read-only array ``()``."""
    return read_only(np.array(value, np.float32))
