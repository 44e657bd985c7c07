"""The numbers under a window, with their rows and columns on the map; the chosen one stands out."""

from collections.abc import Callable, Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from designer import theme
from designer.maps.trace.block_view import MARGIN, TITLE, BlockView, Spot
from designer.maps.trace.blocks import Cell, Window
from designer.maps.trace.heat import Scale, cell_rect, outline, paint_heat
from designer.tiles.numbers import number_text
from engine.language import tr

_AXIS = 24.0  # room for the numbers of rows and columns
_LARGEST, _HEIGHT = 44.0, 260.0  # of a cell; of all
_MANY = 1600  # numbers; more are not pointed at one by one


class WindowView(BlockView):
    """One window."""

    def __init__(self, block: Window, colour_map: str, live: Callable[[Cell], bool]) -> None:
        super().__init__(block.title)
        self._block, self._live = block, live
        self._scale = Scale.over(block.values[~block.padding], colour_map)
        self._rect = QRectF()
        height, width = block.values.shape
        self.setAccessibleName(tr("{block}: {height} × {width} values", block=block.title, height=height, width=width))

    def lay_out(self, width: float) -> tuple[float, Sequence[Spot]]:
        """Make the cells as large as there is room for."""
        block = self._block
        rows, columns = block.values.shape
        side = min((width - 2 * MARGIN - _AXIS) / columns, _HEIGHT / rows, _LARGEST)
        self._rect = QRectF(MARGIN + _AXIS, TITLE + 14, side * columns, side * rows)
        spots = [self._spot(y, x) for y in range(rows) for x in range(columns)] if block.values.size <= _MANY else []
        if not spots and block.chosen is not None:
            spots = [self._spot(*block.chosen)]
        return self._rect.bottom() + (24 if block.chosen is not None else 10), spots

    def paint(self, painter: QPainter) -> None:
        """Paint the cells, the axes and the chosen one."""
        block, colours = self._block, theme.current()
        paint_heat(painter, self._rect, block.values, self._scale, block.padding)
        self._paint_axes(painter)
        if block.chosen is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        outline(painter, cell_rect(self._rect, block.values.shape, *block.chosen), strong=True)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font(9))
        painter.setPen(QColor(colours.text))
        y, x = block.chosen
        said = tr(
            "{value} {reason}, at row {row}, column {column}",
            value=number_text(float(block.values[y, x]), 6),
            reason=block.reason,
            row=block.rows[y],
            column=block.columns[x],
        )
        painter.drawText(QPointF(self._rect.left(), self._rect.bottom() + 16), said)

    def _paint_axes(self, painter: QPainter) -> None:
        block = self._block
        painter.setFont(theme.font(7.5))
        painter.setPen(QColor(theme.current().muted))
        shape = block.values.shape
        for numbers, along_x in ((block.columns, True), (block.rows, False)):
            side = (self._rect.width() if along_x else self._rect.height()) / max(1, len(numbers))
            every = max(1, int(np.ceil((22 if along_x else 12) / side)))
            for i in range(0, len(numbers), every):
                cell = cell_rect(self._rect, shape, 0, i) if along_x else cell_rect(self._rect, shape, i, 0)
                box = (
                    QRectF(cell.center().x() - 20, self._rect.top() - 14, 40, 13)
                    if along_x
                    else QRectF(MARGIN - 6, cell.center().y() - 7, _AXIS + 1, 14)
                )
                flag = Qt.AlignmentFlag.AlignCenter if along_x else Qt.AlignmentFlag.AlignRight
                painter.drawText(box, flag | Qt.AlignmentFlag.AlignVCenter, str(int(numbers[i])).replace("-", "−"))

    def _spot(self, y: int, x: int) -> Spot:
        block = self._block
        place = tr("row {row}, column {column}", row=block.rows[y], column=block.columns[x])
        value = number_text(float(block.values[y, x]), 9)
        rect = cell_rect(self._rect, block.values.shape, y, x)
        if block.padding[y, x]:
            return Spot(rect, tr("{place}: padding, counted as {value}", place=place, value=value))
        cell = block.cell(y, x)
        return Spot(rect, f"{place}: {value}", cell if self._live(cell) else None)
