"""How the palette's rows look: muted headings, and layers with the icon of their family."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from designer import theme
from designer.catalogue import Entry
from designer.panels.icons import family_pixmap

ENTRY = int(Qt.ItemDataRole.UserRole)
ROW = 26
HEADING = 20
_SIDE = 6  # between a row's highlight and the edge of the list
_ICON = 16
BESIDE = 4 * _SIDE + _ICON + 8 + 14  # width of all that stands beside a name, the scroll bar among it

Index = QModelIndex | QPersistentModelIndex


class PaletteDelegate(QStyledItemDelegate):
    """Paints a row that carries an `Entry` as a layer, any other as a heading."""

    def __init__(self, view: QWidget) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the height of a row."""
        return QSize(80, ROW if isinstance(index.data(ENTRY), Entry) else HEADING)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one row."""
        painter.save()
        entry = index.data(ENTRY)
        if isinstance(entry, Entry):
            self._paint_entry(painter, option, entry)
        else:
            _paint_heading(painter, option.rect, str(index.data()))
        painter.restore()

    def _paint_entry(self, painter: QPainter, option: QStyleOptionViewItem, entry: Entry) -> None:
        colours, rect = theme.current(), option.rect
        background = None
        if option.state & QStyle.StateFlag.State_Selected:
            background = colours.selection
        elif option.state & QStyle.StateFlag.State_MouseOver:
            background = colours.hover
        if background:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(background))
            painter.drawRoundedRect(QRectF(rect).adjusted(_SIDE, 0, -_SIDE, 0), 5, 5)
        left = rect.left() + 2 * _SIDE
        icon = family_pixmap(entry.family, _ICON, self._view)
        painter.drawPixmap(left, rect.top() + (rect.height() - _ICON) // 2, icon)
        left += _ICON + 8
        _paint_text(
            painter, rect.adjusted(left - rect.left(), 0, -2 * _SIDE, 0), entry.title, theme.font(), colours.text
        )


def _paint_heading(painter: QPainter, rect: QRect, text: str) -> None:
    font = theme.font(8.5, QFont.Weight.Medium)
    # A heading stands closer to the rows below it than to those above.
    _paint_text(painter, rect.adjusted(2 * _SIDE, 3, -2 * _SIDE, 0), text, font, theme.current().muted)


def _paint_text(painter: QPainter, rect: QRect, text: str, font: QFont, colour: str) -> None:
    shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
    painter.setFont(font)
    painter.setPen(QColor(colour))
    painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
