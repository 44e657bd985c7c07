"""Pooling: every map by itself gets smaller, the depth stays."""

from collections.abc import Mapping
from typing import Annotated, ClassVar

import numpy as np

from engine.derivation import Derivation
from engine.diagnostics import Code
from engine.kernels import pool
from engine.layers.base import Array, Family, Inferred, Layer, Problem, Remedy, volume_problem
from engine.layers.explanation import MaxExplanation, MeanExplanation, Patch, SumExplanation
from engine.layers.parameters import Padding, Pair, StepPair, describe
from engine.layers.region import Region
from engine.layers.window import Sliding, extent_derivations, kernel_problem, sliding, window_brief
from engine.shape import Shape


class Pool2D(Layer, frozen=True, kw_only=True):
    """What max, average and sum pooling share: a window, a stride, padding, and no weights."""

    family: ClassVar[Family] = "pool"
    prefix: ClassVar[str] = "pool"

    kernel: Annotated[
        Pair,
        describe("Window", "Height and width of the window that becomes one value.", symbol="F", unit="px"),
    ] = (2, 2)
    stride: Annotated[
        StepPair,
        describe("Stride", "How far the window moves at each step; usually its own size.", symbol="S", unit="px"),
    ] = (2, 2)
    padding: Annotated[
        Padding,
        describe("Padding", "A ring around the input; rarely used when pooling.", symbol="P", unit="px"),
    ] = "valid"

    def brief(self) -> str:
        """Return the window: ``2×2 /2``."""
        return window_brief(self.kernel, self.stride, self.padding)

    def place(self, shape: Shape) -> Sliding:
        """Return where the windows go on a volume ``(C, H, W)``."""
        return sliding(shape, self.kernel, self.stride, self.padding)

    def infer(self, inputs: tuple[Shape, ...]) -> Inferred:
        """Return ``(D₁, H₂, W₂)`` with ``W₂ = ⌊(W₁ − F + 2P)/S⌋ + 1``; pooling has no weights."""
        (shape,) = inputs
        if not shape.is_volume:
            return Inferred(None, problems=(volume_problem(self, shape),))
        place = self.place(shape)
        if not place.fits:
            return Inferred(None, problems=(kernel_problem(self, place, "window"),))
        empty = self._padding_problems(place)
        if empty:
            return Inferred(None, problems=empty)
        return Inferred(Shape(shape.channels, place.y.output, place.x.output), window=place.window)

    def derive(self, inputs: tuple[Shape, ...]) -> tuple[Derivation, ...]:
        """Return the lecture's formula for the output; the depth stays, and there are no weights."""
        (shape,) = inputs
        if self.infer(inputs).output is None:
            return ()
        return (
            *extent_derivations(self.place(shape)),
            Derivation("depth", "D₂ = D₁", f"{shape.channels}", shape.channels),
            Derivation("weights", "pooling has no weights", "0", 0),
        )

    def seen(self, region: Region, inputs: tuple[Shape, ...]) -> tuple[Region, ...]:
        """Return the windows' cells, on the same channels."""
        (shape,) = inputs
        return (self.place(shape).seen(region, region.channels),)

    def _patch(self, inputs: tuple[Array, ...], index: tuple[int, ...], fill: float = 0.0) -> Patch:
        """Return the window ``(kh, kw)`` behind the value ``(channel, y, x)``."""
        (volume,) = inputs
        channel, y, x = index
        return self.place(Shape(*volume.shape)).patch(volume[channel], channel, y, x, fill)

    def _padding_problems(self, place: Sliding) -> tuple[Problem, ...]:
        """Refuse padding that a whole window could vanish in: it would have nothing to pool."""
        top, bottom, left, right = place.pads
        y, x = self.kernel
        if max(top, bottom) < y and max(left, right) < x:
            return ()
        pads = (min(top, y - 1), min(bottom, y - 1), min(left, x - 1), min(right, x - 1))
        message = (
            f"The padding ({top} top, {bottom} bottom, {left} left, {right} right) must be smaller than the "
            f"{x}×{y} window, or some windows hold nothing but padding."
        )
        remedies = (
            Remedy("Make the padding smaller than the window", "replace", self.replace(padding=pads)),
            Remedy("Use no padding", "replace", self.replace(padding="valid")),
        )
        return (Problem(Code.PADDING_TOO_LARGE, message, parameter="padding", remedies=remedies),)


class MaxPool2D(Pool2D, frozen=True, kw_only=True):
    """The largest value of each window."""

    title: ClassVar[str] = "MaxPool2D"
    summary: ClassVar[str] = "Keeps the largest value of each window, so small shifts hardly matter."

    def forward(self, inputs: tuple[Array, ...], weights: Mapping[str, Array]) -> Array:
        """Pool ``(N, C, H, W)``."""
        (x,) = inputs
        return pool.max_pool(x, self.kernel, self.stride, self.place(Shape(*x.shape[1:])).pads)

    def explain(
        self, inputs: tuple[Array, ...], weights: Mapping[str, Array], index: tuple[int, ...]
    ) -> MaxExplanation:
        """Show the window and its largest value; padding, shown as −∞, never wins."""
        patch = self._patch(inputs, index, -np.inf)
        real = np.flatnonzero(~patch.padding)
        best = real[patch.values.flat[real].argmax()]  # the first nan where there is one, as in forward
        y, x = divmod(int(best), self.kernel[1])
        return MaxExplanation(total=float(patch.values[y, x]), patch=patch, winner=(y, x))


class AvgPool2D(Pool2D, frozen=True, kw_only=True):
    """The mean of each window."""

    title: ClassVar[str] = "AvgPool2D"
    summary: ClassVar[str] = "Takes the mean of each window."

    count_padding: Annotated[
        bool, describe("Count padding", "Divide by the whole window, even where part of it is padding.")
    ] = False

    def forward(self, inputs: tuple[Array, ...], weights: Mapping[str, Array]) -> Array:
        """Pool ``(N, C, H, W)``."""
        (x,) = inputs
        pads = self.place(Shape(*x.shape[1:])).pads
        return pool.average_pool(x, self.kernel, self.stride, pads, count_padding=self.count_padding)

    def explain(
        self, inputs: tuple[Array, ...], weights: Mapping[str, Array], index: tuple[int, ...]
    ) -> MeanExplanation:
        """Show the window, its sum, and how many values it is divided by."""
        patch = self._patch(inputs, index)
        total = float(patch.values.sum(dtype=np.float64))
        count = patch.padding.size if self.count_padding else patch.padding.size - int(patch.padding.sum())
        return MeanExplanation(total=total / count, patch=patch, sum=total, count=count)


class SumPool2D(Pool2D, frozen=True, kw_only=True):
    """The sum of each window."""

    title: ClassVar[str] = "SumPool2D"
    summary: ClassVar[str] = "Adds up the values of each window."

    def forward(self, inputs: tuple[Array, ...], weights: Mapping[str, Array]) -> Array:
        """Pool ``(N, C, H, W)``."""
        (x,) = inputs
        return pool.sum_pool(x, self.kernel, self.stride, self.place(Shape(*x.shape[1:])).pads)

    def explain(
        self, inputs: tuple[Array, ...], weights: Mapping[str, Array], index: tuple[int, ...]
    ) -> SumExplanation:
        """Show the window and its sum."""
        patch = self._patch(inputs, index)
        return SumExplanation(total=float(patch.values.sum(dtype=np.float64)), patch=patch)
