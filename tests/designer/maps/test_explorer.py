"""One map, large."""

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from designer import theme
from designer.maps.explorer import EMPTY, MapExplorer
from designer.maps.explorer_header import place_text
from designer.maps.explorer_side import share_text
from designer.maps.layers import MapLayer, MapValue
from designer.maps.measures import colour_range, histogram, measure
from designer.maps.pixel_marks import MIN_CELL, roomy_text
from designer.tiles import colormaps
from designer.tiles.look import Look, Normalisation

LOOK = Look()
LEFT, RIGHT, UP, DOWN = Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down
NAN, INF = float("nan"), float("inf")


@pytest.fixture
def explorer(qtbot: QtBot, light: None) -> MapExplorer:
    made = MapExplorer()
    qtbot.addWidget(made)
    made.resize(520, 420)
    with qtbot.waitExposed(made):
        made.show()
    return made


def of(values: Any) -> MapLayer:
    return MapLayer("n", "layer", "", "conv", np.asarray(values, dtype=np.float32))


def image(explorer: MapExplorer) -> Any:
    assert explorer._plots is not None
    return explorer._plots.image


def vector(explorer: MapExplorer) -> Any:
    assert explorer._plots is not None
    return explorer._plots.vector


def histogram_plot(explorer: MapExplorer) -> Any:
    assert explorer._plots is not None
    return explorer._plots.histogram


def settle(explorer: MapExplorer) -> None:
    """Let the layout and the view ranges follow, and paint everything once."""
    QApplication.processEvents()
    explorer.grab()


def point_at(plot: Any, x: float, y: float) -> QPoint:
    return plot.view.mapFromScene(plot.box.mapViewToScene(QPointF(x, y)))


def view_of(plot: Any) -> tuple[float, float, float, float]:
    rect = plot.box.viewRect()
    return rect.left(), rect.top(), rect.width(), rect.height()


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
    assert explorer.header.title.text() == "conv1 · map 2 of 0–5 · 28×24"
    assert place_text(layer("flatten", 25088), 17) == "element 17 of 0–25,087"


def test_the_map_fits_with_square_pixels_and_y_downwards(explorer: MapExplorer, layer: Callable[..., MapLayer]):
    explorer.show_map(layer("conv1", 6, 10, 20), 0, LOOK)
    settle(explorer)
    plot = image(explorer)
    assert plot.box.viewRect().contains(QRectF(0, 0, 20, 10))
    assert plot.box.viewRect().width() < 22
    top_left, bottom_right = point_at(plot, 0, 0), point_at(plot, 20, 10)
    assert bottom_right.y() > top_left.y()
    assert bottom_right.x() - top_left.x() == pytest.approx(2 * (bottom_right.y() - top_left.y()), abs=2)


def test_the_zoom_stays_for_other_values_and_goes_for_another_size(
    explorer: MapExplorer, layer: Callable[..., MapLayer]
):
    explorer.show_map(layer("conv1", 6, 28, 28), 0, LOOK)
    settle(explorer)
    plot = image(explorer)
    plot.box.setRange(QRectF(8, 8, 6, 6), padding=0)
    zoomed = view_of(plot)
    explorer.show_map(layer("conv1", 6, 28, 28, seed=5), 0, LOOK)
    explorer.show_map(layer("conv1", 6, 28, 28, seed=5), 3, LOOK)
    assert view_of(plot) == pytest.approx(zoomed)
    explorer.show_map(layer("pool1", 6, 14, 14), 3, LOOK)
    assert plot.box.viewRect().contains(QRectF(0, 0, 14, 14))
    assert plot.box.viewRect().height() < 16


@pytest.mark.parametrize("key", [Qt.Key.Key_Home, Qt.Key.Key_F])
def test_home_and_f_fit(explorer: MapExplorer, layer: Callable[..., MapLayer], key: Qt.Key):
    explorer.show_map(layer("conv1", 6, 28, 28), 0, LOOK)
    settle(explorer)
    plot = image(explorer)
    fitted = view_of(plot)
    plot.box.setRange(QRectF(8, 8, 6, 6))
    assert view_of(plot) != pytest.approx(fitted)
    QTest.keyClick(explorer, key)
    assert view_of(plot) == pytest.approx(fitted)


