"""Keeps the document while it is worked on, beside the window's thread; the newest state is the one that counts."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from designer.document import Document
from designer.recovery.slot import Slot as Folder
from designer.recovery.slot import Work
from engine.formats import files
from engine.language import tr

DELAY_MS = 600  # from the first edit that is not kept yet; a drag is kept while it goes on
_BUSY_MS = 100
RETRY_MS = 5000  # after a failure: a disk may have room again


class Keeper(QObject):
    """Watches one document. What is kept goes when the document is saved, or its window closes as it should.

    Parameters
    ----------
    document
        The document to keep.
    work
        Returns what there is to keep; called on the window's thread.
    root
        The folder in which each window has one of its own.
    """

    told = Signal(str)  # once, when nothing can be kept

    _failed = Signal(str)
    _kept = Signal()

    def __init__(self, document: Document, work: Callable[[], Work], root: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document, self._work = document, work
        self._folder = Folder(root)
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="recovery")
        self._last: Future[str | None] | None = None
        self._complained = False
        self._timer = QTimer(self, interval=DELAY_MS, singleShot=True)
        self._timer.timeout.connect(self._keep_if_needed)
        queued = Qt.ConnectionType.QueuedConnection
        self._failed.connect(self._on_failed, queued)
        self._kept.connect(self._on_kept, queued)
        document.changed.connect(self._on_changed)
        document.file_changed.connect(self._on_file_changed)

    @property
    def folder(self) -> Path | None:
        """Where this window's work is kept; None before anything was."""
        return self._folder.folder

    def keep_now(self, seconds: float | None = None) -> str | None:
        """Keep what is unsaved and wait for it.

        Parameters
        ----------
        seconds
            How long to wait at most.

        Returns
        -------
        str | None
            Why it could not be kept, as the end of a sentence; None where it is safe.
        """
        self._timer.stop()
        if not self._document.modified:
            return None
        try:
            return self._submit().result(seconds)
        except TimeoutError:
            return tr("the disk takes too long")

    def close(self, *, keep: bool) -> None:
        """End; what was kept goes unless it is to be offered at the next start."""
        self._timer.stop()
        self._document.changed.disconnect(self._on_changed)
        self._document.file_changed.disconnect(self._on_file_changed)
        if keep:
            self.keep_now()
        self._writer.submit(self._folder.close, keep=keep)
        self._writer.shutdown()

    @Slot(object)
    def _on_changed(self, _: object) -> None:
        if not self._timer.isActive() or self._timer.remainingTime() > DELAY_MS:
            self._timer.start(DELAY_MS)

    @Slot()
    def _on_file_changed(self) -> None:
        """Drop at once what a file has now."""
        if not self._document.modified:
            self._timer.stop()
            self._writer.submit(self._clear)

    @Slot()
    def _keep_if_needed(self) -> None:
        if self._last is not None and not self._last.done():
            self._timer.start(_BUSY_MS)  # one state on its way is enough; the next is newer
        elif self._document.modified:
            self._submit()

    def _submit(self) -> Future[str | None]:
        self._last = self._writer.submit(self._keep, self._work())
        return self._last

    def _keep(self, work: Work) -> str | None:
        """Keep a state, on the writer's thread."""
        try:
            self._folder.keep(work)
        except OSError as problem:
            why = files.reason(problem)
        except Exception as problem:  # noqa: BLE001 - a name that is half a character, or worse: the person must hear
            why = str(problem)
        else:
            self._kept.emit()
            return None
        self._failed.emit(why)
        return why

    def _clear(self) -> None:
        try:
            self._folder.clear()
        except OSError as problem:
            self._failed.emit(files.reason(problem))

    @Slot(str)
    def _on_failed(self, why: str) -> None:
        if not self._timer.isActive():
            self._timer.start(RETRY_MS)
        if not self._complained:
            self._complained = True
            self.told.emit(tr("Unsaved work can't be kept for a restart: {why}. Save it to be safe.", why=why))

    @Slot()
    def _on_kept(self) -> None:
        self._complained = False
