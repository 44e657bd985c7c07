"""The strip: one row of small pictures to step through."""

from typing import cast

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPainterPath,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from designer import theme
from designer.folder.strip_model import StripModel
from engine.language import tr

CELL = QSize(82, 104)
_PICTURE = 62
_TOP = 6
_LINE = 15
_ICON = 20


class Strip(QListView):
    """Arrow keys, the wheel and clicks choose an image; ``chosen`` carries its file."""

    chosen = Signal(object)  # Path

    def __init__(self, model: StripModel) -> None:
        super().__init__()
        self._model = model
        self.setModel(model)
        self.setItemDelegate(_Delegate(model, self))
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setFixedHeight(CELL.height() + 13)
        self.setAccessibleName(tr("Images of the folder"))
        self.selectionModel().currentChanged.connect(self._on_current)

    def step(self, count: int) -> bool:
        """Go some images on, or back; returns whether there is one."""
        row = self.currentIndex().row() + count if self.currentIndex().isValid() else 0
        if not 0 <= row < self._model.rowCount():
            return False
        self.go(row)
        return True

    def go(self, row: int) -> None:
        """Make an image the current one."""
        index = self._model.index(row)
        self.setCurrentIndex(index)
        self.scrollTo(index)

    def _on_current(self, index: QModelIndex) -> None:
        path = self._model.path(index.row()) if index.isValid() else None
        if path is not None:
            self.chosen.emit(path)

    def event(self, event: QEvent) -> bool:
        """Keep Home for the first image; elsewhere it fits the network into the view."""
        asked = event.type() == QEvent.Type.ShortcutOverride
        if asked and cast("QKeyEvent", event).matches(QKeySequence.StandardKey.MoveToStartOfLine):
            event.accept()
            return True
        return super().event(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll sideways with an ordinary wheel."""
        turned = event.angleDelta()
        if turned.x():
            super().wheelEvent(event)
        else:
            bar = self.horizontalScrollBar()
            bar.setValue(bar.value() - turned.y())
            event.accept()


class _Delegate(QStyledItemDelegate):
    """Paints an image, its name, and below it its class or what the network answered."""

    def __init__(self, model: StripModel, parent: Strip) -> None:
        super().__init__(parent)
        self._model = model

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Return the size of all cells."""
        return CELL

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint one cell."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect, row = QRectF(option.rect), index.row()
        state = option.state
        self._paint_ground(painter, rect, state)
        self._paint_picture(painter, rect, row)
        self._paint_words(painter, rect, row)
        painter.restore()

    def _paint_ground(self, painter: QPainter, rect: QRectF, state: QStyle.StateFlag) -> None:
        colours = theme.current()
        selected, over = state & QStyle.StateFlag.State_Selected, state & QStyle.StateFlag.State_MouseOver
        if selected or over:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.selection if selected else colours.hover))
            painter.drawRoundedRect(rect.adjusted(2, 2, -2, -2), 6, 6)
        if selected and state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(QColor(colours.accent), 1.2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(rect.adjusted(2, 2, -2, -2), 6, 6)

    def _paint_picture(self, painter: QPainter, rect: QRectF, row: int) -> None:
        colours = theme.current()
        room = QRectF(rect.center().x() - _PICTURE / 2, rect.top() + _TOP, _PICTURE, _PICTURE)
        image = self._model.picture(row)
        if image is None:
            painter.setPen(QPen(QColor(colours.border), 1))
            painter.setBrush(QColor(colours.raised))
            painter.drawRoundedRect(room, 4, 4)
            if self._model.problem(row):
                at = room.center() - QPointF(_ICON / 2, _ICON / 2)
                ratio = painter.device().devicePixelRatioF()
                painter.drawPixmap(at, theme.pixmap("error", _ICON, colours.error, ratio))
            return
        size = image.size().toSizeF().scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRectF(room.center().x() - size.width() / 2, room.center().y() - size.height() / 2, *size.toTuple())
        frame = QPainterPath()
        frame.addRoundedRect(place, 4, 4)
        painter.setClipPath(frame)
        # Enlarged pixels stay squares: they are what the network sees.
        enlarged = place.width() * painter.device().devicePixelRatioF() > image.width()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not enlarged)
        painter.drawImage(place, image)
        painter.setClipping(False)
        painter.setPen(QPen(QColor(colours.border), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(frame)

    def _paint_words(self, painter: QPainter, rect: QRectF, row: int) -> None:
        colours, mark = theme.current(), self._model.mark(row)
        path = self._model.path(row)
        line = QRectF(rect.left() + 5, rect.top() + _TOP + _PICTURE + 3, rect.width() - 10, _LINE)
        _write(painter, line, path.name if path is not None else "", theme.font(8.5), colours.text)
        below = line.translated(0, _LINE)
        if mark is None:
            _write(painter, below, self._model.class_name(row), theme.font(8.5), colours.muted)
        else:
            words = ("✓ " if mark.right else "✗ ") + mark.text
            strong = theme.font(8.5, QFont.Weight.DemiBold)
            _write(painter, below, words, strong, colours.ok if mark.right else colours.error)


def _write(painter: QPainter, rect: QRectF, text: str, font: QFont, colour: str) -> None:
    painter.setFont(font)
    painter.setPen(QColor(colour))
    shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideMiddle, int(rect.width()))
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, shown)
