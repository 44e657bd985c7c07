"""One value taken apart: clicked in a map, upstream to the image and back."""

import numpy as np
from PySide6.QtWidgets import QApplication

from designer.maps.trace.block_view import BlockView
from designer.maps.trace.channels_view import ChannelsView
from designer.tiles.numbers import number_text
from designer.window import MainWindow
from engine import Place
from tests.journeys.hands import QtHands, wait_until
from tests.journeys.keyboard import panel_with, press_until, tab_to
from tests.journeys.places import pixel, plot, shown_maps, tile


def check_card(window: MainWindow, node: str, index: tuple[int, ...]) -> None:
    """Compare what the card says with the maps."""
    panel = window.trace_panel
    assert window.traces.path[-1] == Place(node, index)
    value = float(shown_maps(window)[node][index])
    assert panel.value.text() == number_text(value, 7)
    shown = panel.shown()
    assert shown is not None
    assert shown.trace.agrees
    assert panel.title.text().startswith(node)
    assert number_text(value, 6) in window.statusBar().currentMessage()


def sums(view: ChannelsView) -> np.ndarray:
    return np.asarray(view._block.sums)


def test_a_value_is_traced_with_the_mouse(lenet: MainWindow, hands: QtHands):
    window, panel = lenet, lenet.trace_panel
    hands.click(window.maps.mosaic.viewport(), tile(window, "conv2", 3))
    hands.click(plot(window).view.viewport(), pixel(window, 4, 5))
    assert window.docks["trace"].isVisible()
    check_card(window, "conv2", (3, 4, 5))
    assert list(window.maps.mosaic._trace.fields) == ["conv2", "pool1", "relu1", "conv1", "image"]
    assert window.image_view._mark is not None
    QApplication.processEvents()
    view = next(block for block in panel.blocks if isinstance(block, ChannelsView))
    weights = window.runs.result.weights["conv2"]
    products = weights["weight"][3].astype(np.float64) * shown_maps(window)["pool1"][:, 4:9, 5:10]
    np.testing.assert_allclose(sums(view), products.sum(axis=(1, 2)), rtol=1e-6)
    assert abs(products.sum() + weights["bias"][3] - shown_maps(window)["conv2"][3, 4, 5]) < 1e-5

    spot = next(spot for spot in view.spots if spot.cell == (view.shown()[0], 1, 2))
    hands.click(view, spot.rect.center().toPoint())
    check_card(window, "pool1", (view_channel := window.traces.path[-1].index[0], 5, 7))
    assert window.explorer.shown() == ("pool1", view_channel)
    QApplication.processEvents()
    blocks = [block for block in panel.blocks if isinstance(block, BlockView)]
    links = [(block, spot) for block in blocks for spot in block.spots if spot.cell is not None]
    hands.click(links[0][0], links[0][1].rect.center().toPoint())
    assert window.traces.path[-1].node == "relu1"
    hands.click(panel.path.places[0])
    check_card(window, "conv2", (3, 4, 5))
    assert len(window.traces.path) == 1
    window.docks["trace"].close()
    assert window.traces.path == ()
    assert window.image_view._mark is None


def test_a_value_is_traced_with_the_keyboard(lenet_by_keys: MainWindow, hands: QtHands):
    window, panel = lenet_by_keys, lenet_by_keys.trace_panel
    panel_with(hands, window.maps)
    tab_to(hands, window.maps.mosaic)
    hands.keys("return")
    wait_until(window.explorer.hasFocus, "the large map has the focus")
    for _ in range(3):
        hands.keys("down")
    assert window.explorer.shown() == ("pool1", 0)
    hands.keys("return")
    maps = shown_maps(window)
    index = window.traces.path[-1].index
    assert maps["pool1"][index] == maps["pool1"][0].max()
    hands.keys("pagedown")
    check_card(window, "pool1", (1, *index[1:]))
    for node in ("relu1", "conv1", "image"):
        hands.keys("return")
        assert window.traces.path[-1].node == node
        assert window.explorer.shown()[0] == node
    for _ in range(3):
        hands.keys("backspace")
    check_card(window, "pool1", (1, *index[1:]))

    panel_with(hands, panel)
    press_until(hands, "tab", lambda: isinstance(QApplication.focusWidget(), BlockView))
    block = QApplication.focusWidget()
    hands.keys("right")
    hands.keys("down")
    assert block.accessibleDescription()
    hands.keys("up")
    linked = block.current
    assert linked is not None
    hands.keys("return")
    assert len(window.traces.path) == (2 if linked.cell is not None else 1)
    hands.keys("escape")
    assert window.traces.path == ()
    assert not window.docks["trace"].isVisible()
