"""One map as a picture to zoom and pan. Imports pyqtgraph: import this module late."""

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QGraphicsRectItem

from designer import theme
from designer.maps.pixel_marks import PixelMarks
from designer.maps.pointer import Pointer
from designer.tiles import colormaps, strips
from designer.tiles.strips import Array
from engine.language import tr

_PADDING = 0.03  # around a map that fits
_FADED = 190  # opacity of 255 of what lies over faded values
_ZOOM_OUT = 4  # a map can be made this many times smaller than it fits


class ImagePlot(QObject):
    """A map whose pixels are squares, with y downwards.

    ``hovered`` carries the pixel ``(y, x)`` under the pointer, or None; ``clicked`` one that was clicked.

    Attributes
    ----------
    view
        The widget.
    """

    hovered = Signal(object)
    clicked = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.view = pg.GraphicsView(background=theme.current().canvas)
        self.view.setAccessibleName(tr("The map as a picture"))
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the keys are the explorer's
        self.view.setMinimumSize(120, 120)
        self.view.viewport().setCursor(Qt.CursorShape.CrossCursor)
        self.box = pg.ViewBox(lockAspect=True, invertY=True, enableMenu=False)
        self.view.setCentralItem(self.box)
        self.image = pg.ImageItem(axisOrder="row-major")
        self.overlay = pg.ImageItem(axisOrder="row-major")
        self.veil = pg.ImageItem(axisOrder="row-major")
        self.marks = PixelMarks()
        self.box.addItem(self.image)
        # An image may reach beyond the map: its border is in the middle of no value's field.
        self.frame = QGraphicsRectItem()
        self.frame.setPen(Qt.PenStyle.NoPen)
        self.frame.setFlag(QGraphicsRectItem.GraphicsItemFlag.ItemClipsChildrenToShape)
        self.overlay.setParentItem(self.frame)
        self.overlay.hide()
        self.veil.hide()
        for item in (self.frame, self.veil):
            self.box.addItem(item, ignoreBounds=True)
        self.box.addItem(self.marks, ignoreBounds=True)
        self._shape: tuple[int, int] | None = None
        self._pointer = Pointer(self.view, self.box)
        self._pointer.moved.connect(self._point)
        self._pointer.clicked.connect(self._click)
        self.box.sigRangeChanged.connect(self._smooth_if_shrunk)

    def show_map(self, values: Array, low: float, high: float, colour_map: str) -> None:
        """Show ``values`` ``(H, W)``; the zoom stays as it is unless the size is another one."""
        diverging = colormaps.get(colour_map).diverging
        indices = strips.to_indices(values[None], np.array([low]), np.array([high]), diverging=diverging)[0]
        # Colour indices, as in the mosaic: same colours, and NaN, infinity and huge spans are already dealt with.
        self.image.setImage(indices, autoLevels=False, levels=(0, 255), lut=self._table(colour_map))
        self.marks.set_map(values, indices, colour_map)
        height, width = values.shape
        if self._shape != (height, width):
            self._shape = (height, width)
            self.frame.setRect(0, 0, width, height)
            self.fit()
        self._pointer.refresh()

    def set_overlay(self, picture: NDArray[np.uint8] | None, opacity: float, place: QRectF) -> None:
        """Lay a picture ``(h, w, 3)`` over a place, in the map's pixels; 0 hides it, 1 hides the map."""
        self.overlay.setVisible(picture is not None and opacity > 0)
        if picture is not None and opacity > 0 and self._shape is not None:
            self.overlay.setImage(picture, autoLevels=False, levels=(0, 255))
            self.overlay.setRect(place)
            self.overlay.setOpacity(opacity)

    def set_veil(self, mask: NDArray[np.bool_] | None) -> None:
        """Fade the values ``(H, W)`` that are marked."""
        self.veil.setVisible(mask is not None)
        if mask is not None:
            ground = QColor(theme.current().canvas)
            colour = np.array([ground.red(), ground.green(), ground.blue(), _FADED], np.uint8)
            self.veil.setImage(mask[..., None] * colour, autoLevels=False, levels=(0, 255))

    def fit(self) -> None:
        """Show all of the map, as large as there is room for."""
        if self._shape is None:
            return
        height, width = self._shape
        reach = _ZOOM_OUT * max(height, width)
        self.box.setLimits(
            xMin=-reach,
            xMax=width + reach,
            yMin=-reach,
            yMax=height + reach,
            minXRange=0.5,
            minYRange=0.5,
        )
        self.box.setRange(QRectF(0, 0, width, height), padding=_PADDING)

    def part(self) -> QRectF:
        """Return which part of the map is in view, in shares of its width and height."""
        height, width = self._shape or (1, 1)
        seen, whole = self.box.viewRect(), QRectF(0, 0, width, height)
        # A tall view sees more around its map than a flat one beside it, in which the map would only be smaller.
        seen = seen.intersected(whole) if seen.intersects(whole) else seen
        return QRectF(seen.x() / width, seen.y() / height, seen.width() / width, seen.height() / height)

    def show_part(self, part: QRectF) -> None:
        """Show a part of the map, in shares of its width and height."""
        if self._shape is not None:
            height, width = self._shape
            place = QRectF(part.x() * width, part.y() * height, part.width() * width, part.height() * height)
            self.box.setRange(place, padding=_PADDING if place.contains(QRectF(0, 0, width, height)) else 0)

    def restyle(self) -> None:
        """Take the colours of the theme in force."""
        self.view.setBackground(theme.current().canvas)

    def _table(self, colour_map: str) -> NDArray[np.uint8]:
        packed = np.array(colormaps.table(colour_map, theme.current().surface), dtype=np.uint32)
        return np.stack([packed >> shift & 0xFF for shift in (16, 8, 0)], axis=1).astype(np.uint8)

    def _point(self, at: QPointF | None) -> None:
        cell = None if at is None else self._cell(at)
        self.marks.set_hover(cell)
        self.hovered.emit(cell)

    def _click(self, at: QPointF) -> None:
        if (cell := self._cell(at)) is not None:
            self.clicked.emit(cell)

    def _cell(self, at: QPointF) -> tuple[int, int] | None:
        if self._shape is None:
            return None
        y, x = int(np.floor(at.y())), int(np.floor(at.x()))
        return (y, x) if 0 <= y < self._shape[0] and 0 <= x < self._shape[1] else None

    def _smooth_if_shrunk(self) -> None:
        # Enlarged pixels keep their edges; of shrunk ones, the nearest alone would show stripes that are not there.
        shrunk = self.box.viewPixelSize()[0] > self.view.devicePixelRatioF()
        self.view.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, shrunk)
