"""Matrix products cut so small that a BLAS library need not repack their operands.

Before a large product, a library copies both factors into an order of its own, and for the few rows of a late layer
that takes as long as the product. Some have a second set of kernels, for small products, that read the factors as they
are. They run at full speed where the right factor is narrow and lies in one piece: a *panel*, some of the columns of
the weights. A product is then many small ones, each of some rows and one panel, in one call.
"""

from functools import partial

import numpy as np

from engine.kernels.channels_last.region import Array, Call, strided

_WIDE = 64  # columns of a panel
_NARROW = 32  # columns, down to which the small kernels are about as fast
_LINE = 16  # columns that fill a cache line
_FEW = 5120  # weights that need no panels: rows of the output are written from end to end
_ROWS = 24  # of the left factor, for which a panel is made narrower
_STEP = 6  # rows that the small kernels take at a time


def product(a: Array, b: Array, out: Array) -> Call:
    """Return the call for ``a @ b``; an array's own ``dot`` begins soonest, but wants its output in one piece."""
    return partial(a.dot, b, out) if out.flags.c_contiguous else partial(np.matmul, a, b, out)


def panel_width(depth: int, columns: int, bound: int) -> int:
    """Return how wide panels of weights ``(depth, columns)`` should be, 0 where they are better left whole.

    ``bound`` is the size (rows × depth × columns) of the largest product that is small; 0 where none is. Panels fill
    whole cache lines: a line that two of them write comes from memory twice. Nor are they as wide as anything that
    divides the columns: those beyond a multiple of 16 are summed up in another order, and equal filters that differ in
    their last bits are seen behind a softmax of large values.
    """
    whole = [columns] if depth * columns <= _FEW else []
    for width in (_WIDE, *whole, _NARROW, _LINE):
        rows = _STEP if width <= _NARROW else _ROWS
        if columns % width == 0 and rows * depth * width <= bound:
            return width
    return 0


def in_panels(matrix: Array, width: int) -> Array:
    """Return weights ``(depth, columns)`` as panels ``(columns/width, depth, width)``, a view."""
    depth, columns = matrix.shape
    return matrix.reshape(depth, columns // width, width).transpose(1, 0, 2)


def panel_products(x: Array, panels: Array, out: Array, bound: int) -> list[Call]:
    """Return the calls for ``x (…, rows, depth) @ panels (…, P, depth, width)`` into ``out (…, rows, P·width)``.

    Of the two factors the larger is gone through once, the smaller again and again while it is in the cache.
    """
    rows, depth = x.shape[-2:]
    width = panels.shape[-1]
    most = max(_STEP, bound // (depth * width) // _STEP * _STEP)
    high = min(rows, -(-rows // (-(-rows // most) * _STEP)) * _STEP)
    whole = rows // high * high
    panels_inside = x.size > panels.size
    calls: list[Call] = []
    for first, last, some in ((0, whole, high), (whole, rows, rows - whole)):
        if first == last:
            continue
        left = _split(_split(x, -1, depth)[..., first:last, :, :], -3, some).swapaxes(-2, -3)
        right = panels[..., None, :, :, :]
        target = _split(_split(out, -1, width)[..., first:last, :, :], -3, some).swapaxes(-2, -3)
        if not panels_inside:
            left, right, target = (factor.swapaxes(-3, -4) for factor in (left, right, target))
        calls.append(partial(np.matmul, left, right, target))
    return calls


def _split(x: Array, axis: int, length: int) -> Array:
    """Return a view in which an axis has become two, the second of the given length."""
    axis %= x.ndim
    stride = x.strides[axis]
    shape = (*x.shape[:axis], x.shape[axis] // length, length, *x.shape[axis + 1 :])
    return strided(x, shape, (*x.strides[:axis], stride * length, stride, *x.strides[axis + 1 :]))
