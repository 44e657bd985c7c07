"""Pooling whose windows follow from the map's size: over all of it, or over as many parts as are asked for."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, ClassVar

import numpy as np

from engine.derivation import Derivation
from engine.kernels.pool import adaptive_average_pool, adaptive_spans
from engine.language import tr, tr_noop
from engine.layers.base import WHOLE, Array, Family, Inferred, Layer, Window, volume_problem
from engine.layers.explanation import MaxExplanation, MeanExplanation, Patch
from engine.layers.parameters import Pair, describe
from engine.layers.region import Box, Positions, Region
from engine.layers.window import cut
from engine.shape import Shape


class GlobalPool2D(Layer, frozen=True, kw_only=True):
    """What global average and global max pooling share: each map becomes one value."""

    family: ClassVar[Family] = "pool"
    prefix: ClassVar[str] = "globalpool"

    keep_axes: Annotated[
        bool,
        describe(
            tr_noop("Keep 1×1"), tr_noop("Leave a volume of one pixel, for layers that need one, instead of a vector.")
        ),
    ] = False

    def brief(self) -> str:
        """Say where the result is a volume."""
        return "1×1" if self.keep_axes else ""

    def infer(self, inputs: tuple[Shape, ...]) -> Inferred:
        """Return ``(C,)``, or ``(C, 1, 1)``."""
        (shape,) = inputs
        if not shape.is_volume:
            return Inferred(
                None,
                problems=(volume_problem(self, shape, tr_noop("{layer} pools over the height and width of a volume")),),
            )
        output = Shape(shape.channels, 1, 1) if self.keep_axes else Shape(shape.channels)
        return Inferred(output, window=WHOLE)

    def derive(self, inputs: tuple[Shape, ...]) -> tuple[Derivation, ...]:
        """Say that one value is left of each map."""
        (shape,) = inputs
        if not shape.is_volume:
            return ()
        return (
            Derivation("values", tr("one for each map: D₁"), f"{shape.channels}", shape.channels),
            Derivation("weights", tr("pooling has no weights"), "0", 0),
        )

    def seen(self, region: Region, inputs: tuple[Shape, ...]) -> tuple[tuple[Region, ...], ...]:
        """Return the whole map of each channel."""
        return ((region.maps(inputs[0], region.channels),),)

    def _patch(self, volume: Array, channel: int) -> Patch:
        return cut(volume[channel], channel, np.arange(volume.shape[1]), np.arange(volume.shape[2]))

    def _shaped(self, values: Array) -> Array:
        return values[:, :, None, None] if self.keep_axes else values


class GlobalAvgPool2D(GlobalPool2D, frozen=True, kw_only=True):
    """The mean of each map."""

    title: ClassVar[str] = "GlobalAvgPool2D"
    summary: ClassVar[str] = tr_noop(
        "Takes the mean of each whole map: one value a channel, whatever the image's size."
    )

    def forward(self, inputs: tuple[Array, ...], weights: Mapping[str, Array]) -> Array:
        """Pool ``(N, C, H, W)`` to ``(N, C)`` or ``(N, C, 1, 1)``."""
        return self._shaped(inputs[0].mean(axis=(2, 3)))

    def explain(
        self, inputs: tuple[Array, ...], weights: Mapping[str, Array], index: tuple[int, ...]
    ) -> MeanExplanation:
        """Show the map, its sum, and how many values it is divided by."""
        patch = self._patch(inputs[0], index[0])
        return MeanExplanation.over(patch, patch.values.size)


class GlobalMaxPool2D(GlobalPool2D, frozen=True, kw_only=True):
    """The largest value of each map."""

    title: ClassVar[str] = "GlobalMaxPool2D"
    summary: ClassVar[str] = tr_noop(
        "Keeps the largest value of each whole map: whether a feature is anywhere in the image."
    )

    def forward(self, inputs: tuple[Array, ...], weights: Mapping[str, Array]) -> Array:
        """Pool ``(N, C, H, W)`` to ``(N, C)`` or ``(N, C, 1, 1)``."""
        return self._shaped(inputs[0].max(axis=(2, 3)))

    def explain(
        self, inputs: tuple[Array, ...], weights: Mapping[str, Array], index: tuple[int, ...]
    ) -> MaxExplanation:
        """Show the map and its largest value."""
        return MaxExplanation.of(self._patch(inputs[0], index[0]))


class AdaptiveAvgPool2D(Layer, frozen=True, kw_only=True):
    """The means of as many windows as are asked for, whatever the map's size."""

    family: ClassVar[Family] = "pool"
    title: ClassVar[str] = "AdaptiveAvgPool2D"
    summary: ClassVar[str] = tr_noop("Brings maps of any size to a fixed one: means of windows as even as can be.")
    prefix: ClassVar[str] = "pool"

    output: Annotated[Pair, describe(tr_noop("Output size"), tr_noop("Height and width of the output."), unit="px")] = (
        7,
        7,
    )

    def brief(self) -> str:
        """Return the output's size: ``→ 7×7``."""
        return f"→ {self.output[1]}×{self.output[0]}"

    def infer(self, inputs: tuple[Shape, ...]) -> Inferred:
        """Return ``(C, H₂, W₂)`` as asked for."""
        (shape,) = inputs
        if not shape.is_volume:
            return Inferred(
                None,
                problems=(volume_problem(self, shape, tr_noop("{layer} pools over the height and width of a volume")),),
            )
        _, height, width = shape
        down, across = self.output
        extents = tuple(
            max(end - start for start, end in adaptive_spans(size, count))
            for size, count in ((height, down), (width, across))
        )
        window = Window((extents[0], extents[1]), (Fraction(height, down), Fraction(width, across)), (0, 0))
        return Inferred(Shape(shape.channels, down, across), window=window)

    def derive(self, inputs: tuple[Shape, ...]) -> tuple[Derivation, ...]:
        """Say that the output's size is given."""
        (shape,) = inputs
        if not shape.is_volume:
            return ()
        return (
            Derivation("width", tr("W₂ as asked for"), f"{self.output[1]}", self.output[1]),
            Derivation("height", tr("H₂ as asked for"), f"{self.output[0]}", self.output[0]),
            Derivation("depth", "D₂ = D₁", f"{shape.channels}", shape.channels),
            Derivation("weights", tr("pooling has no weights"), "0", 0),
        )

    def forward(self, inputs: tuple[Array, ...], weights: Mapping[str, Array]) -> Array:
        """Pool ``(N, C, H, W)``."""
        return adaptive_average_pool(inputs[0], self.output)

    def explain(
        self, inputs: tuple[Array, ...], weights: Mapping[str, Array], index: tuple[int, ...]
    ) -> MeanExplanation:
        """Show the window, its sum, and how many values it is divided by."""
        (volume,) = inputs
        channel, y, x = index
        (top, bottom), (left, right) = self._span(volume.shape[1], 0, y), self._span(volume.shape[2], 1, x)
        patch = cut(volume[channel], channel, np.arange(top, bottom), np.arange(left, right))
        return MeanExplanation.over(patch, patch.values.size)

    def seen(self, region: Region, inputs: tuple[Shape, ...]) -> tuple[tuple[Region, ...], ...]:
        """Return what the windows cover."""
        _, height, width = inputs[0]
        rows = [np.arange(*self._span(height, 0, int(y))) for y in region.rows]
        columns = [np.arange(*self._span(width, 1, int(x))) for x in region.columns]
        top, bottom, left, right = region.box
        y = self._span(height, 0, top)[0], self._span(height, 0, bottom - 1)[1]
        x = self._span(width, 1, left)[0], self._span(width, 1, right - 1)[1]
        box = Box(*y, *x).clipped(height, width) if region.whole else Box(*y, *x)
        return ((Region(region.channels, _union(rows), _union(columns), box, region.whole),),)

    def even_window(self, shape: Shape) -> tuple[int, int] | None:
        """Return height and width of the windows where all are of one size, and lie side by side; else None."""
        (_, height, width), (down, across) = shape, self.output
        return (height // down, width // across) if height % down == 0 and width % across == 0 else None

    def _span(self, size: int, axis: int, number: int) -> tuple[int, int]:
        """Return where a window begins and ends; one in the padding further on lies outside of the map."""
        count = self.output[axis]
        return number * size // count, -(-(number + 1) * size // count)


def _union(parts: list[Positions]) -> Positions:
    return np.unique(np.concatenate(parts)) if parts else np.arange(0)
