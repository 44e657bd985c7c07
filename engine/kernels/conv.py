"""Two-dimensional convolution as matrix products over columns of patches."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

Array = NDArray[np.float32]
Pads = tuple[int, int, int, int]  # top, bottom, left, right

# Columns are made for as many output rows at a time as fit here, so that they stay in the cache and a large
# picture does not need kernel-area times its own memory.
BLOCK_BYTES = 4 << 20


def conv2d(
    x: Array,
    weight: Array,
    bias: Array | None = None,
    *,
    stride: tuple[int, int] = (1, 1),
    pads: Pads = (0, 0, 0, 0),
    dilation: tuple[int, int] = (1, 1),
    groups: int = 1,
) -> Array:
    """Cross-correlate ``x (N, C, H, W)`` with ``weight (K, C/groups, kh, kw)``; returns ``(N, K, H', W')``.

    As in every deep-learning framework the kernel is not flipped, so this is cross-correlation by name.
    """
    patches = _patches(pad(x, pads), weight.shape[2:], stride, dilation)
    batch, channels, height, width, kh, kw = patches.shape
    filters = weight.shape[0]
    matrix = weight.reshape(groups, filters // groups, -1)
    out = np.empty((batch, filters, height, width), np.float32)
    row_bytes = batch * channels * kh * kw * width * x.itemsize
    rows = max(1, BLOCK_BYTES // row_bytes)
    for top in range(0, height, rows):
        block = patches[:, :, top : top + rows]
        columns = block.transpose(0, 1, 4, 5, 2, 3).reshape(batch, groups, matrix.shape[2], -1)
        product = np.matmul(matrix, columns)
        out[:, :, top : top + rows] = product.reshape(batch, filters, block.shape[2], width)
    if bias is not None:
        out += bias[:, None, None]
    return out


def conv2d_plain(
    x: Array,
    weight: Array,
    bias: Array | None = None,
    *,
    stride: tuple[int, int] = (1, 1),
    pads: Pads = (0, 0, 0, 0),
    dilation: tuple[int, int] = (1, 1),
    groups: int = 1,
) -> Array:
    """Compute what `conv2d` computes the way the lecture tells it: slide, multiply, sum, add the bias."""
    padded = pad(x, pads)
    batch = len(x)
    filters, depth, kh, kw = weight.shape
    height = (padded.shape[2] - dilation[0] * (kh - 1) - 1) // stride[0] + 1
    width = (padded.shape[3] - dilation[1] * (kw - 1) - 1) // stride[1] + 1
    out = np.zeros((batch, filters, height, width), np.float32)
    for k in range(filters):
        first = k // (filters // groups) * depth
        seen = padded[:, first : first + depth]
        for y in range(height):
            for left in range(width):
                top, start = y * stride[0], left * stride[1]
                patch = seen[:, :, top:, start:][:, :, :: dilation[0], :: dilation[1]][:, :, :kh, :kw]
                out[:, k, y, left] = (patch * weight[k]).sum(axis=(1, 2, 3))
    return out if bias is None else out + bias[:, None, None]


def pad(x: Array, pads: Pads, value: float = 0.0) -> Array:
    """Put a ring of ``value`` around the maps; returns ``x`` itself where there is nothing to add."""
    top, bottom, left, right = pads
    if not any(pads):
        return x
    batch, channels, height, width = x.shape
    out = np.full((batch, channels, height + top + bottom, width + left + right), value, np.float32)
    out[:, :, top : top + height, left : left + width] = x
    return out


def _patches(x: Array, kernel: tuple[int, ...], stride: tuple[int, int], dilation: tuple[int, int]) -> Array:
    """Return a view ``(N, C, H', W', kh, kw)``: the patch under the kernel at every place."""
    extent = tuple(d * (k - 1) + 1 for k, d in zip(kernel, dilation, strict=True))
    windows = sliding_window_view(x, extent, axis=(2, 3))
    return windows[:, :, :: stride[0], :: stride[1], :: dilation[0], :: dilation[1]]
