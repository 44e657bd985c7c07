"""Positions on a map, and the part of a map that one value further on depends on."""

from collections.abc import Iterator
from typing import NamedTuple, Self

import msgspec
import numpy as np
from numpy.typing import NDArray

from engine.shape import Shape

Positions = NDArray[np.int64]  # rising, each once


class Box(NamedTuple):
    """A rectangle of positions, in pixels of a map; ``bottom`` and ``right`` are excluded."""

    top: int
    bottom: int
    left: int
    right: int

    @property
    def area(self) -> int:
        """Number of positions."""
        return (self.bottom - self.top) * (self.right - self.left)

    def clipped(self, height: int, width: int) -> "Box":
        """Return the part on a map of this size; its area is 0 where there is none."""
        top, left = min(max(0, self.top), height), min(max(0, self.left), width)
        return Box(top, max(top, min(height, self.bottom)), left, max(left, min(width, self.right)))

    def hull(self, other: "Box") -> "Box":
        """Return the smallest box around both."""
        return Box(
            min(self.top, other.top),
            max(self.bottom, other.bottom),
            min(self.left, other.left),
            max(self.right, other.right),
        )


class Region(msgspec.Struct, frozen=True, eq=False):
    """Values of one map: all that lie in a channel, a row and a column that are named.

    A vector ``(N,)`` counts as N channels of one pixel each.

    Attributes
    ----------
    channels
        Numbers of the channels, rising.
    rows, columns
        Positions that exist on the map; one of them is empty where nothing but padding is seen.
    box
        The same by window geometry alone, as if maps had no border: it may lie outside the map, in the padding.
    whole
        Whether a layer that sees all values at once has asked for these. Then there is no place that padding could
        be beside, and the box ends where the map does.
    """

    channels: Positions
    rows: Positions
    columns: Positions
    box: Box
    whole: bool = False

    @classmethod
    def at(cls, index: tuple[int, ...]) -> Self:
        """Return the region of one value: ``(channel, y, x)`` of a volume, ``(i,)`` of a vector."""
        channel, y, x = index if len(index) == 3 else (index[0], 0, 0)
        return cls(np.array([channel]), np.array([y]), np.array([x]), Box(y, y + 1, x, x + 1))

    @classmethod
    def all(cls, shape: Shape) -> Self:
        """Return the region of all values of a map, as seen by a layer that reads all of them."""
        channels, height, width = as_volume(shape)
        box = Box(0, height, 0, width)
        return cls(np.arange(channels), np.arange(height), np.arange(width), box, whole=True)

    def maps(self, shape: Shape, channels: Positions) -> "Region":
        """Return the whole maps of some channels of a shape; no position where this region has none itself."""
        if self.inside is None:
            return Region(channels, self.rows[:0], self.columns[:0], Box(0, 0, 0, 0), whole=True)
        return Region.all(shape).on(channels)

    @property
    def inside(self) -> Box | None:
        """The smallest box around the positions that exist; None where there are none."""
        if not (self.rows.size and self.columns.size):
            return None
        return Box(int(self.rows[0]), int(self.rows[-1]) + 1, int(self.columns[0]), int(self.columns[-1]) + 1)

    def flat(self, shape: Shape) -> Positions:
        """Return the places of the region's values in a flattened map of the given shape."""
        _, height, width = as_volume(shape)
        rows = self.channels[:, None, None] * height + self.rows[:, None]
        return (rows * width + self.columns).ravel()

    def on(self, channels: Positions) -> "Region":
        """Return the same positions on other channels."""
        return msgspec.structs.replace(self, channels=channels)

    def within(self, other: "Region") -> bool:
        """Whether another region says all that this one says."""
        return (
            self.box.hull(other.box) == other.box
            and self.whole == other.whole
            and _part(self.channels, other.channels)
            and _part(self.rows, other.rows)
            and _part(self.columns, other.columns)
        )


def scattered(places: Positions, shape: Shape, *, whole: bool = False) -> tuple[Region, ...]:
    """Return regions that together hold exactly the values at some places of a flattened map, each of them once."""
    channels, height, width = as_volume(shape)
    hit = np.zeros((channels, height * width), bool)
    hit.flat[places] = True
    found = []
    for depth, plane in _alike(hit):
        for rows, row in _alike(plane.reshape(height, width)):
            columns = np.flatnonzero(row)
            box = Box(int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1)
            found.append(Region(depth, rows, columns, box, whole))
    return tuple(found)


def _alike(rows: NDArray[np.bool_]) -> Iterator[tuple[Positions, NDArray[np.bool_]]]:
    """Yield the numbers of the rows that are the same, and what they hold; rows that hold nothing are left out."""
    groups: dict[bytes, list[int]] = {}
    for number in np.flatnonzero(rows.any(axis=1)):
        groups.setdefault(np.packbits(rows[number]).tobytes(), []).append(int(number))
    for numbers in groups.values():
        yield np.array(numbers), rows[numbers[0]]


def of_groups(channels: Positions, per_group: int, depth: int) -> Positions:
    """Return the channels of all groups that some channels belong to, with so many of the former to ``depth``."""
    groups = np.unique(channels // per_group)
    return (groups[:, None] * depth + np.arange(depth)).ravel()


def as_volume(shape: Shape) -> tuple[int, int, int]:
    """Return a shape as channels, height and width; a vector has one pixel a channel."""
    return (shape[0], shape[1], shape[2]) if shape.is_volume else (shape.size, 1, 1)


def _part(some: Positions, others: Positions) -> bool:
    return np.array_equal(some, others) or bool(np.isin(some, others).all())
