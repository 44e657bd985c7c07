"""Where the pointer is over a plot: followed as it moves, and as the plot moves under it."""

from typing import Any

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication


class Pointer(QObject):
    """Follows the pointer over the view box of a pyqtgraph view.

    ``moved`` carries a ``QPointF`` in the coordinates of the data, or None when the pointer has left; ``clicked`` one
    where the left button went down and up again.
    """

    moved = Signal(object)
    clicked = Signal(object)

    def __init__(self, view: Any, box: Any) -> None:
        super().__init__(view)
        self._view, self._box = view, box
        self._last: QPointF | None = None
        self._pressed: QPointF | None = None
        view.viewport().setMouseTracking(True)
        view.viewport().installEventFilter(self)
        box.sigRangeChanged.connect(self.refresh)

    def refresh(self) -> None:
        """Tell anew what is under the pointer, for instance after a zoom."""
        if self._last is not None:
            self.moved.emit(self._place(self._last))

    def _place(self, position: QPointF) -> QPointF | None:
        scene = self._view.mapToScene(position.toPoint())
        inside = self._box.sceneBoundingRect().contains(scene)
        return self._box.mapSceneToView(scene) if inside else None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Watch the view's viewport."""
        if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseMove:
            self._last = event.position()
            self.refresh()
        elif event.type() == QEvent.Type.Leave and self._last is not None:
            self._last = None
            self.moved.emit(None)
        elif isinstance(event, QMouseEvent) and event.button() == Qt.MouseButton.LeftButton:
            self._click(event)
        return False

    def _click(self, event: QMouseEvent) -> None:
        """Tell a click, which does not move, from a drag."""
        if event.type() == QEvent.Type.MouseButtonPress:
            self._pressed = event.position()
        elif event.type() == QEvent.Type.MouseButtonRelease and self._pressed is not None:
            moved = (event.position() - self._pressed).manhattanLength()
            self._pressed = None
            if moved < QApplication.startDragDistance() and (at := self._place(event.position())) is not None:
                self.clicked.emit(at)
