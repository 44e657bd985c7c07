"""The offer at the start: what was not saved when the program ended, each as a card to restore or to discard."""

import time
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from designer import theme
from designer.gallery.templates import Facts
from designer.gallery.thumbnail import paint_network
from designer.recovery.found import Found
from engine import analyse
from engine.language import tr, tr_count

_PICTURE = QSize(132, 76)
_EDGE = 20
_WIDTH, _TALLEST = 690, 430
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400


class RecoveryDialog(QDialog):
    """Cards of unsaved work, newest first; ``chosen`` carries the one to restore.

    What is discarded is gone only once the dialog closes: until then the card can take it back.
    """

    chosen = Signal(object)  # Found

    def __init__(self, found: Sequence[Found], broken: Sequence[Path], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Unsaved work"))
        self.taken: Found | None = None
        self.cards = [_Card(one) for one in found]
        self.heading = QLabel(_heading(len(found)))
        self.heading.setFont(theme.font(13, QFont.Weight.DemiBold))
        self.about = QLabel(_about(len(found)))
        self.broken = QLabel(_broken(broken))
        self.broken.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.broken.setVisible(bool(broken))
        for label in (self.about, self.broken):
            label.setProperty("role", "muted")
            label.setWordWrap(True)
        self.later = QPushButton(tr("Decide &later") if found else tr("&Close"))
        self.later.setAutoDefault(False)
        self.later.clicked.connect(self.reject)
        for card in self.cards:
            card.restore.clicked.connect(lambda _=False, one=card.found: self._restore(one))
        self._lay_out()
        if self.cards:
            self.cards[0].restore.setDefault(True)
            self.cards[0].restore.setFocus()

    def discarded(self) -> list[Found]:
        """Return what the person does not want back."""
        return [card.found for card in self.cards if card.is_discarded]

    def _restore(self, found: Found) -> None:
        self.taken = found
        self.accept()
        self.chosen.emit(found)

    def _lay_out(self) -> None:
        column = QWidget()
        rows = QVBoxLayout(column)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(10)
        for card in self.cards:
            rows.addWidget(card)
        rows.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setProperty("role", "clear")
        column.setProperty("role", "clear")
        area.setWidget(column)
        area.setFixedHeight(min(_TALLEST, column.sizeHint().height()))
        area.setVisible(bool(self.cards))
        bottom = QHBoxLayout()
        bottom.addStretch(1)
        bottom.addWidget(self.later)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(_EDGE, _EDGE - 2, _EDGE, _EDGE - 4)
        layout.setSpacing(8)
        layout.addWidget(self.heading)
        layout.addWidget(self.about)
        layout.addSpacing(4)
        layout.addWidget(area)
        layout.addWidget(self.broken)
        layout.addSpacing(2)
        layout.addLayout(bottom)
        self.setFixedWidth(_WIDTH)


class _Card(QFrame):
    """One piece of work: its picture, its name, its file, when it was kept, and how large it is."""

    def __init__(self, found: Found) -> None:
        super().__init__()
        self.found = found
        self.is_discarded = False
        self.setProperty("role", "card")
        self.picture = _Picture(found)
        self.name = _Elided(found.network.name or tr("Untitled"))
        self.name.setFont(theme.font(11, QFont.Weight.DemiBold))
        self.origin = _Elided(_origin(found.path))
        self.origin.setToolTip(str(found.path) if found.path else "")
        self.facts = _Elided(_facts(found))
        self.newer = _Elided(tr("Its file is newer than this"))
        for label in (self.origin, self.facts, self.newer):
            label.setProperty("role", "muted")
            label.setFont(theme.font(9))
        self.restore = QPushButton(tr("Restore"))
        self.restore.setProperty("primary", True)
        self.discard = QPushButton(tr("Discard"))
        self.discard.clicked.connect(self._switch)
        for button in (self.restore, self.discard):
            button.setAutoDefault(False)
            button.setMinimumWidth(88)
            button.setAccessibleDescription(f"{found.network.name}, {self.facts.text()}")
        words = QVBoxLayout()
        words.setSpacing(3)
        words.addStretch(1)
        for label in (self.name, self.origin, self.facts, self.newer):
            words.addWidget(label)
        words.addStretch(1)
        buttons = QVBoxLayout()
        buttons.setSpacing(6)
        buttons.addStretch(1)
        buttons.addWidget(self.restore)
        buttons.addWidget(self.discard)
        buttons.addStretch(1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 10)
        layout.setSpacing(14)
        layout.addWidget(self.picture)
        layout.addLayout(words, 1)
        layout.addLayout(buttons)
        self.newer.setVisible(found.is_outdated)

    def _switch(self) -> None:
        """Discard it, or take that back."""
        self.is_discarded = not self.is_discarded
        self.restore.setEnabled(not self.is_discarded)
        self.discard.setText(tr("Keep it") if self.is_discarded else tr("Discard"))
        self.facts.setText(tr("Will be deleted when this closes") if self.is_discarded else _facts(self.found))
        self.name.setEnabled(not self.is_discarded)
        self.picture.setEnabled(not self.is_discarded)


class _Picture(QWidget):
    """The network from afar, as the templates show it."""

    def __init__(self, found: Found) -> None:
        super().__init__()
        self.setFixedSize(_PICTURE)
        graph = found.network.graph
        self._facts = Facts(found.network, analyse(graph)) if graph.nodes else None

    def changeEvent(self, event: QEvent) -> None:
        """Fade with the card."""
        super().changeEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the network."""
        if self._facts is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(1.0 if self.isEnabled() else 0.35)
        paint_network(painter, self._facts, QRectF(self.rect()).adjusted(2, 5, -2, -5))
        painter.end()


class _Elided(QLabel):
    """A line that gives way to the buttons: what does not fit is left out in its middle."""

    def minimumSizeHint(self) -> QSize:
        """Ask for no width."""
        return QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw as much as there is room for."""
        painter = QPainter(self)
        group = QPalette.ColorGroup.Active if self.isEnabled() else QPalette.ColorGroup.Disabled
        painter.setPen(self.palette().color(group, self.foregroundRole()))
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideMiddle, self.width())
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), shown)
        painter.end()


