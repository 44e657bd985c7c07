"""Layers that add to the border of a volume, or take from it."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

import numpy as np

from engine.derivation import Derivation
from engine.diagnostics import Code
from engine.kernels.rearrange import pad_border
from engine.language import tr, tr_noop, tr_number
from engine.layers.base import POINT, Array, Inferred, Problem, Window, replacements, volume_problem
from engine.layers.moving import Moving
from engine.layers.parameters import Sides, describe
from engine.layers.region import Positions
from engine.shape import Shape


class ZeroPad2D(Moving, frozen=True, kw_only=True):
    """A border around every map: zeros, another value, mirrored pixels, or the edge's own."""

    title: ClassVar[str] = "ZeroPad2D"
    summary: ClassVar[str] = tr_noop("Puts a border around every map: zeros, mirrored pixels, or the edge repeated.")
    prefix: ClassVar[str] = "pad"

    padding: Annotated[
        Sides,
        describe(tr_noop("Padding"), tr_noop("Width of the border: top, bottom, left, right."), symbol="P", unit="px"),
    ] = (1, 1, 1, 1)
    mode: Annotated[
        Literal["constant", "reflect", "edge"],
        describe(
            tr_noop("Filled with"),
            tr_noop("One value, the pixels mirrored at the edge, or the edge's pixels repeated."),
        ),
    ] = "constant"
    value: Annotated[float, describe(tr_noop("Value"), tr_noop("What a constant border holds."), ge=-1e9, le=1e9)] = 0.0

    def brief(self) -> str:
        """Return the border's width, and how it is filled where that is not with zeros."""
        text = f"{self.padding[0]}" if len(set(self.padding)) == 1 else ",".join(map(str, self.padding))
        filled = self.mode if self.mode != "constant" else tr_number(self.value, "g") if self.value else ""
        return f"{text} {filled}".rstrip()

    def infer(self, inputs: tuple[Shape, ...]) -> Inferred:
        """Return ``(C, H + top + bottom, W + left + right)``."""
        (shape,) = inputs
        if not shape.is_volume:
            return Inferred(
                None,
                problems=(volume_problem(self, shape, tr_noop("{layer} extends the height and width of a volume")),),
            )
        channels, height, width = shape
        top, bottom, left, right = self.padding
        most = (height - 1, height - 1, width - 1, width - 1)
        if self.mode == "reflect" and any(side > limit for side, limit in zip(self.padding, most, strict=True)):
            fitting = tuple(min(side, limit) for side, limit in zip(self.padding, most, strict=True))
            message = tr(
                "The padding ({top} top, {bottom} bottom, {left} left, {right} right) must be smaller than the "
                "{width}×{height} input, because only its other pixels can be mirrored at its edge.",
                top=top,
                bottom=bottom,
                left=left,
                right=right,
                width=width,
                height=height,
            )
            remedies = replacements(
                (tr("Make the padding smaller"), self.attempt(padding=fitting)),
                (tr("Repeat the edge instead"), self.attempt(mode="edge")),
            )
            problem = Problem(Code.PADDING_TOO_LARGE, message, parameter="padding", remedies=remedies)
            return Inferred(None, problems=(problem,))
        output = Shape(channels, height + top + bottom, width + left + right)
        return Inferred(output, window=Window((1, 1), (1, 1), (top, left)))

    def derive(self, inputs: tuple[Shape, ...]) -> tuple[Derivation, ...]:
        """Return the sums."""
        (shape,) = inputs
        output = self.infer(inputs).output
        if output is None:
            return ()
        top, bottom, left, right = self.padding
        return (
            Derivation("width", "W₂ = W₁ + P₁ + P₂", f"{shape[2]} + {left} + {right}", output[2]),
            Derivation("height", "H₂ = H₁ + P₁ + P₂", f"{shape[1]} + {top} + {bottom}", output[1]),
            Derivation("depth", "D₂ = D₁", f"{shape.channels}", shape.channels),
        )

    def forward(self, inputs: tuple[Array, ...], weights: Mapping[str, Array]) -> Array:
        """Pad ``(N, C, H, W)``."""
        return pad_border(inputs[0], self.padding, self.mode, self.value)

    def axes(self, shape: Shape) -> tuple[Positions, ...]:
        """Return where the border's pixels are mirrored or repeated from; a constant is from nowhere."""
        channels, height, width = shape
        rows, columns = self.padding[:2], self.padding[2:]
        return np.arange(channels), self._extended(height, rows), self._extended(width, columns)

    @property
    def border(self) -> float:
        """What a constant border holds."""
        return self.value

    def _extended(self, size: int, sides: tuple[int, ...]) -> Positions:
        before, after = sides
        if self.mode == "constant":
            return np.pad(np.arange(size), (before, after), constant_values=-1)
        return np.pad(np.arange(size), (before, after), mode=self.mode)


