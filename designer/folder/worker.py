"""What takes long with folders, beside the window's thread: reading them, and running all of their images."""

import logging
import threading
import time
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from engine import Cancelled, Evaluation, FolderError, RunError, Weights, completed, evaluate, image_folder
from engine.evaluation import Examination, Step
from engine.language import tr

_TELL_SECONDS = 0.2  # between two reports on the way
_log = logging.getLogger(__name__)


class FolderReader(QObject):
    """Finds the images of a folder; the newest request wins."""

    found = Signal(object)  # ImageFolder
    failed = Signal(str)
    _from_worker = Signal(int, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._number = 0
        self._threads: list[threading.Thread] = []
        self._from_worker.connect(self._deliver)

    def read(self, path: Path) -> None:
        """Look into a folder."""
        self._number += 1
        self._threads = [thread for thread in self._threads if thread.is_alive()]
        thread = threading.Thread(target=self._work, args=(self._number, path), name="convolab-folder", daemon=True)
        self._threads.append(thread)
        thread.start()

    def close(self) -> None:
        """Wait for what is under way; nothing more is heard of it."""
        self._number += 1
        for thread in self._threads:
            thread.join()

    def _work(self, number: int, path: Path) -> None:
        try:
            self._from_worker.emit(number, image_folder(path))
        except FolderError as problem:
            self._from_worker.emit(number, str(problem))

    @Slot(int, object)
    def _deliver(self, number: int, outcome: object) -> None:
        if number != self._number:
            return
        if isinstance(outcome, str):
            self.failed.emit(outcome)
        else:
            self.found.emit(outcome)


class Evaluator(QObject):
    """Runs all images of a folder; one evaluation at a time.

    Signals, emitted on the thread of this object
    ---------------------------------------------
    progressed
        ``(Evaluation of the images that are done, how many are, of how many)``, some times a second.
    finished
        The whole ``Evaluation``.
    failed
        Why it can't go on.
    stopped
        It was cancelled.
    """

    progressed = Signal(object, int, int)
    finished = Signal(object)
    failed = Signal(str)
    stopped = Signal()
    _from_worker = Signal(int, str, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._number = 0
        self._threads: list[threading.Thread] = []
        self.running = False
        self._from_worker.connect(self._deliver)

    def start(self, asked: Examination, given: Weights | None) -> None:
        """Begin, in the place of one that is under way."""
        self._number += 1
        self.running = True
        arguments = (self._number, asked, given)
        thread = threading.Thread(target=self._work, args=arguments, name="convolab-evaluation", daemon=True)
        self._threads = [*(one for one in self._threads if one.is_alive()), thread]
        thread.start()

    def cancel(self) -> None:
        """Give up what is under way; its thread ends within milliseconds, or when an image is decoded."""
        if self.running:
            self._number += 1
            self.running = False
            self.stopped.emit()

    def close(self) -> None:
        """End all threads."""
        self._number += 1
        self.running = False
        for thread in self._threads:
            thread.join()

    def _work(self, number: int, asked: Examination, given: Weights | None) -> None:
        report = _Report(self, number, asked)
        try:
            weights = completed(asked.analysis, given)
            found = evaluate(asked, weights, progress=report, cancelled=lambda: number != self._number)
            self._from_worker.emit(number, "finished", found)
        except Cancelled:
            return
        except RunError as problem:
            self._from_worker.emit(number, "failed", str(problem))
        except MemoryError:
            self._from_worker.emit(number, "failed", tr("There is not enough memory to run this network"))
        except Exception as problem:  # noqa: BLE001 - the person must hear of it
            _log.exception("The evaluation failed")
            self._from_worker.emit(number, "failed", tr("The evaluation failed: {problem}", problem=problem))

    def tell(self, number: int, found: Evaluation, done: int, total: int) -> None:
        """Report on the way; called on the worker's thread."""
        self._from_worker.emit(number, "progressed", (found, done, total))

    @Slot(int, str, object)
    def _deliver(self, number: int, kind: str, value: object) -> None:
        if number != self._number:
            return
        if kind == "progressed":
            assert isinstance(value, tuple)
            self.progressed.emit(*value)
            return
        self.running = False
        if kind == "finished":
            self.finished.emit(value)
        else:
            self.failed.emit(value)


class _Report:
    """Counts what is done and tells of it now and then."""

    def __init__(self, evaluator: Evaluator, number: int, asked: Examination) -> None:
        self._evaluator, self._number = evaluator, number
        self._tally = asked.tally()
        self._told = time.monotonic()

    def __call__(self, step: Step) -> None:
        self._tally.add(step.outcome)
        if time.monotonic() - self._told < _TELL_SECONDS or step.done == step.total:
            return
        self._evaluator.tell(self._number, self._tally.found(), step.done, step.total)
        self._told = time.monotonic()
