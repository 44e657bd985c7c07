"""Layers that bring values to a common scale, so that deep networks can be trained."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

import numpy as np

from engine.derivation import Derivation
from engine.diagnostics import Code
from engine.kernels import normalization
from engine.language import tr, tr_noop
from engine.layers.base import (
    POINT,
    WHOLE,
    Array,
    Family,
    Inferred,
    Layer,
    Problem,
    WeightSpec,
    divisors,
    kept,
    replacements,
    volume_problem,
)
from engine.layers.parameters import describe
from engine.layers.region import Region, of_groups
from engine.layers.value_explanation import NormalizationExplanation, only
from engine.shape import Shape

Epsilon = Annotated[
    float,
    describe(
        tr_noop("Epsilon"),
        tr_noop("Added to the variance, so that nothing is divided by zero."),
        symbol="ε",
        ge=1e-12,
        le=1,
    ),
]
Affine = Annotated[bool, describe(tr_noop("Scale and shift"), tr_noop("Learn a factor and a bias for each channel."))]


class Normalizing(Layer, frozen=True, kw_only=True):
    """What all normalisations share: the shape stays, and each channel has its learned factor and bias."""

    family: ClassVar[Family] = "normalization"
    prefix: ClassVar[str] = "norm"
    weighted: ClassVar[bool] = True

    def infer(self, inputs: tuple[Shape, ...]) -> Inferred:
        """Return the input's shape, and the weights."""
        return Inferred(inputs[0], self._specs(inputs[0]))

    def derive(self, inputs: tuple[Shape, ...]) -> tuple[Derivation, ...]:
        """Say that every value is kept, and how many factors, biases and statistics there are."""
        inferred = self.infer(inputs)
        if inferred.output is None:
            return ()
        (shape,) = inputs
        found = [*kept(shape)]
        for quantity, kind in (("weights", "weight"), ("biases", "bias"), ("statistics", "statistic")):
            specs = [spec for spec in inferred.weights if spec.kind == kind]
            per = specs[0].size if specs else 0
            if specs:
                each = "D₁" if per == shape.channels else tr("values")
                formula = each if len(specs) == 1 else f"{len(specs)}·{each}"
                substituted = f"{per}" if len(specs) == 1 else f"{len(specs)}·{per}"
                found.append(Derivation(quantity, formula, substituted, per * len(specs)))
        return tuple(found)

    def _specs(self, shape: Shape) -> tuple[WeightSpec, ...]:
        return _scale_and_bias((shape.channels,))


class BatchNorm2D(Normalizing, frozen=True, kw_only=True):
    """Each channel brought to mean 0 and variance 1 by statistics gathered in training, then scaled and shifted."""

    title: ClassVar[str] = "BatchNorm2D"
    summary: ClassVar[str] = tr_noop(
        "Brings each channel to mean 0 and variance 1 by statistics from training, then rescales."
    )
    prefix: ClassVar[str] = "bn"

    epsilon: Epsilon = 1e-5
    momentum: Annotated[
        float,
        describe(
            tr_noop("Momentum"),
            tr_noop(
                "For training only: how much each batch counts in the running mean and variance. That is PyTorch's "
                "momentum; Keras and ONNX name what stays of the old ones, so 0.1 is 0.9 there."
            ),
            ge=0,
            le=1,
        ),
    ] = 0.1
    scale: Annotated[bool, describe(tr_noop("Scale"), tr_noop("Learn a factor (gamma) for each channel."))] = True
    center: Annotated[bool, describe(tr_noop("Center"), tr_noop("Learn a bias (beta) for each channel."))] = True

    def _specs(self, shape: Shape) -> tuple[WeightSpec, ...]:
        """Return gamma and beta, learned, and the running mean and variance, gathered: all ``(C,)``."""
        size = (shape.channels,)
        statistics = (
            WeightSpec("running_mean", size, "statistic", "zeros"),
            WeightSpec("running_var", size, "statistic", "constant", value=1.0),
        )
        return (*_scale_and_bias(size, scale=self.scale, bias=self.center), *statistics)

    def forward(self, inputs: tuple[Array, ...], weights: Mapping[str, Array]) -> Array:
        """Return γ·(x − mean)/√(variance + ε) + β."""
        return normalization.batch_norm(
            inputs[0],
            weights["running_mean"],
            weights["running_var"],
            weights["weight"] if self.scale else None,
            weights["bias"] if self.center else None,
            self.epsilon,
        )

    def explain(
        self, inputs: tuple[Array, ...], weights: Mapping[str, Array], index: tuple[int, ...]
    ) -> NormalizationExplanation:
        """Show the value, its channel's statistics from training, factor and bias."""
        (x,) = inputs
        channel = index[0]
        return NormalizationExplanation.of(
            only(x, index),
            index,
            index,
            known=(float(weights["running_mean"][channel]), float(weights["running_var"][channel])),
            epsilon=self.epsilon,
            scale=float(weights["weight"][channel]) if self.scale else 1.0,
            shift=float(weights["bias"][channel]) if self.center else 0.0,
        )


