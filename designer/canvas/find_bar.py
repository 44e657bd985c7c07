"""Finding layers on the canvas: a slim bar with an expression; what it finds stays, all else steps back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QToolButton, QVBoxLayout

from designer import theme
from designer.canvas.geometry import CARD_HEIGHT, CARD_WIDTH, card_rect
from designer.speech import say
from engine import QueryError, find
from engine.language import tr, tr_noop

if TYPE_CHECKING:
    from designer.canvas.scene import CanvasScene
    from designer.canvas.view import CanvasView
    from designer.document import Change

_WIDTH, _ROOMY, _EDGE = 400, 300, 12
_LEGIBLE = 0.6  # the least zoom at which a match is only brought into view and not framed
_AROUND = 2.5  # cards' extents that are shown around a match that is framed
_HINT = tr_noop("Try params > 1e6, type = Conv2D, channels > 256, errors")


class FindBar(QFrame):
    """A field for an expression of `engine.find`, how many layers it finds, and the way from one to the next."""

    def __init__(self, view: CanvasView, scene: CanvasScene) -> None:
        super().__init__(view)
        self._view, self._scene = view, scene
        self.matches: tuple[str, ...] = ()
        self._current: str | None = None
        self.setProperty("role", "floating")
        self.field = QLineEdit()
        self.field.setPlaceholderText(tr("Find by name, type or number"))
        self.field.setAccessibleName(tr("Find layers"))
        self.field.setAccessibleDescription(tr(_HINT))
        self.field.setProperty("role", "search")
        self._icon = QAction(self)
        self.field.addAction(self._icon, QLineEdit.ActionPosition.LeadingPosition)
        self.count = QLabel()
        self.count.setProperty("role", "muted")
        self.message = QLabel()
        self.message.setFont(theme.font(9))
        self.message.setWordWrap(True)
        self.message.setContentsMargins(8, 0, 8, 4)
        self._buttons = {
            "up": _button(tr("Previous match (Shift+F3)")),
            "down": _button(tr("Next match (F3)")),
            "close": _button(tr("Close (Esc)")),
        }
        self._lay_out()
        self._connect()
        self._refresh_icons()
        self.hide()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(2)
        row.addWidget(self.field, 1)
        row.addWidget(self.count)
        row.addSpacing(4)
        for button in self._buttons.values():
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 4, 4, 4)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self.message)

    def _connect(self) -> None:
        self.field.textChanged.connect(self.search)
        self.field.installEventFilter(self)
        self._view.installEventFilter(self)
        self._scene.document.changed.connect(self._on_changed)
        for name, called in (("up", self.previous), ("down", self.next), ("close", self.dismiss)):
            self._buttons[name].clicked.connect(called)

    # What can be done

    def open(self) -> None:
        """Show the bar with what was searched last, ready to be overwritten."""
        self.show()
        self.raise_()
        self.search()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def dismiss(self) -> None:
        """Hide the bar and show all layers alike; the match that was shown stays selected."""
        self._view.setFocus(Qt.FocusReason.ShortcutFocusReason)  # first: hidden with the focus, it would pass it on
        self.hide()
        self._scene.show_found(None)

    def next(self) -> None:
        """Show the next match; with the bar hidden, open it."""
        self._step(1)

    def previous(self) -> None:
        """Show the match before."""
        self._step(-1)

    def select_all(self) -> None:
        """Select all matches and frame them."""
        if self.isHidden():
            self.open()
        if self.matches:
            self._scene.document.selection.select(self.matches)
            self._view.frame_selection()
            say(self._view, tr("{count} selected", count=len(self.matches)))

    def search(self) -> None:
        """Find what the expression says, in the network as it stands."""
        text, document, error = self.field.text(), self._scene.document, ""
        try:
            self.matches = find(text, document.graph, document.analysis, document.findings)
        except QueryError as problem:
            self.matches, error = (), str(problem)
        if self._current not in self.matches:
            self._current = None
        blank = not text.strip()
        self._scene.show_found(None if blank or error else self.matches)
        self._show_message(error, tr(_HINT) if blank else "")
        self._show_count(blank=blank or bool(error))

    # How it looks

    def sizeHint(self) -> QSize:
        """Return the size at which the bar leaves room at both sides."""
        width = min(_WIDTH, self._view.width() - 2 * _EDGE)
        layout = self.layout()
        if layout is None:
            return QSize(width, 0)
        height = layout.totalHeightForWidth(width) if layout.hasHeightForWidth() else layout.totalSizeHint().height()
        return QSize(width, height)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._refresh_icons()

    def focusNextPrevChild(self, next: bool) -> bool:
        """Let Tab go round in the bar: on the canvas below it asks for a layer."""
        parts = [part for part in (self.field, *self._buttons.values()) if part.isVisible() and part.isEnabled()]
        if not parts:  # the bar has been hidden
            self._view.setFocus(Qt.FocusReason.OtherFocusReason)
            return True
        focus = self.focusWidget()
        place = parts.index(focus) if focus in parts else -1
        parts[(place + (1 if next else -1)) % len(parts)].setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay at the view's corner; run the field's keys."""
        if watched is self._view and event.type() == QEvent.Type.Resize:
            self._place()
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._press(event)
        return super().eventFilter(watched, event)

    def _press(self, event: QKeyEvent) -> bool:
        key, modifiers = event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if key == Qt.Key.Key_Escape:
            self.dismiss()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and modifiers == Qt.KeyboardModifier.AltModifier:
            self.select_all()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._step(-1 if modifiers & Qt.KeyboardModifier.ShiftModifier else 1)
        else:
            return False
        return True

    def _step(self, way: int) -> None:
        if self.isHidden():
            self.open()
        if not self.matches:
            say(self._view, self.message.text() or self.count.text())
            return
        if self._current is None:
            place = self._best() if way > 0 else len(self.matches) - 1
        else:
            place = (self.matches.index(self._current) + way) % len(self.matches)
        self._current = self.matches[place]
        self._scene.document.selection.select((self._current,))
        self._frame(self._current)
        self._show_count(blank=False)
        say(self._view, f"{self._scene.document.graph.by_id[self._current].label}, {self.count.text()}")

    def _best(self) -> int:
        """Return which match to begin with: the layer of exactly that name (``conv2`` is in ``Conv2D``, too)."""
        text, by_id = self.field.text().strip().casefold(), self._scene.document.graph.by_id
        labels = [by_id[node].label.casefold() for node in self.matches]
        return labels.index(text) if text in labels else 0

    def _frame(self, node: str) -> None:
        """Bring a match into view, out from under the bar, at a size at which it can be read."""
        self._view.groups.expand_around(node)
        card = card_rect(self._scene.places[node])
        if self._view.zoom < _LEGIBLE:
            self._view.frame(
                card.adjusted(-_AROUND * CARD_WIDTH / 2, -_AROUND * CARD_HEIGHT, _AROUND * CARD_WIDTH / 2, 0)
            )
            return
        self._view.reveal(card)
        below = self._view.mapFromScene(card.topLeft()).y() - self.geometry().bottom() - _EDGE
        if below < 0 and self.geometry().intersects(self._view.mapFromScene(card).boundingRect()):
            self._view.reveal(QRectF(card).adjusted(0, below / self._view.zoom - CARD_HEIGHT, 0, 0))

    def _on_changed(self, change: Change) -> None:
        if self.isVisible():
            self.search()

    def _show_message(self, error: str, hint: str) -> None:
        self.message.setText(error or hint)
        self.message.setVisible(bool(error or hint))
        self.message.setStyleSheet(f"color: {theme.current().error if error else theme.current().muted}")
        self._place()

    def _show_count(self, *, blank: bool) -> None:
        total = len(self.matches)
        if blank:
            text = ""
        elif self._current is not None:
            text = tr("{number:,} of {count:,}", number=self.matches.index(self._current) + 1, count=total)
        else:
            text = tr("{count:,} found", count=total) if total else tr("None found")
        self.count.setText(text)
        for name in ("up", "down"):
            self._buttons[name].setEnabled(total > 0)

    def _place(self) -> None:
        size = self.sizeHint()
        for name in ("up", "down"):  # which Enter and F3 do, too
            self._buttons[name].setVisible(size.width() >= _ROOMY)
        self.setGeometry(self._view.width() - size.width() - _EDGE, _EDGE, size.width(), size.height())

    def _refresh_icons(self) -> None:
        self._icon.setIcon(theme.icon("search", theme.current().muted))
        for name, button in self._buttons.items():
            button.setIcon(theme.icon(name))
        self.search()


def _button(words: str) -> QToolButton:
    button = QToolButton()
    button.setToolTip(words)
    button.setAccessibleName(words)
    button.setProperty("compact", True)
    button.setAutoRaise(True)
    return button
