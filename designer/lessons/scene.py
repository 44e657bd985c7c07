"""What all scenes of the stepper share: where input, arithmetic and output stand, the output filling up, clicks."""

from dataclasses import dataclass
from functools import cached_property
from math import ceil, sqrt

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QPainter

from designer.lessons import arithmetic, marks
from designer.lessons.scales import Scale
from designer.lessons.tile import Tile
from designer.tiles import colormaps
from designer.tiles.strips import Array
from engine import Step, Steps
from engine.language import tr

MARGIN = 16
HEAD = 24  # the height of a title
FOOT = 40  # the height of the line of arithmetic
GAP = 28  # between the columns
_TITLE = 190  # the room that a title wants


@dataclass(frozen=True)
class Names:
    """What things are called: the layer, what feeds it, and the classes of its outputs where they have names."""

    layer: str = ""
    sources: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    picture: bool = False  # whether what comes in is an image, whose channels are colours

    def of_class(self, number: int) -> str:
        """Return a class's name, or its number where it has none."""
        return self.classes[number] if number < len(self.classes) else str(number)


class Scene:
    """How one kind of layer is shown.

    Parameters
    ----------
    steps
        What is played.
    names
        What things are called.
    colour_map
        Of the maps.
    first
        The first input channel that is shown, where only some are.
    """

    inputs_share = 0.32  # of the width
    output_share = 0.28

    def __init__(
        self, steps: Steps, names: Names, colour_map: str = colormaps.DEFAULT, first: int = 0, rows: int = 3
    ) -> None:
        self.steps, self.names, self.colour_map, self.first, self.most = steps, names, colour_map, first, rows
        self.foot = QRectF()
        self.inputs = self.middle = self.output = QRectF()
        self.outputs: list[tuple[str, Tile]] = []

    @property
    def rows(self) -> int:
        """How many input channels are shown below each other."""
        return 1

    def lay_out(self, size: QSizeF) -> None:
        """Find the places for a picture of a size."""
        width, height = max(320.0, size.width()), max(180.0, size.height())
        body = QRectF(MARGIN, MARGIN + HEAD, width - 2 * MARGIN, height - 2 * MARGIN - HEAD - FOOT - 8)
        self.foot = QRectF(MARGIN, body.bottom() + 8, body.width(), FOOT)
        room = body.width() - 2 * GAP
        left, right = room * self.inputs_share, room * self.output_share
        self.inputs = QRectF(body.x(), body.y(), left, body.height())
        self.middle = QRectF(body.x() + left + GAP, body.y(), room - left - right, body.height())
        self.output = QRectF(body.right() - right, body.y(), right, body.height())
        self._place_outputs()

    def paint(self, painter: QPainter, step: Step, glide: float = 1.0) -> None:
        """Paint a step; ``glide`` says how far the window has come from the place of the step before."""
        self.paint_inputs(painter, step, glide)
        self.paint_middle(painter, step)
        self.paint_output(painter, step)
        marks.line(painter, self.foot, arithmetic.words(step), centred=True)

    def paint_inputs(self, painter: QPainter, step: Step, glide: float) -> None:
        """Paint what comes in."""

    def paint_middle(self, painter: QPainter, step: Step) -> None:
        """Paint what is computed of it."""

    def paint_output(self, painter: QPainter, step: Step) -> None:
        """Paint the output as far as it is filled."""
        place = self.place_of(step)
        note = tr("{done:,} of {count:,}", done=step.done, count=self.steps.positions)
        for number, (name, tile) in enumerate(self.outputs):
            marks.title(painter, above(tile.whole, self.output), name, "" if number else note)
            tile.paint(painter, step.done)
            if not step.finished and not number:
                tile.paint_value(painter, place, step.running)
            if not number or step.finished:
                marks.outline(painter, tile.cells(*place))

    def hit(self, point: QPointF) -> int | None:
        """Return the step that a click at a point leads to."""
        for _, tile in self.outputs:
            cell = tile.at(point)
            if cell is not None:
                return self.steps.at_output(cell[0] * tile.values.shape[1] + cell[1])
        return self.hit_input(point)

    def hit_input(self, point: QPointF) -> int | None:
        """Return the step that a click on an input leads to."""
        return None

    def place_of(self, step: Step) -> tuple[int, int]:
        """Return the cell of the output that a step is at."""
        y, x = divmod(step.number // self.steps.terms, int(self.outputs[0][1].values.shape[1]))
        return y, x

    @cached_property
    def input_scale(self) -> Scale:
        """The colours of everything that comes in."""
        scales = [Scale.of(values) for values in self.steps.result.inputs]
        return Scale(min(one.low for one in scales), max(one.high for one in scales), self.colour_map)

    def _place_outputs(self) -> None:
        if not self.outputs:
            self.outputs = self._output_tiles()
        for (_, tile), area in zip(self.outputs, stacked(self.output, len(self.outputs)), strict=True):
            tile.place(area)

    def _output_tiles(self) -> list[tuple[str, Tile]]:
        """Return the map that is filled, and what the activation makes of it where both are shown as one."""
        steps, made = self.steps, []
        values = steps.result.values
        name = (
            tr("Output, map {channel} of {count:,}", channel=steps.channel, count=len(values))
            if values.ndim == 3
            else tr("Output")
        )
        after = steps.after
        both = Scale.of(values[steps.channel] if values.ndim == 3 else values, self.colour_map)
        made.append((name, flat(values, steps.channel, both)))
        if after is not None:
            made.append((tr("After {layer}", layer=after.layer.title), flat(after.values, steps.channel, both)))
        return made


def flat(values: Array, channel: int, scale: Scale) -> Tile:
    """Return one map of a volume as a tile, or a vector in lines of equal length."""
    if values.ndim == 3:
        return Tile(values[channel], scale)
    columns = wrapped(len(values))
    lines = np.full((-(-len(values) // columns), columns), np.nan, np.float32)
    lines.ravel()[: len(values)] = values
    return Tile(lines, scale, count=len(values))


def wrapped(length: int) -> int:
    """Return the length of the lines that a vector is broken into."""
    return length if length <= 8 else ceil(sqrt(length))


def stacked(column: QRectF, count: int) -> list[QRectF]:
    """Return equal areas below each other, with room for a title over each; the first one's is over the column."""
    each = (column.height() + HEAD) / count
    return [QRectF(column.x(), column.y() + number * each, column.width(), each - HEAD - 4) for number in range(count)]


def above(rect: QRectF, column: QRectF) -> QRectF:
    """Return where the title of a tile stands: over its left edge, and as far as its column reaches."""
    left = max(column.x(), min(rect.x(), column.right() - _TITLE))
    return QRectF(left, rect.y() - HEAD, column.right() + GAP / 2 - left, HEAD - 4)
