"""One map as cells: in colours, with its padding ring, with numbers where they fit, whole or as far as it is filled."""

from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap

from designer import theme
from designer.lessons.scales import Scale, ink
from designer.tiles.strips import Array
from engine.layers.window import Pads

NUMBERS = 25  # logical pixels from which on a cell has room for a number
_ROOMY = 34
_LINES = 11  # from here on cells are told apart by lines
LARGEST = 58  # of a cell
_NO_RING: Pads = (0, 0, 0, 0)


class Tile:
    """A map ``(H, W)`` in a rectangle.

    Parameters
    ----------
    values
        The map.
    scale
        How its values become colours.
    ring
        Cells of padding around it: top, bottom, left, right.
    padding
        What these hold, as text.
    count
        How many cells there are, where the last row is not full.
    """

    def __init__(
        self, values: Array, scale: Scale, ring: Pads = _NO_RING, padding: str = "0", count: int | None = None
    ) -> None:
        self.values, self.scale, self.ring = values, scale, ring
        self._padding, self._count = padding, values.size if count is None else count
        self.side = 1.0
        self.rect = QRectF()  # the map's, without the ring
        self._picture: QPixmap | None = None
        self._key: object = None

    @property
    def whole(self) -> QRectF:
        """The rectangle of the map with its ring."""
        top, bottom, left, right = (cells * self.side for cells in self.ring)
        return self.rect.adjusted(-left, -top, right, bottom)

    def place(self, area: QRectF, align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignCenter) -> None:
        """Lie in an area as large as may be."""
        (height, width), (top, bottom, left, right) = self.values.shape, self.ring
        rows, columns = height + top + bottom, width + left + right
        side = min(area.width() / columns, area.height() / rows, LARGEST)
        self.side = float(int(side)) if side >= 2 else max(side, 0.01)
        x = area.x() + (area.width() - columns * self.side) / 2
        y = area.y() + (area.height() - rows * self.side) / 2
        if align & Qt.AlignmentFlag.AlignTop:
            y = area.y()
        if align & Qt.AlignmentFlag.AlignLeft:
            x = area.x()
        self.rect = QRectF(
            round(x + left * self.side), round(y + top * self.side), width * self.side, height * self.side
        )

    def cells(self, y: float, x: float, height: float = 1, width: float = 1) -> QRectF:
        """Return the rectangle of some cells; those outside the map lie in the ring."""
        side = self.side
        return QRectF(self.rect.x() + x * side, self.rect.y() + y * side, width * side, height * side)

    def at(self, point: QPointF) -> tuple[int, int] | None:
        """Return the cell (y, x) at a point; None beside the map."""
        if not self.rect.contains(point):
            return None
        y, x = int((point.y() - self.rect.y()) / self.side), int((point.x() - self.rect.x()) / self.side)
        y, x = min(y, self.values.shape[0] - 1), min(x, self.values.shape[1] - 1)
        return (y, x) if y * self.values.shape[1] + x < self._count else None

    def paint(self, painter: QPainter, filled: int | None = None) -> None:
        """Paint the map, or the cells that are filled, row by row, on an empty one."""
        count = self._count if filled is None else min(filled, self._count)
        if any(self.ring):
            self._paint_ring(painter)
        if count < self.values.size:
            self._paint_empty(painter)
        picture = self._drawn(painter.device().devicePixelRatioF())
        full, rest = divmod(count, self.values.shape[1])
        for part in (self.cells(0, 0, full, self.values.shape[1]), self.cells(full, 0, 1, rest)):
            if not part.isEmpty():
                ratio = picture.devicePixelRatio()
                at = part.topLeft() - self.rect.topLeft()
                source = QRectF(at * ratio, part.size() * ratio)
                painter.drawPixmap(part, picture, source)
        painter.setPen(QPen(QColor(theme.current().border), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(self.rect.adjusted(-0.5, -0.5, 0.5, 0.5))

    def paint_value(self, painter: QPainter, cell: tuple[int, int], value: float) -> None:
        """Paint one cell with another value than the map's, such as a sum that is not complete."""
        ground = self.scale.colour(value)
        painter.fillRect(self.cells(*cell), ground)
        if self.side >= NUMBERS:
            write(painter, self.cells(*cell), self.side, self.scale.text(value), ink(ground, value))

    def _paint_empty(self, painter: QPainter) -> None:
        colours = theme.current()
        height, width = self.values.shape
        full, rest = divmod(self._count, width)
        for part in (self.cells(0, 0, full, width), self.cells(full, 0, 1, rest)):
            painter.fillRect(part, QColor(colours.raised))
        if self.side >= _LINES:
            painter.setPen(QPen(QColor(colours.border), 1, Qt.PenStyle.DotLine))
            _lines(painter, self.rect, self.side)
        if rest:  # what is no cell at the end of the last row stays blank
            painter.fillRect(self.cells(full, rest, height - full, width - rest), QColor(colours.surface))

    def _paint_ring(self, painter: QPainter) -> None:
        colours = theme.current()
        painter.fillRect(self.whole, QColor(colours.raised))
        hatch = QColor(colours.muted)
        hatch.setAlpha(70)
        painter.setPen(QPen(hatch, 1, Qt.PenStyle.DashLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self.side >= _LINES:
            _lines(painter, self.whole, self.side)
        painter.drawRect(self.whole.adjusted(0.5, 0.5, -0.5, -0.5))
        if self.side < NUMBERS:
            return
        (height, width), (top, bottom, left, right) = self.values.shape, self.ring
        for y in range(-top, height + bottom):
            for x in range(-left, width + right):
                if not (0 <= y < height and 0 <= x < width):
                    write(painter, self.cells(y, x), self.side, self._padding, QColor(colours.muted))

    def _drawn(self, ratio: float) -> QPixmap:
        """Return the map as a picture, drawn anew only for another size, theme or screen."""
        key = (self.side, ratio, theme.current().name)
        if self._picture is None or self._key != key:
            self._picture, self._key = self._draw(ratio), key
        return self._picture

    def _draw(self, ratio: float) -> QPixmap:
        size = self.rect.size()
        picture = QPixmap(max(1, round(size.width() * ratio)), max(1, round(size.height() * ratio)))
        picture.setDevicePixelRatio(ratio)
        painter = QPainter(picture)
        image = self.scale.picture(self.values)
        if self.side * ratio < 1:  # pixels of the screen that show several values show their mean
            smooth = Qt.TransformationMode.SmoothTransformation
            image = image.scaled(picture.size(), Qt.AspectRatioMode.IgnoreAspectRatio, smooth)
        painter.drawImage(QRectF(QPointF(), size), image)
        if self.side >= _LINES:
            line = QColor(theme.current().surface)
            line.setAlpha(60)
            painter.setPen(QPen(line, 1))
            _lines(painter, QRectF(QPointF(), size), self.side)
        if self.side >= NUMBERS:
            self._draw_numbers(painter)
        painter.end()
        return picture

    def _draw_numbers(self, painter: QPainter) -> None:
        for y, row in enumerate(self.scale.colours(self.values)):
            for x, ground in enumerate(row):
                value = float(self.values[y, x])
                cell = QRectF(x * self.side, y * self.side, self.side, self.side)
                write(painter, cell, self.side, self.scale.text(value), ink(ground, value))


def _lines(painter: QPainter, rect: QRectF, side: float) -> None:
    for column in range(1, round(rect.width() / side)):
        x = rect.x() + column * side - 0.5
        painter.drawLine(QPointF(x, rect.top()), QPointF(x, rect.bottom()))
    for row in range(1, round(rect.height() / side)):
        y = rect.y() + row * side - 0.5
        painter.drawLine(QPointF(rect.left(), y), QPointF(rect.right(), y))


def write(painter: QPainter, cell: QRectF, side: float, text: str, colour: QColor) -> None:
    """Write a number into a cell."""
    # Hundreds of numbers of two decimals change in a frame, and most of them have been written before.
    ratio = painter.device().devicePixelRatioF()
    painter.drawPixmap(cell.topLeft(), _number(text, colour.rgba(), int(side), ratio))


@lru_cache(maxsize=8192)
def _number(text: str, colour: int, side: int, ratio: float) -> QPixmap:
    picture = QPixmap(round(side * ratio), round(side * ratio))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setFont(theme.font(7 if side < _ROOMY else 8.5))
    painter.setPen(QColor.fromRgba(colour))
    painter.drawText(QRectF(0, 0, side, side), Qt.AlignmentFlag.AlignCenter, text)
    painter.end()
    return picture
