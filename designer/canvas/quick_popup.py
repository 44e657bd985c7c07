"""The popup in which a layer is chosen: a search field, the layers that are offered, and what the current one does."""

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QColor, QFont, QFontMetricsF, QGuiApplication, QHideEvent, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from designer import theme
from designer.canvas.card_painter import family_icon
from designer.canvas.offers import Offer, ranked
from engine.language import tr

_WIDTH, _ROWS, _ROW = 420, 9, 28
_OFFER = int(Qt.ItemDataRole.UserRole)
_ICON, _SIDE, _GAP = 16, 6, 8
_DIMMED = 0.5
_BELOW = QPoint(-28, 10)  # from the place that is asked for to the popup's corner
_WALKS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: _ROWS - 1, Qt.Key.Key_PageUp: 1 - _ROWS}

_Index = QModelIndex | QPersistentModelIndex


class QuickPopup(QFrame):
    """Offers layers; typing narrows them down, Enter or a click takes one, Escape none.

    Signals
    -------
    chosen
        The `Offer` that was taken.
    current_changed
        The `Offer` that would be taken, or None.
    closed
        Whether or not one was taken.
    """

    chosen = Signal(object)
    current_changed = Signal(object)
    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._offers: list[Offer] = []
        self._title, self._field, self._list = QLabel(), _Field(), QListWidget()
        self._kind, self._summary, self._news = QLabel(), QLabel(), QLabel()
        self._icon = QAction(self)
        self._field.addAction(self._icon, QLineEdit.ActionPosition.LeadingPosition)
        self._lay_out()
        self._field.textChanged.connect(self._show_ranked)
        self._field.returnPressed.connect(self._take_current)
        self._field.walked.connect(self._walk)
        self._list.currentItemChanged.connect(self._show_current)
        self._list.itemEntered.connect(self._list.setCurrentItem)
        self._list.itemClicked.connect(lambda _: self._take_current())

    @property
    def field(self) -> QLineEdit:
        """Where one types."""
        return self._field

    @property
    def rows(self) -> QListWidget:
        """The layers that are offered."""
        return self._list

    @property
    def shown(self) -> list[Offer]:
        """The offers as they are listed."""
        return [self._list.item(row).data(_OFFER) for row in range(self._list.count())]

    @property
    def current(self) -> Offer | None:
        """The offer that Enter takes."""
        offer = self._list.currentItem().data(_OFFER) if self._list.currentItem() is not None else None
        return offer if isinstance(offer, Offer) else None

    @property
    def told(self) -> str:
        """What is said of the current offer below the list."""
        return "\n".join(label.text() for label in (self._kind, self._summary, self._news) if label.text())

    def ask(self, title: str, offers: list[Offer], at: QPoint) -> None:
        """Open next to a point of the screen."""
        self._offers = offers
        self._title.setText(title)
        self._icon.setIcon(theme.icon("search", theme.current().muted))
        self._field.clear()
        self._show_ranked("")
        self.adjustSize()
        screen = QGuiApplication.screenAt(at) or self.screen()
        area = screen.availableGeometry().adjusted(4, 4, -4, -4)
        corner = at + _BELOW
        if corner.y() + self.height() > area.bottom() and at.y() - self.height() - _BELOW.y() >= area.top():
            corner.setY(at.y() - self.height() - _BELOW.y())
        corner.setX(max(area.left(), min(corner.x(), area.right() - self.width())))
        corner.setY(max(area.top(), min(corner.y(), area.bottom() - self.height())))
        self.move(corner)
        self.show()
        self._field.setFocus(Qt.FocusReason.PopupFocusReason)

    def tell(self, news: str) -> None:
        """Say what the current offer would do to the rest of the network."""
        self._news.setText(news)

    def hideEvent(self, event: QHideEvent) -> None:
        """Tell that nothing is asked any more."""
        super().hideEvent(event)
        self.closed.emit()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._news.setStyleSheet(f"color: {theme.current().error};")

    def _lay_out(self) -> None:
        self.setObjectName("quickAdd")
        self.setFixedWidth(_WIDTH)
        self.setAccessibleName(tr("Choose a layer"))
        self._list.setItemDelegate(_Delegate(self._list))
        self._list.setFixedHeight(_ROWS * _ROW + 4)
        self._list.setMouseTracking(True)
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self._list.setAccessibleName(tr("Layers"))
        self._kind.setFont(theme.font(weight=QFont.Weight.DemiBold))
        for label in (self._title, self._summary):
            label.setProperty("role", "muted")
        for label in (self._summary, self._news):
            label.setWordWrap(True)
            label.setAlignment(Qt.AlignmentFlag.AlignTop)
            label.setFixedHeight(2 * label.fontMetrics().lineSpacing() + 2)
        self._news.setStyleSheet(f"color: {theme.current().error};")
        self._news.setTextFormat(Qt.TextFormat.PlainText)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        for widgets, margins in (
            ((self._title, self._field), (10, 8, 10, 6)),
            ((self._list,), (0, 0, 0, 0)),
        ):
            part = QVBoxLayout()
            part.setContentsMargins(*margins)
            part.setSpacing(6)
            for widget in widgets:
                part.addWidget(widget)
            column.addLayout(part)
        footer = QFrame()
        footer.setProperty("role", "footer")
        part = QVBoxLayout(footer)
        part.setContentsMargins(12, 8, 12, 8)
        part.setSpacing(2)
        for label in (self._kind, self._summary, self._news):
            part.addWidget(label)
        column.addWidget(footer)

    def _show_ranked(self, typed: str) -> None:
        self._list.clear()
        for offer in ranked(self._offers, typed.strip()):
            item = QListWidgetItem(offer.entry.title, self._list)
            item.setData(_OFFER, offer)
            described = tr("gives {shape}", shape=offer.result) if offer.result else offer.sentence
            item.setData(Qt.ItemDataRole.AccessibleDescriptionRole, f"{offer.entry.summary} {described}".strip())
        self._list.setCurrentRow(0)
        if self._list.count() == 0:
            self._kind.setText(tr("No layer matches “{text}”.", text=typed.strip()))
            self._summary.clear()
            self._news.clear()
            self.current_changed.emit(None)

    def _show_current(self, item: QListWidgetItem | None) -> None:
        if item is None:
            return
        offer: Offer = item.data(_OFFER)
        arrow = f"  →  {offer.result}" if offer.result else ""
        room = _WIDTH - 24.0
        text = QFontMetricsF(self._kind.font()).elidedText(offer.kind, Qt.TextElideMode.ElideRight, room - 110)
        self._kind.setText(text + arrow)
        self._summary.setText(offer.entry.summary)
        self._news.setText(offer.sentence)
        self.current_changed.emit(offer)

    def _walk(self, key: Qt.Key) -> None:
        if self._list.count():
            row = self._list.currentRow() + _WALKS[key]
            self._list.setCurrentRow(max(0, min(row, self._list.count() - 1)))

    def _take_current(self) -> None:
        if self.current is not None:
            self.chosen.emit(self.current)


