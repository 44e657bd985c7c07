"""A number that tells how it comes about: by a click, or by Enter."""

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QLabel, QWidget

from engine.language import tr, tr_noop

_HINT = tr_noop("Click to see how it comes about")


class FigureLabel(QLabel):
    """Text to select, and to ask about: ``activated`` is the question."""

    activated = Signal()

    def __init__(self, text: str = "") -> None:
        super().__init__(text)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.asks = True
        self._pressed = QPoint()
        self.set_asking(True)

    def set_asking(self, asks: bool) -> None:
        """Let it be a number that can be asked about, or plain text."""
        self.asks = asks
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if asks else Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor if asks else Qt.CursorShape.IBeamCursor)
        self.setToolTip(tr(_HINT) if asks else "")
        self.setAccessibleDescription(tr(_HINT) if asks else "")
        self._underline()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Look like something to click."""
        super().enterEvent(event)
        self._underline()

    def leaveEvent(self, event: QEvent) -> None:
        """Look like text again."""
        super().leaveEvent(event)
        self._underline()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the keyboard is."""
        super().focusInEvent(event)
        self._underline()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Look like text again."""
        super().focusOutEvent(event)
        self._underline()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Note where a click begins."""
        self._pressed = event.position().toPoint()
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Ask, unless text has been selected."""
        super().mouseReleaseEvent(event)
        still = (event.position().toPoint() - self._pressed).manhattanLength() < 4
        if self.asks and still and event.button() == Qt.MouseButton.LeftButton:
            self.activated.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ask."""
        if self.asks and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.activated.emit()
        else:
            super().keyPressEvent(event)

    def _underline(self) -> None:
        # By the font: a style sheet would be looked up anew, and with that forget the label's own font.
        font = self.font()
        font.setUnderline(self.asks and (self.underMouse() or self.hasFocus()))
        self.setFont(font)


def on_screen(widget: QWidget) -> QRect:
    """Return a widget's rectangle on the screen."""
    return QRect(widget.mapToGlobal(QPoint(0, 0)), widget.size())
