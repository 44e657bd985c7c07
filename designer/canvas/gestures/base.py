"""What every gesture is: one object from the press of a button to its release."""

from typing import NamedTuple

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QPainter


class At(NamedTuple):
    """Where the pointer is: on the canvas, on the view, and with which keys held."""

    scene: QPointF
    screen: QPoint
    modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier


class Gesture:
    """A drag in progress. It shows what it would do, and edits the document at its end only, once.

    The view calls `start` when the pointer has left the place where it was pressed, then `move` and at last `end` or
    `cancel`; or `click` where it never left.
    """

    cursor: Qt.CursorShape | None = None

    def click(self) -> None:
        """Answer a press that was released on the spot."""

    def start(self) -> None:
        """Begin to drag."""

    def move(self, at: At) -> None:
        """Follow the pointer."""

    def end(self) -> None:
        """Do what was shown."""

    def cancel(self) -> None:
        """Leave everything as it was."""

    def paint(self, painter: QPainter, zoom: float) -> None:
        """Paint what the gesture shows, in the coordinates of the canvas."""
