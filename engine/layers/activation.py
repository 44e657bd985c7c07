"""Non-linear functions, value by value."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

import numpy as np

from engine.derivation import Derivation
from engine.diagnostics import Code
from engine.kernels import activation
from engine.language import tr, tr_noop, tr_number
from engine.layers.base import Array, Family, Inferred, Layer, Problem, WeightSpec, kept, replacements
from engine.layers.parameters import describe, parameters
from engine.layers.value_explanation import ActivationExplanation, ReLUExplanation
from engine.shape import Shape


class Activation(Layer, frozen=True, kw_only=True):
    """What all activations share: every value becomes another one, and the shape stays."""

    family: ClassVar[Family] = "activation"

    def infer(self, inputs: tuple[Shape, ...]) -> Inferred:
        """Return the input's shape."""
        return Inferred(inputs[0])

    def derive(self, inputs: tuple[Shape, ...]) -> tuple[Derivation, ...]:
        """Say that every value is kept."""
        return kept(self.infer(inputs).output)

    def function(self, x: Array) -> Array:
        """Return the function of every value of an array of any shape."""
        raise NotImplementedError

    def forward(self, inputs: tuple[Array, ...], weights: Mapping[str, Array]) -> Array:
        """Return the function of every value."""
        return self.function(inputs[0])

    def explain(
        self, inputs: tuple[Array, ...], weights: Mapping[str, Array], index: tuple[int, ...]
    ) -> ActivationExplanation:
        """Show the value before and after, and the numbers that the function is set to."""
        (x,) = inputs
        numbers = [parameter for parameter in parameters(type(self)) if parameter.kind == "number"]
        return ActivationExplanation(
            total=float(self.function(x[index].reshape(1))[0]),
            before=float(x[index]),
            index=index,
            function=self.title,
            settings=tuple((one.symbol or tr(one.title), float(getattr(self, one.name))) for one in numbers),
        )


class ReLU(Activation, frozen=True, kw_only=True):
    """The rectifier: negative values become zero."""

    title: ClassVar[str] = "ReLU"
    summary: ClassVar[str] = tr_noop("max(0, x) of every value: the non-linearity that follows a convolution.")
    prefix: ClassVar[str] = "relu"

    def function(self, x: Array) -> Array:
        """Return max(0, x)."""
        return activation.relu(x)

    def explain(
        self, inputs: tuple[Array, ...], weights: Mapping[str, Array], index: tuple[int, ...]
    ) -> ReLUExplanation:
        """Show the value before and after."""
        before = np.float64(inputs[0][index])
        total = float(np.clip(before, 0.0, None))
        return ReLUExplanation(total=total, before=float(before), index=index, function=self.title)


class ReLU6(Activation, frozen=True, kw_only=True):
    """The rectifier, cut off at 6."""

    title: ClassVar[str] = "ReLU6"
    summary: ClassVar[str] = tr_noop("max(0, x), but 6 at most: made for arithmetic with few bits (MobileNet).")
    prefix: ClassVar[str] = "relu"

    def function(self, x: Array) -> Array:
        """Return min(max(0, x), 6)."""
        return np.clip(x, 0.0, 6.0)


class LeakyReLU(Activation, frozen=True, kw_only=True):
    """A rectifier that lets a little of negative values through."""

    title: ClassVar[str] = "LeakyReLU"
    summary: ClassVar[str] = tr_noop("x where it is positive, a small share of it where it is negative.")
    prefix: ClassVar[str] = "relu"

    slope: Annotated[
        float, describe(tr_noop("Slope"), tr_noop("What negative values are multiplied by."), symbol="α", ge=-10, le=10)
    ] = 0.01

    def brief(self) -> str:
        """Return the slope."""
        return tr_number(self.slope, "g")

    def function(self, x: Array) -> Array:
        """Return x or α·x."""
        return activation.leaky_relu(x, self.slope)


