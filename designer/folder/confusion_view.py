"""The confusion matrix as a picture: a row for each class, a column for each answer; a cell opens its images."""

from math import ceil

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from designer import theme
from engine import Evaluation
from engine.language import tr, tr_count, tr_number

_MARGIN = 12.0
_LABELS = 116.0  # at most, for the names of classes
_TITLE = 18.0
_NUMBERS = 15.0  # side from which on cells hold their number
_NAMES = 14.0  # side from which on each row has its name
_LARGEST = 46.0
_FAINTEST = 0.22  # share of its colour that a cell with a single image has
_DEEP = 0.6  # share of its colour from which on letters on it are light
_STEPS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}
Cell = tuple[int, int]


class ConfusionView(QWidget):
    """Paints the classes that have images or answers. ``cell_activated`` carries true class and answer."""

    cell_activated = Signal(int, int)

    def __init__(self) -> None:
        super().__init__()
        self._found: Evaluation | None = None
        self._classes: tuple[int, ...] = ()
        self._cell: Cell | None = None  # row and column
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(tr("Confusion matrix"))

    def show_evaluation(self, found: Evaluation | None) -> None:
        """Show what came out."""
        self._found = found
        classes = tuple(one.number for one in found.classes if one.images or one.answers) if found is not None else ()
        if classes != self._classes:
            self._classes, self._cell = classes, None
        self._describe()
        self.update()

    @property
    def classes(self) -> tuple[int, ...]:
        """The classes that have a row and a column."""
        return self._classes

    def count(self, cell: Cell) -> int:
        """Return how many images a cell counts."""
        assert self._found is not None
        return int(self._found.matrix[self._classes[cell[0]], self._classes[cell[1]]])

    def sizeHint(self) -> QSize:
        """Return room for ten classes."""
        return QSize(480, 460)

    def minimumSizeHint(self) -> QSize:
        """Return a size at which something can be made out."""
        return QSize(240, 240)

    # Where things are

    def _names(self) -> float:
        """Return the width of the names at the left, which are as wide at the top where they are turned."""
        if self._found is None:
            return 0.0
        metrics = QFontMetricsF(theme.font(9))
        widest = max((metrics.horizontalAdvance(self._found.labels[one]) for one in self._classes), default=0.0)
        return min(_LABELS, widest) + 8

    def _grid(self) -> QRectF:
        """Return where the cells are."""
        names, count = self._names(), max(1, len(self._classes))
        top = names if self._turned() else 20.0
        room = QRectF(self.rect()).adjusted(_MARGIN + _TITLE + names, _MARGIN + _TITLE + top, -_MARGIN, -_MARGIN)
        side = max(1.0, min(room.width(), room.height(), _LARGEST * count))
        return QRectF(room.left(), room.top(), side, side)

    def _turned(self) -> bool:
        """Whether the names at the top are too wide to lie."""
        room = min(self.width() - 200, self.height() - 120, _LARGEST * max(1, len(self._classes)))
        return self._names() > room / max(1, len(self._classes)) + 4

    def rect_of(self, cell: Cell) -> QRectF:
        """Return where a cell is."""
        grid = self._grid()
        side = grid.width() / len(self._classes)
        return QRectF(grid.left() + cell[1] * side, grid.top() + cell[0] * side, side, side)

    def _at(self, point: QPointF) -> Cell | None:
        grid, count = self._grid(), len(self._classes)
        if not count or not grid.contains(point):
            return None
        side = grid.width() / count
        row, column = int((point.y() - grid.top()) / side), int((point.x() - grid.left()) / side)
        return min(row, count - 1), min(column, count - 1)

    # What is done

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Say what is under the pointer."""
        cell = self._at(event.position())
        hit = cell is not None and self.count(cell) > 0
        self.setCursor(Qt.CursorShape.PointingHandCursor if hit else Qt.CursorShape.ArrowCursor)
        QToolTip.showText(event.globalPosition().toPoint(), self.sentence(cell) if cell is not None else "", self)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the cell that was clicked, and open its images."""
        cell = self._at(event.position())
        if cell is not None and event.button() == Qt.MouseButton.LeftButton:
            self._choose(cell)
            self._activate()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk with the arrow keys; open a cell's images with Enter or Space."""
        key, count = Qt.Key(event.key()), len(self._classes)
        if key in _STEPS and count:
            row, column = self._cell or (0, 0)
            down, across = _STEPS[key] if self._cell is not None else (0, 0)
            self._choose((min(max(row + down, 0), count - 1), min(max(column + across, 0), count - 1)))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self._cell is not None:
            self._activate()
        else:
            super().keyPressEvent(event)

    def _choose(self, cell: Cell) -> None:
        self._cell = cell
        self._describe()
        self.update()

    def _activate(self) -> None:
        assert self._cell is not None
        if self.count(self._cell):
            self.cell_activated.emit(self._classes[self._cell[0]], self._classes[self._cell[1]])

    def changeEvent(self, event: QEvent) -> None:
        """Paint in the colours of another theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.update()

    # In words

    def sentence(self, cell: Cell) -> str:
        """Say what a cell counts."""
        assert self._found is not None
        true, answer = self._found.labels[self._classes[cell[0]]], self._found.labels[self._classes[cell[1]]]
        if cell[0] == cell[1]:
            return tr_count(
                "{count:,} image of “{true}” is recognised",
                "{count:,} images of “{true}” are recognised",
                self.count(cell),
                true=true,
            )
        return tr_count(
            "{count:,} image of “{true}” is taken for “{answer}”",
            "{count:,} images of “{true}” are taken for “{answer}”",
            self.count(cell),
            true=true,
            answer=answer,
        )

    def _describe(self) -> None:
        cell = self._cell
        told = self.sentence(cell) if cell is not None and self._found is not None else ""
        size = tr("{count} classes; arrow keys walk, Enter opens the images of a cell", count=len(self._classes))
        self.setAccessibleDescription(told or size)

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint names and cells."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), QColor(theme.current().surface))
        if self._classes:
            grid = self._grid()
            self._paint_names(painter, grid)
            self._paint_cells(painter, grid)
            if self._cell is not None:
                painter.setPen(QPen(QColor(theme.current().text), 2.0 if self.hasFocus() else 1.4))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(self.rect_of(self._cell))
        painter.end()

    def _paint_cells(self, painter: QPainter, grid: QRectF) -> None:
        assert self._found is not None
        colours = theme.current()
        counts = self._found.matrix[np.ix_(self._classes, self._classes)]
        side = grid.width() / len(self._classes)
        painter.fillRect(grid, QColor(colours.raised))
        shares = _FAINTEST + (1 - _FAINTEST) * counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
        shares[counts == 0] = 0
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, side * self.devicePixelRatioF() < 1)
        painter.drawImage(grid, _heat(shares))
        if side >= _NUMBERS:
            self._paint_numbers(painter, counts, shares, side)
        painter.setPen(QPen(QColor(colours.border), 1.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(grid)

    def _paint_numbers(
        self, painter: QPainter, counts: NDArray[np.int64], shares: NDArray[np.float64], side: float
    ) -> None:
        colours, letters = theme.current(), theme.font(min(10.0, max(6.5, side * 0.3)))
        metrics = QFontMetricsF(letters)
        painter.setFont(letters)
        for row, column in np.argwhere(counts).tolist():
            cell, text = self.rect_of((row, column)), tr_number(counts[row, column])
            painter.setPen(QPen(QColor(colours.surface), 1.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(cell)
            if metrics.horizontalAdvance(text) < side - 2:
                painter.setPen(QColor(colours.on_accent if shares[row, column] > _DEEP else colours.text))
                painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_names(self, painter: QPainter, grid: QRectF) -> None:
        assert self._found is not None
        colours, small = theme.current(), theme.font(9)
        names, count = self._names(), len(self._classes)
        side = grid.width() / count
        step = max(1, ceil(_NAMES / side))  # where rows are low, some have no name
        painter.setFont(small)
        metrics = QFontMetricsF(small)
        for at in range(0, count, step):
            text = metrics.elidedText(self._found.labels[self._classes[at]], Qt.TextElideMode.ElideRight, names - 8)
            painter.setPen(QColor(colours.text))
            middle = (at + 0.5) * side
            left = QRectF(grid.left() - names, grid.top() + middle - 8, names - 6, 16)
            painter.drawText(left, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
            self._paint_top(painter, QPointF(grid.left() + middle, grid.top()), names, side, text)
        painter.setFont(theme.font(9, QFont.Weight.DemiBold))
        painter.setPen(QColor(colours.muted))
        above = names if self._turned() else 20.0
        title = QRectF(grid.left(), grid.top() - above - _TITLE, max(grid.width(), 60.0), _TITLE)
        painter.drawText(title, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter, tr("Answer"))
        painter.save()
        painter.translate(grid.left() - names - _TITLE / 2, grid.center().y())
        painter.rotate(-90)
        painter.drawText(QRectF(-60, -_TITLE / 2, 120, _TITLE), Qt.AlignmentFlag.AlignCenter, tr("Class"))
        painter.restore()

    def _paint_top(self, painter: QPainter, foot: QPointF, names: float, side: float, text: str) -> None:
        if not self._turned():
            box = QRectF(foot.x() - side / 2 - 2, foot.y() - 20, side + 4, 18)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
            return
        painter.save()
        painter.translate(foot.x(), foot.y() - 5)
        painter.rotate(-90)
        painter.drawText(QRectF(0, -8, names - 6, 16), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
        painter.restore()


def _heat(shares: NDArray[np.float64]) -> QImage:
    """Return a picture with a pixel for each cell: what is right in one colour, what is wrong in another."""
    colours, count = theme.current(), len(shares)
    pixels = np.zeros((count, count, 4), np.uint8)
    wrong, right = QColor(colours.error), QColor(colours.accent)
    pixels[..., :3] = (wrong.red(), wrong.green(), wrong.blue())
    pixels[np.arange(count), np.arange(count), :3] = (right.red(), right.green(), right.blue())
    pixels[..., 3] = np.rint(255 * shares)
    return QImage(pixels.tobytes(), count, count, 4 * count, QImage.Format.Format_RGBA8888).copy()
