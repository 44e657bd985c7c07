"""From a click on a map, upstream to the image and back, in the whole window."""

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from designer.maps.trace.block_view import BlockView
from designer.maps.trace.channels_view import ChannelsView
from designer.window import MainWindow
from engine import Conv2D, Place
from tests.designer.lenet_hands import maps


def click_on_map(lenet: MainWindow, x: float, y: float) -> None:
    QApplication.processEvents()
    lenet.explorer.grab()
    plots: Any = lenet.explorer._plots
    shown = next(plot for plot in (plots.image, plots.vector) if plot.view is lenet.explorer.stage.currentWidget())
    at = shown.view.mapFromScene(shown.box.mapViewToScene(QPointF(x, y)))
    QTest.mouseClick(shown.view.viewport(), Qt.MouseButton.LeftButton, pos=at)


def value(lenet: MainWindow) -> float:
    shown = lenet.trace_panel.shown()
    assert shown is not None
    return float(shown.trace.value)


def test_a_click_on_a_value_traces_it_everywhere(lenet: MainWindow):
    lenet.looks.open("conv2", 3)
    click_on_map(lenet, 5.5, 4.5)
    assert lenet.docks["trace"].isVisible()
    assert lenet.traces.path == (Place("conv2", (3, 4, 5)),)
    assert value(lenet) == maps(lenet)["conv2"][3, 4, 5]
    marks = lenet.maps.mosaic._trace
    assert marks is not None
    assert list(marks.fields) == ["conv2", "pool1", "relu1", "conv1", "image"]
    assert lenet.image_view._mark is not None
    plots: Any = lenet.explorer._plots
    assert plots.image.marks._traced == (4, 5)
    lenet.grab()
    lenet.explorer.grab()


def test_enter_walks_to_the_image_and_backspace_back(lenet: MainWindow):
    lenet.looks.open("pool1", 2)
    click_on_map(lenet, 5.5, 7.5)
    panel = lenet.trace_panel
    panel.setFocus()
    seen = [lenet.traces.path[-1].node]
    for _ in range(5):  # one more than there are layers: at the image it stays
        QTest.keyClick(panel, Qt.Key.Key_Return)
        seen.append(lenet.traces.path[-1].node)
    assert seen == ["pool1", "relu1", "conv1", "image", "image", "image"]
    winner = lenet.traces.path[1]
    assert maps(lenet)["relu1"][winner.index] == maps(lenet)["pool1"][2, 7, 5]
    assert lenet.explorer.shown() == ("image", 0)
    for _ in range(5):
        QTest.keyClick(panel, Qt.Key.Key_Backspace)
    assert lenet.traces.path == (Place("pool1", (2, 7, 5)),)
    assert lenet.explorer.shown() == ("pool1", 2)


def test_arrows_move_the_value_and_stop_at_the_rim(lenet: MainWindow):
    lenet.traces.open("conv1", (0, 0, 0))
    panel = lenet.trace_panel
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Up, Qt.Key.Key_PageUp):
        QTest.keyClick(panel, key)
    assert lenet.traces.path[-1].index == (0, 0, 0)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_PageDown):
        QTest.keyClick(panel, key)
    assert lenet.traces.path[-1].index == (1, 2, 1)
    assert value(lenet) == maps(lenet)["conv1"][1, 2, 1]
    assert lenet.statusBar().currentMessage().startswith("conv1, map 1 (y 2, x 1) = ")


def test_the_large_map_has_the_keys_of_the_trace_until_it_ends(lenet: MainWindow):
    lenet.looks.open("conv1", 2)
    QTest.keyClick(lenet.explorer, Qt.Key.Key_Return)  # without a trace: the largest value
    index = lenet.traces.path[-1].index
    assert maps(lenet)["conv1"][index] == maps(lenet)["conv1"][2].max()
    QTest.keyClick(lenet.explorer, Qt.Key.Key_PageUp)
    assert lenet.traces.path[-1].index == (1, *index[1:])
    assert lenet.explorer.shown() == ("conv1", 1)
    QTest.keyClick(lenet.explorer, Qt.Key.Key_Escape)
    assert lenet.traces.path == ()
    assert not lenet.docks["trace"].isVisible()
    assert lenet.maps.mosaic._trace is None
    assert lenet.image_view._mark is None
    QTest.keyClick(lenet.explorer, Qt.Key.Key_Right)
    assert lenet.explorer.shown() == ("conv1", 2)


