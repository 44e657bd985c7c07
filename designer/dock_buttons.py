"""The buttons in the titles of docks, with icons of our own: the system's are drawn for light windows, and coarsely."""

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QObject, QTimer, Slot
from PySide6.QtWidgets import QAbstractButton, QDockWidget

from designer import theme
from engine.language import tr

_FLOAT, _CLOSE = "qt_dockwidget_floatbutton", "qt_dockwidget_closebutton"  # as Qt calls them


class DockButtons(QObject):
    """Dresses the buttons of docks, anew whenever Qt has put its own icons back."""

    def __init__(self, docks: Iterable[QDockWidget], parent: QObject) -> None:
        super().__init__(parent)
        self._docks = tuple(docks)
        # A theme changes palette and style of every dock: all are dressed once, when that is over.
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self.dress)
        for dock in self._docks:
            dock.installEventFilter(self)
            dock.topLevelChanged.connect(self._later.start)
        self.dress()

    @Slot()
    def dress(self) -> None:
        """Give all buttons their icons in the colours of the theme in force, and names for screen readers."""
        colour = theme.current().muted
        for dock in self._docks:
            for name, icon, words in ((_FLOAT, "float", tr("Float or dock")), (_CLOSE, "close", tr("Close"))):
                button = dock.findChild(QAbstractButton, name)
                if button is not None:
                    button.setIcon(theme.icon(icon, colour))
                    button.setToolTip(words)
                    button.setAccessibleName(f"{words}: {dock.windowTitle()}")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notice another theme."""
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._later.start()
        return super().eventFilter(watched, event)
