"""What a trace card is made of: equations, windows, channels and terms, as values without a widget."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from designer.tiles.strips import Array
from engine.language import tr

Cell = tuple[int, ...]
Role = Literal["input", "weight", "result", "plain"]


@dataclass(frozen=True)
class Chip:
    """A number in an equation, with a caption below it.

    ``cell`` names the number among those that came in; one that did not, such as a bias, has none.
    """

    value: float
    caption: str = ""
    role: Role = "plain"
    cell: Cell | None = None


@dataclass(frozen=True)
class Equation:
    """Numbers and the signs between them."""

    title: str
    items: tuple[Chip | str, ...]


@dataclass(frozen=True, eq=False)
class Window:
    """The numbers under a window ``(kh, kw)``.

    ``cell`` tells how the number at ``(dy, dx)`` is named among all that came in; ``chosen`` is the one that stands
    out, and ``reason`` says why.
    """

    title: str
    values: Array
    padding: NDArray[np.bool_]
    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    cell: Callable[[int, int], Cell]
    chosen: tuple[int, int] | None = None
    reason: str = ""


@dataclass(frozen=True, eq=False)
class Channels:
    """A filter over its input's channels: patch times kernel for each, and the sum of each.

    ``patch``, ``kernel`` and ``products`` are ``(D, kh, kw)``, ``sums (D,)``, ``padding (kh, kw)``. Channel d of these
    is number ``first + d // repeated`` of the input's map, and its cells are named by ``d // repeated``.
    """

    title: str
    patch: Array
    kernel: Array
    products: NDArray[np.float64]
    sums: NDArray[np.float64]
    padding: NDArray[np.bool_]
    first: int
    repeated: int = 1

    def name(self, number: int) -> str:
        """Return what one of the rows is called."""
        channel = tr("channel {channel}", channel=self.first + number // self.repeated)
        return (
            channel
            if self.repeated == 1
            else tr("{channel}, filter {number}", channel=channel, number=number % self.repeated)
        )

    def cell(self, number: int, y: int, x: int) -> Cell:
        """Return how a number of a patch is named."""
        return (number // self.repeated, y, x)

    def order(self) -> NDArray[np.intp]:
        """Return the rows by how much they add, the largest first; what is no number comes before."""
        return np.argsort(-np.nan_to_num(np.abs(self.sums), nan=np.inf, posinf=np.inf), kind="stable")


@dataclass(frozen=True)
class Term:
    """One of many that are added up or compared: a bar with its name, its sum and its value."""

    label: str
    detail: str
    value: float
    cell: Cell | None
    chosen: bool = False


@dataclass(frozen=True)
class Terms:
    """The largest terms; ``left_out`` more of them come to ``rest`` together."""

    title: str
    rows: tuple[Term, ...]
    left_out: int = 0
    rest: float = 0.0


@dataclass(frozen=True)
class Note:
    """A sentence."""

    text: str


Block = Equation | Window | Channels | Terms | Note


@dataclass(frozen=True)
class Card:
    """All blocks of a trace, and the number that matters most: where Enter leads."""

    blocks: tuple[Block, ...] = field(default=())
    strongest: Cell | None = None
