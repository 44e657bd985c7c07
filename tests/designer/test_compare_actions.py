"""One large map beside another: before and after, pinned, kept; its kernels; the image over it."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from designer import theme
from designer.maps.beside import NOTHING, Beside, BesideView, map_range
from designer.maps.kernel_strip import KernelStrip
from designer.window import MainWindow
from engine import Conv2D, Edge, GlobalAvgPool2D, Graph, Input, Network, Node
from tests.designer.lenet_hands import maps

NAN, INF = float("nan"), float("inf")


def titles(lenet: MainWindow) -> list[str]:
    box = lenet.explorer.bar.box
    return [box.itemText(i) for i in range(box.count())]


def choose(lenet: MainWindow, key: str) -> BesideView:
    """Choose with the keys, as a person does."""
    box = lenet.explorer.bar.box
    steps = box.findData(key) - box.currentIndex()
    for _ in range(abs(steps)):
        QTest.keyClick(box, Qt.Key.Key_Down if steps > 0 else Qt.Key.Key_Up)
    assert lenet.explorer.bar.key() == key
    assert lenet.explorer.companion.view is not None
    return lenet.explorer.companion.view


def shown(view: BesideView) -> Beside:
    assert view._shown is not None
    return view._shown[0]


def image(lenet: MainWindow) -> Any:
    plots: Any = lenet.explorer._plots
    return plots.image


def test_before_a_rectifier_the_clipped_part_is_marked(lenet: MainWindow):
    lenet.looks.open("relu1", 2)
    assert titles(lenet) == [NOTHING, "Before: conv1 · map 2", "After: pool1 · map 2"]
    view = choose(lenet, "before")
    before = maps(lenet)["conv1"][2]
    np.testing.assert_array_equal(shown(view).values, before)
    np.testing.assert_array_equal(shown(view).clipped, before < 0)
    assert view.image.veil.isVisible()
    assert f"clips {np.mean(before < 0):.1%}" in view.numbers.text()
    view.grab()


def test_the_choice_stays_on_the_way_from_map_to_map(lenet: MainWindow):
    lenet.looks.open("conv1", 0)
    assert titles(lenet) == [NOTHING, "After: relu1 · map 0"]  # a convolution has no map of the same number before it
    view = choose(lenet, "after")
    assert image(lenet).veil.isVisible()
    QTest.keyClick(lenet.explorer, Qt.Key.Key_Right)
    np.testing.assert_array_equal(shown(view).values, maps(lenet)["relu1"][1])
    QTest.keyClick(lenet.explorer, Qt.Key.Key_Down)
    QTest.keyClick(lenet.explorer, Qt.Key.Key_Down)
    assert lenet.explorer.shown() == ("pool1", 1)
    assert lenet.explorer.companion.place.isHidden()  # after pooling comes a convolution
    assert not image(lenet).veil.isVisible()


def test_both_show_the_same_part_whatever_their_sizes(lenet: MainWindow):
    lenet.looks.open("pool1", 1)
    view = choose(lenet, "before")
    QApplication.processEvents()
    image(lenet).box.setRange(QRectF(3, 4, 5, 5), padding=0)
    here, there = image(lenet).part(), view.image.part()
    assert there.center().x() == pytest.approx(here.center().x(), abs=0.02)
    assert there.center().y() == pytest.approx(here.center().y(), abs=0.02)


def test_all_of_a_map_is_beside_all_of_it_as_large_as_there_is_room_for(lenet: MainWindow):
    lenet.looks.open("pool1", 1)
    view = choose(lenet, "before")
    for width, height in ((900, 500), (520, 700)):
        lenet.docks["map"].resize(width, height)
        QApplication.processEvents()
        lenet.explorer.fit()
        assert view.image.part().size().toTuple() == (1, 1)
        box = view.image.box
        shown = (box.viewRect().width() / 28, box.viewRect().height() / 28)  # of relu1
        assert min(shown) == pytest.approx(1.04, abs=0.04)


def test_a_pinned_map_is_beside_any_other(lenet: MainWindow):
    lenet.looks.open("conv2", 5)
    QTest.mouseClick(lenet.explorer.bar.pin, Qt.MouseButton.LeftButton)
    assert "Pinned conv2 · map 5" in lenet.statusBar().currentMessage()
    lenet.looks.open("image", 0)
    view = choose(lenet, "pinned")
    np.testing.assert_array_equal(shown(view).values, maps(lenet)["conv2"][5])


def test_a_kept_run_is_compared_map_by_map(lenet: MainWindow, qtbot, resources: Path):
    lenet.looks.open("conv1", 4)
    before = maps(lenet)["conv1"][4]
    QTest.mouseClick(lenet.explorer.bar.keep, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(lenet.runs.settled):
        lenet.runs.open_image(resources / "images" / "digits" / "7_0014.png")
    view = choose(lenet, "difference")
    np.testing.assert_array_equal(shown(view).values, maps(lenet)["conv1"][4] - before)
    assert np.abs(shown(view).values).max() > 0.1
    low, high = map_range(shown(view).values, "diverging")
    assert low == -high
    view.grab()
    choose(lenet, "difference")
    QTest.keyClick(lenet.explorer.bar.box, Qt.Key.Key_Up)
    np.testing.assert_array_equal(shown(view).values, before)
    assert "7_0023.png" in view.title.text()


def test_without_a_map_or_a_run_there_is_nothing_to_keep(qtbot, qapp):
    theme.apply(qapp, theme.LIGHT)
    lenet = MainWindow()
    qtbot.addWidget(lenet)
    lenet.comparing.keep_run()
    assert "no run to keep" in lenet.statusBar().currentMessage()
    lenet.comparing.pin()
    assert "Show a map large first" in lenet.statusBar().currentMessage()


def test_the_image_lies_over_the_map(lenet: MainWindow):
    lenet.looks.open("conv2", 1)
    lenet.explorer.bar.slider.setFocus()
    for _ in range(3):
        QTest.keyClick(lenet.explorer.bar.slider, Qt.Key.Key_PageUp)
    overlay = image(lenet).overlay
    assert overlay.isVisible()
    assert overlay.opacity() == pytest.approx(lenet.explorer.bar.slider.value() / 100)
    assert overlay.image.shape == (32, 32, 3)
    # A value of conv2 sees 14 of 32 pixels, the next one the pixels 2 further on: the first one's middle is pixel 7.
    assert overlay.mapRectToParent(overlay.boundingRect()) == QRectF(-3, -3, 16, 16)
    lenet.looks.open("pool1", 1)
    assert overlay.mapRectToParent(overlay.boundingRect()) == QRectF(-1, -1, 16, 16)
    lenet.looks.open("image", 0)
    assert overlay.mapRectToParent(overlay.boundingRect()) == QRectF(0, 0, 32, 32)
    lenet.explorer.bar.slider.setValue(0)
    assert not overlay.isVisible()


def test_with_padding_the_image_lies_where_the_values_see_it(lenet: MainWindow, qtbot):
    layers = (
        Node("image", Input(channels=1, height=8, width=9)),
        Node("conv", Conv2D(filters=2, kernel=(3, 5), stride=(1, 2), padding="same")),
        Node("pool", GlobalAvgPool2D()),
    )
    graph = Graph(layers, (Edge("image", "conv"), Edge("conv", "pool")))
    with qtbot.waitSignal(lenet.runs.settled):
        lenet.document.load(Network("N", graph))
    lenet.looks.open("conv", 1)
    lenet.explorer.bar.slider.setValue(50)
    overlay = image(lenet).overlay
    # Downwards each value sees itself in the middle; to the right every second pixel, from the first one on.
    assert overlay.mapRectToParent(overlay.boundingRect()) == QRectF(0.25, 0, 4.5, 8)
    assert maps(lenet)["conv"].shape == (2, 8, 5)


def test_vectors_are_compared_side_by_side(lenet: MainWindow):
    lenet.looks.open("relu3", 2)
    assert titles(lenet) == [NOTHING, "Before: dense1"]  # a dense layer's neurons are none of its inputs, changed
    view = choose(lenet, "before")
    before = maps(lenet)["dense1"]
    np.testing.assert_array_equal(shown(view).values, before)
    assert view.stage.currentWidget() is view.vector.view
    assert view.vector.bars.selected == 2
    np.testing.assert_array_equal(view.vector.bars.faded, before < 0)
    assert f"clips {np.mean(before < 0):.1%}" in view.numbers.text()
    view.grab()
    plots: Any = lenet.explorer._plots
    plots.vector.box.setXRange(9.5, 29.5, padding=0)
    assert view.vector.box.viewRange()[0] == pytest.approx([9.5, 29.5])
    lenet.looks.open("dense1", 3)
    assert lenet.explorer.bar.key() == ""  # what was chosen is not there
    view = choose(lenet, "after")
    np.testing.assert_array_equal(plots.vector.bars.faded, before < 0)
    assert shown(view).title == "After: relu3"


def test_a_pinned_and_a_kept_vector(lenet: MainWindow, qtbot, resources: Path):
    lenet.looks.open("softmax", 7)
    before = maps(lenet)["softmax"]
    QTest.mouseClick(lenet.explorer.bar.pin, Qt.MouseButton.LeftButton)
    QTest.mouseClick(lenet.explorer.bar.keep, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(lenet.runs.settled):
        lenet.runs.open_image(resources / "images" / "digits" / "3_0000.png")
    assert titles(lenet)[1:] == [
        "Before: dense3",
        "Pinned: softmax",
        "Kept run (7_0023.png)",
        "Now − kept run (7_0023.png)",
    ]
    view = choose(lenet, "difference")
    np.testing.assert_array_equal(shown(view).values, maps(lenet)["softmax"] - before)
    assert view.vector.box.viewRange()[1][0] < 0
    lenet.looks.open("relu1", 2)
    view = choose(lenet, "pinned")  # a vector beside a map
    assert view.is_vector
    lenet.looks.open("relu3", 2)
    choose(lenet, "before")
    lenet.looks.open("relu1", 2)
    assert not view.is_vector
    assert view.stage.currentWidget() is view.image.view


def test_the_kernels_of_the_filter(lenet: MainWindow):
    lenet.looks.open("conv2", 3)
    strip = lenet.explorer.kernels
    assert strip.title == "Kernels, 6 channels"
    assert lenet.runs.result is not None
    np.testing.assert_array_equal(strip._kernels, lenet.runs.result.weights["conv2"]["weight"][3])
    assert len(strip.spots) == 6 * 25
    lenet.looks.open("relu2", 3)
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
def test_odd_maps_beside_one_another(lenet: MainWindow, value: float):
    lenet.looks.open("relu1", 2)
    view = choose(lenet, "before")
    for key in ("before", "difference"):
        mask = np.zeros((3, 5), bool)
        view.show_beside(Beside(key, "odd", np.full((3, 5), value, np.float32), mask), "diverging")
        view.grab()


def test_another_theme(lenet: MainWindow, qapp):
    lenet.looks.open("relu1", 2)
    view = choose(lenet, "before")
    theme.apply(qapp, theme.DARK)
    assert not view.grab().isNull()
