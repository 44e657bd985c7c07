"""Kernels painted and typed while the maps follow; and hyper-parameters dragged and stepped, live."""

from itertools import pairwise

import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from designer.number_fields import DragLabel
from designer.window import MainWindow
from engine import Conv2D, run
from tests.journeys.hands import QtHands, wait_until
from tests.journeys.keyboard import command, panel_with, tab_to
from tests.journeys.places import click_card, shown_maps, tile, up_to_date

LEFT = Qt.MouseButton.LeftButton


def kernel(window: MainWindow, node: str, number: int = 0, channel: int = 0) -> np.ndarray:
    return window.document.network.weights[node]["weight"][number, channel]


def check_maps(window: MainWindow) -> None:
    """Compare all maps that are shown with what the engine computes on its own."""
    up_to_date(window)
    shown = shown_maps(window)
    expected = run(window.document.graph, window.runs.result.weights, shown["image"])
    assert set(shown) == set(expected)
    for node in expected:
        np.testing.assert_array_equal(shown[node], expected[node])


def test_kernels_are_painted_with_the_mouse(lenet: MainWindow, hands: QtHands):
    window, panel, grid = lenet, lenet.kernel_panel, lenet.kernel_panel.grid
    click_card(window, hands, "conv1")
    hands.menu("Edit", "Edit kernels")
    assert window.docks["kernels"].isVisible()
    assert panel.place.text() == "filter 0 · channel 0 · 5×5"
    before, first = kernel(window, "conv1").copy(), shown_maps(window)
    seen = [first["conv1"][0]]
    QTest.mousePress(grid, LEFT, pos=grid.rect_of(1, 0).center().toPoint())
    for x in range(5):
        QTest.mouseMove(grid, grid.rect_of(1, x).center().toPoint())
        up_to_date(window)
        seen.append(shown_maps(window)["conv1"][0])
    QTest.mouseRelease(grid, LEFT, pos=grid.rect_of(1, 4).center().toPoint())
    assert all(not np.array_equal(one, other) for one, other in pairwise(seen))
    assert kernel(window, "conv1")[1].tolist() == [1.0] * 5
    hands.click(grid, grid.rect_of(1, 2).center().toPoint(), Qt.MouseButton.RightButton)
    assert kernel(window, "conv1")[1].tolist() == [1, 1, 0, 1, 1]
    hands.wheel(grid, grid.rect_of(1, 2).center().toPoint(), 2)
    assert kernel(window, "conv1")[1, 2] > 0
    check_maps(window)
    np.testing.assert_array_equal(shown_maps(window)["conv1"][1:], first["conv1"][1:])

    hands.click(panel.filters.viewport(), panel.filters.tile(4).center())
    hands.choose(panel.tools.scope_box, "All filters")
    hands.click(panel.tools.presets["sobel x"])
    kernels = window.document.network.weights["conv1"]["weight"]
    np.testing.assert_array_equal(kernels, np.broadcast_to(kernels[0], kernels.shape))
    assert abs(kernels[0].sum()) < 1e-5
    hands.click(panel.tools.operations["Rotate"])
    np.testing.assert_array_equal(np.abs(kernel(window, "conv1")), np.abs(np.rot90(kernels[0, 0])))
    check_maps(window)
    assert window.document.undo_stack.count() == 5
    hands.click(panel.tools.reset)
    np.testing.assert_array_equal(kernel(window, "conv1"), before)
    for _ in range(6):
        hands.menu("Edit", window.commands["edit.undo"].text().replace("&", ""))
    assert window.document.undo_stack.index() == 0
    up_to_date(window)
    np.testing.assert_array_equal(shown_maps(window)["softmax"], first["softmax"])


