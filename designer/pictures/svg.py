"""SVG: shapes as shapes, letters as outlines, so that a picture looks the same wherever it is opened.

Qt's own generator names fonts that a reader may not have, and turns icons into pixels; hence this one.
"""

import re
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFontMetricsF,
    QImage,
    QPainterPath,
    QPen,
    QPolygonF,
    QRawFont,
    QTextLayout,
    QTransform,
)

from designer import theme
from designer.vector import VectorPainter

_EM = 1000.0  # units in which outlines are written


class SvgPainter(VectorPainter):
    """Gathers what Python code paints with it; what Qt itself would paint with it (a widget, say) is lost.

    The same strokes give the same bytes each time.
    """

    def __init__(self) -> None:
        self._nowhere = QImage(1, 1, QImage.Format.Format_ARGB32_Premultiplied)
        super().__init__(self._nowhere)
        self._body: list[str] = []
        self._glyphs: dict[tuple[str, str, int], tuple[str, str]] = {}  # id and outline
        self._icons: dict[str, str] = {}

    def document(self, width: float, height: float, size: tuple[str, str], title: str, description: str) -> str:
        """Return the finished SVG.

        Parameters
        ----------
        width, height
            Of what was painted, from (0, 0).
        size
            Width and height with their units, as the picture is shown: ``("180mm", "63mm")``.
        title, description
            For those who can't see it.
        """
        defs = [f'<path id="{name}" d="{outline}"/>' for name, outline in self._glyphs.values()]
        defs += self._icons.values()
        return "\n".join(
            (
                f'<svg xmlns="http://www.w3.org/2000/svg" width="{size[0]}" height="{size[1]}" '
                f'viewBox="0 0 {_number(width)} {_number(height)}" role="img" aria-labelledby="title desc">',
                f'<title id="title">{escape(title)}</title>',
                f'<desc id="desc">{escape(description)}</desc>',
                *(("<defs>", *defs, "</defs>") if defs else ()),
                *self._body,
                "</svg>",
                "",
            )
        )

    # Shapes; Qt's methods have many forms, of which each takes those that are used here

    def fillRect(self, *args: Any) -> None:
        """Write a rectangle without an outline."""
        rect, fill = args
        self._write(self._rect(QRectF(rect), 0.0), Qt.PenStyle.NoPen, QBrush(fill))

    def drawRect(self, *args: Any) -> None:
        """Write a rectangle."""
        self._write(self._rect(QRectF(*args), 0.0))

    def drawRoundedRect(self, *args: Any) -> None:
        """Write a rectangle with round corners."""
        rect, across, _ = args
        self._write(self._rect(QRectF(rect), across))

    def drawEllipse(self, *args: Any) -> None:
        """Write a circle around a point."""
        centre, radius, _ = args
        at = self.worldTransform().map(QPointF(centre))
        self._write(f'circle cx="{_number(at.x())}" cy="{_number(at.y())}" r="{_number(radius * self._zoom())}"')

    def drawLine(self, *args: Any) -> None:
        """Write a line between two points."""
        start, end = args
        path = QPainterPath(start)
        path.lineTo(end)
        self._write(f'path d="{_data(path, self.worldTransform())}"', fill=Qt.BrushStyle.NoBrush)

    def drawPoint(self, *args: Any) -> None:
        """Write a dot as wide as the pen."""
        (point,) = args
        at = self.worldTransform().map(QPointF(point))
        radius = self.pen().widthF() * self._zoom() / 2
        shape = f'circle cx="{_number(at.x())}" cy="{_number(at.y())}" r="{_number(radius)}"'
        self._write(shape, Qt.PenStyle.NoPen, QBrush(self.pen().color()))

    def drawPolygon(self, *args: Any) -> None:
        """Write a closed polygon."""
        path = QPainterPath()
        path.addPolygon(QPolygonF(args[0]))
        path.closeSubpath()
        self.drawPath(path)

    def drawPolyline(self, *args: Any) -> None:
        """Write a line through points."""
        path = QPainterPath()
        path.addPolygon(QPolygonF(args[0]))
        self._write(f'path d="{_data(path, self.worldTransform())}"', fill=Qt.BrushStyle.NoBrush)

    def drawPath(self, *args: Any) -> None:
        """Write a path."""
        (path,) = args
        self._write(f'path d="{_data(path, self.worldTransform())}"')

    def draw_icon(self, name: str, rect: QRectF, colour: str) -> None:
        """Refer to an icon that the document holds once."""
        if name not in self._icons:
            box, inside = _icon_parts(theme.icon_source(name))
            self._icons[name] = f'<symbol id="icon-{name}" {box}>{inside}</symbol>'
        at = self.worldTransform().mapRect(rect)
        tint = QColor(colour)
        alpha = tint.alphaF() * self.opacity()
        seen = f' opacity="{_number(alpha)}"' if alpha < 1 else ""
        self._body.append(f'<use href="#icon-{name}" {_box(at)} color="{tint.name()}"{seen}/>')

    # Letters

    def drawText(self, *args: Any) -> None:  # type: ignore[override]
        """Write a line of letters as outlines, aligned in a rectangle or from a point of its baseline on."""
        metrics = QFontMetricsF(self.font())
        if len(args) == 2:
            point, text = args
            rect = QRectF(point.x(), point.y() - metrics.ascent(), 0.0, metrics.ascent() + metrics.descent())
            flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        else:
            rect, flags, text = args
        layout = QTextLayout(text, self.font())
        layout.beginLayout()
        line = layout.createLine()
        layout.endLayout()
        spare = rect.width() - (line.naturalTextWidth() if line.isValid() else 0.0)
        align = Qt.AlignmentFlag(flags)
        share = 1.0 if align & Qt.AlignmentFlag.AlignRight else 0.5 if align & Qt.AlignmentFlag.AlignHCenter else 0.0
        left = rect.left() + spare * share
        baseline = rect.center().y() + (metrics.ascent() - metrics.descent()) / 2
        uses = [use for run in layout.glyphRuns() for use in self._glyph_uses(run, line.ascent())]
        if uses:
            at = self.worldTransform().map(QPointF(left, baseline))
            scale = self.font().pixelSize() / _EM * self._zoom()
            place = f"translate({_number(at.x())} {_number(at.y())}) scale({scale:.5g})"
            paint = self._paint("fill", self.pen().color())
            self._body.append(f'<g aria-label={quoteattr(text)} {paint} transform="{place}">{"".join(uses)}</g>')

    def _glyph_uses(self, run: Any, ascent: float) -> list[str]:
        raw = QRawFont(run.rawFont())
        unit = _EM / raw.pixelSize()
        raw.setPixelSize(_EM)
        uses = []
        for index, place in zip(run.glyphIndexes(), run.positions(), strict=True):
            key = (raw.familyName(), raw.styleName(), index)
            if key not in self._glyphs:
                outline = _data(raw.pathForGlyph(index), QTransform(), digits=0)
                self._glyphs[key] = (f"g{len(self._glyphs)}", outline)
            name, outline = self._glyphs[key]
            if outline:
                y = round((place.y() - ascent) * unit)
                uses.append(f'<use href="#{name}" x="{round(place.x() * unit)}"' + (f' y="{y}"' if y else "") + "/>")
        return uses

    # How things are written

    def _zoom(self) -> float:
        return self.worldTransform().m11()

    def _rect(self, rect: QRectF, radius: float) -> str:
        rounded = f' rx="{_number(radius * self._zoom())}"' if radius else ""
        return f"rect {_box(self.worldTransform().mapRect(rect))}{rounded}"

    def _write(
        self, shape: str, pen: QPen | Qt.PenStyle | None = None, fill: QBrush | Qt.BrushStyle | None = None
    ) -> None:
        used, brush = QPen(pen) if pen is not None else self.pen(), QBrush(fill) if fill is not None else self.brush()
        inside = "none" if brush.style() == Qt.BrushStyle.NoBrush else None
        paint = [f'fill="{inside}"' if inside else self._paint("fill", brush.color())]
        if used.style() != Qt.PenStyle.NoPen:
            width = used.widthF() * self._zoom()
            paint += [self._paint("stroke", used.color()), f'stroke-width="{_number(width)}"']
            if used.style() != Qt.PenStyle.SolidLine:
                paint.append(f'stroke-dasharray="{" ".join(_number(part * width) for part in used.dashPattern())}"')
            elif used.capStyle() == Qt.PenCapStyle.RoundCap:
                paint.append('stroke-linecap="round"')
            if used.joinStyle() == Qt.PenJoinStyle.RoundJoin:
                paint.append('stroke-linejoin="round"')
        self._body.append(f"<{shape} {' '.join(paint)}/>")

    def _paint(self, kind: str, colour: QColor) -> str:
        alpha = colour.alphaF() * self.opacity()
        return f'{kind}="{colour.name()}"' + (f' {kind}-opacity="{_number(alpha)}"' if alpha < 1 else "")


