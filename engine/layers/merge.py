"""Layers that join branches."""

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from engine.derivation import Derivation
from engine.diagnostics import Code
from engine.language import tr, tr_noop
from engine.layers.base import Array, Family, Inferred, Layer, Ports, Problem, Remedy
from engine.layers.conv import Conv2D
from engine.layers.explanation import Precise, read_only
from engine.layers.region import Box, Region
from engine.layers.value_explanation import AddExplanation, CopyExplanation, MergeExplanation, Operation
from engine.shape import Shape


class Elementwise(Layer, frozen=True, kw_only=True):
    """What merges share that work value by value: inputs of one shape, maps of one pixel spread over larger ones.

    A volume ``(C, 1, 1)`` or a vector ``(C,)`` meets a volume ``(C, H, W)`` as one value for each whole map: so
    squeeze-and-excitation weighs channels (Hu et al., 2018).
    """

    family: ClassVar[Family] = "merge"
    ports: ClassVar[Ports] = Ports(2, None)
    code: ClassVar[Code] = Code.MERGE_SHAPES
    operation: ClassVar[Operation]

    def infer(self, inputs: tuple[Shape, ...]) -> Inferred:
        """Return the common shape: that of the first input which is not one pixel high and wide."""
        wanted = next((shape for shape in inputs if not _is_pixel(shape)), inputs[0])
        if not wanted.is_volume:  # vectors, and volumes of one pixel: the first volume decides
            wanted = next((shape for shape in inputs if shape.is_volume), wanted)
        at = inputs.index(wanted)
        odd = next((port for port, shape in enumerate(inputs) if not _spreads(shape, wanted)), None)
        if odd is None:
            return Inferred(wanted)
        shapes = _all_of(inputs)
        message = tr("{layer} needs inputs of one shape, but it receives {shapes}.", layer=self.title, shapes=shapes)
        return Inferred(None, problems=(_problem(self.code, message, (wanted, at), (inputs[odd], odd)),))

    def derive(self, inputs: tuple[Shape, ...]) -> tuple[Derivation, ...]:
        """Say how many values are made."""
        output = self.infer(inputs).output
        if output is None:
            return ()
        return (Derivation("values", tr("as many as each branch has"), output.text(), output.size),)

    def combine(self, first: Array, second: Array) -> Array:
        """Return the result for two arrays of one shape, or of shapes that broadcast."""
        raise NotImplementedError

    def reckon(self, values: Precise) -> float:
        """Return the result for one value ``(ports,)`` of each branch."""
        raise NotImplementedError

    def forward(self, inputs: tuple[Array, ...], weights: Mapping[str, Array]) -> Array:
        """Return all inputs ``(N, …)`` combined, one after the other."""
        if any(x.ndim == 4 for x in inputs):
            inputs = tuple(x[:, :, None, None] if x.ndim == 2 else x for x in inputs)
        out = inputs[0]
        for x in inputs[1:]:
            out = self.combine(out, x)
        return out

    def explain(
        self, inputs: tuple[Array, ...], weights: Mapping[str, Array], index: tuple[int, ...]
    ) -> MergeExplanation:
        """Show the value of each branch; one that is spread has it at its only pixel."""
        values, places = _values(inputs, index)
        total = self.reckon(values.astype(np.float64))
        return MergeExplanation(total=total, operation=self.operation, values=read_only(values), places=places)

    def seen(self, region: Region, inputs: tuple[Shape, ...]) -> tuple[tuple[Region, ...], ...]:
        """Return the same region of each branch; of one that is spread, its only pixel."""
        output = self.infer(inputs).output
        return tuple((region if shape == output else _pixel(region),) for shape in inputs)


