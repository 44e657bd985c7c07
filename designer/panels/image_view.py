"""The image that the network looks at."""

from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QFontMetrics,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from designer import theme
from engine.images import SUFFIXES
from engine.language import tr, tr_noop

INVITATION = tr_noop("Open an image (Ctrl+I)\nor drop one here")
_MARGIN = 8
_CAPTION = 40  # two lines
_RADIUS = 6
_ICON = 28


class ImageView(QWidget):
    """Shows an image as large as it fits, with its name and its sizes below.

    ``open_requested`` says that the user asks for an image, ``file_dropped`` carries the path of one.
    """

    open_requested = Signal()
    file_dropped = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image = QImage()
        self._name = ""
        self._detail = ""
        self._dragged_over = False
        self._mark: QRectF | None = None
        self.setAcceptDrops(True)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(self.palette().ColorRole.Base)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(tr("Image"))
        self.clear()

    def show_image(self, image: QImage, name: str, detail: str = "") -> None:
        """Show an image.

        Parameters
        ----------
        image
            The picture; a null one empties the view.
        name
            The file's name.
        detail
            What becomes of its size: ``28×28 → 32×32×1``.
        """
        self._image, self._name, self._detail = image, name, detail
        self.setToolTip(name)
        self.setAccessibleDescription(f"{name}, {detail}" if detail else name)
        self._set_cursor()
        self.update()

    def set_mark(self, part: QRectF | None) -> None:
        """Outline a part of the picture, in shares of its width and height; None outlines none."""
        self._mark = part
        self.update()

    def clear(self) -> None:
        """Show the invitation to open an image."""
        self.show_image(QImage(), "")
        self.setAccessibleDescription(tr(INVITATION).replace("\n", " "))

    @property
    def is_empty(self) -> bool:
        """Whether there is no image."""
        return self._image.isNull()

    def sizeHint(self) -> QSize:
        """Return a size that shows a face."""
        return QSize(220, 240)

    def minimumSizeHint(self) -> QSize:
        """Return a size at which something can be made out."""
        return QSize(120, 120)

    def picture_rect(self) -> QRectF:
        """Return where the picture is drawn; the room for it where there is none."""
        room = QRectF(self.rect()).adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        if self.is_empty:
            return room
        room.setBottom(room.bottom() - _CAPTION + _MARGIN)
        size = self._image.size().toSizeF().scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
        picture = QRectF(room.topLeft(), size)
        picture.moveCenter(room.center())
        return picture

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the picture and its caption, or the invitation."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.is_empty:
            self._paint_invitation(painter)
        else:
            self._paint_picture(painter)
            self._paint_caption(painter)
        painter.end()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Ask for an image where there is none."""
        inside = self.rect().contains(event.position().toPoint())
        if self.is_empty and inside and event.button() == Qt.MouseButton.LeftButton:
            self.open_requested.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ask for an image with Enter or Space where there is none."""
        if self.is_empty and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.open_requested.emit()
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: QEvent) -> None:
        """Light up under the pointer."""
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Go dim again."""
        self.update()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take image files."""
        if dropped_image(event.mimeData()) is not None:
            event.acceptProposedAction()
            self._set_dragged_over(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Go dim again."""
        self._set_dragged_over(False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Hand on the path of a dropped image file."""
        self._set_dragged_over(False)
        path = dropped_image(event.mimeData())
        if path is not None:
            event.acceptProposedAction()
            self.file_dropped.emit(path)

    def _set_dragged_over(self, over: bool) -> None:
        self._dragged_over = over
        self.update()

    def _set_cursor(self) -> None:
        self.setCursor(Qt.CursorShape.PointingHandCursor if self.is_empty else Qt.CursorShape.ArrowCursor)

    def _paint_invitation(self, painter: QPainter) -> None:
        colours, room = theme.current(), self.picture_rect()
        lit = self._dragged_over or self.underMouse() or self.hasFocus()
        pen = QPen(QColor(colours.accent if lit else colours.border), 1.5, Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(QColor(colours.selection if self._dragged_over else colours.raised))
        painter.drawRoundedRect(room.adjusted(1, 1, -1, -1), _RADIUS, _RADIUS)
        painter.setFont(theme.font(10))
        words = painter.boundingRect(room, int(Qt.AlignmentFlag.AlignCenter), tr(INVITATION))
        words.translate(0, _ICON / 2 + 4)
        icon = theme.pixmap("image", _ICON, colours.muted, self.devicePixelRatioF())
        painter.drawPixmap(int(room.center().x() - _ICON / 2), int(words.top() - _ICON - 8), icon)
        painter.setPen(QColor(colours.muted))
        painter.drawText(words, int(Qt.AlignmentFlag.AlignCenter), tr(INVITATION))

    def _paint_picture(self, painter: QPainter) -> None:
        colours, picture = theme.current(), self.picture_rect()
        frame = QPainterPath()
        frame.addRoundedRect(picture, _RADIUS, _RADIUS)
        painter.save()
        painter.setClipPath(frame)
        # Enlarged pixels stay squares: they are what the network sees.
        smaller = picture.width() * self.devicePixelRatioF() < self._image.width()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smaller)
        painter.drawImage(picture, self._shrunk(picture) if smaller else self._image)
        painter.restore()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self._mark is not None:
            self._paint_mark(painter, picture, self._mark)
        painter.setPen(QPen(QColor(colours.accent if self._dragged_over or self.hasFocus() else colours.border), 1))
        painter.drawPath(frame)

    def _paint_mark(self, painter: QPainter, picture: QRectF, part: QRectF) -> None:
        rect = QRectF(
            picture.left() + part.x() * picture.width(),
            picture.top() + part.y() * picture.height(),
            part.width() * picture.width(),
            part.height() * picture.height(),
        )
        for width, colour in ((4.0, "#10151c"), (2.0, theme.TRACE)):
            painter.setPen(QPen(QColor(colour), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.SquareCap))
            painter.drawRect(rect)

    def _shrunk(self, picture: QRectF) -> QImage:
        """Return the image at the screen's resolution, each pixel the mean of those it stands for."""
        size = (picture.size() * self.devicePixelRatioF()).toSize().expandedTo(QSize(1, 1))
        return self._image.scaled(
            size, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
        )

    def _paint_caption(self, painter: QPainter) -> None:
        colours, font = theme.current(), theme.font(9)
        line = QRectF(_MARGIN, self.height() - _CAPTION + 4, self.width() - 2 * _MARGIN, _CAPTION / 2 - 3)
        painter.setFont(font)
        texts = ((self._name, colours.text), (self._detail, colours.muted))
        for place, (text, colour) in enumerate(texts):
            shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideMiddle, int(line.width()))
            painter.setPen(QColor(colour))
            painter.drawText(line.translated(0, place * line.height()), int(Qt.AlignmentFlag.AlignCenter), shown)


def dropped_image(data: QMimeData) -> str | None:
    """Return the path of the first image file that is dragged; None where there is none."""
    paths = (url.toLocalFile() for url in data.urls())
    return next((path for path in paths if Path(path).suffix.lower() in SUFFIXES), None)
