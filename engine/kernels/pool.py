"""Pooling: the largest, the sum, the mean or a norm of each window, map by map."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from engine.kernels.conv import Array, Pads, pad

Pair = tuple[int, int]
Positions = NDArray[np.intp]


def max_pool(
    x: Array, kernel: Pair, stride: Pair, pads: Pads, dilation: Pair = (1, 1), *, overhang: Pair = (0, 0)
) -> Array:
    """Return the largest value of each window; padding, and what hangs over, never wins."""
    views = _shifted(pad(x, _beyond(pads, overhang), -np.inf), kernel, stride, dilation)
    out = next(views).copy()
    for view in views:
        np.maximum(out, view, out=out)
    return out


def sum_pool(
    x: Array, kernel: Pair, stride: Pair, pads: Pads, dilation: Pair = (1, 1), *, overhang: Pair = (0, 0)
) -> Array:
    """Return the sum of each window; padding, and what hangs over, counts as zero."""
    views = _shifted(pad(x, _beyond(pads, overhang)), kernel, stride, dilation)
    out = next(views).copy()
    for view in views:
        out += view
    return out


def average_pool(
    x: Array,
    kernel: Pair,
    stride: Pair,
    pads: Pads,
    dilation: Pair = (1, 1),
    *,
    count_padding: bool,
    overhang: Pair = (0, 0),
) -> Array:
    """Return the mean of each window, over the part on the map and its padding or on the map alone.

    What hangs over the padding in ceil mode is never counted; where it is negative, the padding ends earlier.
    """
    total = sum_pool(x, kernel, stride, pads, dilation, overhang=overhang)
    total /= window_counts(x.shape[2:], kernel, stride, pads, total.shape[2:], dilation, count_padding=count_padding)
    return total


def window_counts(
    size: tuple[int, ...],
    kernel: Pair,
    stride: Pair,
    pads: Pads,
    outputs: tuple[int, ...],
    dilation: Pair = (1, 1),
    *,
    count_padding: bool,
) -> Array:
    """Return how many values each window holds ``(H', W')``: those on the map, or those on map and padding."""
    counts = []
    for axis in (0, 1):
        before, after = pads[2 * axis : 2 * axis + 2] if count_padding else (0, 0)
        starts = np.arange(outputs[axis]) * stride[axis] - pads[2 * axis]
        counts.append(cells_between(starts, kernel[axis], dilation[axis], -before, size[axis] + after))
    return np.outer(*counts).astype(np.float32)


def cells_between(starts: Positions, kernel: int, dilation: int, first: int, end: int) -> Positions:
    """Return how many cells of the windows that begin at some places lie from ``first`` to before ``end``."""
    return np.minimum((end - 1 - starts) // dilation, kernel - 1) - np.maximum(-((starts - first) // dilation), 0) + 1


def lp_pool(
    x: Array, kernel: Pair, stride: Pair, pads: Pads, dilation: Pair = (1, 1), *, p: int, overhang: Pair = (0, 0)
) -> Array:
    """Return (Σ|x|ᵖ)^(1/p) of each window; padding counts as zero."""
    if p == 1:
        return sum_pool(np.abs(x), kernel, stride, pads, dilation, overhang=overhang)
    # Powers of large values overflow and those of small ones vanish: each window is brought to at most 1 first.
    sizes = pad(np.abs(x), _beyond(pads, overhang))
    largest = np.max([*_shifted(sizes, kernel, stride, dilation)], axis=0)
    unit = np.where(largest > 0, largest, 1).astype(np.float32)
    powers = sum((view / unit) ** p for view in _shifted(sizes, kernel, stride, dilation))
    out: Array = largest * powers ** np.float32(1 / p)
    return out


def adaptive_average_pool(x: Array, output: Pair) -> Array:
    """Return the means of ``output`` windows that cover each map, as even as can be; they may overlap by a pixel.

    Window i of n on an axis of L pixels goes from ⌊i·L/n⌋ to ⌈(i + 1)·L/n⌉, as in PyTorch.
    """
    rows, columns = (adaptive_spans(size, count) for size, count in zip(x.shape[2:], output, strict=True))
    out = np.empty((*x.shape[:2], *output), np.float32)
    for y, (top, bottom) in enumerate(rows):
        band = x[:, :, top:bottom].mean(axis=2)
        for at, (left, right) in enumerate(columns):
            out[:, :, y, at] = band[:, :, left:right].mean(axis=2)
    return out


def adaptive_spans(size: int, count: int) -> list[tuple[int, int]]:
    """Return where each of ``count`` windows over ``size`` pixels begins and ends."""
    return [(i * size // count, -(-(i + 1) * size // count)) for i in range(count)]


def _beyond(pads: Pads, overhang: Pair) -> Pads:
    top, bottom, left, right = pads
    return top, max(0, bottom + overhang[0]), left, max(0, right + overhang[1])


def _shifted(x: Array, kernel: Pair, stride: Pair, dilation: Pair) -> Iterator[Array]:
    """Yield one strided view for each place in the window: together they hold every window's values."""
    height = (x.shape[2] - dilation[0] * (kernel[0] - 1) - 1) // stride[0] + 1
    width = (x.shape[3] - dilation[1] * (kernel[1] - 1) - 1) // stride[1] + 1
    for y in range(0, kernel[0] * dilation[0], dilation[0]):
        for left in range(0, kernel[1] * dilation[1], dilation[1]):
            bottom = y + (height - 1) * stride[0] + 1
            right = left + (width - 1) * stride[1] + 1
            yield x[:, :, y : bottom : stride[0], left : right : stride[1]]
