"""Layers that trade depth for size, enlarge maps by a rule, or deal channels out anew."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, ClassVar, Literal

import numpy as np

from engine.derivation import Derivation
from engine.diagnostics import Code
from engine.kernels import rearrange
from engine.language import tr, tr_noop
from engine.layers.base import (
    POINT,
    Array,
    Inferred,
    Problem,
    Window,
    divisors,
    kept,
    replacements,
    volume_problem,
)
from engine.layers.explanation import ConvExplanation, Explanation
from engine.layers.moving import Moving, Rearranging
from engine.layers.parameters import StepPair, describe
from engine.layers.region import Positions
from engine.layers.window import cut
from engine.shape import Shape

Block = Annotated[
    int,
    describe(tr_noop("Block"), tr_noop("Height and width of a block of pixels."), symbol="B", unit="px", ge=1, le=256),
]
Order = Annotated[
    Literal["DCR", "CRD"],
    describe(
        tr_noop("Order"),
        tr_noop("DCR: a block's places are far apart in the depth (TensorFlow); CRD: side by side (PyTorch)."),
    ),
]


class Upsample2D(Moving, frozen=True, kw_only=True):
    """Maps made larger by a rule, without weights."""

    title: ClassVar[str] = "Upsample2D"
    summary: ClassVar[str] = tr_noop("Makes maps larger without weights: pixels repeated, or interpolated in between.")
    prefix: ClassVar[str] = "up"

    factor: Annotated[
        StepPair, describe(tr_noop("Factor"), tr_noop("How many times higher and wider."), symbol="S")
    ] = (2, 2)
    mode: Annotated[
        Literal["nearest", "bilinear"],
        describe(
            tr_noop("Interpolation"), tr_noop("“nearest” repeats each pixel; “bilinear” blends the four nearest ones.")
        ),
    ] = "nearest"
    align_corners: Annotated[
        bool,
        describe(
            tr_noop("Align corners"),
            tr_noop("In bilinear mode: take pixels for points, and keep the corner ones in place."),
        ),
    ] = False

    def brief(self) -> str:
        """Return the factor and the mode."""
        down, across = self.factor
        return (f"×{down}" if down == across else f"×{across}×{down}") + f" {self.mode}"

    def infer(self, inputs: tuple[Shape, ...]) -> Inferred:
        """Return ``(C, H·S, W·S)``."""
        (shape,) = inputs
        if not shape.is_volume:
            return Inferred(
                None,
                problems=(volume_problem(self, shape, tr_noop("{layer} enlarges the height and width of a volume")),),
            )
        channels, height, width = shape
        down, across = self.factor
        stride = (Fraction(1, down), Fraction(1, across))
        extent, before = ((1, 1), (0, 0)) if self.mode == "nearest" else ((2, 2), (1, 1))
        if self.align_corners:
            before = (0, 0)
        return Inferred(Shape(channels, height * down, width * across), window=Window(extent, stride, before))

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

    def forward(self, inputs: tuple[Array, ...], weights: Mapping[str, Array]) -> Array:
        """Enlarge ``(N, C, H, W)``."""
        (x,) = inputs
        if self.mode == "nearest":
            return rearrange.upsample_nearest(x, self.factor)
        size = (x.shape[2] * self.factor[0], x.shape[3] * self.factor[1])
        return rearrange.resize_bilinear(x, size, align_corners=self.align_corners)

    def explain(self, inputs: tuple[Array, ...], weights: Mapping[str, Array], index: tuple[int, ...]) -> Explanation:
        """Show the pixel that is repeated, or the four that are blended, with their shares for a kernel."""
        if self.mode == "nearest":
            return super().explain(inputs, weights, index)
        (volume,) = inputs
        channel, y, x = index
        (rows, down), (columns, across) = self._blends(Shape(*volume.shape))
        patch = cut(volume[channel : channel + 1], channel, rows[y], columns[x])
        shares = np.outer((1 - down[y], down[y]), (1 - across[x], across[x])).astype(np.float32)
        return ConvExplanation.of(patch, shares[None], 0.0)

    def axes(self, shape: Shape) -> tuple[Positions, ...]:
        """Return the pixel that each one is from, or the two that it is between."""
        channels, height, width = shape
        if self.mode == "nearest":
            down, across = self.factor
            return np.arange(channels), np.arange(height * down) // down, np.arange(width * across) // across
        (rows, _), (columns, _) = self._blends(shape)
        return np.arange(channels), rows, columns

    def _blends(self, shape: Shape) -> list[tuple[Positions, Array]]:
        """Return, for rows and columns, the two pixels ``(n, 2)`` that each is between and the later one's share."""
        found = []
        for size, factor in zip(shape[1:], self.factor, strict=True):
            low, high, share = rearrange.between(size, size * factor, align_corners=self.align_corners)
            found.append((np.stack((low, high), axis=1), share))
        return found