class Add(Elementwise, frozen=True, kw_only=True):
    """The sum of inputs of one shape, value by value."""

    title: ClassVar[str] = "Add"
    summary: ClassVar[str] = tr_noop("Adds branches of the same shape, value by value, as a residual connection does.")
    prefix: ClassVar[str] = "add"
    code: ClassVar[Code] = Code.ADD_SHAPES
    operation: ClassVar[Operation] = "sum"

    def combine(self, first: Array, second: Array) -> Array:
        """Return the sum."""
        return first + second

    def reckon(self, values: Precise) -> float:
        """Return the sum."""
        return float(values.sum())

    def explain(
        self, inputs: tuple[Array, ...], weights: Mapping[str, Array], index: tuple[int, ...]
    ) -> AddExplanation:
        """Show the value of each branch."""
        values, places = _values(inputs, index)
        total = self.reckon(values.astype(np.float64))
        return AddExplanation(total=total, operation="sum", values=read_only(values), places=places)


class Subtract(Elementwise, frozen=True, kw_only=True):
    """The first input less the second, value by value."""

    title: ClassVar[str] = "Subtract"
    summary: ClassVar[str] = tr_noop("Takes the second branch from the first, value by value.")
    prefix: ClassVar[str] = "subtract"
    ports: ClassVar[Ports] = Ports(2, 2)
    operation: ClassVar[Operation] = "difference"

    def combine(self, first: Array, second: Array) -> Array:
        """Return the difference."""
        return first - second

    def reckon(self, values: Precise) -> float:
        """Return the difference."""
        return float(values[0] - values[1])


class Multiply(Elementwise, frozen=True, kw_only=True):
    """The product of inputs, value by value."""

    title: ClassVar[str] = "Multiply"
    summary: ClassVar[str] = tr_noop(
        "Multiplies branches value by value, or each map by one number (squeeze-and-excitation)."
    )
    prefix: ClassVar[str] = "multiply"
    operation: ClassVar[Operation] = "product"

    def combine(self, first: Array, second: Array) -> Array:
        """Return the product."""
        return first * second

    def reckon(self, values: Precise) -> float:
        """Return the product."""
        return float(values.prod())


class Maximum(Elementwise, frozen=True, kw_only=True):
    """The largest of inputs, value by value."""

    title: ClassVar[str] = "Maximum"
    summary: ClassVar[str] = tr_noop("Keeps the largest value of all branches at each place.")
    prefix: ClassVar[str] = "maximum"
    operation: ClassVar[Operation] = "maximum"

    def combine(self, first: Array, second: Array) -> Array:
        """Return the larger ones."""
        return np.maximum(first, second)

    def reckon(self, values: Precise) -> float:
        """Return the maximum."""
        return float(values.max())


class Minimum(Elementwise, frozen=True, kw_only=True):
    """The smallest of inputs, value by value."""

    title: ClassVar[str] = "Minimum"
    summary: ClassVar[str] = tr_noop("Keeps the smallest value of all branches at each place.")
    prefix: ClassVar[str] = "minimum"
    operation: ClassVar[Operation] = "minimum"

    def combine(self, first: Array, second: Array) -> Array:
        """Return the smaller ones."""
        return np.minimum(first, second)

    def reckon(self, values: Precise) -> float:
        """Return the minimum."""
        return float(values.min())


class Average(Elementwise, frozen=True, kw_only=True):
    """The mean of inputs, value by value."""

    title: ClassVar[str] = "Average"
    summary: ClassVar[str] = tr_noop("Takes the mean of all branches at each place.")
    prefix: ClassVar[str] = "average"
    operation: ClassVar[Operation] = "mean"

    def combine(self, first: Array, second: Array) -> Array:
        """Return the sum."""
        return first + second

    def reckon(self, values: Precise) -> float:
        """Return the mean."""
        return float(values.mean())

    def forward(self, inputs: tuple[Array, ...], weights: Mapping[str, Array]) -> Array:
        """Return the sum of arrays ``(N, …)`` divided by their number."""
        return super().forward(inputs, weights) / np.float32(len(inputs))


