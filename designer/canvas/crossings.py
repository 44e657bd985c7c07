"""Whether a wire crosses cards on its way."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from math import ceil

from designer.canvas.geometry import CARD_HEIGHT, CARD_WIDTH, Place
from designer.canvas.occupancy import Occupancy
from designer.canvas.routes import Piece, Route, pieces

_STEP = 10.0  # between the points of a curve that are looked at


def crosses(route: Route, taken: Occupancy, margin: float, own: Collection[str]) -> bool:
    """Whether a wire comes within a margin of cards that are not its own."""
    return any(_piece_crosses(piece, taken, margin, own) for piece in pieces(route))


def _piece_crosses(piece: Piece, taken: Occupancy, margin: float, own: Collection[str]) -> bool:
    xs, ys = [x for x, _ in piece], [y for _, y in piece]
    left, top, right, bottom = min(xs) - margin, min(ys) - margin, max(xs) + margin, max(ys) + margin
    near = [place for node, place in taken.within(left, top, right, bottom) if node not in own]
    if not near or len(piece) == 2:
        return bool(near)
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = piece
    steps = ceil(max(right - left, bottom - top) / _STEP)
    for step in range(1, steps):
        t = step / steps
        a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
        if _touches(near, a * x0 + b * x1 + c * x2 + d * x3, a * y0 + b * y1 + c * y2 + d * y3, margin):
            return True
    return False


def _touches(cards: Iterable[Place], x: float, y: float, margin: float) -> bool:
    return any(
        left - margin < x < left + CARD_WIDTH + margin and top - margin < y < top + CARD_HEIGHT + margin
        for left, top in cards
    )
