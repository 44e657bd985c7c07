"""Non-linear functions, value by value."""

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from engine.derivation import Derivation
from engine.layers.base import Array, Family, Inferred, Layer
from engine.layers.explanation import ReLUExplanation
from engine.shape import Shape


class ReLU(Layer, frozen=True, kw_only=True):
    """The rectifier: negative values become zero."""

    family: ClassVar[Family] = "activation"
    title: ClassVar[str] = "ReLU"
    summary: ClassVar[str] = "max(0, x) of every value: the non-linearity that follows a convolution."
    prefix: ClassVar[str] = "relu"

    def infer(self, inputs: tuple[Shape, ...]) -> Inferred:
        """Return the input's shape."""
        return Inferred(inputs[0])

    def derive(self, inputs: tuple[Shape, ...]) -> tuple[Derivation, ...]:
        """Say that every value is kept."""
        return (Derivation("values", "as many as come in", inputs[0].text(), inputs[0].size),)

    def forward(self, inputs: tuple[Array, ...], weights: Mapping[str, Array]) -> Array:
        """Return max(0, x)."""
        # np.maximum against a scalar is about four times slower than clip.
        return np.clip(inputs[0], 0.0, None)

    def explain(
        self, inputs: tuple[Array, ...], weights: Mapping[str, Array], index: tuple[int, ...]
    ) -> ReLUExplanation:
        """Show the value before and after."""
        before = inputs[0][index]
        return ReLUExplanation(total=float(np.clip(before, 0.0, None)), before=float(before), index=index)
