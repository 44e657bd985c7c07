"""From a click on a map, upstream to the image and back, in the whole window."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox

from designer import theme
from designer.maps.trace.block_view import BlockView
from designer.maps.trace.channels_view import ChannelsView
from designer.window import MainWindow
from engine import Conv2D, Place


@pytest.fixture
def window(qtbot, qapp, monkeypatch, resources: Path) -> MainWindow:
    monkeypatch.setattr(QMessageBox, "warning", lambda *_: QMessageBox.StandardButton.Discard)
    theme.apply(qapp, theme.LIGHT)
    made = MainWindow()
    qtbot.addWidget(made)
    made.resize(1440, 900)
    made.show()
    made.files.open_example("lenet5.json")
    with qtbot.waitSignal(made.runs.settled):
        made.runs.open_image(resources / "images" / "digits" / "7_0023.png")
    return made


def click_on_map(window: MainWindow, x: float, y: float) -> None:
    QApplication.processEvents()
    window.explorer.grab()
    plots: Any = window.explorer._plots
    shown = next(plot for plot in (plots.image, plots.vector) if plot.view is window.explorer.stage.currentWidget())
    at = shown.view.mapFromScene(shown.box.mapViewToScene(QPointF(x, y)))
    QTest.mouseClick(shown.view.viewport(), Qt.MouseButton.LeftButton, pos=at)


def value(window: MainWindow) -> float:
    shown = window.trace_panel.shown()
    assert shown is not None
    return float(shown.trace.value)


def maps(window: MainWindow) -> Any:
    assert window.runs.result is not None
    return window.runs.result.maps


def test_a_click_on_a_value_traces_it_everywhere(window: MainWindow):
    window.looks.open("conv2", 3)
    click_on_map(window, 5.5, 4.5)
    assert window.docks["trace"].isVisible()
    assert window.traces.path == (Place("conv2", (3, 4, 5)),)
    assert value(window) == maps(window)["conv2"][3, 4, 5]
    marks = window.maps.mosaic._trace
    assert marks is not None
    assert list(marks.fields) == ["conv2", "pool1", "relu1", "conv1", "image"]
    assert window.image_view._mark is not None
    plots: Any = window.explorer._plots
    assert plots.image.marks._traced == (4, 5)
    window.grab()
    window.explorer.grab()


def test_enter_walks_to_the_image_and_backspace_back(window: MainWindow):
    window.looks.open("pool1", 2)
    click_on_map(window, 5.5, 7.5)
    panel = window.trace_panel
    panel.setFocus()
    seen = [window.traces.path[-1].node]
    for _ in range(5):  # one more than there are layers: at the image it stays
        QTest.keyClick(panel, Qt.Key.Key_Return)
        seen.append(window.traces.path[-1].node)
    assert seen == ["pool1", "relu1", "conv1", "image", "image", "image"]
    winner = window.traces.path[1]
    assert maps(window)["relu1"][winner.index] == maps(window)["pool1"][2, 7, 5]
    assert window.explorer.shown() == ("image", 0)
    for _ in range(5):
        QTest.keyClick(panel, Qt.Key.Key_Backspace)
    assert window.traces.path == (Place("pool1", (2, 7, 5)),)
    assert window.explorer.shown() == ("pool1", 2)


def test_arrows_move_the_value_and_stop_at_the_rim(window: MainWindow):
    window.traces.open("conv1", (0, 0, 0))
    panel = window.trace_panel
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Up, Qt.Key.Key_PageUp):
        QTest.keyClick(panel, key)
    assert window.traces.path[-1].index == (0, 0, 0)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_PageDown):
        QTest.keyClick(panel, key)
    assert window.traces.path[-1].index == (1, 2, 1)
    assert value(window) == maps(window)["conv1"][1, 2, 1]
    assert window.statusBar().currentMessage().startswith("conv1, map 1 (y 2, x 1) = ")


def test_the_large_map_has_the_keys_of_the_trace_until_it_ends(window: MainWindow):
    window.looks.open("conv1", 2)
    QTest.keyClick(window.explorer, Qt.Key.Key_Return)  # without a trace: the largest value
    index = window.traces.path[-1].index
    assert maps(window)["conv1"][index] == maps(window)["conv1"][2].max()
    QTest.keyClick(window.explorer, Qt.Key.Key_PageUp)
    assert window.traces.path[-1].index == (1, *index[1:])
    assert window.explorer.shown() == ("conv1", 1)
    QTest.keyClick(window.explorer, Qt.Key.Key_Escape)
    assert window.traces.path == ()
    assert not window.docks["trace"].isVisible()
    assert window.maps.mosaic._trace is None
    assert window.image_view._mark is None
    QTest.keyClick(window.explorer, Qt.Key.Key_Right)
    assert window.explorer.shown() == ("conv1", 2)


def test_an_element_of_a_vector(window: MainWindow):
    window.looks.open("dense1", 0)
    click_on_map(window, 7.0, 0.0)
    assert window.traces.path[-1] == Place("dense1", (7,))
    QTest.keyClick(window.trace_panel, Qt.Key.Key_Down)
    assert window.traces.path[-1] == Place("dense1", (8,))
    QTest.keyClick(window.trace_panel, Qt.Key.Key_Return)
    products = window.runs.result.weights["dense1"]["weight"][8] * maps(window)["flatten"]
    assert window.traces.path[-1] == Place("flatten", (int(np.abs(products).argmax()),))
    QTest.keyClick(window.trace_panel, Qt.Key.Key_Return)
    assert window.traces.path[-1].node == "pool2"


def test_shift_click_in_the_mosaic_traces_the_pixel_there(window: MainWindow):
    mosaic = window.maps.mosaic
    layout = mosaic._content.layout
    tile = layout.tile(1, 4)
    at = QPoint(tile.x + tile.width // 2, tile.y + tile.height // 2 - mosaic.verticalScrollBar().value())
    QTest.mouseClick(mosaic.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier, at)
    assert window.traces.path == (Place("conv1", (4, 14, 14)),)
    assert not window.docks["map"].isVisible()


def test_a_click_on_the_patch_and_the_path(window: MainWindow):
    window.traces.open("conv2", (3, 4, 5))
    QApplication.processEvents()
    view = next(block for block in window.trace_panel.blocks if isinstance(block, ChannelsView))
    spot = next(spot for spot in view.spots if spot.cell == (1, 0, 4))
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=spot.rect.center().toPoint())
    assert window.traces.path == (Place("conv2", (3, 4, 5)), Place("pool1", (1, 4, 9)))
    QTest.mouseClick(window.trace_panel.path.places[0], Qt.MouseButton.LeftButton)
    assert window.traces.path == (Place("conv2", (3, 4, 5)),)


def test_a_block_keeps_the_keys_while_the_value_changes(window: MainWindow, qtbot):
    window.traces.open("conv2", (3, 4, 5))
    window.docks["trace"].activateWindow()
    view = next(block for block in window.trace_panel.blocks if isinstance(block, ChannelsView))
    view.setFocus()
    qtbot.waitUntil(view.hasFocus)
    QTest.keyClick(view, Qt.Key.Key_PageDown)
    assert window.traces.path[-1].index == (4, 4, 5)
    focused = next(block for block in window.trace_panel.blocks if block.hasFocus())
    assert isinstance(focused, BlockView)


def test_a_new_run_is_traced_anew_and_a_value_that_is_gone_ends_it(window: MainWindow, qtbot):
    window.traces.open("conv1", (5, 20, 20))
    document = window.document
    with qtbot.waitSignal(window.runs.settled):
        document.edit("Change", document.graph.replace_layer("conv1", Conv2D(filters=9, kernel=(3, 3))))
    assert value(window) == maps(window)["conv1"][5, 20, 20]
    with qtbot.waitSignal(window.runs.settled):
        document.edit("Change", document.graph.replace_layer("conv1", Conv2D(filters=2, kernel=(3, 3))))
    assert window.traces.path == ()
    assert window.trace_panel.shown() is None


def test_closing_the_dock_ends_the_trace(window: MainWindow):
    window.traces.open("conv1", (0, 3, 3))
    window.docks["trace"].close()
    assert window.traces.path == ()
    assert window.maps.mosaic._trace is None


@pytest.mark.parametrize("node", ["image", "relu1", "pool2", "flatten", "dense3", "softmax"])
def test_every_layer_of_the_network(window: MainWindow, node: str):
    shape = maps(window)[node].shape
    window.traces.open(node, tuple(size // 2 for size in shape))
    shown = window.trace_panel.shown()
    assert shown is not None
    assert shown.trace.agrees
    window.trace_panel.grab()
    window.maps.mosaic.viewport().repaint()
