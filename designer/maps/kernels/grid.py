"""One kernel as a grid of numbers: painted on with the mouse, walked through and typed into with the keys."""

from collections.abc import Hashable, Iterator
from math import floor, log10

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QWidget

from designer import theme
from designer.document import Drag
from designer.maps.kernels.cell_field import CellField
from designer.maps.trace.heat import SIGNED, Scale, cell_rect, outline, paint_heat
from designer.tiles.numbers import number_text
from designer.tiles.strips import Array
from designer.typed_numbers import written
from engine.language import tr, tr_noop

_MARGIN, _LARGEST = 14.0, 84.0  # around the cells; side of a cell
_NOTCH = 120  # of a mouse wheel, in eighths of a degree
_TYPED = "0123456789.,-−+"
GRID_KEYS = (
    (("←", "→", "↑", "↓"), tr_noop("From number to number")),
    (("0 … 9", "Enter"), tr_noop("Type a number")),
    (("Space",), tr_noop("Paint with the brush")),
    (("Delete",), tr_noop("Erase: make it 0")),
    (("P",), tr_noop("Take the number up as the brush; Alt+click does it, too")),
    (("PgUp", "PgDn"), tr_noop("A little more, or less; the wheel does it, too")),
)
_STEPS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}


class KernelGrid(QWidget):
    """A kernel ``(h, w)``.

    The left button paints `brush`, the right one 0; with Alt the number under the pointer becomes the brush; the wheel
    steps it. The keys are those of `GRID_KEYS`.

    Signals
    -------
    edited
        The kernel as it should be, and a merge key: that of the stroke, so that it becomes one step back.
    picked
        A number that shall be the brush.
    told
        What is said of the number under the pointer or the cursor; an empty text for none.
    """

    edited = Signal(object, object)
    picked = Signal(float)
    told = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.brush = 1.0
        self._values: Array = np.zeros((1, 1), np.float32)
        self._bound = 0.0
        self._cursor = (0, 0)
        self._hover: tuple[int, int] | None = None
        self._stroke: Drag | None = None
        self._ink = 0.0
        self._last = (0, 0)
        self._wheel = 0
        self.field = CellField(self)
        self.field.entered.connect(self._enter)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(180, 180)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setAccessibleName(tr("Kernel; arrows walk, digits type, Space paints"))

    @property
    def painting(self) -> bool:
        """Whether a stroke is under way."""
        return self._stroke is not None

    @property
    def cursor_cell(self) -> tuple[int, int]:
        """Row and column that the keys act on."""
        return self._cursor

    def show_kernel(self, values: Array, bound: float) -> None:
        """Show a kernel, in colours from ``-bound`` to ``bound``."""
        if values.shape != self._values.shape:
            self._cursor, self._hover, self._stroke = (0, 0), None, None
            self.field.hide()
        self._values, self._bound = values, bound
        self._tell()
        self.update()

    def rect_of(self, y: int, x: int) -> QRectF:
        """Return where a number is."""
        return cell_rect(self._room(), self._values.shape, y, x)

    def sizeHint(self) -> QSize:
        """Return a size at which the numbers of a 5×5 kernel can be read."""
        return QSize(340, 340)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the cells, and which of them mouse and keys are at."""
        painter = QPainter(self)
        room = self._room()
        paint_heat(painter, room, self._values, Scale(-self._bound, self._bound, SIGNED))
        painter.setPen(QPen(QColor(theme.current().border), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(room.adjusted(-0.5, -0.5, 0.5, 0.5))
        if self._hover is not None:
            outline(painter, self.rect_of(*self._hover))
        if self.hasFocus():
            # Two lines, one of which is seen on a cell of any colour.
            cell = self.rect_of(*self._cursor)
            for colour, width, inset in ((theme.current().surface, 5, 2.5), (theme.current().accent, 3, 1.5)):
                painter.setPen(QPen(QColor(colour), width))
                painter.drawRect(cell.adjusted(inset, inset, -inset, -inset))
        painter.end()

    # The mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a stroke with the brush, or with 0; with Alt, take up the number that is there."""
        cell = self._under(event.position())
        if cell is None:
            return
        self._cursor = cell
        if event.modifiers() & Qt.KeyboardModifier.AltModifier or event.button() == Qt.MouseButton.MiddleButton:
            self._pick(cell)
        elif event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton):
            self._stroke, self._last = Drag(), cell
            self._ink = self.brush if event.button() == Qt.MouseButton.LeftButton else 0.0
            self._paint_over([cell])

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with the stroke, without a gap however fast the pointer is."""
        cell = self._under(event.position())
        self._point(cell)
        if self._stroke is not None and cell is not None and cell != self._last:
            self._paint_over(_between(self._last, cell))
            self._cursor = self._last = cell

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the stroke."""
        self._stroke = None

    def leaveEvent(self, event: QEvent) -> None:
        """Point at nothing."""
        self._point(None)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Step the number under the pointer."""
        cell = self._under(event.position())
        self._wheel += event.angleDelta().y() or event.angleDelta().x()  # with Alt, it turns to the side
        notches = int(self._wheel / _NOTCH)
        self._wheel -= notches * _NOTCH
        if cell is not None and notches:
            self._step(cell, notches)
        event.accept()

    # The keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk, type, paint, erase, take up, step."""
        key, text = Qt.Key(event.key()), event.text()
        if event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier):
            super().keyPressEvent(event)
        elif key in _STEPS:
            self._walk(*_STEPS[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2):
            self._open_field(written(float(self._values[self._cursor])))
        elif key == Qt.Key.Key_Space:
            self._put(self._cursor, self.brush, None)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._put(self._cursor, 0.0, None)
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self._step(self._cursor, 1 if key == Qt.Key.Key_PageUp else -1)
        elif key == Qt.Key.Key_P:
            self._pick(self._cursor)
        elif text and text in _TYPED:
            self._open_field(text, chosen=False)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the keys act."""
        super().focusInEvent(event)
        self._tell()
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide where the keys act."""
        super().focusOutEvent(event)
        self._tell()
        self.update()

    def _walk(self, down: int, across: int) -> None:
        height, width = self._values.shape
        y, x = self._cursor
        self._cursor = min(max(y + down, 0), height - 1), min(max(x + across, 0), width - 1)
        self._hover = None
        self._tell()
        self.update()

    def _open_field(self, text: str, *, chosen: bool = True) -> None:
        self.field.open(self.rect_of(*self._cursor), text, chosen=chosen)

    def _enter(self, value: float) -> None:
        """Take a number that was typed, and go on to the next cell."""
        self._put(self._cursor, value, None)
        y, x = self._cursor
        if x + 1 < self._values.shape[1]:
            self._walk(0, 1)
        elif y + 1 < self._values.shape[0]:
            self._cursor = (y + 1, 0)
            self._walk(0, 0)
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    # Edits

    def _paint_over(self, cells: list[tuple[int, int]]) -> None:
        made = self._values.copy()
        for cell in cells:
            made[cell] = self._ink
        self.edited.emit(made, self._stroke)

    def _put(self, cell: tuple[int, int], value: float, key: Hashable) -> None:
        made = self._values.copy()
        made[cell] = value
        self.edited.emit(made, key)

    def _step(self, cell: tuple[int, int], steps: int) -> None:
        """Step a number by a tenth of the magnitude of the largest one; a fault begins anew at 0."""
        size = 10.0 ** (floor(log10(self._bound)) - 1) if self._bound > 0 else 0.1
        before = float(self._values[cell])
        start = before if np.isfinite(before) else 0.0
        self._put(cell, float(f"{start + steps * size:.6g}"), ("kernel step", cell))

    def _pick(self, cell: tuple[int, int]) -> None:
        value = float(self._values[cell])
        if np.isfinite(value):
            self.picked.emit(value)

    # Places

    def _room(self) -> QRectF:
        """Return where the cells are: squares, as large as there is room for."""
        height, width = self._values.shape
        free = QRectF(self.rect()).adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        side = min(free.width() / width, free.height() / height, _LARGEST)
        side = floor(side) if side >= 4 else side
        room = QRectF(0, 0, side * width, side * height)
        room.moveCenter(free.center())
        room.moveTopLeft(QPointF(round(room.left()), round(room.top())))
        return room

    def _under(self, at: QPointF) -> tuple[int, int] | None:
        room, (height, width) = self._room(), self._values.shape
        y = floor((at.y() - room.top()) / (room.height() / height))
        x = floor((at.x() - room.left()) / (room.width() / width))
        return (y, x) if 0 <= y < height and 0 <= x < width else None

    def _point(self, cell: tuple[int, int] | None) -> None:
        if cell != self._hover:
            self._hover = cell
            self._tell()
            self.update()

    def _tell(self) -> None:
        cell = self._hover if self._hover is not None else self._cursor if self.hasFocus() else None
        text = ""
        if cell is not None:
            value = number_text(float(self._values[cell]), 6)
            text = tr("(y {y}, x {x}) = {value}", y=cell[0], x=cell[1], value=value)
        self.setAccessibleDescription(text)
        self.told.emit(text)


def _between(start: tuple[int, int], end: tuple[int, int]) -> list[tuple[int, int]]:
    """Return the cells on the straight line from one to another."""
    return list(dict.fromkeys(_along(start, end)))


def _along(start: tuple[int, int], end: tuple[int, int]) -> Iterator[tuple[int, int]]:
    steps = max(abs(end[0] - start[0]), abs(end[1] - start[1]), 1)
    for step in range(steps + 1):
        share = step / steps
        yield round(start[0] + (end[0] - start[0]) * share), round(start[1] + (end[1] - start[1]) * share)
