"""What searches for ways around cards share: the ends that they begin and end at, and what they find."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from designer.canvas.geometry import CARD_HEIGHT
from designer.canvas.occupancy import Cell, Occupancy, cells
from designer.canvas.routes import Box, Point

LEAST = 5.0  # between a wire and the cards that it passes
NEAR = LEAST - 0.01  # what is nearer is in the way; sums of places are not exact
BEND = 36.0  # a corner is worth so much of a longer way
_VAST = 8e8  # pixels: the part of the canvas that a few thousand cards take, widely strewn


class Free(NamedTuple):
    """Which ends of a way are dots: it may leave them and arrive at them in any direction."""

    start: bool = False
    end: bool = False


PORTS = Free()  # neither


class Found(NamedTuple):
    """The corners of a way, its ends with them, or None where there is none; and the cells that it depends on."""

    way: tuple[Point, ...] | None
    cells: frozenset[Cell]


class Ends(NamedTuple):
    """Where a way may take its first turn and its last one; None where there is no room for any.

    Attributes
    ----------
    turns
        The two points: a little below a port and a little above one, a dot itself.
    cells
        What they depend on.
    """

    turns: tuple[Point, Point] | None
    cells: frozenset[Cell]


def ends(start: Point, end: Point, taken: Occupancy, clearance: float, free: Free) -> Ends:
    """Return where a way leaves its start and comes to its end.

    It runs straight out of a port until it is clear of the card. A port that another card covers has no room for
    that, and neither has a dot on a card.
    """
    looked: set[Cell] = set()
    turns = []
    for (x, y), is_free, direction in ((start, free.start, 1), (end, free.end, -1)):
        room = 0.0
        if is_free:
            place = x - NEAR, y - NEAR, x + NEAR, y + NEAR
            looked.update(cells(*place))
            if taken.any_in(*place):
                return Ends(None, frozenset(looked))
        else:
            room, around = _room((x, y), direction, taken, clearance)
            looked.update(around)
            if room < NEAR:
                return Ends(None, frozenset(looked))
        turns.append((x, y + direction * room))
    return Ends((turns[0], turns[1]), frozenset(looked))


def box_around(start: Point, end: Point, far: float) -> Box:
    """Return the part of the canvas around two points in which a way between them is searched for."""
    (x0, y0), (x1, y1) = start, end
    return min(x0, x1) - far, min(y0, y1) - far, max(x0, x1) + far, max(y0, y1) + far


def is_far(start: Point, end: Point, around: float) -> bool:
    """Whether two points are so far apart that no way between them is searched for."""
    left, top, right, bottom = box_around(start, end, around)
    return (right - left) * (bottom - top) > _VAST


def _room(port: Point, direction: int, taken: Occupancy, clearance: float) -> tuple[float, list[Cell]]:
    """Return how far a wire runs straight out of a port, so that it is clear of the cards above and below."""
    x, y = port
    top, bottom = (y + 0.5, y + 2 * clearance) if direction > 0 else (y - 2 * clearance, y - 0.5)  # without its card
    place = x - LEAST, top, x + LEAST, bottom
    gaps = [card - y if direction > 0 else y - card - CARD_HEIGHT for _, (_, card) in taken.within(*place)]
    return min([clearance, *(gap / 2 for gap in gaps)]), cells(*place)


def joined(points: Iterable[Point]) -> tuple[Point, ...]:
    """Return a way without the points at which it does not turn."""
    first, *rest = points
    kept = [first]
    for one, after in zip(rest, [*rest[1:], None], strict=True):
        before = kept[-1]
        straight = after is not None and (before[0] == one[0] == after[0] or before[1] == one[1] == after[1])
        if not straight and one != before:
            kept.append(one)
    return tuple(kept)