class LayerNorm(Normalizing, frozen=True, kw_only=True):
    """Values of one image normalised over its channels, or over all of it."""

    title: ClassVar[str] = "LayerNorm"
    summary: ClassVar[str] = tr_noop(
        "Brings each pixel's channels, or all values of an image, to mean 0 and variance 1."
    )
    prefix: ClassVar[str] = "ln"

    over: Annotated[
        Literal["channels", "all"],
        describe(
            tr_noop("Over"),
            tr_noop(
                "“channels”: each pixel by itself, over the depth, as in ConvNeXt; “all”: all values together, each "
                "with its own factor and bias. On a vector both are the same."
            ),
        ),
    ] = "channels"
    epsilon: Epsilon = 1e-5
    affine: Affine = True

    def brief(self) -> str:
        """Say what is normalised over, where it is not the channels."""
        return "" if self.over == "channels" else self.over

    def infer(self, inputs: tuple[Shape, ...]) -> Inferred:
        """Return the input's shape; the weights are ``(C,)``, or of the input's shape where all is normalised."""
        (shape,) = inputs
        together = self.over == "all" or not shape.is_volume
        size = tuple(shape) if together else (shape.channels,)
        specs = _scale_and_bias(size) if self.affine else ()
        return Inferred(shape, specs, window=WHOLE if together else POINT)

    def forward(self, inputs: tuple[Array, ...], weights: Mapping[str, Array]) -> Array:
        """Normalise ``(N, C, …)`` and rescale it."""
        (x,) = inputs
        axes = tuple(range(1, x.ndim)) if self.over == "all" else (1,)
        return normalization.layer_norm(x, axes, *_affine(weights, self.affine), self.epsilon)

    def explain(
        self, inputs: tuple[Array, ...], weights: Mapping[str, Array], index: tuple[int, ...]
    ) -> NormalizationExplanation:
        """Show the values that are normalised together, their statistics, factor and bias."""
        (x,) = inputs
        if self.over == "all":
            return _explained(x, (0,) * x.ndim, index, self.epsilon, _own(weights, self.affine, index))
        origin = (0, *index[1:])
        pixel = x[:, index[1] : index[1] + 1, index[2] : index[2] + 1] if x.ndim == 3 else x
        return _explained(pixel, origin, index, self.epsilon, _own(weights, self.affine, index[:1]))

    def seen(self, region: Region, inputs: tuple[Shape, ...]) -> tuple[tuple[Region, ...], ...]:
        """Return all channels of the same pixels, or everything."""
        (shape,) = inputs
        channels = np.arange(shape.channels)
        together = self.over == "all" or not shape.is_volume
        return ((region.maps(shape, channels) if together else region.on(channels),),)