class DepthToSpace(Rearranging, frozen=True, kw_only=True):
    """B² channels laid out as blocks of B×B pixels of one."""

    title: ClassVar[str] = "DepthToSpace"
    summary: ClassVar[str] = tr_noop(
        "Lays every B² channels out as B×B pixels: larger maps, fewer of them (pixel shuffle)."
    )
    prefix: ClassVar[str] = "d2s"

    block: Block = 2
    order: Order = "DCR"

    def brief(self) -> str:
        """Return the block's size."""
        return f"{self.block}×{self.block}"

    def infer(self, inputs: tuple[Shape, ...]) -> Inferred:
        """Return ``(C/B², H·B, W·B)``."""
        (shape,) = inputs
        if not shape.is_volume:
            return Inferred(
                None,
                problems=(
                    volume_problem(
                        self, shape, tr_noop("{layer} lays channels out over the height and width of a volume")
                    ),
                ),
            )
        channels, height, width = shape
        b = self.block
        if channels % b**2:
            message = tr(
                "The {channels} input channels can't be dealt out to blocks of {side}×{side} = {pixels} pixels.",
                channels=channels,
                side=b,
                pixels=b * b,
            )
            possible = max(d for d in range(1, b) if channels % d**2 == 0)
            remedies = replacements((tr("Use blocks of {side}×{side}", side=possible), self.attempt(block=possible)))
            return Inferred(None, problems=(Problem(Code.BLOCK_SIZE, message, parameter="block", remedies=remedies),))
        window = Window((1, 1), (Fraction(1, b), Fraction(1, b)), (0, 0))
        return Inferred(Shape(channels // b**2, height * b, width * b), window=window)

    def derive(self, inputs: tuple[Shape, ...]) -> tuple[Derivation, ...]:
        """Return products and quotient."""
        output = self.infer(inputs).output
        if output is None:
            return ()
        (channels, height, width), b = inputs[0], self.block
        return (
            Derivation("width", "W₂ = W₁·B", f"{width}·{b}", output[2]),
            Derivation("height", "H₂ = H₁·B", f"{height}·{b}", output[1]),
            Derivation("depth", "D₂ = D₁/B²", f"{channels}/({b}·{b})", output[0]),
        )

    def forward(self, inputs: tuple[Array, ...], weights: Mapping[str, Array]) -> Array:
        """Rearrange ``(N, C, H, W)``."""
        return rearrange.depth_to_space(inputs[0], self.block, self.order)


class SpaceToDepth(Rearranging, frozen=True, kw_only=True):
    """Blocks of B×B pixels stacked as B² channels."""

    title: ClassVar[str] = "SpaceToDepth"
    summary: ClassVar[str] = tr_noop(
        "Stacks blocks of B×B pixels as channels: smaller maps, more of them, nothing lost."
    )
    prefix: ClassVar[str] = "s2d"

    block: Block = 2
    order: Order = "DCR"

    def brief(self) -> str:
        """Return the block's size."""
        return f"{self.block}×{self.block}"

    def infer(self, inputs: tuple[Shape, ...]) -> Inferred:
        """Return ``(C·B², H/B, W/B)``."""
        (shape,) = inputs
        if not shape.is_volume:
            return Inferred(
                None,
                problems=(
                    volume_problem(
                        self, shape, tr_noop("{layer} gathers blocks from the height and width of a volume")
                    ),
                ),
            )
        channels, height, width = shape
        b = self.block
        if height % b or width % b:
            message = tr(
                "The {width}×{height} input can't be cut into blocks of {side}×{side} pixels without a rest.",
                width=width,
                height=height,
                side=b,
            )
            possible = divisors(height, lambda d: width % d == 0 and d < b)[-1]
            remedies = replacements((tr("Use blocks of {side}×{side}", side=possible), self.attempt(block=possible)))
            return Inferred(None, problems=(Problem(Code.BLOCK_SIZE, message, parameter="block", remedies=remedies),))
        window = Window((b, b), (b, b), (0, 0))
        return Inferred(Shape(channels * b**2, height // b, width // b), window=window)

    def derive(self, inputs: tuple[Shape, ...]) -> tuple[Derivation, ...]:
        """Return quotients and product."""
        output = self.infer(inputs).output
        if output is None:
            return ()
        (channels, height, width), b = inputs[0], self.block
        return (
            Derivation("width", "W₂ = W₁/B", f"{width}/{b}", output[2]),
            Derivation("height", "H₂ = H₁/B", f"{height}/{b}", output[1]),
            Derivation("depth", "D₂ = D₁·B²", f"{channels}·{b}·{b}", output[0]),
        )

    def forward(self, inputs: tuple[Array, ...], weights: Mapping[str, Array]) -> Array:
        """Rearrange ``(N, C, H, W)``."""
        return rearrange.space_to_depth(inputs[0], self.block, self.order)


class ChannelShuffle(Rearranging, frozen=True, kw_only=True):
    """Channels of several groups dealt out in turn, so that the next grouped convolution sees all of them."""

    title: ClassVar[str] = "ChannelShuffle"
    summary: ClassVar[str] = tr_noop(
        "Deals the channels of G groups out in turn, as ShuffleNet does between grouped layers."
    )
    prefix: ClassVar[str] = "shuffle"

    groups: Annotated[
        int, describe(tr_noop("Groups"), tr_noop("How many groups are mixed."), symbol="G", ge=1, le=65536)
    ] = 2

    def brief(self) -> str:
        """Return the number of groups."""
        return tr("{groups} groups", groups=self.groups)

    def infer(self, inputs: tuple[Shape, ...]) -> Inferred:
        """Return the input's shape; the channels must form equal groups."""
        (shape,) = inputs
        if shape.channels % self.groups == 0:
            return Inferred(shape, window=POINT)
        message = tr(
            "The {channels} input channels can't be split into {groups} equal groups.",
            channels=shape.channels,
            groups=self.groups,
        )
        possible = divisors(shape.channels, lambda d: d <= self.groups)[-1]
        remedies = replacements((tr("Use {groups} groups", groups=possible), self.attempt(groups=possible)))
        return Inferred(None, problems=(Problem(Code.GROUPS, message, parameter="groups", remedies=remedies),))

    def derive(self, inputs: tuple[Shape, ...]) -> tuple[Derivation, ...]:
        """Say that every value is kept."""
        return kept(self.infer(inputs).output)

    def forward(self, inputs: tuple[Array, ...], weights: Mapping[str, Array]) -> Array:
        """Rearrange ``(N, C, …)``."""
        return rearrange.channel_shuffle(inputs[0], self.groups)
