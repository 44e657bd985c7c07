"""Pooling: the largest, the sum or the mean of each window, map by map."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from engine.kernels.conv import Array, Pads, pad


def max_pool(x: Array, kernel: tuple[int, int], stride: tuple[int, int], pads: Pads) -> Array:
    """Return the largest value of each window; padding never wins."""
    views = _shifted(pad(x, pads, -np.inf), kernel, stride)
    out = next(views).copy()
    for view in views:
        np.maximum(out, view, out=out)
    return out


def sum_pool(x: Array, kernel: tuple[int, int], stride: tuple[int, int], pads: Pads) -> Array:
    """Return the sum of each window; padding counts as zero."""
    views = _shifted(pad(x, pads), kernel, stride)
    out = next(views).copy()
    for view in views:
        out += view
    return out


def average_pool(
    x: Array, kernel: tuple[int, int], stride: tuple[int, int], pads: Pads, *, count_padding: bool
) -> Array:
    """Return the mean of each window, over all of it or over the part that is not padding."""
    total = sum_pool(x, kernel, stride, pads)
    if count_padding or not any(pads):
        counts: NDArray[np.float32] = np.full((1, 1), kernel[0] * kernel[1], np.float32)
    else:
        rows = _covered(x.shape[2], kernel[0], stride[0], pads[0], total.shape[2])
        columns = _covered(x.shape[3], kernel[1], stride[1], pads[2], total.shape[3])
        counts = np.outer(rows, columns).astype(np.float32)
    total /= counts
    return total


def _shifted(x: Array, kernel: tuple[int, int], stride: tuple[int, int]) -> Iterator[Array]:
    """Yield one strided view for each place in the window: together they hold every window's values."""
    height = (x.shape[2] - kernel[0]) // stride[0] + 1
    width = (x.shape[3] - kernel[1]) // stride[1] + 1
    for y in range(kernel[0]):
        for left in range(kernel[1]):
            bottom = y + (height - 1) * stride[0] + 1
            right = left + (width - 1) * stride[1] + 1
            yield x[:, :, y : bottom : stride[0], left : right : stride[1]]


def _covered(size: int, kernel: int, stride: int, before: int, outputs: int) -> NDArray[np.int64]:
    """Return how many rows (or columns) of the input, padding left out, each window covers."""
    start = np.arange(outputs) * stride - before
    return np.minimum(start + kernel, size) - np.maximum(start, 0)
