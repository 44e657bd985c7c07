import pytest
from PySide6.QtCore import Qt

from designer.document import Document
from designer.panels.totals import Totals
from designer.wording import memory
from engine import Conv2D


def test_the_line_follows_the_document(shown, sound):
    totals = shown(Totals(sound), 640, 28)
    assert totals.text() == "6 layers · 47,206 parameters · 164,640 MACs · 59 KiB of maps"
    sound.edit("Fewer", sound.graph.replace_layer("conv1", Conv2D(filters=1, kernel=(5, 5))))
    assert totals.text() == "6 layers · 7,876 parameters · 27,440 MACs · 13 KiB of maps"


def test_an_empty_network_counts_nothing(shown):
    totals = shown(Totals(Document()), 640, 28)
    assert totals.text() == "0 layers · 0 parameters · 0 MACs · 0 B of maps"
    assert totals.button.text() == "No problems"


def test_problems_are_counted_and_a_click_asks_to_see_them(qtbot, shown, broken):
    totals = shown(Totals(broken), 640, 28)
    assert totals.button.text().startswith("3 errors")
    with qtbot.waitSignal(totals.clicked):
        qtbot.mouseClick(totals.button, Qt.MouseButton.LeftButton)


@pytest.mark.parametrize(
    ("nbytes", "text"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 KiB"),
        (10_035, "9.8 KiB"),
        (64_512, "63 KiB"),
        (1 << 20, "1.0 MiB"),
        (5 << 40, "5.0 TiB"),
        (5 << 50, "5,120 TiB"),
    ],
)
def test_memory_is_written_for_people(nbytes, text):
    assert memory(nbytes) == text
