"""A name edited where it stands: Enter keeps it, Escape does not."""

from PySide6.QtCore import QEvent, QRect, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractScrollArea, QLineEdit

from engine.language import tr

_LEAST_WIDTH, _LEAST_HEIGHT = 160, 26


class NameEditor(QLineEdit):
    """A line over a name. It goes by itself; ``named`` carries the new name where there is one."""

    named = Signal(str)

    def __init__(self, view: QAbstractScrollArea, name: str, rect: QRect) -> None:
        viewport = view.viewport()
        super().__init__(name, viewport)
        self._view = view
        self._before = name
        self._open = True
        self.setAccessibleName(tr("Name of the group"))
        self.setObjectName("name-editor")
        width, height = max(rect.width(), _LEAST_WIDTH), max(rect.height(), _LEAST_HEIGHT)
        left = min(max(rect.left(), 0), max(0, viewport.width() - width))
        top = min(max(rect.center().y() - height // 2, 0), max(0, viewport.height() - height))
        self.setGeometry(left, top, width, height)
        self.returnPressed.connect(self._keep)
        self.selectAll()
        self.show()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def abandon(self) -> None:
        """Go without a new name."""
        self._finish("")

    def event(self, event: QEvent) -> bool:
        """Keep keys from the window's menus while a name is typed."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Give up with Escape."""
        if event.key() == Qt.Key.Key_Escape:
            self.abandon()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Keep the name when something else is clicked, as file managers do."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self._keep()

    @Slot()
    def _keep(self) -> None:
        self._finish(self.text().strip())

    def _finish(self, name: str) -> None:
        if not self._open:
            return
        self._open = False  # what follows takes the focus away, and must not come here again
        if self.hasFocus():
            self._view.setFocus(Qt.FocusReason.OtherFocusReason)
        self.hide()
        self.deleteLater()
        if name and name != self._before:
            self.named.emit(name)
