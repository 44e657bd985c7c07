"""Layers that go through their inputs value by value: rectifiers, sums, scale and shift, joining, flattening."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from engine.kernels.channels_last.region import (
    Array,
    Ask,
    Call,
    Kernel,
    Parameters,
    Region,
    copying,
    flat,
    go_on,
    per_channel,
)

# The ufunc behind np.clip: np.maximum(x, 0) takes two to four times as long, and np.clip itself as long as a small map.
_clip = np._core.umath.clip  # type: ignore[attr-defined]


@dataclass(frozen=True)
class _Elementwise(Kernel):
    """A layer whose output has its input's shape ``(H, W, C)``."""

    shape: tuple[int, int, int]
    operands: int = 2  # maps read and written

    splits_channels = True
    shrinks = 1
    leaves_gaps = True

    def row_bytes(self) -> int:
        """Return the bytes of one row of each map."""
        return 4 * self.operands * self.shape[1] * self.shape[2]


@dataclass(frozen=True)
class Rectify(_Elementwise):
    """``min(max(x, 0), most)``: ReLU, and ReLU6 with ``most = 6``."""

    most: float = float("inf")

    def calls(
        self, inputs: Sequence[Array], output: Array, weights: Parameters, region: Region, scratch: Array
    ) -> list[Call]:
        """Return one call."""
        source, target = flat(region.of(inputs[0]), region.of(output))
        # Bounds as arrays without axes: numpy would make them of numbers at each call.
        return [partial(_clip, source, np.zeros((), np.float32), np.full((), self.most, np.float32), target)]


@dataclass(frozen=True)
class Combine(_Elementwise):
    """Inputs combined value by value, from the first to the last: a sum, a product, a difference, a maximum.

    An input may be a single pixel ``(1, 1, C)``, which then meets every pixel of the others.
    """

    operation: np.ufunc = np.add

    def needs(self, region: Region, shape: tuple[int, ...]) -> Region:
        """Return the same place, or the same channels of a single pixel."""
        return region if shape == self.shape else region._replace(top=0, bottom=1)

    def calls(
        self, inputs: Sequence[Array], output: Array, weights: Parameters, region: Region, scratch: Array
    ) -> list[Call]:
        """Return one call for each input but the first."""
        target = region.of(output)
        first, *others = (self.needs(region, x.shape).of(x) for x in inputs)
        calls: list[Call] = []
        for other in others:
            operands: tuple[Array, ...] = (first, other, target)
            if first.shape == other.shape == target.shape:
                operands = flat(*operands)
            calls.append(partial(self.operation, *operands[:2], out=operands[2]))
            first = target
        return calls


@dataclass(frozen=True)
class Mapped(_Elementwise):
    """Any function of single values, which returns a new array."""

    function: Callable[[Array], Array] = np.abs

    def calls(
        self, inputs: Sequence[Array], output: Array, weights: Parameters, region: Region, scratch: Array
    ) -> list[Call]:
        """Return one call, which copies the function's result."""
        source, target = flat(region.of(inputs[0]), region.of(output))

        def apply() -> None:
            np.copyto(target, self.function(source))

        return [apply]


@dataclass(frozen=True)
class ScaleShift(_Elementwise):
    """``x·scale + shift`` with a scale and a shift per channel: batch normalisation with its running statistics.

    ``(x − mean)/√(var + eps)·weight + bias`` is that, with ``scale = weight/√(var + eps)`` and
    ``shift = bias − mean·scale`` (Ioffe and Szegedy, 2015, algorithm 2).
    """

    eps: float = 1e-5

    @property
    def preparation(self) -> object:
        """The number added to the variance."""
        return ScaleShift, self.eps

    @property
    def prepared_values(self) -> int:
        """Scale and shift."""
        return 2 * self.shape[2]

    def prepare(self, weights: Mapping[str, Array], ask: Ask = go_on) -> dict[str, Array]:
        """Return scale and shift ``(C,)`` from ``running_mean``, ``running_var``, and ``weight``, ``bias`` if any."""
        variance = weights["running_var"].astype(np.float64)
        scale = weights.get("weight", np.float32(1)) / np.sqrt(variance + self.eps)
        shift = weights.get("bias", np.float32(0)) - weights["running_mean"] * scale
        return {"scale": scale.astype(np.float32), "shift": shift.astype(np.float32)}

    def calls(
        self, inputs: Sequence[Array], output: Array, weights: Parameters, region: Region, scratch: Array
    ) -> list[Call]:
        """Return a multiplication and an addition, the second while the output is in the cache."""
        return [
            per_channel(np.multiply, inputs[0], weights, "scale", output, region),
            per_channel(np.add, output, weights, "shift", output, region),
        ]


