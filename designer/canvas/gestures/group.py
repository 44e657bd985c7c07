"""Pressing what stands for a group: the title of its frame, and the chevron that collapses or expands it."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter

from designer.canvas.editor import Editor
from designer.canvas.gestures.base import At, Gesture
from designer.canvas.gestures.move import MoveGesture
from designer.canvas.scene import CanvasScene


class FrameGesture(MoveGesture):
    """The cards of a frame, all of them, follow its title."""

    def __init__(self, scene: CanvasScene, editor: Editor, group: str, at: At) -> None:
        self._group = group
        super().__init__(scene, editor, scene.seen.frames[group].cards[0], at)

    def _shown(self, scene: CanvasScene) -> tuple[str, ...]:
        return scene.seen.within(self._group)


class ChevronGesture(Gesture):
    """A click collapses or expands; a drag moves the card or the frame, as from anywhere else on it."""

    cursor = Qt.CursorShape.SizeAllCursor

    def __init__(self, begin: Callable[[], MoveGesture], toggle: Callable[[], object]) -> None:
        self._begin = begin
        self._toggle = toggle
        self._moving: Gesture = Gesture()

    def click(self) -> None:
        """Collapse or expand."""
        self._toggle()

    def start(self) -> None:
        """Begin to move."""
        self._moving = self._begin()
        self._moving.start()

    def move(self, at: At) -> None:
        """Follow the pointer."""
        self._moving.move(at)

    def end(self) -> None:
        """Keep the new places."""
        self._moving.end()

    def cancel(self) -> None:
        """Put everything back."""
        self._moving.cancel()

    def paint(self, painter: QPainter, zoom: float) -> None:
        """Paint what the movement shows."""
        self._moving.paint(painter, zoom)
