"""Dragging the canvas itself."""

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt

from designer.canvas.gestures.base import At, Gesture


class PanGesture(Gesture):
    """The canvas follows the pointer."""

    cursor = Qt.CursorShape.ClosedHandCursor

    def __init__(self, pressed: QPoint, pan: Callable[[QPoint], None]) -> None:
        self._last = pressed
        self._pan = pan

    def move(self, at: At) -> None:
        """Move the canvas by as much as the pointer has moved."""
        self._pan(at.screen - self._last)
        self._last = at.screen
