"""Weights from files and to files: what does not fit is listed before anything is replaced."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from designer.document import Document
from designer.weights_dialog import WeightsDialog
from engine import FormatError, save_weights
from engine.formats import files
from engine.formats.weight_files import matched, read_arrays, save_for_torch, taken
from engine.language import tr, tr_count, tr_noop

_IN = tr_noop("Weights (*.safetensors *.npz)")
_OURS = tr_noop("Weights, named as in Convolab (*.safetensors)")
_TORCH = tr_noop("Weights, named as in PyTorch (*.safetensors)")


class WeightActions(QObject):
    """Loads and saves the document's weights; ``proposal`` says where a file would go, without its suffix."""

    told = Signal(str)  # a sentence for the status bar

    def __init__(self, document: Document, proposal: Callable[[], Path], window: QWidget) -> None:
        super().__init__(window)
        self._document, self._proposal, self._window = document, proposal, window

    def ask_load(self) -> None:
        """Ask for a file of weights and use them; what does not fit is listed before anything is replaced."""
        file, _ = QFileDialog.getOpenFileName(self._window, tr("Load weights"), str(self._proposal().parent), tr(_IN))
        if not file:
            return
        name, network, analysis = Path(file).name, self._document.network, self._document.analysis
        try:
            match = matched(network, read_arrays(file), analysis)
        except FormatError as problem:
            self._refuse(tr("The weights can't be loaded"), str(problem))
            return
        if not match.is_whole and WeightsDialog(name, match, self._window).exec() != WeightsDialog.DialogCode.Accepted:
            return
        self._document.set_weights(tr("Load weights from {name}", name=name), taken(network, match, analysis))
        self.told.emit(tr_count("Loaded {count:,} array", "Loaded {count:,} arrays", len(match.fitting)))

    def ask_save(self) -> None:
        """Ask for a file and write the document's weights to it, under our names or under PyTorch's."""
        network = self._document.network
        if network.weights is None:
            self._refuse(tr("There are no weights to save"), tr("This network's weights are random initial values."))
            return
        proposal = f"{self._proposal()}.safetensors"
        kinds = f"{tr(_OURS)};;{tr(_TORCH)}"
        file, kind = QFileDialog.getSaveFileName(self._window, tr("Save weights"), proposal, kinds)
        if not file:
            return
        path = Path(file).with_suffix(".safetensors")
        try:
            if kind == tr(_TORCH):
                save_for_torch(network, path)
            else:
                save_weights(network.weights, path)
        except FormatError as problem:
            self._refuse(tr("The weights were not saved"), str(problem))
        except OSError as problem:
            why = tr("“{name}” can't be written: {reason}.", name=path.name, reason=files.reason(problem))
            self._refuse(tr("The weights were not saved"), why)

    def _refuse(self, title: str, text: str) -> None:
        QMessageBox.warning(self._window, title, text)
