"""The smallest and largest finite value of every map of a layer, found bit by bit."""

import numpy as np
from numpy.typing import NDArray

from designer.tiles.strips import Array

CHUNK = 1_000_000  # values looked at in one step: about a millisecond


class Limits:
    """Limits over the finite values of each map of ``maps`` ``(C, H, W)``.

    A layer can hold hundreds of millions of values, more than one frame has time for: ``advance`` looks at a
    few rows of all maps, for a run's maps lie in memory pixel by pixel. A map without a finite value has ``low = inf``
    and ``high = -inf``.
    """

    def __init__(self, maps: Array) -> None:
        self._maps, self._rows = maps, int(maps.shape[1])
        self._done = 0 if maps.size else self._rows
        self._step = max(1, CHUNK // max(1, maps[:, :1].size))
        self.low: NDArray[np.float64] = np.full(len(maps), np.inf)
        self.high: NDArray[np.float64] = np.full(len(maps), -np.inf)
        self.finite: NDArray[np.bool_] = np.ones(len(maps), dtype=bool)
        self._total = (np.inf, -np.inf)

    @property
    def complete(self) -> bool:
        """Whether all rows have been looked at."""
        return self._done >= self._rows

    @property
    def total(self) -> tuple[float, float]:
        """The limits over the whole layer; ``(inf, -inf)`` where nothing is finite."""
        return self._total

    @property
    def all_finite(self) -> bool:
        """Whether no row looked at so far holds NaN or infinity."""
        return bool(self.finite.all())

    def advance(self) -> None:
        """Look at the next rows of all maps."""
        low, high, finite = find_limits(self._maps[:, self._done : self._done + self._step])
        np.minimum(self.low, low, out=self.low)
        np.maximum(self.high, high, out=self.high)
        self.finite &= finite
        self._done += self._step
        self._total = (float(self.low.min()), float(self.high.max()))

    def finish(self) -> None:
        """Look at all rows that are left."""
        while not self.complete:
            self.advance()


def find_limits(maps: Array) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
    """Return the smallest and largest finite value of each map, and whether all its values are finite.

    Parameters
    ----------
    maps
        ``(C, H, W)`` with at least one value per map.
    """
    with np.errstate(invalid="ignore"):
        low = maps.min(axis=(1, 2)).astype(np.float64)
        high = maps.max(axis=(1, 2)).astype(np.float64)
    finite: NDArray[np.bool_] = np.isfinite(low) & np.isfinite(high)
    for channel in np.flatnonzero(~finite):
        sound = np.isfinite(maps[channel])
        low[channel] = maps[channel].min(where=sound, initial=np.inf)
        high[channel] = maps[channel].max(where=sound, initial=-np.inf)
    return low, high, finite
