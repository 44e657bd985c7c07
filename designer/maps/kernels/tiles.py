"""Many kernels as small pictures, of which one is chosen; only those in view are painted."""

import numpy as np
from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame

from designer import theme
from designer.maps.trace.heat import SIGNED, Scale, paint_heat
from designer.tiles.strips import Array
from engine.language import tr

_SIDE, _LABEL, _GAP, _MARGIN = 32, 13, 6, 8
_ROOM = _SIDE + _GAP


class KernelTiles(QAbstractScrollArea):
    """Kernels ``(n, h, w)`` in rows, over one scale around 0, each with its number; ``chosen`` carries one."""

    chosen = Signal(int)

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self._kernels: Array = np.zeros((0, 1, 1), np.float32)
        self._first = 0
        self._bound = 0.0
        self._current = 0
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.viewport().setAutoFillBackground(True)
        self.viewport().setBackgroundRole(QPalette.ColorRole.Base)
        self.setMinimumHeight(_ROOM + _LABEL + 2 * _MARGIN)
        self.verticalScrollBar().setSingleStep(_ROOM + _LABEL)
        self.setAccessibleName(name)

    def show_kernels(self, kernels: Array, bound: float, current: int, first: int = 0) -> None:
        """Show kernels, in colours from ``-bound`` to ``bound``; they are counted from ``first``."""
        moved = current != self._current or len(kernels) != len(self._kernels)
        self._kernels, self._bound, self._current, self._first = kernels, bound, current, first
        self.setAccessibleDescription(tr("{number} of {count:,}", number=current + first, count=len(kernels)))
        self._set_range()
        if moved:
            self._reveal()
        self.viewport().update()

    def tile(self, number: int) -> QRect:
        """Return where a kernel and its number are in the view."""
        row, column = divmod(number, self._columns)
        top = _MARGIN + row * (_ROOM + _LABEL) - self.verticalScrollBar().value()
        return QRect(_MARGIN + column * _ROOM, top, _SIDE, _SIDE + _LABEL)

    def sizeHint(self) -> QSize:
        """Return room for four pictures in a row."""
        return QSize(2 * _MARGIN + 4 * _ROOM + 12, 200)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the pictures in view."""
        painter = QPainter(self.viewport())
        colours, scale = theme.current(), Scale(-self._bound, self._bound, SIGNED)
        painter.setFont(theme.font(7.5))
        height, width = self._kernels.shape[1:]
        longest = max(height, width)
        for number in self._in_view(event.rect()):
            tile = self.tile(number)
            picture = QRectF(0, 0, max(4.0, _SIDE * width / longest), max(4.0, _SIDE * height / longest))
            picture.moveCenter(QRectF(tile.x(), tile.y(), _SIDE, _SIDE).center())
            paint_heat(painter, picture, self._kernels[number], scale, plain=True)
            chosen = number == self._current
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(colours.accent if chosen else colours.border), 2 if chosen else 1))
            grown = 1.0 if chosen else 0.0
            painter.drawRect(picture.adjusted(-grown, -grown, grown, grown))
            painter.setPen(QColor(colours.text if chosen else colours.muted))
            label = QRect(tile.x() - _GAP // 2, tile.bottom() - _LABEL + 2, _ROOM, _LABEL)
            painter.drawText(label, Qt.AlignmentFlag.AlignCenter, str(number + self._first))
        if self.hasFocus():
            painter.setPen(QPen(QColor(colours.accent), 1))
            painter.drawRect(self.viewport().rect().adjusted(0, 0, -1, -1))
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the kernel under the pointer."""
        found = [n for n in self._in_view(self.viewport().rect()) if self.tile(n).contains(event.position().toPoint())]
        if found and event.button() == Qt.MouseButton.LeftButton:
            self._choose(found[0])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose another one with the arrows, Home, End and the page keys."""
        page = self._columns * max(1, self.viewport().height() // (_ROOM + _LABEL))
        steps = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -self._columns,
            Qt.Key.Key_Down: self._columns,
            Qt.Key.Key_PageUp: -page,
            Qt.Key.Key_PageDown: page,
            Qt.Key.Key_Home: -len(self._kernels),
            Qt.Key.Key_End: len(self._kernels),
        }
        step = steps.get(Qt.Key(event.key()))
        if step is None or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        else:
            self._choose(min(max(self._current + step, 0), len(self._kernels) - 1))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out for the new width."""
        super().resizeEvent(event)
        self._set_range()
        self._reveal()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show that the keys act here."""
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show that they no longer do."""
        super().focusOutEvent(event)
        self.viewport().update()

    def changeEvent(self, event: QEvent) -> None:
        """Take the colours of a new theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.viewport().update()

    @property
    def _columns(self) -> int:
        return max(1, (self.viewport().width() - 2 * _MARGIN + _GAP) // _ROOM)

    def _in_view(self, part: QRect) -> range:
        top = self.verticalScrollBar().value() - _MARGIN
        first = max(0, (part.top() + top) // (_ROOM + _LABEL)) * self._columns
        last = ((part.bottom() + top) // (_ROOM + _LABEL) + 1) * self._columns
        return range(first, min(last, len(self._kernels)))

    def _set_range(self) -> None:
        rows = -(-len(self._kernels) // self._columns)
        height = self.viewport().height()
        self.verticalScrollBar().setRange(0, max(0, rows * (_ROOM + _LABEL) + 2 * _MARGIN - height))
        self.verticalScrollBar().setPageStep(height)

    def _reveal(self) -> None:
        tile, bar = self.tile(self._current), self.verticalScrollBar()
        if tile.top() < _MARGIN:
            bar.setValue(bar.value() + tile.top() - _MARGIN)
        elif tile.bottom() > self.viewport().height() - _MARGIN:
            bar.setValue(bar.value() + tile.bottom() - self.viewport().height() + _MARGIN)

    def _choose(self, number: int) -> None:
        if number != self._current:
            self.chosen.emit(number)
