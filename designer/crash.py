"""Errors that nobody foresaw: the window lives on, the work is kept, and the person gets a report to send."""

import logging
import sys
import threading
import traceback
from collections.abc import Callable
from types import TracebackType

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from designer import theme
from designer.crash_report import place_of, report
from designer.speech import say
from engine.language import tr

_LOG = logging.getLogger("designer")
_SHOWN = 20  # reports of one kind and place are shown once; of all kinds, this many


class CrashHandler(QObject):
    """Takes what no code has caught, on any thread, as long as it is installed.

    Parameters
    ----------
    keep
        Keeps the unsaved work and says in a sentence what became of it; called on the window's thread.
    window
        The window to show the report over.
    """

    _caught = Signal(str, str)  # the place, the report

    def __init__(self, keep: Callable[[], str], window: QWidget) -> None:
        super().__init__(window)
        self._keep, self._window = keep, window
        self._seen: set[str] = set()
        self._logged = _Logged(self._take)
        self.dialog: CrashDialog | None = None
        # Queued: an error in the middle of a paint must not open a window from there.
        self._caught.connect(self._show, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Begin to take errors."""
        self._before = sys.excepthook, threading.excepthook
        sys.excepthook, threading.excepthook = self._on_error, self._on_thread_error
        _LOG.addHandler(self._logged)

    def uninstall(self) -> None:
        """Give the errors back to who had them before."""
        sys.excepthook, threading.excepthook = self._before
        _LOG.removeHandler(self._logged)

    def _on_error(self, kind: type[BaseException], error: BaseException, where: TracebackType | None) -> None:
        self._before[0](kind, error, where)  # the terminal has it as ever
        if issubclass(kind, Exception):  # an interrupt from the keyboard is a wish
            self._take(error)
        # A painter that lives on in a frame would keep what it painted on from being painted ever again.
        traceback.clear_frames(where)

    def _on_thread_error(self, args: threading.ExceptHookArgs) -> None:
        self._before[1](args)
        if issubclass(args.exc_type, Exception) and args.exc_value is not None:
            self._take(args.exc_value)

    def _take(self, error: BaseException) -> None:
        try:
            place, text = place_of(error), report(error)
        except (MemoryError, RecursionError):  # there is no room to say more
            place = text = type(error).__name__
        self._caught.emit(place, text)

    @Slot(str, str)
    def _show(self, place: str, text: str) -> None:
        if place in self._seen or len(self._seen) >= _SHOWN:
            return  # a timer or a paint would say it again and again
        self._seen.add(place)
        kept = self._kept()
        if self.dialog is not None and self.dialog.isVisible():
            self.dialog.add(text, kept)
            return
        self.dialog = CrashDialog(text, kept, self._window)
        self.dialog.open()
        say(self._window, f"{self.dialog.heading.text()} {kept}", urgent=True)

    def _kept(self) -> str:
        try:
            return self._keep()
        except Exception as problem:  # noqa: BLE001 - the person must hear of the first error in any case
            self._take(problem)
            return tr("Your work is still in the window, but could not be kept for a restart. Save it now.")


class _Logged(logging.Handler):
    """Takes the errors that threads have caught and written down, so that they can go on."""

    def __init__(self, take: Callable[[BaseException], None]) -> None:
        super().__init__(logging.ERROR)
        self._take = take

    def emit(self, record: logging.LogRecord) -> None:
        """Take an error, and leave it to the terminal as well."""
        if not logging.getLogger().handlers and logging.lastResort is not None:
            logging.lastResort.handle(record)
        if record.exc_info and isinstance(record.exc_info[1], Exception):
            self._take(record.exc_info[1])


class CrashDialog(QDialog):
    """One sentence on what happened, one on what became of the work, and the report."""

    def __init__(self, text: str, kept: str, parent: QWidget | None, heading: str = "") -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Something went wrong"))
        self.heading = QLabel(heading or tr("Convolab met an error that it did not expect, and carries on."))
        self.heading.setFont(theme.font(12, QFont.Weight.DemiBold))
        self.kept = QLabel(kept)
        note = QLabel(
            tr("The report names no files or folders of yours. Please send it along when you tell us of this.")
        )
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
