"""The line above each layer's maps: family dot, name, shape, and the range of its values."""

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter

from designer import theme
from designer.maps.layers import MapLayer, number_text
from designer.maps.layout import SIDE
from designer.maps.limits import Limits

_MARGIN = 4  # between the highlight of the current layer and the edge
_DOT = 8
_SPACE = 8
_MIN_TITLE = 72


def range_text(limits: Limits) -> str:
    """Return ``min … max`` of a layer; nothing until every map has been looked at."""
    low, high = limits.total
    if not limits.complete:
        return ""
    return f"{number_text(low, 3)} … {number_text(high, 3)}" if low <= high else ""


def fault_text(limits: Limits) -> str:
    """Return the words that warn of values which are not finite; empty where there is nothing to say."""
    if limits.all_finite:
        return ""
    return "NaN or ∞" if limits.total[0] <= limits.total[1] else "no finite value"


def paint_header(
    painter: QPainter, rect: QRect, layer: MapLayer, limits: Limits, *, current: bool, floating: bool
) -> None:
    """Paint the header of a layer.

    Parameters
    ----------
    painter
        On the viewport.
    rect
        The whole line, from edge to edge.
    layer, limits
        What it tells.
    current
        Whether this is the selected layer.
    floating
        Whether maps are scrolled below it.
    """
    colours = theme.current()
    painter.fillRect(rect, QColor(colours.surface))
    if floating:
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, QColor(colours.border))
    if current:
        _paint_highlight(painter, rect, colours)
    x = _paint_dot(painter, rect, colours.family(layer.family))
    end = rect.right() - SIDE
    small = theme.font(9)
    for text, colour in ((range_text(limits), colours.muted), (fault_text(limits), colours.error)):
        if text:
            end -= _paint_right(painter, rect, end, text, small, colour) + _SPACE
    _paint_titles(painter, QRect(x, rect.top(), max(0, end - x), rect.height()), layer, small)


def _paint_highlight(painter: QPainter, rect: QRect, colours: theme.Theme) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colours.selection))
    painter.drawRoundedRect(QRectF(rect).adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN), 6, 6)
    painter.restore()


def _paint_dot(painter: QPainter, rect: QRect, colour: str) -> int:
    """Paint the family's dot and return where the text after it starts."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour))
    centre = QPointF(SIDE + _DOT / 2, rect.top() + rect.height() / 2)
    painter.drawEllipse(centre, _DOT / 2, _DOT / 2)
    painter.restore()
    return SIDE + _DOT + _SPACE


def _paint_right(painter: QPainter, rect: QRect, end: int, text: str, font: QFont, colour: str) -> int:
    """Paint a text that ends at ``end`` and return its width."""
    width = QFontMetrics(font).horizontalAdvance(text)
    painter.setFont(font)
    painter.setPen(QColor(colour))
    painter.drawText(end - width, _baseline(rect), text)
    return width


def _paint_titles(painter: QPainter, room: QRect, layer: MapLayer, small: QFont) -> None:
    """Paint name and shape; the shape goes first when there is no room for both."""
    colours = theme.current()
    bold = theme.font(10, QFont.Weight.DemiBold)
    metrics, small_metrics = QFontMetrics(bold), QFontMetrics(small)
    subtitle_width = small_metrics.horizontalAdvance(layer.subtitle)
    left = room.width() - subtitle_width - _SPACE
    title = metrics.elidedText(layer.title, Qt.TextElideMode.ElideRight, max(left, min(_MIN_TITLE, room.width())))
    title_width = metrics.horizontalAdvance(title)
    baseline = _baseline(room)
    painter.setFont(bold)
    painter.setPen(QColor(colours.text))
    painter.drawText(room.left(), baseline, title)
    if title_width + _SPACE + subtitle_width <= room.width():
        painter.setFont(small)
        painter.setPen(QColor(colours.muted))
        painter.drawText(room.left() + title_width + _SPACE, baseline, layer.subtitle)


def _baseline(rect: QRect) -> int:
    """Return where all texts of the line stand: each centred by itself, the smaller ones would hang."""
    return rect.top() + (rect.height() + QFontMetrics(theme.font(10, QFont.Weight.DemiBold)).capHeight()) // 2
