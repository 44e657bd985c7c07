"""The kernel editor in the window: opened, painted in, undone, saved; maps follow every stroke."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from designer import theme
from designer.canvas.menus import node_menu
from designer.maps.kernels.changes import OPERATIONS, PRESETS
from designer.maps.kernels.panel import HINT, KernelPanel
from designer.maps.kernels.subject import Spot
from designer.window import MainWindow
from engine import (
    Conv2D,
    ConvTranspose2D,
    DepthwiseConv2D,
    Edge,
    Graph,
    Input,
    Layer,
    Network,
    Node,
    SeparableConv2D,
    Weights,
    initialise,
    load,
)
from engine.formats import save

NAN, INF = float("nan"), float("inf")
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def lenet(window: MainWindow, qtbot: QtBot, resources: Path) -> MainWindow:
    window.files.open_example("lenet5.json")
    with qtbot.waitSignal(window.runs.settled):
        window.runs.open_image(resources / "images" / "digits" / "7_0023.png")
    return window


def panel(window: MainWindow) -> KernelPanel:
    return window.kernel_panel


def weight(window: MainWindow, node: str, name: str = "weight") -> np.ndarray:
    assert window.document.network.weights is not None
    return window.document.network.weights[node][name]


def maps(window: MainWindow) -> Any:
    assert window.runs.result is not None
    return window.runs.result.maps


def cell(window: MainWindow, y: int, x: int) -> QPoint:
    return panel(window).grid.rect_of(y, x).center().toPoint()


def open_on(window: MainWindow, node: str) -> None:
    window.document.selection.select([node])
    window.commands["edit.kernels"].trigger()


def test_one_stroke_is_one_step_back_and_re_runs_only_what_is_downstream(lenet: MainWindow, qtbot: QtBot):
    open_on(lenet, "conv2")
    qtbot.waitUntil(panel(lenet).grid.hasFocus)
    before, old = maps(lenet), lenet.document.network
    QTest.mousePress(panel(lenet).grid, LEFT, pos=cell(lenet, 0, 0))
    QTest.mouseMove(panel(lenet).grid, cell(lenet, 0, 4))
    with qtbot.waitSignal(lenet.runs.settled):
        QTest.mouseRelease(panel(lenet).grid, LEFT, pos=cell(lenet, 0, 4))
    np.testing.assert_array_equal(weight(lenet, "conv2")[0, 0, 0], np.ones(5))
    assert lenet.document.undo_stack.count() == 1
    assert lenet.document.undo_stack.undoText() == "Edit kernel"
    after = maps(lenet)
    for node in ("image", "conv1", "relu1", "pool1"):
        assert after.result(node) is before.result(node)
    assert not np.array_equal(after["conv2"][0], before["conv2"][0])
    np.testing.assert_array_equal(after["conv2"][1:], before["conv2"][1:])
    shown = next(layer for layer in lenet.maps.mosaic.layers() if layer.node == "conv2")
    np.testing.assert_array_equal(shown.values, after["conv2"])
    lenet.document.undo_stack.undo()
    assert lenet.document.network == old
    assert lenet.document.network.weights is old.weights
    lenet.document.undo_stack.redo()
    assert weight(lenet, "conv2")[0, 0, 0, 4] == 1


def test_random_weights_become_the_persons_own_and_are_saved(window: MainWindow, tmp_path: Path, resources: Path):
    window.document.load(load(resources / "examples" / "alexnet.json"))
    assert window.document.network.weights is None
    node = next(node.id for node in window.document.graph.nodes if node.layer.type == "Conv2D")
    random = initialise(window.document.graph)
    open_on(window, node)
    np.testing.assert_array_equal(panel(window).subject().arrays["weight"], random[node]["weight"])
    QTest.mouseClick(panel(window).grid, LEFT, pos=cell(window, 1, 1))
    window.document.apply("Name", Network(**{**_fields(window.document.network), "name": "Mine"}))
    save(window.document.network, tmp_path / "mine.json")
    again = load(tmp_path / "mine.json")
    assert again.weights is not None
    assert set(again.weights) == {node}
    assert again.weights[node]["weight"][0, 0, 1, 1] == 1
    np.testing.assert_array_equal(again.weights[node]["bias"], random[node]["bias"])


def _fields(network: Network) -> dict[str, Any]:
    return {name: getattr(network, name) for name in Network.__struct_fields__}


def test_bias_typed_and_dragged(lenet: MainWindow):
    open_on(lenet, "conv1")
    tools, before = panel(lenet).tools, weight(lenet, "conv1", "bias").copy()
    tools.bias.setFocus()
    tools.bias.selectAll()
    QTest.keyClicks(tools.bias, "2.5")
    QTest.keyClick(tools.bias, Qt.Key.Key_Return)
    assert weight(lenet, "conv1", "bias").tolist() == [2.5, *before[1:]]
    count = lenet.document.undo_stack.count()
    label = tools.bias_label
    QTest.mousePress(label, LEFT, pos=QPoint(2, 5))
    for x in (20, 40, 60):
        QTest.mouseMove(label, QPoint(x, 5))
    QTest.mouseRelease(label, LEFT, pos=QPoint(60, 5))
    assert weight(lenet, "conv1", "bias")[0] > 2.5
    assert lenet.document.undo_stack.count() == count + 1


@pytest.mark.parametrize(("scope", "touched"), [(0, {(2, 1)}), (1, {(2, c) for c in range(6)}), (2, None)])
def test_a_named_kernel_for_one_for_a_filter_for_all(lenet: MainWindow, scope: int, touched: set | None):
    open_on(lenet, "conv2")
    lenet.kernels.open_at("conv2", 2, 1)
    before = weight(lenet, "conv2")
    box = panel(lenet).tools.scope_box
    for _ in range(scope):
        QTest.keyClick(box, Qt.Key.Key_Down)
    QTest.mouseClick(panel(lenet).tools.presets["sobel x"], LEFT)
    after = weight(lenet, "conv2")
    found = {(f, c) for f, c, *_ in np.argwhere(after != before).tolist()}
    assert found == (touched or {(f, c) for f in range(16) for c in range(6)})
    assert after[2, 1].sum() == pytest.approx(0, abs=1e-5)
    assert lenet.document.undo_stack.count() == 1


def test_every_button_does_one_step_and_reset_goes_back_to_the_opening(lenet: MainWindow):
    before = weight(lenet, "conv1")
    open_on(lenet, "conv1")
    tools = panel(lenet).tools
    assert not tools.reset.isEnabled()
    for number, one in enumerate((*OPERATIONS, PRESETS["identity"]), start=1):
        if one.title == "Clear":
            continue
        button = tools.operations.get(one.title) or tools.presets["identity"]
        last = lenet.document.network
        QTest.mouseClick(button, LEFT)
        assert lenet.document.network != last, (number, one.title)
    assert tools.reset.isEnabled()
    QTest.mouseClick(tools.reset, LEFT)
    np.testing.assert_array_equal(weight(lenet, "conv1"), before)
    assert not tools.reset.isEnabled()
    lenet.document.undo_stack.undo()
    assert tools.reset.isEnabled()


def test_what_can_not_be_done_is_told(lenet: MainWindow):
    open_on(lenet, "conv1")
    tools = panel(lenet).tools
    QTest.mouseClick(tools.operations["Clear"], LEFT)
    count = lenet.document.undo_stack.count()
    QTest.mouseClick(tools.operations["Sum 1"], LEFT)
    assert lenet.document.undo_stack.count() == count
    assert "add up to 0" in lenet.statusBar().currentMessage()


def test_tiles_choose_filter_and_channel_by_mouse_and_keys(lenet: MainWindow):
    open_on(lenet, "conv2")
    view = panel(lenet)
    QTest.mouseClick(view.filters.viewport(), LEFT, pos=view.filters.tile(5).center())
    assert view.spot == Spot(0, 5, 0)
    view.channels.setFocus()
    QTest.keyClick(view.channels, Qt.Key.Key_End)
    assert view.spot == Spot(0, 5, 5)
    QTest.keyClick(view.channels, Qt.Key.Key_Left)
    QTest.keyClick(view.filters, Qt.Key.Key_Right)
    assert view.spot == Spot(0, 6, 4)
    assert view.place.text() == "filter 6 · channel 4 · 5×5"
    np.testing.assert_array_equal(view.grid._values, weight(lenet, "conv2")[6, 4])


def test_it_follows_the_selection_and_says_why_there_is_nothing(lenet: MainWindow):
    open_on(lenet, "conv2")
    lenet.document.selection.select(["pool1"])
    assert panel(lenet).pages.currentIndex() == 0
    assert panel(lenet).empty.text() == "pool1 has no weights: there is nothing to edit."
    lenet.document.selection.select(["dense1"])
    assert panel(lenet).place.text() == "neuron 0 · channel 0 · 5×5"
    lenet.document.selection.select(["dense2"])
    assert panel(lenet).place.text() == "neuron 0 · 120 weights"
    assert not panel(lenet).channels.isVisible()
    assert not panel(lenet).tools.presets["blur"].isEnabled()  # its numbers have no places
    lenet.document.edit("Remove", lenet.document.graph.remove(["dense2"]))
    assert "Select a layer" in panel(lenet).empty.text()


def test_from_the_menu_of_a_card_and_from_the_kernels_beside_a_map(lenet: MainWindow):
    lenet.document.selection.select(["conv1"])
    menu = node_menu(lenet.canvas, "conv1", ())
    next(action for action in menu.actions() if action.text() == "Edit kernels").trigger()
    assert panel(lenet).isVisible()
    assert panel(lenet).subject().node == "conv1"
    assert all(action.text() != "Edit kernels" for action in node_menu(lenet.canvas, "pool1", ()).actions())
    lenet.looks.open("conv2", 3)
    strip = lenet.explorer.kernels
    QTest.mouseClick(strip, LEFT, pos=strip._rects[4].center().toPoint())
    assert panel(lenet).subject().node == "conv2"
    assert panel(lenet).spot == Spot(0, 3, 4)


def test_a_number_taken_up_is_the_brush(lenet: MainWindow):
    open_on(lenet, "conv1")
    there = float(weight(lenet, "conv1")[0, 0, 2, 3])
    QTest.mouseClick(panel(lenet).grid, LEFT, Qt.KeyboardModifier.AltModifier, cell(lenet, 2, 3))
    QTest.mouseClick(panel(lenet).grid, LEFT, pos=cell(lenet, 0, 0))
    assert weight(lenet, "conv1")[0, 0, 0, 0] == pytest.approx(there, rel=1e-6)


def test_painting_what_is_there_already_is_no_step(lenet: MainWindow):
    open_on(lenet, "conv1")
    QTest.mouseClick(panel(lenet).grid, LEFT, pos=cell(lenet, 0, 0))
    QTest.mouseClick(panel(lenet).grid, LEFT, pos=cell(lenet, 0, 0))
    assert lenet.document.undo_stack.count() == 1


@pytest.mark.parametrize("value", [0.0, NAN, INF, -3.4e38])
def test_odd_weights_are_shown_and_can_be_mended(lenet: MainWindow, qtbot: QtBot, value: float, qapp: QApplication):
    shape = weight(lenet, "conv1").shape
    odd = lenet.document.network.weights.replaced("conv1", "weight", np.full(shape, value, np.float32))
    odd = odd.replaced("conv1", "bias", np.full(6, value, np.float32))
    with qtbot.waitSignal(lenet.runs.settled):
        lenet.document.set_weights("Odd", odd)
    open_on(lenet, "conv1")
    for one in (theme.DARK, theme.LIGHT):
        theme.apply(qapp, one)
        assert not panel(lenet).grab().isNull()
    for button in (*panel(lenet).tools.operations.values(), panel(lenet).tools.presets["identity"]):
        QTest.mouseClick(button, LEFT)
    assert weight(lenet, "conv1")[0, 0].tolist() == np.pad([[1.0]], 2).tolist()


@pytest.mark.parametrize(
    ("layer", "place"),
    [
        (Conv2D(filters=6, kernel=(3, 2), groups=3), "filter 5 · channel 11 · 2×3"),
        (Conv2D(filters=6, kernel=(1, 1), bias=False), "filter 5 · channel 11 · 1×1"),
        (DepthwiseConv2D(kernel=(2, 4), multiplier=2), "filter 23 · channel 11 · 4×2"),
        (ConvTranspose2D(filters=6, kernel=(4, 2), groups=2), "filter 5 · channel 11 · 2×4"),
    ],
    ids=lambda value: getattr(value, "type", None),
)
def test_the_last_kernel_of_every_kind_is_painted(window: MainWindow, layer: Layer, place: str):
    nodes = (Node("in", Input(channels=12, height=9, width=7)), Node("layer", layer))
    window.document.load(Network("N", Graph(nodes, (Edge("in", "layer"),))))
    open_on(window, "layer")
    view = panel(window)
    QTest.keyClick(view.filters, Qt.Key.Key_End)
    QTest.keyClick(view.channels, Qt.Key.Key_End)
    assert view.place.text() == place
    before = initialise(window.document.graph)["layer"]["weight"]
    sheet, spot = view.sheet(), view.spot
    y, x = sheet.height - 1, sheet.width - 1
    QTest.mouseClick(view.grid, LEFT, pos=cell(window, y, x))
    after = weight(window, "layer")
    assert sheet.of_filter(after, spot.filter)[spot.channel, y, x] == 1
    assert np.count_nonzero(after != before) == 1
    assert not view.grab().isNull()


def test_two_arrays_of_a_separable_convolution(window: MainWindow):
    nodes = (Node("in", Input(channels=3, height=9, width=7)), Node("sep", SeparableConv2D(filters=5, kernel=(3, 2))))
    window.document.load(Network("N", Graph(nodes, (Edge("in", "sep"),))))
    open_on(window, "sep")
    view = panel(window)
    assert view.sheet_box.isVisible()
    assert view.place.text() == "filter 0 · channel 0 · 2×3"
    assert not view.tools.bias.isEnabled()
    assert not view.tools.operations["Rotate"].isEnabled()
    view.sheet_box.setFocus()
    QTest.keyClick(view.sheet_box, Qt.Key.Key_Down)
    assert view.spot.sheet == 1
    assert (view.sheet().filters, view.sheet().channels) == (5, 3)
    assert view.tools.bias.isEnabled()
    QTest.mouseClick(view.grid, LEFT, pos=cell(window, 0, 0))
    assert isinstance(window.document.network.weights, Weights)
    assert weight(window, "sep", "pointwise")[0, 0, 0, 0] == 1


def test_the_line_below_says_the_number_and_what_the_hands_can_do(lenet: MainWindow, qtbot: QtBot):
    open_on(lenet, "conv1")
    qtbot.waitUntil(panel(lenet).grid.hasFocus)
    assert panel(lenet).status.text().startswith("(y 0, x 0) = ")
    panel(lenet).filters.setFocus()
    assert panel(lenet).status.text() == HINT
