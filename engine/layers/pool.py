"""Pooling: every map by itself gets smaller, the depth stays."""

from collections.abc import Mapping
from typing import Annotated, ClassVar

import numpy as np

from engine.derivation import Derivation
from engine.diagnostics import Code
from engine.kernels import pool
from engine.language import tr, tr_noop
from engine.layers.base import Array, Family, Inferred, Problem, Remedy, replacements, volume_problem
from engine.layers.explanation import LpExplanation, MaxExplanation, MeanExplanation, Patch, SumExplanation, read_only
from engine.layers.parameters import Padding, Pair, StepPair, describe
from engine.layers.region import Region
from engine.layers.window import Axis, Sliding, Windowed, extent_derivations, kernel_problem, sliding, window_brief
from engine.shape import Shape


class Pool2D(Windowed, frozen=True, kw_only=True):
    """What max, average, sum and Lp pooling share: a window, a stride, padding, and no weights."""

    family: ClassVar[Family] = "pool"
    prefix: ClassVar[str] = "pool"

    kernel: Annotated[
        Pair,
        describe(
            tr_noop("Window"), tr_noop("Height and width of the window that becomes one value."), symbol="F", unit="px"
        ),
    ] = (2, 2)
    stride: Annotated[
        StepPair,
        describe(
            tr_noop("Stride"),
            tr_noop("How far the window moves at each step; usually its own size."),
            symbol="S",
            unit="px",
        ),
    ] = (2, 2)
    padding: Annotated[
        Padding,
        describe(
            tr_noop("Padding"), tr_noop("A ring around the input; rarely used when pooling."), symbol="P", unit="px"
        ),
    ] = "valid"
    ceil_mode: Annotated[
        bool,
        describe(
            tr_noop("Round up"), tr_noop("Let a last window hang over the far side, instead of leaving pixels unused.")
        ),
    ] = False
    dilation: Annotated[
        StepPair,
        describe(
            tr_noop("Dilation"),
            tr_noop("Distance between the window's cells; 1 leaves no gaps."),
            symbol="D",
            unit="px",
        ),
    ] = (1, 1)

    def brief(self) -> str:
        """Return the window: ``2×2 /2``."""
        window = window_brief(self.kernel, self.stride, self.padding, self.dilation)
        return window + (" " + tr("ceil") if self.ceil_mode else "")

    def place(self, shape: Shape) -> Sliding:
        """Return where the windows go on a volume ``(C, H, W)``."""
        return sliding(shape, self.kernel, self.stride, self.padding, self.dilation, ceil=self.ceil_mode)

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
            Derivation("weights", tr("pooling has no weights"), "0", 0),
        )

    def seen(self, region: Region, inputs: tuple[Shape, ...]) -> tuple[tuple[Region, ...], ...]:
        """Return the windows' cells, on the same channels."""
        (shape,) = inputs
        return ((self.place(shape).seen(region, region.channels),),)

    def _patch(self, inputs: tuple[Array, ...], index: tuple[int, ...], fill: float = 0.0) -> Patch:
        """Return the window ``(kh, kw)`` behind the value ``(channel, y, x)``."""
        (volume,) = inputs
        channel, y, x = index
        return self.place(Shape(*volume.shape)).patch(volume[channel], channel, y, x, fill)

    def _padding_problems(self, place: Sliding) -> tuple[Problem, ...]:
        """Refuse padding that a whole window could vanish in: it would have nothing to pool."""
        missing = [axis for axis in place if not _touches(axis)]
        if not missing:
            return ()
        if all(axis.dilation > 1 for axis in missing):
            return (self._gap_problem(place, missing[0]),)
        top, bottom, left, right = place.pads
        y, x = self.kernel
        smaller = (min(top, y - 1), min(bottom, y - 1), min(left, x - 1), min(right, x - 1))
        rows = smaller[:2] if place.y in missing else (top, bottom)
        pads = (*rows, *(smaller[2:] if place.x in missing else (left, right)))
        message = tr(
            "The padding ({top} top, {bottom} bottom, {left} left, {right} right) must be smaller than the "
            "{width}×{height} window, or some windows hold nothing but padding.",
            top=top,
            bottom=bottom,
            left=left,
            right=right,
            width=x,
            height=y,
        )
        remedies = (
            Remedy(tr("Make the padding smaller than the window"), "replace", self.replace(padding=pads)),
            Remedy(tr("Use no padding"), "replace", self.replace(padding="valid")),
        )
        return (Problem(Code.PADDING_TOO_LARGE, message, parameter="padding", remedies=remedies),)

    def _gap_problem(self, place: Sliding, odd: Axis) -> Problem:
        message = tr(
            "The window's cells are {dilation} pixels apart, and the input is {width}×{height}: "
            "some windows lie over the padding and reach across the input without touching it.",
            dilation=odd.dilation,
            width=place.x.size,
            height=place.y.size,
        )
        remedies = replacements(
            (tr("Use no padding"), self.attempt(padding="valid")),
            (tr("Use no dilation"), self.attempt(dilation=(1, 1))),
        )
        return Problem(Code.PADDING_TOO_LARGE, message, parameter="dilation", remedies=remedies)


