"""One place of the maps that come in, one of the map that goes out: activations, sums of branches, rearrangements."""

from functools import cached_property
from math import isfinite

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from designer import theme
from designer.lessons import marks
from designer.lessons.scene import Scene, above, flat, stacked
from designer.lessons.tile import Tile
from designer.tiles.numbers import number_text
from designer.tiles.strips import Array
from engine import ActivationExplanation, CopyExplanation, MergeExplanation, ReLUExplanation, Step
from engine.language import tr, tr_noop
from engine.layers.explanation import Source
from engine.layers.region import as_volume
from engine.shape import Shape

_MARKED = 64  # cells that are marked at most
_PLOT = 220  # side of the plot of a function, at most
_SIGNS = {
    "sum": "+",
    "difference": "−",
    "product": "×",
    "maximum": "max",
    "minimum": "min",
    "mean": tr_noop("mean"),
}


class PointScene(Scene):
    """The values that a value comes of, marked on their maps; between them and the output stands what is done."""

    def lay_out(self, size: QSizeF) -> None:
        """Find the places for a picture of a size."""
        plotted = isinstance(self.steps.explain(self.steps.index(0)), ActivationExplanation)
        self.inputs_share, self.output_share = (0.34, 0.34) if plotted else (0.44, 0.4)
        super().lay_out(size)
        self._tiles: dict[tuple[int, int], Tile] = {}

    def paint_inputs(self, painter: QPainter, step: Step, glide: float) -> None:
        """Paint the map that the value is of, for each branch, with the values that take part in it."""
        by_map: dict[tuple[int, int], list[Source]] = {}
        for source in self._sources(step):
            by_map.setdefault(self._map_of(source), []).append(source)
        self._shown = list(by_map) or [(0, 0)]
        most = max(1, min(len(self._shown), 4))
        for key, area in zip(self._shown, stacked(self.inputs, most), strict=False):
            tile = self._tile(key)
            tile.place(area)
            marks.title(painter, above(tile.whole, self.inputs), self._name(key[0]), self._channel_note(key))
            tile.paint(painter)
            for source in by_map.get(key, ()):
                marks.outline(painter, tile.cells(*self._cell_of(source, tile)))

    def paint_middle(self, painter: QPainter, step: Step) -> None:
        """Paint the curve of a function, or the sign of what joins branches."""
        found = step.explanation
        if isinstance(found, ActivationExplanation):
            self._paint_curve(painter, found)
            return
        text = _SIGNS[found.operation] if isinstance(found, MergeExplanation) else "→"
        marks.sign(painter, self.middle, text)

    def hit_input(self, point: QPointF) -> int | None:
        """Return the step that a click on an input leads to."""
        for (port, channel), tile in self._tiles.items():
            cell = tile.at(point) if (port, channel) in self._shown else None
            if cell is not None and self.steps.result.inputs[port].ndim == 3:
                return self.steps.at_input(channel, *cell, port=port)
            if cell is not None:
                return self.steps.at_input(cell[0] * tile.values.shape[1] + cell[1], 0, 0, port=port)
        return None

    @property
    def rows(self) -> int:
        """How many maps are shown below each other."""
        return len(self.steps.result.inputs)

    def _sources(self, step: Step) -> list[Source]:
        found = step.explanation
        cells = [tuple(cell) for cell in np.ndindex(found.numbers.shape[:3])][:_MARKED]
        return [source for cell in cells if (source := found.source(cell)) is not None]

    def _map_of(self, source: Source) -> tuple[int, int]:
        volume = self.steps.result.inputs[source.port].ndim == 3
        return source.port, source.index[0] if volume else 0

    def _cell_of(self, source: Source, tile: Tile) -> tuple[int, int]:
        if len(source.index) == 3:
            return source.index[1], source.index[2]
        y, x = divmod(source.index[0], int(tile.values.shape[1]))
        return y, x

    def _tile(self, key: tuple[int, int]) -> Tile:
        port, channel = key
        if key not in self._tiles:
            self._tiles[key] = flat(self.steps.result.inputs[port], channel, self.input_scale)
        return self._tiles[key]

    def _name(self, port: int) -> str:
        return self.names.sources[port] if port < len(self.names.sources) else tr("Input")

    def _channel_note(self, key: tuple[int, int]) -> str:
        values = self.steps.result.inputs[key[0]]
        return (
            tr("map {number} of {count:,}", number=key[1], count=len(values))
            if values.ndim == 3
            else tr("{count:,} values", count=len(values))
        )

    # The curve of a function

    @cached_property
    def _reach(self) -> float:
        """How far the axes go."""
        return max(self.input_scale.largest, 1e-6)

    @cached_property
    def _curve(self) -> tuple[Array, Array]:
        """The function, drawn from what the layer itself makes of evenly spaced numbers."""
        source = self.steps.result.inputs[0]
        at = np.linspace(-self._reach, self._reach, 241, dtype=np.float32)
        depth = as_volume(Shape(*source.shape))[0]
        block = np.broadcast_to(at if source.ndim == 3 else at[:, None], self._block(source.ndim, depth, len(at)))
        if source.ndim == 3:
            made = self.steps.layer.forward((np.ascontiguousarray(block),), self.steps.result.weights)
            return at, made[0, self.steps.channel, 0]
        made = self.steps.layer.forward((np.ascontiguousarray(block),), self.steps.result.weights)
        return at, made[:, 0]

    @staticmethod
    def _block(axes: int, depth: int, count: int) -> tuple[int, ...]:
        return (1, depth, 1, count) if axes == 3 else (count, depth)

    def _paint_curve(self, painter: QPainter, found: ActivationExplanation) -> None:
        colours = theme.current()
        side = min(self.middle.width(), self.middle.height() - 40, _PLOT)
        box = QRectF(self.middle.center().x() - side / 2, self.middle.center().y() - side / 2, side, side)
        reach = self._reach
        at, made = self._curve

        def place(x: float, y: float) -> QPointF:
            return QPointF(box.center().x() + x / reach * side / 2, box.center().y() - y / reach * side / 2)

        painter.fillRect(box, QColor(colours.raised))
        if isinstance(found, ReLUExplanation):
            lost = QColor(colours.error)
            lost.setAlpha(28)
            painter.fillRect(QRectF(box.x(), box.y(), side / 2, side), lost)
        painter.setPen(QPen(QColor(colours.border), 1))
        painter.drawRect(box)
        painter.drawLine(place(-reach, 0), place(reach, 0))
        painter.drawLine(place(0, -reach), place(0, reach))
        painter.save()
        painter.setClipRect(box)
        painter.setPen(QPen(QColor(colours.family("activation")), 2))
        painter.drawPolyline(QPolygonF([place(float(x), float(y)) for x, y in zip(at, made, strict=True)]))
        if isfinite(found.before) and isfinite(found.total):
            dot = place(found.before, found.total)
            painter.setPen(QPen(QColor(colours.accent), 1, Qt.PenStyle.DashLine))
            painter.drawLine(place(found.before, 0), dot)
            painter.drawLine(place(0, found.total), dot)
            painter.setClipRect(box.adjusted(-6, -6, 6, 6))
            painter.setPen(QPen(QColor(colours.surface), 1.5))
            painter.setBrush(QColor(colours.accent))
            painter.drawEllipse(dot, 5, 5)
        painter.restore()
        self._paint_axes(painter, box, found)

    def _paint_axes(self, painter: QPainter, box: QRectF, found: ActivationExplanation) -> None:
        colours = theme.current()
        painter.setFont(theme.font(8.5))
        painter.setPen(QColor(colours.muted))
        below = QRectF(box.x() - 10, box.bottom() + 3, box.width() + 20, 16)
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft, number_text(-self._reach, 3))
        painter.drawText(below, Qt.AlignmentFlag.AlignRight, number_text(self._reach, 3))
        clipped = isinstance(found, ReLUExplanation) and found.clipped
        name = tr("a negative value becomes 0") if clipped else found.function
        note = QRectF(self.middle.x() - 14, box.y() - 22, self.middle.width() + 28, 18)
        painter.setPen(QColor(colours.error if clipped else colours.muted))
        painter.drawText(note, Qt.AlignmentFlag.AlignCenter, name)