class _Field(QLineEdit):
    """Up and down walk through the list; Escape closes at once, whatever is typed."""

    walked = Signal(object)  # Qt.Key

    def __init__(self) -> None:
        super().__init__()
        self.setPlaceholderText(tr("Search layers: conv, bn, fc, max pool …"))
        self.setAccessibleName(tr("Search layers"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _WALKS:
            self.walked.emit(Qt.Key(event.key()))
        elif event.key() == Qt.Key.Key_Escape:
            self.window().hide()
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, next: bool) -> bool:
        return True  # Tab opened the popup; pressed again it must not lose the cursor


class _Delegate(QStyledItemDelegate):
    """Paints an offer: what it is on the left, on the right the shape that it would give, or why it does not fit."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(80, _ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        offer: Offer = index.data(_OFFER)
        colours, rect = theme.current(), QRectF(option.rect).adjusted(_SIDE, 0, -_SIDE, 0)
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.selection))
            painter.drawRoundedRect(rect, 5, 5)
        painter.setOpacity(_DIMMED if offer.reason else 1.0)
        picture = theme.pixmap(
            family_icon(offer.entry.family), _ICON, colours.family(offer.entry.family), _ratio(option)
        )
        top = option.rect.top() + (_ROW - _ICON) // 2
        painter.drawPixmap(round(rect.left()) + _SIDE, top, picture)
        text = rect.adjusted(_SIDE + _ICON + _GAP, 0, -2 * _SIDE, 0)
        painter.setFont(theme.font())
        painter.setPen(QColor(colours.text))
        painter.drawText(text, Qt.AlignmentFlag.AlignVCenter, offer.entry.title)
        taken = QFontMetricsF(painter.font()).horizontalAdvance(offer.entry.title) + 2 * _GAP
        painter.setOpacity(1.0)
        painter.setFont(theme.font(9))
        painter.setPen(QColor(colours.muted))
        told = offer.reason or (f"→ {offer.result}" if offer.result else offer.note)
        told = QFontMetricsF(painter.font()).elidedText(told, Qt.TextElideMode.ElideRight, text.width() - taken)
        painter.drawText(text, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, told)
        painter.restore()


def _ratio(option: QStyleOptionViewItem) -> float:
    widget = option.widget
    return widget.devicePixelRatioF() if isinstance(widget, QWidget) else 1.0
