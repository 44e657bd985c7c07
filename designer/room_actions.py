"""Runs and memory: how much a run may take, and what is done when it would take more."""

from PySide6.QtCore import QObject, QSettings, Signal, Slot
from PySide6.QtWidgets import QInputDialog, QWidget

from designer.document import Document
from designer.panels.room_offer import RoomOffer
from designer.run_actions import RunActions
from designer.runner import LargeRun
from engine import room
from engine.language import tr

_SETTING = "memory limit"
_GIGA = 10**9
_MOST = 100_000.0  # gigabytes


class RoomActions(QObject):
    """Asks every run what it takes, and offers what would make it fit."""

    frugal_changed = Signal(bool)  # whether all maps are kept

    def __init__(self, document: Document, runs: RunActions, panel: QWidget, window: QWidget) -> None:
        super().__init__(window)
        self._document, self._runs, self._window = document, runs, window
        self._large: LargeRun | None = None
        self.offer = RoomOffer(panel)
        runs.limit = self.limit
        runs.runner.too_large.connect(self._on_too_large)
        runs.busy_changed.connect(self._on_busy)
        self.offer.smaller_image.connect(self._take_smaller_image)
        self.offer.fewer_maps.connect(lambda: self.keep_all(False))
        self.offer.other_limit.connect(self.ask_limit)

    @staticmethod
    def limit() -> int:
        """Return how many bytes a run may take: what was chosen, else most of what the machine has."""
        try:
            chosen = int(str(QSettings().value(_SETTING, 0)))
        except ValueError:
            chosen = 0
        return chosen if chosen > 0 else room.usual_limit()

    def set_limit(self, count: int) -> None:
        """Choose how many bytes a run may take; 0 is what the machine has."""
        QSettings().setValue(_SETTING, count)
        if self._runs.image is not None:
            self._runs.run()

    def ask_limit(self) -> None:
        """Ask how much memory a run may take."""
        dialog = QInputDialog(self._window)
        dialog.setWindowTitle(tr("Memory limit"))
        dialog.setLabelText(
            tr(
                "A run may take so many gigabytes of memory; at 0, what this machine has to spare: {usual} now.",
                usual=room.text(room.usual_limit()),
            )
        )
        dialog.setInputMode(QInputDialog.InputMode.DoubleInput)
        dialog.setDoubleRange(0, _MOST)
        dialog.setDoubleDecimals(1)
        dialog.setDoubleValue(int(str(QSettings().value(_SETTING, 0))) / _GIGA)
        dialog.doubleValueSelected.connect(lambda value: self.set_limit(round(value * _GIGA)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def keep_all(self, keep: bool) -> None:
        """Choose whether a run keeps all maps, or only those of the selected layers and the answers."""
        if self._runs.frugal == keep:
            self._runs.frugal = not keep
            self.frugal_changed.emit(keep)
            if self._runs.image is not None:
                self._runs.run()

    @Slot(object)
    def _on_too_large(self, found: LargeRun) -> None:
        self._large = found
        self.offer.offer(f"{found.problem}.", found.economies)

    @Slot(bool)
    def _on_busy(self, busy: bool) -> None:
        if busy:
            self.offer.hide()

    @Slot()
    def _take_smaller_image(self) -> None:
        found = self._large.economies.image if self._large is not None else None
        if found is not None and found.node in self._document.graph:
            layer = found.layer
            self._document.edit(
                tr("Image of {size}", size=f"{layer.width}×{layer.height}"),
                self._document.graph.replace_layer(found.node, layer),
            )
            if not self._runs.live:
                self._runs.run()
