"""Pooling whose windows follow from the map's size: over all of it, or over as many parts as are asked for."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, ClassVar

from engine.derivation import Derivation
from engine.kernels.pool import adaptive_average_pool, adaptive_spans
from engine.layers.base import WHOLE, Array, Family, Inferred, Layer, Window, volume_problem
from engine.layers.parameters import Pair, describe
from engine.shape import Shape


class GlobalPool2D(Layer, frozen=True, kw_only=True):
    """What global average and global max pooling share: each map becomes one value."""

    family: ClassVar[Family] = "pool"
    prefix: ClassVar[str] = "globalpool"

    keep_axes: Annotated[
        bool,
        describe("Keep 1×1", "Leave a volume of one pixel, for layers that need one, instead of a vector."),
    ] = False

    def brief(self) -> str:
        """Say where the result is a volume."""
        return "1×1" if self.keep_axes else ""

    def infer(self, inputs: tuple[Shape, ...]) -> Inferred:
        """Return ``(C,)``, or ``(C, 1, 1)``."""
        (shape,) = inputs
        if not shape.is_volume:
            return Inferred(None, problems=(volume_problem(self, shape, "pools over"),))
        output = Shape(shape.channels, 1, 1) if self.keep_axes else Shape(shape.channels)
        return Inferred(output, window=WHOLE)

    def derive(self, inputs: tuple[Shape, ...]) -> tuple[Derivation, ...]:
        """Say that one value is left of each map."""
        (shape,) = inputs
        if not shape.is_volume:
            return ()
        return (
            Derivation("values", "one for each map: D₁", f"{shape.channels}", shape.channels),
            Derivation("weights", "pooling has no weights", "0", 0),
        )

    def _shaped(self, values: Array) -> Array:
        return values[:, :, None, None] if self.keep_axes else values


class GlobalAvgPool2D(GlobalPool2D, frozen=True, kw_only=True):
    """The mean of each map."""

    title: ClassVar[str] = "GlobalAvgPool2D"
    summary: ClassVar[str] = "Takes the mean of each whole map: one value a channel, whatever the image's size."

    def forward(self, inputs: tuple[Array, ...], weights: Mapping[str, Array]) -> Array:
        """Pool ``(N, C, H, W)`` to ``(N, C)`` or ``(N, C, 1, 1)``."""
        return self._shaped(inputs[0].mean(axis=(2, 3)))


class GlobalMaxPool2D(GlobalPool2D, frozen=True, kw_only=True):
    """The largest value of each map."""

    title: ClassVar[str] = "GlobalMaxPool2D"
    summary: ClassVar[str] = "Keeps the largest value of each whole map: whether a feature is anywhere in the image."

    def forward(self, inputs: tuple[Array, ...], weights: Mapping[str, Array]) -> Array:
        """Pool ``(N, C, H, W)`` to ``(N, C)`` or ``(N, C, 1, 1)``."""
        return self._shaped(inputs[0].max(axis=(2, 3)))


class AdaptiveAvgPool2D(Layer, frozen=True, kw_only=True):
    """The means of as many windows as are asked for, whatever the map's size."""

    family: ClassVar[Family] = "pool"
    title: ClassVar[str] = "AdaptiveAvgPool2D"
    summary: ClassVar[str] = "Brings maps of any size to a fixed one: means of windows as even as can be."
    prefix: ClassVar[str] = "pool"

    output: Annotated[Pair, describe("Output size", "Height and width of the output.", unit="px")] = (7, 7)

    def brief(self) -> str:
        """Return the output's size: ``→ 7×7``."""
        return f"→ {self.output[1]}×{self.output[0]}"

    def infer(self, inputs: tuple[Shape, ...]) -> Inferred:
        """Return ``(C, H₂, W₂)`` as asked for."""
        (shape,) = inputs
        if not shape.is_volume:
            return Inferred(None, problems=(volume_problem(self, shape, "pools over"),))
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
            Derivation("width", "W₂ as asked for", f"{self.output[1]}", self.output[1]),
            Derivation("height", "H₂ as asked for", f"{self.output[0]}", self.output[0]),
            Derivation("depth", "D₂ = D₁", f"{shape.channels}", shape.channels),
            Derivation("weights", "pooling has no weights", "0", 0),
        )

    def forward(self, inputs: tuple[Array, ...], weights: Mapping[str, Array]) -> Array:
        """Pool ``(N, C, H, W)``."""
        return adaptive_average_pool(inputs[0], self.output)
