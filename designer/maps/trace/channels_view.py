"""A filter over its input's channels: for each the patch, its kernel, their products and the sum, a page at a time."""

from collections.abc import Callable, Sequence
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QKeyEvent, QPainter
from PySide6.QtWidgets import QToolButton

from designer import theme
from designer.maps.trace.block_view import MARGIN, TITLE, BlockView, Spot
from designer.maps.trace.blocks import Cell, Channels
from designer.maps.trace.heat import SIGNED, Scale, cell_rect, paint_heat
from designer.tiles.numbers import number_text
from engine.language import tr, tr_count, tr_noop

PAGE = 6  # channels shown at once
_SUM, _SIGN, _GAP = 74.0, 20.0, 12.0
_LARGEST, _SMALLEST, _HEIGHT = 40.0, 3.0, 180.0  # of a cell; of a matrix
_LINE = 15.0
_HEAD = TITLE + 20  # title and the names of the columns
_NAMES = (tr_noop("patch"), tr_noop("kernel"), tr_noop("products"))


class ChannelsView(BlockView):
    """All channels of one filter; sorted by how much they add, or in the map's order."""

    def __init__(self, block: Channels, colour_map: str, live: Callable[[Cell], bool]) -> None:
        super().__init__(block.title)
        self._block, self._live = block, live
        count = len(block.sums)
        self._sorted = count > PAGE
        self._page = 0
        self._rows: list[tuple[int, tuple[QRectF, QRectF, QRectF], QRectF]] = []
        shown = block.patch[:, ~block.padding]
        self._scales = (
            Scale.over(shown, colour_map),
            Scale.over(block.kernel, SIGNED),
            Scale.over(block.products, SIGNED),
        )
        self.order_button = self._button(tr("Sorted by contribution, or in the map's order"), self.switch_order)
        self.previous_button = self._button(tr("Previous channels"), lambda: self.turn(-1))
        self.next_button = self._button(tr("Next channels"), lambda: self.turn(1))
        self.previous_button.setText("<")
        self.next_button.setText(">")
        for button in (self.order_button, self.previous_button, self.next_button):
            button.setVisible(count > 1 if button is self.order_button else count > PAGE)
        self.setAccessibleName(
            tr_count("{block}: {count} channel", "{block}: {count} channels", count, block=block.title)
        )

    def switch_order(self) -> None:
        """Sort by contribution, or go back to the map's order."""
        self._sorted = not self._sorted
        self._page = 0
        self.refit()

    def turn(self, pages: int) -> None:
        """Show other channels."""
        last = (len(self._block.sums) - 1) // PAGE
        self._page = min(max(self._page + pages, 0), last)
        self.refit()

    def shown(self) -> list[int]:
        """Return the channels of the page."""
        order = self._block.order() if self._sorted else np.arange(len(self._block.sums))
        rows: list[int] = order[self._page * PAGE : (self._page + 1) * PAGE].tolist()
        return rows

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Turn the page with - and +, sort with S; the other keys are those of every block."""
        if event.text() in ("-", "+") and len(self._block.sums) > PAGE:
            self.turn(1 if event.text() == "+" else -1)
        elif event.key() == Qt.Key.Key_S and not event.modifiers():
            self.switch_order()
        else:
            super().keyPressEvent(event)

    def lay_out(self, width: float) -> tuple[float, Sequence[Spot]]:
        """Give each channel of the page its three matrices."""
        self._place_buttons(width)
        _, height, across = self._block.patch.shape
        room = width - 2 * MARGIN - _SUM - 2 * _SIGN - _GAP
        side = max(_SMALLEST, min(room / (3 * across), _HEIGHT / height, _LARGEST))
        down = max(side * 0.82, _SMALLEST) if side >= 27 else side  # a number needs more width than height
        top = _HEAD
        self._rows = []
        for number in self.shown():
            lefts = (MARGIN + i * (side * across + _SIGN) for i in range(3))
            rects = tuple(QRectF(left, top + _LINE, side * across, down * height) for left in lefts)
            tall = max(down * height, 22.0)
            beside = QRectF(width - MARGIN - _SUM, top + _LINE, _SUM, tall)
            self._rows.append((number, (rects[0], rects[1], rects[2]), beside))
            top += _LINE + tall + 10
        return top + 2, [spot for number, rects, _ in self._rows for spot in self._spots(number, rects)]

    def paint(self, painter: QPainter) -> None:
        """Paint the channels of the page."""
        block, colours = self._block, theme.current()
        self._paint_names(painter)
        for number, rects, beside in self._rows:
            painter.setFont(theme.font(8.5, QFont.Weight.Medium))
            painter.setPen(QColor(colours.text))
            painter.drawText(QPointF(MARGIN, rects[0].top() - 4), block.name(number))
            for part, (rect, values, scale) in enumerate(zip(rects, self._arrays(number), self._scales, strict=True)):
                padding = None if part == 1 else block.padding
                paint_heat(painter, rect, values, scale, padding)
                if part:
                    sign = QRectF(rect.left() - _SIGN, rect.top(), _SIGN, rect.height())
                    painter.setFont(theme.font(11))
                    painter.setPen(QColor(colours.muted))
                    painter.drawText(sign, Qt.AlignmentFlag.AlignCenter, "×" if part == 1 else "=")
            self._paint_sum(painter, beside, float(block.sums[number]))

    def _paint_names(self, painter: QPainter) -> None:
        painter.setFont(theme.font(8))
        painter.setPen(QColor(theme.current().muted))
        if not self._rows:
            return
        metrics = QFontMetricsF(theme.font(8))
        _, rects, beside = self._rows[0]
        if rects[0].width() + _SIGN > metrics.horizontalAdvance(tr(_NAMES[2])):
            for name, rect in zip(map(tr, _NAMES), rects, strict=True):
                painter.drawText(QPointF(rect.left(), TITLE + 10), name)
        right = QRectF(beside.left(), TITLE, _SUM, 14)
        painter.drawText(right, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, tr("Σ products"))

    def _paint_sum(self, painter: QPainter, room: QRectF, value: float) -> None:
        colours = theme.current()
        line = QRectF(room.left(), room.center().y() - 12, room.width(), 18)
        painter.setFont(theme.font(10, QFont.Weight.DemiBold))
        painter.setPen(QColor(colours.text if isfinite(value) else colours.error))
        painter.drawText(line, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, number_text(value))
        sums = self._block.sums
        largest = float(np.abs(sums[np.isfinite(sums)]).max(initial=0.0))
        if not (largest and isfinite(value)):
            return
        length = abs(value) / largest * (room.width() - 4)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.accent if value >= 0 else colours.family("output")))
        painter.drawRect(QRectF(room.right() - length, line.bottom(), length, 3))

    def _place_buttons(self, width: float) -> None:
        count = len(self._block.sums)
        if self._sorted:
            text = tr_noop("by contribution · {first}–{last} of {count:,} ⇅")
        else:
            text = tr_noop("in order · {first}–{last} of {count:,} ⇅")
        first = self._page * PAGE
        self.order_button.setText(tr(text, first=first + 1, last=min(first + PAGE, count), count=count))
        self.previous_button.setEnabled(first > 0)
        self.next_button.setEnabled(first + PAGE < count)
        right = int(width - MARGIN) + 4
        shown = [b for b in (self.next_button, self.previous_button, self.order_button) if not b.isHidden()]
        for button in shown:
            size = button.sizeHint()
            right -= size.width()
            button.setGeometry(right, 0, size.width(), 24)

    def _arrays(self, number: int) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
        block = self._block
        return block.patch[number], block.kernel[number], block.products[number]

    def _spots(self, number: int, rects: tuple[QRectF, QRectF, QRectF]) -> list[Spot]:
        block = self._block
        shape = block.padding.shape
        patch, kernel, products = self._arrays(number)
        found = []
        for y in range(shape[0]):
            for x in range(shape[1]):
                value, weight, product = (number_text(float(one[y, x]), 7) for one in (patch, kernel, products))
                said = tr(
                    "{name}, cell (y {y}, x {x}): {value} × {weight} = {product}",
                    name=block.name(number),
                    y=y,
                    x=x,
                    value=value,
                    weight=weight,
                    product=product,
                )
                if block.padding[y, x]:
                    said = tr("{said}, padding", said=said)
                cell = block.cell(number, y, x)
                found.append(Spot(cell_rect(rects[0], shape, y, x), said, cell if self._live(cell) else None))
                found.extend(Spot(cell_rect(rect, shape, y, x), said) for rect in rects[1:])
        return found

    def _button(self, name: str, called: Callable[[], None]) -> QToolButton:
        button = QToolButton(self)
        button.setAccessibleName(name)
        button.setToolTip(name)
        button.setProperty("compact", True)
        button.setFont(theme.font(8.5))
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the block has a key for each
        button.clicked.connect(lambda _=False: called())
        return button
