"""What an empty canvas says stays within it, in every language and in a narrow window."""

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from designer.canvas.hint import paint_hint


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("width", [180, 300, 900])
def test_the_words_are_not_cut_off(qapp, request, language, width):
    request.getfixturevalue("german" if language == "de" else "qapp")
    picture = QImage(width, 500, QImage.Format.Format_RGB32)
    ground = QColor("#123456")
    picture.fill(ground)
    painter = QPainter(picture)
    paint_hint(painter, QRectF(0, 0, width, 500))
    painter.end()
    inked = [(x, y) for x in range(0, width, 1) for y in range(0, 500, 1) if picture.pixelColor(x, y) != ground]
    assert min(x for x, _ in inked) >= 4
    assert max(x for x, _ in inked) < width - 4
    assert max(y for _, y in inked) <= 250 + 75  # the buttons begin below
    assert len({y for _, y in inked}) > 60
