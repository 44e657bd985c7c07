"""The palette: all layers in the lecture's order, to drag onto the canvas or to place by double-click."""

import html

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QColor, QDrag, QFontMetrics, QKeyEvent, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QLabel, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from designer import theme
from designer.catalogue import Entry, palette_entries, search
from designer.mime import pack
from designer.panels.icons import family_icon_name
from designer.panels.palette_delegate import BESIDE, ENTRY, PaletteDelegate
from engine.language import tr

_CARD = QSize(148, 34)
_WIDTH, _WIDEST = 190, 240
_HANDLE = QPoint(18, 17)  # where the pointer holds the dragged card


class Palette(QWidget):
    """A search field over the list of layers.

    ``layer_activated`` carries the type names of a double-clicked or entered row: ``("Conv2D", "ReLU")``.
    """

    layer_activated = Signal(object)  # tuple[str, ...]

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries = palette_entries()
        self._search = _SearchField()
        self._icon = QAction(self)
        self._search.addAction(self._icon, QLineEdit.ActionPosition.LeadingPosition)
        self._list = LayerList()
        self._nothing = QLabel()
        self._nothing.setProperty("role", "muted")
        self._nothing.setWordWrap(True)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._nothing.setContentsMargins(10, 8, 10, 8)
        self._lay_out()
        self._search.textChanged.connect(self._filter)
        self._search.returnPressed.connect(self._activate_current)
        self._search.down_pressed.connect(self._list.setFocus)
        self._list.entry_activated.connect(self._activate)
        self._filter("")
        self._refresh_icons()

    def _lay_out(self) -> None:
        self.setAutoFillBackground(True)
        self.setBackgroundRole(self.palette().ColorRole.Base)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        field = QVBoxLayout()
        field.setContentsMargins(8, 8, 8, 4)
        field.addWidget(self._search)
        layout.addLayout(field)
        layout.addWidget(self._nothing)
        layout.addWidget(self._list, 1)
        layout.addStretch()

    def sizeHint(self) -> QSize:
        """Return a size at which every name can be read, and a column of most layers is seen."""
        metrics = QFontMetrics(theme.font())
        widest = max(metrics.horizontalAdvance(entry.title) for entry in self._entries)
        return QSize(min(max(_WIDTH, widest + BESIDE), _WIDEST), 560)

    def focus_search(self) -> None:
        """Put the cursor into the search field, its text selected."""
        self._search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._search.selectAll()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._refresh_icons()

    def _refresh_icons(self) -> None:
        self._icon.setIcon(theme.icon("search", theme.current().muted))
        self._list.viewport().update()

    def _filter(self, text: str) -> None:
        """Show all layers under their headings, or the hits of a search without them, the best first."""
        hits = search(self._entries, text) if text.strip() else []
        if text.strip():
            self._list.show_entries(hits, grouped=False)
        else:
            self._list.show_entries(self._entries, grouped=True)
        missing = bool(text.strip()) and not hits
        self._nothing.setText(tr("No layer matches “{text}”.", text=text.strip()))
        self._nothing.setVisible(missing)
        self._list.setVisible(not missing)

    def _activate_current(self) -> None:
        entry = self._list.current_entry()
        if self._search.text().strip() and entry is not None:
            self._activate(entry)

    def _activate(self, entry: Entry) -> None:
        self.layer_activated.emit(entry.types)


class LayerList(QListWidget):
    """The rows: headings can't be selected, layers can be dragged and activated."""

    entry_activated = Signal(object)  # Entry

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setItemDelegate(PaletteDelegate(self))
        self.setMouseTracking(True)  # rows light up under the pointer
        self.setDragEnabled(True)
        self.setDragDropMode(QListWidget.DragDropMode.DragOnly)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setAccessibleName(tr("Layers"))
        # Not itemActivated: on some desktops a single click is enough for it.
        self.itemDoubleClicked.connect(self._activate)

    def show_entries(self, shown: tuple[Entry, ...] | list[Entry], *, grouped: bool) -> None:
        """Show entries in the order given; ungrouped, the first is made current."""
        self.clear()
        group = None
        for entry in shown:
            if grouped and entry.group != group:
                group = entry.group
                heading = QListWidgetItem(group, self)
                heading.setFlags(Qt.ItemFlag.NoItemFlags)
            item = QListWidgetItem(entry.title, self)
            item.setData(ENTRY, entry)
            item.setToolTip(_tool_tip(entry))
            item.setData(Qt.ItemDataRole.AccessibleDescriptionRole, entry.summary)
        if shown and not grouped:
            self.setCurrentRow(0)

    def current_entry(self) -> Entry | None:
        """Return the current row's entry."""
        return _entry(self.currentItem())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Enter place the current layer."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._activate(self.currentItem())
        else:
            super().keyPressEvent(event)

    def startDrag(self, actions: Qt.DropAction) -> None:
        """Drag the current layer as its type names."""
        entry = self.current_entry()
        if entry is None:
            return
        drag = QDrag(self)
        drag.setMimeData(pack(entry.types))
        drag.setPixmap(card(entry, self.devicePixelRatioF()))
        drag.setHotSpot(_HANDLE)
        drag.exec(Qt.DropAction.CopyAction)

    def _activate(self, item: QListWidgetItem | None) -> None:
        entry = _entry(item)
        if entry is not None:
            self.entry_activated.emit(entry)


class _SearchField(QLineEdit):
    """Down leads into the list, Escape clears."""

    down_pressed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setPlaceholderText(tr("Search layers"))
        self.setClearButtonEnabled(True)
        self.setAccessibleName(tr("Search layers"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down:
            self.down_pressed.emit()
        elif event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)


def card(entry: Entry, ratio: float) -> QPixmap:
    """Return the picture that is dragged: a small card with the family's colour, icon and the title."""
    colours = theme.current()
    picture = QPixmap(_CARD * ratio)
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    family = QColor(colours.family(entry.family))
    painter.setBrush(QColor(colours.surface))
    painter.setPen(QPen(family, 1.5))
    painter.drawRoundedRect(QRectF(1, 1, _CARD.width() - 2, _CARD.height() - 2), 7, 7)
    painter.drawPixmap(10, 9, theme.pixmap(family_icon_name(entry.family), 16, family.name(), ratio))
    painter.setFont(theme.font(10))
    painter.setPen(QColor(colours.text))
    painter.drawText(QRectF(34, 0, _CARD.width() - 42, _CARD.height()), Qt.AlignmentFlag.AlignVCenter, entry.title)
    painter.end()
    return picture


def _entry(item: QListWidgetItem | None) -> Entry | None:
    found = item.data(ENTRY) if item is not None else None
    return found if isinstance(found, Entry) else None


def _tool_tip(entry: Entry) -> str:
    return f"<b>{html.escape(entry.title)}</b><br>{html.escape(entry.summary)}"
