"""Maps to files: all of them as sheets, arrays and a page, or those of one layer."""

import threading
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from designer.maps.panel import MapsPanel
from designer.run_actions import RunActions
from designer.runner import RunResult
from designer.tiles import colormaps
from designer.tiles.strips import Array
from engine import contact_sheet, write_sheets
from engine.language import tr, tr_count, tr_noop

_NOTHING = tr_noop("Open an image first: there are no maps yet")
_FILTERS = tr_noop("Contact sheet (*.png);;Array (*.npy)")


class MapExport(QObject):
    """Writes maps in the colours of the mosaic; all of them on a thread of its own, which may take seconds."""

    told = Signal(str)  # a sentence for the status bar
    finished = Signal(bool)  # whether all was written

    _progressed = Signal(int, int)
    _ended = Signal(str, str)  # what was written, or what went wrong

    def __init__(self, runs: RunActions, maps: MapsPanel, window: QWidget) -> None:
        super().__init__(window)
        self._runs, self._maps, self._window = runs, maps, window
        self._thread: threading.Thread | None = None
        self._progressed.connect(self._on_progressed)
        self._ended.connect(self._on_ended)

    def ask_all(self) -> None:
        """Ask for a folder and write every layer's maps into it."""
        if self._runs.result is None:
            self.told.emit(tr(_NOTHING))
            return
        folder = QFileDialog.getExistingDirectory(self._window, tr("Export all maps to a folder"), str(Path.home()))
        if folder:
            self.write_all(Path(folder))

    def ask_layer(self) -> None:
        """Ask for a file and write the maps of the layer that is marked in the mosaic, or of the first one."""
        layers = self._maps.mosaic.layers()
        if not layers:
            self.told.emit(tr(_NOTHING))
            return
        current = self._maps.mosaic.current()
        layer = next((one for one in layers if one.node == current), layers[0])
        title = tr("Export the maps of {layer}", layer=layer.title)
        file, kind = QFileDialog.getSaveFileName(
            self._window, title, str(Path.home() / f"{layer.title}.png"), tr(_FILTERS)
        )
        if file:
            self.write_layer(Path(file), layer.values, array="npy" in kind)

    def write_layer(self, path: Path, values: Array, *, array: bool) -> None:
        """Write the maps of a layer as a picture or, by suffix or on demand, as an array."""
        try:
            if array or path.suffix.lower() == ".npy":
                path = path.with_suffix(".npy")
                np.save(path, values)
            else:
                colour_map = colormaps.get(self._maps.look().colour_map)
                palette = colormaps.colours(colour_map.name)
                contact_sheet(values, palette, diverging=colour_map.diverging).save(path.with_suffix(".png"))
                path = path.with_suffix(".png")
        except OSError as problem:
            self._on_ended("", str(problem))
        else:
            self._on_ended(str(path), "")

    def write_all(self, folder: Path) -> None:
        """Write all maps of the run that is shown; a second request waits until the first is done."""
        result = self._runs.result
        if result is None or (self._thread is not None and self._thread.is_alive()):
            self.told.emit(tr(_NOTHING) if result is None else tr("Maps are being exported already"))
            return
        look = colormaps.get(self._maps.look().colour_map)
        self._thread = threading.Thread(
            target=self._work, args=(folder, result, look), name="convolab-export", daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """Wait until what is under way is written."""
        if self._thread is not None:
            self._thread.join()

    def _work(self, folder: Path, result: RunResult, look: colormaps.ColourMap) -> None:
        network, analysis = result.request.network, result.request.analysis
        try:
            written = write_sheets(
                folder,
                network.name,
                analysis,
                result.maps,
                palette=colormaps.colours(look.name),
                diverging=look.diverging,
                progress=self._progressed.emit,
            )
        except OSError as problem:
            self._ended.emit("", str(problem))
        else:
            self._ended.emit(
                tr_count("{count} file in {folder}", "{count} files in {folder}", len(written), folder=folder), ""
            )

    @Slot(int, int)
    def _on_progressed(self, done: int, total: int) -> None:
        self.told.emit(tr("Exporting maps… {done} of {count} layers", done=done, count=total))

    @Slot(str, str)
    def _on_ended(self, written: str, problem: str) -> None:
        if problem:
            QMessageBox.warning(
                self._window, tr("Export maps"), tr("The maps can't be written: {problem}", problem=problem)
            )
        else:
            self.told.emit(tr("Wrote {files}", files=written))
        self.finished.emit(not problem)
