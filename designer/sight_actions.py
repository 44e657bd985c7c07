"""What a run adds to the canvas: every layer's feature maps, and the time that it took."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction

from designer.canvas.view import CanvasView
from designer.document import Change, Document
from designer.maps.layers import MapLayer
from designer.maps.panel import MapsPanel
from designer.run_actions import RunActions
from designer.runner import RunResult


class SightActions(QObject):
    """Hands the results of runs to the canvas; ``timed`` can be chosen once there are times to compare."""

    def __init__(
        self, document: Document, canvas: CanvasView, runs: RunActions, maps: MapsPanel, timed: QAction
    ) -> None:
        super().__init__(runs)
        self._canvas, self._timed = canvas, timed
        runs.runner.finished.connect(self._on_finished)
        runs.shown.connect(self._on_shown)
        maps.look_changed.connect(canvas.sights.set_look)
        document.changed.connect(self._on_changed)

    @Slot(object)
    def _on_finished(self, result: RunResult) -> None:
        self._canvas.sights.set_seconds({node: result.maps.seconds(node) for node in result.maps})
        self._timed.setEnabled(True)

    @Slot(object)
    def _on_shown(self, layers: Sequence[MapLayer]) -> None:
        self._canvas.sights.set_maps(
            {layer.node: layer.values for layer in layers}, {layer.node: layer.limits for layer in layers}
        )

    @Slot(object)
    def _on_changed(self, change: Change) -> None:
        if change.loaded:
            self._canvas.sights.set_seconds({})
            self._canvas.sights.set_maps({})
            self._timed.setEnabled(self._timed.isChecked())
