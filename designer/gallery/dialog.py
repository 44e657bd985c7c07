"""The dialog *New from template*: cards to choose from, a search, and the keyboard for all of it."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from designer import theme
from designer.gallery.card_delegate import CARD, TEMPLATE, CardDelegate, card_text
from designer.gallery.templates import TEMPLATES, Facts, Template, facts
from engine.language import tr

_SIZE = QSize(3 * CARD.width() + 44, 3 * CARD.height() + 48)
_EDGE = 16


class Gallery(QDialog):
    """All templates as cards; ``chosen`` carries the file of the one that was opened.

    It is on the screen at once: networks are read one after the other while the person looks at the first ones.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("New from template"))
        self.setModal(True)
        self.resize(_SIZE)
        self._facts: dict[str, Facts] = {}
        self.search = SearchField()
        self.cards = CardList(self._facts.get)
        self.about = QLabel()
        self.about.setProperty("role", "muted")
        self.about.setAccessibleName(tr("About the template"))
        self.nothing = QLabel()
        self.nothing.setProperty("role", "muted")
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.opener = QPushButton(tr("&Open"))
        self.opener.setDefault(True)
        self._lay_out()
        self._reader = QTimer(self, interval=0)
        self._reader.timeout.connect(self._read_next)
        self._connect()
        self._filter("")

    def showEvent(self, event: QShowEvent) -> None:
        """Begin to read the networks once the cards are on the screen."""
        super().showEvent(event)
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)
        self._reader.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Leave the rest unread."""
        self._reader.stop()
        super().hideEvent(event)

    def current(self) -> Template | None:
        """Return the card that is selected."""
        return template_of(self.cards.currentItem())

    def shown(self) -> list[Template]:
        """Return the templates that the search has left, in their order."""
        items = (self.cards.item(row) for row in range(self.cards.count()))
        return [found for item in items if (found := template_of(item)) is not None]

    def _lay_out(self) -> None:
        cancel = QPushButton(tr("Cancel"))
        cancel.clicked.connect(self.reject)
        cancel.setAutoDefault(False)
        bottom = QHBoxLayout()
        bottom.setSpacing(8)
        bottom.addWidget(self.about, 1)
        bottom.addWidget(cancel)
        bottom.addWidget(self.opener)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(_EDGE, _EDGE, _EDGE, _EDGE)
        layout.setSpacing(10)
        layout.addWidget(self.search)
        layout.addWidget(self.nothing, 1)
        layout.addWidget(self.cards, 1)
        layout.addLayout(bottom)

    def _connect(self) -> None:
        self.search.textChanged.connect(self._filter)
        self.search.down_pressed.connect(self.cards.setFocus)
        self.cards.currentItemChanged.connect(self._show_about)
        self.cards.itemDoubleClicked.connect(self._open)
        self.cards.entered_by_key.connect(self._open)
        self.opener.clicked.connect(self._open)

    def _filter(self, text: str) -> None:
        found = [template for template in TEMPLATES if template.matches(text)]
        self.cards.show_templates(found, self._facts)
        self.nothing.setText(tr("No template matches “{text}”.", text=text.strip()))
        self.nothing.setVisible(not found)
        self.cards.setVisible(bool(found))
        self._show_about()

    def _show_about(self, *_: object) -> None:
        template = self.current()
        self.about.setText(tr(template.about) if template is not None else "")
        self.opener.setEnabled(template is not None)

    def _open(self, *_: object) -> None:
        template = self.current()
        if template is not None:
            self.accept()
            self.chosen.emit(template.file)

    def _read_next(self) -> None:
        """Read one more network: first those whose cards are shown."""
        template = next((one for one in (*self.shown(), *TEMPLATES) if one.file not in self._facts), None)
        if template is None:
            self._reader.stop()
            return
        self._facts[template.file] = facts(template.file)
        self.cards.refresh(template, self._facts[template.file])


class CardList(QListWidget):
    """The cards, in rows as wide as the dialog."""

    entered_by_key = Signal()

    def __init__(self, known: Callable[[str], Facts | None]) -> None:
        super().__init__()
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setUniformItemSizes(True)
        self.setGridSize(CARD)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setItemDelegate(CardDelegate(self, known))
        self.setAccessibleName(tr("Templates"))

    def show_templates(self, templates: list[Template], known: dict[str, Facts]) -> None:
        """Show these cards, the first of them selected."""
        self.clear()
        for template in templates:
            item = QListWidgetItem(template.heading, self)
            item.setData(TEMPLATE, template)
            _describe(item, template, known.get(template.file))
        if templates:
            self.setCurrentRow(0)

    def refresh(self, template: Template, found: Facts) -> None:
        """Paint a card anew, whose numbers are known now."""
        for item in self.findItems(template.heading, Qt.MatchFlag.MatchExactly):
            _describe(item, template, found)
            self.viewport().update(self.visualItemRect(item))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Enter open the current card."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered_by_key.emit()
        else:
            super().keyPressEvent(event)


class SearchField(QLineEdit):
    """Down leads to the cards, Escape clears before it closes."""

    down_pressed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setPlaceholderText(tr("Search by name, author, year or what it does"))
        self.setAccessibleName(tr("Search templates"))
        self.setClearButtonEnabled(True)
        self.addAction(theme.icon("search", theme.current().muted), QLineEdit.ActionPosition.LeadingPosition)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Lead into the cards."""
        if event.key() == Qt.Key.Key_Down:
            self.down_pressed.emit()
        elif event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)


def template_of(item: QListWidgetItem | None) -> Template | None:
    """Return the template of a card."""
    found = item.data(TEMPLATE) if item is not None else None
    return found if isinstance(found, Template) else None


def _describe(item: QListWidgetItem, template: Template, found: Facts | None) -> None:
    item.setData(Qt.ItemDataRole.AccessibleTextRole, card_text(template, found))
    item.setToolTip(tr(template.about))