class FlattenScene(PointScene):
    """All maps of a volume side by side, and the vector that they are laid out into."""

    def paint_inputs(self, painter: QPainter, step: Step, glide: float) -> None:
        """Paint all maps, or those around the one at work, and mark the pixel."""
        found = step.explanation
        assert isinstance(found, CopyExplanation)
        at = found.origin.index if found.origin is not None else (0, 0, 0)
        self._shown = []
        depth = len(self.steps.result.inputs[0])
        columns, rows = self._grid(depth)
        first = at[0] // (columns * rows) * columns * rows
        width, height = self.inputs.width() / columns, self.inputs.height() / rows
        marks.title(painter, above(self.inputs, self.inputs), self._name(0), tr("{depth:,} maps", depth=depth))
        for place, channel in enumerate(range(first, min(first + columns * rows, depth))):
            row, column = divmod(place, columns)
            area = QRectF(self.inputs.x() + column * width, self.inputs.y() + row * height, width - 6, height - 6)
            tile = self._tile((0, channel))
            tile.place(area)
            tile.paint(painter)
            self._shown.append((0, channel))
            if channel == at[0]:
                muted = QColor(theme.current().muted).name()
                marks.outline(painter, tile.rect.adjusted(-1.5, -1.5, 1.5, 1.5), muted, 1)
                self._pixel = tile.cells(at[1], at[2])

    def paint_middle(self, painter: QPainter, step: Step) -> None:
        """Paint nothing: nothing is computed."""

    def paint_output(self, painter: QPainter, step: Step) -> None:
        """Paint the vector, and a line from the pixel to its place in it."""
        super().paint_output(painter, step)
        cell = self.outputs[0][1].cells(*self.place_of(step))
        marks.link(painter, self._pixel, cell)
        marks.outline(painter, self._pixel)
        marks.outline(painter, cell)

    def _grid(self, depth: int) -> tuple[int, int]:
        """Return columns and rows of maps that leave them large enough to point at."""
        _, height, width = self.steps.result.inputs[0].shape
        best, size = (1, 1), 0.0
        for columns in range(1, min(depth, 16) + 1):
            rows = -(-depth // columns)
            side = min(self.inputs.width() / columns / width, self.inputs.height() / rows / height)
            if side > size:
                best, size = (columns, rows), side
        if size * max(height, width) < 24:
            fit = max(1, int(self.inputs.width() // 40)), max(1, int(self.inputs.height() // 40))
            return min(fit[0], depth), min(fit[1], -(-depth // fit[0]))
        return best