class PReLU(Activation, frozen=True, kw_only=True):
    """A leaky rectifier whose slope is learned."""

    title: ClassVar[str] = "PReLU"
    summary: ClassVar[str] = tr_noop("x where it is positive, a learned share of it where it is negative.")
    prefix: ClassVar[str] = "prelu"
    weighted: ClassVar[bool] = True

    shared: Annotated[
        bool, describe(tr_noop("One slope for all"), tr_noop("Learn a single slope instead of one for each channel."))
    ] = False

    def infer(self, inputs: tuple[Shape, ...]) -> Inferred:
        """Return the input's shape; the slopes ``(C,)`` or ``(1,)`` are weights."""
        (shape,) = inputs
        slopes = 1 if self.shared else shape.channels
        return Inferred(shape, (WeightSpec("weight", (slopes,), "weight", "constant", value=0.25),))

    def derive(self, inputs: tuple[Shape, ...]) -> tuple[Derivation, ...]:
        """Say how many slopes are learned."""
        slopes = 1 if self.shared else inputs[0].channels
        formula = tr("one slope for all channels") if self.shared else "D₁"
        return (*kept(inputs[0]), Derivation("weights", formula, f"{slopes}", slopes))

    def forward(self, inputs: tuple[Array, ...], weights: Mapping[str, Array]) -> Array:
        """Return x ``(N, C, …)`` or slope ``(C,)`` times x."""
        (x,) = inputs
        slopes = weights["weight"].reshape(-1, *(1,) * (x.ndim - 2))
        return activation.leaky_relu(x, slopes)

    def explain(
        self, inputs: tuple[Array, ...], weights: Mapping[str, Array], index: tuple[int, ...]
    ) -> ActivationExplanation:
        """Show the value before and after, and the channel's slope."""
        before = float(inputs[0][index])
        slope = float(weights["weight"][0 if self.shared else index[0]])
        return ActivationExplanation(
            total=before * slope if before < 0 else before,
            before=before,
            index=index,
            function=self.title,
            settings=(("slope", slope),),
        )


class ELU(Activation, frozen=True, kw_only=True):
    """The exponential linear unit."""

    title: ClassVar[str] = "ELU"
    summary: ClassVar[str] = tr_noop("x where it is positive, α·(exp(x) − 1) where it is negative: smooth, down to −α.")
    prefix: ClassVar[str] = "elu"

    alpha: Annotated[
        float, describe(tr_noop("Alpha"), tr_noop("How far below zero it can go."), symbol="α", ge=0, le=100)
    ] = 1.0

    def function(self, x: Array) -> Array:
        """Return x or α·(exp(x) − 1)."""
        return activation.elu(x, self.alpha)


class SELU(Activation, frozen=True, kw_only=True):
    """The scaled exponential linear unit."""

    title: ClassVar[str] = "SELU"
    summary: ClassVar[str] = tr_noop("ELU with two fixed numbers that keep mean 0 and variance 1 from layer to layer.")
    prefix: ClassVar[str] = "selu"

    def function(self, x: Array) -> Array:
        """Return γ·ELU(x)."""
        return activation.selu(x)


class CELU(Activation, frozen=True, kw_only=True):
    """The continuously differentiable exponential linear unit."""

    title: ClassVar[str] = "CELU"
    summary: ClassVar[str] = tr_noop("x where it is positive, α·(exp(x/α) − 1) where it is negative.")
    prefix: ClassVar[str] = "celu"

    alpha: Annotated[
        float, describe(tr_noop("Alpha"), tr_noop("How far below zero it can go."), symbol="α", ge=0.001, le=100)
    ] = 1.0

    def function(self, x: Array) -> Array:
        """Return x or α·(exp(x/α) − 1)."""
        return activation.celu(x, self.alpha)


class GELU(Activation, frozen=True, kw_only=True):
    """The Gaussian error linear unit."""

    title: ClassVar[str] = "GELU"
    summary: ClassVar[str] = tr_noop("x times the share of a normal distribution below x (transformers, ConvNeXt).")
    prefix: ClassVar[str] = "gelu"

    approximation: Annotated[
        Literal["none", "tanh"],
        describe(tr_noop("Approximation"), tr_noop("Exact, or by tanh as in the first transformers.")),
    ] = "none"

    def brief(self) -> str:
        """Return the approximation, where there is one."""
        return "" if self.approximation == "none" else self.approximation

    def function(self, x: Array) -> Array:
        """Return x·Φ(x)."""
        return activation.gelu(x) if self.approximation == "none" else activation.gelu_tanh(x)


class SiLU(Activation, frozen=True, kw_only=True):
    """The sigmoid linear unit, also called swish."""

    title: ClassVar[str] = "SiLU"
    summary: ClassVar[str] = tr_noop("x·sigmoid(x), also called swish (EfficientNet).")
    prefix: ClassVar[str] = "silu"

    def function(self, x: Array) -> Array:
        """Return x/(1 + exp(−x))."""
        return activation.silu(x)


class Mish(Activation, frozen=True, kw_only=True):
    """A smooth rectifier."""

    title: ClassVar[str] = "Mish"
    summary: ClassVar[str] = tr_noop("x·tanh(log(1 + exp(x))): a smooth rectifier.")
    prefix: ClassVar[str] = "mish"

    def function(self, x: Array) -> Array:
        """Return x·tanh(softplus(x))."""
        return activation.mish(x)


