"""A window slides: convolution of all kinds, and pooling; each input channel on a row of its own."""

from functools import cached_property

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter

from designer import theme
from designer.lessons import marks
from designer.lessons.marks import Word
from designer.lessons.scales import DIVERGING, Scale
from designer.lessons.scene import HEAD, Scene, above, stacked
from designer.lessons.tile import Tile
from designer.tiles.numbers import number_text
from engine import ConvExplanation, Grain, MaxExplanation, Step
from engine.language import tr, tr_noop
from engine.layers.explanation import Patch, SeparableExplanation, WindowExplanation
from engine.steps import ring

_SIGN = 24  # between two grids
_SUM = 78  # what a channel comes to
_CELL = 46  # the largest one of a patch
_RGB = (tr_noop("red"), tr_noop("green"), tr_noop("blue"))


class WindowScene(Scene):
    """Input maps with the window on their padded border, what lies under it times the kernel, and the sums."""

    _tiles: list[tuple[int, Tile]]
    _shown = (-1, -1)

    @cached_property
    def found(self) -> WindowExplanation:
        """The first value's arithmetic, which says how large everything is."""
        made = self.steps.explain(self.steps.index(0))
        assert isinstance(made, WindowExplanation)
        return made

    @property
    def depth(self) -> int:
        """How many input channels the window covers."""
        values = self.found.patch.values
        return len(values) if values.ndim == 3 else 1

    @property
    def rows(self) -> int:
        """How many input channels are shown below each other."""
        return min(self.depth, self.most)

    def lay_out(self, size: QSizeF) -> None:
        """Find the places for a picture of a size."""
        if isinstance(self.found, ConvExplanation | SeparableExplanation):
            self.inputs_share, self.output_share = 0.26, 0.24
        else:
            self.inputs_share, self.output_share = 0.38, 0.36
        super().lay_out(size)
        weights = self.steps.result.weights.get("weight")
        self._kernels = Scale.of(weights, DIVERGING) if weights is not None else None
        self._shown = (-1, -1)
        self._show(self.steps[0])

    def paint(self, painter: QPainter, step: Step, glide: float = 1.0) -> None:
        """Paint a step; the rows follow the channel that is at work."""
        self._show(step)
        super().paint(painter, step, glide)

    def paint_inputs(self, painter: QPainter, step: Step, glide: float) -> None:
        """Paint each input map, and the window where it is on its way to."""
        assert isinstance(step.explanation, WindowExplanation)
        now = _window(step.explanation.patch)
        if glide < 1 and step.number >= self.steps.terms:
            before = self.steps.explain(self.steps.index(step.number // self.steps.terms - 1))
            assert isinstance(before, WindowExplanation)
            then = _window(before.patch)
            if then[0] == now[0]:
                now = (now[0], then[1] + (now[1] - then[1]) * glide, now[2], now[3])
        for number, (channel, tile) in enumerate(self._tiles):
            title = self._source() if not number else ""
            name = title or self._channel(channel)
            marks.title(painter, above(tile.whole, self.inputs), name, self._note(channel, title))
            tile.paint(painter)
            marks.outline(painter, tile.cells(*now))

    def paint_middle(self, painter: QPainter, step: Step) -> None:
        """Paint what lies under the window, channel by channel."""
        found = step.explanation
        assert isinstance(found, WindowExplanation)
        taken = self._taken(step)
        for number, (row, (channel, tile)) in enumerate(zip(self._row_rects(), self._tiles, strict=True)):
            area = QRectF(self.middle.x(), row.y(), self.middle.width(), row.height())
            if isinstance(found, ConvExplanation):
                self._paint_products(painter, area, found, channel - found.patch.channel, taken, not number)
            elif isinstance(found, SeparableExplanation):
                self._paint_separable(painter, area, found, channel, taken, not number)
            else:
                self._paint_pool(painter, area, found, taken)
            if not number:
                marks.link(painter, tile.cells(*_window(found.patch)), self._grid(area, found))

    def hit_input(self, point: QPointF) -> int | None:
        """Return the step whose window is centred on the pixel under the pointer."""
        for channel, tile in self._tiles:
            cell = tile.at(point)
            if cell is not None:
                return self.steps.at_input(channel, *cell)
        return None

    # What is shown

    def _show(self, step: Step) -> None:
        """Show the rows from a channel on: the one that is at work, or the first one chosen."""
        first = min(self.first, max(0, self.depth - self.rows))
        if self.steps.grain is not Grain.VALUE and self.depth > 1:
            at = min(self._channel_at(step), self.depth - 1)
            first = min(at // self.rows * self.rows, max(0, self.depth - self.rows))
        assert isinstance(step.explanation, WindowExplanation)
        start = step.explanation.patch.channel
        if (start, first) == self._shown:
            return
        self._shown = (start, first)
        fill = "−∞" if isinstance(step.explanation, MaxExplanation) else "0"
        maps, border = self.steps.result.inputs[0], ring(self.steps.result)
        self._tiles = [
            (channel, Tile(maps[channel], self.input_scale, border, fill))
            for channel in range(start + first, start + first + self.rows)
        ]
        for row, (_, tile) in zip(self._row_rects(), self._tiles, strict=True):
            tile.place(row)

    def _channel_at(self, step: Step) -> int:
        """Return which channel of the patch the last term was of; the bias counts to the last one."""
        found = step.explanation
        if isinstance(found, SeparableExplanation):
            return (step.terms - 1) * len(found.patch.values) // len(found.products)
        assert isinstance(found, ConvExplanation)
        each = 1 if self.steps.grain is Grain.CHANNEL else max(1, found.products[0].size)
        return (step.terms - 1) // each

    def _taken(self, step: Step) -> int:
        """Return how many products have been made, over all channels."""
        found = step.explanation
        assert isinstance(found, WindowExplanation)
        if step.finished:
            return found.patch.values.size
        return step.terms * (1 if self.steps.grain is Grain.PRODUCT else found.patch.padding.size)

    def _row_rects(self) -> list[QRectF]:
        return stacked(self.inputs, self.rows)

    def _source(self) -> str:
        return self.names.sources[0] if self.names.sources else tr("Input")

    def _channel(self, channel: int) -> str:
        depth = len(self.steps.result.inputs[0])
        return tr(_RGB[channel]) if depth == 3 and self._is_image else tr("channel {channel}", channel=channel)

    @property
    def _is_image(self) -> bool:
        return self.names.picture

    def _note(self, channel: int, title: str) -> str:
        depth = len(self.steps.result.inputs[0])
        channel_text = self._channel(channel)
        if depth == self.rows:
            return channel_text if title else ""
        if title:
            return tr("{channel} of {count:,}", channel=channel_text, count=depth)
        return tr("of {count:,}", count=depth)

    # The arithmetic

    def _side(self, area: QRectF, rows: int, columns: int, grids: int) -> float:
        room = area.width() - (grids - 1) * _SIGN - (_SUM if grids > 1 else 0)
        largest = _CELL if grids > 1 else 1.4 * _CELL
        side = min(room / (grids * max(1, columns)), (area.height() - 4) / max(1, rows), largest)
        return max(2.0, float(int(side)))

    def _grid(self, area: QRectF, found: WindowExplanation) -> QRectF:
        """Return where the patch is painted in the part of a row that it has."""
        rows, columns = found.patch.padding.shape
        grids = 3 if isinstance(found, ConvExplanation) else 2 if isinstance(found, SeparableExplanation) else 1
        side = self._side(area, rows, columns, grids)
        whole = grids * columns * side + (grids - 1) * _SIGN + (_SUM if grids > 1 else 0)
        return QRectF(
            round(area.x() + (area.width() - whole) / 2),
            round(area.y() + (area.height() - rows * side) / 2),
            columns * side,
            rows * side,
        )

    def _paint_products(
        self, painter: QPainter, area: QRectF, found: ConvExplanation, channel: int, taken: int, titled: bool
    ) -> None:
        grid = self._grid(area, found)
        each = found.products[channel].size
        made = min(max(taken - channel * each, 0), each)
        if not each:
            return
        side = grid.width() / found.products.shape[2]
        kernels = self._kernels or Scale.of(found.kernel, DIVERGING)
        products = Scale.of(found.products, DIVERGING)
        blank = found.patch.padding
        marks.cells(painter, grid.topLeft(), side, found.patch.values[channel], self.input_scale, blank=blank)
        kernel = grid.translated(grid.width() + _SIGN, 0)
        marks.sign(painter, QRectF(grid.right(), grid.y(), _SIGN, grid.height()), "×")
        marks.cells(painter, kernel.topLeft(), side, found.kernel[channel], kernels)
        product = kernel.translated(grid.width() + _SIGN, 0)
        marks.sign(painter, QRectF(kernel.right(), grid.y(), _SIGN, grid.height()), "=")
        marks.cells(painter, product.topLeft(), side, found.products[channel], products, upto=made)
        if self.steps.grain is Grain.PRODUCT and made and taken == channel * each + made < found.products.size:
            y, x = divmod(made - 1, found.products.shape[2])
            for rect in (grid, kernel, product):
                marks.outline(painter, QRectF(rect.x() + x * side, rect.y() + y * side, side, side), width=1.5)
        complete = made == each
        total = float(found.partial_sums[channel]) if complete else float(found.products[channel].ravel()[:made].sum())
        sums = QRectF(product.right() + 6, grid.y(), _SUM - 6, grid.height())
        if made:
            words = (Word("Σ ", "muted"), Word(number_text(total, 3), "strong" if complete else "muted"))
            marks.line(painter, sums, words)
        if titled:
            self._name(painter, area, ((grid, tr("Window")), (kernel, tr("Kernel")), (product, tr("Products"))))

    def _paint_separable(
        self, painter: QPainter, area: QRectF, found: SeparableExplanation, channel: int, taken: int, titled: bool
    ) -> None:
        """Paint a channel's window and its first filter; what that makes is weighted, and all are summed."""
        grid = self._grid(area, found)
        side = grid.width() / found.patch.padding.shape[1]
        times = len(found.depthwise) // len(found.patch.values)
        values, blank = found.patch.values[channel], found.patch.padding
        marks.cells(painter, grid.topLeft(), side, values, self.input_scale, blank=blank)
        kernel = grid.translated(grid.width() + _SIGN, 0)
        marks.sign(painter, QRectF(grid.right(), grid.y(), _SIGN, grid.height()), "×")
        kernels = Scale.of(found.depthwise, DIVERGING)
        marks.cells(painter, kernel.topLeft(), side, found.depthwise[channel * times], kernels)
        sums = QRectF(kernel.right() + 6, grid.center().y() - 20, _SUM + _SIGN, 20)
        if taken > channel * found.patch.padding.size:
            made, weight = float(found.middle[channel * times]), float(found.pointwise[channel * times])
            marks.line(painter, sums, (Word("Σ ", "muted"), Word(number_text(made, 3))))
            weighted = Word(number_text(weight, 3))
            marks.line(painter, sums.translated(0, 20), (Word("× ", "muted"), weighted))
        if titled:
            self._name(painter, area, ((grid, tr("Window")), (kernel, tr("Kernel"))))

    def _paint_pool(self, painter: QPainter, area: QRectF, found: WindowExplanation, taken: int) -> None:
        grid = self._grid(area, found)
        values = found.patch.values
        side = grid.width() / values.shape[1]
        marks.cells(painter, grid.topLeft(), side, values, self.input_scale, blank=found.patch.padding)
        cells = [divmod(cell, values.shape[1]) for cell in range(values.size)]
        if self.steps.grain is Grain.PRODUCT and taken < values.size:
            veil = QColor(theme.current().surface)
            veil.setAlpha(170)
            for y, x in cells[taken:]:
                painter.fillRect(QRectF(grid.x() + x * side, grid.y() + y * side, side, side), veil)
        if isinstance(found, MaxExplanation):
            y, x = self._winner(found, taken)
            marks.outline(painter, QRectF(grid.x() + x * side, grid.y() + y * side, side, side), theme.current().ok, 3)
        self._name(painter, area, ((grid, tr("Window")),))

    def _winner(self, found: MaxExplanation, taken: int) -> tuple[int, int]:
        """Return the cell of the largest value among those taken in."""
        if taken >= found.patch.values.size:
            return found.winner
        best = int(found.patch.values.ravel()[:taken].argmax())
        y, x = divmod(best, found.patch.values.shape[1])
        return y, x

    def _name(self, painter: QPainter, area: QRectF, grids: tuple[tuple[QRectF, str], ...]) -> None:
        painter.setFont(theme.font(8.5))
        painter.setPen(QColor(theme.current().muted))
        for grid, name in grids:
            wide = QRectF(grid.center().x() - 60, max(area.y() - HEAD, grid.y() - 20), 120, 16)
            painter.drawText(wide, Qt.AlignmentFlag.AlignCenter, name)


def _window(patch: Patch) -> tuple[float, float, float, float]:
    """Return the window's place and size on the map, gaps and padding included: y, x, height, width."""
    if not patch.rows.size or not patch.columns.size:
        return 0, 0, 0, 0
    y, x = int(patch.rows[0]), int(patch.columns[0])
    return y, x, int(patch.rows[-1]) + 1 - y, int(patch.columns[-1]) + 1 - x
