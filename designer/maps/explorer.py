"""One feature map, large: to zoom and pan, with the values of its pixels and the numbers that describe it."""

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QLabel, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from designer.maps.beside import BesideBar
from designer.maps.companion import Companion
from designer.maps.explorer_header import ExplorerHeader
from designer.maps.explorer_parts import band, index_of, level, rule, strongest
from designer.maps.explorer_side import MeasureTable, RangeLine
from designer.maps.kernel_strip import KernelStrip
from designer.maps.layers import MapLayer, MapValue
from designer.maps.measures import colour_range, histogram, measure
from designer.maps.trace.keys import HINT, wish_of
from designer.maps.trace_marks import TraceMarks
from designer.tiles.look import Look
from designer.tiles.numbers import number_text
from designer.tiles.strips import Array
from engine.language import tr, tr_noop

if TYPE_CHECKING:
    from designer.maps.histogram_plot import HistogramPlot
    from designer.maps.image_plot import ImagePlot
    from designer.maps.vector_plot import VectorPlot

EMPTY = tr_noop("Click a map to see it here")
_HINT = tr_noop("Click a value to trace it · wheel zooms · drag pans · ← → other map · ↑ ↓ other layer")
_SIDE, _WIDE_SIDE = 176, 224  # width of what is beside the map
_WIDE = 760  # width from which it is the wide one
_HISTOGRAM, _LARGE_HISTOGRAM = 120, 156  # heights
_UNBOUND = 16_777_215  # QWIDGETSIZE_MAX
_TALL = 1.1  # height to width from which the numbers go below the map
_STEPS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}


class _Shown(NamedTuple):
    layer: MapLayer
    channel: int
    look: Look


class _Plots(NamedTuple):
    """What needs pyqtgraph."""

    image: "ImagePlot"
    vector: "VectorPlot"
    histogram: "HistogramPlot"


