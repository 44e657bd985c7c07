"""One large map beside another: before and after, pinned, kept; its kernels; the image over it."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox

from designer import theme
from designer.maps.beside import NOTHING, Beside, BesideView, map_range
from designer.maps.kernel_strip import KernelStrip
from designer.window import MainWindow
from engine import Conv2D, Edge, GlobalAvgPool2D, Graph, Input, Network, Node

NAN, INF = float("nan"), float("inf")


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


def titles(window: MainWindow) -> list[str]:
    box = window.explorer.bar.box
    return [box.itemText(i) for i in range(box.count())]


def choose(window: MainWindow, key: str) -> BesideView:
    """Choose with the keys, as a person does."""
    box = window.explorer.bar.box
    steps = box.findData(key) - box.currentIndex()
    for _ in range(abs(steps)):
        QTest.keyClick(box, Qt.Key.Key_Down if steps > 0 else Qt.Key.Key_Up)
    assert window.explorer.bar.key() == key
    assert window.explorer.companion.view is not None
    return window.explorer.companion.view


def shown(view: BesideView) -> Beside:
    assert view._shown is not None
    return view._shown[0]


def maps(window: MainWindow) -> Any:
    assert window.runs.result is not None
    return window.runs.result.maps


def image(window: MainWindow) -> Any:
    plots: Any = window.explorer._plots
    return plots.image


def test_before_a_rectifier_the_clipped_part_is_marked(window: MainWindow):
    window.looks.open("relu1", 2)
    assert titles(window) == [NOTHING, "Before: conv1 · map 2", "After: pool1 · map 2"]
    view = choose(window, "before")
    before = maps(window)["conv1"][2]
    np.testing.assert_array_equal(shown(view).values, before)
    np.testing.assert_array_equal(shown(view).clipped, before < 0)
    assert view.image.veil.isVisible()
    assert f"clips {np.mean(before < 0):.1%}".replace("%", " %") in view.numbers.text()
    view.grab()


def test_the_choice_stays_on_the_way_from_map_to_map(window: MainWindow):
    window.looks.open("conv1", 0)
    assert titles(window) == [NOTHING, "After: relu1 · map 0"]  # a convolution has no map of the same number before it
    view = choose(window, "after")
    assert image(window).veil.isVisible()
    QTest.keyClick(window.explorer, Qt.Key.Key_Right)
    np.testing.assert_array_equal(shown(view).values, maps(window)["relu1"][1])
    QTest.keyClick(window.explorer, Qt.Key.Key_Down)
    QTest.keyClick(window.explorer, Qt.Key.Key_Down)
    assert window.explorer.shown() == ("pool1", 1)
    assert window.explorer.companion.place.isHidden()  # after pooling comes a convolution
    assert not image(window).veil.isVisible()


def test_both_show_the_same_part_whatever_their_sizes(window: MainWindow):
    window.looks.open("pool1", 1)
    view = choose(window, "before")
    QApplication.processEvents()
    image(window).box.setRange(QRectF(3, 4, 5, 5), padding=0)
    here, there = image(window).part(), view.image.part()
    assert there.center().x() == pytest.approx(here.center().x(), abs=0.02)
    assert there.center().y() == pytest.approx(here.center().y(), abs=0.02)


def test_a_pinned_map_is_beside_any_other(window: MainWindow):
    window.looks.open("conv2", 5)
    QTest.mouseClick(window.explorer.bar.pin, Qt.MouseButton.LeftButton)
    assert "Pinned conv2 · map 5" in window.statusBar().currentMessage()
    window.looks.open("image", 0)
    view = choose(window, "pinned")
    np.testing.assert_array_equal(shown(view).values, maps(window)["conv2"][5])


def test_a_kept_run_is_compared_map_by_map(window: MainWindow, qtbot, resources: Path):
    window.looks.open("conv1", 4)
    before = maps(window)["conv1"][4]
    QTest.mouseClick(window.explorer.bar.keep, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(window.runs.settled):
        window.runs.open_image(resources / "images" / "digits" / "7_0014.png")
    view = choose(window, "difference")
    np.testing.assert_array_equal(shown(view).values, maps(window)["conv1"][4] - before)
    assert np.abs(shown(view).values).max() > 0.1
    low, high = map_range(shown(view).values, "diverging")
    assert low == -high
    view.grab()
    choose(window, "difference")
    QTest.keyClick(window.explorer.bar.box, Qt.Key.Key_Up)
    np.testing.assert_array_equal(shown(view).values, before)
    assert "7_0023.png" in view.title.text()


def test_without_a_map_or_a_run_there_is_nothing_to_keep(qtbot, qapp):
    theme.apply(qapp, theme.LIGHT)
    window = MainWindow()
    qtbot.addWidget(window)
    window.comparing.keep_run()
    assert "no run to keep" in window.statusBar().currentMessage()
    window.comparing.pin()
    assert "Show a map large first" in window.statusBar().currentMessage()


def test_the_image_lies_over_the_map(window: MainWindow):
    window.looks.open("conv2", 1)
    window.explorer.bar.slider.setFocus()
    for _ in range(3):
        QTest.keyClick(window.explorer.bar.slider, Qt.Key.Key_PageUp)
    overlay = image(window).overlay
    assert overlay.isVisible()
    assert overlay.opacity() == pytest.approx(window.explorer.bar.slider.value() / 100)
    assert overlay.image.shape == (32, 32, 3)
    # A value of conv2 sees 14 of 32 pixels, the next one the pixels 2 further on: the first one's middle is pixel 7.
    assert overlay.mapRectToParent(overlay.boundingRect()) == QRectF(-3, -3, 16, 16)
    window.looks.open("pool1", 1)
    assert overlay.mapRectToParent(overlay.boundingRect()) == QRectF(-1, -1, 16, 16)
    window.looks.open("image", 0)
    assert overlay.mapRectToParent(overlay.boundingRect()) == QRectF(0, 0, 32, 32)
    window.explorer.bar.slider.setValue(0)
    assert not overlay.isVisible()


def test_with_padding_the_image_lies_where_the_values_see_it(window: MainWindow, qtbot):
    layers = (
        Node("image", Input(channels=1, height=8, width=9)),
        Node("conv", Conv2D(filters=2, kernel=(3, 5), stride=(1, 2), padding="same")),
        Node("pool", GlobalAvgPool2D()),
    )
    graph = Graph(layers, (Edge("image", "conv"), Edge("conv", "pool")))
    with qtbot.waitSignal(window.runs.settled):
        window.document.load(Network("N", graph))
    window.looks.open("conv", 1)
    window.explorer.bar.slider.setValue(50)
    overlay = image(window).overlay
    # Downwards each value sees itself in the middle; to the right every second pixel, from the first one on.
    assert overlay.mapRectToParent(overlay.boundingRect()) == QRectF(0.25, 0, 4.5, 8)
    assert maps(window)["conv"].shape == (2, 8, 5)


def test_vectors_are_compared_side_by_side(window: MainWindow):
    window.looks.open("relu3", 2)
    assert titles(window) == [NOTHING, "Before: dense1"]  # a dense layer's neurons are none of its inputs, changed
    view = choose(window, "before")
    before = maps(window)["dense1"]
    np.testing.assert_array_equal(shown(view).values, before)
    assert view.stage.currentWidget() is view.vector.view
    assert view.vector.bars.selected == 2
    np.testing.assert_array_equal(view.vector.bars.faded, before < 0)
    assert f"clips {np.mean(before < 0):.1%}".replace("%", " %") in view.numbers.text()
    view.grab()
    plots: Any = window.explorer._plots
    plots.vector.box.setXRange(9.5, 29.5, padding=0)
    assert view.vector.box.viewRange()[0] == pytest.approx([9.5, 29.5])
    window.looks.open("dense1", 3)
    assert window.explorer.bar.key() == ""  # what was chosen is not there
    view = choose(window, "after")
    np.testing.assert_array_equal(plots.vector.bars.faded, before < 0)
    assert shown(view).title == "After: relu3"


def test_a_pinned_and_a_kept_vector(window: MainWindow, qtbot, resources: Path):
    window.looks.open("softmax", 7)
    before = maps(window)["softmax"]
    QTest.mouseClick(window.explorer.bar.pin, Qt.MouseButton.LeftButton)
    QTest.mouseClick(window.explorer.bar.keep, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(window.runs.settled):
        window.runs.open_image(resources / "images" / "digits" / "3_0000.png")
    assert titles(window)[1:] == [
        "Before: dense3",
        "Pinned: softmax",
        "Kept run (7_0023.png)",
        "Now − kept run (7_0023.png)",
    ]
    view = choose(window, "difference")
    np.testing.assert_array_equal(shown(view).values, maps(window)["softmax"] - before)
    assert view.vector.box.viewRange()[1][0] < 0
    window.looks.open("relu1", 2)
    view = choose(window, "pinned")  # a vector beside a map
    assert view.is_vector
    window.looks.open("relu3", 2)
    choose(window, "before")
    window.looks.open("relu1", 2)
    assert not view.is_vector
    assert view.stage.currentWidget() is view.image.view


def test_the_kernels_of_the_filter(window: MainWindow):
    window.looks.open("conv2", 3)
    strip = window.explorer.kernels
    assert strip.title == "Kernels, 6 channels"
    assert window.runs.result is not None
    np.testing.assert_array_equal(strip._kernels, window.runs.result.weights["conv2"]["weight"][3])
    assert len(strip.spots) == 6 * 25
    window.looks.open("relu2", 3)
    assert strip.isHidden()


@pytest.mark.parametrize("shape", [(1, 1, 1), (3, 7, 7), (512, 3, 3), (256, 1, 1), (2, 1, 9), (4, 31, 3)])
def test_kernels_of_all_sizes(qtbot, qapp, shape: tuple[int, int, int]):
    theme.apply(qapp, theme.DARK)
    strip = KernelStrip()
    qtbot.addWidget(strip)
    strip.resize(200, 40)
    strip.show_kernels(np.random.default_rng(0).standard_normal(shape).astype(np.float32))
    QApplication.processEvents()
    assert not strip.grab().isNull()
    assert all(strip.rect().contains(spot.rect.toRect()) for spot in strip.spots)


@pytest.mark.parametrize("value", [0.0, NAN, INF, 3.4e38])
def test_odd_maps_beside_one_another(window: MainWindow, value: float):
    window.looks.open("relu1", 2)
    view = choose(window, "before")
    for key in ("before", "difference"):
        mask = np.zeros((3, 5), bool)
        view.show_beside(Beside(key, "odd", np.full((3, 5), value, np.float32), mask), "diverging")
        view.grab()


def test_another_theme(window: MainWindow, qapp):
    window.looks.open("relu1", 2)
    view = choose(window, "before")
    theme.apply(qapp, theme.DARK)
    assert not view.grab().isNull()
