"""Numbers as chips with signs between them and captions below, in as many lines as they need."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from designer import theme
from designer.maps.trace.block_view import MARGIN, TITLE, BlockView, Spot
from designer.maps.trace.blocks import Cell, Chip, Equation
from designer.tiles.numbers import number_text
from engine.language import tr

_CHIP, _CAPTION = 26.0, 17.0  # heights
_LINE = _CHIP + _CAPTION + 7
_PAD, _GAP = 9.0, 7.0
_DIGITS = 5


class EquationView(BlockView):
    """One equation.

    Parameters
    ----------
    block
        What it says.
    live
        Whether a number can be traced further.
    """

    def __init__(self, block: Equation, live: Callable[[Cell], bool]) -> None:
        super().__init__(block.title)
        self._items = block.items
        self._live = live
        self._placed: list[tuple[Chip | str, QRectF]] = []
        self.setAccessibleName(f"{block.title}: {equation_text(block)}")

    def lay_out(self, width: float) -> tuple[float, Sequence[Spot]]:
        """Break the equation where the width ends."""
        value, caption = QFontMetricsF(_value_font()), QFontMetricsF(_caption_font())
        x, y = MARGIN, TITLE
        self._placed = []
        for item in self._items:
            if isinstance(item, str):
                across = value.horizontalAdvance(item)
            else:
                text = value.horizontalAdvance(number_text(item.value, _DIGITS)) + 2 * _PAD
                across = max(text, min(caption.horizontalAdvance(item.caption), 150.0))
            if x + across > width - MARGIN and x > MARGIN:
                x, y = MARGIN, y + _LINE
            self._placed.append((item, QRectF(x, y, across, _CHIP)))
            x += across + _GAP
        plain = tr("value")
        spots = [
            Spot(rect, f"{item.caption or plain} = {number_text(item.value, 9)}", self._cell(item))
            for item, rect in self._placed
            if isinstance(item, Chip)
        ]
        return y + _LINE + 4, spots

    def paint(self, painter: QPainter) -> None:
        """Paint signs and chips."""
        colours = theme.current()
        for item, rect in self._placed:
            if isinstance(item, str):
                painter.setFont(_value_font())
                painter.setPen(QColor(colours.muted))
                painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, item)
            else:
                self._paint_chip(painter, item, rect)

    def _paint_chip(self, painter: QPainter, chip: Chip, rect: QRectF) -> None:
        colours = theme.current()
        ground, edge, ink = {
            "input": (colours.selection, colours.accent, colours.text),
            "weight": (colours.raised, colours.family("dense"), colours.text),
            "result": (colours.accent, colours.accent, colours.on_accent),
            "plain": (colours.raised, colours.border, colours.text),
        }[chip.role]
        painter.setBrush(QColor(ground))
        painter.setPen(QPen(QColor(edge), 1))
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        painter.setFont(_value_font())
        painter.setPen(QColor(ink))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, number_text(chip.value, _DIGITS))
        font = _caption_font()
        linked = self._cell(chip) is not None
        font.setUnderline(linked)
        painter.setFont(font)
        painter.setPen(QColor(colours.accent if linked else colours.muted))
        caption = QFontMetricsF(font).elidedText(chip.caption, Qt.TextElideMode.ElideMiddle, rect.width())
        below = QRectF(rect.bottomLeft(), QPointF(rect.right(), rect.bottom() + _CAPTION))
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, caption)

    def _cell(self, chip: Chip) -> Cell | None:
        return chip.cell if chip.cell is not None and self._live(chip.cell) else None


def equation_text(block: Equation) -> str:
    """Return an equation as one line of text."""
    return " ".join(item if isinstance(item, str) else number_text(item.value, _DIGITS) for item in block.items)


def _value_font() -> QFont:
    return theme.font(10.5, QFont.Weight.Medium)


def _caption_font() -> QFont:
    return theme.font(8)