def ago(then: float, now: float) -> str:
    """Return how long ago something was: ``just now``, ``12 minutes ago``, ``3 days ago``."""
    passed = max(0, int(now - then))
    if passed < _MINUTE:
        return tr("just now")
    if passed >= _DAY:
        return tr_count("{count} day ago", "{count} days ago", passed // _DAY)
    if passed >= _HOUR:
        return tr_count("{count} hour ago", "{count} hours ago", passed // _HOUR)
    return tr_count("{count} minute ago", "{count} minutes ago", passed // _MINUTE)


def _heading(count: int) -> str:
    if not count:
        return tr("Unsaved work could not be read")
    return tr_count("Unsaved work was kept", "{count} pieces of unsaved work were kept", count)


def _about(count: int) -> str:
    if not count:
        return tr("Convolab ended before it was saved, and what was kept of it is damaged.")
    if count == 1:
        return tr("Convolab ended before it was saved. Restored work is as it was, and still has to be saved.")
    return tr("Convolab ended before they were saved. Restored work is as it was, and still has to be saved.")


def _origin(path: Path | None) -> str:
    if path is None:
        return tr("Never saved to a file")
    try:
        shown = Path("~") / path.parent.relative_to(Path.home())
    except ValueError:
        shown = path.parent
    return tr("{file} in {folder}", file=path.name, folder=shown)


def _facts(found: Found) -> str:
    clock = time.strftime(tr("%d %b %Y, %H:%M"), time.localtime(found.state.saved)).lstrip("0")
    layers = tr_count("{count:,} layer", "{count:,} layers", len(found.network.graph.nodes))
    return f"{layers} · {ago(found.state.saved, time.time())} ({clock})"


def _broken(broken: Sequence[Path]) -> str:
    if not broken:
        return ""
    return tr_count(
        "One recovery file can't be read; nothing was deleted, it is kept in {folder}.",
        "{count} recovery files can't be read; nothing was deleted, it is kept in {folder}.",
        len(broken),
        folder=broken[0].parent,
    )
