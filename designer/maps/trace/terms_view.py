"""Terms as bars around zero, the largest first, and how much those come to that are left out."""

from collections.abc import Callable, Sequence
from math import isfinite

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from designer import theme
from designer.maps.trace.block_view import MARGIN, TITLE, BlockView, Spot
from designer.maps.trace.blocks import Cell, Term, Terms
from designer.tiles.numbers import number_text
from engine.language import tr

_ROW = 20.0
_VALUE = 62.0  # width of the numbers at the right


class TermsView(BlockView):
    """A list of terms."""

    def __init__(self, block: Terms, live: Callable[[Cell], bool]) -> None:
        super().__init__(block.title)
        self._block, self._live = block, live
        self._largest = max((abs(row.value) for row in block.rows if isfinite(row.value)), default=0.0)
        self.setAccessibleName(
            tr(
                "{block}: {shown} of {count}",
                block=block.title,
                shown=len(block.rows),
                count=len(block.rows) + block.left_out,
            )
        )

    def lay_out(self, width: float) -> tuple[float, Sequence[Spot]]:
        """Give each term a row."""
        spots = [self._spot(i, row, width) for i, row in enumerate(self._block.rows)]
        return TITLE + _ROW * (len(spots) + bool(self._block.left_out)) + 8, spots

    def paint(self, painter: QPainter) -> None:
        """Paint all rows."""
        label, detail = self._columns()
        for spot, row in zip(self.spots, self._block.rows, strict=True):
            self._paint_row(painter, spot.rect, row, label, detail)
        if self._block.left_out:
            top = TITLE + _ROW * len(self._block.rows)
            painter.setFont(theme.font(8.5))
            painter.setPen(QColor(theme.current().muted))
            said = tr(
                "and {count:,} more, which come to {rest}",
                count=self._block.left_out,
                rest=number_text(self._block.rest),
            )
            painter.drawText(QPointF(MARGIN, top + 14), said)

    def _paint_row(self, painter: QPainter, rect: QRectF, row: Term, label: float, detail: float) -> None:
        colours = theme.current()
        middle = Qt.AlignmentFlag.AlignVCenter
        if row.chosen:
            painter.setBrush(QColor(colours.selection))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawRoundedRect(rect.adjusted(-4, 1, 4, -1), 4, 4)
        small, bold = theme.font(8.5), theme.font(8.5, QFont.Weight.DemiBold)
        painter.setFont(bold if row.chosen else small)
        painter.setPen(QColor(colours.text))
        painter.drawText(QRectF(rect.left(), rect.top(), label, _ROW), middle, row.label)
        value = QRectF(rect.right() - _VALUE, rect.top(), _VALUE, _ROW)
        painter.drawText(value, middle | Qt.AlignmentFlag.AlignRight, number_text(row.value))
        painter.setFont(small)
        painter.setPen(QColor(colours.muted))
        painter.drawText(QRectF(rect.left() + label + 8, rect.top(), detail, _ROW), middle, row.detail)
        left = rect.left() + label + detail + 20
        self._paint_bar(painter, QRectF(left, rect.top() + 4, max(0.0, value.left() - left), _ROW - 8), row.value)

    def _paint_bar(self, painter: QPainter, room: QRectF, value: float) -> None:
        colours = theme.current()
        signed = any(row.value < 0 for row in self._block.rows)
        zero = room.center().x() if signed else room.left()
        reach = (room.width() / 2 if signed else room.width()) - 1
        if reach <= 2:
            return
        painter.setPen(Qt.PenStyle.NoPen)
        share = value / self._largest if self._largest and isfinite(value) else 0.0
        painter.setBrush(QColor(colours.accent if value >= 0 else colours.family("output")))
        if not isfinite(value):
            painter.setBrush(QColor(colours.error))
            share = 1.0
        painter.drawRect(QRectF(zero, room.top(), share * reach, room.height()).normalized())
        painter.setBrush(QColor(colours.border))
        painter.drawRect(QRectF(zero - 0.5, room.top() - 3, 1, room.height() + 6))

    def _columns(self) -> tuple[float, float]:
        """Return the widths of labels and details."""
        metrics = QFontMetricsF(theme.font(8.5, QFont.Weight.DemiBold))
        rows = self._block.rows
        widest = (
            max((metrics.horizontalAdvance(text) for text in texts), default=0.0)
            for texts in ([row.label for row in rows], [row.detail for row in rows])
        )
        label, detail = widest
        return label, detail

    def _spot(self, number: int, row: Term, width: float) -> Spot:
        rect = QRectF(MARGIN, TITLE + _ROW * number, width - 2 * MARGIN, _ROW)
        cell = row.cell if row.cell is not None and self._live(row.cell) else None
        return Spot(rect, f"{row.label}: {row.detail} = {number_text(row.value, 9)}", cell)
