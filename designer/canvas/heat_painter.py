"""How a layer's share looks: on its card, from afar, and what the colours mean."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QLinearGradient, QPainter, QPainterPath, QPen, QPixmap

from designer import theme
from designer.canvas.ground import blank_panel
from designer.canvas.heat import Heat, HeatMark, heat_colour, ink_on, share_text
from designer.canvas.lettering import font
from engine.language import tr

LEGEND = QSize(232, 64)
_RADIUS = 8.0
_BAR = 4.0  # height of a card's bar
_RAMP = QRectF(12, 30, LEGEND.width() - 24, 8)
_STOPS = 16


def block_colour(mark: HeatMark) -> str:
    """Return the colour of a layer seen from afar; one that has nothing is a plain block."""
    colours = theme.current()
    return heat_colour(mark.position, colours.dark) if mark.position > 0 else colours.border


def paint_heat(painter: QPainter, mark: HeatMark, tile: QRectF, card: QRectF) -> None:
    """Paint a share on a card: the number on its colour in ``tile``, and a bar along the lower edge of ``card``."""
    colours = theme.current()
    painter.setPen(Qt.PenStyle.NoPen)
    if mark.position > 0:
        fill = heat_colour(mark.position, colours.dark)
        ink = ink_on(fill)
        outline = QPainterPath()
        outline.addRoundedRect(card.adjusted(1, 1, -1, -1), _RADIUS - 1, _RADIUS - 1)
        bar = QPainterPath()
        bar.addRect(QRectF(card.left(), card.bottom() - 1 - _BAR, card.width() * mark.position, _BAR + 1))
        painter.fillPath(outline.intersected(bar), QColor(fill))
    else:
        fill, ink = colours.hover, colours.muted
    painter.setBrush(QColor(fill))
    painter.drawRoundedRect(tile, 6, 6)
    painter.setPen(QColor(ink))
    painter.setFont(font(10, QFont.Weight.DemiBold, tabular=True))
    painter.drawText(tile, Qt.AlignmentFlag.AlignCenter, mark.text)


def legend(heat: Heat, ratio: float) -> QPixmap:
    """Return what is compared and what the colours mean, as a picture at a device pixel ratio."""
    assert heat.measure is not None
    colours = theme.current()
    picture = blank_panel(LEGEND, ratio)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    row = QRectF(_RAMP.left(), 7, _RAMP.width(), 18)
    title = tr("{measure}, log", measure=heat.measure.title) if heat.scale.logarithmic else heat.measure.title
    _write(painter, row, title, colours.text, QFont.Weight.DemiBold, Qt.AlignmentFlag.AlignLeft)
    if heat.total:
        whole = tr("{amount} in all", amount=heat.measure.text(heat.total))
        _write(painter, row, whole, colours.muted, QFont.Weight.Normal, Qt.AlignmentFlag.AlignRight)
        _paint_scale(painter, heat)
    else:
        row.translate(0, 24)
        _write(painter, row, heat.measure.absent, colours.muted, QFont.Weight.Normal, Qt.AlignmentFlag.AlignLeft)
    painter.end()
    return picture


def _paint_scale(painter: QPainter, heat: Heat) -> None:
    colours, scale = theme.current(), heat.scale
    assert heat.measure is not None
    ramp = QLinearGradient(_RAMP.topLeft(), _RAMP.topRight())
    for stop in range(_STOPS + 1):
        ramp.setColorAt(stop / _STOPS, QColor(heat_colour(stop / _STOPS, colours.dark)))
    painter.setPen(QPen(QColor(colours.border), 1))
    painter.setBrush(ramp)
    painter.drawRoundedRect(_RAMP, 3, 3)
    row = QRectF(_RAMP.left(), _RAMP.bottom() + 2, _RAMP.width(), 18)
    least = heat.measure.text(scale.low)
    most = f"{heat.measure.text(scale.high)} · {share_text(scale.high / heat.total)}"
    for text, side in ((least, "AlignLeft"), (most, "AlignRight")):
        _write(painter, row, text, colours.muted, QFont.Weight.Normal, Qt.AlignmentFlag[side])


def _write(
    painter: QPainter, row: QRectF, text: str, colour: str, weight: QFont.Weight, side: Qt.AlignmentFlag
) -> None:
    painter.setFont(font(11, weight, tabular=True))
    painter.setPen(QColor(colour))
    painter.drawText(row, side | Qt.AlignmentFlag.AlignVCenter, text)
