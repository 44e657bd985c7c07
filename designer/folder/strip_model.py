"""The images of a folder as rows: all of them, or those that a filter leaves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QImage

from designer.folder.thumbnails import Thumbnails
from engine import ImageFolder
from engine.folders import Picture
from engine.language import tr

_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class Mark:
    """What the network answered to an image: its words, and whether they are right."""

    text: str
    right: bool


class StripModel(QAbstractListModel):
    """Rows of images. Pictures come as they are looked at; marks come from an evaluation."""

    def __init__(self, thumbnails: Thumbnails) -> None:
        super().__init__()
        self.thumbnails = thumbnails
        self.folder: ImageFolder | None = None
        self._shown: Sequence[Picture] = ()
        self._rows: dict[Path, int] = {}
        self._marks: Mapping[Path, Mark] = {}
        thumbnails.ready.connect(self._on_ready)

    def show_pictures(self, folder: ImageFolder | None, shown: Sequence[Picture]) -> None:
        """Show some images of a folder."""
        self.beginResetModel()
        self.folder, self._shown = folder, shown
        self._rows = {picture.path: row for row, picture in enumerate(shown)}
        self.endResetModel()

    def set_marks(self, marks: Mapping[Path, Mark]) -> None:
        """Mark images with what the network answered."""
        self._marks = marks
        if self._shown:
            self.dataChanged.emit(self.index(0), self.index(len(self._shown) - 1))

    def path(self, row: int) -> Path | None:
        """Return the file of a row."""
        return self._shown[row].path if 0 <= row < len(self._shown) else None

    def row(self, path: Path | None) -> int:
        """Return the row of a file; -1 where it is not shown."""
        return -1 if path is None else self._rows.get(path, -1)

    def class_name(self, row: int) -> str:
        """Return the name of the sub-folder that an image lies in; empty where it lies in none."""
        number = self._shown[row].folder
        return "" if number is None or self.folder is None else self.folder.classes[number]

    def mark(self, row: int) -> Mark | None:
        """Return what the network answered to an image."""
        return self._marks.get(self._shown[row].path)

    def picture(self, row: int) -> QImage | None:
        """Return the small picture of a row; asking for it has it made."""
        return self.thumbnails.picture(self._shown[row].path)

    def problem(self, row: int) -> str:
        """Return why an image has no picture."""
        return self.thumbnails.problem(self._shown[row].path)

    def rowCount(self, parent: _Index | None = None) -> int:
        """Return the number of images."""
        return 0 if parent is not None and parent.isValid() else len(self._shown)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return an image's name, and all that is known of it as a tip and in words."""
        row = index.row()
        if not 0 <= row < len(self._shown):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._shown[row].path.name
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return "\n".join(self._told(row))
        return None

    def _told(self, row: int) -> list[str]:
        lines, mark = [self._shown[row].path.name], self.mark(row)
        if name := self.class_name(row):
            lines.append(tr("Class: {name}", name=name))
        if mark is not None:
            lines.append(tr("Answer: {answer}", answer=mark.text))
        if problem := self.problem(row):
            lines.append(problem)
        return lines

    def _on_ready(self, path: Path) -> None:
        row = self.row(path)
        if row >= 0:
            self.dataChanged.emit(self.index(row), self.index(row))
