"""A layer's work played step by step: which value is computed when, and how far its arithmetic has come by then."""

from enum import Enum
from functools import cached_property
from math import prod

import msgspec
import numpy as np

from engine.feature_maps import Result
from engine.graph import Graph
from engine.layers import Layer
from engine.layers.activation import Activation
from engine.layers.explanation import (
    ConvExplanation,
    Explanation,
    LinearExplanation,
    LpExplanation,
    MaxExplanation,
    MeanExplanation,
    Precise,
    SeparableExplanation,
    WindowExplanation,
)
from engine.layers.global_pool import GlobalPool2D
from engine.layers.moving import Rearranging
from engine.layers.region import as_volume
from engine.layers.window import Pads, Windowed
from engine.shape import Shape


class Grain(Enum):
    """How much of a value's arithmetic one step does: all of it, one input channel's share, or one product."""

    VALUE = "value"
    CHANNEL = "channel"
    PRODUCT = "product"


class Step(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """What is shown at one step.

    Attributes
    ----------
    number
        Of the step, counted from 0.
    index
        The output value at work: ``(channel, y, x)`` of a volume, ``(i,)`` of a vector.
    explanation
        All of its arithmetic.
    after
        The same of the activation that follows, where the two are shown as one.
    terms, of
        How many of the value's terms have been taken in, and how many there are.
    running
        What they make so far: their sum, or for max pooling their largest; at the last one, the value.
    done
        How many values of the map are finished, in the order of playing.
    """

    number: int
    index: tuple[int, ...]
    explanation: Explanation
    after: Explanation | None
    terms: int
    of: int
    running: float
    done: int

    @property
    def finished(self) -> bool:
        """Whether the value is complete."""
        return self.terms == self.of


class Steps:
    """The steps by which a layer fills one map of its output, row by row; a vector is filled element by element.

    Parameters
    ----------
    result
        What the layer computed, for one image.
    channel
        Which map of a volume is filled: the filter, for a convolution.
    grain
        How much one step does; one that the layer does not have is taken for whole values.
    after
        What the activation behind it computed of this layer's map, to show both as one.

    Raises
    ------
    ValueError
        Where there is no such channel, or the result is a batch's.
    """

    def __init__(
        self, result: Result, channel: int = 0, grain: Grain = Grain.VALUE, after: Result | None = None
    ) -> None:
        if result.values.ndim not in (1, 3):
            raise ValueError(f"One image's map is (C, H, W) or (N,), not {result.values.shape}")
        if result.values.ndim == 3 and not 0 <= channel < len(result.values):
            raise ValueError(f"There is no map {channel} among {len(result.values)}")
        self.result, self.after = result, after
        self.channel = channel if result.values.ndim == 3 else 0
        self.grain = grain if grain in grains(result) else Grain.VALUE

    @property
    def layer(self) -> Layer:
        """The layer at work."""
        return self.result.layer

    @cached_property
    def positions(self) -> int:
        """How many values are filled in: those of one map, or of the vector."""
        return prod(self.result.values.shape[-2:])

    @cached_property
    def terms(self) -> int:
        """How many steps each value takes."""
        if self.grain is Grain.VALUE:
            return 1
        return len(_terms(self.explain(self.index(0)), self.grain, self._has_bias))

    def __len__(self) -> int:
        """Return the number of steps."""
        return self.positions * self.terms

    def __getitem__(self, number: int) -> Step:
        """Return what is shown at a step.

        Raises
        ------
        IndexError
            Where there is no such step.
        """
        if not 0 <= number < len(self):
            raise IndexError(f"There is no step {number} among {len(self)}")
        position, term = divmod(number, self.terms)
        index, taken = self.index(position), term + 1
        explanation = self.explain(index)
        complete = taken == self.terms
        return Step(
            number=number,
            index=index,
            explanation=explanation,
            after=self._after(index) if complete else None,
            terms=taken,
            of=self.terms,
            running=explanation.total if complete else self._running(explanation, taken),
            done=position + complete,
        )

    def index(self, position: int) -> tuple[int, ...]:
        """Return the index of the value that is filled in at a place in the order of playing."""
        if self.result.values.ndim == 1:
            return (position,)
        return (self.channel, *divmod(position, self.result.values.shape[2]))

    def explain(self, index: tuple[int, ...]) -> Explanation:
        """Return the arithmetic of a value of the output."""
        return explained(self.result, index)

    def at_output(self, *place: int) -> int:
        """Return the step at which the value at ``(y, x)`` of the map, or ``(i,)`` of the vector, is complete."""
        position = place[0] if len(place) == 1 else place[0] * self.result.values.shape[2] + place[1]
        return position * self.terms + self.terms - 1

    def at_input(self, channel: int, y: int, x: int, port: int = 0) -> int | None:
        """Return the step that a value of an input leads to: where the window is centred on it, or where it goes.

        A vector's element ``i`` is channel ``i`` at (0, 0). None where the value leads to no place of its own, for
        every output sees it.
        """
        source, target = self.result.inputs[port].shape, self.result.values.shape
        if isinstance(self.layer, Rearranging) and len(target) == 1:
            flat = int(np.ravel_multi_index((channel, y, x), as_volume(Shape(*source))))
            found = np.flatnonzero(self.layer.sources(np.arange(prod(target)), Shape(*source)) == flat)
            return self.at_output(int(found[0])) if found.size else None
        if len(target) == 1:
            one_each = target == source or isinstance(self.layer, GlobalPool2D)
            return self.at_output(channel) if one_each and channel < target[0] else None
        if len(source) != 3:
            return None
        if isinstance(self.layer, Windowed):
            place = self.layer.place(Shape(*source))
            wanted = [
                round((at + axis.before - (axis.extent - 1) / 2) / axis.stride)
                for at, axis in zip((y, x), place, strict=True)
            ]
        else:
            wanted = [at * ours // theirs for at, ours, theirs in zip((y, x), target[1:], source[1:], strict=True)]
        return self.at_output(*(min(max(at, 0), size - 1) for at, size in zip(wanted, target[1:], strict=True)))

    @property
    def _has_bias(self) -> bool:
        return "bias" in self.result.weights

    def _running(self, explanation: Explanation, taken: int) -> float:
        terms = _terms(explanation, self.grain, self._has_bias)[:taken]
        with np.errstate(all="ignore"):
            return float(terms.max() if isinstance(explanation, MaxExplanation) else terms.sum())

    def _after(self, index: tuple[int, ...]) -> Explanation | None:
        return explained(self.after, index) if self.after is not None else None


def explained(result: Result, index: tuple[int, ...]) -> Explanation:
    """Return the arithmetic of a value that a layer computed."""
    with np.errstate(all="ignore"):  # inf and nan are shown, where they can be seen
        return result.layer.explain(result.inputs, result.weights, index)


def grains(result: Result) -> tuple[Grain, ...]:
    """Return the grains in which a layer can be shown: those for which all its values have equally many terms."""
    if not result.values.size or result.values.ndim not in (1, 3):
        return (Grain.VALUE,)
    first = explained(result, (0,) * result.values.ndim)
    fixed = isinstance(result.layer, Windowed | GlobalPool2D)
    if isinstance(first, ConvExplanation):
        return (Grain.VALUE, Grain.CHANNEL, Grain.PRODUCT) if fixed else (Grain.VALUE, Grain.CHANNEL)
    if isinstance(first, SeparableExplanation):
        return (Grain.VALUE, Grain.CHANNEL)
    if isinstance(first, LinearExplanation) or (isinstance(first, WindowExplanation) and fixed):
        return (Grain.VALUE, Grain.PRODUCT)
    return (Grain.VALUE,)


def ring(result: Result) -> Pads:
    """Return the padding around the layer's first input, as far as windows reach into it: top, bottom, left, right."""
    if not isinstance(result.layer, Windowed) or result.inputs[0].ndim != 3:
        return 0, 0, 0, 0
    y, x = result.layer.place(Shape(*result.inputs[0].shape))
    return y.before, y.after + max(0, y.overhang), x.before, x.after + max(0, x.overhang)


def activation_after(graph: Graph, node: str) -> str | None:
    """Return the activation that is all that a layer feeds, to be shown as one with it; None where there is none."""
    fed = [edge.target for edge in graph.edges if edge.source == node]
    one = len(fed) == 1 and isinstance(graph.by_id[fed[0]].layer, Activation)
    return fed[0] if one else None


def _terms(explanation: Explanation, grain: Grain, has_bias: bool) -> Precise:
    """Return what is taken in one by one, in the order of playing."""
    if isinstance(explanation, ConvExplanation):
        parts = explanation.partial_sums if grain is Grain.CHANNEL else explanation.products.ravel()
        return np.append(parts, explanation.bias) if has_bias else parts
    if isinstance(explanation, SeparableExplanation | LinearExplanation):
        return np.append(explanation.products, explanation.bias) if has_bias else explanation.products
    if isinstance(explanation, LpExplanation):
        return explanation.powers.ravel()
    assert isinstance(explanation, WindowExplanation)
    values = explanation.patch.values.astype(np.float64).ravel()
    return values / explanation.count if isinstance(explanation, MeanExplanation) else values
