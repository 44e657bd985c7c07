"""Docks that float: how they are found, and how they come into view."""

from PySide6.QtWidgets import QDockWidget, QWidget


def dock_of(panel: QWidget) -> QDockWidget:
    """Return the dock that a panel fills."""
    dock = panel.parentWidget()
    assert isinstance(dock, QDockWidget)
    return dock


def show_floating(dock: QDockWidget) -> None:
    """Show a dock; one that floats appears over the window that it belongs to, no larger than the screen allows."""
    window = dock.parentWidget()
    if not dock.isVisible() and dock.isFloating() and isinstance(window, QWidget):
        room = dock.screen().availableSize()
        dock.resize(min(dock.width(), room.width() - 40), min(dock.height(), room.height() - 60))
        corner = window.frameGeometry().topLeft()
        dock.move(corner.x() + window.width() // 10, corner.y() + window.height() // 8)
    dock.show()
    dock.raise_()
    dock.activateWindow()