def test_a_fitted_map_still_fits_another_size_of_the_window(explorer: MapExplorer, layer: Callable[..., MapLayer]):
    explorer.show_map(layer("conv1", 6, 28, 28), 0, LOOK)
    settle(explorer)
    explorer.resize(900, 700)
    settle(explorer)
    corner, end = point_at(image(explorer), 0, 0), point_at(image(explorer), 28, 28)
    assert image(explorer).view.rect().contains(corner)
    assert image(explorer).view.rect().contains(end)
    assert end.y() - corner.y() > 500


@pytest.mark.parametrize("shape", [(1, 200), (90, 3), (28, 28)])
def test_the_wheel_zooms_about_the_pointer_and_no_further_than_makes_sense(
    explorer: MapExplorer, shape: tuple[int, int]
):
    explorer.show_map(of(np.ones((2, *shape))), 0, LOOK)
    settle(explorer)
    plot = image(explorer)
    at = point_at(plot, 0.5, 0.5)
    before = plot.box.viewRect().width()
    turn_wheel(plot, at, 120)
    assert plot.box.viewRect().width() < before
    assert (point_at(plot, 0.5, 0.5) - at).manhattanLength() <= 2
    for _ in range(200):
        turn_wheel(plot, at, -120)
    assert plot.box.viewRect().width() < 60 * max(shape)
    for _ in range(300):
        turn_wheel(plot, at, 120)
    assert min(plot.box.viewRect().width(), plot.box.viewRect().height()) > 0.3