def test_an_element_of_a_vector(lenet: MainWindow):
    lenet.looks.open("dense1", 0)
    click_on_map(lenet, 7.0, 0.0)
    assert lenet.traces.path[-1] == Place("dense1", (7,))
    QTest.keyClick(lenet.trace_panel, Qt.Key.Key_Down)
    assert lenet.traces.path[-1] == Place("dense1", (8,))
    QTest.keyClick(lenet.trace_panel, Qt.Key.Key_Return)
    products = lenet.runs.result.weights["dense1"]["weight"][8] * maps(lenet)["flatten"]
    assert lenet.traces.path[-1] == Place("flatten", (int(np.abs(products).argmax()),))
    QTest.keyClick(lenet.trace_panel, Qt.Key.Key_Return)
    assert lenet.traces.path[-1].node == "pool2"


def test_shift_click_in_the_mosaic_traces_the_pixel_there(lenet: MainWindow):
    mosaic = lenet.maps.mosaic
    layout = mosaic._content.layout
    tile = layout.tile(1, 4)
    middle = QPoint(
        int(tile.x + 14.5 / 28 * tile.width), int(tile.y + 14.5 / 28 * tile.height)
    )  # of the pixel (14, 14)
    at = middle - QPoint(0, mosaic.verticalScrollBar().value())
    QTest.mouseClick(mosaic.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier, at)
    assert lenet.traces.path == (Place("conv1", (4, 14, 14)),)
    assert not lenet.docks["map"].isVisible()


def test_a_click_on_the_patch_and_the_path(lenet: MainWindow):
    lenet.traces.open("conv2", (3, 4, 5))
    QApplication.processEvents()
    view = next(block for block in lenet.trace_panel.blocks if isinstance(block, ChannelsView))
    spot = next(spot for spot in view.spots if spot.cell == (1, 0, 4))
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=spot.rect.center().toPoint())
    assert lenet.traces.path == (Place("conv2", (3, 4, 5)), Place("pool1", (1, 4, 9)))
    QTest.mouseClick(lenet.trace_panel.path.places[0], Qt.MouseButton.LeftButton)
    assert lenet.traces.path == (Place("conv2", (3, 4, 5)),)


def test_a_block_keeps_the_keys_while_the_value_changes(lenet: MainWindow, qtbot):
    lenet.traces.open("conv2", (3, 4, 5))
    lenet.docks["trace"].activateWindow()
    view = next(block for block in lenet.trace_panel.blocks if isinstance(block, ChannelsView))
    view.setFocus()
    qtbot.waitUntil(view.hasFocus)
    QTest.keyClick(view, Qt.Key.Key_PageDown)
    assert lenet.traces.path[-1].index == (4, 4, 5)
    focused = next(block for block in lenet.trace_panel.blocks if block.hasFocus())
    assert isinstance(focused, BlockView)


def test_a_new_run_is_traced_anew_and_a_value_that_is_gone_ends_it(lenet: MainWindow, qtbot):
    lenet.traces.open("conv1", (5, 20, 20))
    document = lenet.document
    with qtbot.waitSignal(lenet.runs.settled):
        document.edit("Change", document.graph.replace_layer("conv1", Conv2D(filters=9, kernel=(3, 3))))
    assert value(lenet) == maps(lenet)["conv1"][5, 20, 20]
    with qtbot.waitSignal(lenet.runs.settled):
        document.edit("Change", document.graph.replace_layer("conv1", Conv2D(filters=2, kernel=(3, 3))))
    assert lenet.traces.path == ()
    assert lenet.trace_panel.shown() is None


def test_closing_the_dock_ends_the_trace(lenet: MainWindow):
    lenet.traces.open("conv1", (0, 3, 3))
    lenet.docks["trace"].close()
    assert lenet.traces.path == ()
    assert lenet.maps.mosaic._trace is None


@pytest.mark.parametrize("node", ["image", "relu1", "pool2", "flatten", "dense3", "softmax"])
def test_every_layer_of_the_network(lenet: MainWindow, node: str):
    shape = maps(lenet)[node].shape
    lenet.traces.open(node, tuple(size // 2 for size in shape))
    shown = lenet.trace_panel.shown()
    assert shown is not None
    assert shown.trace.agrees
    lenet.trace_panel.grab()
    lenet.maps.mosaic.viewport().repaint()
