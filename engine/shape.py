"""Shapes of the values that flow through a network, without the batch axis."""

from enum import StrEnum
from math import prod
from typing import Self

BYTES_PER_VALUE = 4  # float32


class AxisOrder(StrEnum):
    """The order in which a volume's three numbers are written."""

    WIDTH_HEIGHT_DEPTH = "W×H×D"  # the lecture's
    CHANNELS_FIRST = "C×H×W"  # PyTorch, ONNX
    CHANNELS_LAST = "H×W×C"  # Keras


class Shape(tuple[int, ...]):
    """A volume ``(C, H, W)``, a vector ``(N,)`` or any other tuple of extents.

    Compares and hashes as the plain tuple does.
    """

    __slots__ = ()

    def __new__(cls, *extents: int) -> Self:
        """Make a shape from its extents: ``Shape(3, 32, 32)``."""
        return super().__new__(cls, extents)

    @property
    def is_volume(self) -> bool:
        """Whether this is ``(C, H, W)``."""
        return len(self) == 3

    @property
    def is_vector(self) -> bool:
        """Whether this is ``(N,)``."""
        return len(self) == 1

    @property
    def channels(self) -> int:
        """Depth of a volume, length of a vector."""
        return self[0]

    @property
    def size(self) -> int:
        """Number of values (neurons)."""
        return prod(self)

    @property
    def nbytes(self) -> int:
        """Bytes of one such array of float32."""
        return self.size * BYTES_PER_VALUE

    def text(self, order: AxisOrder = AxisOrder.WIDTH_HEIGHT_DEPTH) -> str:
        """Write the shape for a reader: ``28×28×6`` in the lecture's order."""
        if not self.is_volume:
            return "×".join(map(str, self))
        channels, height, width = self
        if order is AxisOrder.CHANNELS_FIRST:
            return f"{channels}×{height}×{width}"
        if order is AxisOrder.CHANNELS_LAST:
            return f"{height}×{width}×{channels}"
        return f"{width}×{height}×{channels}"

    def __repr__(self) -> str:
        return f"Shape{tuple(self)}"
