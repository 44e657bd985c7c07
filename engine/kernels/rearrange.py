"""Kernels that move values without computing with them; all on ``(N, C, H, W)``."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from engine.kernels.conv import Array, Pads

BlockOrder = Literal["DCR", "CRD"]
Places = NDArray[np.int64]
BorderMode = Literal["constant", "reflect", "edge"]


def depth_to_space(x: Array, block: int, order: BlockOrder = "DCR") -> Array:
    """Lay groups of block² channels out as block×block pixels: ``(N, C/b², H·b, W·b)``.

    In the order DCR (depth, column, row) the block's place is the slower part of the channel number, as in TensorFlow
    and by default in ONNX; in CRD it is the faster one, as in PyTorch's PixelShuffle.
    """
    batch, channels, height, width = x.shape
    depth = channels // block**2
    if order == "DCR":
        cells = x.reshape(batch, block, block, depth, height, width).transpose(0, 3, 4, 1, 5, 2)
    else:
        cells = x.reshape(batch, depth, block, block, height, width).transpose(0, 1, 4, 2, 5, 3)
    return cells.reshape(batch, depth, height * block, width * block)


def space_to_depth(x: Array, block: int, order: BlockOrder = "DCR") -> Array:
    """Stack block×block pixels as channels, ``(N, C·b², H/b, W/b)``: the inverse of `depth_to_space`."""
    batch, channels, height, width = x.shape
    cells = x.reshape(batch, channels, height // block, block, width // block, block)
    cells = cells.transpose(0, 3, 5, 1, 2, 4) if order == "DCR" else cells.transpose(0, 1, 3, 5, 2, 4)
    return cells.reshape(batch, channels * block**2, height // block, width // block)


def channel_shuffle(x: Array, groups: int) -> Array:
    """Deal the channels of ``groups`` stacks out in turn (Zhang et al., "ShuffleNet", 2017)."""
    batch, channels = x.shape[:2]
    stacks = x.reshape(batch, groups, channels // groups, *x.shape[2:])
    return stacks.swapaxes(1, 2).reshape(x.shape)


def pad_border(x: Array, pads: Pads, mode: BorderMode = "constant", value: float = 0.0) -> Array:
    """Put a border of a value, of mirrored pixels or of repeated edge pixels around the maps."""
    top, bottom, left, right = pads
    widths = ((0, 0), (0, 0), (top, bottom), (left, right))
    if mode == "constant":
        return np.pad(x, widths, mode="constant", constant_values=value)
    return np.pad(x, widths, mode=mode)


def resize_nearest(x: Array, size: tuple[int, int]) -> Array:
    """Repeat pixels, or leave some out; the result is ``(N, C, *size)`` (``asymmetric``, ``floor`` in ONNX)."""
    for axis, count in zip((2, 3), size, strict=True):
        length = x.shape[axis]
        whole = count % length == 0
        x = x.repeat(count // length, axis=axis) if whole else x.take(nearest(length, count), axis=axis)
    return x


def nearest(length: int, count: int) -> Places:
    """Return which of ``length`` pixels each of ``count`` is: ``(count,)``.

    Pixel o is the one at ⌊o·in/out⌋, reckoned in float32 as PyTorch does: where that is whole, rounding may tell.
    """
    if count % length == 0:
        return np.arange(count) // (count // length)
    places = np.arange(count, dtype=np.float32) * (np.float32(length) / np.float32(count))
    return np.minimum(places.astype(np.int64), length - 1)


def resize_bilinear(x: Array, size: tuple[int, int], *, align_corners: bool = False) -> Array:
    """Interpolate between the four nearest pixels; the result is ``(N, C, *size)``.

    Pixels are squares, so that the centre of output pixel o lies at (o + ½)·in/out − ½ (``half_pixel`` in ONNX, the
    default of PyTorch and Keras); with ``align_corners`` they are points, and the corner points stay where they are.
    """
    for axis, count in zip((2, 3), size, strict=True):
        x = _interpolate(x, axis, count, align_corners=align_corners)
    return x


def between(length: int, count: int, *, align_corners: bool) -> tuple[Places, Places, Array]:
    """Return which two of ``length`` pixels each of ``count`` lies between, and the later one's share: ``(count,)``."""
    if align_corners:
        places = np.arange(count) * ((length - 1) / max(1, count - 1))
    else:
        places = (np.arange(count) + 0.5) * (length / count) - 0.5
    places = np.clip(places, 0, length - 1)
    low = places.astype(np.int64)
    return low, np.minimum(low + 1, length - 1), (places - low).astype(np.float32)


def _interpolate(x: Array, axis: int, count: int, *, align_corners: bool) -> Array:
    low, high, share = between(x.shape[axis], count, align_corners=align_corners)
    before, after = x.take(low, axis=axis), x.take(high, axis=axis)
    out: Array = before + (after - before) * share.reshape(-1, *(1,) * (x.ndim - 1 - axis))
    return out
