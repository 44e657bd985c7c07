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
    """Mean and variance of each map of ``(C, H, W)``, found bit by bit as `Limits` are, and the order they give."""

    def __init__(self, maps: Array) -> None:
        self._maps = maps
        self._done = 0
        self._step = max(1, CHUNK // max(1, maps[:1].size))
        self._scores = {order: np.full(len(maps), -np.inf) for order in (Order.MEAN, Order.VARIANCE)}
        self._sorted: dict[Order, NDArray[np.intp]] = {}
        if maps.size == 0:
            self._done = len(maps)

    @property
    def complete(self) -> bool:
        """Whether every map has been looked at."""
        return self._done >= len(self._maps)

    def advance(self) -> None:
        """Look at the next chunk of maps; one without a number for its mean comes last."""
        chunk = slice(self._done, self._done + self._step)
        maps = self._maps[chunk]
        with np.errstate(all="ignore"):
            for order, scores in (
                (Order.MEAN, maps.mean(axis=(1, 2), dtype=np.float64)),
                (Order.VARIANCE, maps.var(axis=(1, 2), dtype=np.float64)),
            ):
                self._scores[order][chunk] = np.nan_to_num(scores, nan=-np.inf)
        self._done += self._step

    def channels(self, order: Order) -> NDArray[np.intp] | None:
        """Return which map stands at each place, the largest first; None while they stand by number."""
        if order is Order.NUMBER or not self.complete:
            return None
        if order not in self._sorted:
            self._sorted[order] = np.argsort(-self._scores[order], kind="stable")
        return self._sorted[order]
