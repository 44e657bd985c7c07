"""Layers that only rearrange values."""

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from engine.derivation import Derivation
from engine.layers.base import Array, Family, Inferred, Layer
from engine.layers.explanation import CopyExplanation, Source
from engine.layers.region import Region
from engine.shape import Shape


class Flatten(Layer, frozen=True, kw_only=True):
    """A volume laid out as a vector: channel by channel, row by row."""

    family: ClassVar[Family] = "reshape"
    title: ClassVar[str] = "Flatten"
    summary: ClassVar[str] = "Lays a volume out as a vector; nothing is computed."
    prefix: ClassVar[str] = "flatten"

    def infer(self, inputs: tuple[Shape, ...]) -> Inferred:
        """Return a vector of all values."""
        return Inferred(Shape(inputs[0].size))

    def derive(self, inputs: tuple[Shape, ...]) -> tuple[Derivation, ...]:
        """Return the product of the extents."""
        (shape,) = inputs
        formula = "N₂ = W₁·H₁·D₁" if shape.is_volume else "N₂ = N₁"
        factors = shape[::-1] if shape.is_volume else shape
        return (Derivation("values", formula, "·".join(map(str, factors)), shape.size),)

    def forward(self, inputs: tuple[Array, ...], weights: Mapping[str, Array]) -> Array:
        """Return a view ``(N, C·H·W)``."""
        (x,) = inputs
        return x.reshape(len(x), -1)

    def explain(
        self, inputs: tuple[Array, ...], weights: Mapping[str, Array], index: tuple[int, ...]
    ) -> CopyExplanation:
        """Show the place ``(channel, y, x)`` in the volume."""
        (x,) = inputs
        place = _place(index[0], x.shape)
        return CopyExplanation(total=float(x[place]), origin=Source(0, place))

    def seen(self, region: Region, inputs: tuple[Shape, ...]) -> tuple[Region, ...]:
        """Return the place of one element, or everything."""
        (shape,) = inputs
        single = len(region.channels) == 1 and not region.whole
        return (Region.at(_place(region.channels[0], shape)) if single else Region.all(shape),)


def _place(element: int, shape: tuple[int, ...]) -> tuple[int, ...]:
    """Return the index of an element of a flattened array."""
    return tuple(int(at) for at in np.unravel_index(element, shape))
