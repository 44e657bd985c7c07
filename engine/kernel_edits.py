"""What can be done to kernels ``(n, h, w)``: named ones, scaling, turning; and weights in which it is done."""

from collections.abc import Callable, Mapping
from typing import Literal

import msgspec
import numpy as np

from engine.analysis import Analysis
from engine.kernel_presets import fitted_preset
from engine.kernel_sheets import KernelSheet
from engine.layers.base import Array
from engine.network import Network
from engine.weights import Weights, of_node

Scope = Literal["kernel", "filter", "all"]
Change = Callable[[Array, float], Array | None]  # kernels and the filter's place among all, 0 to 1


def preset(name: str) -> Change:
    """Return the change that puts a named kernel in the place of each."""

    def change(kernels: Array, turn: float) -> Array | None:
        made = fitted_preset(name, kernels.shape[1], kernels.shape[2], turn)
        return None if made is None else np.broadcast_to(made, kernels.shape)

    return change


def filled(value: float) -> Change:
    """Return the change that makes all numbers one."""
    return lambda kernels, _: np.full_like(kernels, value)


def sum_to_one(kernels: Array, _: float = 0.0) -> Array | None:
    """Scale kernels so that their numbers add up to 1 together; None where the sum is 0, or no number."""
    return _scaled(kernels, float(kernels.sum(dtype=np.float64)))


def zero_mean(kernels: Array, _: float = 0.0) -> Array | None:
    """Shift kernels so that their mean is 0 together; None where the mean is no number."""
    mean = kernels.mean(dtype=np.float64)
    with np.errstate(over="ignore"):  # from one end of float32 to the other: infinite, and shown as that
        return (kernels - mean).astype(np.float32) if np.isfinite(mean) else None


def unit_norm(kernels: Array, _: float = 0.0) -> Array | None:
    """Scale kernels so that their squares add up to 1 together; None where all are 0, or one is no number."""
    return _scaled(kernels, float(np.sqrt(np.square(kernels, dtype=np.float64).sum())))


def rotated(kernels: Array, _: float = 0.0) -> Array | None:
    """Turn each kernel by a quarter clockwise; None where it is not square."""
    return np.rot90(kernels, -1, (1, 2)) if kernels.shape[1] == kernels.shape[2] else None


def mirrored(kernels: Array, _: float = 0.0) -> Array:
    """Swap left and right in each kernel."""
    return kernels[:, :, ::-1]


def upturned(kernels: Array, _: float = 0.0) -> Array:
    """Swap top and bottom in each kernel."""
    return kernels[:, ::-1]


def negated(kernels: Array, _: float = 0.0) -> Array:
    """Change the sign of every number."""
    return -kernels


def changed(sheet: KernelSheet, array: Array, change: Change, scope: Scope, number: int, channel: int) -> Array | None:
    """Return an array with a change done to one kernel, one filter or all filters; None where it can't be done.

    A filter covers all of its channels, so that it is scaled as a whole.
    """
    made = array.copy()
    numbers = range(sheet.filters) if scope == "all" else (number,)
    for one in numbers:
        kernels = sheet.of_filter(made, one)
        part = kernels[channel : channel + 1] if scope == "kernel" else kernels
        done = change(part.copy(), one / sheet.filters)
        if done is None:
            return None
        part[...] = done
    made.flags.writeable = False
    return made


def with_kernel(sheet: KernelSheet, array: Array, number: int, channel: int, kernel: Array) -> Array:
    """Return an array with one kernel ``(h, w)`` in its place."""
    made = array.copy()
    sheet.of_filter(made, number)[channel] = kernel
    made.flags.writeable = False
    return made


def with_arrays(network: Network, analysis: Analysis, node: str, arrays: Mapping[str, Array]) -> Network:
    """Return a network in which some of a node's weights are others; what was random there becomes its own."""
    given = network.weights
    own = {**of_node(analysis, node, given), **arrays}
    return msgspec.structs.replace(network, weights=Weights({**(given or {}), node: own}))


def _scaled(kernels: Array, size: float) -> Array | None:
    largest = float(np.abs(kernels).max(initial=0.0))
    # A sum of rounding errors is none: to divide by it would make noise of the kernel.
    if not np.isfinite(size) or not np.isfinite(largest) or abs(size) <= 1e-6 * largest:
        return None
    return (kernels / np.float64(size)).astype(np.float32)
