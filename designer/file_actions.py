"""Networks and files: new, open, save, recent files, and the guard of unsaved work."""

import warnings
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Literal

import msgspec
from PySide6.QtCore import QObject, QSettings, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from designer import resources
from designer.document import Document, blank
from designer.gallery.dialog import Gallery
from designer.on_disk import Seen, seen
from designer.opening import load_asking
from designer.pictures.dialog import PictureDialog
from engine import FormatError, FormatNote, FormatWarning, Network, Weights, load, save
from engine.formats import KERAS, KERAS_SOURCE, DrawingNote, files, is_native, load_previous, torch_project
from engine.language import tr, tr_noop

RECENT_COUNT = 10
_SAVABLE = {  # as which the network is saved, or a copy of it
    tr_noop("Convolab network (*.json)"): ".json",
    tr_noop("ONNX model (*.onnx)"): ".onnx",
    tr_noop("Keras model (*.keras.json)"): KERAS,
    tr_noop("PyTorch source (*.py)"): ".py",
    tr_noop("Keras source (*.keras.py)"): KERAS_SOURCE,
}
READABLE = tr_noop(
    "Networks (*.json *.onnx);;Convolab network (*.json);;ONNX model (*.onnx);;Keras model (*.keras.json *.json)"
)
_LECTURE_EXAMPLES = ("lecture_outline.json", "lecture_conv.json", "kernels.json", "lenet5.json")

Example = tuple[str, str]  # file name, title


