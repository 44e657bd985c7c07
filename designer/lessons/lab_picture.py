"""The image as the network sees it, moved: dragged with the mouse, shifted with the arrow keys."""

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from designer import theme
from engine import Move, moved
from engine.language import tr
from engine.layers.base import Array

_FAR = 5  # pixels that an arrow key shifts by together with Shift
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class MovedPicture(QWidget):
    """An image ``(C, H, W)`` as it is after a move.

    Signals
    -------
    dragged
        The shift (dx, dy) that is asked for, in whole pixels of the image.
    reset_requested
        The image is to be put back.
    """

    dragged = Signal(int, int)
    reset_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._image: Array | None = None
        self._move = Move()
        self._picture: QImage | None = None
        self._grip: tuple[QPointF, float, float] | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.setAccessibleName(tr("Moved image"))
        self.setToolTip(tr("Drag to shift (arrow keys; with Shift by 5 pixels), double-click to put it back (Home)"))
        self.setMinimumSize(160, 120)

    def show_image(self, image: Array, move: Move) -> None:
        """Show an image moved."""
        if self._image is not image or self._move != move or self._picture is None:
            self._image, self._move = image, move
            self._picture = picture_of(moved(image, move), image)
            self.setAccessibleDescription(tr("Shifted by {dx:g} to the right and {dy:g} down", dx=move.dx, dy=move.dy))
            self.update()

    def sizeHint(self) -> QSize:
        """Return a size at which small images can be dragged by a pixel."""
        return QSize(240, 220)

    def place(self) -> QRectF:
        """Return where the image is painted."""
        if self._image is None:
            return QRectF()
        _, height, width = self._image.shape
        side = min(self.width() / width, self.height() / height)
        size = QRectF(0, 0, width * side, height * side)
        size.moveCenter(QRectF(self.rect()).center())
        return size

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the image, and where its frame has been moved to."""
        if self._picture is None or self._image is None:
            return
        colours, rect = theme.current(), self.place()
        painter = QPainter(self)
        painter.drawImage(rect, self._picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = rect.width() / self._image.shape[2]
        painter.setClipRect(rect)
        painter.translate(rect.center() + QPointF(self._move.dx * side, self._move.dy * side))
        painter.rotate(-self._move.degrees)
        painter.scale(self._move.scale, self._move.scale)
        pen = QPen(QColor(colours.accent), 1.5, Qt.PenStyle.DashLine)
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.drawRect(QRectF(-rect.width() / 2, -rect.height() / 2, rect.width(), rect.height()))
        painter.resetTransform()
        painter.setClipping(False)
        painter.setPen(QPen(QColor(colours.accent if self.hasFocus() else colours.border), 1))
        painter.drawRect(rect.adjusted(0.5, 0.5, -0.5, -0.5))
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the image."""
        if event.button() == Qt.MouseButton.LeftButton and self._image is not None:
            self._grip = (event.position(), self._move.dx, self._move.dy)
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Shift the image with the pointer."""
        if self._grip is None or self._image is None:
            return
        start, dx, dy = self._grip
        by = (event.position() - start) * (self._image.shape[2] / max(1.0, self.place().width()))
        self.dragged.emit(round(dx + by.x()), round(dy + by.y()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        self._grip = None
        self.setCursor(Qt.CursorShape.OpenHandCursor)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Put the image back."""
        self.reset_requested.emit()

    def event(self, event: QEvent) -> bool:
        """Keep Home from the window's shortcuts while it has the focus."""
        asks = event.type() == QEvent.Type.ShortcutOverride
        if asks and isinstance(event, QKeyEvent) and event.key() in (Qt.Key.Key_Home, *_ARROWS):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Shift with the arrow keys, put back with Home."""
        if event.key() == Qt.Key.Key_Home:
            self.reset_requested.emit()
        elif event.key() in _ARROWS:
            x, y = _ARROWS[Qt.Key(event.key())]
            far = _FAR if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
            self.dragged.emit(round(self._move.dx) + x * far, round(self._move.dy) + y * far)
        else:
            super().keyPressEvent(event)


def picture_of(values: Array, reference: Array) -> QImage:
    """Return an array ``(C, H, W)`` as a picture, black and white being the reference's limits."""
    finite = reference[np.isfinite(reference)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
    with np.errstate(invalid="ignore"):
        scaled = np.clip((values.astype(np.float64) - low) * (255 / (high - low or 1)), 0, 255)
    bytes_ = np.nan_to_num(scaled).astype(np.uint8)
    channels = bytes_[:3] if len(bytes_) >= 3 else np.repeat(bytes_[:1], 3, axis=0)
    packed = np.ascontiguousarray(channels.transpose(1, 2, 0))
    height, width, _ = packed.shape
    return QImage(packed.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()
