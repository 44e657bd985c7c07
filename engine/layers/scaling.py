"""Layers that scale values up or down without bringing them to a mean and a variance."""

from collections.abc import Mapping
from typing import Annotated, ClassVar

import numpy as np

from engine.derivation import Derivation
from engine.kernels import normalization
from engine.language import tr, tr_noop
from engine.layers.base import Array, Family, Inferred, Layer, WeightSpec, kept, volume_problem
from engine.layers.explanation import read_only
from engine.layers.normalization import Normalizing
from engine.layers.parameters import describe
from engine.layers.region import Region
from engine.layers.value_explanation import LocalResponseExplanation, ScaleExplanation
from engine.shape import Shape


class LocalResponseNorm(Layer, frozen=True, kw_only=True):
    """Each value divided by the strength of its neighbours in the depth."""

    family: ClassVar[Family] = "normalization"
    title: ClassVar[str] = "LocalResponseNorm"
    summary: ClassVar[str] = tr_noop(
        "Damps a value where neighbouring channels are strong at the same pixel (AlexNet, 2012)."
    )
    prefix: ClassVar[str] = "lrn"

    size: Annotated[
        int, describe(tr_noop("Size"), tr_noop("How many neighbouring channels count."), symbol="n", ge=1, le=65536)
    ] = 5
    alpha: Annotated[
        float, describe(tr_noop("Alpha"), tr_noop("Weight of the neighbours' mean square."), symbol="α", ge=0, le=1e3)
    ] = 1e-4
    beta: Annotated[float, describe(tr_noop("Beta"), tr_noop("The exponent."), symbol="β", ge=0, le=5)] = 0.75
    bias: Annotated[
        float, describe(tr_noop("Bias"), tr_noop("Added to the neighbours' part."), symbol="k", ge=1e-5, le=1e3)
    ] = 1.0

    def brief(self) -> str:
        """Return the number of channels."""
        return tr("{count} channels", count=self.size)

    def infer(self, inputs: tuple[Shape, ...]) -> Inferred:
        """Return the input's shape."""
        (shape,) = inputs
        if not shape.is_volume:
            return Inferred(
                None,
                problems=(
                    volume_problem(
                        self, shape, tr_noop("{layer} compares channels over the height and width of a volume")
                    ),
                ),
            )
        return Inferred(shape)

    def derive(self, inputs: tuple[Shape, ...]) -> tuple[Derivation, ...]:
        """Say that every value is kept."""
        return kept(self.infer(inputs).output)

    def forward(self, inputs: tuple[Array, ...], weights: Mapping[str, Array]) -> Array:
        """Return x/(k + α/n·Σx²)^β."""
        return normalization.local_response_norm(inputs[0], self.size, self.alpha, self.beta, self.bias)

    def explain(
        self, inputs: tuple[Array, ...], weights: Mapping[str, Array], index: tuple[int, ...]
    ) -> LocalResponseExplanation:
        """Show the neighbours in the depth, the sum of their squares, and what it damps the value to."""
        (x,) = inputs
        channel, *position = index
        first = max(0, channel - self._before)
        around: tuple[slice | int, ...] = (slice(first, channel - self._before + self.size), *position)
        neighbours = x[around]
        squares = float(np.square(neighbours.astype(np.float64)).sum())
        base = self.bias + self.alpha / self.size * squares
        return LocalResponseExplanation(
            total=float(x[index]) / base**self.beta,
            neighbours=read_only(neighbours),
            first=first,
            chosen=channel - first,
            position=tuple(position),
            squares=squares,
            base=base,
            beta=self.beta,
        )

    def seen(self, region: Region, inputs: tuple[Shape, ...]) -> tuple[tuple[Region, ...], ...]:
        """Return the neighbouring channels of the same pixels; to the power of 0 they do not count."""
        if not np.float32(self.beta):
            return ((region,),)
        depth = inputs[0].channels
        near = np.zeros(depth, bool)
        for channel in region.channels:
            near[max(0, channel - self._before) : channel - self._before + self.size] = True
        return ((region.on(np.flatnonzero(near)),),)

    @property
    def _before(self) -> int:
        """How many of the neighbours come before a channel."""
        return (self.size - 1) // 2


class LayerScale(Normalizing, frozen=True, kw_only=True):
    """A learned factor for each channel, small at first."""

    title: ClassVar[str] = "LayerScale"
    summary: ClassVar[str] = tr_noop("Multiplies each channel by a learned factor, small at first (ConvNeXt).")
    prefix: ClassVar[str] = "scale"

    initial: Annotated[
        float, describe(tr_noop("Initial value"), tr_noop("All factors before training."), ge=-1e3, le=1e3)
    ] = 1e-6

    def _specs(self, shape: Shape) -> tuple[WeightSpec, ...]:
        return (WeightSpec("weight", (shape.channels,), "weight", "constant", value=self.initial),)

    def forward(self, inputs: tuple[Array, ...], weights: Mapping[str, Array]) -> Array:
        """Return weight ``(C,)`` times x ``(N, C, …)``."""
        return normalization.affine(inputs[0], weights["weight"], None)

    def explain(
        self, inputs: tuple[Array, ...], weights: Mapping[str, Array], index: tuple[int, ...]
    ) -> ScaleExplanation:
        """Show the value and its channel's factor."""
        before, factor = float(inputs[0][index]), float(weights["weight"][index[0]])
        return ScaleExplanation(total=before * factor, before=before, index=index, factor=factor, offset=0.0)
