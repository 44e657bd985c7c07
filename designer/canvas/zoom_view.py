"""A view that zooms at the pointer, pans without an end, and fits."""

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QNativeGestureEvent, QPainter, QResizeEvent, QShowEvent, QTransform, QWheelEvent
from PySide6.QtWidgets import QFrame, QGraphicsScene, QGraphicsView, QWidget

LEAST_ZOOM, MOST_ZOOM = 0.1, 3.0
_FRAME_ZOOM = 1.5  # the most that framing a selection enlarges
_LEAST_FIT = 0.005  # a network of thousands of layers is fitted below the least zoom
_PER_DEGREE = 1.0015  # of the wheel, in eighths
_NOTCH = 1.3  # the most that one step of a wheel zooms
_MARGIN = 18  # pixels around what is fitted
_SETTLE_MS = 120  # after the last step of a zoom or a pan
_EXTENT = 500_000.0  # how far the canvas reaches to each side


class ZoomView(QGraphicsView):
    """Zoom and position of the canvas.

    What was fitted is fitted again when the view's size changes, until the user zooms or pans.
    """

    zoom_changed = Signal(float)

    def __init__(self, scene: QGraphicsScene, parent: QWidget | None = None) -> None:
        super().__init__(scene, parent)
        self.reserved = 0  # pixels at the lower edge that fitting leaves free
        self.zooming = False  # the scale has changed and the view is not at rest yet
        self._fitted = False
        self._fit_wanted = True  # for when the view is first shown
        self._settle = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._settle.timeout.connect(lambda: self._note_motion(at_rest=True))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSceneRect(-_EXTENT, -_EXTENT, 2 * _EXTENT, 2 * _EXTENT)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.AnchorViewCenter)
        self.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        self.setOptimizationFlag(QGraphicsView.OptimizationFlag.DontSavePainterState)
        self.setOptimizationFlag(QGraphicsView.OptimizationFlag.DontAdjustForAntialiasing)

    @property
    def zoom(self) -> float:
        """The scale: 1 is 100 %."""
        return self.transform().m11()

    def content_rect(self) -> QRectF:
        """Return what `fit_all` fits; null where there is nothing."""
        return self.scene().itemsBoundingRect()

    def motion_changed(self, *, at_rest: bool) -> None:
        """Hear that the view has begun to zoom or pan, or is at rest."""

    def fit_all(self) -> None:
        """Show the whole network, enlarged to 100 % at most."""
        self._fit_wanted = not self._shows_something()
        if self.content_rect().isNull():
            self._set_zoom(1.0, at_rest=True)
        else:
            self._fit(self.content_rect(), 1.0, self.reserved)
        self._fitted = True

    def reserve(self, pixels: int) -> None:
        """Leave so much free at the lower edge when all is fitted; fit again what was."""
        self.reserved = pixels
        if self._fitted:
            self.fit_all()

    def frame(self, rect: QRectF) -> None:
        """Show a part of the canvas as large as it fits, up to 150 %."""
        self._fit(rect, _FRAME_ZOOM)

    def zoom_by(self, factor: float, anchor: QPointF | None = None) -> None:
        """Zoom by a factor, keeping what is at a point of the view, its middle unless told, in place."""
        least = min(LEAST_ZOOM, self.zoom)
        target = min(max(self.zoom * factor, least), MOST_ZOOM)
        if min(self.zoom, target) < 1.0 < max(self.zoom, target) and 1 / _NOTCH < factor < _NOTCH:
            target = 1.0  # a wheel would hardly ever stop at exactly 100 %
        if target == self.zoom:
            return
        fixed = QPointF(self.viewport().rect().center()) if anchor is None else anchor
        before = self._to_scene(fixed)
        self._set_zoom(target)
        self._put(before, fixed)
        self._fitted = False

    def zoom_reset(self) -> None:
        """Show the canvas at 100 %."""
        self.zoom_by(1.0 / self.zoom)

    def pan(self, way: QPoint) -> None:
        """Move the canvas by pixels of the view."""
        horizontal, vertical = self.horizontalScrollBar(), self.verticalScrollBar()
        horizontal.setValue(horizontal.value() - way.x())
        vertical.setValue(vertical.value() - way.y())
        self._fitted = False
        self._note_motion(at_rest=False)

    def reveal(self, rect: QRectF) -> None:
        """Move the canvas as little as brings a rectangle into view; leave it where that is already so."""
        fitted = self._fitted
        before = self.horizontalScrollBar().value(), self.verticalScrollBar().value()
        self.ensureVisible(rect, _MARGIN, _MARGIN)
        after = self.horizontalScrollBar().value(), self.verticalScrollBar().value()
        self._fitted = fitted and before == after

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Pan with a trackpad; zoom with a wheel, or with Ctrl."""
        pixels, controlled = event.pixelDelta(), event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if not pixels.isNull() and not controlled:
            self.pan(pixels)
        else:
            # With Alt, some systems turn the wheel sideways.
            delta = event.angleDelta().y() or event.angleDelta().x()
            self.zoom_by(_PER_DEGREE**delta, event.position())
        event.accept()

    def viewportEvent(self, event: QEvent) -> bool:
        """Zoom with two fingers."""
        if isinstance(event, QNativeGestureEvent):
            if event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
                self.zoom_by(1 + event.value(), event.position())
            return True
        return super().viewportEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit again what was fitted."""
        super().resizeEvent(event)
        if self._fitted or self._fit_wanted:
            self.fit_all()

    def showEvent(self, event: QShowEvent) -> None:
        """Fit what was to be fitted before there was a view."""
        super().showEvent(event)
        if self._fit_wanted:
            self.fit_all()

    def _shows_something(self) -> bool:
        return self.isVisible() and not self.viewport().rect().isEmpty()

    def _fit(self, rect: QRectF, most: float, reserved: int = 0) -> None:
        width = max(1, self.viewport().width() - 2 * _MARGIN)
        height = max(1, self.viewport().height() - reserved - 2 * _MARGIN)
        zoom = min(most, width / max(1.0, rect.width()), height / max(1.0, rect.height()))
        self._set_zoom(max(zoom, _LEAST_FIT), at_rest=True)
        self._put(rect.center(), QPointF(self.viewport().width() / 2, (self.viewport().height() - reserved) / 2))
        self._fitted = False

    def _set_zoom(self, zoom: float, *, at_rest: bool = False) -> None:
        if zoom != self.zoom:
            self.zooming = True
            self.setTransform(QTransform.fromScale(zoom, zoom))
            self.zoom_changed.emit(zoom)
        self._note_motion(at_rest=at_rest)

    def _note_motion(self, *, at_rest: bool) -> None:
        if at_rest:
            self._settle.stop()
            self.zooming = False
        else:
            self._settle.start()
        self.motion_changed(at_rest=at_rest)

    def _to_scene(self, at: QPointF) -> QPointF:
        inverse, _ = self.viewportTransform().inverted()
        return inverse.map(at)

    def _put(self, point: QPointF, at: QPointF) -> None:
        """Scroll so that a point of the canvas is at a point of the view."""
        away = self.viewportTransform().map(point) - at
        horizontal, vertical = self.horizontalScrollBar(), self.verticalScrollBar()
        horizontal.setValue(horizontal.value() + round(away.x()))
        vertical.setValue(vertical.value() + round(away.y()))
