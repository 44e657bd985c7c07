"""A small window beside what it is about; a click elsewhere or Escape closes it."""

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QFont, QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from designer import theme

_GAP = 4  # between a popover and its anchor
_MARGIN = 12


class Popover(QFrame):
    """A title, words below it, and whatever is added to its column."""

    def __init__(self, parent: QWidget, width: int) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setProperty("role", "popover")
        self.setFixedWidth(width)
        self.title = QLabel()
        self.title.setFont(theme.font(10, QFont.Weight.DemiBold))
        self.title.setWordWrap(True)
        self.words = QLabel()
        self.words.setFont(theme.font(9))
        self.words.setProperty("role", "muted")
        self.words.setWordWrap(True)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(_MARGIN, _MARGIN - 2, _MARGIN, _MARGIN)
        self.column.setSpacing(6)
        self.column.addWidget(self.title)
        self.column.addWidget(self.words)

    def set_heading(self, title: str, words: str) -> None:
        """Set what stands at the top."""
        self.title.setText(title)
        self.words.setText(words)
        self.words.setVisible(bool(words))
        self.setAccessibleName(title)
        self.setAccessibleDescription(words)

    def show_at(self, anchor: QRect) -> None:
        """Show the popover below a rectangle of the screen, or above it, and within the screen in any case."""
        self.adapt()
        self.move(self._place(anchor))
        self.show()

    def adapt(self) -> None:
        """Take the height that the contents need."""
        self.column.activate()
        self.setFixedHeight(self.column.totalHeightForWidth(self.width()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Escape close it."""
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    def _place(self, anchor: QRect) -> QPoint:
        screen = QGuiApplication.screenAt(anchor.center()) or QGuiApplication.primaryScreen()
        room = screen.availableGeometry()
        left = max(room.left(), min(anchor.left(), room.right() - self.width()))
        below, above = anchor.bottom() + _GAP, anchor.top() - _GAP - self.height()
        fits = below + self.height() <= room.bottom() or above < room.top()
        return QPoint(left, below if fits else above)
