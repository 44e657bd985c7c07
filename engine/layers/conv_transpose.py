"""Transposed convolution: the way back up."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, ClassVar, NamedTuple

import numpy as np

from engine.derivation import Derivation
from engine.diagnostics import Code
from engine.kernels.conv_transpose import conv_transpose2d
from engine.language import tr, tr_noop
from engine.layers.base import (
    Array,
    Family,
    Inferred,
    Layer,
    Problem,
    WeightSpec,
    Window,
    divisors,
    replacements,
    volume_problem,
)
from engine.layers.conv import Bias, Dilation, Filters, Groups, Kernel
from engine.layers.explanation import ConvExplanation
from engine.layers.parameters import Padding, RingPair, StepPair, describe
from engine.layers.region import Box, Positions, Region, of_groups
from engine.layers.window import Pads, cut, same_sides, window_brief
from engine.shape import Shape


class Spread(NamedTuple):
    """One axis of a transposed convolution, in pixels of its output but for ``size``, the input's."""

    size: int
    kernel: int
    stride: int
    dilation: int
    before: int
    after: int
    extra: int

    @property
    def extent(self) -> int:
        """The kernel's reach, with the gaps that dilation leaves."""
        return self.dilation * (self.kernel - 1) + 1

    @property
    def output(self) -> int:
        """Pixels of the output; 0 or less where the padding cuts all away."""
        return (self.size - 1) * self.stride + self.extent + self.extra - self.before - self.after

    @property
    def left_over(self) -> bool:
        """Whether the padding leaves anything of what the copies cover."""
        return self.output > 0 and (self.size - 1) * self.stride + self.extent > self.before

    @property
    def seen(self) -> int:
        """How many input pixels, at most, one output pixel depends on."""
        return (self.extent - 1) // self.stride + 1

    @property
    def ahead(self) -> int:
        """How many pixels before the input's first one the first output pixel's field begins."""
        return (self.extent - 1 - self.before) // self.stride

    def reaching(self, output: int) -> tuple[Positions, Positions]:
        """Return the pixels whose copies reach one of the output, in order, and the kernel's cell by which each does.

        Pixels outside of the input are among them, as if it went on.
        """
        cells = np.arange(self.kernel)[::-1]
        steps = output + self.before - cells * self.dilation
        fits = steps % self.stride == 0
        return steps[fits] // self.stride, cells[fits]

    def contributing(self, outputs: Positions) -> Positions:
        """Return the pixels of the input that some of the output depend on."""
        pixels = np.concatenate([np.arange(0), *(self.reaching(int(output))[0] for output in outputs)])
        return np.unique(pixels[(pixels >= 0) & (pixels < self.size)])

    def back(self, first: int, last: int) -> tuple[int, int]:
        """Return the reach of the output's pixels from one to another (excluded), as if the input went on."""
        start = -((self.extent - 1 - first - self.before) // self.stride)
        return start, max(start, (last - 1 + self.before) // self.stride + 1)


class Spreading(NamedTuple):
    """Both axes: the height's and the width's."""

    y: Spread
    x: Spread

    @property
    def pads(self) -> Pads:
        """What is cut away at the top, bottom, left and right."""
        return self.y.before, self.y.after, self.x.before, self.x.after

    @property
    def output_padding(self) -> tuple[int, int]:
        """What is added at the bottom and at the right."""
        return self.y.extra, self.x.extra

    @property
    def window(self) -> Window:
        """The geometry that the receptive field needs: strides are fractions, for the maps grow."""
        y, x = self
        return Window((y.seen, x.seen), (Fraction(1, y.stride), Fraction(1, x.stride)), (y.ahead, x.ahead))


class ConvTranspose2D(Layer, frozen=True, kw_only=True):
    """Every input pixel lays a scaled copy of each filter on a larger output, S pixels apart."""

    family: ClassVar[Family] = "conv"
    title: ClassVar[str] = "ConvTranspose2D"
    summary: ClassVar[str] = tr_noop(
        "Makes maps larger with learned filters: each pixel lays down a scaled copy of them."
    )
    prefix: ClassVar[str] = "upconv"
    weighted: ClassVar[bool] = True

    filters: Filters = 8
    kernel: Kernel = (2, 2)
    stride: Annotated[
        StepPair,
        describe(
            tr_noop("Stride"), tr_noop("How far apart the copies lie; above 1 the maps grow."), symbol="S", unit="px"
        ),
    ] = (2, 2)
    padding: Annotated[
        Padding,
        describe(
            tr_noop("Padding"),
            tr_noop(
                "How many pixels are cut away around the output: what a convolution would have added. “same” makes the "
                "output S times the input."
            ),
            symbol="P",
            unit="px",
        ),
    ] = "valid"
    output_padding: Annotated[
        RingPair,
        describe(
            tr_noop("Output padding"),
            tr_noop(
                "Pixels added to the output at the bottom and at the right, to tell apart the sizes that a strided "
                "convolution brings to the same one."
            ),
            symbol="A",
            unit="px",
        ),
    ] = (0, 0)
    dilation: Dilation = (1, 1)
    groups: Groups = 1
    bias: Bias = True

    def brief(self) -> str:
        """Return filters and window: ``64 @ 2×2 ↑2``."""
        window = window_brief(self.kernel, (1, 1), self.padding, self.dilation)
        down, across = self.stride
        grows = f" ↑{down}" if down == across else f" ↑{across}×{down}"
        return f"{self.filters} @ {window}" + ("" if self.stride == (1, 1) else grows)

    def place(self, shape: Shape) -> Spreading:
        """Return where the copies go for a volume ``(C, H, W)``, with ``same`` resolved to numbers."""
        sides = ((0, 0), (0, 0)) if isinstance(self.padding, str) else (self.padding[:2], self.padding[2:])
        axes = []
        for axis, size in enumerate(shape[1:]):
            (before, after), extra = sides[axis], self.output_padding[axis]
            stride, reach = self.stride[axis], self.dilation[axis] * (self.kernel[axis] - 1) + 1
            if isinstance(self.padding, str) and self.padding != "valid":
                before, after = same_sides(max(0, reach + extra - stride), self.padding)
                extra = max(extra, stride - reach)  # copies that do not touch leave a gap at the end, too
            axes.append(Spread(size, self.kernel[axis], stride, self.dilation[axis], before, after, extra))
        return Spreading(*axes)

    def infer(self, inputs: tuple[Shape, ...]) -> Inferred:
        """Return ``(K, H₂, W₂)`` with ``W₂ = (W₁ − 1)·S + F + A − 2P``, and F·F·D₁·K/groups weights."""
        (shape,) = inputs
        if not shape.is_volume:
            return Inferred(
                None,
                problems=(
                    volume_problem(self, shape, tr_noop("{layer} spreads over the height and width of a volume")),
                ),
            )
        place = self.place(shape)
        problems = (*self._group_problems(shape.channels), *self._size_problems(place))
        if problems:
            return Inferred(None, problems=problems)
        output = Shape(self.filters, place.y.output, place.x.output)
        depth, area = self.filters // self.groups, self.kernel[0] * self.kernel[1]
        fans = area * shape.channels // self.groups, area * depth
        weight = WeightSpec("weight", (shape.channels, depth, *self.kernel), "weight", "he", *fans)
        bias = (WeightSpec("bias", (self.filters,), "bias", "zeros"),) if self.bias else ()
        connections = shape.size * depth * area
        return Inferred(output, (weight, *bias), connections, connections, place.window)

    def derive(self, inputs: tuple[Shape, ...]) -> tuple[Derivation, ...]:
        """Return the output, the weights and the connections; these are counted at the input's pixels."""
        (shape,) = inputs
        inferred = self.infer(inputs)
        if inferred.output is None:
            return ()
        place, k, depth = self.place(shape), self.filters, self.filters // self.groups
        area, filters = f"{self.kernel[1]}·{self.kernel[0]}", "K" if self.groups == 1 else "(K/groups)"
        per_group = f"{k}" if self.groups == 1 else f"({k}/{self.groups})"
        c, h, w = shape
        connections = f"W₁·H₁·D₁·(F·F·{filters})", f"{w}·{h}·{c}·({area}·{per_group})"
        return (
            _extent("width", "W", place.x),
            _extent("height", "H", place.y),
            Derivation("depth", "D₂ = K", f"{k}", k),
            Derivation("weights", f"F·F·D₁·{filters}", f"{area}·{c}·{per_group}", inferred.weights[0].size),
            Derivation("biases", "K" if self.bias else tr("no bias"), f"{k * self.bias}", k * self.bias),
            Derivation("connections", *connections, shape.size * depth * self.kernel[0] * self.kernel[1]),
            Derivation("macs", *connections, inferred.macs),
        )

    def forward(self, inputs: tuple[Array, ...], weights: Mapping[str, Array]) -> Array:
        """Spread ``(N, C, H, W)`` with the weights ``(C, K/groups, kh, kw)`` and add the bias ``(K,)``."""
        (x,) = inputs
        place = self.place(Shape(*x.shape[1:]))
        return conv_transpose2d(
            x,
            weights["weight"],
            weights["bias"] if self.bias else None,
            stride=self.stride,
            pads=place.pads,
            dilation=self.dilation,
            output_padding=place.output_padding,
            groups=self.groups,
        )

    def explain(
        self, inputs: tuple[Array, ...], weights: Mapping[str, Array], index: tuple[int, ...]
    ) -> ConvExplanation:
        """Show the pixels whose copies of the filter reach the value ``(k, y, x)``, and by which cells they do."""
        (volume,) = inputs
        k, y, x = index
        place, depth = self.place(Shape(*volume.shape)), self.filters // self.groups
        (rows, down), (columns, across) = place.y.reaching(y), place.x.reaching(x)
        first = k // depth * (len(volume) // self.groups)
        group = slice(first, first + len(volume) // self.groups)
        kernel = weights["weight"][group, k % depth][:, down[:, None], across]
        patch = cut(volume[group], first, rows, columns)
        return ConvExplanation.of(patch, kernel, float(weights["bias"][k]) if self.bias else 0.0)

    def seen(self, region: Region, inputs: tuple[Shape, ...]) -> tuple[tuple[Region, ...], ...]:
        """Return the pixels whose copies of the filters reach the region, on the channels of their groups."""
        (shape,) = inputs
        y, x = self.place(shape)
        channels = of_groups(region.channels, self.filters // self.groups, shape.channels // self.groups)
        top, bottom, left, right = region.box
        box = Box(*y.back(top, bottom), *x.back(left, right))
        box = box.clipped(y.size, x.size) if region.whole else box
        return ((Region(channels, y.contributing(region.rows), x.contributing(region.columns), box, region.whole),),)

    def _group_problems(self, channels: int) -> tuple[Problem, ...]:
        if channels % self.groups == 0 and self.filters % self.groups == 0:
            return ()
        message = tr(
            "The {channels} input channels and {filters} filters can't both be split into {groups} equal groups.",
            channels=channels,
            filters=self.filters,
            groups=self.groups,
        )
        possible = divisors(channels, lambda d: self.filters % d == 0 and d <= self.groups)[-1]
        remedies = replacements((tr("Use groups {groups}", groups=possible), self.attempt(groups=possible)))
        return (Problem(Code.GROUPS, message, parameter="groups", remedies=remedies),)

    def _size_problems(self, place: Spreading) -> tuple[Problem, ...]:
        y, x = place
        if not (y.left_over and x.left_over):
            message = tr(
                "The padding cuts {columns} columns and {rows} rows away, and the output "
                "has only {width}×{height}: nothing is left of it.",
                columns=x.before + x.after,
                rows=y.before + y.after,
                width=x.output + x.before + x.after,
                height=y.output + y.before + y.after,
            )
            remedies = replacements((tr("Use no padding"), self.attempt(padding="valid")))
            return (Problem(Code.EMPTY_OUTPUT, message, parameter="padding", remedies=remedies),)
        most = tuple(max(s, d) - 1 for s, d in zip(self.stride, self.dilation, strict=True))
        fitting = (min(self.output_padding[0], most[0]), min(self.output_padding[1], most[1]))
        if fitting == self.output_padding:
            return ()
        message = tr(
            "The output padding ({rows} rows, {columns} columns) must be smaller "
            "than the stride or the dilation, here at most {most_rows} and {most_columns}: beyond, nothing reaches.",
            rows=self.output_padding[0],
            columns=self.output_padding[1],
            most_rows=most[0],
            most_columns=most[1],
        )
        title = tr("Use {rows} and {columns}", rows=fitting[0], columns=fitting[1])
        remedies = replacements((title, self.attempt(output_padding=fitting)))
        return (Problem(Code.OUTPUT_PADDING, message, parameter="output_padding", remedies=remedies),)


def _extent(quantity: str, letter: str, axis: Spread) -> Derivation:
    kernel, kernel_value = "F", f"{axis.kernel}"
    if axis.dilation > 1:
        kernel, kernel_value = "D(F − 1) + 1", f"{axis.dilation}·({axis.kernel} − 1) + 1"
    extra, extra_value = (" + A", f" + {axis.extra}") if axis.extra else ("", "")
    padding, padding_value = "2P", f"2·{axis.before}"
    if axis.before != axis.after:
        padding, padding_value = "P₁ − P₂", f"{axis.before} − {axis.after}"
    return Derivation(
        quantity,
        f"{letter}₂ = ({letter}₁ − 1)·S + {kernel}{extra} − {padding}",
        f"({axis.size} − 1)·{axis.stride} + {kernel_value}{extra_value} − {padding_value}",
        axis.output,
    )