class Crop2D(Moving, frozen=True, kw_only=True):
    """Rows and columns cut off at the border."""

    title: ClassVar[str] = "Crop2D"
    summary: ClassVar[str] = tr_noop("Cuts rows and columns off at the border of every map.")
    prefix: ClassVar[str] = "crop"

    cropping: Annotated[
        Sides,
        describe(tr_noop("Cropping"), tr_noop("Pixels cut off: top, bottom, left, right."), symbol="P", unit="px"),
    ] = (1, 1, 1, 1)

    def brief(self) -> str:
        """Return what is cut off."""
        return f"{self.cropping[0]}" if len(set(self.cropping)) == 1 else ",".join(map(str, self.cropping))

    def infer(self, inputs: tuple[Shape, ...]) -> Inferred:
        """Return ``(C, H − top − bottom, W − left − right)``."""
        (shape,) = inputs
        if not shape.is_volume:
            return Inferred(
                None, problems=(volume_problem(self, shape, tr_noop("{layer} cuts the height and width of a volume")),)
            )
        channels, height, width = shape
        top, bottom, left, right = self.cropping
        output = Shape(channels, height - top - bottom, width - left - right)
        if min(output) > 0:
            return Inferred(output, window=Window((1, 1), (1, 1), (-top, -left)))
        message = tr(
            "Cutting {rows} rows and {columns} columns off leaves nothing of the {width}×{height} input.",
            rows=top + bottom,
            columns=left + right,
            width=width,
            height=height,
        )
        remedies = replacements((tr("Cut nothing off"), self.attempt(cropping=(0, 0, 0, 0))))
        problem = Problem(Code.EMPTY_OUTPUT, message, parameter="cropping", remedies=remedies)
        return Inferred(None, problems=(problem,))

    def derive(self, inputs: tuple[Shape, ...]) -> tuple[Derivation, ...]:
        """Return the differences."""
        (shape,) = inputs
        output = self.infer(inputs).output
        if output is None:
            return ()
        top, bottom, left, right = self.cropping
        return (
            Derivation("width", "W₂ = W₁ − P₁ − P₂", f"{shape[2]} − {left} − {right}", output[2]),
            Derivation("height", "H₂ = H₁ − P₁ − P₂", f"{shape[1]} − {top} − {bottom}", output[1]),
            Derivation("depth", "D₂ = D₁", f"{shape.channels}", shape.channels),
        )

    def forward(self, inputs: tuple[Array, ...], weights: Mapping[str, Array]) -> Array:
        """Crop ``(N, C, H, W)``."""
        (x,) = inputs
        top, bottom, left, right = self.cropping
        return np.ascontiguousarray(x[:, :, top : x.shape[2] - bottom, left : x.shape[3] - right])

    def axes(self, shape: Shape) -> tuple[Positions, ...]:
        """Return the rows and columns that are left."""
        channels, height, width = shape
        top, bottom, left, right = self.cropping
        return np.arange(channels), np.arange(top, height - bottom), np.arange(left, width - right)


_OUT_OF_RANGE = {
    "channels": tr_noop("The slice reaches number {last}, but there are {size} channels, numbered from 0 to {end}."),
    "height": tr_noop("The slice reaches number {last}, but there are {size} rows, numbered from 0 to {end}."),
    "width": tr_noop("The slice reaches number {last}, but there are {size} columns, numbered from 0 to {end}."),
}


