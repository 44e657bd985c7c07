"""The sheet of all keys and mouse gestures, over the window for as long as one looks at it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt
from PySide6.QtGui import QFont, QKeyEvent, QPalette
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from designer import theme
from designer.panels.overlay import Overlay
from engine.language import tr, tr_choice

_COLUMN, _KEYS, _GAP, _MARGIN = 366, 146, 28, 24
_MODIFIERS = (Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Meta, Qt.Key.Key_AltGr)
_SCROLLS = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


@dataclass(frozen=True)
class Section:
    """A heading and its rows: the keys (alternatives apart from each other), and what they do.

    ``caps`` says whether they are keys to be drawn as such, or words for what the mouse does.
    """

    title: str
    rows: tuple[tuple[tuple[str, ...], str], ...]
    caps: bool = True


class ShortcutSheet(Overlay):
    """Sections in as many columns as the window has room for; any key closes it.

    Parameters
    ----------
    sections
        Asked at every opening.
    """

    def __init__(self, window: QWidget, sections: Callable[[], Sequence[Section]]) -> None:
        super().__init__(window)
        self._ask = sections
        self._parts: list[_Part] = []
        title = QLabel(tr("Keys and mouse"))
        title.setFont(theme.font(15, QFont.Weight.DemiBold))
        hint = QLabel(tr("Any key closes"))
        hint.setProperty("role", "muted")
        self._content = QWidget()
        self._content.setBackgroundRole(QPalette.ColorRole.Base)
        self.sheet = QScrollArea()
        self.sheet.setWidget(self._content)
        self.sheet.setFrameShape(QScrollArea.Shape.NoFrame)
        self.sheet.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.sheet.setAccessibleName(tr("Keys and mouse"))
        self.sheet.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.sheet.installEventFilter(self)
        head = QHBoxLayout()
        head.addWidget(title, 1)
        head.addWidget(hint)
        column = QVBoxLayout(self.card)
        column.setContentsMargins(_MARGIN, 18, _MARGIN, 18)
        column.setSpacing(14)
        column.addLayout(head)
        column.addWidget(self.sheet, 1)

    def first(self) -> QWidget:
        """Return what scrolls, so that the arrows do where not all fits."""
        return self.sheet

    def open(self) -> None:
        """Show the sheet; where it is shown already, close it."""
        if self.isVisible():
            self.dismiss()
            return
        for part in self._parts:
            part.deleteLater()
        sections = self._ask()
        self._parts = [_Part(section, self._content) for section in sections]
        self.sheet.setAccessibleDescription(_spoken(sections))
        super().open()

    def place(self, room: QRect) -> QRect:
        """Return the card's place: as many columns as fit, no higher than their contents."""
        most = (room.width() - 2 * _MARGIN - 12 + _GAP) // (_COLUMN + _GAP)
        columns = self._columns(min(max(most, 1), 3))
        width = min(len(columns) * (_COLUMN + _GAP) - _GAP, room.width() - 2 * _MARGIN - 12)
        height = self._lay_out(columns, width)
        around = self.card.sizeHint().height() - self.sheet.sizeHint().height()
        size = QSize(width + 2 * _MARGIN + 12, height + around).boundedTo(room.size())
        return QRect(room.center() - QRect(0, 0, size.width(), size.height()).center(), size)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Close with any key but those that scroll; no shortcut goes through."""
        if watched is self.sheet and isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress and event.key() not in _MODIFIERS:
                bar = self.sheet.verticalScrollBar()
                if event.key() in _SCROLLS and bar.maximum() > 0:
                    return False
                self.dismiss()
                return True
        return super().eventFilter(watched, event)

    def mousePressEvent(self, event: QEvent) -> None:
        """Close with a click anywhere."""
        self.dismiss()

    def _columns(self, count: int) -> list[list["_Part"]]:
        """Share the sections out so that the highest column is as low as can be, in their order."""
        heights = [part.sizeHint().height() + _GAP for part in self._parts]
        low, high = max(heights, default=0), sum(heights)
        while low < high:
            middle = (low + high) // 2
            low, high = (low, middle) if len(_filled(heights, middle)) <= count else (middle + 1, high)
        columns, start = [], 0
        for size in _filled(heights, low):
            columns.append(self._parts[start : start + size])
            start += size
        return columns

    def _lay_out(self, columns: list[list["_Part"]], width: int) -> int:
        """Put the parts where they belong; return the height of all."""
        each = (width + _GAP) // max(len(columns), 1) - _GAP
        highest = 0
        for number, column in enumerate(columns):
            top = 0
            for part in column:
                height = part.heightForWidth(each) if part.hasHeightForWidth() else part.sizeHint().height()
                part.setGeometry(number * (each + _GAP), top, each, height)
                part.show()
                top += height + _GAP
            highest = max(highest, top - _GAP)
        self._content.setFixedSize(width, max(highest, 0))
        return highest


class _Part(QWidget):
    """One section: what is pressed at the left, what it does at the right."""

    def __init__(self, section: Section, parent: QWidget) -> None:
        super().__init__(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        heading = QLabel(section.title)
        heading.setProperty("role", "heading")
        grid.addWidget(heading, 0, 0, 1, 2)
        for number, (keys, does) in enumerate(section.rows, 1):
            what = QLabel(does)
            what.setWordWrap(True)
            what.setFont(theme.font(9.5))
            pressed = _caps(keys) if section.caps else _words(keys)
            pressed.setFixedWidth(_KEYS if not section.caps else max(_KEYS, pressed.sizeHint().width()))
            grid.addWidget(pressed, number, 0, Qt.AlignmentFlag.AlignTop)
            what.setContentsMargins(0, 2 if section.caps else 0, 0, 0)  # on the line of the caps
            grid.addWidget(what, number, 1, Qt.AlignmentFlag.AlignTop)


def _caps(keys: Sequence[str]) -> QWidget:
    """Return keys drawn as caps side by side, as far as they fit."""
    row = QWidget()
    layout = QHBoxLayout(row)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(4)
    for key in keys:
        cap = QLabel(key)
        cap.setProperty("role", "key")
        cap.setFont(theme.font(8.5, QFont.Weight.Medium))
        layout.addWidget(cap)
    layout.addStretch()
    return row


def _words(words: Sequence[str]) -> QLabel:
    label = QLabel(" ".join(words))
    label.setWordWrap(True)
    label.setFont(theme.font(9.5, QFont.Weight.Medium))
    label.setProperty("role", "muted")
    return label


def _filled(heights: Sequence[int], most: int) -> list[int]:
    """Return how many parts go into each column, one after the other, where no column is higher than ``most``."""
    counts, height = [0], 0
    for one in heights:
        if counts[-1] and height + one > most:
            counts.append(0)
            height = 0
        counts[-1] += 1
        height += one
    return counts


def _spoken(sections: Sequence[Section]) -> str:
    return " ".join(
        f"{section.title}. " + " ".join(f"{tr_choice(keys)}: {does}." for keys, does in section.rows)
        for section in sections
    )
