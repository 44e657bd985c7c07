"""Every number that the window shows is written as the language writes it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QRect

from designer.canvas.tooltips import node_tooltip
from designer.gallery.templates import TEMPLATES
from designer.window import MainWindow
from engine import Figure
from tests.designer.pseudo import texts_of
from tests.designer.windows import run_digit, shown_window

_POINT = re.compile(r"(?<![\w.\-/])\d+\.\d+(?![\w.])")  # a point before decimals, but for names of files
_PERCENT = re.compile(r"\d ?%")  # with no space, or one where the line may break
_GROUPED = re.compile(r"[1-9]\d{0,2}(\.\d{3})+(?!\d)")  # as it should be
_TAGS = re.compile(r"<[^>]*>")


@pytest.fixture
def window(german, qtbot, qapp, monkeypatch, resources: Path) -> MainWindow:
    made = shown_window(qtbot, qapp, monkeypatch)
    run_digit(made, qtbot, resources)
    return made


def english(window: MainWindow, texts: Iterator[tuple[str, str]]) -> set[str]:
    """Return the numbers in some texts that are written as English does."""
    totals = window.document.analysis.totals
    counts = {one for entry in window.document.analysis.nodes.values() for one in (entry.weights, entry.macs)}
    grouped = {f"{one:,}" for one in (*counts, totals.parameters, totals.connections, totals.macs) if one >= 10_000}
    known = {one.title for one in TEMPLATES} | {one.by for one in TEMPLATES}
    found = set()
    for place, text in texts:
        plain = _TAGS.sub(" ", text)
        for name in known:
            plain = plain.replace(name, "")
        hits = [
            *_POINT.findall(_GROUPED.sub("", plain)),
            *_PERCENT.findall(plain),
            *(one for one in grouped if one in plain),
        ]
        found |= {f"{place}: {hit} in {plain!r}" for hit in hits}
    return found


def test_all_that_a_network_that_ran_shows(window, qtbot):
    window.maps.map_activated.emit("conv2", 3)
    window.traces.open("conv2", (3, 4, 5))
    for dock in window.docks.values():
        dock.show()
    window.lessons.step_through()
    window.lessons.translate()
    qtbot.waitUntil(lambda: window.lab.comparison is not None)
    window.command_palette.open()
    window.canvas.quick_add.ask()
    window.files.export_picture()
    found = set()
    for node in window.document.graph.nodes:
        window.document.selection.select([node.id])
        found |= english(window, texts_of(window))
    window.inspector.node_page.numbers.solver.click()
    window.totals.explainer.explain_sum(Figure.PARAMETERS, QRect(0, 0, 10, 10))
    found |= english(window, texts_of(window))
    tips = (node_tooltip(window.document.analysis, node.id, ()) for node in window.document.graph.nodes)
    found |= english(window, (("tooltip", tip) for tip in tips))
    assert not found, "\n".join(sorted(found))
    assert sum(bool(_GROUPED.search(text)) for _, text in texts_of(window)) > 50


def test_the_axes_of_a_vector(window, qtbot):
    window.maps.map_activated.emit("softmax", 3)
    qtbot.waitUntil(lambda: window.explorer.isVisible())
    axis = window.explorer._plots.vector.view.getAxis("left")
    assert axis.tickStrings([-0.5, 0.0, 0.5], 1.0, 0.5) == ["−0,5", "0", "0,5"]
