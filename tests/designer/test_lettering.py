import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QImage, QPainter

from designer import theme
from designer.lettering import LEFT, MIDDLE, RIGHT, paint_line, width

ROOM = QRect(20, 10, 200, 30)
LONG = "a name that is far too long for the room it has, and a little more"


def painted(text: str, across: float = LEFT, ratio: float = 1.0) -> QRect:
    """Return where the pixels of a line are."""
    image = QImage(round(240 * ratio), round(50 * ratio), QImage.Format.Format_Grayscale8)
    image.setDevicePixelRatio(ratio)
    image.fill(255)
    painter = QPainter(image)
    paint_line(painter, ROOM, text, "#000000", 10, across=across)
    painter.end()
    dark = [
        (x / ratio, y / ratio)
        for y in range(image.height())
        for x in range(image.width())
        if image.pixelColor(x, y).lightness() < 128
    ]
    xs, ys = [x for x, _ in dark], [y for _, y in dark]
    return QRect(round(min(xs)), round(min(ys)), round(max(xs) - min(xs)), round(max(ys) - min(ys)))


@pytest.mark.parametrize("ratio", [1.0, 2.0])
@pytest.mark.parametrize("across", [LEFT, MIDDLE, RIGHT])
def test_a_line_stands_where_it_is_asked_to(qapp, across: float, ratio: float):
    theme.apply(qapp, theme.LIGHT)
    shown = painted("conv1", across, ratio)
    free = ROOM.width() - width("conv1", 10)
    assert abs(shown.left() - (ROOM.left() + free * across)) <= 2
    assert abs(shown.center().y() - ROOM.center().y()) <= 2


@pytest.mark.parametrize("across", [LEFT, RIGHT])
def test_a_line_that_does_not_fit_is_shortened(qapp, across: float):
    theme.apply(qapp, theme.LIGHT)
    assert width(LONG, 10) > ROOM.width()
    shown = painted(LONG, across)
    assert ROOM.left() - 1 <= shown.left()
    assert shown.right() <= ROOM.right() + 1


def test_a_line_is_plain_text(qapp):
    theme.apply(qapp, theme.LIGHT)
    assert painted("<b>x</b>").width() > painted("x").width() * 4