class FileActions(QObject):
    """Everything of the File menu that concerns the document; dialogs open over the window."""

    recent_changed = Signal()
    told = Signal(str)  # a sentence for the status bar

    def __init__(self, document: Document, window: QWidget) -> None:
        super().__init__(window)
        self._document = document
        self._window = window
        self.seen: Seen | None = None  # the document's file, as this program last read or wrote it
        self.filed: Weights | None = None  # the weights in that file

    # Open and new

    def new(self) -> None:
        """Begin an empty network."""
        if self.may_leave():
            self._show(blank())

    def ask_open(self) -> None:
        """Ask for a network and open it."""
        if self.may_leave():
            file, _ = QFileDialog.getOpenFileName(self._window, tr("Open network"), self._folder(), tr(READABLE))
            if file:
                self.open(Path(file))

    def open_guarded(self, path: Path) -> None:
        """Open a network unless the person would rather keep the unsaved one."""
        if self.may_leave():
            self.open(path)

    def open(self, path: Path) -> bool:
        """Open a network; a problem is shown and leaves the present one as it is."""
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always", FormatWarning)
            before = seen(path)  # what changes from now on is then asked about at the next save
            try:
                network = load_asking(path, self._window)
            except FormatError as problem:
                self._complain(tr("The network can't be opened"), str(problem))
                return False
        if network is None:
            return False  # called off
        if is_native(path):
            self._show(network, path.resolve(), before)
        else:
            self._show(network)  # a file of another program is not saved over
        self._remember(path)
        if caught:
            self._complain(tr("The network was opened, but"), "\n".join(str(warning.message) for warning in caught))
        return True

    def open_example(self, name: str) -> None:
        """Open a shipped example; it has no file of its own, so that saving asks for a place."""
        if self.may_leave():
            self.show(load(resources.path("examples", name)))

    def show(self, network: Network) -> None:
        """Show a network without a file of its own; that the one before may go has been asked."""
        self._show(network)

    def new_from_template(self) -> Gallery:
        """Show the templates; the one that is chosen becomes a new network without a file."""
        gallery = Gallery(self._window)
        gallery.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        gallery.chosen.connect(self.open_example)
        gallery.open()
        return gallery

    def restore(self, network: Network, path: Path | None, before: Seen | None) -> bool:
        """Show unsaved work of an earlier session, unless the person would rather keep what is here."""
        if not self.may_leave():
            return False
        self.seen, self.filed = before, None
        self._document.restore(network, path)
        return True

    @staticmethod
    def examples() -> tuple[list[Example], list[Example]]:
        """Return the shipped examples: the lecture's, in its order, and the classic networks by title."""
        found = {file.name: msgspec.json.decode(file.read_bytes())["name"] for file in _example_files()}
        lecture = [(name, found.pop(name)) for name in _LECTURE_EXAMPLES]
        return lecture, sorted(found.items(), key=lambda example: example[1])

    # Save

    def save(self) -> bool:
        """Save to the document's file; asks for one where it has none. Returns whether it is saved."""
        path = self._document.path
        if path is None:
            return self.save_as()
        if self.seen is not None and seen(path) not in (None, self.seen):
            answer = self._ask_whose(path)
            if answer != "overwrite":
                return self.save_as() if answer == "other" else False
        return self._save_to(path)

    def _ask_whose(self, path: Path) -> Literal["overwrite", "other", "cancel"]:
        """Ask what to do with a file that another program has changed: ``overwrite``, ``other`` or ``cancel``."""
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setWindowTitle(tr("Changed by another program"))
        box.setText(
            tr("“{file}” or its weights were changed by another program since they were opened here.", file=path.name)
        )
        box.setInformativeText(tr("Overwriting them loses what the other program wrote."))
        other = box.addButton(tr("Save &as…"), QMessageBox.ButtonRole.AcceptRole)
        overwrite = box.addButton(tr("&Overwrite"), QMessageBox.ButtonRole.DestructiveRole)
        box.setEscapeButton(box.addButton(QMessageBox.StandardButton.Cancel))
        box.setDefaultButton(other)
        box.exec()
        clicked = box.clickedButton()
        return "overwrite" if clicked is overwrite else "other" if clicked is other else "cancel"

    def save_as(self) -> bool:
        """Ask for a file and save to it. Returns whether it is saved, which a copy in another format does not do."""
        proposal = str(Path(self._folder()) / f"{self._file_name()}.json")
        kinds = {tr(kind): ending for kind, ending in _SAVABLE.items()}
        file, kind = QFileDialog.getSaveFileName(self._window, tr("Save network"), proposal, ";;".join(kinds))
        if not file:
            return False
        typed = next((one for one in reversed(kinds.values()) if file.lower().endswith(one)), ".json")
        ending = typed if typed != ".json" else kinds.get(kind, ".json")
        if ending == ".json":
            return self._save_to(_with_ending(Path(file), ending))
        stem = file if file.lower().endswith(ending) else file.removesuffix(".json")
        self._write(_with_ending(Path(stem), ending))
        return False

    def restore_previous(self) -> None:
        """Bring back what the last save replaced, as an edit that can be undone."""
        path = self._document.path
        if path is None:
            self._complain(tr("There is no earlier version"), tr("This network was not saved to a file yet."))
            return
        try:
            network = load_previous(path)
        except FormatError as problem:
            self._complain(tr("There is no earlier version"), f"{problem}.")
            return
        self._document.apply(tr("Restore previous version"), network)
        self.told.emit(tr("{name} is as it was before it was last saved; Undo goes back", name=path.name))

    def export_onnx(self) -> None:
        """Ask for a file and write the network, with its weights, as ONNX."""
        self._export(tr("Export as ONNX"), tr("ONNX model"), ".onnx")

    def export_keras(self) -> None:
        """Ask for a file and write the network's architecture as the JSON of a Keras model."""
        self._export(tr("Export as Keras model"), tr("Keras 3 model"), KERAS)

    def export_torch(self) -> None:
        """Ask for a file and write the network as the source of a PyTorch module."""
        self._export(tr("Export as PyTorch source"), tr("PyTorch source"), ".py")

    def export_keras_source(self) -> None:
        """Ask for a file and write the network as the source of a Keras model."""
        self._export(tr("Export as Keras source"), tr("Keras source"), KERAS_SOURCE)

    def export_project(self) -> None:
        """Ask for a place and write a folder there to train the network with PyTorch."""
        proposal = Path(self._folder()) / self._file_name().replace(".", "-")
        title = tr("Export as PyTorch project")
        name, _ = QFileDialog.getSaveFileName(self._window, title, str(proposal), tr("Folder (*)"))
        if not name:
            return
        folder = Path(name)
        if folder.is_dir() and any((folder / one).exists() for one in torch_project.NAMES):
            text = tr("“{name}” holds a project already. Replace its files?", name=folder.name)
            if QMessageBox.question(self._window, title, text) != QMessageBox.StandardButton.Yes:
                return
        self._write(folder)

    def _export(self, title: str, kind: str, ending: str) -> None:
        proposal = str(Path(self._folder()) / f"{self._file_name()}{ending}")
        file, _ = QFileDialog.getSaveFileName(self._window, title, proposal, f"{kind} (*{ending})")
        if file:
            self._write(_with_ending(Path(file), ending))

    def export_picture(self) -> PictureDialog:
        """Ask what a picture of the network is to show, and write it."""
        dialog = PictureDialog(self._document, self.proposal(), self._window)
        dialog.written.connect(lambda path: self.told.emit(tr("Exported {file}", file=path.name)))
        dialog.open()
        return dialog

    def proposal(self) -> Path:
        """Return where an export would go, without its suffix."""
        return Path(self._folder()) / self._file_name()

    def _save_to(self, path: Path) -> bool:
        if not self._write(path):
            return False
        self.seen, self.filed = seen(path), self._document.network.weights
        self._document.mark_saved(path.resolve())
        self._remember(path)
        return True

    def _show(self, network: Network, path: Path | None = None, before: Seen | None = None) -> None:
        self.seen, self.filed = before, network.weights if path is not None else None
        self._document.load(network, path)

    def _write(self, path: Path) -> bool:
        network = self._document.network
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always", FormatWarning)
            try:
                save(network, path, weights_kept=self._has_weights(path, network), keep_previous=True)
            except FormatError as problem:
                self._complain(tr("The network can't be written"), str(problem))
                return False
            except OSError as problem:
                self._complain(
                    tr("The network was not saved"),
                    tr("“{file}” can't be written: {reason}.", file=path.name, reason=files.reason(problem)),
                )
                return False
        self._tell_of(path, [warning.message for warning in caught])
        return True

    def _tell_of(self, path: Path, notices: Sequence[Warning | str]) -> None:
        """Say that a file was written: in a box where there is more to tell than what of the drawing is not in it."""
        text = "\n\n".join(map(str, notices))
        told = tr("Saved {file}", file=path.name)
        quiet = all(isinstance(one, DrawingNote) for one in notices)
        self.told.emit(tr("{told}. {notes}", told=told, notes=text) if text and quiet else told)
        if not all(isinstance(one, FormatNote) for one in notices):
            self._complain(tr("The network was written, but"), text)
        elif not quiet:
            QMessageBox.information(self._window, tr("The network was written"), text)

    def _has_weights(self, path: Path, network: Network) -> bool:
        """Whether the weights beside a document are the network's still, so that only the document is written."""
        return network.weights is not None and network.weights is self.filed and seen(path) == self.seen

    # Unsaved work and recent files

    def may_leave(self) -> bool:
        """Ask what to do with unsaved work; returns whether the document may go."""
        if not self._document.modified:
            return True
        button = QMessageBox.StandardButton
        answer = QMessageBox.warning(
            self._window,
            tr("Unsaved changes"),
            tr("“{network}” has changes that are not saved.", network=self._document.network.name),
            button.Save | button.Discard | button.Cancel,
            button.Save,
        )
        return self.save() if answer == button.Save else answer == button.Discard

    def recent(self) -> list[Path]:
        """Return the files opened or saved last, newest first, that are still there."""
        stored: Any = QSettings().value("recent", [])
        names = [stored] if isinstance(stored, str) else stored or []  # Qt stores a list of one as a text
        return [Path(name) for name in names if Path(name).is_file()]

    def _remember(self, path: Path) -> None:
        file = path.resolve()
        kept = [file, *(other for other in self.recent() if other != file)][:RECENT_COUNT]
        QSettings().setValue("recent", [str(one) for one in kept])
        self.recent_changed.emit()

    def _folder(self) -> str:
        if self._document.path is not None:
            return str(self._document.path.parent)
        recent = self.recent()
        return str(recent[0].parent if recent else Path.home())

    def _file_name(self) -> str:
        if self._document.path is not None:
            return self._document.path.stem
        kept = (letter if letter.isalnum() or letter in "-_ ." else "-" for letter in self._document.network.name)
        return "".join(kept).strip() or "network"

    def _complain(self, title: str, text: str) -> None:
        QMessageBox.warning(self._window, title, text)


def _with_ending(path: Path, ending: str) -> Path:
    """Return a path with an ending, which is added where it was not typed."""
    return path if path.name.lower().endswith(ending) else path.with_name(path.name + ending)


def _example_files() -> Iterable[Path]:
    return resources.path("examples").glob("*.json")
