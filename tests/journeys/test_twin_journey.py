"""CNN and MLP: every layer beside its fully connected twin, explained, and taken away as a picture."""

import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
from PIL import Image

from designer.window import MainWindow
from engine import twin
from tests.journeys.hands import QtHands, wait_until
from tests.journeys.keyboard import tab_to
from tests.journeys.places import click_card


def check_table(window: MainWindow) -> None:
    """Compare the table with the engine's own counts."""
    panel, found = window.twin, twin(window.document.analysis)
    assert f"{found.counts.dense:,} weights instead of {found.counts.shared:,}" in panel.verdict.text()
    for layer in found.layers:
        texts = panel.model.texts(panel.model.row(layer.node))
        if layer.counts.dense:
            assert f"{layer.counts.dense:,}" in texts
    last = panel.model.texts(panel.model.rowCount() - 1)
    assert last[0] == "The whole network"
    assert f"{found.counts.dense:,}" in last


def test_the_twin_is_looked_at_with_the_mouse(lenet: MainWindow, hands: QtHands, tmp_path: Path):
    window, panel = lenet, lenet.twin
    hands.menu("Lessons", "CNN and MLP")
    assert window.docks["twin"].isVisible()
    check_table(window)
    row = panel.model.index(panel.model.row("conv2"), 0)
    panel.table.scrollTo(row)
    hands.click(panel.table.viewport(), panel.table.visualRect(row).center())
    assert window.document.selection.only == "conv2"
    assert panel.view.picture.title.startswith("conv2")
    click_card(window, hands, "conv1")
    assert panel.table.currentIndex().row() == panel.model.row("conv1")
    assert "4,816,896" in panel.view.picture.description
    hands.will_choose(tmp_path / "conv1.svg")
    hands.click(panel.export_button)
    assert window.statusBar().currentMessage() == "Exported conv1.svg"
    text = (tmp_path / "conv1.svg").read_text(encoding="utf-8")
    assert ET.fromstring(text).tag.endswith("svg")
    assert "4,816,896 weights" in text


def test_the_twin_is_looked_at_with_the_keyboard(lenet_by_keys: MainWindow, hands: QtHands, tmp_path: Path):
    window, panel = lenet_by_keys, lenet_by_keys.twin
    hands.keys("ctrl+shift+m")
    wait_until(panel.table.hasFocus, "the table has the keys")
    check_table(window)
    for node in ("relu1", "pool1", "conv2"):
        hands.keys("down")
        assert window.document.selection.only == node
    hands.keys("return")
    assert panel.popover is not None
    assert panel.popover.isVisible()
    counts = twin(window.document.analysis)["conv2"].counts
    assert str(counts.dense) in panel.popover.accessibleDescription()
    hands.keys("escape")
    assert not panel.popover.isVisible()
    tab_to(hands, panel.export_button)
    hands.will_choose(tmp_path / "conv2.png")
    hands.keys("space")
    with Image.open(tmp_path / "conv2.png") as picture:
        assert picture.width == 2160
        assert np.asarray(picture.convert("L")).std() > 5
