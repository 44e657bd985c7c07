"""The list of lessons: under their headings, with a tick for those that are done."""

from collections.abc import Collection, Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QFont, QIcon, QPixmap
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from designer import theme
from designer.lesson_shelf import Entry, by_part
from engine.language import tr

_ICON = 18
_ENTRY = Qt.ItemDataRole.UserRole


class Contents(QWidget):
    """All lessons; ``chosen`` carries the `Entry` of one that was clicked, or that Enter was pressed on."""

    chosen = Signal(object)
    file_asked = Signal()
    folder_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.list = QListWidget()
        self.list.setIconSize(QSize(_ICON, _ICON))
        self.list.setWordWrap(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAccessibleName(tr("Lessons"))
        self._entries: Sequence[Entry] = ()
        self._done: Collection[str] = ()
        self.progress = QLabel()
        self.progress.setFont(theme.font(9))
        self.progress.setProperty("role", "muted")
        self.progress.setContentsMargins(14, 9, 14, 2)
        self.file, self.folder = QPushButton(tr("Open lesson file…")), QPushButton(tr("My lessons folder"))
        footer = QFrame()
        footer.setProperty("role", "footer")
        row = QHBoxLayout(footer)
        row.setContentsMargins(8, 8, 8, 8)
        for button in (self.file, self.folder):
            button.setProperty("role", "link")
            row.addWidget(button)
        row.addStretch()
        self.setAutoFillBackground(True)
        self.setBackgroundRole(self.palette().ColorRole.Base)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.progress)
        layout.addWidget(self.list, 1)
        layout.addWidget(footer)
        self.setFocusProxy(self.list)
        self.list.itemClicked.connect(self._choose)
        self.list.itemActivated.connect(self._choose)
        self.file.clicked.connect(self.file_asked)
        self.folder.clicked.connect(self.folder_asked)

    def show_entries(self, entries: Sequence[Entry], done: Collection[str], current: str = "") -> None:
        """Show lessons; ``current`` is the key of the one to stand on."""
        self._entries, self._done = tuple(entries), frozenset(done)
        self.list.clear()
        for part, group in by_part(list(self._entries)):
            self.list.addItem(_heading(part or tr("My lessons")))
            for entry in group:
                self.list.addItem(self._row(entry))
                if entry.key == current:
                    self.list.setCurrentRow(self.list.count() - 1)
        count = sum(entry.key in self._done for entry in self._entries)
        self.progress.setText(tr("{count} of {all} done", count=count, all=len(self._entries)))
        if self.list.currentRow() < 0 and self.list.count() > 1:
            self.list.setCurrentRow(1)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._entries:
            current = self.list.currentItem()
            entry = current.data(_ENTRY) if current is not None else None
            self.show_entries(self._entries, self._done, entry.key if isinstance(entry, Entry) else "")

    def _row(self, entry: Entry) -> QListWidgetItem:
        is_done = entry.key in self._done
        item = QListWidgetItem(_icon(is_done), entry.numbered)
        item.setData(_ENTRY, entry)
        item.setToolTip(entry.summary)
        state = tr("done") if is_done else tr("not done yet")
        item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{entry.numbered}, {state}")
        return item

    def _choose(self, item: QListWidgetItem) -> None:
        entry = item.data(_ENTRY)
        if isinstance(entry, Entry):
            self.chosen.emit(entry)


def _heading(text: str) -> QListWidgetItem:
    item = QListWidgetItem(text)
    item.setFlags(Qt.ItemFlag.NoItemFlags)
    item.setFont(theme.font(9, QFont.Weight.DemiBold))
    item.setForeground(QBrush(QColor(theme.current().muted)))
    item.setSizeHint(QSize(0, 34))
    item.setTextAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom)
    return item


def _icon(is_done: bool) -> QIcon:
    if is_done:
        return theme.icon("ok", theme.current().ok)
    empty = QPixmap(_ICON, _ICON)
    empty.fill(Qt.GlobalColor.transparent)
    return QIcon(empty)
