"""Convolution."""

from collections.abc import Mapping
from math import gcd
from typing import Annotated, ClassVar

from engine.derivation import Derivation
from engine.diagnostics import Code
from engine.kernels.conv import conv2d
from engine.language import tr, tr_noop
from engine.layers.base import (
    Array,
    Family,
    Inferred,
    Problem,
    WeightSpec,
    divisors,
    replacements,
    volume_problem,
)
from engine.layers.explanation import ConvExplanation
from engine.layers.parameters import Padding, Pair, StepPair, describe
from engine.layers.region import Region, of_groups
from engine.layers.window import Sliding, Windowed, extent_derivations, kernel_problem, sliding, window_brief
from engine.shape import Shape

# The hyper-parameters that all convolutions have, in the order in which the lecture names them.
Filters = Annotated[
    int,
    describe(tr_noop("Filters"), tr_noop("How many filters; each makes one feature map."), symbol="K", ge=1, le=65536),
]
Kernel = Annotated[
    Pair, describe(tr_noop("Kernel size"), tr_noop("Height and width of each filter."), symbol="F", unit="px")
]
Stride = Annotated[
    StepPair,
    describe(
        tr_noop("Stride"),
        tr_noop("How far the filter moves at each step; above 1 it down-samples."),
        symbol="S",
        unit="px",
    ),
]
Border = Annotated[
    Padding,
    describe(
        tr_noop("Padding"),
        tr_noop(
            "A ring of zeros around the input. “valid” is none; “same” keeps the size (divided by the stride), with an "
            "odd pixel at the bottom and right; “same-lower” has it at the top and left."
        ),
        symbol="P",
        unit="px",
    ),
]
Dilation = Annotated[
    StepPair,
    describe(
        tr_noop("Dilation"), tr_noop("Distance between the kernel's cells; 1 leaves no gaps."), symbol="D", unit="px"
    ),
]
Groups = Annotated[
    int,
    describe(
        tr_noop("Groups"),
        tr_noop("Channels and filters are split into groups that do not see each other."),
        ge=1,
        le=65536,
    ),
]
Bias = Annotated[bool, describe(tr_noop("Bias"), tr_noop("Add one learned number to each feature map."))]


