"""Where a dragged card or dot comes to rest: in line with others, else on the grid."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from PySide6.QtCore import QLineF, QRectF

from designer.canvas.geometry import Place, snapped

_PIXELS = 6.0  # on the screen, within which a card is drawn into a line
_LEAST, _MOST = 4.0, 14.0  # the same on the canvas
_FAR = 640.0  # on the canvas; cards further away draw nothing to them, unless a wire does

_Side = Callable[[QRectF], float]
# Middles first: cards of one size are in line by all three, and one line says it.
_ACROSS: tuple[_Side, ...] = (lambda rect: rect.center().x(), QRectF.left, QRectF.right)
_DOWN: tuple[_Side, ...] = (lambda rect: rect.center().y(), QRectF.top, QRectF.bottom)


class Neighbour(NamedTuple):
    """A card, port or dot that stays where it is; ``wired`` to what is dragged or not."""

    rect: QRectF
    wired: bool


class Snap(NamedTuple):
    """A place to rest at, and the lines that say why."""

    place: Place
    guides: tuple[QLineF, ...]


def snap(rect: QRectF, neighbours: Iterable[Neighbour], zoom: float) -> Snap:
    """Return the place for the top left corner of what is dragged to a place: a card, or a dot, which has no size.

    Across and down are looked at apart: each is taken from the nearest line through a neighbour's edge or middle
    within a few pixels of the screen, else from the grid.
    """
    wanted = rect.x(), rect.y()
    grid = snapped(*wanted)
    near = [one for one in neighbours if one.wired or _apart(one.rect, rect) < _FAR]
    reach = min(max(_PIXELS / zoom, _LEAST), _MOST)
    across, down = (_offset(rect, near, sides, reach) for sides in (_ACROSS, _DOWN))
    x = grid[0] if across is None else wanted[0] + across
    y = grid[1] if down is None else wanted[1] + down
    return Snap((x, y), tuple(_guides(QRectF(x, y, rect.width(), rect.height()), near)))


def _offset(rect: QRectF, near: list[Neighbour], sides: tuple[_Side, ...], reach: float) -> float | None:
    """Return how far a card has to go for the nearest line within reach; a wired neighbour's where two are as near."""
    found = [
        (round(abs(side(one.rect) - side(rect)), 3), not one.wired, _apart(one.rect, rect), side(one.rect) - side(rect))
        for one in near
        for side in sides
    ]
    best = min((entry for entry in found if entry[0] <= reach), default=None)
    return None if best is None else best[3]


def _guides(rect: QRectF, near: list[Neighbour]) -> Iterable[QLineF]:
    """Yield the lines, at most one down and one across, along which a card is in line with neighbours."""
    for side in _ACROSS:
        inline = [one.rect for one in near if abs(side(one.rect) - side(rect)) < 0.01]
        if inline:
            tops, bottoms = zip(*((one.top(), one.bottom()) for one in (*inline, rect)), strict=True)
            yield QLineF(side(rect), min(tops), side(rect), max(bottoms))
            break
    for side in _DOWN:
        inline = [one.rect for one in near if abs(side(one.rect) - side(rect)) < 0.01]
        if inline:
            lefts, rights = zip(*((one.left(), one.right()) for one in (*inline, rect)), strict=True)
            yield QLineF(min(lefts), side(rect), max(rights), side(rect))
            break


def _apart(one: QRectF, other: QRectF) -> float:
    """Return the distance between the middles of two cards, the larger of across and down."""
    way = one.center() - other.center()
    return max(abs(way.x()), abs(way.y()))
