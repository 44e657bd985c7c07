"""From a picture to a file: SVG, PDF or PNG, by the file's suffix."""

import re
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QSizeF
from PySide6.QtGui import QImage, QPageSize, QPainter, QPdfWriter

from designer.pictures.picture import Picture, PictureError
from designer.pictures.svg import SvgPainter
from designer.vector import VectorPainter
from engine.language import tr

SUFFIXES = (".svg", ".pdf", ".png")
PER_MM = 96 / 25.4  # pixels of 1/96 inch
PRINT_DPI = 300  # pixels that a PNG has in an inch where its width is asked for in millimetres
_NATURAL_SCALE = 2.0  # of a PNG that no size is asked for
_PDF_DPI = 1200
MOST_PIXELS = 20_000  # of either side


@dataclass(frozen=True)
class Width:
    """How wide a picture is to be; its height follows."""

    number: float
    unit: str  # "mm" or "px"

    @classmethod
    def parse(cls, text: str) -> "Width":
        """Read ``180mm`` or ``1600px``.

        Raises
        ------
        ValueError
            Where it is neither.
        """
        found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(mm|px)", text.strip())
        if found is None or float(found[1]) <= 0:
            raise ValueError(tr("{text!r} is not a width such as 180mm or 1600px", text=text))
        return cls(float(found[1]), found[2])


def write(picture: Picture, path: Path, width: Width | None = None) -> None:
    """Write a picture to a file.

    Parameters
    ----------
    picture
        What to write.
    path
        Its suffix chooses the format.
    width
        None for the natural size: 1/96 inch for a pixel of the canvas; a PNG has two pixels for each.

    Raises
    ------
    PictureError
        Where the suffix is another, the picture is too large, or the file can't be written.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise PictureError(tr("{file}: a picture is written as .svg, .pdf or .png", file=path.name))
    data = {".svg": svg, ".pdf": pdf, ".png": png}[suffix](picture, width)
    try:
        path.write_bytes(data)
    except OSError as problem:
        raise PictureError(
            tr("{file} can't be written: {problem}", file=path, problem=problem.strerror or problem)
        ) from problem


def svg(picture: Picture, width: Width | None = None) -> bytes:
    """Return a picture as SVG; the same picture gives the same bytes."""
    painter = SvgPainter()
    picture.paint(painter)
    painter.end()
    shown = width or Width(picture.width, "px")
    sizes = (shown.number, shown.number * picture.height / picture.width)
    size = f"{sizes[0]:.6g}{shown.unit}", f"{sizes[1]:.6g}{shown.unit}"
    text = painter.document(picture.width, picture.height, size, picture.title, picture.description)
    return text.encode()


def pdf(picture: Picture, width: Width | None = None) -> bytes:
    """Return a picture as PDF of one page, exactly as large as the picture; fonts are embedded."""
    millimetres = _millimetres(picture, width)
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setTitle(picture.title)
    writer.setCreator("Convolab")
    writer.setResolution(_PDF_DPI)
    height = millimetres * picture.height / picture.width
    writer.setPageSize(
        QPageSize(QSizeF(millimetres, height), QPageSize.Unit.Millimeter, "", QPageSize.SizeMatchPolicy.ExactMatch)
    )
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))
    painter = VectorPainter(writer)
    scale = millimetres / 25.4 * _PDF_DPI / picture.width
    painter.scale(scale, scale)
    picture.paint(painter)
    painter.end()
    buffer.close()
    return bytes(data.data())


def png(picture: Picture, width: Width | None = None) -> bytes:
    """Return a picture as PNG.

    Raises
    ------
    PictureError
        Where a side would have too many pixels.
    """
    image = raster(picture, _pixels(picture, width))
    dots = PRINT_DPI if width is not None and width.unit == "mm" else 96 * image.width() / picture.width
    image.setDotsPerMeterX(round(dots / 0.0254))
    image.setDotsPerMeterY(round(dots / 0.0254))
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    buffer.close()
    return bytes(data.data())


def raster(picture: Picture, width: int) -> QImage:
    """Return a picture as an image of a width in pixels, transparent where nothing is painted.

    Raises
    ------
    PictureError
        Where a side would have too many pixels.
    """
    scale = width / picture.width
    height = max(1, round(picture.height * scale))
    if max(width, height) > MOST_PIXELS:
        raise PictureError(
            tr(
                "{width:,} × {height:,} pixels are more than a PNG should have; SVG and PDF have no limit",
                width=width,
                height=height,
            )
        )
    image = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = VectorPainter(image)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    painter.scale(scale, scale)
    picture.paint(painter)
    painter.end()
    return image


def _pixels(picture: Picture, width: Width | None) -> int:
    if width is None:
        return round(picture.width * min(_NATURAL_SCALE, MOST_PIXELS / max(picture.width, picture.height)))
    return max(1, round(width.number if width.unit == "px" else width.number / 25.4 * PRINT_DPI))


def _millimetres(picture: Picture, width: Width | None) -> float:
    if width is None:
        return picture.width / PER_MM
    return width.number if width.unit == "mm" else width.number / PER_MM
