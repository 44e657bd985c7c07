"""Zeros that are stored around a map, so that the padding of the convolutions that read it is there already."""

from typing import NamedTuple

from engine.kernels.channels_last.region import Array, Region

Extents = tuple[int, int, int]


class Ring(NamedTuple):
    """How many rows and columns of zeros lie around a map ``(H, W, C)`` in memory.

    They are written once, when the memory is new, and only read from then on; the map is a view of what is inside. A
    convolution that reads a map with a ring is one of a larger map, with less padding or none.
    """

    top: int = 0
    bottom: int = 0
    left: int = 0
    right: int = 0

    def around(self, shape: Extents) -> Extents:
        """Return the extents of a map ``(H, W, C)`` together with its ring."""
        height, width, channels = shape
        return self.top + height + self.bottom, self.left + width + self.right, channels

    def inside(self, values: Array) -> Array:
        """Return the view of the map in what is stored."""
        height, width = values.shape[:2]
        return values[self.top : height - self.bottom, self.left : width - self.right]

    def clear(self, values: Array) -> None:
        """Write the zeros around a map in what is stored."""
        height, width = values.shape[:2]
        values[: self.top] = values[height - self.bottom :] = 0
        values[:, : self.left] = values[:, width - self.right :] = 0

    def on_map(self, region: Region, height: int) -> Region:
        """Return the part of a map of some height that lies in a region of what is stored."""
        top, bottom = (min(max(row - self.top, 0), height) for row in (region.top, region.bottom))
        return region._replace(top=top, bottom=bottom)

    def widened(self, other: "Ring") -> "Ring":
        """Return the ring that is wide enough for two readers."""
        return Ring(*map(max, self, other))
