"""The image as the network sees it, with the part that a value depends on; padding is drawn around it."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from designer import theme
from designer.tiles.strips import Array
from designer.wording import percent
from engine import Field
from engine.language import tr

_SIZE = 132
_MARGIN = 4.0


class FieldPicture(QWidget):
    """A small picture; what no value depends on is veiled."""

    def __init__(self) -> None:
        super().__init__()
        self._picture = QImage()
        self._field: Field | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Receptive field on the image"))

    def show_field(self, image: Array, field: Field) -> None:
        """Show an image ``(C, H, W)`` and a field on it."""
        self._picture = picture_of(image)
        self._field = field
        self.setAccessibleDescription(field_text(field))
        self.setToolTip(field_text(field))
        self.update()

    def sizeHint(self) -> QSize:
        """Return the size of the picture."""
        return QSize(_SIZE, _SIZE)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint image, veil, field and padding."""
        if self._field is None:
            return
        painter = QPainter(self)
        colours, box, inside = theme.current(), self._field.box, self._field.inside
        height, width = self._picture.height(), self._picture.width()
        # All of the image and all of the field, padding included, but no more padding than half an image.
        top, bottom = max(min(0, box.top), -height // 2), min(max(height, box.bottom), height + height // 2 + 1)
        left, right = max(min(0, box.left), -width // 2), min(max(width, box.right), width + width // 2 + 1)
        room = QRectF(self.rect()).adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        scale = min(room.width() / (right - left), room.height() / (bottom - top))
        origin = room.center() - QPointF((left + right) / 2, (top + bottom) / 2) * scale

        def placed(t: float, b: float, lft: float, rgt: float) -> QRectF:
            corner = origin + QPointF(lft, t) * scale
            return QRectF(corner.x(), corner.y(), (rgt - lft) * scale, (b - t) * scale)

        image = placed(0, height, 0, width)
        seen = placed(max(box.top, top), min(box.bottom, bottom), max(box.left, left), min(box.right, right))
        painter.fillRect(seen, QBrush(QColor(colours.muted), Qt.BrushStyle.BDiagPattern))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, scale < 1)
        painter.drawImage(image, self._picture)
        veil = QColor(colours.surface)
        veil.setAlpha(150)
        lit = QRectF() if inside is None else placed(inside.top, inside.bottom, inside.left, inside.right)
        painter.setClipRegion(self.rect())
        for part in _around(image, lit):
            painter.fillRect(part, veil)
        for rect, width_, style in ((lit, 2.0, Qt.PenStyle.SolidLine), (seen, 1.0, Qt.PenStyle.DotLine)):
            if not rect.isEmpty():
                painter.setPen(QPen(QColor(theme.TRACE), width_, style))
                painter.drawRect(rect)
        painter.setPen(QColor(colours.border))
        painter.drawRect(image)
        painter.end()


def _around(outer: QRectF, hole: QRectF) -> tuple[QRectF, ...]:
    """Return the rectangles that make ``outer`` without ``hole``."""
    if hole.isEmpty():
        return (outer,)
    return (
        QRectF(outer.topLeft(), QPointF(outer.right(), hole.top())),
        QRectF(QPointF(outer.left(), hole.bottom()), outer.bottomRight()),
        QRectF(QPointF(outer.left(), hole.top()), QPointF(hole.left(), hole.bottom())),
        QRectF(QPointF(hole.right(), hole.top()), QPointF(outer.right(), hole.bottom())),
    )


def picture_of(image: Array) -> QImage:
    """Return values ``(C, H, W)`` as a picture, from the smallest in black to the largest in white."""
    pixels = pixels_of(image)
    height, width, _ = pixels.shape
    return QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()


def pixels_of(image: Array) -> NDArray[np.uint8]:
    """Return values ``(C, H, W)`` as ``(H, W, 3)``: three channels as colours, one as grey."""
    finite = np.isfinite(image)
    low, high = float(image.min(where=finite, initial=np.inf)), float(image.max(where=finite, initial=-np.inf))
    span = high - low  # in float64: that of finite float32 values can overflow float32
    clean = np.where(finite, image, low if low <= high else 0).astype(np.float64)
    grey = np.rint((clean - low) / span * 255 if 0 < span < np.inf else np.full(image.shape, 127.0)).astype(np.uint8)
    planes = grey[:3] if len(grey) >= 3 else np.repeat(grey[:1], 3, axis=0)
    made: NDArray[np.uint8] = np.ascontiguousarray(planes.transpose(1, 2, 0))
    return made


def field_text(field: Field) -> str:
    """Return how much of the image a field is, and how much of it is padding."""
    box = field.box
    size = tr("{height} × {width} pixels of the image", height=box.bottom - box.top, width=box.right - box.left)
    if field.inside is None:
        return tr("{size}, all of them padding", size=size)
    return tr("{size}, {share} of them padding", size=size, share=percent(field.padding, 0)) if field.padding else size
