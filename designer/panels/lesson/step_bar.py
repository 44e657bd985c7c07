"""How far one is in a lesson: a bar of one piece for each step."""

from collections.abc import Collection

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from designer import theme
from engine.language import tr

_HEIGHT = 4.0
_GAP = 4.0


class StepBar(QWidget):
    """Pieces for steps: done, the one at hand, and to come; ``chosen`` carries the number of one that was clicked."""

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._count, self._current, self._done = 0, 0, frozenset[int]()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_steps(self, count: int, current: int, done: Collection[int]) -> None:
        """Show another state."""
        self._count, self._current, self._done = count, current, frozenset(done)
        self.setAccessibleName(tr("Step {number} of {count}", number=current + 1, count=count))
        self.setToolTip(self.accessibleName())
        self.update()

    def sizeHint(self) -> QSize:
        """Return a low bar, with room to click it."""
        return QSize(120, 16)

    def piece(self, number: int) -> QRectF:
        """Return where a step's piece is."""
        width = (self.width() - _GAP * (self._count - 1)) / max(1, self._count)
        return QRectF(number * (width + _GAP), (self.height() - _HEIGHT) / 2, width, _HEIGHT)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Go to a step."""
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.chosen.emit(int(event.position().x() * self._count / max(1, self.width())))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the pieces."""
        colours = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for number in range(self._count):
            now = colours.accent if number == self._current else colours.ok if number in self._done else colours.border
            painter.setBrush(QColor(now))
            painter.drawRoundedRect(self.piece(number), _HEIGHT / 2, _HEIGHT / 2)
        painter.end()
