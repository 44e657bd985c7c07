"""What layers share that compute nothing: every value of the output is one of the input's, from another place."""

from collections.abc import Mapping
from math import floor
from typing import Any, ClassVar

import msgspec
import numpy as np

from engine.layers.base import Array, Family, Layer, Window
from engine.layers.explanation import Explanation
from engine.layers.region import Box, Positions, Region, scattered
from engine.layers.value_explanation import CopyExplanation
from engine.shape import Shape


class Passing(Layer, frozen=True, kw_only=True):
    """A layer that lets everything through as it is, at least when a network is used."""

    def explain(
        self, inputs: tuple[Array, ...], weights: Mapping[str, Array], index: tuple[int, ...]
    ) -> CopyExplanation:
        """Show the same value."""
        return CopyExplanation.of(inputs[0], index)


class Moving(Layer, frozen=True, kw_only=True):
    """A layer that takes values from elsewhere by a rule for each axis: it cuts, extends or repeats."""

    family: ClassVar[Family] = "reshape"

    def axes(self, shape: Shape) -> tuple[Positions, ...]:
        """Return where the positions of each axis of the output come from; −1 is nowhere, a constant border."""
        raise NotImplementedError

    @property
    def border(self) -> float:
        """What values are that come from nowhere."""
        return 0.0

    def explain(self, inputs: tuple[Array, ...], weights: Mapping[str, Array], index: tuple[int, ...]) -> Explanation:
        """Show the value, and the place that it is from."""
        (x,) = inputs
        axes = self.axes(Shape(*x.shape))
        origin = tuple(int(axis[at]) for axis, at in zip(axes, index, strict=True))
        if min(origin) < 0:
            return CopyExplanation(total=self.border, origin=None)
        return CopyExplanation.of(x, origin)

    def seen(self, region: Region, inputs: tuple[Shape, ...]) -> tuple[tuple[Region, ...], ...]:
        """Return the places that the region's values are from."""
        (shape,) = inputs
        pixel = np.arange(1)
        axes = (*self.axes(shape), pixel, pixel)  # a vector has one row and one column
        wanted = (region.channels, region.rows, region.columns)
        channels, rows, columns = (_real(axis[at]) for axis, at in zip(axes[:3], wanted, strict=True))
        return (
            (_placed(Region(channels, rows, columns, region.box, region.whole), self.infer(inputs).window, shape),),
        )


class Rearranging(Layer, frozen=True, kw_only=True):
    """A layer that gives all values another order or another shape."""

    family: ClassVar[Family] = "reshape"

    def sources(self, places: Positions, shape: Shape) -> Positions:
        """Return the places in the flattened input that some places of the flattened output come from."""
        numbers: Any = np.arange(shape.size).reshape(1, *shape)
        moved: Positions = self.forward((numbers,), {})  # type: ignore[assignment]  # numbers are moved as values are
        return moved.ravel()[places]

    def explain(
        self, inputs: tuple[Array, ...], weights: Mapping[str, Array], index: tuple[int, ...]
    ) -> CopyExplanation:
        """Show the value, and the place that it is from."""
        (x,) = inputs
        shape = Shape(*x.shape)
        output = self.infer((shape,)).output or shape
        place = np.array([np.ravel_multi_index(index, output)])
        (source,) = self.sources(place, shape)
        return CopyExplanation.of(x, tuple(int(at) for at in np.unravel_index(source, shape)))

    def seen(self, region: Region, inputs: tuple[Shape, ...]) -> tuple[tuple[Region, ...], ...]:
        """Return the places that the region's values are from: as many regions as it takes to name them exactly."""
        (shape,) = inputs
        inferred = self.infer(inputs)
        output = inferred.output or shape
        places = self.sources(region.flat(output), shape)
        found = scattered(places, shape, whole=region.whole)
        nowhere = Region(np.arange(shape.channels), places[:0], places[:0], Box(0, 0, 0, 0), region.whole)
        if inferred.window is None or inferred.window.extent != (1, 1) or not (shape.is_volume and output.is_volume):
            return (found or (nowhere,),)
        moved = (msgspec.structs.replace(one, box=region.box) for one in found or (nowhere,))
        return (tuple(_placed(one, inferred.window, shape) for one in moved),)


def behind(box: Box, window: Window) -> Box:
    """Return what windows at a box's positions reach, as if maps had no border."""
    spans = []
    for axis, (first, last) in enumerate((box[:2], box[2:])):
        stride, before = window.stride[axis], window.before[axis]
        spans += [floor(first * stride) - before, floor((last - 1) * stride) - before + window.extent[axis]]
    return Box(*spans)


def _placed(region: Region, window: Window | None, shape: Shape) -> Region:
    """Return a region of the input with its box, which is still the output's, brought back through the window."""
    box = behind(region.box, window) if window is not None and shape.is_volume else Box(0, 1, 0, 1)
    box = box.hull(region.inside) if region.inside is not None else box
    if region.whole and shape.is_volume:
        box = box.clipped(shape[1], shape[2])
    return msgspec.structs.replace(region, box=box)


def _real(places: Positions) -> Positions:
    """Return the places that exist, rising and each once."""
    return np.unique(places[places >= 0])
