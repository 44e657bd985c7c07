"""The lessons at hand: those that ship and the person's own, and which of them are done."""

from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSettings, QStandardPaths

from designer import resources
from engine.lessons import is_lesson, read_head

MOST_OWN = 100  # of the person's own that a list shows
_DONE = "lessons/done"
_LONGEST = 200  # letters of a title: what a reader of the whole lesson would refuse is in the list still


@dataclass(frozen=True)
class Entry:
    """One lesson as a list shows it.

    Attributes
    ----------
    key
        What the settings remember it by.
    """

    key: str
    path: Path
    title: str
    part: str
    row: int | None
    summary: str

    @property
    def numbered(self) -> str:
        """The title with the lesson's number before it, where it has one."""
        return self.title if self.row is None else f"{self.row} · {self.title}"


def shipped_lessons() -> list[Entry]:
    """Return the lessons that ship, in their order."""
    return [_entry(file, file.stem) for file in sorted(resources.path("lessons").glob("*.json"))]


def own_lessons() -> list[Entry]:
    """Return the lessons in the person's own folder, by their files' names; files that are none are passed over."""
    found = sorted(own_folder().glob("*.json"))[: 2 * MOST_OWN]
    return [entry_of(file) for file in found if is_lesson(file)][:MOST_OWN]


def own_folder() -> Path:
    """Return the folder for the person's own lessons, among their data."""
    place = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppDataLocation)
    return Path(place) / "lessons"


def entry_of(path: Path) -> Entry:
    """Return how a list shows the lesson in a file; one that ships is known as such.

    Raises
    ------
    LessonError
        Where the file can't be read.
    """
    file = path.resolve()
    return _entry(file, file.stem if file.parent == resources.path("lessons").resolve() else str(file))


def by_part(entries: list[Entry]) -> list[tuple[str, list[Entry]]]:
    """Return the lessons under their headings, both in their order."""
    return [(part, list(group)) for part, group in groupby(entries, key=lambda entry: entry.part)]


def done() -> set[str]:
    """Return the keys of the lessons whose exercises were all solved."""
    stored: Any = QSettings().value(_DONE, [])
    return {stored} if isinstance(stored, str) and stored else set(stored or [])  # Qt stores a list of one as a text


def mark_done(key: str) -> None:
    """Remember a lesson as done."""
    QSettings().setValue(_DONE, sorted(done() | {key}))


def _entry(file: Path, key: str) -> Entry:
    head = read_head(file)
    title, part, summary = (text[:_LONGEST] for text in (head.title or file.stem, head.part or "", head.summary))
    return Entry(key, file, title, part, head.row, summary)