class Conv2D(Windowed, frozen=True, kw_only=True):
    """Filters that slide over the whole depth of a volume; each makes one feature map."""

    family: ClassVar[Family] = "conv"
    title: ClassVar[str] = "Conv2D"
    summary: ClassVar[str] = tr_noop("Slides K filters over the image: multiply, sum over the whole depth, add a bias.")
    prefix: ClassVar[str] = "conv"
    weighted: ClassVar[bool] = True

    filters: Filters = 8
    kernel: Kernel = (3, 3)
    stride: Stride = (1, 1)
    padding: Border = "valid"
    dilation: Dilation = (1, 1)
    groups: Groups = 1
    bias: Bias = True

    def brief(self) -> str:
        """Return filters and window: ``6 @ 5×5``."""
        window = window_brief(self.kernel, self.stride, self.padding, self.dilation)
        return f"{self.filters} @ {window}" + (
            " " + tr("groups {groups}", groups=self.groups) if self.groups > 1 else ""
        )

    def place(self, shape: Shape) -> Sliding:
        """Return where the filters go on a volume ``(C, H, W)``."""
        return sliding(shape, self.kernel, self.stride, self.padding, self.dilation)

    def infer(self, inputs: tuple[Shape, ...]) -> Inferred:
        """Return ``(K, H₂, W₂)`` with ``W₂ = ⌊(W₁ − F + 2P)/S⌋ + 1``, and F·F·D₁·K weights."""
        (shape,) = inputs
        if not shape.is_volume:
            return Inferred(None, problems=(volume_problem(self, shape),))
        place = self.place(shape)
        problems = self._group_problems(shape.channels)
        if not place.fits:
            problems = (*problems, kernel_problem(self, place, "kernel"))
        if problems:
            return Inferred(None, problems=problems)
        output = Shape(self.filters, place.y.output, place.x.output)
        depth = shape.channels // self.groups
        fan_in = self.kernel[0] * self.kernel[1] * depth
        fan_out = self.kernel[0] * self.kernel[1] * self.filters // self.groups
        weight = WeightSpec("weight", (self.filters, depth, *self.kernel), "weight", "he", fan_in, fan_out)
        bias = (WeightSpec("bias", (self.filters,), "bias", "zeros"),) if self.bias else ()
        connections = output.size * fan_in
        return Inferred(output, (weight, *bias), connections, connections, place.window)

    def derive(self, inputs: tuple[Shape, ...]) -> tuple[Derivation, ...]:
        """Return the lecture's formulas for the output, the weights and the connections."""
        (shape,) = inputs
        inferred = self.infer(inputs)
        if inferred.output is None:
            return ()
        place = self.place(shape)
        kernel_height, kernel_width = self.kernel
        depth, depth_value = ("D₁", f"{shape.channels}")
        if self.groups > 1:
            depth, depth_value = "(D₁/groups)", f"({shape.channels}/{self.groups})"
        area, area_value = f"F·F·{depth}", f"{kernel_width}·{kernel_height}·{depth_value}"
        k, w, h = inferred.output.channels, inferred.output[2], inferred.output[1]
        weights = inferred.weights[0].size
        return (
            *extent_derivations(place),
            Derivation("depth", "D₂ = K", f"{k}", k),
            Derivation("weights", f"{area}·K", f"{area_value}·{k}", weights),
            Derivation(
                "biases", "K" if self.bias else tr("no bias"), f"{k if self.bias else 0}", k if self.bias else 0
            ),
            Derivation("connections", f"W₂·H₂·D₂·({area})", f"{w}·{h}·{k}·({area_value})", inferred.connections),
            Derivation("macs", f"W₂·H₂·D₂·({area})", f"{w}·{h}·{k}·({area_value})", inferred.macs),
        )

    def forward(self, inputs: tuple[Array, ...], weights: Mapping[str, Array]) -> Array:
        """Convolve ``(N, C, H, W)`` with the weights ``(K, C/groups, kh, kw)`` and add the bias ``(K,)``."""
        (x,) = inputs
        return conv2d(
            x,
            weights["weight"],
            weights["bias"] if self.bias else None,
            stride=self.stride,
            pads=self.place(Shape(*x.shape[1:])).pads,
            dilation=self.dilation,
            groups=self.groups,
        )

    def explain(
        self, inputs: tuple[Array, ...], weights: Mapping[str, Array], index: tuple[int, ...]
    ) -> ConvExplanation:
        """Show patch, kernel, products and their sums for the value ``(k, y, x)``."""
        (volume,) = inputs
        k, y, x = index
        kernel = weights["weight"][k]
        first = k // (self.filters // self.groups) * len(kernel)
        patch = self.place(Shape(*volume.shape)).patch(volume[first : first + len(kernel)], first, y, x)
        return ConvExplanation.of(patch, kernel, float(weights["bias"][k]) if self.bias else 0.0)

    def seen(self, region: Region, inputs: tuple[Shape, ...]) -> tuple[tuple[Region, ...], ...]:
        """Return the cells under the filters, on the channels of their groups."""
        (shape,) = inputs
        channels = of_groups(region.channels, self.filters // self.groups, shape.channels // self.groups)
        return ((self.place(shape).seen(region, channels),),)

    def _group_problems(self, channels: int) -> tuple[Problem, ...]:
        if channels % self.groups == 0 and self.filters % self.groups == 0:
            return ()
        if self.filters % self.groups == 0:
            text = tr_noop("The {channels} input channels can't be split into {groups} equal groups.")
        elif channels % self.groups == 0:
            text = tr_noop("The {filters} filters can't be split into {groups} equal groups.")
        else:
            text = tr_noop(
                "The {channels} input channels and the {filters} filters can't be split into {groups} equal groups."
            )
        message = tr(text, channels=channels, filters=self.filters, groups=self.groups)
        filters = -(-self.filters // self.groups) * self.groups
        possible = divisors(gcd(channels, self.filters), lambda d: d <= self.groups)
        remedies = replacements(
            (
                tr("Use {filters} filters", filters=filters),
                self.attempt(filters=filters) if channels % self.groups == 0 else None,
            ),
            (tr("Use groups {groups}", groups=possible[-1]), self.attempt(groups=possible[-1])),
        )
        return (Problem(Code.GROUPS, message, parameter="groups", remedies=remedies),)
