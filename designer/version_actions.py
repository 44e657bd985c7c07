"""What the open network is compared with: a file, or its own state when it was last saved."""

import warnings
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QDockWidget, QFileDialog, QMessageBox, QWidget

from designer.comparing.maps_worker import MapsWorker
from designer.comparing.panel import ComparisonPanel
from designer.comparing.rows import rows_of, totals_of
from designer.document import Document
from designer.file_actions import READABLE
from designer.opening import load_asking
from designer.run_actions import RunActions
from engine import Analysis, FormatError, FormatWarning, Network, analyse, load
from engine.diff import Difference, MapDifference, differ
from engine.language import tr

_PATIENCE_MS = 150  # after an edit, so that a drag of a number is compared once


class VersionActions(QObject):
    """Compares the document with another network for as long as somebody looks, after every edit and every run."""

    told = Signal(str)  # a sentence for the status bar

    def __init__(
        self, document: Document, runs: RunActions, panel: ComparisonPanel, dock: QDockWidget, window: QWidget
    ) -> None:
        super().__init__(window)
        self._document, self._runs, self._panel, self._dock, self._window = document, runs, panel, dock, window
        self._other: Network | None = None
        self._analysis: Analysis | None = None
        self._title = ""
        self._opened = document.network  # as it was when it was last opened, or begun
        self._difference: Difference | None = None
        self._maps: tuple[MapDifference, ...] = ()
        self.worker = MapsWorker(self)
        self._patience = QTimer(self, interval=_PATIENCE_MS, singleShot=True)
        self._connect()

    def _connect(self) -> None:
        self._patience.timeout.connect(self.refresh)
        self._document.changed.connect(lambda _: self._patience.start())
        self._document.file_changed.connect(self._on_file_changed)
        self._runs.settled.connect(self._compare_maps)
        self._panel.file_asked.connect(self.compare_with_file)
        self._panel.saved_asked.connect(self.compare_with_saved)
        self._panel.marking_asked.connect(self._document.selection.select)
        self._panel.node_chosen.connect(lambda node: self._document.selection.select([node]))
        self._panel.shown.connect(self.refresh)
        self.worker.finished.connect(self._on_maps)

    def compare_with_file(self) -> None:
        """Ask for a file and compare the open network with what it holds."""
        folder = str(self._document.path.parent if self._document.path is not None else Path.home())
        file, _ = QFileDialog.getOpenFileName(self._window, tr("Compare with"), folder, tr(READABLE))
        if not file:
            return
        path = Path(file)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always", FormatWarning)
            try:
                other = load_asking(path, self._window)
            except FormatError as problem:
                QMessageBox.warning(self._window, tr("The network can't be compared"), str(problem))
                return
        for one in caught:
            self.told.emit(f"{path.name}: {one.message}")
        if other is not None:
            self.compare_with(other, path.name)

    def compare_with_saved(self) -> None:
        """Compare the open network with its file, or with what it was when it was opened, where it has none."""
        path = self._document.path
        if path is None:
            self.compare_with(self._opened, tr("As it was opened"))
            return
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", FormatWarning)
                saved = load(path)
        except FormatError as problem:
            QMessageBox.warning(self._window, tr("The network can't be compared"), str(problem))
        else:
            self.compare_with(saved, tr("{file}, as last saved", file=path.name))

    def compare_with(self, other: Network, title: str) -> None:
        """Compare the open network with another, which is the earlier of the two."""
        self._other, self._analysis, self._title = other, analyse(other.graph), title
        self._maps = ()
        self._dock.show()
        self._dock.raise_()
        self.refresh()

    def close(self) -> None:
        """Wait for what is under way."""
        self.worker.close()

    @Slot()
    def refresh(self) -> None:
        """Compare anew, where somebody looks."""
        if self._other is None or not self._panel.isVisible():
            return
        document = self._document
        self._difference = differ(
            self._other, document.network, analysis_before=self._analysis, analysis_after=document.analysis
        )
        self._show()
        self._compare_maps()

    def _show(self) -> None:
        if self._difference is not None:
            rows, totals = rows_of(self._difference, self._maps), totals_of(self._difference)
            self._panel.show_comparison(self._title, self._document.network.name, rows, dict(totals))

    @Slot()
    def _on_file_changed(self) -> None:
        if not self._document.modified:
            self._opened = self._document.network

    @Slot()
    def _compare_maps(self, *_: object) -> None:
        """Compare the maps of the run that is shown, where it is one of the network as it stands."""
        result = self._runs.result
        if self._patience.isActive():
            return  # what is compared is about to be another
        if self._difference is None or self._other is None or result is None or not self._panel.isVisible():
            return
        if result.request.network.graph is self._document.graph:
            self.worker.request(self._difference, self._other, result.maps, result.request.image)

    @Slot(object)
    def _on_maps(self, found: tuple[MapDifference, ...]) -> None:
        self._maps = found
        self._show()
