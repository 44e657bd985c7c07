"""What describes each map of a layer: mean, spread, extremes, how much of it is zero."""

import msgspec
import numpy as np
from numpy.typing import NDArray

from engine.layers.base import Array

Numbers = NDArray[np.float64]


class ChannelStatistics(msgspec.Struct, frozen=True, eq=False):
    """One number for each of C maps, over its finite values; NaN where it has none.

    Attributes
    ----------
    mean, std, minimum, maximum
        Of the finite values.
    zeros, faults
        Shares of all values, 0 to 1, that are exactly 0, and that are NaN or infinity.
    """

    mean: Numbers
    std: Numbers
    minimum: Numbers
    maximum: Numbers
    zeros: Numbers
    faults: Numbers

    @property
    def dead(self) -> NDArray[np.bool_]:
        """Which maps are 0 everywhere: nothing in this image moves them."""
        dead: NDArray[np.bool_] = self.zeros == 1
        return dead

    def __len__(self) -> int:
        """Return the number of maps."""
        return len(self.mean)


def channel_statistics(values: Array) -> ChannelStatistics:
    """Describe each map of ``(C, H, W)``, or each element of ``(N,)``."""
    count = len(values)
    flat = values.reshape(count, values.size // max(1, count))
    if not flat.size:
        nothing = np.full(count, np.nan)
        return ChannelStatistics(nothing, nothing, nothing, nothing, np.zeros(count), np.zeros(count))
    finite = np.isfinite(flat)
    with np.errstate(all="ignore"):
        counts = finite.sum(axis=1)
        some = counts > 0
        clean = np.where(finite, flat, np.float32(0))
        mean = np.where(some, clean.sum(axis=1, dtype=np.float64) / np.maximum(counts, 1), np.nan)
        apart = np.where(finite, clean - mean[:, None], 0.0)
        std = np.where(some, np.sqrt(np.square(apart).sum(axis=1) / np.maximum(counts, 1)), np.nan)
        low = flat.min(axis=1, where=finite, initial=np.inf).astype(np.float64)
        high = flat.max(axis=1, where=finite, initial=-np.inf).astype(np.float64)
    return ChannelStatistics(
        mean,
        std,
        np.where(some, low, np.nan),
        np.where(some, high, np.nan),
        np.count_nonzero(flat == 0, axis=1) / flat.shape[1],
        1 - counts / flat.shape[1],
    )
