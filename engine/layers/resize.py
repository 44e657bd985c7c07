"""Layers that make maps of another size by a rule, without weights."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, ClassVar, Literal

import numpy as np

from engine.derivation import Derivation
from engine.kernels import rearrange
from engine.language import tr, tr_noop
from engine.layers.base import Array, Inferred, Window, volume_problem
from engine.layers.explanation import ConvExplanation, Explanation
from engine.layers.moving import Moving
from engine.layers.parameters import Pair, StepPair, describe
from engine.layers.region import Positions
from engine.layers.window import cut
from engine.shape import Shape

Mode = Literal["nearest", "bilinear"]
Corners = Annotated[
    bool,
    describe(
        tr_noop("Align corners"),
        tr_noop("In bilinear mode: take pixels for points, and keep the corner ones in place."),
    ),
]


class Resizing(Moving, frozen=True, kw_only=True):
    """What layers share that find each pixel of a map of another size from one pixel, or from four."""

    prefix: ClassVar[str] = "up"

    def size(self, shape: Shape) -> tuple[int, int]:
        """Return the height and width that maps of a volume get."""
        raise NotImplementedError

    @property
    def places(self) -> tuple[Mode, bool]:
        """The mode, and whether corner pixels stay in place."""
        raise NotImplementedError

    def infer(self, inputs: tuple[Shape, ...]) -> Inferred:
        """Return ``(C, H₂, W₂)``."""
        (shape,) = inputs
        if not shape.is_volume:
            return Inferred(
                None,
                problems=(volume_problem(self, shape, tr_noop("{layer} changes the height and width of a volume")),),
            )
        channels, height, width = shape
        down, across = self.size(shape)
        mode, align_corners = self.places
        extent, before = ((1, 1), (0, 0)) if mode == "nearest" else ((2, 2), (1, 1))
        if align_corners:
            before = (0, 0)
        stride = (Fraction(height, down), Fraction(width, across))
        return Inferred(Shape(channels, down, across), window=Window(extent, stride, before))

    def forward(self, inputs: tuple[Array, ...], weights: Mapping[str, Array]) -> Array:
        """Resize ``(N, C, H, W)``."""
        (x,) = inputs
        mode, align_corners = self.places
        size = self.size(Shape(*x.shape[1:]))
        if mode == "nearest":
            return rearrange.resize_nearest(x, size)
        return rearrange.resize_bilinear(x, size, align_corners=align_corners)

    def explain(self, inputs: tuple[Array, ...], weights: Mapping[str, Array], index: tuple[int, ...]) -> Explanation:
        """Show the pixel that is taken, or the four that are blended, with their shares for a kernel."""
        if self.places[0] == "nearest":
            return super().explain(inputs, weights, index)
        (volume,) = inputs
        channel, y, x = index
        (rows, down), (columns, across) = self._blends(Shape(*volume.shape))
        patch = cut(volume[channel : channel + 1], channel, rows[y], columns[x])
        shares = np.outer((1 - down[y], down[y]), (1 - across[x], across[x])).astype(np.float32)
        return ConvExplanation.of(patch, shares[None], 0.0)

    def axes(self, shape: Shape) -> tuple[Positions, ...]:
        """Return the pixel that each one is from, or the two that it is between."""
        channels = np.arange(shape.channels)
        if self.places[0] == "nearest":
            rows, columns = (rearrange.nearest(*one) for one in zip(shape[1:], self.size(shape), strict=True))
            return channels, rows, columns
        (rows, _), (columns, _) = self._blends(shape)
        return channels, rows, columns

    def _blends(self, shape: Shape) -> list[tuple[Positions, Array]]:
        """Return, for rows and columns, the two pixels ``(n, 2)`` that each is between and the later one's share."""
        found = []
        for length, count in zip(shape[1:], self.size(shape), strict=True):
            low, high, share = rearrange.between(length, count, align_corners=self.places[1])
            found.append((np.stack((low, high), axis=1), share))
        return found


class Upsample2D(Resizing, frozen=True, kw_only=True):
    """Maps made larger by a rule, without weights."""

    title: ClassVar[str] = "Upsample2D"
    summary: ClassVar[str] = tr_noop("Makes maps larger without weights: pixels repeated, or interpolated in between.")

    factor: Annotated[
        StepPair, describe(tr_noop("Factor"), tr_noop("How many times higher and wider."), symbol="S")
    ] = (2, 2)
    mode: Annotated[
        Mode,
        describe(
            tr_noop("Interpolation"), tr_noop("“nearest” repeats each pixel; “bilinear” blends the four nearest ones.")
        ),
    ] = "nearest"
    align_corners: Corners = False

    def brief(self) -> str:
        """Return the factor and the mode."""
        down, across = self.factor
        return (f"×{down}" if down == across else f"×{across}×{down}") + f" {self.mode}"

    @property
    def places(self) -> tuple[Mode, bool]:
        """The mode, and whether corner pixels stay in place."""
        return self.mode, self.align_corners

    def size(self, shape: Shape) -> tuple[int, int]:
        """Return the height and width, times the factor."""
        return shape[1] * self.factor[0], shape[2] * self.factor[1]

    def derive(self, inputs: tuple[Shape, ...]) -> tuple[Derivation, ...]:
        """Return the products."""
        (shape,) = inputs
        if not shape.is_volume:
            return ()
        channels, height, width = shape
        down, across = self.factor
        return (
            Derivation("width", "W₂ = W₁·S", f"{width}·{across}", width * across),
            Derivation("height", "H₂ = H₁·S", f"{height}·{down}", height * down),
            Derivation("depth", "D₂ = D₁", f"{channels}", channels),
        )


class Resize2D(Resizing, frozen=True, kw_only=True):
    """Maps brought to a size, larger or smaller, without weights."""

    title: ClassVar[str] = "Resize2D"
    summary: ClassVar[str] = tr_noop("Brings maps to a size without weights, larger or smaller, whatever they have.")

    output: Annotated[Pair, describe(tr_noop("Output size"), tr_noop("Height and width of the output."), unit="px")] = (
        7,
        7,
    )
    mode: Annotated[
        Mode,
        describe(
            tr_noop("Interpolation"),
            tr_noop("“nearest” takes one pixel for each; “bilinear” blends the four nearest ones, also of many more."),
        ),
    ] = "bilinear"
    align_corners: Corners = False

    def brief(self) -> str:
        """Return the size and the mode: ``→ 7×7 bilinear``."""
        return f"→ {self.output[1]}×{self.output[0]} {self.mode}"

    @property
    def places(self) -> tuple[Mode, bool]:
        """The mode, and whether corner pixels stay in place."""
        return self.mode, self.align_corners

    def size(self, shape: Shape) -> tuple[int, int]:
        """Return the height and width that are asked for."""
        return self.output

    def derive(self, inputs: tuple[Shape, ...]) -> tuple[Derivation, ...]:
        """Say that the output's size is given."""
        (shape,) = inputs
        if not shape.is_volume:
            return ()
        down, across = self.output
        return (
            Derivation("width", tr("W₂ as asked for"), f"{across}", across),
            Derivation("height", tr("H₂ as asked for"), f"{down}", down),
            Derivation("depth", "D₂ = D₁", f"{shape.channels}", shape.channels),
        )