class MapExplorer(QWidget):
    """One map with its title, its values, their histogram and their measures; a vector as a bar plot.

    pyqtgraph, whose import is most of a start-up, is imported when the first map is shown.

    Signals
    -------
    step_requested
        Steps in layers and in maps: (0, 1) is the next map, (-1, 0) the previous layer. The receiver shows it.
    hovered
        The ``MapValue`` under the pointer, or None.
    trace_requested
        Node and index of a value that was clicked, or with Enter of the largest one.
    wished
        What the keys ask of a trace while there is one.
    map_shown
        Node and channel of the map that is shown now.
    kernel_asked
        Node, filter and channel of a kernel that was chosen from those beside the map.
    """

    step_requested = Signal(int, int)
    hovered = Signal(object)
    trace_requested = Signal(str, object)
    wished = Signal(object)
    map_shown = Signal(str, int)
    kernel_asked = Signal(str, int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("One map large; arrows step through maps and layers"))
        self._shown: _Shown | None = None
        self._plots: _Plots | None = None
        self._trace: TraceMarks | None = None
        self.bar = BesideBar()
        self.companion = Companion(self.bar, self)
        self.kernels = KernelStrip()
        self.header = ExplorerHeader()
        self.measures = MeasureTable()
        self.range_line = RangeLine()
        self.status = QLabel(tr(_HINT))
        self.empty = QLabel(tr(EMPTY))
        self.pages = QStackedWidget()
        self.stage = QStackedWidget()
        self._compose()
        self.header.step_requested.connect(self._step)
        self.header.fit_requested.connect(self.fit)
        self.kernels.told.connect(lambda text: self.status.setText(text or self._hint))
        self.kernels.chosen.connect(self._ask_kernel)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.measures.restyle()

    def show_map(self, layer: MapLayer, channel: int, look: Look) -> None:
        """Show one map of a layer, or mark one element of a vector.

        The zoom stays unless the map is of another size: values may change while one looks at a detail.

        Parameters
        ----------
        layer
            The layer whose map it is.
        channel
            Which map, counted from 0; beyond the last one is the last one, for a layer may have lost some.
        look
            How values become colours.
        """
        if layer.values.size == 0:
            self.clear(tr("{layer} has no values", layer=layer.title))
            return
        channel = min(max(channel, 0), len(layer.values) - 1)
        self._shown = _Shown(layer, channel, look)
        if self._plots is None:
            self._plots = self._make_plots()
            self._arrange()
        self.pages.setCurrentIndex(1)
        self._refresh(self._plots, self._shown)
        self.map_shown.emit(layer.node, channel)

    def clear(self, text: str | None = None) -> None:
        """Show no map but a text."""
        self._shown = None
        self.empty.setText(tr(EMPTY) if text is None else text)
        self.pages.setCurrentIndex(0)
        self.hovered.emit(None)

    def shown(self) -> tuple[str, int] | None:
        """Return the node and the channel of what is shown; None while nothing is."""
        return None if self._shown is None else (self._shown.layer.node, self._shown.channel)

    def set_trace(self, trace: TraceMarks | None) -> None:
        """Outline what a traced value depends on; the keys are then the trace's. None ends that."""
        self._trace = trace
        self._mark_trace()
        self.status.setText(self._hint)

    def fit(self) -> None:
        """Show all of the map, as large as there is room for."""
        if self._plots is not None and self._shown is not None:
            (self._plots.vector if self._shown.layer.is_vector else self._plots.image).fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Step with the arrow keys, fit with Home or F, trace with Enter; while there is a trace, work that."""
        wish = None if self._trace is None else wish_of(event)
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier or self._shown is None:
            super().keyPressEvent(event)
        elif wish is not None:
            self.wished.emit(wish)
        elif event.key() in _STEPS:
            self._step(*_STEPS[Qt.Key(event.key())])
        elif event.key() in (Qt.Key.Key_Home, Qt.Key.Key_F):
            self.fit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.trace_requested.emit(self._shown.layer.node, strongest(self._shown.layer, self._shown.channel))
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Take the colours of a new theme."""
        super().changeEvent(event)
        if event.type() != QEvent.Type.PaletteChange:
            return
        self.header.restyle()
        self.measures.restyle()
        if self._plots is not None:
            for plot in self._plots:
                plot.restyle()
            self.companion.restyle()
            if self._shown is not None:
                self._refresh(self._plots, self._shown)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the numbers beside the map where it is wide, below it where it is tall."""
        super().resizeEvent(event)
        self._arrange()

    def _refresh(self, plots: _Plots, shown: _Shown) -> None:
        layer, channel, look = shown
        low, high = colour_range(layer, channel, look)
        values: Array = layer.maps[:, 0, 0] if layer.is_vector else layer.maps[channel]
        self.header.show_map(layer, channel)
        self.measures.show_measures(measure(values))
        self.range_line.set_range(low, high)
        plots.histogram.show_histogram(histogram(values, low, high), low, high, look.colour_map)
        if layer.is_vector:
            self.stage.setCurrentWidget(plots.vector.view)
            plots.vector.show_vector(values, channel)
        else:
            self.stage.setCurrentWidget(plots.image.view)
            plots.image.show_map(values, low, high, look.colour_map)
        self._mark_trace()
        self.companion.show_by(plots.image, plots.vector, look.colour_map, is_vector=layer.is_vector)

    def _mark_trace(self) -> None:
        if self._plots is None or self._shown is None:
            return
        layer, channel, _ = self._shown
        field, traced = (None, None) if self._trace is None else self._trace.on_map(layer.node, channel)
        self._plots.image.marks.set_trace(field, traced)

    @property
    def _hint(self) -> str:
        return tr(_HINT if self._trace is None else HINT)

    def _step(self, layers: int, maps: int) -> None:
        if self._shown is not None and 0 <= self._shown.channel + maps < len(self._shown.layer.values):
            self.step_requested.emit(layers, maps)

    def _hover_pixel(self, pixel: tuple[int, int] | None) -> None:
        if self._shown is None or self._shown.layer.is_vector or pixel is None:
            self._tell(None, self._hint)
            return
        layer, channel, _ = self._shown
        y, x = pixel
        value = float(layer.maps[channel, y, x])
        self._tell(MapValue(layer.node, layer.title, channel, y, x, value), f"(y {y}, x {x}) = {number_text(value, 6)}")

    def _trace_pixel(self, pixel: tuple[int, int]) -> None:
        if self._shown is not None and not self._shown.layer.is_vector:
            self.trace_requested.emit(self._shown.layer.node, (self._shown.channel, *pixel))

    def _trace_element(self, element: int) -> None:
        if self._shown is not None and self._shown.layer.is_vector:
            self.trace_requested.emit(self._shown.layer.node, index_of(self._shown.layer, element))

    def _hover_element(self, element: int | None) -> None:
        if self._shown is None or not self._shown.layer.is_vector or element is None:
            self._tell(None, self._hint)
            return
        layer = self._shown.layer
        value = float(layer.maps[element, 0, 0])
        at = None if layer.values.ndim == 1 else 0
        told = MapValue(layer.node, layer.title, element, at, at, value)
        self._tell(told, tr("element {number} = {value}", number=element, value=number_text(value, 6)))

    def _ask_kernel(self, channel: int) -> None:
        if self._shown is not None:
            self.kernel_asked.emit(self._shown.layer.node, self._shown.channel, channel)

    def _tell(self, value: MapValue | None, text: str) -> None:
        self.status.setText(text)
        if self._plots is not None:
            self._plots.histogram.show_value(None if value is None else value.value)
        self.hovered.emit(value)

    def _make_plots(self) -> _Plots:
        from designer.maps.histogram_plot import HistogramPlot
        from designer.maps.image_plot import ImagePlot
        from designer.maps.vector_plot import VectorPlot

        plots = _Plots(ImagePlot(self), VectorPlot(self), HistogramPlot(self))
        self.stage.addWidget(plots.image.view)
        self.stage.addWidget(plots.vector.view)
        self._spread.insertWidget(0, plots.histogram.view)
        plots.image.hovered.connect(self._hover_pixel)
        plots.vector.hovered.connect(self._hover_element)
        plots.image.clicked.connect(self._trace_pixel)
        plots.vector.clicked.connect(self._trace_element)
        return plots

    def _compose(self) -> None:
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setWordWrap(True)
        self.empty.setProperty("role", "muted")
        self.status.setProperty("role", "muted")
        self.status.setAccessibleName(tr("Value under the pointer"))
        self.status.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._spread = QVBoxLayout()
        self._spread.setSpacing(2)
        self._spread.addWidget(self.range_line)
        self._side = band()
        self._numbers = QBoxLayout(QBoxLayout.Direction.TopToBottom, self._side)
        self._numbers.setContentsMargins(12, 12, 12, 10)
        self._numbers.setSpacing(12)
        self._numbers.addLayout(self._spread)
        self._numbers.addWidget(self.measures)
        self._numbers.addWidget(self.kernels)
        self._numbers.addStretch()
        self._split = rule()
        self._body = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._body.setSpacing(0)
        self._body.addWidget(self.stage, 1)
        self._body.addWidget(self.companion.place, 1)
        self._body.addWidget(self._split)
        self._body.addWidget(self._side)
        self._stack()

    def _stack(self) -> None:
        foot = band()
        line = QVBoxLayout(foot)
        line.setContentsMargins(12, 4, 12, 5)
        line.addWidget(self.status)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self.bar)
        column.addWidget(level())
        column.addLayout(self._body, 1)
        column.addWidget(level())
        column.addWidget(foot)
        ground = band()
        QVBoxLayout(ground).addWidget(self.empty)
        self.pages.addWidget(ground)
        self.pages.addWidget(page)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.pages)

    def _arrange(self) -> None:
        tall = self.height() > self.width() * _TALL
        self._body.setDirection(QBoxLayout.Direction.TopToBottom if tall else QBoxLayout.Direction.LeftToRight)
        self._numbers.setDirection(QBoxLayout.Direction.LeftToRight if tall else QBoxLayout.Direction.TopToBottom)
        self._numbers.setStretch(0, int(tall))
        self._numbers.setStretch(1, int(tall))
        wide = self.width() >= _WIDE and not tall
        side = _WIDE_SIDE if wide else _SIDE
        # Below the map, the numbers may be as wide as it.
        self._side.setMinimumWidth(0 if tall else side)
        self._side.setMaximumWidth(_UNBOUND if tall else side)
        self._split.setMaximumSize(_UNBOUND if tall else 1, 1 if tall else _UNBOUND)
        if self._plots is not None:
            self._plots.histogram.view.setFixedHeight(_LARGE_HISTOGRAM if wide else _HISTOGRAM)
