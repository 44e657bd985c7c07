"""Kernels with names: what the classic filters of image processing look like as convolution weights."""

from math import ceil, comb, cos, exp, pi, sin

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
FITTED_PRESETS = (*KERNEL_PRESETS, "gabor")
_LONGEST = 31  # cells of a binomial row; a longer one would overflow, and has nothing but zeros further out


def kernel_preset(name: str) -> Array:
    """Return a named 3×3 kernel as float32, to be slid as it stands (not flipped).

    Raises
    ------
    KeyError
        Where no kernel has that name; `KERNEL_PRESETS` lists them.
    """
    divisor, cells = _GRIDS[name]
    return np.array(cells, np.float32) / np.float32(divisor)


def fitted_preset(name: str, height: int, width: int, turn: float = 0.0) -> Array | None:
    """Return what a named kernel is at a size, float32 ``(height, width)``; None where there is no room for it.

    The blurs and Sobel filters grow with the size (binomial weights, and their derivative, as strong as at 3×3); the
    others keep their 3×3 cells in the middle.

    Parameters
    ----------
    name
        One of `FITTED_PRESETS`.
    height, width
        Cells of the kernel.
    turn
        Direction of the Gabor filter, as a share of half a turn; the others have one of their own.
    """
    cells: Array | None = None
    if name == "identity":
        cells = _centred(np.ones((1, 1), np.float32), height, width)
    elif name == "blur":
        cells = np.full((height, width), 1 / (height * width), np.float32)
    elif name == "gaussian":
        cells = np.outer(_binomial(height), _binomial(width))
        cells = cells / cells.sum()
    elif name == "sobel x" and width > 1:
        cells = _slope(np.outer(_binomial(height), _derivative(width)))
    elif name == "sobel y" and height > 1:
        cells = _slope(np.outer(_derivative(height), _binomial(width)))
    elif name == "gabor" and min(height, width) > 1:
        side = max(height, width)
        top, left = (side - height) // 2, (side - width) // 2
        wave = gabor(side, pi * turn, wavelength=max(3.0, side * 0.7), spread=side * 0.3)
        cells = wave[top : top + height, left : left + width]
    elif name in _GRIDS and min(height, width) >= 3:
        cells = _centred(kernel_preset(name), height, width)
    return None if cells is None else np.ascontiguousarray(cells, np.float32)


def _centred(cells: Array, height: int, width: int) -> Array:
    """Return cells in the middle of a kernel of zeros; above and left of it where the size is even."""
    made = np.zeros((height, width), np.float32)
    top, left = (height - len(cells)) // 2, (width - cells.shape[1]) // 2
    made[top : top + len(cells), left : left + cells.shape[1]] = cells
    return made


def _slope(cells: Array) -> Array:
    """Return a Sobel filter that is as strong as the one of 3×3, whose cells have sizes of 8 together."""
    made: Array = (cells * (8 / np.abs(cells).sum())).astype(np.float32)
    return made


def _binomial(size: int) -> Array:
    """Return a row of Pascal's triangle; of a long one, only what float32 can tell from its middle."""
    if size > _LONGEST:
        short, row = _binomial(_LONGEST), np.zeros(size, np.float32)
        first = ceil((size - _LONGEST) / 2)
        row[first : first + _LONGEST] = short
        return row
    return np.array([comb(size - 1, k) for k in range(size)], np.float32)


def _derivative(size: int) -> Array:
    """Return the differences of a binomial row: −1, 0, 1 at 3."""
    return np.convolve(_binomial(size - 1), np.array([-1, 1], np.float32)).astype(np.float32)


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