@dataclass(frozen=True)
class Normalize(_Elementwise):
    """``(x − mean)/deviation`` with fixed numbers, one for each channel or one for all; planes stay planes."""

    mean: tuple[float, ...] = (0.0,)
    deviation: tuple[float, ...] = (1.0,)

    def calls(
        self, inputs: Sequence[Array], output: Array, weights: Parameters, region: Region, scratch: Array
    ) -> list[Call]:
        """Return a subtraction and a division."""
        source, target = region.of(inputs[0]), region.of(output)
        mean, deviation = (
            np.array(numbers if len(numbers) == 1 else numbers[region.first : region.last], np.float32)
            for numbers in (self.mean, self.deviation)
        )
        return [partial(np.subtract, source, mean, target), partial(np.divide, target, deviation, target)]


@dataclass(frozen=True)
class Concat(Kernel):
    """Maps ``(H, W, C₁)``, ``(H, W, C₂)``, … side by side: ``(H, W, C₁ + C₂ + …)``."""

    shape: tuple[int, int, int]

    leaves_gaps = True

    def needs(self, region: Region, shape: tuple[int, ...]) -> Region:
        """Return the same rows of all channels."""
        return Region(region.top, region.bottom, 0, shape[2])

    def row_bytes(self) -> int:
        """Return the bytes of a row read and written."""
        return 8 * self.shape[1] * self.shape[2]

    def calls(
        self, inputs: Sequence[Array], output: Array, weights: Parameters, region: Region, scratch: Array
    ) -> list[Call]:
        """Return one copy for each input."""
        calls: list[Call] = []
        first = 0
        for x in inputs:
            last = first + x.shape[2]
            calls.append(copying(output[region.top : region.bottom, :, first:last], x[region.top : region.bottom]))
            first = last
        return calls


@dataclass(frozen=True)
class Flatten(Kernel):
    """A map ``(H, W, C)`` as a vector ``(1, 1, C·H·W)``, channel by channel, row by row."""

    size: int

    def row_bytes(self) -> int:
        """Return the bytes of the map and of the vector."""
        return 8 * self.size

    def calls(
        self, inputs: Sequence[Array], output: Array, weights: Parameters, region: Region, scratch: Array
    ) -> list[Call]:
        """Return one transposing copy."""
        planar = inputs[0].transpose(2, 0, 1)
        return [copying(output.reshape(planar.shape), planar)]


@dataclass(frozen=True)
class Softmax(Kernel):
    """``exp(x)/Σ exp(x)`` of a vector ``(1, 1, N)``."""

    size: int

    def row_bytes(self) -> int:
        """Return the bytes of both vectors."""
        return 8 * self.size

    def scratch(self, region: Region) -> int:
        """Return room for the largest value, then for the sum."""
        return 1

    def calls(
        self, inputs: Sequence[Array], output: Array, weights: Parameters, region: Region, scratch: Array
    ) -> list[Call]:
        """Return the five steps; without the largest value taken off first, exp overflows from 89 on."""
        x, out, one = inputs[0].reshape(-1), output.reshape(-1), scratch[:1].reshape(())
        return [
            partial(np.maximum.reduce, x, 0, None, one),
            partial(np.subtract, x, one, out),
            partial(np.exp, out, out),
            partial(out.dot, np.ones_like(out), one),  # a sum in less time than `add.reduce` takes to begin
            partial(np.divide, out, one, out),
        ]
