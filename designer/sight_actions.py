"""What a run adds to the canvas: the time that each layer took."""

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction

from designer.canvas.view import CanvasView
from designer.document import Change, Document
from designer.run_actions import RunActions
from designer.runner import RunResult


class SightActions(QObject):
    """Hands the results of runs to the canvas; ``timed`` can be chosen once there are times to compare."""

    def __init__(
        self, document: Document, canvas: CanvasView, runs: RunActions, timed: QAction, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._canvas, self._timed = canvas, timed
        runs.runner.finished.connect(self._on_finished)
        document.changed.connect(self._on_changed)

    @Slot(object)
    def _on_finished(self, result: RunResult) -> None:
        self._canvas.sights.set_seconds({node: result.maps.seconds(node) for node in result.maps})
        self._timed.setEnabled(True)

    @Slot(object)
    def _on_changed(self, change: Change) -> None:
        if change.loaded:
            self._canvas.sights.set_seconds({})
            self._timed.setEnabled(self._timed.isChecked())
