"""How the values of a map are spread, above the colours they get. Imports pyqtgraph: import this module late."""

from math import isfinite

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QObject, QRectF, Qt
from PySide6.QtWidgets import QWidget

from designer import theme
from designer.maps.measures import Histogram, position
from designer.tiles import colormaps, strips
from designer.wording import percent
from engine.language import tr

_RAMP = QRectF(0, -0.24, 1, 0.16)  # the colour bar, below bars that are at most 1 high
_BOTTOM, _TOP, _CUT = -0.26, 1.32, 1.06  # above the cut there is room for a line of text
_SPIKE = 4.0  # a bin this many times as full as the next one would flatten all others: it is cut off


class HistogramPlot(QObject):
    """Bars along a colour bar, a line at 0, and one at the value under the pointer.

    Positions along the bar are shares of it: values as small as 1e-40 and as large as 1e38 are no trouble then.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.view = pg.PlotWidget(background=theme.current().surface, enableMenu=False)
        self.view.setAccessibleName(tr("Histogram of the map’s values"))
        self.view.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        plot = self.view.getPlotItem()
        plot.hideButtons()
        for side in ("left", "bottom"):
            plot.hideAxis(side)
        plot.layout.setContentsMargins(0, 0, 0, 0)
        plot.setRange(xRange=(0, 1), yRange=(_BOTTOM, _TOP), padding=0)
        self.bars = pg.BarGraphItem(x0=[0.0], width=0.0, height=[0.0])
        self.ramp = pg.ImageItem(axisOrder="row-major")
        self.zero = pg.InfiniteLine(0, angle=90)
        self.value = pg.InfiniteLine(0, angle=90)
        self.cut = pg.TextItem("")
        for item in (self.ramp, self.bars, self.zero, self.value, self.cut):
            plot.addItem(item, ignoreBounds=True)
        for line in (self.zero, self.value):
            line.setSpan(0, (_CUT - _BOTTOM) / (_TOP - _BOTTOM))
        self.value.hide()
        self._range = (0.0, 0.0)
        self.restyle()

    def show_histogram(self, spread: Histogram, low: float, high: float, colour_map: str) -> None:
        """Show a histogram over a colour bar from ``low`` to ``high``."""
        self._range = (low, high)
        self._show_bars(spread)
        self.ramp.setVisible(low <= high)
        if low <= high:
            self._show_ramp(colour_map)
        self.zero.setVisible(low < 0 < high)
        if low < 0 < high:
            self.zero.setValue(position(0.0, low, high))

    def show_value(self, value: float | None) -> None:
        """Mark the value under the pointer."""
        low, high = self._range
        visible = value is not None and isfinite(value) and low < high
        self.value.setVisible(visible)
        if visible and value is not None:
            self.value.setValue(position(value, low, high))

    def restyle(self) -> None:
        """Take the colours of the theme in force."""
        colours = theme.current()
        self.view.setBackground(colours.surface)
        self.bars.setOpts(brush=colours.accent, pen=None)
        self.zero.setPen(pg.mkPen(colours.muted, style=Qt.PenStyle.DashLine))
        self.value.setPen(pg.mkPen(colours.text, width=2))
        self.cut.setColor(colours.text)
        self.cut.setFont(theme.font(8))

    def _show_ramp(self, colour_map: str) -> None:
        low, high = self._range
        values = np.linspace(low, high, colormaps.TOP + 1)[None, None]
        diverging = colormaps.get(colour_map).diverging
        # By the rule for maps: where all values are the same, the bar has their one colour.
        ramp = strips.to_indices(values, np.array([low]), np.array([high]), diverging=diverging)[0]
        self.ramp.setImage(ramp, autoLevels=False, levels=(0, colormaps.TOP), lut=colormaps.colours(colour_map))
        self.ramp.setRect(_RAMP)

    def _show_bars(self, spread: Histogram) -> None:
        count = len(spread.shares)
        width = spread.width / max(1, count)
        ordered = np.sort(spread.shares)[::-1]
        spiky = count > 1 and 0 < ordered[1] * _SPIKE < ordered[0]
        full = ordered[1] * 1.6 if spiky else max(ordered[0], 1e-9) if count else 1.0
        starts = spread.start + width * np.arange(count)
        self.bars.setOpts(x0=starts, width=width, height=np.minimum(spread.shares / full, _CUT))
        self.cut.setVisible(bool(spiky))
        if spiky:
            tallest = int(np.argmax(spread.shares))
            centre = starts[tallest] + width / 2
            # An arrow and its share say that the bar goes on; the text is inside the plot wherever the bar is.
            self.cut.setText(f"↑ {percent(float(spread.shares[tallest]), 0)}")
            self.cut.setAnchor((min(max(centre, 0), 1), 1))
            self.cut.setPos(centre, _CUT - 0.06)
