"""Every channel of every layer in one scroll area."""

from collections.abc import Sequence
from math import floor

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QRegion,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from designer import theme
from designer.maps.content import Content
from designer.maps.grid import TILE_SIZES, step_tile_size
from designer.maps.layers import MapLayer, MapValue
from designer.maps.layout import Hit
from designer.maps.painter import MosaicPainter, Scene
from designer.maps.ranking import Order
from designer.maps.trace_marks import TraceMarks
from designer.tiles.look import Look
from designer.tiles.strip_cache import Budget, StripCache
from engine.language import tr

FRAME_SECONDS = 0.010  # for new strips; the rest of a 60 Hz frame is for painting and the other views
_NOTCH = 120  # of a mouse wheel, in eighths of a degree
_OUTLINE = 3  # how far the hover outline may reach beyond a tile


class MosaicView(QAbstractScrollArea):
    """Feature maps below one another, layer by layer; only what is in view is rendered.

    In an overview, headers are beside the maps, which are as large as lets all of them fit; choosing a tile size
    ends it.

    Signals: ``hovered`` with the ``MapValue`` under the pointer or None, ``layer_activated`` with the node id of
    the layer whose header or map was clicked, ``map_activated`` with node id and channel of the map that was
    clicked, ``trace_requested`` with node id and index of a value that was clicked with Shift, ``tile_size_changed``
    in pixels, ``overview_changed`` with whether there is one now.
    """

    hovered = Signal(object)
    layer_activated = Signal(str)
    map_activated = Signal(str, int)
    trace_requested = Signal(str, object)
    tile_size_changed = Signal(int)
    overview_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cache = StripCache()
        self.rendered = 0  # strips rendered anew in the last frame
        self._content = Content()
        self._told_tile = self._content.tile
        self._look = Look()
        self._current: str | None = None
        self._trace: TraceMarks | None = None
        self._placeholder = ""
        self._pointer: QPoint | None = None
        self._hover: Hit | None = None
        self._value: MapValue | None = None
        self._pressed: Hit | None = None
        self._activating: str | None = None
        self._wheel = 0
        self._late = QRegion()
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(0)
        self._later.timeout.connect(self._paint_late)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Feature maps"))
        self.verticalScrollBar().setSingleStep(24)
        self.viewport().setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def set_layers(self, layers: Sequence[MapLayer]) -> None:
        """Show these layers; what is at the top of the view stays there if it is still among them."""
        top = self._content.set_layers(layers, self._scroll)
        if not layers:
            self.cache.clear()
        self._laid_out(top)

    def update_layer(self, layer: MapLayer) -> None:
        """Show other values for a layer that is shown; a layer that is not shown is ignored."""
        index = self._content.index(layer.node)
        if index is None:
            return
        layout = self._content.layout
        top = self._content.replace(layer, self._scroll)
        if self._content.layout is not layout:
            self._laid_out(top)
            return
        view = self.viewport()
        view.update(0, layout.tops[index] - self._scroll, view.width(), layout.bottom(index) - layout.tops[index])
        self._update_hover()

    def layers(self) -> list[MapLayer]:
        """Return what is shown."""
        return [entry.layer for entry in self._content.entries]

    def set_placeholder(self, text: str) -> None:
        """Set what is written where there are no layers."""
        self._placeholder = text
        self.viewport().update()

    @property
    def up_to_date(self) -> bool:
        """Whether all that is in view has been painted; otherwise the next frames paint the rest."""
        return self._late.isEmpty()

    def look(self) -> Look:
        """Return how values become colours."""
        return self._look

    def set_look(self, look: Look) -> None:
        """Choose how values become colours."""
        self._look = look
        self.viewport().update()

    def tile_size(self) -> int:
        """Return the side of the square that a map is drawn in."""
        return self._content.tile

    def set_tile_size(self, pixels: int) -> None:
        """Set the side of the square that a map is drawn in; what is at the top of the view stays there."""
        self._zoom(pixels, 0)

    def overview(self) -> bool:
        """Return whether everything is shown at once, as far as there is room for it."""
        return self._content.overview

    def set_overview(self, on: bool) -> None:
        """Show everything at once, or go back to the tile size that was chosen before."""
        if on != self.overview():
            self._laid_out(self._content.set_overview(on, self._scroll))
            self.overview_changed.emit(on)

    def current(self) -> str | None:
        """Return the node id of the selected layer."""
        return self._current

    def set_current(self, node: str | None) -> None:
        """Mark the selected layer without scrolling to it."""
        if node != self._current:
            self._current = node
            self.viewport().update()

    def order(self) -> Order:
        """Return what the maps of each layer are sorted by."""
        return self._content.order

    def set_order(self, order: Order) -> None:
        """Sort the maps of each layer; vectors stay as they are."""
        self._content.order = order
        self.viewport().update()
        self._update_hover()

    def set_trace(self, trace: TraceMarks | None) -> None:
        """Outline what a traced value depends on in every map; None ends that."""
        self._trace = trace
        self.viewport().update()

    def reveal(self, node: str) -> None:
        """Mark a layer as selected and scroll its header to the top."""
        self.set_current(node)
        index = self._content.index(node)
        # Whoever answers a click in the mosaic with `reveal` must not pull the map from under the pointer.
        if index is not None and node != self._activating:
            self.verticalScrollBar().setValue(self._content.layout.tops[index])

    # Layout and scrolling

    @property
    def _scroll(self) -> int:
        return self.verticalScrollBar().value()

    def _zoom(self, pixels: int, keep: int) -> None:
        """Change the tile size while what is ``keep`` pixels below the top of the view stays there."""
        pixels = min(max(pixels, TILE_SIZES[0]), TILE_SIZES[-1])
        overview = self.overview()
        if pixels == self.tile_size() and not overview:
            return
        self._laid_out(self._content.set_tile(pixels, self._scroll + keep) - keep)
        if overview:
            self.overview_changed.emit(False)

    def _laid_out(self, top: int) -> None:
        self._hover = None  # first of all: scrolling asks for the place of what was hovered, which may be gone
        self._set_range()
        self.verticalScrollBar().setValue(top)
        self._late = QRegion()
        self.viewport().update()
        self._update_hover()
        if self._told_tile != self.tile_size():
            self._told_tile = self.tile_size()
            self.tile_size_changed.emit(self._told_tile)

    def _set_range(self) -> None:
        height = self.viewport().height()
        self.verticalScrollBar().setRange(0, max(0, self._content.layout.height - height))
        self.verticalScrollBar().setPageStep(max(1, height - self._content.layout.arrangement.header))

    def _inner_width(self) -> int:
        # The same with and without a scroll bar: the bar must not come and go by its own effect on the height.
        return max(1, self.width() - self.verticalScrollBar().sizeHint().width())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out for the new size."""
        super().resizeEvent(event)
        before = self._content.layout
        top = self._content.resize(self._inner_width(), self.height(), self._scroll)
        if self._content.layout is not before:
            self._laid_out(top)
        else:
            self._set_range()
            self._update_hover()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Move the pixels that stay in view; the strip that comes into view is painted."""
        view = self.viewport()
        if (dy * self.devicePixelRatioF()).is_integer():
            view.scroll(0, dy)
            # The pinned header does not move, but its pixels just did.
            view.update(0, 0, view.width(), self._content.layout.arrangement.header + max(0, dy))
        else:
            view.update()
        self._late.translate(0, dy)
        self._update_hover()

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what is dirty; what this frame has no time for follows in the next."""
        painter = QPainter(self.viewport())
        if not self._content.entries:
            self._paint_placeholder(painter)
            return
        scene = Scene(
            self._content.entries,
            self._content.layout,
            self._look,
            self._scroll,
            self.viewport().devicePixelRatioF(),
            self._content.index(self._current),
            self._hover,
            self._trace,
            self._content.order,
        )
        frame = MosaicPainter(painter, event.region(), scene, self.cache, Budget(FRAME_SECONDS))
        frame.paint()
        painter.end()
        self.rendered = frame.rendered
        self._late = self._late - event.region() + frame.late
        if not frame.late.isEmpty():
            self._later.start()

    def _paint_late(self) -> None:
        late, self._late = self._late, QRegion()
        self.viewport().update(late)

    def _paint_placeholder(self, painter: QPainter) -> None:
        colours = theme.current()
        rect = self.viewport().rect()
        painter.fillRect(rect, QColor(colours.surface))
        painter.setPen(QColor(colours.muted))
        painter.setFont(theme.font())
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(rect.adjusted(32, 32, -32, -32), flags, self._placeholder)

    def changeEvent(self, event: QEvent) -> None:
        """Repaint in the colours of a new theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.viewport().update()

    # Pointer and keys

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the pointer."""
        self._pointer = _pixel(event.position())
        self._update_hover()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember what a click starts on."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = self._hit(_pixel(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Activate what was clicked, if the pointer is still on it."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        pressed, self._pressed = self._pressed, None
        hit = self._hit(_pixel(event.position()))
        if pressed is not None and hit is not None and hit[:2] == pressed[:2]:
            if event.modifiers() & Qt.KeyboardModifier.ShiftModifier and hit.tile is not None:
                layer = self._content.entries[hit.layer].layer
                channel = self._content.channel(hit)
                place = (channel,) if layer.values.ndim == 1 else (channel, hit.row, hit.column)
                self.trace_requested.emit(layer.node, place)
            else:
                self._activate(hit)

    def _activate(self, hit: Hit) -> None:
        node = self._content.entries[hit.layer].layer.node
        self.set_current(node)
        self._activating = node
        try:
            self.layer_activated.emit(node)
            if hit.tile is not None:
                self.map_activated.emit(node, self._content.channel(hit))
        finally:
            self._activating = None

    def viewportEvent(self, event: QEvent) -> bool:
        """Notice when the pointer leaves."""
        if event.type() == QEvent.Type.Leave:
            self._pointer = None
            self._update_hover()
        return super().viewportEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll, or with Ctrl change the tile size around the pointer."""
        if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().wheelEvent(event)
            return
        self._wheel += event.angleDelta().y()
        notches = int(self._wheel / _NOTCH)
        self._wheel -= notches * _NOTCH
        if notches:
            self._zoom(step_tile_size(self.tile_size(), notches), round(event.position().y()))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Scroll to an end with Home and End, open a map with Enter; the scroll area knows the other keys."""
        bar = self.verticalScrollBar()
        if event.key() == Qt.Key.Key_Home:
            bar.setValue(bar.minimum())
        elif event.key() == Qt.Key.Key_End:
            bar.setValue(bar.maximum())
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._content.entries:
            shown = self._content.index(self._current) or 0
            self.map_activated.emit(self._content.entries[shown].layer.node, 0)
        else:
            super().keyPressEvent(event)

    def _hit(self, point: QPoint) -> Hit | None:
        return self._content.layout.hit(point.x(), point.y() + self._scroll, self._scroll)

    def _update_hover(self) -> None:
        """Find out what is under the pointer, which may have moved or been scrolled away from."""
        hover = None if self._pointer is None else self._hit(self._pointer)
        if hover != self._hover:
            self._repaint_tile(self._hover)
            self._repaint_tile(hover)
            self._hover = hover
            on_header = hover is not None and hover.tile is None
            self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if on_header else Qt.CursorShape.ArrowCursor)
        value = self._content.value(hover)
        if value != self._value:
            self._value = value
            self.hovered.emit(value)

    def _repaint_tile(self, hit: Hit | None) -> None:
        if hit is not None and hit.tile is not None:
            x, y, width, height = self._content.layout.tile(hit.layer, hit.tile).moved(0, -self._scroll)
            grown = QRect(x, y, width, height).adjusted(-_OUTLINE, -_OUTLINE, _OUTLINE, _OUTLINE)
            self.viewport().update(grown)


def _pixel(position: QPointF) -> QPoint:
    """Return the pixel under the pointer: rounding would point half a pixel away on a fine screen."""
    return QPoint(floor(position.x()), floor(position.y()))
