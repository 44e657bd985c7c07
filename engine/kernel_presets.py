"""Kernels with names: what the classic filters of image processing look like as convolution weights."""

from math import cos, exp, pi, sin

import numpy as np

from engine.layers.base import Array

_GRIDS: dict[str, tuple[float, list[list[float]]]] = {  # divisor, cells
    "identity": (1, [[0, 0, 0], [0, 1, 0], [0, 0, 0]]),
    "blur": (9, [[1, 1, 1], [1, 1, 1], [1, 1, 1]]),
    "gaussian": (16, [[1, 2, 1], [2, 4, 2], [1, 2, 1]]),
    "sharpen": (1, [[0, -1, 0], [-1, 5, -1], [0, -1, 0]]),
    "edge": (1, [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]]),
    "laplacian": (1, [[0, 1, 0], [1, -4, 1], [0, 1, 0]]),
    "sobel x": (1, [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]),
    "sobel y": (1, [[-1, -2, -1], [0, 0, 0], [1, 2, 1]]),
    "emboss": (1, [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]]),
}
KERNEL_PRESETS = tuple(_GRIDS)


def kernel_preset(name: str) -> Array:
    """Return a named 3×3 kernel as float32, to be slid as it stands (not flipped).

    Raises
    ------
    KeyError
        Where no kernel has that name; `KERNEL_PRESETS` lists them.
    """
    divisor, cells = _GRIDS[name]
    return np.array(cells, np.float32) / np.float32(divisor)


def gabor(size: int, angle: float, wavelength: float, spread: float, phase: float = 0.0) -> Array:
    """Return a Gabor filter, ``(size, size)``: a wave under a bell, which answers to stripes of one direction.

    Parameters
    ----------
    size
        Pixels a side; odd sizes have a centre.
    angle
        Direction of the wave, in radians from the x axis.
    wavelength
        Pixels from crest to crest.
    spread
        Standard deviation of the bell, in pixels.
    phase
        Shift of the wave, in radians.
    """
    middle = (size - 1) / 2
    cells = np.empty((size, size), np.float32)
    for row in range(size):
        for column in range(size):
            x, y = column - middle, row - middle
            along = x * cos(angle) + y * sin(angle)
            cells[row, column] = exp(-(x * x + y * y) / (2 * spread**2)) * cos(2 * pi * along / wavelength + phase)
    return cells
