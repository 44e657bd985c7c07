"""The numbers that describe one map: its range, mean, spread, zeros and faults, and how its values are spread."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from designer.maps.layers import MapLayer
from designer.tiles import colormaps
from designer.tiles.limits import find_limits
from designer.tiles.look import Look, Normalisation
from designer.tiles.strips import Array

_FEWEST, _MOST = 8, 48  # bins


@dataclass(frozen=True)
class Measures:
    """What is told about the values of a map; over the finite ones, and NaN where there is none.

    ``zeros`` and ``faults`` are shares of all values, from 0 to 1; a fault is NaN or infinity.
    """

    minimum: float
    maximum: float
    mean: float
    std: float
    zeros: float
    faults: float


@dataclass(frozen=True, eq=False)
class Histogram:
    """Shares of the finite values in bins of one width.

    ``start`` and ``width``, of all bins together, are positions on the colour bar: 0 is its low end, 1 its high one.
    """

    shares: NDArray[np.float64]
    start: float
    width: float


def measure(values: Array) -> Measures:
    """Return what describes ``values``, of any shape and of at least one value."""
    finite = _finite(values)
    zeros = float(np.count_nonzero(values == 0) / values.size)
    faults = 1 - finite.size / values.size
    if not finite.size:
        return Measures(np.nan, np.nan, np.nan, np.nan, zeros, faults)
    # Of values near the largest float64, the sum and the squares overflow: infinity is then what is shown.
    with np.errstate(over="ignore", invalid="ignore"):
        mean, std = float(finite.mean()), float(finite.std())
    return Measures(float(finite.min()), float(finite.max()), mean, std, zeros, faults)


def colour_range(layer: MapLayer, channel: int, look: Look) -> tuple[float, float]:
    """Return the values at the ends of the colour bar; ``(inf, -inf)`` where nothing is finite.

    They are those that the mosaic gives its colours by: a vector always shares one scale, and colours that diverge
    reach as far below 0 as above it.
    """
    if layer.is_vector or look.normalisation is Normalisation.PER_LAYER:
        layer.limits.finish()
        low, high = layer.limits.total
    else:
        lows, highs, _ = find_limits(layer.maps[channel : channel + 1])
        low, high = float(lows[0]), float(highs[0])
    if low <= high and colormaps.get(look.colour_map).diverging:
        bound = max(abs(low), abs(high))
        return -bound, bound
    return low, high


def histogram(values: Array, low: float, high: float) -> Histogram:
    """Return how the finite values are spread over a colour bar from ``low`` to ``high``."""
    finite = _finite(values)
    if not finite.size:
        return Histogram(np.zeros(0), 0.0, 1.0)
    count = int(min(max(finite.size**0.5, _FEWEST), _MOST))
    first, last = float(finite.min()), float(finite.max())
    # Not `np.histogram`: it refuses a range that is too narrow for its bins, such as that of nearly equal values.
    with np.errstate(over="ignore", invalid="ignore"):
        span = last - first
        if not 0 < span < np.inf:
            return Histogram(np.ones(1), position(first, low, high) - 0.5 / count, 1 / count)
        at = np.minimum((finite - first) / span * count, count - 1).astype(np.intp)
    start = position(first, low, high)
    shares = np.bincount(at, minlength=count) / finite.size
    return Histogram(shares, start, position(last, low, high) - start)


def position(value: float, low: float, high: float) -> float:
    """Return where ``value`` is on a colour bar: 0 at ``low``, 1 at ``high``, the middle where these are equal."""
    span = high - low
    return (value - low) / span if 0 < span < np.inf else 0.5


def _finite(values: Array) -> NDArray[np.float64]:
    return values[np.isfinite(values)].astype(np.float64)
