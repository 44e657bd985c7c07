"""The field over a cell of the grid, into which its number is typed."""

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QWidget

from designer import theme
from designer.fields import LineBox
from designer.typed_numbers import read
from engine.language import tr

_LEAST_WIDTH, _HEIGHT = 72, 26


class CellField(LineBox):
    """Hidden until a number is typed; ``entered`` carries it. Escape leaves the cell as it was."""

    entered = Signal(float)

    def __init__(self, grid: QWidget) -> None:
        super().__init__()
        self._grid = grid
        self.setParent(grid)
        self.setFixedHeight(_HEIGHT)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setAccessibleName(tr("Number of the cell"))
        self.textEdited.connect(lambda _: self._mark(wrong=False))
        self.hide()

    def open(self, cell: QRectF, text: str, *, chosen: bool) -> None:
        """Show a text over a cell, to type over or to go on with."""
        width = max(_LEAST_WIDTH, int(cell.width()))
        rect = cell.toRect()
        left = min(max(rect.center().x() - width // 2, 0), self._grid.width() - width)
        self.setFixedWidth(width)
        self.move(left, rect.center().y() - _HEIGHT // 2)
        self._mark(wrong=False)
        self.setText(text)
        if chosen:
            self.selectAll()
        self.show()
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        if not chosen:
            self.deselect()
            self.end(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the number with Enter, leave with Escape."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            value = number_of(self.text())
            if value is None:
                self._mark(wrong=True)
                return
            self.hide()
            self.entered.emit(value)
        elif event.key() == Qt.Key.Key_Escape:
            self.hide()
            self._grid.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Leave the cell as it was."""
        super().focusOutEvent(event)
        self.hide()

    def _mark(self, *, wrong: bool) -> None:
        self.setStyleSheet(f"border-color: {theme.current().error};" if wrong else "")
        self.setToolTip(tr("This is no number") if wrong else "")


def number_of(text: str) -> float | None:
    """Read a number as people type it, with a true minus sign or a comma; None where it is none, or not finite."""
    try:
        value = read(text)
    except ValueError:
        return None
    return value if abs(value) <= _MOST else None


_MOST = 3.4e38  # of float32
