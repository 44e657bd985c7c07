"""One window's safety: its work is kept, earlier work is offered back, and errors leave both in place."""

from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Signal, Slot
from PySide6.QtWidgets import QMessageBox, QWidget

from designer.crash import CrashHandler
from designer.document import Document
from designer.file_actions import FileActions
from designer.recovery.dialog import RecoveryDialog
from designer.recovery.found import Found, find, set_aside
from designer.recovery.keeper import Keeper
from designer.recovery.slot import Work
from engine import FormatError
from engine.language import tr, tr_count

_CRASH_SECONDS = 10.0  # an error's report does not wait longer for the work to be kept


def usual_root() -> Path:
    """Return the folder for unsaved work, among the person's own data."""
    place = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppDataLocation)
    return Path(place) / "recovery"


class RecoverySession(QObject):
    """Everything that keeps a document from being lost, from the window's start to its end."""

    told = Signal(str)

    def __init__(self, document: Document, actions: FileActions, window: QWidget, root: Path) -> None:
        super().__init__(window)
        self._document, self._files, self._window, self._root = document, actions, window, root
        self.keeper = Keeper(document, self._work, root, self)
        self.keeper.told.connect(self.told)
        self.crashes = CrashHandler(self._keep_in_crash, window)
        self.crashes.install()
        self.dialog: RecoveryDialog | None = None
        self._offered: list[Found] = []
        self._left = 0  # pieces of work that were neither restored nor discarded

    def offer(self, *, asked: bool = False) -> None:
        """Show what earlier sessions left; where there is nothing, only who asked is told."""
        if self._offered:
            return
        self._offered, broken = find(self._root)
        if not self._offered and not broken:
            if asked:
                self.told.emit(tr("There is no unsaved work of an earlier session"))
            return
        self.dialog = RecoveryDialog(self._offered, broken, self._window)
        self.dialog.chosen.connect(self._restore)
        self.dialog.finished.connect(self._settle)
        self.dialog.open()

    def end(self, *, closed: bool) -> None:
        """End with the window; what is unsaved goes only if it closed as it should, having asked."""
        self.crashes.uninstall()
        for one in self._offered:
            one.release()
        self._offered = []
        self.keeper.close(keep=not closed)

    def _work(self) -> Work:
        return Work(self._document.network, self._document.path, self._files.seen, self._files.filed)

    @Slot(object)
    def _restore(self, found: Found) -> None:
        """Bring work back; what was kept of it goes once this window keeps it."""
        try:
            network = found.load()
        except FormatError as problem:
            network = found.network
            lost = str(problem)
        else:
            lost = ""
        if not self._files.restore(network, found.path, found.state.seen):
            found.release()
            return
        why = self.keeper.keep_now()
        if lost:
            found.release()
            kept = set_aside(found.folder)
            text = tr(
                "The layers are restored, but not their weights: {problem}. What was kept is in “{folder}”.",
                problem=lost,
                folder=kept,
            )
            QMessageBox.warning(self._window, tr("Not all could be restored"), text)
        elif why is None:
            found.remove()
        else:
            found.release()
        text = tr("Restored “{network}”", network=network.name)
        if self._left:
            text += "; " + tr_count(
                "{count} more piece of unsaved work: File ▸ Recover unsaved work",
                "{count} more pieces of unsaved work: File ▸ Recover unsaved work",
                self._left,
            )
        self.told.emit(text)

    @Slot()
    def _settle(self) -> None:
        """Delete what was discarded, and leave the rest for another time; what is restored is the restorer's."""
        assert self.dialog is not None
        gone = self.dialog.discarded()
        chosen = self.dialog.taken
        for one in self._offered:
            if one in gone:
                one.remove()
            elif one is not chosen:
                one.release()
        self._left = len(self._offered) - len(gone) - (chosen is not None)
        self._offered = []
        self.dialog.deleteLater()
        self.dialog = None

    def _keep_in_crash(self) -> str:
        """Keep what is unsaved and say what became of it."""
        if not self._document.modified:
            path = self._document.path
            return (
                tr("All your work is saved in “{file}”.", file=path.name) if path else tr("There was no unsaved work.")
            )
        why = self.keeper.keep_now(_CRASH_SECONDS)
        layers = tr_count("{count:,} layer", "{count:,} layers", len(self._document.graph.nodes))
        if why is None:
            return tr(
                "Your work, {layers}, is kept: it is offered at the next start even if you can't save it now.",
                layers=layers,
            )
        return tr(
            "Your work, {layers}, is still in the window but could not be kept for a restart: {why}. Save it now.",
            layers=layers,
            why=why,
        )
