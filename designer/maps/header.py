"""The header of each layer, above its maps or beside them: family dot, name, shape, and the range of its values."""

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter

from designer import theme
from designer.lettering import paint_line, width
from designer.maps.layers import MapLayer
from designer.maps.layout import SIDE
from designer.tiles.limits import Limits
from designer.tiles.numbers import number_text
from engine.language import tr

_DOT = 8
_SPACE = 8
_SMALL = 8.5  # points, of what stands below the title in a box
_MIN_TITLE = 72
_TITLE_LINE, _SMALL_LINE = 16, 14  # heights
_AIR = 4  # that three lines need above and below


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
    return tr("NaN or ∞") if limits.total[0] <= limits.total[1] else tr("no finite value")


def paint_header(painter: QPainter, rect: QRect, layer: MapLayer, limits: Limits, *, beside: bool) -> None:
    """Paint the header of a layer.

    Parameters
    ----------
    painter
        On the viewport.
    rect
        The whole line above the maps, or the box beside them.
    layer, limits
        What it tells.
    beside
        Whether it is beside the maps: several short lines instead of a long one.
    """
    if beside:
        _paint_box(painter, rect, layer, limits)
    else:
        _paint_line(painter, rect, layer, limits)


def paint_highlight(painter: QPainter, rect: QRect) -> None:
    """Paint what is behind the header of the current layer, or behind all of its row."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.current().selection))
    painter.drawRoundedRect(rect, 6, 6)
    painter.restore()


def _paint_line(painter: QPainter, rect: QRect, layer: MapLayer, limits: Limits) -> None:
    colours = theme.current()
    x = _paint_dot(painter, rect, colours.family(layer.family))
    end = rect.right() - SIDE
    small = theme.font(9)
    for text, colour in ((range_text(limits), colours.muted), (fault_text(limits), colours.error)):
        if text:
            end -= _paint_right(painter, rect, end, text, small, colour) + _SPACE
    _paint_titles(painter, QRect(x, rect.top(), max(0, end - x), rect.height()), layer, small)


def _paint_box(painter: QPainter, rect: QRect, layer: MapLayer, limits: Limits) -> None:
    """Paint the title and below it as many lines as there is room for, in the middle of the height."""
    colours = theme.current()
    texts = ((fault_text(limits), colours.error), (layer.subtitle, colours.muted), (range_text(limits), colours.muted))
    # Room is kept for a range that is not known yet: nothing must jump when it is.
    room_for = 2 if rect.height() >= _TITLE_LINE + 2 * _SMALL_LINE + _AIR else 1
    lines = [line for line in texts if line[0]][:room_for]
    top = rect.top() + (rect.height() - _TITLE_LINE - room_for * _SMALL_LINE) // 2
    x = _paint_dot(painter, QRect(rect.left(), top, rect.width(), _TITLE_LINE), colours.family(layer.family))
    room = QRect(x, top, max(0, rect.right() - _SPACE - x), _TITLE_LINE)
    paint_line(painter, room, layer.title, colours.text, 10, QFont.Weight.DemiBold)
    for number, (text, colour) in enumerate(lines):
        room = QRect(x, top + _TITLE_LINE + number * _SMALL_LINE, room.width(), _SMALL_LINE)
        paint_line(painter, room, _shortened(text, room.width()), colour, _SMALL)


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


def _shortened(subtitle: str, room: int) -> str:
    """Return ``"Conv2D · 6×28×28"``, or only its last part where there is no room for all of it."""
    return subtitle if width(subtitle, _SMALL) <= room else subtitle.rpartition(" · ")[2]


def _paint_titles(painter: QPainter, room: QRect, layer: MapLayer, small: QFont) -> None:
    """Paint name and shape; the shape goes first when there is no room for both."""
    colours = theme.current()
    bold = theme.font(10, QFont.Weight.DemiBold)
    metrics, small_metrics = QFontMetrics(bold), QFontMetrics(small)
    subtitle_width = small_metrics.horizontalAdvance(layer.subtitle)
    left = room.width() - subtitle_width - _SPACE
    title = metrics.elidedText(layer.title, Qt.TextElideMode.ElideMiddle, max(left, min(_MIN_TITLE, room.width())))
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
