"""How a value came about of others at its own place, or of a few that a formula joins: no window slides here."""

from typing import Literal, Self

import numpy as np

from engine.kernels.conv import Array
from engine.layers.explanation import Cell, Explanation, Precise, Source, read_only, scalar

__all__ = [
    "ActivationExplanation",
    "AddExplanation",
    "CopyExplanation",
    "LocalResponseExplanation",
    "LogSoftmaxExplanation",
    "MergeExplanation",
    "NormalizationExplanation",
    "PointExplanation",
    "ReLUExplanation",
    "ScaleExplanation",
    "SoftmaxExplanation",
]

Operation = Literal["sum", "difference", "product", "maximum", "minimum", "mean"]


class PointExplanation(Explanation, frozen=True, kw_only=True, eq=False):
    """What became of the one value at the same place: ``before`` and ``after``."""

    before: float
    index: tuple[int, ...]

    @property
    def after(self) -> float:
        """The value that goes on."""
        return self.total

    @property
    def numbers(self) -> Array:
        """The value before, as an array without axes."""
        return scalar(self.before)

    def _source(self, cell: Cell) -> Source:
        return Source(0, self.index)


class ActivationExplanation(PointExplanation, frozen=True, kw_only=True, eq=False):
    """A value before and after a function: its name, and the numbers that it is set to, a learned slope among them."""

    function: str
    settings: tuple[tuple[str, float], ...] = ()

    @property
    def magnitude(self) -> float:
        """The larger of the values before and after."""
        return max(abs(self.before), abs(self.total))


class ReLUExplanation(ActivationExplanation, frozen=True, kw_only=True, eq=False):
    """A value before and after the rectifier."""

    @property
    def clipped(self) -> bool:
        """Whether a negative value became zero."""
        return self.before < 0


class ScaleExplanation(PointExplanation, frozen=True, kw_only=True, eq=False):
    """A value times a ``factor``, plus an ``offset``."""

    factor: float
    offset: float

    @property
    def magnitude(self) -> float:
        """|value · factor| + |offset|."""
        return abs(self.before * self.factor) + abs(self.offset)


class NormalizationExplanation(Explanation, frozen=True, kw_only=True, eq=False):
    """A value brought to mean 0 and variance 1, then scaled and shifted: scale·(x − mean)/√(variance + ε) + shift.

    ``values`` are those that mean and variance are taken of, a block of the map that begins at the index ``origin``;
    the value itself is its ``cell``. Where mean and variance are known from training, the block is that value alone.
    """

    values: Array
    origin: tuple[int, ...]
    cell: Cell
    mean: float
    variance: float
    epsilon: float
    scale: float
    shift: float

    @classmethod
    def of(
        cls,
        values: Array,
        origin: tuple[int, ...],
        index: tuple[int, ...],
        *,
        known: tuple[float, float] | None = None,
        epsilon: float = 0.0,
        scale: float = 1.0,
        shift: float = 0.0,
    ) -> Self:
        """Normalise the value at an index by a ``known`` mean and variance, or by those, of N, of the block."""
        precise = values.astype(np.float64)
        mean, variance = known if known is not None else (float(precise.mean()), float(precise.var()))
        cell = tuple(at - first for at, first in zip(index, origin, strict=True))
        return cls(
            total=float(scale * (precise[cell] - mean) / np.sqrt(variance + epsilon) + shift),
            values=read_only(values),
            origin=origin,
            cell=cell,
            mean=mean,
            variance=variance,
            epsilon=epsilon,
            scale=scale,
            shift=shift,
        )

    @property
    def before(self) -> float:
        """The value that is normalised."""
        return float(self.values[self.cell])

    @property
    def deviation(self) -> float:
        """√(variance + ε)."""
        return float(np.sqrt(self.variance + self.epsilon))

    @property
    def normalised(self) -> float:
        """(x − mean)/√(variance + ε)."""
        return float(np.float64(self.before - self.mean) / self.deviation)

    @property
    def numbers(self) -> Array:
        """The values that mean and variance are taken of."""
        return self.values

    @property
    def magnitude(self) -> float:
        """What a difference from the mean is made of, divided and scaled: the root of the mean square counts, too."""
        parts = abs(self.before) + float(np.sqrt(self.mean**2 + self.variance))
        steep = abs(self.scale) / self.deviation * max(1.0, abs(self.normalised))
        return parts * steep + abs(self.shift)

    def _source(self, cell: Cell) -> Source:
        return Source(0, tuple(at + first for at, first in zip(cell, self.origin, strict=True)))


class LocalResponseExplanation(Explanation, frozen=True, kw_only=True, eq=False):
    """A value divided by the strength of neighbouring channels: x/(bias + α/size·Σx²)^β.

    ``neighbours (n,)`` are the values of the channels from ``first`` on, at the pixel ``position``; ``chosen`` is the
    value's own place among them, ``squares`` the sum of all squares, and ``base`` what is raised to ``beta``.
    """

    neighbours: Array
    first: int
    chosen: int
    position: tuple[int, ...]
    squares: float
    base: float
    beta: float

    @property
    def numbers(self) -> Array:
        """The neighbours."""
        return self.neighbours

    def _source(self, cell: Cell) -> Source:
        return Source(0, (self.first + cell[0], *self.position))


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


class LogSoftmaxExplanation(SoftmaxExplanation, frozen=True, kw_only=True, eq=False):
    """The logarithm of a probability: score − largest − log(sum of the powers)."""

    @property
    def magnitude(self) -> float:
        """|score| + |largest| + |log(sum)|."""
        return abs(float(self.scores[self.chosen])) + abs(self.largest) + abs(float(np.log(self.sum)))


class MergeExplanation(Explanation, frozen=True, kw_only=True, eq=False):
    """Branches joined value by value: one of the ``values (ports,)`` from each, and where it is on that branch."""

    operation: Operation
    values: Array
    places: tuple[tuple[int, ...], ...]

    @property
    def numbers(self) -> Array:
        """The values, by port."""
        return self.values

    @property
    def magnitude(self) -> float:
        """Σ |values| where they are added, subtracted or averaged; the result's size where they are not."""
        if self.operation in ("product", "maximum", "minimum"):
            return abs(self.total)
        return float(np.abs(self.values).sum(dtype=np.float64))

    def _source(self, cell: Cell) -> Source:
        return Source(cell[0], self.places[cell[0]])


class AddExplanation(MergeExplanation, frozen=True, kw_only=True, eq=False):
    """A sum of branches."""

    @property
    def addends(self) -> Array:
        """The values, by port."""
        return self.values


class CopyExplanation(Explanation, frozen=True, kw_only=True, eq=False):
    """A value that came through unchanged, perhaps to another place; an image's pixel and a border have no origin."""

    origin: Source | None

    @classmethod
    def of(cls, values: Array, place: tuple[int, ...], port: int = 0) -> Self:
        """Show the value at a place of the map that arrives at a port."""
        return cls(total=float(values[place]), origin=Source(port, place))

    @property
    def numbers(self) -> Array:
        """The value, as an array without axes."""
        return scalar(self.total)

    def _source(self, cell: Cell) -> Source | None:
        return self.origin


def only(x: Array, index: tuple[int, ...]) -> Array:
    """Return the value at an index as a block of one."""
    return x[tuple(slice(at, at + 1) for at in index)]