class Concat(Layer, frozen=True, kw_only=True):
    """Branches stacked along the depth."""

    family: ClassVar[Family] = "merge"
    title: ClassVar[str] = "Concat"
    summary: ClassVar[str] = tr_noop("Stacks branches of the same height and width along the depth.")
    prefix: ClassVar[str] = "concat"
    ports: ClassVar[Ports] = Ports(2, None)

    def infer(self, inputs: tuple[Shape, ...]) -> Inferred:
        """Return the first shape with the depths added up."""
        first = inputs[0]
        odd = next((port for port, shape in enumerate(inputs) if shape[1:] != first[1:]), None)
        if odd is None:
            return Inferred(Shape(sum(shape.channels for shape in inputs), *first[1:]))
        shapes = _all_of(inputs)
        message = tr("Concat stacks volumes of one width and height, but it receives {shapes}.", shapes=shapes)
        return Inferred(None, problems=(_problem(Code.CONCAT_SHAPES, message, (first, 0), (inputs[odd], odd)),))

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
        return CopyExplanation.of(inputs[port], (index[0] - firsts[port], *index[1:]), port)

    def seen(self, region: Region, inputs: tuple[Shape, ...]) -> tuple[tuple[Region, ...], ...]:
        """Return the region's channels branch by branch; nothing of branches that have none of them."""
        depths = [shape.channels for shape in inputs]
        found: list[tuple[Region, ...]] = []
        for first, depth in zip(_firsts(depths), depths, strict=True):
            own = region.channels[(region.channels >= first) & (region.channels < first + depth)] - first
            found.append((region.on(own),) if own.size else ())
        return tuple(found)


def _values(inputs: tuple[Array, ...], index: tuple[int, ...]) -> tuple[Array, tuple[tuple[int, ...], ...]]:
    """Return the value of each branch that meets the others at an index, and where it is on its branch."""
    places = []
    for x in inputs:
        places.append(index[:1] if x.ndim == 1 else index if x.shape[1:] != (1, 1) else (index[0], 0, 0))
    return np.array([x[place] for x, place in zip(inputs, places, strict=True)], np.float32), tuple(places)


def _pixel(region: Region) -> Region:
    """Return the only pixel of the region's channels; no position where the region has none."""
    at = np.arange(1 if region.inside is not None else 0)
    return Region(region.channels, at, at, Box(0, 1, 0, 1), region.whole)


def _firsts(depths: list[int]) -> list[int]:
    """Return the channel with which each branch begins."""
    return [sum(depths[:port]) for port in range(len(depths))]


def _all_of(inputs: tuple[Shape, ...]) -> str:
    """Return the shapes that there are among the inputs, each once."""
    text, *others = dict.fromkeys(shape.text() for shape in inputs)
    for other in others:
        text = tr("{several} and {last}", several=text, last=other)
    return text


def _is_pixel(shape: Shape) -> bool:
    """Whether a shape has one value for each channel."""
    return shape.is_vector or shape[1:] == (1, 1)


def _spreads(shape: Shape, wanted: Shape) -> bool:
    """Whether an input has the wanted shape, or one value for each channel of it."""
    return shape == wanted or (wanted.is_volume and _is_pixel(shape) and shape.channels == wanted.channels)


def _problem(code: Code, message: str, wanted: tuple[Shape, int], given: tuple[Shape, int]) -> Problem:
    """Return a merge's problem; a 1×1 convolution mends it where it can bring one branch to the other's shape.

    Both branches are given as shape and port.
    """
    remedies: list[Remedy] = []
    if wanted[0].is_volume and given[0].is_volume:
        for (target, _), (source, at) in ((wanted, given), (given, wanted)):
            projection = _projection(source, target)
            if projection is not None:
                title = tr("Insert a 1×1 Conv2D that makes input {port} {shape}", port=at + 1, shape=target.text())
                remedies.append(Remedy(title, "insert", projection, at))
    return Problem(code, message, port=given[1], remedies=tuple(remedies))


def _projection(source: Shape, target: Shape) -> Conv2D | None:
    """Return the 1×1 convolution, strided where need be, from one volume's shape to another's."""
    stride = tuple(-(-s // t) for s, t in zip(source[1:], target[1:], strict=True))
    projection = Conv2D(kernel=(1, 1)).attempt(filters=target.channels, stride=stride)
    return projection if projection is not None and projection.infer((source,)).output == target else None
