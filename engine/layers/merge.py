"""Layers that join branches."""

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from engine.derivation import Derivation
from engine.diagnostics import Code
from engine.layers.base import Array, Family, Inferred, Layer, Ports, Problem, Remedy
from engine.layers.conv import Conv2D
from engine.layers.explanation import AddExplanation, CopyExplanation, Source, read_only
from engine.layers.region import Region
from engine.shape import Shape


class Add(Layer, frozen=True, kw_only=True):
    """The sum of inputs of one shape, value by value."""

    family: ClassVar[Family] = "merge"
    title: ClassVar[str] = "Add"
    summary: ClassVar[str] = "Adds branches of the same shape, value by value, as a residual connection does."
    prefix: ClassVar[str] = "add"
    ports: ClassVar[Ports] = Ports(2, None)

    def infer(self, inputs: tuple[Shape, ...]) -> Inferred:
        """Return the common shape."""
        first = inputs[0]
        odd = next((port for port, shape in enumerate(inputs) if shape != first), None)
        if odd is None:
            return Inferred(first)
        shapes = " and ".join(dict.fromkeys(shape.text() for shape in inputs))
        message = f"Add needs inputs of one shape, but it receives {shapes}."
        return Inferred(None, problems=(_problem(Code.ADD_SHAPES, message, first, inputs[odd], odd),))

    def derive(self, inputs: tuple[Shape, ...]) -> tuple[Derivation, ...]:
        """Say how many values are added."""
        if self.infer(inputs).output is None:
            return ()
        return (Derivation("values", "as many as each branch has", inputs[0].text(), inputs[0].size),)

    def forward(self, inputs: tuple[Array, ...], weights: Mapping[str, Array]) -> Array:
        """Return the sum of arrays ``(N, …)`` of one shape."""
        out = inputs[0]
        for x in inputs[1:]:
            out = out + x
        return out

    def explain(
        self, inputs: tuple[Array, ...], weights: Mapping[str, Array], index: tuple[int, ...]
    ) -> AddExplanation:
        """Show the value of each branch."""
        addends = np.array([x[index] for x in inputs], np.float32)
        return AddExplanation(total=float(addends.sum(dtype=np.float64)), addends=read_only(addends), index=index)


class Concat(Layer, frozen=True, kw_only=True):
    """Branches stacked along the depth."""

    family: ClassVar[Family] = "merge"
    title: ClassVar[str] = "Concat"
    summary: ClassVar[str] = "Stacks branches of the same height and width along the depth."
    prefix: ClassVar[str] = "concat"
    ports: ClassVar[Ports] = Ports(2, None)

    def infer(self, inputs: tuple[Shape, ...]) -> Inferred:
        """Return the first shape with the depths added up."""
        first = inputs[0]
        odd = next((port for port, shape in enumerate(inputs) if shape[1:] != first[1:]), None)
        if odd is None:
            return Inferred(Shape(sum(shape.channels for shape in inputs), *first[1:]))
        shapes = " and ".join(dict.fromkeys(shape.text() for shape in inputs))
        message = f"Concat stacks volumes of one width and height, but it receives {shapes}."
        return Inferred(None, problems=(_problem(Code.CONCAT_SHAPES, message, first, inputs[odd], odd),))

    def derive(self, inputs: tuple[Shape, ...]) -> tuple[Derivation, ...]:
        """Return the sum of the depths."""
        if self.infer(inputs).output is None:
            return ()
        depths = [shape.channels for shape in inputs]
        formula = "D₂ = " + " + ".join("D₁" for _ in depths)
        return (Derivation("depth", formula, " + ".join(map(str, depths)), sum(depths)),)

    def forward(self, inputs: tuple[Array, ...], weights: Mapping[str, Array]) -> Array:
        """Return the arrays ``(N, C, …)`` joined along C."""
        return np.concatenate(inputs, axis=1)

    def explain(
        self, inputs: tuple[Array, ...], weights: Mapping[str, Array], index: tuple[int, ...]
    ) -> CopyExplanation:
        """Show the branch that the value is from, and its channel there."""
        firsts = _firsts([len(x) for x in inputs])
        port = max(port for port, first in enumerate(firsts) if first <= index[0])
        place = (index[0] - firsts[port], *index[1:])
        return CopyExplanation(total=float(inputs[port][place]), origin=Source(port, place))

    def seen(self, region: Region, inputs: tuple[Shape, ...]) -> tuple[Region | None, ...]:
        """Return the region's channels branch by branch; None for branches that have none of them."""
        depths = [shape.channels for shape in inputs]
        found = []
        for first, depth in zip(_firsts(depths), depths, strict=True):
            start, stop = max(0, region.channels.start - first), min(depth, region.channels.stop - first)
            found.append(region.on(range(start, stop)) if start < stop else None)
        return tuple(found)


def _firsts(depths: list[int]) -> list[int]:
    """Return the channel with which each branch begins."""
    return [sum(depths[:port]) for port in range(len(depths))]


def _problem(code: Code, message: str, wanted: Shape, given: Shape, port: int) -> Problem:
    """Return a merge's problem; a 1×1 convolution mends it where it can bring one branch to the other's shape."""
    remedies: list[Remedy] = []
    if wanted.is_volume and given.is_volume:
        for target, source, at in ((wanted, given, port), (given, wanted, 0)):
            projection = _projection(source, target)
            if projection is not None:
                title = f"Insert a 1×1 Conv2D that makes input {at + 1} {target.text()}"
                remedies.append(Remedy(title, "insert", projection, at))
    return Problem(code, message, port=port, remedies=tuple(remedies))


def _projection(source: Shape, target: Shape) -> Conv2D | None:
    """Return the 1×1 convolution, strided where need be, from one volume's shape to another's."""
    stride = tuple(-(-s // t) for s, t in zip(source[1:], target[1:], strict=True))
    projection = Conv2D(kernel=(1, 1)).attempt(filters=target.channels, stride=stride)
    return projection if projection is not None and projection.infer((source,)).output == target else None