def test_kernels_are_typed_with_the_keyboard(lenet_by_keys: MainWindow, hands: QtHands):
    window, panel, grid = lenet_by_keys, lenet_by_keys.kernel_panel, lenet_by_keys.kernel_panel.grid
    command(hands, "go to conv2")
    hands.keys("ctrl+shift+k")
    wait_until(grid.hasFocus, "the grid has the keys")
    before = window.document.network.weights["conv2"]["weight"].copy()
    hands.keys("right")
    hands.type("2.5")
    hands.keys("return")
    assert kernel(window, "conv2")[0, 1] == 2.5
    wait_until(grid.hasFocus, "the number is entered")
    hands.keys("home" if grid.cursor_cell == (0, 1) else "left")
    hands.keys("space")
    hands.keys("down")
    hands.keys("delete")
    at = grid.cursor_cell
    assert kernel(window, "conv2")[at] == 0
    hands.keys("pageup")
    assert kernel(window, "conv2")[at] > 0
    check_maps(window)

    tab_to(hands, panel.filters)
    hands.keys("end")
    tab_to(hands, panel.channels)
    hands.keys("right")
    assert panel.place.text() == "filter 15 · channel 1 · 5×5"
    tab_to(hands, panel.tools.bias)
    hands.keys("ctrl+a")
    hands.type("0.75")
    hands.keys("return")
    assert window.document.network.weights["conv2"]["bias"][15] == 0.75
    tab_to(hands, panel.tools.presets["blur"])
    hands.keys("space")
    blurred = kernel(window, "conv2", 15, 1)
    np.testing.assert_allclose(blurred, blurred.T, rtol=1e-6)
    assert (blurred > 0).any()
    check_maps(window)
    for _ in range(window.document.undo_stack.count()):
        hands.keys("ctrl+z")
    assert window.document.undo_stack.index() == 0
    np.testing.assert_array_equal(window.document.network.weights["conv2"]["weight"], before)
    check_maps(window)


def test_maps_follow_a_number_that_is_dragged(lenet: MainWindow, hands: QtHands):
    window = lenet
    click_card(window, hands, "conv1")
    hands.click(window.maps.mosaic.viewport(), tile(window, "conv1", 5))
    assert window.explorer.shown() == ("conv1", 5)
    first = shown_maps(window)
    label = next(one for one in window.inspector.node_page.form.findChildren(DragLabel) if one.text() == "Filters")
    QTest.mousePress(label, LEFT, pos=QPoint(2, 5))
    counts, place = [], 5
    for x in (-12, -26, -40, 20, 44):
        QTest.mouseMove(label, QPoint(2 + x, 5))
        up_to_date(window)
        counts.append(len(shown_maps(window)["conv1"]))
        place = min(place, counts[-1] - 1)  # of a map that is gone, the last one takes the place
        assert window.explorer.shown() == ("conv1", place)
    QTest.mouseRelease(label, LEFT, pos=QPoint(46, 5))
    assert counts == [5, 3, 1, 8, 12]
    check_maps(window)
    assert window.document.undo_stack.count() == 1
    window.canvas.setFocus()
    hands.keys("ctrl+z")
    up_to_date(window)
    for node, values in first.items():
        np.testing.assert_array_equal(shown_maps(window)[node], values)


def test_maps_follow_a_number_that_is_stepped_with_keys(lenet_by_keys: MainWindow, hands: QtHands):
    window = lenet_by_keys
    command(hands, "go to conv1")
    first = shown_maps(window)
    panel_with(hands, window.canvas)
    hands.keys("return")
    wait_until(window.inspector.isVisible, "the form has the keys")
    for count in (7, 8, 9):
        hands.keys("up")
        up_to_date(window)
        assert window.document.graph.node("conv1").layer == Conv2D(filters=count, kernel=(5, 5))
        assert len(shown_maps(window)["conv1"]) == count
        assert window.inspector.node_page.numbers.shape.text().endswith(f"×{count}")
    check_maps(window)
    hands.keys("escape")
    while window.document.undo_stack.canUndo():
        hands.keys("ctrl+z")
    up_to_date(window)
    np.testing.assert_array_equal(shown_maps(window)["conv1"], first["conv1"])