class MaxPool2D(Pool2D, frozen=True, kw_only=True):
    """The largest value of each window."""

    title: ClassVar[str] = "MaxPool2D"
    summary: ClassVar[str] = tr_noop("Keeps the largest value of each window, so small shifts hardly matter.")

    def forward(self, inputs: tuple[Array, ...], weights: Mapping[str, Array]) -> Array:
        """Pool ``(N, C, H, W)``."""
        (x,) = inputs
        place = self.place(Shape(*x.shape[1:]))
        return pool.max_pool(x, self.kernel, self.stride, place.pads, self.dilation, overhang=place.overhang)

    def explain(
        self, inputs: tuple[Array, ...], weights: Mapping[str, Array], index: tuple[int, ...]
    ) -> MaxExplanation:
        """Show the window and its largest value; padding, shown as −∞, never wins."""
        return MaxExplanation.of(self._patch(inputs, index, -np.inf))


class AvgPool2D(Pool2D, frozen=True, kw_only=True):
    """The mean of each window."""

    title: ClassVar[str] = "AvgPool2D"
    summary: ClassVar[str] = tr_noop("Takes the mean of each window.")

    count_padding: Annotated[
        bool,
        describe(tr_noop("Count padding"), tr_noop("Divide by the whole window, even where part of it is padding.")),
    ] = False

    def forward(self, inputs: tuple[Array, ...], weights: Mapping[str, Array]) -> Array:
        """Pool ``(N, C, H, W)``."""
        (x,) = inputs
        place = self.place(Shape(*x.shape[1:]))
        window = (self.kernel, self.stride, place.pads, self.dilation)
        return pool.average_pool(x, *window, count_padding=self.count_padding, overhang=place.overhang)

    def explain(
        self, inputs: tuple[Array, ...], weights: Mapping[str, Array], index: tuple[int, ...]
    ) -> MeanExplanation:
        """Show the window, its sum, and how many values it is divided by."""
        patch = self._patch(inputs, index)
        if self.count_padding:  # what hangs over the padding in ceil mode does not count
            y, x = self.place(Shape(*inputs[0].shape))
            count = int((patch.rows < y.size + y.after).sum() * (patch.columns < x.size + x.after).sum())
        else:
            count = int((~patch.padding).sum())
        return MeanExplanation.over(patch, count)


class SumPool2D(Pool2D, frozen=True, kw_only=True):
    """The sum of each window."""

    title: ClassVar[str] = "SumPool2D"
    summary: ClassVar[str] = tr_noop("Adds up the values of each window.")

    def forward(self, inputs: tuple[Array, ...], weights: Mapping[str, Array]) -> Array:
        """Pool ``(N, C, H, W)``."""
        (x,) = inputs
        place = self.place(Shape(*x.shape[1:]))
        return pool.sum_pool(x, self.kernel, self.stride, place.pads, self.dilation, overhang=place.overhang)

    def explain(
        self, inputs: tuple[Array, ...], weights: Mapping[str, Array], index: tuple[int, ...]
    ) -> SumExplanation:
        """Show the window and its sum."""
        patch = self._patch(inputs, index)
        return SumExplanation(total=float(patch.values.sum(dtype=np.float64)), patch=patch)


class LpPool2D(Pool2D, frozen=True, kw_only=True):
    """The Lp norm of each window: between the sum (p = 1) and the maximum (p large)."""

    title: ClassVar[str] = "LpPool2D"
    summary: ClassVar[str] = tr_noop(
        "Takes the Lp norm of each window: the sum of sizes for p = 1, near the largest for big p."
    )

    p: Annotated[int, describe(tr_noop("Norm"), tr_noop("The p of (Σ|x|ᵖ)^(1/p)."), symbol="p", ge=1, le=64)] = 2

    def brief(self) -> str:
        """Return window and norm."""
        return f"{super().brief()} p {self.p}"

    def forward(self, inputs: tuple[Array, ...], weights: Mapping[str, Array]) -> Array:
        """Pool ``(N, C, H, W)``."""
        (x,) = inputs
        place = self.place(Shape(*x.shape[1:]))
        return pool.lp_pool(x, self.kernel, self.stride, place.pads, self.dilation, p=self.p, overhang=place.overhang)

    def explain(self, inputs: tuple[Array, ...], weights: Mapping[str, Array], index: tuple[int, ...]) -> LpExplanation:
        """Show the window, its largest value by size, and the powers of what the others are of that."""
        patch = self._patch(inputs, index)
        sizes = np.abs(patch.values.astype(np.float64))
        largest = float(sizes.max())
        powers = (sizes / largest) ** self.p if largest else sizes
        return LpExplanation(
            total=largest * float(powers.sum()) ** (1 / self.p),
            patch=patch,
            p=self.p,
            largest=largest,
            powers=read_only(powers),
            sum=float(powers.sum()),
        )


def _touches(axis: Axis) -> bool:
    """Whether all windows have a cell on the map. Without dilation, those do whose padding is smaller than they are."""
    if axis.dilation == 1:
        return max(axis.before, axis.after) < axis.kernel
    if (axis.output - 1) * axis.stride - axis.before >= axis.size:
        return False
    last = max(0, axis.before - axis.output * axis.stride)
    starts = range(axis.before, last, -axis.stride)  # how far before the map windows begin; others have a cell at once
    cells = [-(-start // axis.dilation) for start in starts]  # their first one that is not before the map
    return all(
        cell < axis.kernel and cell * axis.dilation - start < axis.size
        for start, cell in zip(starts, cells, strict=True)
    )
