"""One map, large: opened, emptied, walked through with keys and buttons, laid out."""

import subprocess
import sys
from collections.abc import Callable

import numpy as np
import pytest
from explorer_views import LOOK, histogram_plot, image, of, settle
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from designer import theme
from designer.maps.explorer import EMPTY, MapExplorer
from designer.maps.explorer_header import place_text
from designer.maps.layers import MapLayer
from designer.tiles import colormaps

LEFT, RIGHT, UP, DOWN = Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down
NAN, INF = float("nan"), float("inf")


def test_importing_it_does_not_import_pyqtgraph():
    code = "import sys, designer.maps.explorer; sys.exit('pyqtgraph' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_an_empty_explorer_says_what_to_do_and_needs_no_plots(explorer: MapExplorer, qtbot: QtBot):
    assert explorer.empty.text() == EMPTY
    assert explorer.empty.isVisible()
    assert explorer.shown() is None
    with qtbot.assertNotEmitted(explorer.step_requested):
        QTest.keyClick(explorer, RIGHT)
        QTest.keyClick(explorer, Qt.Key.Key_F)
    assert explorer._plots is None


def test_clear_replaces_the_map_by_a_text(explorer: MapExplorer, layer: Callable[..., MapLayer]):
    explorer.show_map(layer("conv1", 6, 28, 28), 2, LOOK)
    assert explorer.shown() == ("conv1", 2)
    assert not explorer.empty.isVisible()
    explorer.clear("No image yet")
    assert explorer.shown() is None
    assert explorer.empty.isVisible()
    assert explorer.empty.text() == "No image yet"


def test_a_channel_that_a_layer_has_lost_is_its_last(explorer: MapExplorer, layer: Callable[..., MapLayer]):
    explorer.show_map(layer("conv1", 6, 28, 28), 9, LOOK)
    assert explorer.shown() == ("conv1", 5)


def test_a_layer_without_values_is_told_of(explorer: MapExplorer):
    explorer.show_map(of(np.zeros((2, 0, 3))), 0, LOOK)
    assert explorer.empty.text() == "layer has no values"


def test_the_title(explorer: MapExplorer, layer: Callable[..., MapLayer]):
    explorer.show_map(layer("conv1", 6, 28, 24), 2, LOOK)
    assert explorer.header.title.text() == "conv1 · map 2 of 0–5 · 24×28"  # as on the card, width first
    assert place_text(layer("flatten", 25088), 17) == "element 17 of 0–25,087"


@pytest.mark.parametrize(
    ("key", "button", "step"),
    [
        (LEFT, "previous_map", [0, -1]),
        (RIGHT, "next_map", [0, 1]),
        (UP, "previous_layer", [-1, 0]),
        (DOWN, "next_layer", [1, 0]),
    ],
)
def test_arrow_keys_and_buttons_ask_for_another_map(
    explorer: MapExplorer, qtbot: QtBot, layer: Callable[..., MapLayer], key: Qt.Key, button: str, step: list[int]
):
    explorer.show_map(layer("conv1", 6, 28, 28), 2, LOOK)
    with qtbot.waitSignal(explorer.step_requested) as blocker:
        QTest.keyClick(explorer, key)
    assert blocker.args == step
    with qtbot.waitSignal(explorer.step_requested) as blocker:
        QTest.mouseClick(getattr(explorer.header, button), Qt.MouseButton.LeftButton)
    assert blocker.args == step


def test_a_click_on_the_map_leaves_the_keys_with_the_explorer(
    explorer: MapExplorer, qtbot: QtBot, layer: Callable[..., MapLayer]
):
    explorer.show_map(layer("conv1", 6, 28, 28), 2, LOOK)
    settle(explorer)
    explorer.activateWindow()
    QTest.mouseClick(image(explorer).view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(60, 60))
    qtbot.waitUntil(explorer.hasFocus)


def test_there_is_no_map_before_the_first_and_after_the_last(
    explorer: MapExplorer, qtbot: QtBot, layer: Callable[..., MapLayer]
):
    explorer.show_map(layer("conv1", 2, 8, 8), 0, LOOK)
    assert not explorer.header.previous_map.isEnabled()
    assert explorer.header.next_map.isEnabled()
    with qtbot.assertNotEmitted(explorer.step_requested):
        QTest.keyClick(explorer, LEFT)
    explorer.show_map(layer("conv1", 2, 8, 8), 1, LOOK)
    assert not explorer.header.next_map.isEnabled()
    with qtbot.assertNotEmitted(explorer.step_requested):
        QTest.keyClick(explorer, RIGHT)
        QTest.keyClick(explorer, RIGHT, Qt.KeyboardModifier.ControlModifier)


def test_the_numbers_go_below_the_map_where_it_is_tall(explorer: MapExplorer, layer: Callable[..., MapLayer]):
    explorer.show_map(layer("conv1", 6, 28, 28), 0, LOOK)
    settle(explorer)
    assert explorer.measures.mapTo(explorer, QPoint()).x() > explorer.stage.geometry().right()
    explorer.resize(380, 640)
    settle(explorer)
    assert explorer.measures.mapTo(explorer, QPoint()).y() > explorer.stage.geometry().bottom()
    assert explorer.stage.width() == 380


def test_it_takes_the_colours_of_a_new_theme(explorer: MapExplorer, qapp: QApplication):
    explorer.show_map(of([[[0, NAN]]]), 0, LOOK)
    settle(explorer)
    theme.apply(qapp, theme.DARK)
    settle(explorer)
    plot = image(explorer)
    assert plot.view.backgroundBrush().color().name() == theme.DARK.canvas
    assert bytes(plot.image.lut[colormaps.GAP]).hex() == theme.DARK.surface.removeprefix("#")
    assert theme.DARK.error in explorer.measures.faults.styleSheet()
    assert histogram_plot(explorer).view.backgroundBrush().color().name() == theme.DARK.surface
    theme.apply(qapp, theme.LIGHT)


def test_the_buttons_take_no_keys_from_the_explorer(
    explorer: MapExplorer, qtbot: QtBot, layer: Callable[..., MapLayer]
):
    explorer.show_map(layer("conv1", 6, 28, 28), 2, LOOK)
    explorer.activateWindow()
    explorer.setFocus()
    QTest.mouseClick(explorer.header.next_map, Qt.MouseButton.LeftButton)
    assert explorer.hasFocus()
    QTest.keyClick(explorer, Qt.Key.Key_Tab)
    assert explorer.bar.box.hasFocus()
