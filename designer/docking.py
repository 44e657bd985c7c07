"""Docks that float: how they are found, and how they come into view."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget, QWidget


def dock_of(panel: QWidget) -> QDockWidget:
    """Return the dock that a panel fills."""
    dock = panel.parentWidget()
    assert isinstance(dock, QDockWidget)
    return dock


def show_floating(dock: QDockWidget, first: QWidget | None = None) -> None:
    """Show a dock; one that floats appears over the window that it belongs to, no larger than the screen allows.

    ``first`` gets the keys. A focus proxy is no way to say so: Tab goes straight to it, past what comes before it.
    """
    window = dock.parentWidget()
    if not dock.isVisible() and dock.isFloating() and isinstance(window, QWidget):
        room = dock.screen().availableSize()
        dock.resize(min(dock.width(), room.width() - 40), min(dock.height(), room.height() - 60))
        corner = window.frameGeometry().topLeft()
        dock.move(corner.x() + window.width() // 10, corner.y() + window.height() // 8)
    dock.show()
    dock.raise_()
    dock.activateWindow()
    if first is not None:
        first.setFocus(Qt.FocusReason.ShortcutFocusReason)
