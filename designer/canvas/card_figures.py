"""The numbers on a card that can be asked about: its output's shape and its count of parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFontMetricsF

from designer.canvas.card import UNKNOWN, Card
from designer.canvas.card_painter import FIRST_ROW, SECOND_ROW, count_shown, shape_font, small_font
from designer.canvas.sprites import COMPACT_BELOW
from engine import Figure

if TYPE_CHECKING:
    from designer.canvas.scene import CanvasScene

_AROUND = 3.0  # pixels around the letters


class CardFigure(NamedTuple):
    """A number of a node, and where it stands on the canvas."""

    node: str
    figure: Figure
    rect: QRectF


def figures_of(card: Card) -> dict[Figure, QRectF]:
    """Return where the numbers of a card are written, from its top left corner."""
    found: dict[Figure, QRectF] = {}
    if card.shape and card.shape != UNKNOWN:
        found[Figure.OUTPUT] = _at_the_right(FIRST_ROW, QFontMetricsF(shape_font()).horizontalAdvance(card.shape))
    count = "" if card.wrong else count_shown(card)
    if count:
        found[Figure.PARAMETERS] = _at_the_right(SECOND_ROW, QFontMetricsF(small_font()).horizontalAdvance(count))
    return found


def figure_at(scene: CanvasScene, node: str | None, at: QPointF) -> CardFigure | None:
    """Return the number of a node that is written at a point of the canvas; from afar there is none to read."""
    item = scene.nodes.get(node) if node is not None else None
    if item is None or scene.zoom < COMPACT_BELOW:
        return None
    for figure, rect in figures_of(item.card).items():
        placed = rect.translated(item.pos())
        if placed.contains(at):
            return CardFigure(item.node, figure, placed)
    return None


def _at_the_right(row: QRectF, width: float) -> QRectF:
    width = min(width, row.width())
    return QRectF(row.right() - width - _AROUND, row.top(), width + 2 * _AROUND, row.height())
