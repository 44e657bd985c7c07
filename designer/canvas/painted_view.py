"""The canvas as a picture: what is painted behind, instead of and in front of the items, and when."""

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QTimer
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QTransform
from PySide6.QtWidgets import QWidget

from designer import theme
from designer.canvas.dirty import apart
from designer.canvas.drops import LayerDrops
from designer.canvas.geometry import MARGIN, card_rect
from designer.canvas.grid import paint_grid
from designer.canvas.hint import paint_hint
from designer.canvas.keyboard import Keyboard
from designer.canvas.overview import OVERVIEW_BELOW
from designer.canvas.pointer import Pointer
from designer.canvas.quick_add import QuickAdd
from designer.canvas.scene import CanvasScene
from designer.canvas.sights import Sights
from designer.canvas.zoom_view import ZoomView

_MOST_IN_MOTION = 300  # cards that a frame of a zoom has time for


class PaintedView(ZoomView):
    """Paints a scene and what its tools show; which tools there are is up to the view that is built on it."""

    quick_add: QuickAdd
    sights: Sights
    _scene: CanvasScene
    _pointer: Pointer
    _drops: LayerDrops
    _keyboard: Keyboard

    def __init__(self, scene: CanvasScene, parent: QWidget | None = None) -> None:
        self._part: QRect | None = None  # of the view, while it is painted in parts
        super().__init__(scene, parent)
        self._late = QTimer(self, singleShot=True, interval=0)
        self._late.timeout.connect(self._paint_late)

    def motion_changed(self, *, at_rest: bool) -> None:
        """Have cards rendered at a new scale once the view is at rest."""
        self._scene.zoom = self.zoom
        self._scene.sprites.at_rest = at_rest
        if at_rest:
            self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the canvas; from afar, in a few calls instead of item by item."""
        self._scene.sprites.begin_frame(self.viewportTransform(), self.devicePixelRatioF())
        self._scene.thumbnails.begin_frame()
        if not self._from_afar():
            for part in apart(event.region()):
                self._part = part
                super().paintEvent(QPaintEvent(part))
            self._part = None
        else:
            painter = QPainter(self.viewport())
            painter.setClipRegion(event.region())
            painter.setTransform(self.viewportTransform())
            area = self.mapToScene(event.rect()).boundingRect()
            self.drawBackground(painter, area)
            self._scene.overview.paint(painter, self._scene)
            painter.setRenderHints(self.renderHints())
            self.drawForeground(painter, area)
            painter.end()
        if self._scene.sprites.waiting or self._scene.thumbnails.pending:
            self._late.start()

    def _paint_late(self) -> None:
        """Paint what the frames before had no time for: some cards, or feature maps, wherever they are."""
        waiting, self._scene.sprites.waiting = self._scene.sprites.waiting, set()
        if self._scene.thumbnails.pending:
            self.viewport().update()
        for place in waiting:
            card = card_rect(place).adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN)
            self.viewport().update(self.mapFromScene(card).boundingRect().adjusted(-1, -1, 1, 1))

    def _from_afar(self) -> bool:
        """Whether cards are blocks: where letters are too small, or more cards than a frame of a zoom has time for."""
        if self.zoom < OVERVIEW_BELOW or not self.zooming:
            return self.zoom < OVERVIEW_BELOW
        seen = self.mapToScene(self.viewport().rect()).boundingRect()
        return self._scene.cards_in(seen) > _MOST_IN_MOTION

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        """Paint the colour and the dots behind the cards."""
        area = self.mapFromScene(rect).boundingRect().adjusted(-1, -1, 1, 1) & self.viewport().rect()
        transform = painter.worldTransform()
        painter.setWorldTransform(QTransform())
        if self._part is not None:
            painter.setClipRect(self._part)
        # To stretch all cards smoothly takes longer than a frame of a zoom has.
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not self.zooming)
        painter.fillRect(area, QColor(theme.current().canvas))
        paint_grid(painter, area, self.viewportTransform().map(QPointF(0, 0)), self.zoom)
        painter.setWorldTransform(transform)

    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        """Paint gestures and drops; on an empty canvas, how to begin."""
        super().drawForeground(painter, rect)
        self._pointer.paint(painter)
        self._drops.paint(painter)
        self.quick_add.paint(painter)
        self.sights.paint(painter, self.mapFromScene(rect).boundingRect())
        transform = painter.worldTransform()
        painter.setWorldTransform(QTransform())
        if not self._scene.nodes and not self._drops.active:
            paint_hint(painter, QRectF(self.viewport().rect()))
        self._keyboard.paint(painter, self.viewport().rect())
        painter.setWorldTransform(transform)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Scroll; what is painted in front of the canvas does not scroll with it."""
        super().scrollContentsBy(dx, dy)
        self.sights.scrolled(dx, dy)
        if self._pointer.gesture is not None or self._drops.active or not self._scene.nodes:
            self.viewport().update()

    def changeEvent(self, event: QEvent) -> None:
        """Take the colours of another theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._scene.restyle()
            self.viewport().update()
