"""The report of a network with its picture: as a page for a browser, and on paper."""

from functools import cache

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QRectF, QSizeF, Qt, QUrl
from PySide6.QtGui import (
    QColor,
    QFont,
    QImage,
    QPagedPaintDevice,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QTextDocument,
)

from designer import theme
from designer.pictures.export import raster, svg
from designer.pictures.picture import Options, Picture, PictureError, picture_of
from designer.pictures.pieces import Look
from engine import Analysis, Network
from engine.formats.reports import html, report
from engine.formats.reports.html import body

_MOST_CARDS = 40  # a picture of more is no longer read on a page; its volumes are, which fold what repeats
_MARGIN = 12.0  # millimetres
_SHARPNESS = 3.0  # pixels of the picture for each of 1/96 inch on paper
_DPI = 96  # pixels in an inch of paper
_FOOTER, _HEADING = 22, 90  # heights below the text and above the picture
_NUMBER, _AT_THE_RIGHT = 'class="number"', 'align="right"'  # the text engine knows this one
_PAPER = """
body { font-size: 11px; color: #1b1f26; }
h1 { font-size: 22px; margin: 0; } h2 { font-size: 15px; }
.sums, .more { color: #55606e; }
table { border-collapse: collapse; margin-top: 12px; }
th { text-align: left; font-size: 9px; border-bottom: 1px solid #1b1f26; }
td { font-size: 9px; border-bottom: 1px solid #dfe3e9; }
"""


def page(network: Network, analysis: Analysis) -> str:
    """Return the report as one HTML page that needs nothing beside it, with the picture as SVG."""
    picture = _picture(network, analysis)
    found = report(network, derivations=True, analysis=analysis)
    return html(found, "" if picture is None else svg(picture).decode())


def pdf(network: Network, analysis: Analysis) -> bytes:
    """Return the report as PDF, on paper as most have it."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setTitle(network.name)
    writer.setCreator("Convolab")
    writer.setResolution(600)
    lay_out_page(writer)
    write_on(writer, network, analysis)
    buffer.close()
    return bytes(data.data())


def lay_out_page(device: QPagedPaintDevice) -> None:
    """Turn the paper so that the table has room."""
    margins = QMarginsF(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
    size = QPageSize(QPageSize.PageSizeId.A4)
    device.setPageLayout(QPageLayout(size, QPageLayout.Orientation.Landscape, margins, QPageLayout.Unit.Millimeter))


def write_on(device: QPagedPaintDevice, network: Network, analysis: Analysis) -> None:
    """Write the report on paper: a printer, or a PDF."""
    room = device.pageLayout().paintRect(QPageLayout.Unit.Point).size() * (_DPI / 72)
    inside = QSizeF(room.width(), room.height() - _FOOTER)
    made = document(network, analysis, inside)
    painter = QPainter(device)
    painter.scale(device.logicalDpiX() / _DPI, device.logicalDpiY() / _DPI)
    count = made.pageCount()
    for number in range(count):
        if number:
            device.newPage()
        part = QRectF(0, number * inside.height(), inside.width(), inside.height())
        painter.save()
        painter.translate(0, -part.top())
        made.drawContents(painter, part)
        painter.restore()
        painter.setFont(_font(7))
        painter.setPen(QColor(theme.LIGHT.muted))
        foot = QRectF(0, inside.height(), room.width(), _FOOTER)
        painter.drawText(foot, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom, f"{number + 1} / {count}")
    painter.end()


def document(network: Network, analysis: Analysis, room: QSizeF) -> QTextDocument:
    """Return the report laid out on pages.

    Parameters
    ----------
    network, analysis
        The network.
    room
        Width and height of a page's inside, in pixels of 1/96 inch.
    """
    made = QTextDocument()
    made.documentLayout().setPaintDevice(_paper())
    made.setDefaultFont(_font(8))
    made.setDefaultStyleSheet(_PAPER)
    made.setDocumentMargin(0)
    picture, image = _picture(network, analysis), ""
    if picture is not None:
        scale = min(room.width() / picture.width, (room.height() - _HEADING) / picture.height, 1.0)
        width, height = round(picture.width * scale), round(picture.height * scale)
        pixels = raster(picture, max(1, round(width * _SHARPNESS)))
        made.addResource(QTextDocument.ResourceType.ImageResource, QUrl("picture"), pixels)
        image = f'<p align="center"><img src="picture" width="{width}" height="{height}"></p>'
    inside = body(report(network, analysis=analysis), image)
    inside = inside.replace("<table>", '<table width="100%" cellspacing="0" cellpadding="3">')
    made.setHtml(f"<body>{inside.replace(_NUMBER, _AT_THE_RIGHT)}</body>")
    made.setPageSize(room)
    return made


@cache
def _paper() -> QImage:
    """Return what lines are broken for: letters of 1/96 inch a pixel, whatever the screen has."""
    image = QImage(1, 1, QImage.Format.Format_RGB32)
    image.setDotsPerMeterX(round(_DPI / 0.0254))
    image.setDotsPerMeterY(round(_DPI / 0.0254))
    return image


def _font(points: int) -> QFont:
    font = theme.font(points)
    font.setPixelSize(round(points * _DPI / 72))
    return font


def _picture(network: Network, analysis: Analysis) -> Picture | None:
    """Return the picture that goes with a report; None where there is nothing to draw."""
    if len(network.graph.nodes) <= _MOST_CARDS:
        options = Options("canvas", theme.LIGHT, Look(names=True, parameters=True))
    else:
        options = Options("volumes", theme.LIGHT, Look())
    try:
        return picture_of(network, options, analysis)
    except PictureError:
        return None
