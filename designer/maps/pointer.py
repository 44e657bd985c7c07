"""Where the pointer is over a plot: followed as it moves, and as the plot moves under it."""

from typing import Any

from PySide6.QtCore import QEvent, QObject, QPointF, Signal
from PySide6.QtGui import QMouseEvent


class Pointer(QObject):
    """Follows the pointer over the view box of a pyqtgraph view.

    ``moved`` carries a ``QPointF`` in the coordinates of the data, or None when the pointer has left.
    """

    moved = Signal(object)

    def __init__(self, view: Any, box: Any) -> None:
        super().__init__(view)
        self._view, self._box = view, box
        self._last: QPointF | None = None
        view.viewport().setMouseTracking(True)
        view.viewport().installEventFilter(self)
        box.sigRangeChanged.connect(self.refresh)

    def refresh(self) -> None:
        """Tell anew what is under the pointer, for instance after a zoom."""
        if self._last is None:
            return
        scene = self._view.mapToScene(self._last.toPoint())
        inside = self._box.sceneBoundingRect().contains(scene)
        self.moved.emit(self._box.mapSceneToView(scene) if inside else None)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Watch the view's viewport."""
        if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseMove:
            self._last = event.position()
            self.refresh()
        elif event.type() == QEvent.Type.Leave and self._last is not None:
            self._last = None
            self.moved.emit(None)
        return False
