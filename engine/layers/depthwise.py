"""Convolutions that treat space and depth apart: each channel by itself, then, perhaps, all channels at each pixel."""

from collections.abc import Mapping
from typing import Annotated, ClassVar

import numpy as np

from engine.derivation import Derivation
from engine.kernels.conv import conv2d
from engine.language import tr, tr_noop
from engine.layers.base import Array, Family, Inferred, WeightSpec, volume_problem
from engine.layers.conv import Bias, Border, Dilation, Filters, Kernel, Stride
from engine.layers.explanation import ConvExplanation, SeparableExplanation, read_only
from engine.layers.parameters import describe
from engine.layers.region import Region
from engine.layers.window import Sliding, Windowed, extent_derivations, kernel_problem, sliding, window_brief
from engine.shape import Shape

Multiplier = Annotated[
    int,
    describe(
        tr_noop("Depth multiplier"), tr_noop("How many filters each channel has for itself."), symbol="M", ge=1, le=4096
    ),
]


class DepthwiseConv2D(Windowed, frozen=True, kw_only=True):
    """Filters that see one channel each: M maps come of every channel."""

    family: ClassVar[Family] = "conv"
    title: ClassVar[str] = "DepthwiseConv2D"
    summary: ClassVar[str] = tr_noop("Slides filters of depth 1, M over each channel; channels are not mixed.")
    prefix: ClassVar[str] = "dwconv"
    weighted: ClassVar[bool] = True

    kernel: Kernel = (3, 3)
    stride: Stride = (1, 1)
    padding: Border = "valid"
    dilation: Dilation = (1, 1)
    multiplier: Multiplier = 1
    bias: Bias = True

    def brief(self) -> str:
        """Return the window, and the multiplier where there is one."""
        window = window_brief(self.kernel, self.stride, self.padding, self.dilation)
        return window + (f" ×{self.multiplier}" if self.multiplier > 1 else "")

    def place(self, shape: Shape) -> Sliding:
        """Return where the filters go on a volume ``(C, H, W)``."""
        return sliding(shape, self.kernel, self.stride, self.padding, self.dilation)

    def infer(self, inputs: tuple[Shape, ...]) -> Inferred:
        """Return ``(D₁·M, H₂, W₂)`` and F·F·D₁·M weights ``(D₁·M, 1, F, F)``."""
        (shape,) = inputs
        if not shape.is_volume:
            return Inferred(None, problems=(volume_problem(self, shape),))
        place = self.place(shape)
        if not place.fits:
            return Inferred(None, problems=(kernel_problem(self, place, "kernel"),))
        depth, area = shape.channels * self.multiplier, self.kernel[0] * self.kernel[1]
        output = Shape(depth, place.y.output, place.x.output)
        weight = WeightSpec("weight", (depth, 1, *self.kernel), "weight", "he", area, area * self.multiplier)
        bias = (WeightSpec("bias", (depth,), "bias", "zeros"),) if self.bias else ()
        connections = output.size * area
        return Inferred(output, (weight, *bias), connections, connections, place.window)

    def derive(self, inputs: tuple[Shape, ...]) -> tuple[Derivation, ...]:
        """Return the output, the weights and the connections: a filter covers one channel, so its area counts."""
        (shape,) = inputs
        inferred = self.infer(inputs)
        if inferred.output is None:
            return ()
        depth, height, width = inferred.output
        area = f"{self.kernel[1]}·{self.kernel[0]}"
        places = f"{width}·{height}·{depth}·({area})"
        return (
            *extent_derivations(self.place(shape)),
            Derivation("depth", "D₂ = D₁·M", f"{shape.channels}·{self.multiplier}", depth),
            Derivation("weights", "F·F·D₂", f"{area}·{depth}", inferred.weights[0].size),
            Derivation("biases", "D₂" if self.bias else tr("no bias"), f"{depth * self.bias}", depth * self.bias),
            Derivation("connections", "W₂·H₂·D₂·(F·F)", places, inferred.connections),
            Derivation("macs", "W₂·H₂·D₂·(F·F)", places, inferred.macs),
        )

    def forward(self, inputs: tuple[Array, ...], weights: Mapping[str, Array]) -> Array:
        """Convolve each channel of ``(N, C, H, W)`` with its own M filters ``(C·M, 1, kh, kw)``."""
        (x,) = inputs
        return conv2d(
            x,
            weights["weight"],
            weights["bias"] if self.bias else None,
            stride=self.stride,
            pads=self.place(Shape(*x.shape[1:])).pads,
            dilation=self.dilation,
            groups=x.shape[1],
        )

    def explain(
        self, inputs: tuple[Array, ...], weights: Mapping[str, Array], index: tuple[int, ...]
    ) -> ConvExplanation:
        """Show the patch of one channel, its kernel, products and their sum for the value ``(k, y, x)``."""
        (volume,) = inputs
        k, y, x = index
        channel = k // self.multiplier
        patch = self.place(Shape(*volume.shape)).patch(volume[channel : channel + 1], channel, y, x)
        return ConvExplanation.of(patch, weights["weight"][k], float(weights["bias"][k]) if self.bias else 0.0)

    def seen(self, region: Region, inputs: tuple[Shape, ...]) -> tuple[tuple[Region, ...], ...]:
        """Return the cells under the filters, on the channels that they belong to."""
        channels = np.unique(region.channels // self.multiplier)
        return ((self.place(inputs[0]).seen(region, channels),),)


class SeparableConv2D(Windowed, frozen=True, kw_only=True):
    """A depthwise convolution and a 1×1 convolution in one layer, with nothing in between."""

    family: ClassVar[Family] = "conv"
    title: ClassVar[str] = "SeparableConv2D"
    summary: ClassVar[str] = tr_noop(
        "First each channel by itself (depthwise), then 1×1 filters over all channels (pointwise)."
    )
    prefix: ClassVar[str] = "sepconv"
    weighted: ClassVar[bool] = True

    filters: Filters = 8
    kernel: Kernel = (3, 3)
    stride: Stride = (1, 1)
    padding: Border = "valid"
    dilation: Dilation = (1, 1)
    multiplier: Multiplier = 1
    bias: Bias = True

    def brief(self) -> str:
        """Return filters and window: ``64 @ 3×3``."""
        window = window_brief(self.kernel, self.stride, self.padding, self.dilation)
        return f"{self.filters} @ {window}" + (f" ×{self.multiplier}" if self.multiplier > 1 else "")

    def place(self, shape: Shape) -> Sliding:
        """Return where the depthwise filters go on a volume ``(C, H, W)``."""
        return sliding(shape, self.kernel, self.stride, self.padding, self.dilation)

    def infer(self, inputs: tuple[Shape, ...]) -> Inferred:
        """Return ``(K, H₂, W₂)``, weights ``(D₁·M, 1, F, F)`` and ``(K, D₁·M, 1, 1)``, and one bias."""
        (shape,) = inputs
        if not shape.is_volume:
            return Inferred(None, problems=(volume_problem(self, shape),))
        place = self.place(shape)
        if not place.fits:
            return Inferred(None, problems=(kernel_problem(self, place, "kernel"),))
        middle, area = shape.channels * self.multiplier, self.kernel[0] * self.kernel[1]
        output = Shape(self.filters, place.y.output, place.x.output)
        depthwise = WeightSpec("depthwise", (middle, 1, *self.kernel), "weight", "he", area, area * self.multiplier)
        pointwise = WeightSpec("pointwise", (self.filters, middle, 1, 1), "weight", "he", middle, self.filters)
        bias = (WeightSpec("bias", (self.filters,), "bias", "zeros"),) if self.bias else ()
        connections = output[1] * output[2] * middle * (area + self.filters)
        return Inferred(output, (depthwise, pointwise, *bias), connections, connections, place.window)

    def derive(self, inputs: tuple[Shape, ...]) -> tuple[Derivation, ...]:
        """Return the output, and the weights and connections as the sums of both halves."""
        (shape,) = inputs
        inferred = self.infer(inputs)
        if inferred.output is None:
            return ()
        k, height, width = inferred.output
        middle = f"{shape.channels}·{self.multiplier}" if self.multiplier > 1 else f"{shape.channels}"
        depth = "D₁·M" if self.multiplier > 1 else "D₁"
        weights = f"{self.kernel[1]}·{self.kernel[0]}·{middle} + {middle}·{k}"
        formula, places = f"W₂·H₂·(F·F·{depth} + {depth}·K)", f"{width}·{height}·({weights})"
        total = sum(spec.size for spec in inferred.weights if spec.kind == "weight")
        return (
            *extent_derivations(self.place(shape)),
            Derivation("depth", "D₂ = K", f"{k}", k),
            Derivation("weights", f"F·F·{depth} + {depth}·K", weights, total),
            Derivation("biases", "K" if self.bias else tr("no bias"), f"{k * self.bias}", k * self.bias),
            Derivation("connections", formula, places, inferred.connections),
            Derivation("macs", formula, places, inferred.macs),
        )

    def forward(self, inputs: tuple[Array, ...], weights: Mapping[str, Array]) -> Array:
        """Convolve each channel of ``(N, C, H, W)`` by itself, then mix them pixel by pixel and add the bias."""
        (x,) = inputs
        apart = conv2d(
            x,
            weights["depthwise"],
            stride=self.stride,
            pads=self.place(Shape(*x.shape[1:])).pads,
            dilation=self.dilation,
            groups=x.shape[1],
        )
        return conv2d(apart, weights["pointwise"], weights["bias"] if self.bias else None)

    def explain(
        self, inputs: tuple[Array, ...], weights: Mapping[str, Array], index: tuple[int, ...]
    ) -> SeparableExplanation:
        """Show what each channel makes by itself, and how the filter k mixes that for the value ``(k, y, x)``."""
        (volume,) = inputs
        k, y, x = index
        patch = self.place(Shape(*volume.shape)).patch(volume, 0, y, x)
        depthwise, pointwise = weights["depthwise"][:, 0], weights["pointwise"][k, :, 0, 0]
        each = patch.values.repeat(self.multiplier, axis=0)
        middle = np.multiply(each, depthwise, dtype=np.float64).sum(axis=(1, 2))
        products = middle * pointwise
        bias = float(weights["bias"][k]) if self.bias else 0.0
        return SeparableExplanation(
            total=float(products.sum()) + bias,
            patch=patch,
            depthwise=read_only(depthwise),
            middle=read_only(middle),
            pointwise=read_only(pointwise),
            products=read_only(products),
            bias=bias,
        )

    def seen(self, region: Region, inputs: tuple[Shape, ...]) -> tuple[tuple[Region, ...], ...]:
        """Return the cells under the depthwise filters, on all channels."""
        (shape,) = inputs
        return ((self.place(shape).seen(region, np.arange(shape.channels)),),)