class Slice(Moving, frozen=True, kw_only=True):
    """A part of the channels, the rows or the columns."""

    title: ClassVar[str] = "Slice"
    summary: ClassVar[str] = tr_noop(
        "Keeps some of the channels, rows or columns: from a first one, so many, in steps."
    )
    prefix: ClassVar[str] = "slice"

    axis: Annotated[
        Literal["channels", "height", "width"],
        describe(tr_noop("Of"), tr_noop("Which axis is cut; a vector has channels only.")),
    ] = "channels"
    start: Annotated[
        int, describe(tr_noop("First"), tr_noop("The first one kept, counted from 0."), ge=0, le=1 << 31)
    ] = 0
    length: Annotated[
        int, describe(tr_noop("How many"), tr_noop("Number of those kept; 0 is all up to the end."), ge=0, le=1 << 31)
    ] = 0
    step: Annotated[
        int, describe(tr_noop("Step"), tr_noop("From each one kept to the next; 1 leaves none out."), ge=1, le=65536)
    ] = 1

    def brief(self) -> str:
        """Return what is kept: ``channels 0:58``, as Python writes it."""
        end = self.start + (self.length - 1) * self.step + 1 if self.length else ""
        return f"{self.axis} {self.start}:{end}" + (f":{self.step}" if self.step > 1 else "")

    def infer(self, inputs: tuple[Shape, ...]) -> Inferred:
        """Return the shape with one extent made smaller."""
        (shape,) = inputs
        if self.axis != "channels" and not shape.is_volume:
            return Inferred(
                None, problems=(volume_problem(self, shape, tr_noop("{layer} cuts the height and width of a volume")),)
            )
        at, size = self.axis_index, shape[self.axis_index]
        count = self._count(size)
        if count < 1 or self.start + (count - 1) * self.step >= size:
            return Inferred(None, problems=(self._range_problem(size),))
        window = POINT
        if at:
            before, stride = [0, 0], [1, 1]
            before[at - 1], stride[at - 1] = -self.start, self.step
            window = Window((1, 1), (stride[0], stride[1]), (before[0], before[1]))
        return Inferred(Shape(*shape[:at], count, *shape[at + 1 :]), window=window)

    def derive(self, inputs: tuple[Shape, ...]) -> tuple[Derivation, ...]:
        """Say how many are kept."""
        output = self.infer(inputs).output
        if output is None:
            return ()
        quantity = {"channels": "depth", "height": "height", "width": "width"}[self.axis]
        size, kept = inputs[0][self.axis_index], output[self.axis_index]
        if self.length:
            return (Derivation(quantity, tr("as many as asked for"), f"{kept}", kept),)
        return (Derivation(quantity, tr("⌈(size − first)/step⌉"), f"⌈({size} − {self.start})/{self.step}⌉", kept),)

    def forward(self, inputs: tuple[Array, ...], weights: Mapping[str, Array]) -> Array:
        """Return the part of ``(N, C, …)`` along the axis."""
        (x,) = inputs
        axis = self.axis_index + 1
        return np.ascontiguousarray(x[(slice(None),) * axis + (self.kept(x.shape[axis]),)])

    def axes(self, shape: Shape) -> tuple[Positions, ...]:
        """Return what is kept of the axis; the others stay."""
        axes = [np.arange(size) for size in shape]
        axes[self.axis_index] = axes[self.axis_index][self.kept(shape[self.axis_index])]
        return tuple(axes)

    @property
    def axis_index(self) -> int:
        """The axis that is cut: 0 for channels, 1 for rows, 2 for columns."""
        return ("channels", "height", "width").index(self.axis)

    def kept(self, size: int) -> slice:
        """Return what is kept of so many channels, rows or columns; its end is right behind the last one."""
        return slice(self.start, self.start + (self._count(size) - 1) * self.step + 1, self.step)

    def _count(self, size: int) -> int:
        return self.length or -(-(size - self.start) // self.step)

    def _range_problem(self, size: int) -> Problem:
        last = self.start + (max(1, self.length) - 1) * self.step
        message = tr(_OUT_OF_RANGE[self.axis], last=last, size=size, end=size - 1)
        rest = (tr("Keep all up to the end"), self.attempt(length=0) if self.start < size else None)
        remedies = replacements(rest, (tr("Keep all"), self.attempt(start=0, length=0, step=1)))
        parameter = "length" if self.start < size else "start"
        return Problem(Code.SLICE_RANGE, message, parameter=parameter, remedies=remedies)
