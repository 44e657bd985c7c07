"""The mosaic with all layers in view, their headers beside them."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from windows import colour_at, finish, header_point, layout, tile_point, wheel

from designer import theme
from designer.maps import mosaic
from designer.maps.layers import MapLayer
from designer.maps.layout import BESIDE
from designer.maps.mosaic import MosaicView
from designer.tiles import colormaps


@pytest.fixture
def overview(qtbot: QtBot, view: MosaicView):
    view.set_overview(True)
    finish(qtbot, view)
    return view


@pytest.fixture
def deep(qtbot: QtBot, overview: MosaicView, layer: Callable[..., MapLayer]):
    """Return an overview of more than has room."""
    overview.set_layers([layer(f"conv{k}", 400, 40, 40, seed=k) for k in range(6)])
    finish(qtbot, overview)
    return overview


# Fitting


def test_everything_is_in_view(overview: MosaicView):
    assert layout(overview).arrangement is BESIDE
    assert overview.verticalScrollBar().maximum() == 0
    assert overview.tile_size() >= 30


def test_another_size_of_the_view_fits_anew(qtbot: QtBot, overview: MosaicView):
    before = overview.tile_size()
    with qtbot.waitSignal(overview.tile_size_changed) as caught:
        overview.resize(520, 420)
    assert overview.tile_size() < before
    assert caught.args == [overview.tile_size()]
    assert overview.verticalScrollBar().maximum() == 0
    overview.resize(520, 600)
    assert overview.tile_size() == before


def test_other_shapes_fit_anew_and_other_values_keep_the_layout(
    overview: MosaicView, lenet: list[MapLayer], layer: Callable[..., MapLayer]
):
    before = layout(overview)
    overview.set_layers([layer(old.node, *old.values.shape, seed=50) for old in lenet])
    overview.update_layer(layer("conv1", 6, 28, 28, seed=51))
    assert layout(overview) is before
    overview.update_layer(layer("conv1", 90, 28, 28))
    assert overview.tile_size() < before.grids[1].tile_width
    assert overview.verticalScrollBar().maximum() == 0
    overview.set_layers(lenet[:1])
    assert overview.tile_size() == 64


def test_what_has_no_room_at_the_smallest_size_is_scrolled(deep: MosaicView):
    assert deep.tile_size() == 12
    assert deep.verticalScrollBar().maximum() > 0
    deep.reveal("conv3")
    assert deep.verticalScrollBar().value() == layout(deep).tops[3]


def test_a_chosen_size_ends_it_and_comes_back_with_its_end(qtbot: QtBot, overview: MosaicView):
    with qtbot.waitSignal(overview.overview_changed) as caught:
        overview.set_tile_size(overview.tile_size())
    assert caught.args == [False]
    assert layout(overview).column == 0
    overview.set_tile_size(80)
    overview.set_overview(True)
    assert overview.tile_size() < 80
    overview.set_overview(False)
    assert overview.tile_size() == 80


def test_ctrl_wheel_ends_it_and_keeps_the_layer_under_the_pointer(qtbot: QtBot, overview: MosaicView):
    at, before = header_point(overview, 3), overview.tile_size()
    with qtbot.waitSignal(overview.overview_changed):
        wheel(overview, at, 120)
    assert overview.tile_size() > before
    assert layout(overview).layer_at(overview.verticalScrollBar().value() + at.y()) == 3


# Pointing


def test_hovering_and_clicking_a_map(qtbot: QtBot, overview: MosaicView, lenet: list[MapLayer]):
    at = tile_point(overview, 4, 13)
    with qtbot.waitSignal(overview.hovered) as caught:
        QTest.mouseMove(overview.viewport(), at)
    value = caught.args[0]
    assert (value.node, value.channel) == ("pool2", 13)
    assert value.value == pytest.approx(float(lenet[4].values[13, value.y, value.x]))
    with qtbot.waitSignal(overview.map_activated) as caught:
        QTest.mouseClick(overview.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert caught.args == ["pool2", 13]


@pytest.mark.parametrize("index", [5, 6, 8])
def test_every_element_of_a_vector_can_be_pointed_at(
    qtbot: QtBot, overview: MosaicView, lenet: list[MapLayer], index: int
):
    last = len(lenet[index].values) - 1
    with qtbot.waitSignal(overview.hovered) as caught:
        QTest.mouseMove(overview.viewport(), tile_point(overview, index, last, 1, 1))
    assert (caught.args[0].node, caught.args[0].channel) == (lenet[index].node, last)


def test_a_click_in_the_column_activates_only_the_layer(qtbot: QtBot, overview: MosaicView):
    with qtbot.assertNotEmitted(overview.map_activated), qtbot.waitSignal(overview.layer_activated) as caught:
        QTest.mouseClick(overview.viewport(), Qt.MouseButton.LeftButton, pos=header_point(overview, 4))
    assert caught.args == ["pool2"]


def test_a_hovered_map_may_vanish_while_the_view_scrolls_back(
    qtbot: QtBot, deep: MosaicView, layer: Callable[..., MapLayer]
):
    deep.verticalScrollBar().setValue(deep.verticalScrollBar().maximum())
    with qtbot.waitSignal(deep.hovered):
        QTest.mouseMove(deep.viewport(), tile_point(deep, 5, 399))
    deep.set_layers([layer("other", 2, 8, 8)])
    assert deep.verticalScrollBar().value() == 0


# Painting


def test_the_row_of_the_selected_layer_is_highlighted_behind_its_maps(qtbot: QtBot, overview: MosaicView):
    between = tile_point(overview, 1, 1, -1)
    after = QPoint(layout(overview).width - 10, between.y())
    for point in (between, after, header_point(overview, 1) + QPoint(80, 0)):
        assert QColor(colour_at(overview, point)).name() == theme.LIGHT.surface
        overview.set_current("conv1")
        assert QColor(colour_at(overview, point)).name() == theme.LIGHT.selection
        overview.set_current(None)


def test_the_header_of_a_long_layer_stays_in_its_column(qtbot: QtBot, deep: MosaicView):
    deep.verticalScrollBar().setValue(layout(deep).tops[1] + 60)
    assert layout(deep).header(1, deep.verticalScrollBar().value()).y == deep.verticalScrollBar().value()
    image = deep.viewport().grab().toImage()
    ratio = image.devicePixelRatio()
    column = {
        QColor(image.pixel(int(x * ratio), int(y * ratio))).name() for x in range(BESIDE.column) for y in range(20)
    }
    assert theme.LIGHT.family("conv") in column


def test_the_largest_of_few_elements_is_marked_where_values_have_no_room(qtbot: QtBot, overview: MosaicView):
    values = np.arange(16, dtype=np.float32)
    values[3] = np.nan
    overview.set_layers([MapLayer("a", "a", "Dense · 16", "dense", values)])
    finish(qtbot, overview)
    beyond = layout(overview).tile(0, 15)
    point = QPoint(beyond.x + beyond.width, beyond.y + 5)
    assert QColor(colour_at(overview, point)).name() == theme.LIGHT.text
    fault = tile_point(overview, 0, 3, 5, 5)
    assert QColor(colour_at(overview, fault)).name() == theme.LIGHT.surface


def test_a_map_is_painted_in_the_colours_of_its_values(overview: MosaicView, lenet: list[MapLayer]):
    table = colormaps.table("viridis", theme.LIGHT.surface)
    values = lenet[4].values[2]
    pixel = layout(overview).grids[4].tile_width // 5
    for index, (y, x) in (
        (colormaps.TOP, np.unravel_index(values.argmax(), values.shape)),
        (0, np.unravel_index(values.argmin(), values.shape)),
    ):
        assert colour_at(overview, tile_point(overview, 4, 2, int(x) * pixel + 3, int(y) * pixel + 3)) == table[index]


def test_scrolled_pixels_are_those_of_a_fresh_paint(qtbot: QtBot, deep: MosaicView, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(mosaic, "FRAME_SECONDS", 1000.0)
    deep.set_current("conv1")
    for step in (5, 64, -30, 400, -1, 90, -500):
        deep.verticalScrollBar().setValue(deep.verticalScrollBar().value() + step)
        qtbot.wait(10)
        screen = deep.screen().grabWindow(deep.winId()).toImage()
        assert not screen.isNull()
        fresh = deep.grab().toImage().copy(screen.rect())
        assert screen.convertToFormat(fresh.format()) == fresh
