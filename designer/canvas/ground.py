"""The ground of what stands in the corners of the view."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap

from designer import theme

_RADIUS = 8.0
_ALPHA = 240


def blank_panel(size: QSize, ratio: float) -> QPixmap:
    """Return an empty panel with rounded corners, ``size`` in pixels of the view, to be painted on."""
    colours = theme.current()
    picture = QPixmap(size * ratio)
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paper = QColor(colours.raised if colours.dark else colours.surface)
    paper.setAlpha(_ALPHA)
    painter.setPen(QPen(QColor(colours.border), 1))
    painter.setBrush(paper)
    edge = QRectF(0, 0, size.width(), size.height()).adjusted(0.5, 0.5, -0.5, -0.5)
    painter.drawRoundedRect(edge, _RADIUS, _RADIUS)
    painter.end()
    return picture
