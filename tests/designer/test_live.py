"""Live: what is dragged, scrubbed or painted runs at once, and the maps follow."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from designer.number_fields import DragLabel
from designer.window import MainWindow
from engine import Conv2D, analyse, run

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def lenet(window: MainWindow, qtbot: QtBot, resources: Path) -> MainWindow:
    window.files.open_example("lenet5.json")
    with qtbot.waitSignal(window.runs.settled):
        window.runs.open_image(resources / "images" / "digits" / "7_0023.png")
    return window


def label(window: MainWindow, text: str) -> DragLabel:
    assert window.inspector.node_page.form is not None
    return next(one for one in window.inspector.node_page.form.findChildren(DragLabel) if one.text() == text)


def shown(window: MainWindow, node: str) -> Any:
    return next(layer.values for layer in window.maps.mosaic.layers() if layer.node == node)


def up_to_date(window: MainWindow) -> bool:
    """Whether the maps that are shown are those of the network as it stands."""
    result = window.runs.result
    return result is not None and result.request.network is window.document.network


def test_maps_follow_a_label_that_is_dragged_and_one_step_back_undoes_it(lenet: MainWindow, qtbot: QtBot):
    lenet.document.selection.select(["conv1"])
    before = shown(lenet, "conv1")
    filters = label(lenet, "Filters")
    QTest.mousePress(filters, LEFT, pos=QPoint(2, 5))
    sizes = []
    for x in range(10, 80, 10):
        QTest.mouseMove(filters, QPoint(x, 5))
        qtbot.waitUntil(lambda: up_to_date(lenet))
        sizes.append(len(shown(lenet, "conv1")))
    QTest.mouseRelease(filters, LEFT, pos=QPoint(70, 5))
    assert sizes == sorted(sizes)
    assert sizes[0] > 6
    assert len(set(sizes)) > 4
    result = lenet.runs.result
    expected = run(lenet.document.graph, result.weights, result.maps["image"])
    for node in expected:
        np.testing.assert_array_equal(shown(lenet, node), expected[node])
    lenet.document.undo_stack.undo()
    qtbot.waitUntil(lambda: up_to_date(lenet))
    np.testing.assert_array_equal(shown(lenet, "conv1"), before)
    assert lenet.document.undo_stack.index() == 0


def test_of_a_fast_drag_the_newest_step_wins(lenet: MainWindow, qtbot: QtBot):
    lenet.document.selection.select(["conv2"])
    filters = label(lenet, "Filters")
    QTest.mousePress(filters, LEFT, pos=QPoint(2, 5))
    for x in range(10, 200, 8):  # and no event loop in between
        QTest.mouseMove(filters, QPoint(x, 5))
    QTest.mouseRelease(filters, LEFT, pos=QPoint(200, 5))
    qtbot.waitUntil(lambda: up_to_date(lenet))
    layer = lenet.document.graph.node("conv2").layer
    assert isinstance(layer, Conv2D)
    assert shown(lenet, "conv2").shape[0] == layer.filters > 30
    qtbot.waitUntil(lambda: lenet.inspector.node_page.numbers.shape.text().endswith(f"×{layer.filters}"))


def test_a_drag_through_a_mistake_and_back_shows_the_maps_again(lenet: MainWindow, qtbot: QtBot):
    graph = lenet.document.graph
    wrong = graph.replace_layer("conv2", Conv2D(filters=16, kernel=(30, 30)))
    lenet.document.edit("Too large", wrong)
    qtbot.waitUntil(lambda: up_to_date(lenet))
    assert "conv2" not in {layer.node for layer in lenet.maps.mosaic.layers()}
    assert analyse(wrong).nodes["conv2"].output is None
    lenet.document.edit("Back", graph)
    qtbot.waitUntil(lambda: up_to_date(lenet))
    assert shown(lenet, "conv2").shape == (16, 10, 10)


def test_without_live_nothing_runs_until_it_is_asked_for(lenet: MainWindow, qtbot: QtBot):
    lenet.commands["run.live"].trigger()
    before = lenet.runs.result
    lenet.kernels.open_at("conv1", 0, 0)
    grid = lenet.kernel_panel.grid
    QTest.mouseClick(grid, LEFT, pos=grid.rect_of(0, 0).center().toPoint())
    qtbot.wait(60)
    assert lenet.runs.result is before
    lenet.commands["run.live"].trigger()
    qtbot.waitUntil(lambda: up_to_date(lenet))
    assert not np.array_equal(shown(lenet, "conv1")[0], before.maps["conv1"][0])


def test_the_answer_says_whose_weights_they_are(window: MainWindow, qtbot: QtBot, resources: Path):
    window.files.open_example("squeezenet1_1.json")
    with qtbot.waitSignal(window.runs.settled, timeout=60_000):
        window.runs.open_image(resources / "images" / "cat.jpg")
    assert "random weights" in window.scores._source
    assert "partly" not in window.scores._source
    node = next(node.id for node in window.document.graph.nodes if isinstance(node.layer, Conv2D))
    window.kernels.open_at(node, 0, 0)
    grid = window.kernel_panel.grid
    QTest.mouseClick(grid, LEFT, pos=grid.rect_of(0, 0).center().toPoint())
    qtbot.waitUntil(lambda: up_to_date(window), timeout=60_000)
    assert "partly random weights" in window.scores._source
