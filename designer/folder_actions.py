"""A folder as the source: opened, stepped through, evaluated; what an evaluation found opens its images."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QDockWidget, QFileDialog, QMessageBox, QWidget

from designer.docking import dock_of, show_floating
from designer.document import Change, Document
from designer.folder.evaluation_panel import EvaluationPanel
from designer.folder.panel import FolderPanel, counted_images
from designer.folder.strip_model import Mark
from designer.folder.worker import Evaluator, FolderReader
from designer.run_actions import RunActions
from engine import Evaluation, FolderError, ImageFolder, Network, RunError, examination
from engine.evaluation import Answered, Examination
from engine.evaluation_report import answers_csv, classes_csv, headline, matrix_csv
from engine.folders import Picture
from engine.language import tr, tr_noop

_NO_FOLDER = tr_noop("Open an image folder first")
_STALE = tr_noop("The network has changed since: evaluate again to see how it does now.")
_WRITERS: dict[str, Callable[[Evaluation], str]] = {
    "confusion": matrix_csv,
    "classes": classes_csv,
    "images": answers_csv,
}


class FolderActions(QObject):
    """What the menus do with folders, and how strip, evaluation and runs belong together."""

    told = Signal(str)  # a sentence for the status bar

    def __init__(
        self, document: Document, runs: RunActions, panel: FolderPanel, evaluation: EvaluationPanel, window: QWidget
    ) -> None:
        super().__init__(window)
        self._document, self._runs, self._window = document, runs, window
        self._panel, self._evaluation = panel, evaluation
        self._dock, self._evaluation_dock = dock_of(panel), dock_of(evaluation)
        self.reader, self.evaluator = FolderReader(self), Evaluator(self)
        self._evaluated: Network | None = None  # what the evaluation at hand is of
        self._asked: Examination | None = None
        self._connect()
        evaluation.clear(tr(_NO_FOLDER))

    def _connect(self) -> None:
        self.reader.found.connect(self._on_found)
        self.reader.failed.connect(self._on_unread)
        self._panel.chosen.connect(self._runs.open_image)
        self._panel.folder_requested.connect(self.ask_folder)
        self._panel.evaluation_requested.connect(self.evaluate)
        self._evaluation.start_requested.connect(self.evaluate)
        self._evaluation.stop_requested.connect(self.evaluator.cancel)
        self._evaluation.cell_activated.connect(self._show_cell)
        self._evaluation.class_activated.connect(self._show_class)
        self._evaluation.unreadable_requested.connect(self._show_unreadable)
        self._evaluation.export_requested.connect(self.ask_export)
        self.evaluator.progressed.connect(self._evaluation.show_progress)
        self.evaluator.finished.connect(self._on_finished)
        self.evaluator.failed.connect(self._on_failed)
        self.evaluator.stopped.connect(self._on_stopped)
        self._document.changed.connect(self._on_changed)

    # Opening and stepping

    def ask_folder(self) -> None:
        """Ask for a folder of images and open it."""
        start = str(self._runs.folder)
        folder = QFileDialog.getExistingDirectory(self._window, tr("Open image folder"), start)
        if folder:
            self.open(Path(folder))

    def open(self, path: Path) -> None:
        """Show a folder's images and run the first."""
        self.evaluator.cancel()
        self._forget(tr(_NO_FOLDER))
        self._panel.show_sentence(tr("Looking into “{folder}”…", folder=path.name or str(path)), button=False)
        self._dock.show()
        self._dock.raise_()
        self.reader.read(path)

    def step(self, count: int) -> None:
        """Go to the next image of the folder, or the one before."""
        if self._panel.folder is None or not self._panel.folder.pictures:
            self.told.emit(tr(_NO_FOLDER))
        elif not self._panel.step(count):
            self.told.emit(tr("This is the last image") if count > 0 else tr("This is the first image"))

    @Slot(object)
    def _on_found(self, folder: ImageFolder) -> None:
        self._panel.show_folder(folder)
        if folder.pictures:
            self._panel.strip.setFocus(Qt.FocusReason.OtherFocusReason)
        self.told.emit(tr("{folder}: {images}", folder=folder.path.name, images=counted_images(len(folder.pictures))))
        self._evaluation.clear(
            tr("“Evaluate” runs all images of the folder")
            if folder.classes
            else tr("Images in sub-folders, one for each class, can be evaluated: this folder has none")
        )

    @Slot(str)
    def _on_unread(self, problem: str) -> None:
        self._panel.show_sentence(problem)
        self.told.emit(problem)

    # Evaluating

    def evaluate(self) -> None:
        """Run all images of the folder and compare the answers with their sub-folders."""
        _show_dock(self._evaluation_dock)
        folder = self._panel.folder
        if folder is None:
            self._evaluation.clear(tr(_NO_FOLDER))
            return
        network, analysis = self._document.network, self._document.analysis
        try:
            asked = examination(network.graph, folder, analysis)
        except (RunError, FolderError) as problem:
            self._forget(f"{problem}.")
            return
        self._forget("")
        self._evaluated, self._asked = network, asked
        self._evaluation.set_note(asked.matching.sentence)
        self._evaluation.show_progress(asked.tally().found(), 0, len(asked.pictures))
        self.evaluator.start(asked, network.weights)

    def close(self) -> None:
        """End all threads."""
        self.reader.close()
        self.evaluator.close()
        self._panel.thumbnails.close()

    def _forget(self, text: str) -> None:
        self._evaluated = self._asked = None
        self._evaluation.clear(text)
        self._panel.set_marks({})

    @Slot(object)
    def _on_finished(self, found: Evaluation) -> None:
        self._evaluation.show_result(found)
        self._show_currency()
        self.told.emit(headline(found))

    @Slot(str)
    def _on_failed(self, problem: str) -> None:
        self._forget(f"{problem}.")
        self.told.emit(problem)

    @Slot()
    def _on_stopped(self) -> None:
        self._evaluation.show_stopped()
        self._show_currency()
        self.told.emit(tr("The evaluation was cancelled"))

    @Slot(object)
    def _on_changed(self, change: Change) -> None:
        if self._evaluated is not None and not self.evaluator.running:
            self._show_currency()

    def _show_currency(self) -> None:
        """Mark images with the answers while the network is the one that gave them; else say that it is not."""
        found, evaluated, now = self._evaluation.found, self._evaluated, self._document.network
        if found is None or evaluated is None:
            return
        # Undo brings the same objects back.
        same = now.graph is evaluated.graph and now.weights is evaluated.weights
        self._evaluation.set_note(found.matching.sentence if same else tr(_STALE))
        self._panel.set_marks({one.path: _mark(found, one) for one in found.answered} if same else {})

    # From an evaluation to its images

    @Slot(int, int)
    def _show_cell(self, true: int, answer: int) -> None:
        found = self._evaluation.found
        if found is not None:
            wanted = {one.path for one in found.answered if (one.truth, one.answer) == (true, answer)}
            self._filter(wanted, tr("{true} → {answer}", true=found.labels[true], answer=found.labels[answer]))

    @Slot(int)
    def _show_class(self, number: int) -> None:
        found = self._evaluation.found
        if found is not None:
            wanted = {one.path for one in found.answered if one.truth == number}
            self._filter(wanted, tr("Class {name}", name=found.labels[number]))

    @Slot()
    def _show_unreadable(self) -> None:
        found = self._evaluation.found
        if found is not None:
            self._filter({file.path for file in found.unreadable}, tr("Can't be read"))

    def _filter(self, wanted: set[Path], text: str) -> None:
        def is_wanted(picture: Picture) -> bool:
            return picture.path in wanted

        count = self._panel.show_only(is_wanted, text)
        self._dock.show()
        self.told.emit(tr("{text}: {images}", text=text, images=counted_images(count)))

    # Taking away

    @Slot(str)
    def ask_export(self, name: str) -> None:
        """Ask for a file and write a part of the evaluation to it."""
        found = self._evaluation.found
        if found is None:
            return
        proposal = str(Path.home() / f"{name}.csv")
        file, _ = QFileDialog.getSaveFileName(self._window, tr("Export CSV"), proposal, tr("Table (*.csv)"))
        if not file:
            return
        path = Path(file) if file.lower().endswith(".csv") else Path(f"{file}.csv")
        try:
            path.write_text(_WRITERS[name](found), encoding="utf-8", errors="surrogateescape")
        except OSError as problem:
            words = tr("“{file}” can't be written: {reason}.", file=path.name, reason=problem.strerror or problem)
            QMessageBox.warning(self._window, tr("The table was not written"), words)
        else:
            self.told.emit(tr("Exported {file}", file=path.name))


def _mark(found: Evaluation, one: Answered) -> Mark:
    answer = one.answer
    return Mark(found.labels[answer] if answer is not None else tr("no answer"), answer == one.truth)


def _show_dock(dock: QDockWidget) -> None:
    if not dock.isVisible():
        show_floating(dock)
    else:
        dock.raise_()