class GroupNorm(Normalizing, frozen=True, kw_only=True):
    """Groups of channels of one image, each normalised over all its values."""

    title: ClassVar[str] = "GroupNorm"
    summary: ClassVar[str] = tr_noop("Brings groups of channels of each image to mean 0 and variance 1.")
    prefix: ClassVar[str] = "gn"

    groups: Annotated[
        int, describe(tr_noop("Groups"), tr_noop("How many groups the channels form."), symbol="G", ge=1, le=65536)
    ] = 8
    epsilon: Epsilon = 1e-5
    affine: Affine = True

    def brief(self) -> str:
        """Return the number of groups."""
        return tr("{groups} groups", groups=self.groups)

    def infer(self, inputs: tuple[Shape, ...]) -> Inferred:
        """Return the input's shape; the channels must form equal groups."""
        (shape,) = inputs
        if shape.channels % self.groups:
            message = tr(
                "The {channels} input channels can't be split into {groups} equal groups.",
                channels=shape.channels,
                groups=self.groups,
            )
            possible = divisors(shape.channels, lambda d: d <= self.groups)[-1]
            remedies = replacements((tr("Use {groups} groups", groups=possible), self.attempt(groups=possible)))
            return Inferred(None, problems=(Problem(Code.GROUPS, message, parameter="groups", remedies=remedies),))
        return Inferred(shape, _scale_and_bias((shape.channels,)) if self.affine else (), window=WHOLE)

    def forward(self, inputs: tuple[Array, ...], weights: Mapping[str, Array]) -> Array:
        """Normalise ``(N, C, …)`` and rescale it."""
        return normalization.group_norm(inputs[0], self.groups, *_affine(weights, self.affine), self.epsilon)

    def explain(
        self, inputs: tuple[Array, ...], weights: Mapping[str, Array], index: tuple[int, ...]
    ) -> NormalizationExplanation:
        """Show the group's values, their statistics, factor and bias."""
        (x,) = inputs
        depth = len(x) // self.groups
        first = index[0] // depth * depth
        origin = (first, *(0 for _ in index[1:]))
        return _explained(x[first : first + depth], origin, index, self.epsilon, _own(weights, self.affine, index[:1]))

    def seen(self, region: Region, inputs: tuple[Shape, ...]) -> tuple[tuple[Region, ...], ...]:
        """Return the whole maps of the channels' groups."""
        (shape,) = inputs
        depth = shape.channels // self.groups
        return ((region.maps(shape, of_groups(region.channels, depth, depth)),),)


class InstanceNorm2D(Normalizing, frozen=True, kw_only=True):
    """Each map of one image normalised by itself."""

    title: ClassVar[str] = "InstanceNorm2D"
    summary: ClassVar[str] = tr_noop(
        "Brings each map of each image to mean 0 and variance 1: contrast goes, pattern stays."
    )
    prefix: ClassVar[str] = "in"

    epsilon: Epsilon = 1e-5
    affine: Affine = True

    def infer(self, inputs: tuple[Shape, ...]) -> Inferred:
        """Return the input's shape."""
        (shape,) = inputs
        if not shape.is_volume:
            return Inferred(
                None,
                problems=(
                    volume_problem(self, shape, tr_noop("{layer} normalises over the height and width of a volume")),
                ),
            )
        return Inferred(shape, _scale_and_bias((shape.channels,)) if self.affine else (), window=WHOLE)

    def forward(self, inputs: tuple[Array, ...], weights: Mapping[str, Array]) -> Array:
        """Normalise ``(N, C, H, W)`` and rescale it."""
        (x,) = inputs
        return normalization.group_norm(x, x.shape[1], *_affine(weights, self.affine), self.epsilon)

    def explain(
        self, inputs: tuple[Array, ...], weights: Mapping[str, Array], index: tuple[int, ...]
    ) -> NormalizationExplanation:
        """Show the map's values, their statistics, factor and bias."""
        (x,) = inputs
        channel = index[0]
        own = _own(weights, self.affine, index[:1])
        return _explained(x[channel : channel + 1], (channel, 0, 0), index, self.epsilon, own)

    def seen(self, region: Region, inputs: tuple[Shape, ...]) -> tuple[tuple[Region, ...], ...]:
        """Return the whole maps of the channels."""
        return ((region.maps(inputs[0], region.channels),),)


def _scale_and_bias(shape: tuple[int, ...], *, scale: bool = True, bias: bool = True) -> tuple[WeightSpec, ...]:
    found = [WeightSpec("weight", shape, "weight", "constant", value=1.0)] if scale else []
    return (*found, WeightSpec("bias", shape, "bias", "zeros")) if bias else tuple(found)


def _affine(weights: Mapping[str, Array], used: bool) -> tuple[Array | None, Array | None]:
    """Return factor and bias; None where the layer has none, whatever else the weights hold."""
    return (weights["weight"], weights["bias"]) if used else (None, None)


def _own(weights: Mapping[str, Array], used: bool, index: tuple[int, ...]) -> tuple[float, float]:
    """Return one value's factor and bias."""
    return (float(weights["weight"][index]), float(weights["bias"][index])) if used else (1.0, 0.0)


def _explained(
    values: Array, origin: tuple[int, ...], index: tuple[int, ...], epsilon: float, affine: tuple[float, float]
) -> NormalizationExplanation:
    scale, shift = affine
    return NormalizationExplanation.of(values, origin, index, epsilon=epsilon, scale=scale, shift=shift)
