"""What the kernels compute, written down as plainly as can be."""

from collections.abc import Callable

import numpy as np


def pool(
    x: np.ndarray,
    kernel: tuple[int, int],
    stride: tuple[int, int],
    pads: tuple[int, int, int, int],
    reduce: Callable[[np.ndarray], np.ndarray],
    padding: float = np.nan,
    dilation: tuple[int, int] = (1, 1),
) -> np.ndarray:
    """Pool by looping over all windows; cells of padding, marked by nan, are left out of what is reduced."""
    top, bottom, left, right = pads
    padded = np.pad(x.astype(np.float64), ((0, 0), (0, 0), (top, bottom), (left, right)), constant_values=padding)
    tall, wide = (step * (cells - 1) + 1 for step, cells in zip(dilation, kernel, strict=True))
    height = (padded.shape[2] - tall) // stride[0] + 1
    width = (padded.shape[3] - wide) // stride[1] + 1
    out = np.empty((*x.shape[:2], height, width))
    for place in np.ndindex(out.shape):
        image, channel, row, column = place
        y, left_edge = row * stride[0], column * stride[1]
        window = padded[image, channel, y : y + tall : dilation[0], left_edge : left_edge + wide : dilation[1]]
        out[place] = reduce(window[~np.isnan(window)])
    return out


def convolution(
    x: np.ndarray,
    weight: np.ndarray,
    bias: np.ndarray,
    stride: tuple[int, int],
    pads: tuple[int, int, int, int],
    dilation: tuple[int, int],
    groups: int,
) -> np.ndarray:
    """Convolve value by value in float64: for each cell of the kernel, the pixel under it times the cell."""
    top, bottom, left, right = pads
    padded = np.pad(x.astype(np.float64), ((0, 0), (0, 0), (top, bottom), (left, right)))
    filters, depth, kh, kw = weight.shape
    height = (padded.shape[2] - dilation[0] * (kh - 1) - 1) // stride[0] + 1
    width = (padded.shape[3] - dilation[1] * (kw - 1) - 1) // stride[1] + 1
    out = np.zeros((len(x), filters, height, width)) + bias.astype(np.float64)[:, None, None]
    for k, c, i, j in np.ndindex(weight.shape):
        channel = k // (filters // groups) * depth + c
        for y, across in np.ndindex(height, width):
            pixel = padded[:, channel, y * stride[0] + i * dilation[0], across * stride[1] + j * dilation[1]]
            out[:, k, y, across] += pixel * weight[k, c, i, j]
    return out
