"""The whole network in a corner of the view, and which part of it the view shows."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QContextMenuEvent, QHelpEvent, QMouseEvent, QPainter, QPixmap, QTransform

from designer import theme
from designer.canvas.ground import blank_panel
from designer.canvas.hits import Hit
from designer.canvas.overview import blocks

if TYPE_CHECKING:
    from designer.canvas.scene import CanvasScene
    from designer.canvas.view import CanvasView

_MOST = QSize(190, 260)  # pixels
_LEAST = 44  # pixels; a network that is a hundred times as tall as wide is widened to it
_PART = 0.5  # the most of the view's width and height that the minimap takes
_PADDING = 6
_LEAST_BLOCK = 1.0  # pixels
_LEAST_FRAME = 6.0


class Minimap(QObject):
    """Every card as a block, painted once until something changes, with a frame that can be dragged.

    It is shown while the view does not hold the whole network, takes the mouse within its rectangle only, and never
    while a gesture is in progress.

    Attributes
    ----------
    enabled
        Whether it may be shown.
    """

    def __init__(self, view: CanvasView, scene: CanvasScene, margin: int) -> None:
        super().__init__()
        self.enabled = True
        self._view, self._scene, self._margin = view, scene, margin
        self._known: tuple[int, QRectF] = (-1, QRectF())
        self._asked: tuple[object, ...] = ()
        self._rect = QRect()
        self._picture = QPixmap()
        self._painted: tuple[object, ...] = ()
        self._grip: QPointF | None = None  # while the frame is dragged: from its middle to the pointer

    def watch(self) -> None:
        """Begin to take the mouse, now that the view is complete."""
        self._view.viewport().installEventFilter(self)

    def rect(self) -> QRect:
        """Return where it is on the view; empty where it is not shown."""
        asked = self.enabled, self._scene.revision, self._view.viewport().size(), self._view.viewportTransform()
        if asked != self._asked:  # a frame of a pan asks a dozen times
            self._asked, self._rect = asked, self._find_rect()
        return self._rect

    def _find_rect(self) -> QRect:
        content = self._content()
        if not self.enabled or content.isEmpty() or self._seen().contains(content.adjusted(1, 1, -1, -1)):
            return QRect()
        view = self._view.viewport().rect()
        room = QSize(
            min(_MOST.width(), int(view.width() * _PART)), min(_MOST.height(), int(view.height() * _PART))
        ) - QSize(2 * _PADDING, 2 * _PADDING)
        if min(room.width(), room.height()) < _LEAST:
            return QRect()
        scale = min(room.width() / content.width(), room.height() / content.height())
        width = max(_LEAST, ceil(content.width() * scale)) + 2 * _PADDING
        height = max(_LEAST, ceil(content.height() * scale)) + 2 * _PADDING
        corner = view.bottomRight() + QPoint(1, 1) - QPoint(self._margin + width, self._margin + height)
        return QRect(corner, QSize(width, height))

    def frame(self) -> QRectF:
        """Return what the view shows of the network, on the minimap; at least large enough to be seen."""
        frame = self._to_map().mapRect(self._seen())
        frame.adjust(
            -max(0.0, _LEAST_FRAME - frame.width()) / 2,
            -max(0.0, _LEAST_FRAME - frame.height()) / 2,
            max(0.0, _LEAST_FRAME - frame.width()) / 2,
            max(0.0, _LEAST_FRAME - frame.height()) / 2,
        )
        return frame & QRectF(self.rect()).adjusted(2, 2, -2, -2)

    def paint(self, painter: QPainter) -> None:
        """Paint it, in the view's coordinates."""
        rect = self.rect()
        if rect.isEmpty():
            return
        ratio = painter.device().devicePixelRatio()
        painter.drawPixmap(rect.topLeft(), self._blocks(rect.size(), ratio))
        _paint_frame(painter, self.frame(), ratio)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the mouse where the minimap is; let everything else pass."""
        if isinstance(event, QMouseEvent) and event.type() != QEvent.Type.MouseButtonDblClick:
            return self._point(event)
        if not isinstance(event, QMouseEvent | QContextMenuEvent | QHelpEvent) or self._view.gesture is not None:
            return False
        if isinstance(event, QContextMenuEvent) and event.reason() == QContextMenuEvent.Reason.Keyboard:
            return False  # it is about the selection, wherever the pointer rests
        at = event.position().toPoint() if isinstance(event, QMouseEvent) else event.pos()
        return self.rect().contains(at)

    def _point(self, event: QMouseEvent) -> bool:
        at, kind = event.position(), event.type()
        if self._grip is not None:
            if kind == QEvent.Type.MouseMove:
                self._look_at(at - self._grip)
            elif kind == QEvent.Type.MouseButtonRelease and event.button() == Qt.MouseButton.LeftButton:
                self._grip = None
            return True
        if self._view.gesture is not None or not self.rect().contains(at.toPoint()):
            return False
        if kind == QEvent.Type.MouseMove:
            self._scene.hover(Hit())
            self._view.viewport().setCursor(Qt.CursorShape.PointingHandCursor)
        elif kind == QEvent.Type.MouseButtonPress and event.button() == Qt.MouseButton.LeftButton:
            frame = self.frame()
            self._grip = at - frame.center() if frame.contains(at) else QPointF()
            self._look_at(at - self._grip)
        return True

    def _look_at(self, at: QPointF) -> None:
        """Move the view so that its middle is at a point of the minimap."""
        there, _ = self._to_map().inverted()
        away = self._view.viewportTransform().map(there.map(at)) - QPointF(self._view.viewport().rect().center())
        self._view.pan(-away.toPoint())

    def _content(self) -> QRectF:
        if self._known[0] != self._scene.revision:
            self._known = self._scene.revision, self._scene.content_rect()
        return self._known[1]

    def _seen(self) -> QRectF:
        return self._view.mapToScene(self._view.viewport().rect()).boundingRect()

    def _to_map(self) -> QTransform:
        """Return the way from the canvas to the view's pixels on the minimap."""
        content = self._content()
        inner = QRectF(self.rect()).adjusted(_PADDING, _PADDING, -_PADDING, -_PADDING)
        across, down = inner.width() / content.width(), inner.height() / content.height()
        return QTransform(
            across, 0, 0, down, inner.left() - content.left() * across, inner.top() - content.top() * down
        )

    def _blocks(self, size: QSize, ratio: float) -> QPixmap:
        """Return the blocks on their ground as a picture, painted anew only where it would be another."""
        asked = (self._scene.revision, size, ratio)
        if asked != self._painted:
            self._painted = asked
            self._picture = blank_panel(size, ratio)
            painter = QPainter(self._picture)
            painter.setPen(Qt.PenStyle.NoPen)
            to_map = self._to_map() * QTransform.fromTranslate(-self.rect().left(), -self.rect().top())
            for colour, rects in blocks(self._scene).items():
                painter.setBrush(QColor(colour))
                painter.drawRects([_at_least(to_map.mapRect(rect)) for rect in rects])
            painter.end()
        return self._picture


def _paint_frame(painter: QPainter, frame: QRectF, ratio: float) -> None:
    """Paint the frame from plain rectangles on whole pixels: it is painted anew in every frame of a pan."""
    ink = QColor(theme.current().accent)
    shade = QColor(ink)
    shade.setAlpha(36)
    left, top, right, bottom = (
        round(edge * ratio) / ratio for edge in (frame.left(), frame.top(), frame.right(), frame.bottom())
    )
    thick = round(1.5 * ratio) / ratio
    painter.fillRect(QRectF(left, top, right - left, bottom - top), shade)
    for x, y, width, height in (
        (left, top, right - left, thick),
        (left, bottom - thick, right - left, thick),
        (left, top + thick, thick, bottom - top - 2 * thick),
        (right - thick, top + thick, thick, bottom - top - 2 * thick),
    ):
        painter.fillRect(QRectF(x, y, width, height), ink)


def _at_least(rect: QRectF) -> QRectF:
    return QRectF(rect.x(), rect.y(), max(_LEAST_BLOCK, rect.width()), max(_LEAST_BLOCK, rect.height()))
