"""Errors that nobody foresaw: the window lives on, the work is kept, and the person gets a report to send."""

import platform
import re
import sys
import threading
import traceback
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot, qVersion
from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from designer import theme
from designer.speech import say
from engine.language import tr

_PACKAGES = ("engine", "designer", "PySide6", "numpy", "pyqtgraph", "msgspec", "PIL", "onnx", "safetensors")
# Whatever follows a drive, a home or the root: a folder's name may be a person's.
_FOLDERS = re.compile(r"(?<![\w.~])(?:[A-Za-z]:)?(?:[\\/][^\\/\s\"'“”<>|:]+(?: [^\\/\s\"'“”<>|:]+)*)*[\\/](?=[^\\/\s])")
_SHOWN = 20  # reports of one kind and place are shown once; of all kinds, this many

_Caught = tuple[type[BaseException], BaseException, TracebackType | None]


class CrashHandler(QObject):
    """Takes what no code has caught, on any thread, as long as it is installed.

    Parameters
    ----------
    keep
        Keeps the unsaved work and says in a sentence what became of it; called on the window's thread.
    window
        The window to show the report over.
    """

    _caught = Signal(object)

    def __init__(self, keep: Callable[[], str], window: QWidget) -> None:
        super().__init__(window)
        self._keep, self._window = keep, window
        self._seen: set[str] = set()
        self.dialog: CrashDialog | None = None
        # Queued: an error in the middle of a paint must not open a window from there.
        self._caught.connect(self._show, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Begin to take errors."""
        self._before = sys.excepthook, threading.excepthook
        sys.excepthook, threading.excepthook = self._on_error, self._on_thread_error

    def uninstall(self) -> None:
        """Give the errors back to who had them before."""
        sys.excepthook, threading.excepthook = self._before

    def _on_error(self, kind: type[BaseException], error: BaseException, where: TracebackType | None) -> None:
        self._before[0](kind, error, where)  # the terminal has it as ever
        if issubclass(kind, Exception):  # an interrupt from the keyboard is a wish
            self._caught.emit((kind, error, where))

    def _on_thread_error(self, args: threading.ExceptHookArgs) -> None:
        self._before[1](args)
        if issubclass(args.exc_type, Exception) and args.exc_value is not None:
            self._caught.emit((args.exc_type, args.exc_value, args.exc_traceback))

    @Slot(object)
    def _show(self, caught: _Caught) -> None:
        kept = self._keep()
        text = report(caught[1])
        if text in self._seen or len(self._seen) >= _SHOWN:
            return  # a timer or a paint would say it again and again
        self._seen.add(text)
        if self.dialog is not None and self.dialog.isVisible():
            self.dialog.add(text, kept)
            return
        self.dialog = CrashDialog(text, kept, self._window)
        self.dialog.open()
        say(self._window, f"{self.dialog.heading.text()} {kept}", urgent=True)


def report(error: BaseException) -> str:
    """Return what a developer needs to know: versions and where it happened, without the names of folders here."""
    numpy, own = _version("numpy"), _version("convolab")
    lines = [
        f"Convolab {own}, Python {platform.python_version()}, Qt {qVersion()}, numpy {numpy}",
        f"{platform.system()} {platform.release()} {platform.machine()}, {QGuiApplication.platformName()}",
        "",
    ]
    for number, one in enumerate(reversed(_chain(error))):
        if number:
            lines.append("then:")
        for frame in traceback.extract_tb(one.__traceback__):
            lines.append(f"  {_place(frame.filename)}:{frame.lineno} in {frame.name}")
            if frame.line:
                lines.append(f"    {frame.line}")
        lines.append(scrubbed("".join(traceback.format_exception_only(one)).strip()))
    return "\n".join(lines)


def _chain(error: BaseException) -> list[BaseException]:
    """Return an error and those that led to it, newest first."""
    chain: list[BaseException] = []
    one: BaseException | None = error
    while one is not None and one not in chain:
        chain.append(one)
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
    return chain


def scrubbed(text: str) -> str:
    """Return a text in which the home is ``~`` and other paths are cut down to their last name."""
    home = re.escape(str(Path.home()))
    return _FOLDERS.sub("…/", re.sub(rf"{home}(?![\w\\/])", "~", text))


def _place(file: str) -> str:
    parts = Path(file).parts
    for number in range(len(parts) - 1, -1, -1):
        if parts[number] in _PACKAGES:
            return "/".join(parts[number:])
    return parts[-1] if parts else file


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:  # run from a folder
        return "(unknown)"


class CrashDialog(QDialog):
    """One sentence on what happened, one on what became of the work, and the report."""

    def __init__(self, text: str, kept: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Something went wrong"))
        self.heading = QLabel(tr("Convolab met an error that it did not expect, and carries on."))
        self.heading.setFont(theme.font(12, QFont.Weight.DemiBold))
        self.kept = QLabel(kept)
        note = QLabel(tr("The report names no folders of yours. Please send it along when you tell us of this."))
        note.setProperty("role", "muted")
        for label in (self.heading, self.kept, note):
            label.setWordWrap(True)
        self.report = QPlainTextEdit(text)
        self.report.setReadOnly(True)
        fixed = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)  # the program's own makes 2x4 a product
        fixed.setPointSizeF(9)
        self.report.setFont(fixed)
        self.report.setAccessibleName(tr("Report"))
        self.report.setMinimumSize(560, 180)
        self.copier = QPushButton(tr("&Copy report"))
        self.copier.setAutoDefault(False)
        self.copier.clicked.connect(self._copy)
        go_on = QPushButton(tr("C&arry on"))
        go_on.setDefault(True)
        go_on.clicked.connect(self.accept)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.copier)
        buttons.addStretch(1)
        buttons.addWidget(go_on)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(10)
        for label in (self.heading, self.kept, note):
            layout.addWidget(label)
        layout.addWidget(self.report, 1)
        layout.addLayout(buttons)
        go_on.setFocus()

    def add(self, text: str, kept: str) -> None:
        """Take another error that came while this one was shown."""
        self.kept.setText(kept)
        self.report.appendPlainText("\n" + text)

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.report.toPlainText())
        self.copier.setText(tr("Copied"))
        QTimer.singleShot(1500, self, lambda: self.copier.setText(tr("&Copy report")))
