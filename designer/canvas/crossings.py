"""Whether a wire crosses cards on its way."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from designer.canvas.geometry import CARD_HEIGHT, CARD_WIDTH, Place
from designer.canvas.occupancy import Occupancy
from designer.canvas.routes import Box, Piece, Point, Route, pieces

_STEP = 10.0  # a part of a curve that is as good as a point


def crosses(route: Route, taken: Occupancy, margin: float, own: Collection[str]) -> bool:
    """Whether a wire comes within a margin of cards that are not its own."""
    return any(_piece_crosses(piece, taken, margin, own) for piece in pieces(route))


def _piece_crosses(piece: Piece, taken: Occupancy, margin: float, own: Collection[str]) -> bool:
    near = [place for node, place in taken.within(*_around(piece, margin)) if node not in own]
    return bool(near) and (len(piece) == 2 or _curve_crosses(piece, near, margin))


def _curve_crosses(curve: Piece, cards: Sequence[Place], margin: float) -> bool:
    """Whether a curve comes near to cards; only those parts of it are looked at closely that might."""
    left, top, right, bottom = _around(curve, margin)
    near = [(x, y) for x, y in cards if left - CARD_WIDTH < x < right and top - CARD_HEIGHT < y < bottom]
    if not near:
        return False
    if max(right - left, bottom - top) - 2 * margin <= _STEP:
        x, y = [(one + 3 * two + 3 * three + four) / 8 for one, two, three, four in zip(*curve, strict=True)]
        return any(
            -margin < x - left < CARD_WIDTH + margin and -margin < y - top < CARD_HEIGHT + margin for left, top in near
        )
    one, other = _halves(curve)
    return _curve_crosses(one, near, margin) or _curve_crosses(other, near, margin)


def _around(piece: Piece, margin: float) -> Box:
    xs, ys = [x for x, _ in piece], [y for _, y in piece]
    return min(xs) - margin, min(ys) - margin, max(xs) + margin, max(ys) + margin


def _halves(curve: Piece) -> tuple[Piece, Piece]:
    """Return the two parts of a cubic curve before and behind its middle (de Casteljau)."""
    start, first, second, end = curve
    middle = _between(first, second)
    before, after = _between(start, first), _between(second, end)
    into, out = _between(before, middle), _between(middle, after)
    parting = _between(into, out)
    return (start, before, into, parting), (parting, out, after, end)


def _between(one: Point, other: Point) -> Point:
    return (one[0] + other[0]) / 2, (one[1] + other[1]) / 2
