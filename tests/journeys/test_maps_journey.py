"""The maps explorer: from the mosaic to one map, its numbers, what lies beside it, and files of all maps."""

from pathlib import Path

import numpy as np
from PIL import Image
from PySide6.QtCore import QPoint

from designer.maps.pixel_marks import MIN_CELL
from designer.tiles.numbers import number_text
from designer.window import MainWindow
from engine import load_image, run
from tests.journeys.hands import QtHands, wait_until
from tests.journeys.keyboard import command, panel_with, tab_to
from tests.journeys.places import painted, pixel, plot, shown_maps, tile


def run_of(window: MainWindow, image: Path) -> dict[str, np.ndarray]:
    """Return what the engine computes on its own."""
    graph = window.document.graph
    found = run(graph, window.runs.result.weights, load_image(image, graph.node("image").layer))
    return {node: found[node] for node in found}


def check_export(folder: Path, expected: dict[str, np.ndarray]) -> None:
    """Look into the files: a sheet for each layer, all arrays, and the page with all maps."""
    with np.load(folder / "maps.npz") as arrays:
        assert set(arrays) == set(expected)
        for node, values in expected.items():
            np.testing.assert_array_equal(arrays[node], values)
    page = (folder / "maps.html").read_text(encoding="utf-8")
    sheets = sorted(folder.glob("*.png"))
    assert len(sheets) == len(expected)
    assert page.count("data:image/png") >= len(expected)
    assert all(node in page for node in expected)
    for sheet in sheets:
        with Image.open(sheet) as picture:
            assert min(picture.size) > 1


def test_maps_are_looked_into_with_the_mouse(lenet: MainWindow, hands: QtHands, digit: Path, tmp_path: Path):
    window, explorer = lenet, lenet.explorer
    expected = run_of(window, digit)
    hands.button_menu(window.maps.order_button, "By variance, the liveliest first")
    painted(window)
    liveliest = int(expected["conv1"].var(axis=(1, 2)).argmax())
    hands.click(window.maps.mosaic.viewport(), tile(window, "conv1", 0))
    assert window.docks["map"].isVisible()
    assert explorer.shown() == ("conv1", liveliest)
    assert explorer.header.title.text() == f"conv1 · map {liveliest} of 0–5 · 28×28"
    values = expected["conv1"][liveliest]
    measures = explorer.measures
    for label, value in ((measures.minimum, values.min()), (measures.maximum, values.max())):
        assert label.text() == number_text(float(value))
    assert measures.mean.text() == number_text(float(values.mean(dtype=np.float64)))
    assert explorer.kernels.isVisible()

    at = pixel(window, 9, 12)
    hands.point(plot(window).view.viewport(), at)
    assert explorer.status.text() == f"(y 9, x 12) = {number_text(float(values[9, 12]), 6)}"
    assert plot(window).marks.labels == 0
    hands.wheel(plot(window).view.viewport(), at, 24)
    explorer.grab()
    assert plot(window).box.viewPixelSize()[0] * MIN_CELL < 1
    assert plot(window).marks.labels > 0
    hands.click(explorer.header.fit)
    explorer.grab()
    assert plot(window).marks.labels == 0

    hands.choose(explorer.bar.box, "After: ")
    beside = explorer.companion.view
    assert beside is not None
    wait_until(beside.isVisible, "the other map is seen")
    assert beside.title.text() == f"After: relu1 · map {liveliest}"
    np.testing.assert_array_equal(beside._shown[0].values, np.maximum(values, 0))
    hands.click(explorer.header.next_layer)
    assert explorer.shown() == ("relu1", liveliest)
    hands.choose(explorer.bar.box, "Before: ")
    clipped = f"ReLU clips {100 * (values < 0).mean():.1f}% of the values to 0"
    assert clipped in beside.numbers.text()
    slider = explorer.bar.slider
    hands.drag(slider, QPoint(4, slider.height() // 2), slider, QPoint(slider.width() - 4, slider.height() // 2))
    assert slider.value() > 60
    assert plot(window).overlay.isVisible()
    compare_images(window, hands, digit)

    hands.will_choose(tmp_path)
    hands.menu("File", "Export", "Export all maps…")
    wait_until(lambda: "Wrote 16 files" in window.statusBar().currentMessage(), "all is written")
    check_export(tmp_path, shown_maps(window))


def compare_images(window: MainWindow, hands: QtHands, digit: Path) -> None:
    """Keep the run, open another image, and see the difference of the same map."""
    explorer, other = window.explorer, digit.with_name("3_0000.png")
    before, shown = run_of(window, digit), explorer.shown()
    hands.click(explorer.bar.keep)
    hands.will_choose(other)
    hands.menu("Run", "Open image…")
    now = run_of(window, other)
    wait_until(lambda: np.array_equal(shown_maps(window)["conv1"], now["conv1"]), "the other image has run")
    hands.choose(explorer.bar.box, f"Now − kept run ({digit.name})")
    assert explorer.shown() == shown
    node, channel = shown
    np.testing.assert_array_equal(explorer.companion.view._shown[0].values, now[node][channel] - before[node][channel])


def test_maps_are_looked_into_with_the_keyboard(lenet_by_keys: MainWindow, hands: QtHands, digit: Path, tmp_path: Path):
    window, explorer = lenet_by_keys, lenet_by_keys.explorer
    expected = run_of(window, digit)
    command(hands, "go to conv2")
    panel_with(hands, window.maps)
    tab_to(hands, window.maps.mosaic)
    hands.keys("return")
    wait_until(explorer.hasFocus, "the large map has the focus")
    assert explorer.shown() == ("conv2", 0)
    for key in ("right", "right", "up"):
        hands.keys(key)
    assert explorer.shown() == ("pool1", 2)
    hands.keys("down")
    assert explorer.shown() == ("conv2", 2)
    assert explorer.measures.maximum.text() == number_text(float(expected["conv2"][2].max()))
    values = expected["conv2"][2]

    tab_to(hands, explorer.bar.box)
    hands.keys("down")
    beside = explorer.companion.view
    assert beside is not None
    assert beside.title.text() == "After: relu2 · map 2"
    np.testing.assert_array_equal(beside._shown[0].values, np.maximum(values, 0))
    tab_to(hands, explorer.bar.pin)
    hands.keys("space")
    assert explorer.bar.box.findData("pinned") > 0
    tab_to(hands, explorer.bar.slider)
    hands.keys("pageup")
    assert explorer.bar.slider.value() > 0
    assert plot(window).overlay.isVisible()
    walk_the_channels(window, hands, expected["conv2"])

    hands.will_choose(tmp_path / "conv2.npy")
    command(hands, "export the layer's maps")
    np.testing.assert_array_equal(np.load(tmp_path / "conv2.npy"), expected["conv2"])
    hands.will_choose(tmp_path)
    command(hands, "export all maps")
    wait_until(lambda: "Wrote 16 files" in window.statusBar().currentMessage(), "all is written")
    check_export(tmp_path, expected)


def walk_the_channels(window: MainWindow, hands: QtHands, values: np.ndarray) -> None:
    """Open the table of the layer's maps, sort it by the mean, and open the map that is on top."""
    command(hands, "view channels")
    panel_with(hands, window.channel_table)
    assert window.channel_table.summary.text().startswith("conv2: 16 maps")
    hands.keys("2")
    means = values.mean(axis=(1, 2), dtype=np.float64)
    assert window.channel_table.channels() == np.argsort(-means, kind="stable").tolist()
    hands.keys("home")
    hands.keys("return")
    assert window.explorer.shown() == ("conv2", int(means.argmax()))
