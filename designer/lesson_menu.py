"""What the Lessons menu shows of the lessons: ticks for those that are done, the person's own, and their folder."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QAction, QDesktopServices, QIcon
from PySide6.QtWidgets import QFileDialog, QMenu, QMessageBox

from designer import theme
from designer.commands import Commands
from designer.lesson_shelf import Entry, done, own_folder, own_lessons, shipped_lessons
from engine.language import tr

if TYPE_CHECKING:
    from designer.window import MainWindow

_IN_LESSON = ("lessons.next", "lessons.back", "lessons.leave")  # what is possible only while a lesson is open


class LessonMenu(QObject):
    """``chosen`` carries the `Entry` of a lesson of the person's own."""

    chosen = Signal(object)

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._commands: Commands | None = None
        self.entries = shipped_lessons()
        self.own = QMenu(tr("&My lessons"), window)
        self.own.aboutToShow.connect(self._fill_own)

    def attach(self, commands: Commands) -> None:
        """Tick what is done, in the colours of each theme; the menus are there now."""
        self._commands = commands
        self._window.themes.changed.connect(lambda _: self.tick())
        self.tick()
        self.enable(in_lesson=False)

    def tick(self) -> None:
        """Mark the lessons that are done."""
        if self._commands is None:
            return
        finished, tick = done(), theme.icon("ok", theme.current().ok)
        for entry in self.entries:
            self._commands[f"lesson.{entry.key}"].setIcon(tick if entry.key in finished else QIcon())

    def enable(self, *, in_lesson: bool) -> None:
        """Let a lesson's pages be turned while one is open."""
        if self._commands is not None:
            for name in _IN_LESSON:
                self._commands[name].setEnabled(in_lesson)

    def after(self, entry: Entry) -> Entry | None:
        """Return the lesson after one; None after the last, and after one of the person's own."""
        keys = [one.key for one in self.entries]
        place = keys.index(entry.key) + 1 if entry.key in keys else len(keys)
        return self.entries[place] if place < len(keys) else None

    def ask_file(self) -> Path | None:
        """Ask for a lesson's file."""
        folder = own_folder() if own_folder().is_dir() else Path.home()
        kinds = tr("Lessons ({pattern})", pattern="*.json")
        file, _ = QFileDialog.getOpenFileName(self._window, tr("Open lesson"), str(folder), kinds)
        return Path(file) if file else None

    def open_folder(self) -> None:
        """Show the folder of the person's own lessons, and make it first where it is not there."""
        try:
            own_folder().mkdir(parents=True, exist_ok=True)
        except OSError as problem:
            QMessageBox.warning(self._window, tr("The folder can't be made"), str(problem.strerror or problem))
            return
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(own_folder())))

    def _fill_own(self) -> None:
        self.own.clear()
        found = own_lessons()
        for entry in found:
            action = QAction(entry.title.replace("&", "&&"), self.own)
            action.triggered.connect(partial(self.chosen.emit, entry))
            self.own.addAction(action)
        if not found:
            self.own.addAction(tr("None yet: put lesson files into the folder")).setEnabled(False)
