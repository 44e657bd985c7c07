"""What lies over the whole window for a moment: a shade, and a card that takes the keyboard."""

from PySide6.QtCore import QEvent, QObject, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QHideEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QApplication, QFrame, QWidget

from designer import theme

RADIUS = 10.0
_SHADOW = 14  # pixels
_EDGE = 16  # least distance of the card from the window's edges


class Overlay(QWidget):
    """Covers a window; a click beside the card or Escape closes it, and the focus goes back to where it was.

    It is a child of the window and no window of its own, so that no window manager has a say in where it stands.
    """

    closed = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._before: QWidget | None = None
        self.card = QFrame(self)
        self.card.setProperty("role", "overlay")
        self.hide()
        window.installEventFilter(self)

    def place(self, room: QRect) -> QRect:
        """Return where the card goes in the room that there is."""
        size = self.card.sizeHint().boundedTo(room.size())
        return QRect(room.center() - QRect(0, 0, size.width(), size.height()).center(), size)

    def first(self) -> QWidget:
        """Return what gets the focus on opening."""
        return self.card

    def open(self) -> None:
        """Cover the window and take the keyboard."""
        if self.isHidden():
            self._before = QApplication.focusWidget()
        self.setGeometry(self._window.rect())
        self.show()
        self.raise_()
        self._arrange()
        self._window.activateWindow()  # the keyboard may be with a panel that floats
        self.first().setFocus(Qt.FocusReason.PopupFocusReason)

    def dismiss(self) -> None:
        """Uncover the window and give the keyboard back."""
        if self.isHidden():
            return
        before, self._before = self._before, None
        if before is not None and before.isVisible():
            before.activateWindow()
            before.setFocus(Qt.FocusReason.PopupFocusReason)
        self.hide()
        self.closed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay as large as the window."""
        if watched is self._window and event.type() == QEvent.Type.Resize and self.isVisible():
            self.setGeometry(self._window.rect())
        return super().eventFilter(watched, event)

    def focusNextPrevChild(self, next: bool) -> bool:
        """Keep the focus on the card: what is below it is covered."""
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close with Escape; no key goes through to the window below."""
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Close with a click beside the card."""
        if not self.card.geometry().contains(event.position().toPoint()):
            self.dismiss()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the card in its place."""
        super().resizeEvent(event)
        self._arrange()

    def hideEvent(self, event: QHideEvent) -> None:
        """Forget who had the focus where the window itself went away."""
        super().hideEvent(event)
        self._before = None

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the shade, and the card's shadow and body."""
        colours = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), QColor(8, 12, 20, 130 if colours.dark else 60))
        body = QRectF(self.card.geometry())
        painter.setPen(Qt.PenStyle.NoPen)
        for step in range(_SHADOW, 0, -2):
            painter.setBrush(QColor(8, 12, 20, 10))
            grown = body.adjusted(-step, -step, step, step).translated(QPointF(0, 3))
            painter.drawRoundedRect(grown, RADIUS + step, RADIUS + step)
        painter.setPen(QPen(QColor(colours.border), 1))
        painter.setBrush(QColor(colours.surface))
        painter.drawRoundedRect(body.adjusted(-0.5, -0.5, 0.5, 0.5), RADIUS, RADIUS)

    def _arrange(self) -> None:
        room = self.rect().adjusted(_EDGE, _EDGE, -_EDGE, -_EDGE)
        if room.isValid():
            self.card.setGeometry(self.place(room))
            self.update()
