"""In which order the maps of a layer stand: as they are, or by how strongly they answer or vary."""

from enum import Enum

import numpy as np
from numpy.typing import NDArray

from designer.tiles.limits import CHUNK
from designer.tiles.strips import Array


class Order(Enum):
    """What maps are sorted by."""

    NUMBER = "number"
    MEAN = "mean"
    VARIANCE = "variance"


class Ranking:
    """Mean and variance of each map of ``(C, H, W)``, found bit by bit as `Limits` are, and the order they give.

    Those of a few rows are put together as in Chan, Golub and LeVeque, *Updating formulae and a pairwise algorithm for
    computing sample variances* (1979).
    """

    def __init__(self, maps: Array) -> None:
        self._maps, self._rows = maps, int(maps.shape[1])
        self._done = 0 if maps.size else self._rows
        self._step = max(1, CHUNK // max(1, maps[:, :1].size))
        self._mean, self._squares = np.zeros(len(maps)), np.zeros(len(maps))  # squares of distances from the mean
        self._sorted: dict[Order, NDArray[np.intp]] = {}

    @property
    def complete(self) -> bool:
        """Whether all rows have been looked at."""
        return self._done >= self._rows

    def advance(self) -> None:
        """Look at the next rows of all maps."""
        rows = self._maps[:, self._done : self._done + self._step]
        before, now = self._done * rows.shape[2], rows.shape[1] * rows.shape[2]
        with np.errstate(all="ignore"):
            away = rows.mean(axis=(1, 2), dtype=np.float64) - self._mean
            self._mean += away * (now / (before + now))
            within = rows.var(axis=(1, 2), dtype=np.float64) * now
            self._squares += within + away**2 * (before * now / (before + now))
        self._done += self._step

    def channels(self, order: Order) -> NDArray[np.intp] | None:
        """Return which map stands at each place, the largest first; None while they stand by number.

        One without a number for its mean comes last.
        """
        if order is Order.NUMBER or not self.complete:
            return None
        if order not in self._sorted:
            scores = self._mean if order is Order.MEAN else self._squares
            self._sorted[order] = np.argsort(-np.nan_to_num(scores, nan=-np.inf), kind="stable")
        return self._sorted[order]
