"""Layers that act while a network is trained, and let everything through when it is used."""

from collections.abc import Mapping
from typing import Annotated, ClassVar

from engine.language import tr_noop, tr_number
from engine.layers.base import Array, Family, Inferred
from engine.layers.moving import Passing
from engine.layers.parameters import describe
from engine.shape import Shape


class Dropout(Passing, frozen=True, kw_only=True):
    """Switches values off at random in training; the identity at inference."""

    family: ClassVar[Family] = "regularization"
    title: ClassVar[str] = "Dropout"
    summary: ClassVar[str] = tr_noop(
        "In training, switches off a random part of the values; here it lets everything through."
    )
    prefix: ClassVar[str] = "dropout"

    rate: Annotated[
        float,
        describe(tr_noop("Rate"), tr_noop("The share of values switched off in training."), symbol="p", ge=0, le=1),
    ] = 0.5

    def brief(self) -> str:
        """Return the rate."""
        return tr_number(self.rate, "g")

    def infer(self, inputs: tuple[Shape, ...]) -> Inferred:
        """Return the input's shape."""
        return Inferred(inputs[0])

    def forward(self, inputs: tuple[Array, ...], weights: Mapping[str, Array]) -> Array:
        """Return the input: nothing is dropped when a network is used."""
        return inputs[0]


class DropPath(Passing, frozen=True, kw_only=True):
    """Leaves a whole branch out at random in training; the identity at inference."""

    family: ClassVar[Family] = "regularization"
    title: ClassVar[str] = "DropPath"
    summary: ClassVar[str] = tr_noop(
        "In training, leaves the branch out now and then; here it lets everything through."
    )
    prefix: ClassVar[str] = "droppath"

    rate: Annotated[
        float,
        describe(
            tr_noop("Rate"), tr_noop("The share of images for which the branch is left out."), symbol="p", ge=0, le=1
        ),
    ] = 0.1

    def brief(self) -> str:
        """Return the rate."""
        return tr_number(self.rate, "g")

    def infer(self, inputs: tuple[Shape, ...]) -> Inferred:
        """Return the input's shape."""
        return Inferred(inputs[0])

    def forward(self, inputs: tuple[Array, ...], weights: Mapping[str, Array]) -> Array:
        """Return the input: nothing is left out when a network is used."""
        return inputs[0]
