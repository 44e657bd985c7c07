"""What the kernel editor shows: a layer, and the arrays that its kernels lie in."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from designer.tiles.strips import Array
from engine import KernelSheet


@dataclass(frozen=True, eq=False)
class Subject:
    """A layer whose kernels are edited.

    Attributes
    ----------
    node, title, family
        Which layer it is.
    sheets
        Where its kernels are; a separable convolution has two.
    arrays
        Its weights, by name.
    """

    node: str
    title: str
    family: str
    sheets: tuple[KernelSheet, ...]
    arrays: Mapping[str, Array]


@dataclass(frozen=True)
class Spot:
    """Which kernel of a layer is edited: the sheet, the filter, the channel."""

    sheet: int = 0
    filter: int = 0
    channel: int = 0

    def within(self, sheets: tuple[KernelSheet, ...]) -> "Spot":
        """Return the nearest spot that there is."""
        sheet = min(self.sheet, len(sheets) - 1)
        found = sheets[sheet]
        return Spot(sheet, min(self.filter, found.filters - 1), min(self.channel, found.channels - 1))


def bound_of(values: Array) -> float:
    """Return the size of the largest finite number: the end of a scale around 0."""
    sizes = np.abs(values)
    return float(sizes.max(where=np.isfinite(sizes), initial=0.0))
