"""The command palette: everything that can be done or gone to, found by a few letters."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QAbstractListModel, QEvent, QObject, QPoint, QRect, QSettings, QSize, Qt
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QListView, QVBoxLayout, QWidget

from designer import theme
from designer.panels.offer import Offer, ranked
from designer.panels.offer_delegate import OFFER, Index, OfferDelegate
from designer.panels.overlay import Overlay
from designer.speech import say
from engine.language import tr

_WIDTH, _ROWS, _TOP = 620, 11, 64
_REMEMBERED = 12
_SETTING = "command palette/recent"
_MOVES = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


class CommandPalette(Overlay):
    """A search field over the list of what fits.

    Parameters
    ----------
    offers
        Asked at every opening for what can be done just then.
    """

    def __init__(self, window: QWidget, offers: Callable[[], Sequence[Offer]]) -> None:
        super().__init__(window)
        self._ask = offers
        self._offers: Sequence[Offer] = ()
        self.field = QLineEdit()
        self.field.setPlaceholderText(tr("What would you like to do?"))
        self.field.setAccessibleName(tr("Search commands, layers, examples and nodes"))
        self.field.setProperty("role", "search")
        self._icon = QAction(self)
        self.field.addAction(self._icon, QLineEdit.ActionPosition.LeadingPosition)
        self.rows = _Rows()
        self.list = QListView()
        self.list.setModel(self.rows)
        self.list.setItemDelegate(OfferDelegate(self.list))
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the field keeps the focus and moves the row
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAccessibleName(tr("What fits"))
        self.nothing = QLabel()
        self.nothing.setProperty("role", "muted")
        self.nothing.setContentsMargins(16, 10, 16, 14)
        column = QVBoxLayout(self.card)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(6)
        column.addWidget(self.field)
        column.addWidget(self.list, 1)
        column.addWidget(self.nothing)
        self.field.textChanged.connect(self._search)
        self.field.installEventFilter(self)
        self.list.clicked.connect(self._run)
        self._refresh_icon()

    def first(self) -> QWidget:
        """Return the search field."""
        return self.field

    def place(self, room: QRect) -> QRect:
        """Return the place of the card: near the top, as high as its rows."""
        size = QSize(_WIDTH, self.card.sizeHint().height()).boundedTo(room.size())
        rows = self.rows.rowCount()
        height = self.list.sizeHintForRow(0) * min(rows, _ROWS) + 4 if rows else 0
        around = self.field.sizeHint().height() + 24
        wanted = around + (height or self.nothing.sizeHint().height())
        top = min(_TOP, max(room.height() - wanted, 0)) + room.top()
        corner = QPoint(room.center().x() - size.width() // 2, top)
        return QRect(corner, QSize(size.width(), min(wanted, room.bottom() - top)))

    def open(self) -> None:
        """Open with what can be done now; where it is open already, close."""
        if self.isVisible():
            self.dismiss()
            return
        self._offers = self._ask()
        self.field.clear()
        self._search("")
        super().open()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._refresh_icon()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Move the row and run it, from the field."""
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._run(self.list.currentIndex())
                return True
            if event.key() in _MOVES:
                self._move(Qt.Key(event.key()))
                return True
        return super().eventFilter(watched, event)

    def _search(self, text: str) -> None:
        self.rows.show(ranked(self._offers, text, _recent()))
        some = self.rows.rowCount() > 0
        self.list.setVisible(some)
        self.nothing.setVisible(not some)
        self.nothing.setText(tr("Nothing fits “{text}”", text=text.strip()))
        if some:
            self.list.setCurrentIndex(self.rows.index(0))
            self.list.scrollToTop()
        if self.isVisible():
            self._arrange()
            self._speak()

    def _move(self, key: Qt.Key) -> None:
        count, page = self.rows.rowCount(), _ROWS - 1
        if not count:
            return
        way = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -page, Qt.Key.Key_PageDown: page}[key]
        row = self.list.currentIndex().row() + way
        row = row % count if abs(way) == 1 else min(max(row, 0), count - 1)
        self.list.setCurrentIndex(self.rows.index(row))
        self._speak()

    def _speak(self) -> None:
        offer = self.list.currentIndex().data(OFFER)
        say(self.field, offer.spoken() if isinstance(offer, Offer) else self.nothing.text())

    def _run(self, index: Index) -> None:
        """Run a row, back where the focus was; what can't be done now says why and leaves the palette open."""
        offer = index.data(OFFER)
        if not isinstance(offer, Offer):
            return
        if offer.refused:
            say(self.field, offer.refused, urgent=True)
            return
        _remember(offer.key)
        self.dismiss()
        offer.run()

    def _refresh_icon(self) -> None:
        self._icon.setIcon(theme.icon("search", theme.current().muted))


class _Rows(QAbstractListModel):
    """The offers that are shown."""

    def __init__(self) -> None:
        super().__init__()
        self._offers: Sequence[Offer] = ()

    def show(self, offers: Sequence[Offer]) -> None:
        self.beginResetModel()
        self._offers = offers
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return len(self._offers) if parent is None or not parent.isValid() else 0

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        offer = self._offers[index.row()]
        if role == OFFER:
            return offer
        if role == Qt.ItemDataRole.DisplayRole:
            return offer.text
        return offer.spoken() if role == Qt.ItemDataRole.AccessibleTextRole else None


def _recent() -> list[str]:
    kept = QSettings().value(_SETTING, [])
    return [str(key) for key in kept] if isinstance(kept, list) else [str(kept)] if kept else []


def _remember(key: str) -> None:
    QSettings().setValue(_SETTING, [key, *(old for old in _recent() if old != key)][:_REMEMBERED])
