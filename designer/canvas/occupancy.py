"""Which part of the canvas is taken by which card, answered without a look at every card."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator
from math import floor, inf

from designer.canvas.geometry import CARD_HEIGHT, CARD_WIDTH, Place, Places

ACROSS = CARD_WIDTH + 10  # the least distance between the left edges of two cards in a row
DOWN = CARD_HEIGHT + 10  # the least distance between the top edges of two cards in a column
Cell = tuple[int, int]  # of a coarse grid
_CELL = (560.0, 280.0)  # its width and height
_Card = tuple[float, float, str]  # top, left, node


def cells(left: float, top: float, right: float, bottom: float) -> list[Cell]:
    """Return the cells that a rectangle touches."""
    columns = range(floor(left / _CELL[0]), floor(right / _CELL[0]) + 1)
    rows = range(floor(top / _CELL[1]), floor(bottom / _CELL[1]) + 1)
    return [(column, row) for column in columns for row in rows]


class Occupancy:
    """The cards' places in strips as wide as a card, each sorted from top to bottom.

    Attributes
    ----------
    revision
        Another number after every change.
    """

    def __init__(self, places: Places) -> None:
        self.revision = 0
        self._changed: dict[Cell, int] = {}  # the revision in which a card came to a cell or left it
        self._strips: dict[int, list[_Card]] = {}
        for node, (x, y) in places.items():
            self._strips.setdefault(floor(x / ACROSS), []).append((y, x, node))
        for strip in self._strips.values():
            strip.sort()

    def add(self, node: str, place: Place) -> None:
        """Note one more card."""
        insort(self._strips.setdefault(floor(place[0] / ACROSS), []), (place[1], place[0], node))
        self._note_change(place)

    def remove(self, node: str, place: Place) -> None:
        """Forget a card that is known to be at a place."""
        strip = self._strips[floor(place[0] / ACROSS)]
        strip.pop(bisect_left(strip, (place[1], place[0], node)))
        self._note_change(place)

    def same_since(self, revision: int, among: Iterable[Cell]) -> bool:
        """Whether no card has come to some cells or left them since a revision."""
        changed = self._changed
        return all(changed.get(cell, 0) <= revision for cell in among)

    def touching(self, place: Place) -> Iterator[tuple[str, Place]]:
        """Yield the cards that one at ``place`` would overlap or come too close to."""
        x, y = place
        column = floor(x / ACROSS)
        for index in (column - 1, column, column + 1):
            for top, left, node in self._between(index, y - DOWN, y + DOWN):
                if abs(left - x) < ACROSS:
                    yield node, (left, top)

    def crossed(self, x: float, top: float, bottom: float, margin: float = 0.0) -> Iterator[tuple[str, Place]]:
        """Yield the cards that a vertical line crosses, or passes within a small margin."""
        column = floor((x + margin) / ACROSS)
        for index in (column - 1, column):
            for y, left, node in self._between(index, top - CARD_HEIGHT - margin, bottom + margin):
                if -margin < x - left < CARD_WIDTH + margin:
                    yield node, (left, y)

    def within(self, left: float, top: float, right: float, bottom: float) -> list[tuple[str, Place]]:
        """Return the cards that reach into a rectangle."""
        return [
            (node, (x, y))
            for index in self._columns(floor((left - CARD_WIDTH) / ACROSS), floor(right / ACROSS))
            for y, x, node in self._between(index, top - CARD_HEIGHT, bottom)
            if left - CARD_WIDTH < x < right
        ]

    def any_in(self, left: float, top: float, right: float, bottom: float) -> bool:
        """Return whether a card reaches into a rectangle."""
        return any(
            left - CARD_WIDTH < x < right
            for index in self._columns(floor((left - CARD_WIDTH) / ACROSS), floor(right / ACROSS))
            for _, x, _ in self._between(index, top - CARD_HEIGHT, bottom)
        )

    def count(self, left: float, top: float, right: float, bottom: float) -> int:
        """Return how many cards there are in a rectangle, or a few more: those beside its edges may count."""
        columns = self._columns(floor(left / ACROSS) - 1, floor(right / ACROSS))
        return sum(len(self._between(index, top - CARD_HEIGHT, bottom)) for index in columns)

    def _columns(self, first: int, last: int) -> Iterable[int]:
        """Return the strips from one to another, from left to right; of a wide range those that there are."""
        if last - first <= len(self._strips):
            return range(first, last + 1)
        return sorted(column for column in self._strips if first <= column <= last)

    def _note_change(self, place: Place) -> None:
        self.revision += 1
        x, y = place
        self._changed.update(dict.fromkeys(cells(x, y, x + CARD_WIDTH, y + CARD_HEIGHT), self.revision))

    def _between(self, index: int, low: float, high: float) -> list[_Card]:
        """Return the cards of a strip whose top edge is between two heights, both excluded."""
        strip = self._strips.get(index)
        if strip is None:
            return []
        return strip[bisect_right(strip, (low, inf, "")) : bisect_left(strip, (high, -inf, ""))]