def turn_wheel(plot: Any, at: QPoint, delta: int) -> None:
    viewport = plot.view.viewport()
    event = QWheelEvent(
        QPointF(at),
        QPointF(viewport.mapToGlobal(at)),
        QPoint(),
        QPoint(0, delta),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(viewport, event)


def test_the_pixel_under_the_pointer_is_told(explorer: MapExplorer, qtbot: QtBot):
    values = np.arange(2 * 6 * 8, dtype=np.float32).reshape(2, 6, 8) - 60
    explorer.show_map(of(values), 1, LOOK)
    settle(explorer)
    plot = image(explorer)
    with qtbot.waitSignal(explorer.hovered) as blocker:
        QTest.mouseMove(plot.view.viewport(), point_at(plot, 5.5, 2.5))
    assert blocker.args == [MapValue("n", "layer", 1, 2, 5, values[1, 2, 5])]
    assert explorer.status.text() == "(y 2, x 5) = 9"
    marker = histogram_plot(explorer).value
    assert marker.isVisible()
    assert marker.value() == pytest.approx((9 - -12) / 47)
    QTest.mouseMove(plot.view.viewport(), point_at(plot, 0.2, -0.1))
    qtbot.waitUntil(lambda: "wheel" in explorer.status.text())
    assert not marker.isVisible()


def test_the_value_follows_new_values_under_a_pointer_that_rests(explorer: MapExplorer, qtbot: QtBot):
    explorer.show_map(of(np.full((1, 4, 4), 1.5)), 0, LOOK)
    settle(explorer)
    plot = image(explorer)
    QTest.mouseMove(plot.view.viewport(), point_at(plot, 0.5, 3.5))
    qtbot.waitUntil(lambda: explorer.status.text() == "(y 3, x 0) = 1.5")
    explorer.show_map(of(np.full((1, 4, 4), 2.5)), 0, LOOK)
    assert explorer.status.text() == "(y 3, x 0) = 2.5"
    QApplication.sendEvent(plot.view.viewport(), QEvent(QEvent.Type.Leave))
    assert "wheel" in explorer.status.text()


def test_colours_are_those_of_the_mosaic_with_faults_in_the_gap_colour(explorer: MapExplorer):
    explorer.show_map(of([[[0, 1], [NAN, INF]]]), 0, LOOK)
    settle(explorer)
    item = image(explorer).image
    np.testing.assert_array_equal(item.image, [[0, colormaps.TOP], [colormaps.GAP, colormaps.GAP]])
    np.testing.assert_array_equal(item.lut[: colormaps.TOP + 1], colormaps.colours("viridis"))
    assert item.lut[colormaps.GAP].tolist() == [255, 255, 255]
    assert list(item.levels) == [0, 255]
    assert item.qimage.pixelColor(1, 0).name() == "#fde725"


def test_large_pixels_carry_their_values_and_only_those_in_view(explorer: MapExplorer, layer: Callable[..., MapLayer]):
    explorer.show_map(layer("conv1", 6, 28, 28), 0, LOOK)
    settle(explorer)
    plot = image(explorer)
    assert plot.marks.labels == 0
    width = plot.view.width()
    plot.box.setRange(QRectF(10, 10, width / (MIN_CELL + 2), 1), padding=0)
    settle(explorer)
    columns, rows = (plot.view.width() / (MIN_CELL + 2) + 2, plot.view.height() / (MIN_CELL + 2) + 2)
    assert 20 < plot.marks.labels <= columns * rows


@pytest.mark.parametrize(
    ("value", "largest", "text"),
    [(0.295, 0.777, "0.2950"), (-2.3456, 9, "−2.346"), (0, 5, "0"), (123.456, 400, "123.5"), (NAN, 1, "NaN")],
)
def test_text_in_a_roomy_pixel(value: float, largest: float, text: str):
    assert roomy_text(value, largest) == text


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


def test_a_vector_is_a_bar_plot(explorer: MapExplorer, qtbot: QtBot):
    values = np.array([0.1, -0.4, 0.7, 0.2], dtype=np.float32)
    explorer.show_map(of(values), 2, LOOK)
    settle(explorer)
    plot = vector(explorer)
    assert explorer.stage.currentWidget() is plot.view
    assert plot.bars.selected == 2
    (left, right), (bottom, top) = plot.box.viewRange()
    assert (left, right) == pytest.approx((-0.5, 3.5))
    assert bottom < -0.4 < 0.7 < top
    with qtbot.waitSignal(explorer.hovered) as blocker:
        QTest.mouseMove(plot.view.viewport(), point_at(plot, 1.2, 0.3))
    assert blocker.args == [MapValue("n", "layer", 1, None, None, values[1])]
    assert explorer.status.text() == "element 1 = −0.4"
    assert plot.bars.hover == 1


def test_maps_of_one_pixel_are_a_vector_too(explorer: MapExplorer, qtbot: QtBot):
    explorer.show_map(of(np.arange(5).reshape(5, 1, 1)), 0, LOOK)
    settle(explorer)
    plot = vector(explorer)
    with qtbot.waitSignal(explorer.hovered) as blocker:
        QTest.mouseMove(plot.view.viewport(), point_at(plot, 3, 1))
    assert blocker.args == [MapValue("n", "layer", 3, 0, 0, 3.0)]


def test_a_long_vector_draws_few_bars_that_miss_no_peak(explorer: MapExplorer):
    values = np.zeros(25_088, dtype=np.float32)
    values[[777, 20_001]] = 5, -3
    explorer.show_map(of(values), 0, LOOK)
    settle(explorer)
    rects = vector(explorer).bars._rects(0, len(values))
    assert len(rects) <= 2048
    assert max(rect.bottom() for rect in rects) == 5
    assert min(rect.top() for rect in rects) == -3


@pytest.mark.parametrize(
    "values",
    [
        [[[2.5]]],
        [[[NAN, NAN]]],
        [[[INF, -INF, NAN]]],
        [[[0, 0], [0, 0]]],
        [[[1, NAN], [INF, -2]]],
        [[[-3.4e38, 3.4e38]]],
        [[[1e-45, 2e-45]]],
        [[[1, 1 + 2**-23]]],
        np.ones((1, 1, 40)),
        np.ones((1, 40, 1)),
        [NAN, NAN],
        [INF, 1, -1],
        [0, 0, 0],
        [7],
        [-3.4e38, 3.4e38],
        [1e-45, 0],
    ],
    ids=repr,
)
@pytest.mark.parametrize("colour_map", ["viridis", "diverging"])
@pytest.mark.parametrize("normalisation", Normalisation)
def test_degenerate_maps_are_shown_without_a_warning(
    explorer: MapExplorer, qtbot: QtBot, values: Any, colour_map: str, normalisation: Normalisation
):
    explorer.show_map(of(values), 0, Look(colour_map, normalisation))
    settle(explorer)
    viewport = explorer.stage.currentWidget().viewport()
    QTest.mouseMove(viewport, QPoint(3, 3))
    QTest.mouseMove(viewport, viewport.rect().center())
    qtbot.waitUntil(lambda: " = " in explorer.status.text())
    QTest.keyClick(explorer, Qt.Key.Key_F)
    settle(explorer)


def test_the_numbers_beside_the_map(explorer: MapExplorer):
    explorer.show_map(of([[[0, 0, -1, 3], [0, 0, 2, 2]]]), 0, LOOK)
    table = explorer.measures
    shown = [label.text() for label in (table.minimum, table.maximum, table.mean, table.std, table.zeros)]
    assert shown == ["−1", "3", "0.75", "1.299", "50.0 %"]
    assert not table.faults.isVisible()
    explorer.show_map(of([[[0, NAN], [INF, 3]]]), 0, LOOK)
    assert table.faults.isVisible()
    assert table.faults.text() == "50.0 %"
    explorer.show_map(of([[[NAN, NAN]]]), 0, LOOK)
    assert (table.minimum.text(), table.faults.text()) == ("–", "100 %")


@pytest.mark.parametrize(
    ("share", "text"),
    [(0, "0 %"), (1, "100 %"), (1e-5, "< 0.1 %"), (0.99999, "> 99.9 %"), (0.4967, "49.7 %")],
)
def test_text_of_a_share(share: float, text: str):
    assert share_text(share) == text


def test_the_range_of_the_colours():
    layer = of([[[0, 1]], [[-4, 2]], [[NAN, NAN]]])
    per_layer = Normalisation.PER_LAYER
    assert colour_range(layer, 0, LOOK) == (0, 1)
    assert colour_range(layer, 0, Look("gray", per_layer)) == (-4, 2)
    assert colour_range(layer, 1, Look("diverging")) == (-4, 4)
    assert colour_range(layer, 2, Look("diverging")) == (INF, -INF)
    assert colour_range(of([1, 5, 3]), 0, LOOK) == (1, 5)


def test_the_ends_of_the_colour_bar_are_written_below_it(explorer: MapExplorer):
    explorer.show_map(of([[[-1, 3]]]), 0, LOOK)
    assert explorer.range_line.texts() == [("−1", 0.0), ("3", 1.0), ("0", 0.25)]
    assert histogram_plot(explorer).zero.isVisible()
    assert histogram_plot(explorer).zero.value() == 0.25
    explorer.show_map(of([[[2.5, 2.5]]]), 0, LOOK)
    assert explorer.range_line.texts() == [("2.5", 0.5)]
    assert not histogram_plot(explorer).zero.isVisible()
    explorer.show_map(of([[[NAN, NAN]]]), 0, LOOK)
    assert explorer.range_line.texts() == []
    assert not histogram_plot(explorer).ramp.isVisible()


def test_histogram_counts_every_finite_value_where_the_colour_bar_has_it():
    values = np.r_[np.zeros(60), np.linspace(-1, 1, 40), NAN].astype(np.float32)
    spread = histogram(values, -2.0, 2.0)
    assert spread.shares.sum() == pytest.approx(1)
    assert (spread.start, spread.width) == pytest.approx((0.25, 0.5))
    assert spread.shares[len(spread.shares) // 2] > 0.6
    constant = histogram(np.full(9, 2.5), 2.5, 2.5)
    assert constant.shares.tolist() == [1]
    assert constant.start + constant.width / 2 == pytest.approx(0.5)
    assert histogram(np.full(3, NAN), INF, -INF).shares.size == 0


def test_a_bin_that_would_flatten_the_others_is_cut_off_and_says_so(explorer: MapExplorer):
    sparse = np.maximum(0, np.random.default_rng(0).standard_normal((1, 40, 40)))
    explorer.show_map(of(sparse), 0, LOOK)
    plot = histogram_plot(explorer)
    assert plot.cut.isVisible()
    assert plot.cut.textItem.toPlainText().startswith("↑ 5")
    heights = np.sort(plot.bars.opts["height"])
    assert heights[-2] > 0.5
    explorer.show_map(of(np.random.default_rng(0).standard_normal((1, 40, 40))), 0, LOOK)
    assert not plot.cut.isVisible()


def test_measures_are_those_of_numpy():
    values = np.random.default_rng(1).standard_normal((9, 7))
    told = measure(values)
    assert (told.minimum, told.maximum, told.mean, told.std) == pytest.approx(
        (values.min(), values.max(), values.mean(), values.std())
    )
    assert (told.zeros, told.faults) == (0, 0)


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
