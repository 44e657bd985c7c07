"""Layers that only give values another order or another shape."""

from collections.abc import Mapping
from math import prod
from typing import Annotated, ClassVar, Literal

import numpy as np

from engine.derivation import Derivation
from engine.diagnostics import Code
from engine.language import tr, tr_noop
from engine.layers.base import POINT, WHOLE, Array, Family, Inferred, Problem, kept, replacements, volume_problem
from engine.layers.moving import Passing, Rearranging
from engine.layers.parameters import Extent, describe
from engine.layers.region import Positions
from engine.shape import Shape

_AXES = "CHW"


class Identity(Passing, frozen=True, kw_only=True):
    """Everything goes through as it is."""

    family: ClassVar[Family] = "reshape"
    title: ClassVar[str] = "Identity"
    summary: ClassVar[str] = tr_noop("Lets everything through unchanged: a place to give a value a name.")
    prefix: ClassVar[str] = "identity"

    def infer(self, inputs: tuple[Shape, ...]) -> Inferred:
        """Return the input's shape."""
        return Inferred(inputs[0])

    def forward(self, inputs: tuple[Array, ...], weights: Mapping[str, Array]) -> Array:
        """Return the input."""
        return inputs[0]


class Flatten(Rearranging, frozen=True, kw_only=True):
    """A volume laid out as a vector: channel by channel, row by row."""

    family: ClassVar[Family] = "reshape"
    title: ClassVar[str] = "Flatten"
    summary: ClassVar[str] = tr_noop("Lays a volume out as a vector; nothing is computed.")
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

    def sources(self, places: Positions, shape: Shape) -> Positions:
        """Return the same places: the order stays."""
        return places


class Reshape(Rearranging, frozen=True, kw_only=True):
    """The same values, in the same order, under another shape."""

    family: ClassVar[Family] = "reshape"
    title: ClassVar[str] = "Reshape"
    summary: ClassVar[str] = tr_noop(
        "Gives the values another shape, channel by channel, row by row; nothing is computed."
    )
    prefix: ClassVar[str] = "reshape"

    shape: Annotated[
        tuple[Extent, ...],
        describe(
            tr_noop("Shape"),
            tr_noop(
                "Channels, height and width of a volume, or the length of a vector; −1 stands for what is left over."
            ),
        ),
    ] = (-1, 1, 1)

    def brief(self) -> str:
        """Return the shape in the lecture's order: ``→ 1×1×64``."""
        return "→ " + "×".join("?" if extent == -1 else f"{extent}" for extent in reversed(self.shape))

    def target(self, size: int) -> Shape | None:
        """Return the shape that ``size`` values take; None where they do not fit."""
        known = prod(extent for extent in self.shape if extent != -1)
        free = self.shape.count(-1)
        if len(self.shape) not in (1, 3) or 0 in self.shape or free > 1 or (size % known if free else size != known):
            return None
        return Shape(*(size // known if extent == -1 else extent for extent in self.shape))

    def infer(self, inputs: tuple[Shape, ...]) -> Inferred:
        """Return the shape asked for; it must hold as many values as come in."""
        (shape,) = inputs
        output = self.target(shape.size)
        if output is None:
            return Inferred(None, problems=(self._problem(shape),))
        return Inferred(output, window=POINT if output == shape else WHOLE)

    def derive(self, inputs: tuple[Shape, ...]) -> tuple[Derivation, ...]:
        """Say that every value is kept."""
        return kept(self.infer(inputs).output)

    def forward(self, inputs: tuple[Array, ...], weights: Mapping[str, Array]) -> Array:
        """Return a view of the other shape."""
        (x,) = inputs
        return x.reshape(len(x), *self.shape)

    def sources(self, places: Positions, shape: Shape) -> Positions:
        """Return the same places: the order stays."""
        return places

    def _problem(self, shape: Shape) -> Problem:
        wanted = "×".join(map(str, reversed(self.shape)))
        known = prod(extent for extent in self.shape if extent != -1)
        if len(self.shape) not in (1, 3):
            text = tr_noop("The shape {wanted} has {count} numbers; a volume has three, a vector one.")
        elif 0 in self.shape or self.shape.count(-1) > 1:
            text = tr_noop("The shape {wanted} must not hold a 0, nor −1 more than once.")
        elif -1 in self.shape:
            text = tr_noop(
                "The shape {wanted} does not fit: the input has {size:,} values ({shape}), "
                "which is not a multiple of {known:,}."
            )
        else:
            text = tr_noop(
                "The shape {wanted} does not fit: the input has {size:,} values ({shape}), which is not {known:,}."
            )
        message = tr(text, wanted=wanted, count=len(self.shape), size=shape.size, shape=shape.text(), known=known)
        remedies = replacements(
            *(
                (tr("Make it {shape}", shape=Shape(*new).text()), self.attempt(shape=new))
                for axis in range(len(self.shape))
                if (new := self._free(axis, shape.size)) is not None
            ),
            (tr("Make it a volume of 1×1×{size}", size=shape.size), self.attempt(shape=(shape.size, 1, 1))),
        )
        return Problem(Code.RESHAPE_SIZE, message, parameter="shape", remedies=remedies)

    def _free(self, axis: int, size: int) -> tuple[int, ...] | None:
        """Return the shape with one extent chosen so that it fits; None where none does."""
        others = [extent for at, extent in enumerate(self.shape) if at != axis]
        if len(self.shape) not in (1, 3) or any(extent < 1 for extent in others) or size % prod(others):
            return None
        return (*self.shape[:axis], size // prod(others), *self.shape[axis + 1 :])


class Permute(Rearranging, frozen=True, kw_only=True):
    """A volume with its axes in another order."""

    family: ClassVar[Family] = "reshape"
    title: ClassVar[str] = "Permute"
    summary: ClassVar[str] = tr_noop("Swaps depth, height and width of a volume; HWC is how Keras stores images.")
    prefix: ClassVar[str] = "permute"

    order: Annotated[
        Literal["CHW", "CWH", "HCW", "HWC", "WCH", "WHC"],
        describe(
            tr_noop("Order"),
            tr_noop(
                "Which axes of the input (C channels, H height, W width) become the output's channels, height and "
                "width."
            ),
        ),
    ] = "CWH"

    def brief(self) -> str:
        """Return the order."""
        return f"CHW → {self.order}"

    def infer(self, inputs: tuple[Shape, ...]) -> Inferred:
        """Return the extents in the new order."""
        (shape,) = inputs
        if not shape.is_volume:
            return Inferred(
                None, problems=(volume_problem(self, shape, tr_noop("{layer} turns the height and width of a volume")),)
            )
        return Inferred(
            Shape(*(shape[axis] for axis in self.axis_order)), window=POINT if self.order == "CHW" else WHOLE
        )

    def derive(self, inputs: tuple[Shape, ...]) -> tuple[Derivation, ...]:
        """Say that every value is kept."""
        return kept(self.infer(inputs).output)

    def forward(self, inputs: tuple[Array, ...], weights: Mapping[str, Array]) -> Array:
        """Return ``(N, C, H, W)`` with its last three axes in the new order."""
        return np.ascontiguousarray(inputs[0].transpose(0, *(axis + 1 for axis in self.axis_order)))

    @property
    def axis_order(self) -> tuple[int, ...]:
        """The axis of the input (0 to 2) that each axis of the output is."""
        return tuple(_AXES.index(letter) for letter in self.order)