def _number(value: float, digits: int = 2) -> str:
    text = f"{value:.{digits}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def _box(rect: QRectF) -> str:
    x, y, width, height = (_number(value) for value in (rect.x(), rect.y(), rect.width(), rect.height()))
    return f'x="{x}" y="{y}" width="{width}" height="{height}"'


def _data(path: QPainterPath, transform: QTransform, digits: int = 2) -> str:
    """Return a path's commands; curves are cubic, as Qt keeps them."""
    parts: list[str] = []
    kind = QPainterPath.ElementType
    letters = {kind.MoveToElement: "M", kind.LineToElement: "L", kind.CurveToElement: "C"}
    start = ""
    for at in range(path.elementCount()):
        element = path.elementAt(at)
        point = transform.map(QPointF(element.x, element.y))
        place = f"{_number(point.x(), digits)} {_number(point.y(), digits)}"
        if element.type == kind.MoveToElement:
            start = place
        following = path.elementAt(at + 1).type if at + 1 < path.elementCount() else kind.MoveToElement
        closes = place == start and following == kind.MoveToElement
        if element.type == kind.LineToElement and closes:
            parts.append("Z")
            continue
        parts.append(letters.get(element.type, "") + place)
        if closes and element.type == kind.CurveToDataElement and following == kind.MoveToElement:
            parts.append("Z")
    return " ".join(parts)


def _icon_parts(source: str) -> tuple[str, str]:
    """Return an icon's attributes and what is inside it, which a symbol takes over."""
    found = re.search(r"<svg([^>]*)>(.*)</svg>", source, re.DOTALL)
    assert found is not None
    attributes = re.sub(r'\s(xmlns|width|height)="[^"]*"', "", found[1])
    return attributes.strip(), re.sub(r">\s+<", "><", found[2].strip())
