"""The elements of a vector as bars to zoom and pan. Imports pyqtgraph: import this module late."""

from math import ceil, floor

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from designer import theme
from designer.maps.pointer import Pointer
from designer.tiles.strips import Array
from engine.language import decimal_mark, tr

_MAX_RECTS = 2048  # more bars than this in view are narrower than a pixel: neighbours are drawn as one
_MARGIN = 0.06  # above and below the bars, as a share of the plot's height
_GAP = 0.14  # on each side of a bar, as a share of its room


class Bars(QGraphicsItem):
    """One bar per element, from 0 to its value; a red stripe where the value is NaN or infinity.

    pyqtgraph's own bars are all drawn, and all tested for the pointer, even the twenty thousand that are not in view.
    """

    def __init__(self) -> None:
        super().__init__()
        self._values: Array = np.zeros(1, dtype=np.float32)
        self._finite = np.ones(1, dtype=bool)
        self._room = QRectF(-0.5, -1, 1, 2)
        self.faded: NDArray[np.bool_] | None = None
        self.selected: int | None = None
        self.hover: int | None = None
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)

    def set_values(self, values: Array, room: QRectF) -> None:
        """Show ``values`` ``(N,)`` inside ``room``."""
        self.prepareGeometryChange()
        self._finite = np.isfinite(values)
        self._values = np.where(self._finite, values, 0)
        self._room = room
        self.update()

    def boundingRect(self) -> QRectF:
        """Return the room that was given."""
        return self._room

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Paint the bars that are in view."""
        exposed: QRectF = option.exposedRect
        first = max(0, floor(exposed.left() + 0.5))
        last = min(len(self._values), ceil(exposed.right() + 0.5))
        colours = theme.current()
        painter.setPen(Qt.PenStyle.NoPen)
        for index, colour in ((self.hover, colours.hover), (self.selected, colours.selection)):
            if index is not None:
                painter.fillRect(self._column(index), QColor(colour))
        painter.setBrush(QColor(colours.accent))
        rects = self._rects(first, last)
        painter.drawRects(rects)
        if self.faded is not None and len(self.faded) == len(self._values) and len(rects) == last - first:
            painter.setBrush(QColor(colours.wire))
            painter.drawRects([rects[place] for place in np.flatnonzero(self.faded[first:last]).tolist()])
        for index in np.flatnonzero(~self._finite[first:last])[:_MAX_RECTS] + first:
            painter.fillRect(self._column(int(index)).adjusted(_GAP, 0, -_GAP, 0), QColor(colours.error))

    def _rects(self, first: int, last: int) -> list[QRectF]:
        shown = self._values[first:last].astype(np.float64)
        step = -(-len(shown) // _MAX_RECTS)
        if step <= 1:
            return [QRectF(first + k - 0.5 + _GAP, 0, 1 - 2 * _GAP, value) for k, value in enumerate(shown.tolist())]
        starts = np.arange(0, len(shown), step)
        low = np.minimum(np.minimum.reduceat(shown, starts), 0)
        high = np.maximum(np.maximum.reduceat(shown, starts), 0)
        return [
            QRectF(first + start - 0.5, bottom, step, top - bottom)
            for start, bottom, top in zip(starts.tolist(), low.tolist(), high.tolist(), strict=True)
        ]

    def _column(self, index: int) -> QRectF:
        return QRectF(index - 0.5, self._room.top(), 1, self._room.height())


class Ruler(pg.AxisItem):  # type: ignore[misc]
    """An axis whose numbers are written as the language writes them."""

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        """Return what stands at the marks."""
        texts: list[str] = super().tickStrings(values, scale, spacing)
        return [text.replace("-", "−").replace(".", decimal_mark()) for text in texts]


class VectorPlot(QObject):
    """A bar plot; ``hovered`` carries the index of the element under the pointer, or None; ``clicked`` one that was."""

    hovered = Signal(object)
    clicked = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        rulers = {side: Ruler(side) for side in ("left", "bottom")}
        self.view = pg.PlotWidget(background=theme.current().surface, enableMenu=False, axisItems=rulers)
        self.view.setAccessibleName(tr("The vector as bars"))
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the keys are the explorer's
        self.view.setMinimumSize(120, 120)
        self.view.hideButtons()
        self.view.setMouseEnabled(x=True, y=False)
        self.view.getPlotItem().layout.setContentsMargins(8, 10, 12, 6)
        self.box = self.view.getViewBox()
        self.bars = Bars()
        self.box.addItem(self.bars, ignoreBounds=True)
        self.zero = pg.InfiniteLine(0, angle=0)
        self.box.addItem(self.zero, ignoreBounds=True)
        self._size: int | None = None
        self._pointer = Pointer(self.view, self.box)
        self._pointer.moved.connect(self._point)
        self._pointer.clicked.connect(self._click)
        self.restyle()

    def show_vector(self, values: Array, selected: int) -> None:
        """Show ``values`` ``(N,)`` and mark one element; the zoom stays unless the length is another one."""
        finite = np.isfinite(values)
        bottom = float(values.min(where=finite, initial=0.0))
        top = float(values.max(where=finite, initial=0.0))
        if bottom == top or not np.isfinite(top - bottom):
            bottom, top = -1.0, 1.0
        margin = (top - bottom) * _MARGIN
        room = QRectF(-0.5, bottom - margin, len(values), top - bottom + 2 * margin)
        self.bars.selected = selected
        self.bars.set_values(values, room)
        self.box.setYRange(room.top(), room.bottom(), padding=0)
        if self._size != len(values):
            self._size = len(values)
            self.fit()
        self._pointer.refresh()

    def set_faded(self, mask: NDArray[np.bool_] | None) -> None:
        """Fade the elements that are marked."""
        self.bars.faded = mask
        self.bars.update()

    def part(self) -> tuple[float, float]:
        """Return which elements are in view, in shares of their number."""
        (left, right), size = self.box.viewRange()[0], self._size or 1
        return (left + 0.5) / size, (right + 0.5) / size

    def show_part(self, left: float, right: float) -> None:
        """Show a part of the elements, in shares of their number."""
        if self._size is not None:
            self.box.setXRange(left * self._size - 0.5, right * self._size - 0.5, padding=0)

    def fit(self) -> None:
        """Show all elements."""
        if self._size is None:
            return
        self.box.setLimits(xMin=-1, xMax=self._size, minXRange=min(4, self._size))
        self.box.setXRange(-0.5, self._size - 0.5, padding=0)

    def restyle(self) -> None:
        """Take the colours of the theme in force."""
        colours = theme.current()
        self.view.setBackground(colours.surface)
        self.zero.setPen(pg.mkPen(colours.wire))
        for side in ("left", "bottom"):
            axis = self.view.getAxis(side)
            axis.enableAutoSIPrefix(False)
            axis.setStyle(tickFont=theme.font(8.5), tickLength=-4, maxTickLevel=0)
            axis.setPen(pg.mkPen(colours.border))
            axis.setTextPen(pg.mkPen(colours.muted))
        self.bars.update()

    def _click(self, at: QPointF) -> None:
        if (index := self._element(at)) is not None:
            self.clicked.emit(index)

    def _element(self, at: QPointF) -> int | None:
        index = floor(at.x() + 0.5)
        return index if 0 <= index < (self._size or 0) else None

    def _point(self, at: QPointF | None) -> None:
        index = None if at is None else self._element(at)
        self.bars.hover = index
        self.bars.update()
        self.hovered.emit(index)
