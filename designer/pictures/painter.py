"""Paints a figure: volumes in the colours of their families, lines, letters."""

from functools import singledispatch
from math import hypot

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPolygonF

from designer.canvas.lettering import font
from designer.pictures.figure import Bar, Box, Figure, Frame, Join, Line, Mark, Point, Text
from designer.theme import Theme

_FRONT, _TOP, _SIDE = 0.22, 0.12, 0.36  # how much of its family's colour a face has
_EDGE = 0.8
_CORNER = 5.0  # radius at which lines bend
_HEAD = 4.5  # length of an arrow's head
_BOLD = ("name", "times")
_ALIGN = {
    "start": Qt.AlignmentFlag.AlignLeft,
    "middle": Qt.AlignmentFlag.AlignHCenter,
    "end": Qt.AlignmentFlag.AlignRight,
}

_SPARE = {"start": (0, 20), "middle": (-10, 10), "end": (-20, 0)}  # so that no rounding cuts letters


def measure(text: str, size: float, bold: bool) -> float:
    """Return the width of a text in the letters that `paint_figure` uses."""
    return QFontMetricsF(_font(size, bold)).horizontalAdvance(text)


def paint_figure(painter: QPainter, figure: Figure, colours: Theme) -> None:
    """Paint a figure, its top left corner at (0, 0); the background is left as it is."""
    for mark in sorted(figure.marks, key=_height):
        _paint(mark, painter, colours)


def _height(mark: Mark) -> int:
    """Return what lies over what: wires under volumes, what leaves a volume over it."""
    if isinstance(mark, Line):
        return {"skip": 1, "flow": 3, "sight": 3}[mark.kind]
    return {Frame: 0, Box: 2, Bar: 2}.get(type(mark), 4)


@singledispatch
def _paint(mark: object, painter: QPainter, colours: Theme) -> None:
    raise NotImplementedError


@_paint.register
def _frame(frame: Frame, painter: QPainter, colours: Theme) -> None:
    painter.setPen(QPen(QColor(colours.wire), 0.8, Qt.PenStyle.DashLine))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    rect = QRectF(QPointF(frame.left, frame.top), QPointF(frame.right, frame.bottom))
    painter.drawRoundedRect(rect, 6, 6)


@_paint.register
def _box(box: Box, painter: QPainter, colours: Theme) -> None:
    family = colours.family(box.family)
    right, up = box.recess
    left, top, bottom, front = box.x, box.y, box.y + box.height, box.x + box.depth
    painter.setPen(_outline(family, colours))
    for share, corners in (
        (_FRONT, ((left, top), (front, top), (front, bottom), (left, bottom))),
        (_TOP, ((left, top), (left + right, top - up), (front + right, top - up), (front, top))),
        (_SIDE, box.side_corners()),
    ):
        painter.setBrush(_mixed(family, colours, share))
        painter.drawPolygon(_polygon(corners))
    if box.cuts:
        thin = QPen(_mixed(family, colours, 0.55), 0.5)
        painter.setPen(thin)
        for cut in box.cuts:
            painter.drawLine(QPointF(left + cut, top), QPointF(left + cut, bottom))
            painter.drawLine(QPointF(left + cut, top), QPointF(left + cut + right, top - up))
    painter.setBrush(_mixed(family, colours, 0.62))
    painter.setPen(QPen(QColor(colours.text), 0.7))
    for window in box.windows:
        painter.drawPolygon(_polygon(box.side_corners(window)))


@_paint.register
def _bar(bar: Bar, painter: QPainter, colours: Theme) -> None:
    family = colours.family(bar.family)
    pen = _outline(family, colours)
    if not bar.family:
        pen.setStyle(Qt.PenStyle.DashLine)
    painter.setPen(pen)
    painter.setBrush(_mixed(family, colours, _FRONT + 0.08))
    painter.drawRect(QRectF(bar.x, bar.y, bar.width, bar.height))


