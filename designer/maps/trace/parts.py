"""The parts that the views of several kinds of arithmetic have in common."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from designer.maps.trace.blocks import Cell, Chip, Term, Terms, Window
from designer.tiles.numbers import number_text
from designer.tiles.strips import Array
from engine import Explanation, WindowExplanation
from engine.language import tr

SHOWN = 16  # terms that are listed
_WRAP = 16  # numbers in a row where a vector is shown as a block


def before(value: float) -> Chip:
    """Return the value that a layer got."""
    return Chip(value, tr("before"), "input", ())


def result(found: Explanation, cell: Cell | None = None, caption: str = "") -> Chip:
    """Return what comes out."""
    return Chip(found.total, caption or tr("result"), "result", cell)


def times(value: float, weight: float) -> str:
    """Return a product for a reader."""
    return f"{number_text(float(value))} × {number_text(float(weight))}"


def by_size(values: NDArray[np.float64]) -> list[int]:
    """Return which of some values are the largest by size; what is no number comes first."""
    sizes = np.nan_to_num(np.abs(values), nan=np.inf, posinf=np.inf)
    largest: list[int] = np.argsort(-sizes, kind="stable")[:SHOWN].tolist()
    return largest


def terms(title: str, rows: Sequence[Term], everything: NDArray[np.float64]) -> Terms:
    """Return some of all summands, with the number and the sum of those that are left out."""
    left_out = len(everything) - len(rows)
    rest = float(everything.sum()) - sum(row.value for row in rows) if left_out else 0.0
    return Terms(title, tuple(rows), left_out, rest)


def window_of(found: WindowExplanation, title: str, chosen: tuple[int, int] | None = None, reason: str = "") -> Window:
    """Return a window over the input, with one of its places marked."""
    patch = found.patch
    return Window(title, patch.values, patch.padding, patch.rows, patch.columns, lambda y, x: (y, x), chosen, reason)


def plain_window(
    title: str,
    values: Array,
    chosen: tuple[int, int],
    cell: Callable[[int, int], Cell],
    *,
    top: int = 0,
    left: int = 0,
) -> Window:
    """Return values that lie side by side, one of them marked."""
    height, width = values.shape
    rows, columns = np.arange(top, top + height), np.arange(left, left + width)
    return Window(title, values, np.zeros(values.shape, bool), rows, columns, cell, chosen, tr("this one"))


def vector_window(title: str, values: Array, cell: Callable[[int], Cell], chosen: int) -> Window:
    """Return a vector in rows of one length; what fills the last one up counts as padding."""
    width = min(_WRAP if len(values) <= _WRAP**2 else 2 * _WRAP, len(values))
    height = -(-len(values) // width)
    filled = np.zeros(height * width, np.float32)
    filled[: len(values)] = values
    gaps = (np.arange(height * width) >= len(values)).reshape(height, width)
    return Window(
        title,
        filled.reshape(height, width),
        gaps,
        np.arange(height) * width,
        np.arange(width),
        lambda y, x: cell(y * width + x),
        divmod(chosen, width),
        tr("this one"),
    )


def largest(values: NDArray[Any], padding: NDArray[np.bool_]) -> Cell | None:
    """Return the number that counts most and is no padding; None where all is padding."""
    if padding.all():
        return None
    sizes = np.where(padding, -1.0, np.nan_to_num(np.abs(values), nan=np.inf, posinf=np.inf))
    return tuple(int(at) for at in np.unravel_index(int(sizes.argmax()), sizes.shape))
