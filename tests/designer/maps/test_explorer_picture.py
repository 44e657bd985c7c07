"""One map, large, as a picture: fitted, zoomed, pointed at, with the values of its pixels."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from explorer_views import LOOK, histogram_plot, image, of, point_at, settle, turn_wheel, view_of
from PySide6.QtCore import QEvent, QPoint, QRectF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from designer.maps.explorer import MapExplorer
from designer.maps.layers import MapLayer, MapValue
from designer.maps.pixel_marks import MIN_CELL, roomy_text
from designer.tiles import colormaps
from designer.tiles.look import Look, Normalisation

NAN, INF = float("nan"), float("inf")


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
