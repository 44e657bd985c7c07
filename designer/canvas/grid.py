"""The dotted background."""

from math import ceil, floor

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap

from designer import theme

_SPACING = 20.0  # canvas pixels
_DOT = 1.5  # pixels
_GONE, _FULL = 0.4, 0.8  # scales at which the dots vanish, and below which they fade


def paint_grid(painter: QPainter, area: QRect, origin: QPointF, zoom: float) -> None:
    """Paint the dots of a part of the view.

    Parameters
    ----------
    painter
        In the view's coordinates.
    area
        What has to be painted.
    origin
        Where the canvas' (0, 0) is on the view.
    zoom
        Scale of the view.
    """
    strength = min(1.0, (zoom - _GONE) / (_FULL - _GONE))
    if strength <= 0:
        return
    ratio = painter.device().devicePixelRatio()
    spacing = _SPACING * zoom
    dot = max(1, round(_DOT * ratio))
    # All dots of a row are painted once, and the row wherever it comes: thousands of dots one by one would be slow.
    row = QPixmap(ceil(area.width() * ratio) + dot, dot)
    row.fill(Qt.GlobalColor.transparent)
    colour = QColor(theme.current().grid)
    colour.setAlphaF(strength)
    dots = QPainter(row)
    for x in _steps(origin.x(), spacing, area.left() - dot, area.right() + 1):
        dots.fillRect(floor((x - area.left()) * ratio + 0.5), 0, dot, dot, colour)
    dots.end()
    for y in _steps(origin.y(), spacing, area.top() - dot, area.bottom() + 1):
        top = floor(y * ratio + 0.5) / ratio
        painter.drawPixmap(QRectF(area.left(), top, row.width() / ratio, dot / ratio), row, QRectF(row.rect()))


def _steps(origin: float, spacing: float, low: float, high: float) -> list[float]:
    """Return the points of a row or a column of the grid between two places."""
    first, last = ceil((low - origin) / spacing), floor((high - origin) / spacing)
    return [origin + index * spacing for index in range(first, last + 1)]
