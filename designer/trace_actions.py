"""Tracing: which value is taken apart, the way upstream and back, and where it is shown."""

from PySide6.QtCore import QObject, QRectF, Signal, Slot
from PySide6.QtWidgets import QDockWidget, QWidget

from designer.map_actions import MapActions
from designer.maps.explorer import MapExplorer
from designer.maps.panel import MapsPanel
from designer.maps.trace.keys import Back, End, Follow, Move, Upstream, Wish
from designer.maps.trace.panel import Traced, TracePanel
from designer.maps.trace.views import card, place_text
from designer.maps.trace_marks import TraceMarks
from designer.panels.image_view import ImageView
from designer.run_actions import RunActions
from designer.runner import RunResult
from designer.tiles.numbers import number_text
from engine import Input, Place, Trace, TraceError, following, trace
from engine.images import frame


class TraceActions(QObject):
    """Traces a value on a click, and walks from it as the keys and the card ask."""

    told = Signal(str)  # which value is traced now, for the status bar and for screen readers

    def __init__(
        self,
        runs: RunActions,
        maps: MapsPanel,
        looks: MapActions,
        image_view: ImageView,
        panel: TracePanel,
        dock: QDockWidget,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._runs, self._maps, self._looks, self._image_view = runs, maps, looks, image_view
        self._explorer: MapExplorer = looks.explorer
        self._panel, self._dock, self._window = panel, dock, window
        self._path: list[Place] = []
        self._result: RunResult | None = None
        maps.mosaic.trace_requested.connect(self.open)
        maps.look_changed.connect(lambda _: self._show())
        self._explorer.trace_requested.connect(self.open)
        self._explorer.wished.connect(self.wish)
        panel.wished.connect(self.wish)
        dock.visibilityChanged.connect(self._on_visibility)

    @property
    def path(self) -> tuple[Place, ...]:
        """The values that one came through; the last one is shown."""
        return tuple(self._path)

    @Slot(str, object)
    def open(self, node: str, index: tuple[int, ...]) -> None:
        """Trace a value, as the first of a way."""
        self._path = [Place(node, index)]
        if self._dock.isHidden():
            if self._dock.isFloating():
                corner = self._window.frameGeometry().topLeft()
                self._dock.move(corner.x() + self._window.width() // 3, corner.y() + self._window.height() // 12)
            self._dock.show()
        self._dock.raise_()
        self._show()

    @Slot(object)
    def wish(self, wish: Wish) -> None:
        """Do what was asked of the trace."""
        if not self._path:
            return
        if isinstance(wish, End):
            self.end()
        elif isinstance(wish, Move):
            self._move(wish)
        elif isinstance(wish, Back):
            kept = len(self._path) - 1 if wish.kept is None else wish.kept
            self._path = self._path[: max(1, kept)]
            self._show()
        elif isinstance(wish, Follow):
            self._path.append(Place(wish.node, wish.index))
            self._show()
        elif isinstance(wish, Upstream):
            self._go_upstream(wish)

    def end(self) -> None:
        """Show no trace any more."""
        self._path = []
        self._dock.hide()
        self._clear()

    @Slot(object)
    def refresh(self, _: object = None) -> None:
        """Trace the same value in the maps of a new run; end where there is no such value any more."""
        if self._path and self._runs.result is not self._result:
            self._show()

    def _go_upstream(self, wish: Upstream) -> None:
        shown = self._panel.shown()
        if shown is None:
            return
        cell = wish.cell if wish.cell is not None else card(shown.trace.explanation, shown.sources).strongest
        place = None if cell is None else shown.trace.source(cell)
        if place is not None:
            self._path.append(place)
            self._show()

    def _move(self, wish: Move) -> None:
        """Move the traced value; the way that led here is no longer its way."""
        if self._result is None:
            return
        node, index = self._path[-1].node, self._path[-1].index
        shape = self._result.maps[node].shape
        # The elements of a vector lie in one line: every arrow walks along it.
        steps = (wish.channel, wish.y, wish.x)
        if len(index) == 1 or shape[1:] == (1, 1):
            steps = (sum(steps), 0, 0)
        moved = tuple(min(max(at + by, 0), size - 1) for at, by, size in zip(index, steps, shape, strict=False))
        if moved != index:
            self._path = [Place(node, moved)]
            self._show()

    def _show(self) -> None:
        self._result = self._runs.result
        if not self._path:
            return
        try:
            traced = None if self._result is None else self._traced(self._result, self._path[-1])
        except TraceError:
            traced = None
        if traced is None:
            self._path = []
            self._clear()
            return
        self._panel.show_trace(traced, self._maps.look().colour_map)
        self._mark(traced.trace)
        value = number_text(float(traced.trace.value), 6)
        self.told.emit(f"{traced.title}, {place_text(traced.trace.index)} = {value}")

    def _traced(self, result: RunResult, place: Place) -> Traced:
        request = result.request
        graph, analysis = request.network.graph, request.analysis
        found = trace(graph, result.weights, result.maps, place.node, place.index, analysis=analysis)
        onward = following(graph, result.weights, result.maps, place, analysis=analysis)
        return Traced(
            found,
            graph.node(place.node).label,
            graph.node(place.node).layer.title,
            tuple(graph.node(source).label for source in found.sources),
            tuple(_name(graph.node(one.node).label, one.index) for one in self._path),
            result.maps[found.image],
            tuple((graph.node(one.node).label, one) for one in onward),
        )

    def _mark(self, found: Trace) -> None:
        marks = TraceMarks(found.node, found.index, found.fields)
        self._maps.mosaic.set_trace(marks)
        self._explorer.set_trace(marks)
        self._looks.follow(found.node, found.index[0])
        self._image_view.set_mark(self._on_file(found))

    def _on_file(self, found: Trace) -> QRectF | None:
        """Return the field on the image file, in shares of its width and height."""
        assert self._result is not None
        layer = self._result.request.network.graph.node(found.image).layer
        inside, size = found.field.inside, self._runs.image_size
        if inside is None or size is None or not isinstance(layer, Input):
            return None
        left, top, width, height = frame(size, layer)
        box = QRectF(inside.left - left, inside.top - top, inside.right - inside.left, inside.bottom - inside.top)
        shares = QRectF(box.x() / width, box.y() / height, box.width() / width, box.height() / height)
        return shares.intersected(QRectF(0, 0, 1, 1))

    def _clear(self) -> None:
        self._panel.clear()
        self._maps.mosaic.set_trace(None)
        self._explorer.set_trace(None)
        self._image_view.set_mark(None)

    def _on_visibility(self, _: bool) -> None:
        # A dock behind another tab is not hidden: its trace goes on.
        if self._dock.isHidden() and self._path and self._window.isVisible():
            self.end()


def _name(label: str, index: tuple[int, ...]) -> str:
    return f"{label}[{', '.join(map(str, index))}]"
