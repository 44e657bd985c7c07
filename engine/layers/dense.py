"""Fully connected layers: every output sees every input."""

from collections.abc import Mapping
from typing import Annotated, ClassVar

import numpy as np

from engine.derivation import Derivation
from engine.diagnostics import Code
from engine.language import tr, tr_noop
from engine.layers.base import WHOLE, Array, Family, Inferred, Layer, Problem, Remedy, WeightSpec
from engine.layers.explanation import LinearExplanation, read_only
from engine.layers.parameters import describe
from engine.layers.region import Region
from engine.layers.reshape import Flatten
from engine.shape import Shape


class Linear(Layer, frozen=True, kw_only=True):
    """What a dense layer and a linear classifier share: ``W·x + b`` on a vector."""

    family: ClassVar[Family] = "dense"
    weighted: ClassVar[bool] = True

    @property
    def outputs(self) -> int:
        """Length of the output vector."""
        raise NotImplementedError

    @property
    def has_bias(self) -> bool:
        """Whether a bias is added."""
        return True

    def infer(self, inputs: tuple[Shape, ...]) -> Inferred:
        """Return a vector, and as many weights as there are pairs of an input and an output."""
        (shape,) = inputs
        if not shape.is_vector:
            return Inferred(None, problems=(self._volume_problem(shape),))
        size, outputs = shape.size, self.outputs
        weight = WeightSpec("weight", (outputs, size), "weight", "glorot", size, outputs)
        bias = (WeightSpec("bias", (outputs,), "bias", "zeros"),) if self.has_bias else ()
        return Inferred(Shape(outputs), (weight, *bias), size * outputs, size * outputs, WHOLE)

    def derive(self, inputs: tuple[Shape, ...]) -> tuple[Derivation, ...]:
        """Return how weights and connections come about."""
        if not inputs[0].is_vector:
            return ()
        size, outputs = inputs[0].size, self.outputs
        biases = outputs if self.has_bias else 0
        return (
            Derivation("outputs", tr("N₂ = units"), f"{outputs}", outputs),
            Derivation("weights", "N₁·N₂", f"{size}·{outputs}", size * outputs),
            Derivation("biases", "N₂" if biases else tr("no bias"), f"{biases}", biases),
            Derivation("connections", "N₁·N₂", f"{size}·{outputs}", size * outputs),
            Derivation("macs", "N₁·N₂", f"{size}·{outputs}", size * outputs),
        )

    def forward(self, inputs: tuple[Array, ...], weights: Mapping[str, Array]) -> Array:
        """Return ``x (N, in) · weightᵀ (in, out) + bias``."""
        (x,) = inputs
        out = x @ weights["weight"].T
        if self.has_bias:
            out += weights["bias"]
        return out

    def explain(
        self, inputs: tuple[Array, ...], weights: Mapping[str, Array], index: tuple[int, ...]
    ) -> LinearExplanation:
        """Show inputs, weights and products for the output ``(i,)``."""
        (x,) = inputs
        (i,) = index
        row = weights["weight"][i]
        products = np.multiply(x, row, dtype=np.float64)
        bias = float(weights["bias"][i]) if self.has_bias else 0.0
        return LinearExplanation(
            total=float(products.sum()) + bias,
            inputs=read_only(x),
            weights=read_only(row),
            products=read_only(products),
            bias=bias,
        )

    def seen(self, region: Region, inputs: tuple[Shape, ...]) -> tuple[tuple[Region, ...], ...]:
        """Return everything."""
        return ((Region.all(inputs[0]),),)

    def _volume_problem(self, shape: Shape) -> Problem:
        return Problem(
            Code.VECTOR_EXPECTED,
            tr(
                "{layer} connects every value of a vector, but it receives a volume of {shape}; "
                "flattened, that is a vector of {size:,} values.",
                layer=self.title,
                shape=shape.text(),
                size=shape.size,
            ),
            port=0,
            remedies=(Remedy(tr("Insert Flatten"), "insert", Flatten()),),
        )


class Dense(Linear, frozen=True, kw_only=True):
    """A fully connected layer."""

    title: ClassVar[str] = "Dense"
    summary: ClassVar[str] = tr_noop("Connects every input to every output: N₁·N₂ weights.")
    prefix: ClassVar[str] = "dense"

    units: Annotated[
        int, describe(tr_noop("Units"), tr_noop("Number of outputs (neurons)."), symbol="N₂", ge=1, le=1_000_000)
    ] = 10
    bias: Annotated[bool, describe(tr_noop("Bias"), tr_noop("Add one learned number to each output."))] = True

    @property
    def outputs(self) -> int:
        """Length of the output vector."""
        return self.units

    @property
    def has_bias(self) -> bool:
        """Whether a bias is added."""
        return self.bias

    def brief(self) -> str:
        """Return the number of units."""
        return tr("{units:,} units", units=self.units)
