"""Fixed arithmetic on the image's values, such as a network was trained with."""

from collections.abc import Mapping
from typing import Annotated, ClassVar

import numpy as np

from engine.derivation import Derivation
from engine.diagnostics import Code
from engine.language import tr, tr_noop, tr_number
from engine.layers.base import Array, Family, Inferred, Layer, Problem, kept, replacements
from engine.layers.parameters import Factor, PositiveFactor, describe
from engine.layers.value_explanation import NormalizationExplanation, ScaleExplanation, only
from engine.shape import Shape


class Rescaling(Layer, frozen=True, kw_only=True):
    """Every value times one number, plus another."""

    family: ClassVar[Family] = "io"
    title: ClassVar[str] = "Rescaling"
    summary: ClassVar[str] = tr_noop(
        "scale·x + offset of every value, to bring pixels to the range that a network knows."
    )
    prefix: ClassVar[str] = "rescale"

    scale: Annotated[
        float, describe(tr_noop("Scale"), tr_noop("What every value is multiplied by."), ge=-1e9, le=1e9)
    ] = 1 / 255
    offset: Annotated[float, describe(tr_noop("Offset"), tr_noop("What is added afterwards."), ge=-1e9, le=1e9)] = 0.0

    def brief(self) -> str:
        """Return both numbers."""
        return f"×{tr_number(self.scale, '.4g')}" + (f" {tr_number(self.offset, '+.4g')}" if self.offset else "")

    def infer(self, inputs: tuple[Shape, ...]) -> Inferred:
        """Return the input's shape."""
        return Inferred(inputs[0])

    def derive(self, inputs: tuple[Shape, ...]) -> tuple[Derivation, ...]:
        """Say that every value is kept."""
        return kept(self.infer(inputs).output)

    def forward(self, inputs: tuple[Array, ...], weights: Mapping[str, Array]) -> Array:
        """Return scale·x + offset."""
        return inputs[0] * np.float32(self.scale) + np.float32(self.offset)

    def explain(
        self, inputs: tuple[Array, ...], weights: Mapping[str, Array], index: tuple[int, ...]
    ) -> ScaleExplanation:
        """Show the value, what it is multiplied by and what is added."""
        before = float(inputs[0][index])
        total = before * self.scale + self.offset
        return ScaleExplanation(total=total, before=before, index=index, factor=self.scale, offset=self.offset)


class Normalization(Layer, frozen=True, kw_only=True):
    """Each channel less its mean, divided by its standard deviation: numbers known from the training images."""

    family: ClassVar[Family] = "io"
    title: ClassVar[str] = "Normalization"
    summary: ClassVar[str] = tr_noop("(x − mean)/deviation, channel by channel, with fixed numbers such as ImageNet's.")
    prefix: ClassVar[str] = "normalize"

    mean: Annotated[
        tuple[Factor, ...],
        describe(tr_noop("Mean"), tr_noop("One number for each channel, or one for all."), symbol="μ"),
    ] = (0.5,)
    deviation: Annotated[
        tuple[PositiveFactor, ...],
        describe(tr_noop("Standard deviation"), tr_noop("One number for each channel, or one for all."), symbol="σ"),
    ] = (0.5,)

    def brief(self) -> str:
        """Return the numbers, where they are few."""
        if max(len(self.mean), len(self.deviation)) > 1:
            return ""
        return f"(x − {tr_number(self.mean[0], 'g')})/{tr_number(self.deviation[0], 'g')}"

    def infer(self, inputs: tuple[Shape, ...]) -> Inferred:
        """Return the input's shape; lists of numbers must be as long as there are channels."""
        (shape,) = inputs
        lists = {
            "mean": (tr_noop("There are {count} means for {channels} input channels."), self.mean),
            "deviation": (tr_noop("There are {count} deviations for {channels} input channels."), self.deviation),
        }
        wrong = {name: given for name, given in lists.items() if len(given[1]) not in (1, shape.channels)}
        if not wrong:
            return Inferred(shape)
        # A remedy mends both lists where both are wrong: one alone would leave the same mistake.
        fitted = {
            name: (*numbers[: shape.channels], *numbers[-1:] * (shape.channels - len(numbers)))
            for name, (_, numbers) in wrong.items()
        }
        firsts = {name: numbers[:1] for name, (_, numbers) in wrong.items()}
        fit = (
            tr_noop("Fit both lists to {count} numbers")
            if len(wrong) > 1
            else tr_noop("Fit the list to {count} numbers")
        )
        remedies = replacements(
            (tr(fit, count=shape.channels), self.attempt(**fitted)),
            (tr("Use the first for all"), self.attempt(**firsts)),
        )
        problems = tuple(
            Problem(
                Code.CHANNEL_COUNT,
                tr(text, count=len(numbers), channels=shape.channels),
                parameter=name,
                remedies=remedies,
            )
            for name, (text, numbers) in wrong.items()
        )
        return Inferred(None, problems=problems)

    def derive(self, inputs: tuple[Shape, ...]) -> tuple[Derivation, ...]:
        """Say that every value is kept."""
        return kept(self.infer(inputs).output)

    def forward(self, inputs: tuple[Array, ...], weights: Mapping[str, Array]) -> Array:
        """Return (x − μ)/σ of ``(N, C, …)``."""
        (x,) = inputs
        per_channel = (-1, *(1,) * (x.ndim - 2))
        mean = np.array(self.mean, np.float32).reshape(per_channel)
        deviation = np.array(self.deviation, np.float32).reshape(per_channel)
        return (x - mean) / deviation

    def explain(
        self, inputs: tuple[Array, ...], weights: Mapping[str, Array], index: tuple[int, ...]
    ) -> NormalizationExplanation:
        """Show the value, its channel's mean, and its deviation as the root of a variance."""
        mean, deviation = (numbers[index[0] % len(numbers)] for numbers in (self.mean, self.deviation))
        return NormalizationExplanation.of(only(inputs[0], index), index, index, known=(mean, deviation**2))
