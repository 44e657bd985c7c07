"""Transposed convolution: every input pixel lays a scaled copy of the kernel on the output."""

import numpy as np

from engine.kernels.conv import Array, Pads


def conv_transpose2d(
    x: Array,
    weight: Array,
    bias: Array | None = None,
    *,
    stride: tuple[int, int] = (1, 1),
    pads: Pads = (0, 0, 0, 0),
    dilation: tuple[int, int] = (1, 1),
    output_padding: tuple[int, int] = (0, 0),
    groups: int = 1,
) -> Array:
    """Return the gradient of a convolution with respect to its input, plus a bias.

    ``x`` is ``(N, C, H, W)``, ``weight (C, K/groups, kh, kw)``; returns ``(N, K, H', W')`` with
    ``H' = (H − 1)·stride + dilation·(kh − 1) + 1 + output_padding − top − bottom``: here padding cuts away.
    The definition is that of ConvTranspose in ONNX.
    """
    batch, channels, height, width = x.shape
    depth, kh, kw = weight.shape[1:]
    (sy, sx), (dy, dx) = stride, dilation
    top, bottom, left, right = pads
    full_height = (height - 1) * sy + dy * (kh - 1) + 1 + output_padding[0]
    full_width = (width - 1) * sx + dx * (kw - 1) + 1 + output_padding[1]
    full = np.zeros((batch, groups * depth, full_height, full_width), np.float32)
    matrix = weight.reshape(groups, channels // groups, depth * kh * kw).transpose(0, 2, 1)
    columns = np.matmul(matrix, x.reshape(batch, groups, channels // groups, height * width))
    copies = columns.reshape(batch, groups * depth, kh, kw, height, width)
    for y in range(kh):
        rows = slice(y * dy, y * dy + (height - 1) * sy + 1, sy)
        for left_cell in range(kw):
            at = left_cell * dx
            full[:, :, rows, at : at + (width - 1) * sx + 1 : sx] += copies[:, :, y, left_cell]
    out = np.ascontiguousarray(full[:, :, top : full_height - bottom, left : full_width - right])
    if bias is not None:
        out += bias[:, None, None]
    return out