class Sigmoid(Activation, frozen=True, kw_only=True):
    """The logistic function."""

    title: ClassVar[str] = "Sigmoid"
    summary: ClassVar[str] = tr_noop("1/(1 + exp(−x)): every value by itself comes between 0 and 1.")
    prefix: ClassVar[str] = "sigmoid"

    def function(self, x: Array) -> Array:
        """Return 1/(1 + exp(−x))."""
        return activation.sigmoid(x)


class HardSigmoid(Activation, frozen=True, kw_only=True):
    """A sigmoid made of three straight lines."""

    title: ClassVar[str] = "HardSigmoid"
    summary: ClassVar[str] = tr_noop("A sigmoid of three straight lines: α·x + β, cut off at 0 and 1.")
    prefix: ClassVar[str] = "sigmoid"

    alpha: Annotated[
        float, describe(tr_noop("Alpha"), tr_noop("The slope in the middle."), symbol="α", ge=0, le=100)
    ] = 1 / 6
    beta: Annotated[float, describe(tr_noop("Beta"), tr_noop("The value at 0."), symbol="β", ge=-100, le=100)] = 0.5

    def function(self, x: Array) -> Array:
        """Return min(max(0, α·x + β), 1)."""
        return activation.hard_sigmoid(x, self.alpha, self.beta)


class HardSwish(Activation, frozen=True, kw_only=True):
    """SiLU with a hard sigmoid."""

    title: ClassVar[str] = "HardSwish"
    summary: ClassVar[str] = tr_noop("x·min(max(0, x/6 + 1/2), 1): swish without exponentials (MobileNetV3).")
    prefix: ClassVar[str] = "hswish"

    def function(self, x: Array) -> Array:
        """Return x times its hard sigmoid."""
        return activation.hard_swish(x)


class Tanh(Activation, frozen=True, kw_only=True):
    """The hyperbolic tangent."""

    title: ClassVar[str] = "Tanh"
    summary: ClassVar[str] = tr_noop("The hyperbolic tangent: every value comes between −1 and 1 (the first LeNet).")
    prefix: ClassVar[str] = "tanh"

    def function(self, x: Array) -> Array:
        """Return tanh(x)."""
        return np.tanh(x)


class Softplus(Activation, frozen=True, kw_only=True):
    """A smooth rectifier that is always positive."""

    title: ClassVar[str] = "Softplus"
    summary: ClassVar[str] = tr_noop("log(1 + exp(x)): a smooth rectifier, always positive.")
    prefix: ClassVar[str] = "softplus"

    def function(self, x: Array) -> Array:
        """Return log(1 + exp(x))."""
        return activation.softplus(x)


class Softsign(Activation, frozen=True, kw_only=True):
    """A gentle squashing function."""

    title: ClassVar[str] = "Softsign"
    summary: ClassVar[str] = tr_noop("x/(1 + |x|): like tanh, but slower towards −1 and 1.")
    prefix: ClassVar[str] = "softsign"

    def function(self, x: Array) -> Array:
        """Return x/(1 + |x|)."""
        return activation.softsign(x)


class Clip(Activation, frozen=True, kw_only=True):
    """Values cut off at both ends."""

    title: ClassVar[str] = "Clip"
    summary: ClassVar[str] = tr_noop("Cuts values off below a least and above a greatest one.")
    prefix: ClassVar[str] = "clip"

    minimum: Annotated[
        float, describe(tr_noop("Minimum"), tr_noop("Smaller values become this one."), ge=-1e9, le=1e9)
    ] = 0.0
    maximum: Annotated[
        float, describe(tr_noop("Maximum"), tr_noop("Larger values become this one."), ge=-1e9, le=1e9)
    ] = 1.0

    def brief(self) -> str:
        """Return the range."""
        return tr("{minimum:g} to {maximum:g}", minimum=self.minimum, maximum=self.maximum)

    def infer(self, inputs: tuple[Shape, ...]) -> Inferred:
        """Return the input's shape; an empty range is a mistake."""
        if self.minimum <= self.maximum:
            return Inferred(inputs[0])
        message = tr(
            "The minimum {minimum:g} is above the maximum {maximum:g}, so no value is in between.",
            minimum=self.minimum,
            maximum=self.maximum,
        )
        swapped = self.attempt(minimum=self.maximum, maximum=self.minimum)
        remedies = replacements(
            (tr("Clip from {maximum:g} to {minimum:g}", maximum=self.maximum, minimum=self.minimum), swapped)
        )
        return Inferred(None, problems=(Problem(Code.VALUE_RANGE, message, parameter="minimum", remedies=remedies),))

    def function(self, x: Array) -> Array:
        """Return min(max(minimum, x), maximum)."""
        return np.clip(x, self.minimum, self.maximum)
