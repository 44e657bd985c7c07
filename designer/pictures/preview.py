"""A picture as it will be, fitted into what room there is."""

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QScrollArea, QWidget

from designer import theme
from designer.pictures.export import MOST_PIXELS, raster
from designer.pictures.picture import Picture
from engine.language import tr

_MARGIN = 16
_SQUARE = 8  # of the pattern that stands for transparency
_LEAST_SCALE = 0.35  # a tall picture is scrolled rather than made smaller
_MOST_SCALE = 2.0


class Preview(QScrollArea):
    """Shows a picture, or a sentence where there is none."""

    def __init__(self) -> None:
        super().__init__()
        self._sheet = _Sheet()
        self.setWidget(self._sheet)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setMinimumSize(420, 420)
        self.setAccessibleName(tr("Preview of the picture"))

    def show_picture(self, picture: Picture | None, problem: str = "") -> None:
        """Show another picture; without one, why there is none."""
        self._sheet.picture, self._sheet.problem = picture, problem
        self._fit()

    @property
    def problem(self) -> str:
        """Why there is no picture; empty where there is one."""
        return self._sheet.problem

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the picture anew."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        room = self.maximumViewportSize()
        picture = self._sheet.picture
        if picture is None:
            self._sheet.pixels = QPixmap()
            self._sheet.resize(room)
            self._sheet.update()
            return
        scale = self._scale(picture, room)
        if picture.height * scale + 2 * _MARGIN > room.height():
            room.setWidth(room.width() - self.verticalScrollBar().sizeHint().width())
            scale = self._scale(picture, room)
        ratio = self.devicePixelRatioF()
        pixels = QPixmap.fromImage(raster(picture, max(1, int(picture.width * scale * ratio))))
        pixels.setDevicePixelRatio(ratio)
        self._sheet.pixels = pixels
        shown = pixels.deviceIndependentSize().toSize() + QSize(2 * _MARGIN, 2 * _MARGIN)
        self._sheet.resize(shown.expandedTo(room))
        self._sheet.update()

    def _scale(self, picture: Picture, room: QSize) -> float:
        """Return the scale at which a picture is seen whole, or as wide as the room where it is very tall."""
        across = (room.width() - 2 * _MARGIN) / picture.width
        down = (room.height() - 2 * _MARGIN) / picture.height
        least = min(across, _LEAST_SCALE, MOST_PIXELS / self.devicePixelRatioF() / max(picture.width, picture.height))
        return min(max(min(across, down), least), _MOST_SCALE)


class _Sheet(QWidget):
    """What the preview scrolls."""

    def __init__(self) -> None:
        super().__init__()
        self.picture: Picture | None = None
        self.problem = ""
        self.pixels = QPixmap()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the picture on a sheet, whose squares show where it is transparent."""
        painter = QPainter(self)
        colours = theme.current()
        painter.fillRect(self.rect(), QColor(colours.window))
        if self.pixels.isNull():
            painter.setPen(QColor(colours.muted))
            words = self.rect().adjusted(_MARGIN, 0, -_MARGIN, 0)
            painter.drawText(words, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self.problem)
            return
        size = self.pixels.deviceIndependentSize()
        left, top = (self.width() - size.width()) / 2, (self.height() - size.height()) / 2
        sheet = QRectF(left, top, size.width(), size.height())
        if self.picture is not None:
            _paint_squares(painter, sheet, self.picture.colours)
        painter.drawPixmap(sheet.topLeft(), self.pixels)
        painter.setPen(QColor(colours.border))
        painter.drawRect(sheet)

    def changeEvent(self, event: QEvent) -> None:
        """Take the colours of another theme."""
        if event.type() == QEvent.Type.PaletteChange:
            self.update()
        super().changeEvent(event)


def _paint_squares(painter: QPainter, sheet: QRectF, colours: theme.Theme) -> None:
    """Paint the pattern that stands for transparency, in the colours of the paper that a picture is meant for."""
    painter.save()
    painter.setClipRect(sheet)
    painter.fillRect(sheet, QColor(colours.surface))
    dark = QColor(colours.hover)
    for row in range(int(sheet.height()) // _SQUARE + 1):
        for column in range(row % 2, int(sheet.width()) // _SQUARE + 1, 2):
            corner = (sheet.left() + column * _SQUARE, sheet.top() + row * _SQUARE)
            painter.fillRect(QRectF(*corner, _SQUARE, _SQUARE), dark)
    painter.restore()
