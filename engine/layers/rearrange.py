"""Layers that trade depth for size, or deal channels out anew."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, ClassVar, Literal

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
from engine.layers.moving import Rearranging
from engine.layers.parameters import describe
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
