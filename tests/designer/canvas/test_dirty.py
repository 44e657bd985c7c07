"""Regions in parts."""

from PySide6.QtCore import QRect
from PySide6.QtGui import QRegion

from designer.canvas.dirty import apart


def test_the_strips_that_a_pan_uncovers_are_painted_one_by_one():
    region = QRegion(QRect(0, 977, 1600, 23)) + QRegion(QRect(1593, 0, 7, 1000))
    parts = apart(region)
    assert len(parts) == 2
    assert sum(part.width() * part.height() for part in parts) < 60_000


def test_what_lies_together_is_painted_at_once():
    whole = QRegion(QRect(0, 0, 200, 100)) + QRegion(QRect(0, 100, 180, 100))
    assert apart(whole) == [QRect(0, 0, 200, 200)]
    assert apart(QRegion(QRect(3, 4, 5, 6))) == [QRect(3, 4, 5, 6)]
    assert apart(QRegion()) == []


def test_nothing_is_left_out():
    region = QRegion()
    for index in range(12):
        region += QRect(index * 37 % 300, index * 53 % 200, 20 + index, 9)
    covered = QRegion()
    for part in apart(region):
        covered += part
    assert (region - covered).isEmpty()