@_paint.register
def _join(join: Join, painter: QPainter, colours: Theme) -> None:
    painter.setPen(QPen(QColor(colours.text), 0.9))
    painter.setBrush(QColor(colours.surface))
    centre = QPointF(join.x, join.y)
    painter.drawEllipse(centre, join.radius, join.radius)
    arm = join.radius * 0.5
    strokes: dict[str, tuple[Point, ...]] = {
        "+": ((arm, 0.0), (0.0, arm)),
        "−": ((arm, 0.0),),
        "×": ((arm * 0.8, arm * 0.8), (arm * 0.8, -arm * 0.8)),
    }
    for dx, dy in strokes.get(join.symbol, ()):
        painter.drawLine(centre - QPointF(dx, dy), centre + QPointF(dx, dy))
    if join.symbol not in strokes:
        size = 8 if len(join.symbol) == 1 else 5
        painter.setFont(_font(size, bold=True))
        rect = QRectF(join.x - 2 * join.radius, join.y - join.radius, 4 * join.radius, 2 * join.radius)
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, join.symbol)


@_paint.register
def _line(line: Line, painter: QPainter, colours: Theme) -> None:
    colour = QColor(colours.wire if line.kind != "sight" else colours.muted)
    painter.setPen(QPen(colour, 0.5 if line.kind == "sight" else 1.0))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(_rounded(line.points))
    if line.arrow:
        (x0, y0), (x, y) = line.points[-2:]
        length = hypot(x - x0, y - y0) or 1.0
        dx, dy = (x - x0) / length * _HEAD, (y - y0) / length * _HEAD
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawPolygon(
            _polygon(((x, y), (x - dx - dy * 0.45, y - dy + dx * 0.45), (x - dx + dy * 0.45, y - dy - dx * 0.45)))
        )


@_paint.register
def _text(text: Text, painter: QPainter, colours: Theme) -> None:
    painter.setFont(_font(text.size, text.role in _BOLD))
    painter.setPen(QColor(colours.muted if text.role in ("size", "note") else colours.text))
    rect = QRectF(text.left, text.y - text.size, text.width, 2 * text.size)
    start, end = _SPARE[text.anchor]
    painter.drawText(rect.adjusted(start, 0, end, 0), _ALIGN[text.anchor] | Qt.AlignmentFlag.AlignVCenter, text.text)


def _font(size: float, bold: bool) -> QFont:
    return font(round(size), QFont.Weight.DemiBold if bold else QFont.Weight.Normal)


def _outline(family: str, colours: Theme) -> QPen:
    return QPen(
        _mixed(family, colours, 0.9), _EDGE, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
    )


def _mixed(family: str, colours: Theme, share: float) -> QColor:
    """Return a family's colour thinned with the paper's; opaque, so that nothing shines through a volume."""
    ink, paper = QColor(family), QColor(colours.surface)
    pairs = ((ink.red(), paper.red()), (ink.green(), paper.green()), (ink.blue(), paper.blue()))
    return QColor(*(round(share * a + (1 - share) * b) for a, b in pairs))


def _polygon(corners: tuple[Point, ...]) -> QPolygonF:
    return QPolygonF([QPointF(*corner) for corner in corners])


def _rounded(points: tuple[Point, ...]) -> QPainterPath:
    """Return a way through points whose corners are rounded."""
    path = QPainterPath(QPointF(*points[0]))
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        radius = min(_CORNER, _distance(before, corner) / 2, _distance(corner, after) / 2)
        path.lineTo(_towards(corner, before, radius))
        path.quadTo(QPointF(*corner), _towards(corner, after, radius))
    path.lineTo(QPointF(*points[-1]))
    return path


def _distance(a: Point, b: Point) -> float:
    return hypot(a[0] - b[0], a[1] - b[1])


def _towards(start: Point, end: Point, length: float) -> QPointF:
    share = length / (_distance(start, end) or 1.0)
    return QPointF(start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share)
