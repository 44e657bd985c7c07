"""The mosaic in a window: pointing, clicking, scrolling, staying in place."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from windows import colour_at, finish, header_point, layout, tile_point, wheel

from designer import theme
from designer.maps.layers import MapLayer
from designer.maps.mosaic import MosaicView

# Pointing


def test_hovering_a_map_reports_its_value(qtbot: QtBot, view: MosaicView, lenet: list[MapLayer]):
    seen = []
    view.hovered.connect(seen.append)
    QTest.mouseMove(view.viewport(), tile_point(view, 1, 3, 2 * 5 + 1, 2 * 12))
    qtbot.waitUntil(lambda: bool(seen))
    value = seen[-1]
    assert (value.node, value.channel, value.y, value.x) == ("conv1", 3, 12, 5)
    assert value.value == pytest.approx(float(lenet[1].values[3, 12, 5]))
    QTest.mouseMove(view.viewport(), QPoint(500, tile_point(view, 1, 3).y()))
    qtbot.waitUntil(lambda: seen[-1] is None)


def test_hovering_a_vector_reports_the_element(qtbot: QtBot, view: MosaicView, lenet: list[MapLayer]):
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum())
    with qtbot.waitSignal(view.hovered) as caught:
        QTest.mouseMove(view.viewport(), tile_point(view, 8, 7))
    value = caught.args[0]
    assert (value.node, value.channel, value.y, value.x) == ("fc3", 7, None, None)
    assert value.value == pytest.approx(float(lenet[8].values[7]))


def test_leaving_the_view_reports_no_value(qtbot: QtBot, view: MosaicView):
    with qtbot.waitSignal(view.hovered):
        QTest.mouseMove(view.viewport(), tile_point(view, 1, 3))
    with qtbot.waitSignal(view.hovered, check_params_cb=lambda value: value is None):
        QApplication.sendEvent(view.viewport(), QEvent(QEvent.Type.Leave))


def test_scrolling_under_a_resting_pointer_reports_what_comes_under_it(qtbot: QtBot, view: MosaicView):
    with qtbot.waitSignal(view.hovered):
        QTest.mouseMove(view.viewport(), tile_point(view, 1, 0))
    with qtbot.waitSignal(view.hovered) as caught:
        view.verticalScrollBar().setValue(layout(view).tops[2] - layout(view).tops[1])
    assert caught.args[0].node == "pool1"


def test_the_map_under_the_pointer_is_outlined(qtbot: QtBot, view: MosaicView):
    outside = tile_point(view, 1, 3, 10, -1)
    before = colour_at(view, outside)
    with qtbot.waitSignal(view.hovered):
        QTest.mouseMove(view.viewport(), tile_point(view, 1, 3))
    assert QColor(before).name() == theme.LIGHT.surface
    assert QColor(colour_at(view, outside)).name() == theme.LIGHT.accent


def test_a_click_on_a_map_activates_the_map_and_its_layer(qtbot: QtBot, view: MosaicView):
    seen = []
    view.layer_activated.connect(lambda node: seen.append(node))
    view.map_activated.connect(lambda node, channel: seen.append((node, channel)))
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=tile_point(view, 2, 4))
    assert seen == ["pool1", ("pool1", 4)]
    assert view.current() == "pool1"


def test_a_click_on_a_header_activates_only_the_layer(qtbot: QtBot, view: MosaicView):
    with (
        qtbot.assertNotEmitted(view.map_activated),
        qtbot.waitSignal(view.layer_activated, check_params_cb=lambda node: node == "conv1"),
    ):
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=header_point(view, 1))


def test_a_press_that_ends_elsewhere_and_other_buttons_activate_nothing(qtbot: QtBot, view: MosaicView):
    with qtbot.assertNotEmitted(view.layer_activated):
        QTest.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=tile_point(view, 2, 4))
        QTest.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=tile_point(view, 2, 3))
        QTest.mouseClick(view.viewport(), Qt.MouseButton.RightButton, pos=tile_point(view, 2, 4))
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(3, tile_point(view, 2, 0).y()))


# Scrolling, zooming, staying in place


def test_reveal_scrolls_the_header_to_the_top_and_selects_the_layer(view: MosaicView):
    view.reveal("pool1")
    assert view.verticalScrollBar().value() == layout(view).tops[2]
    assert view.current() == "pool1"
    view.reveal("not there")
    assert view.verticalScrollBar().value() == layout(view).tops[2]


def test_answering_a_click_with_reveal_does_not_scroll(view: MosaicView):
    view.layer_activated.connect(view.reveal)
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=tile_point(view, 2, 4))
    assert view.verticalScrollBar().value() == 0
    assert view.current() == "pool1"


def test_the_selected_header_is_highlighted(view: MosaicView):
    point = header_point(view, 1) + QPoint(200, 0)
    assert QColor(colour_at(view, point)).name() == theme.LIGHT.surface
    view.set_current("conv1")
    assert QColor(colour_at(view, point)).name() == theme.LIGHT.selection


def test_new_values_for_all_layers_do_not_scroll(
    qtbot: QtBot, view: MosaicView, lenet: list[MapLayer], layer: Callable[..., MapLayer]
):
    view.verticalScrollBar().setValue(333)
    view.set_layers([layer(old.node, *old.values.shape, seed=50) for old in lenet])
    assert view.verticalScrollBar().value() == 333


def test_new_values_for_one_layer_render_only_that_layer(
    qtbot: QtBot, view: MosaicView, layer: Callable[..., MapLayer]
):
    view.verticalScrollBar().setValue(100)
    finish(qtbot, view)
    view.update_layer(layer("pool1", 6, 14, 14, seed=77))
    view.viewport().repaint()
    assert view.rendered == layout(view).grids[2].strips
    assert view.verticalScrollBar().value() == 100
    assert view.layers()[2].values[0, 0, 0] == layer("pool1", 6, 14, 14, seed=77).values[0, 0, 0]


def test_a_new_value_under_a_resting_pointer_is_reported(
    qtbot: QtBot, view: MosaicView, layer: Callable[..., MapLayer]
):
    with qtbot.waitSignal(view.hovered):
        QTest.mouseMove(view.viewport(), tile_point(view, 2, 4))
    fresh = layer("pool1", 6, 14, 14, seed=77)
    with qtbot.waitSignal(view.hovered) as caught:
        view.update_layer(fresh)
    value = caught.args[0]
    assert value.value == pytest.approx(float(fresh.values[4, value.y, value.x]))


def test_a_layer_of_another_shape_is_laid_out_anew_and_an_unknown_one_ignored(
    view: MosaicView, layer: Callable[..., MapLayer]
):
    view.reveal("conv2")
    view.update_layer(layer("conv1", 60, 28, 28))
    assert layout(view).grids[1].count == 60
    assert view.verticalScrollBar().value() == layout(view).tops[3]
    view.update_layer(layer("not there", 1, 2, 2))
    assert len(view.layers()) == 9


def test_ctrl_wheel_changes_the_size_and_keeps_the_layer_under_the_pointer(qtbot: QtBot, view: MosaicView):
    at = header_point(view, 2)
    with qtbot.waitSignal(view.tile_size_changed) as caught:
        wheel(view, at, -240)
    assert caught.args == [48]
    assert header_point(view, 2).y() == at.y() or view.verticalScrollBar().value() == 0
    for _ in range(40):
        wheel(view, at, 120)
    assert view.tile_size() == 256
    assert layout(view).layer_at(view.verticalScrollBar().value() + at.y()) == 2


def test_a_touch_pad_s_small_steps_add_up(view: MosaicView):
    for _ in range(3):
        wheel(view, QPoint(50, 50), 40)
    assert view.tile_size() == 80


def test_the_wheel_alone_scrolls(view: MosaicView):
    wheel(view, QPoint(50, 50), -120, Qt.KeyboardModifier.NoModifier)
    assert view.verticalScrollBar().value() > 0
    assert view.tile_size() == 64


def test_the_tile_size_has_bounds(view: MosaicView):
    view.set_tile_size(1)
    assert view.tile_size() == 12
    view.set_tile_size(9999)
    assert view.tile_size() == 256


def test_keys_scroll(view: MosaicView):
    bar = view.verticalScrollBar()
    for key, moves in (
        (Qt.Key.Key_Down, lambda a, b: b > a),
        (Qt.Key.Key_PageDown, lambda a, b: b > a + 200),
        (Qt.Key.Key_Up, lambda a, b: b < a),
        (Qt.Key.Key_PageUp, lambda a, b: b < a),
        (Qt.Key.Key_End, lambda a, b: b == bar.maximum()),
        (Qt.Key.Key_Home, lambda a, b: b == 0),
    ):
        before = bar.value()
        QTest.keyClick(view, key)
        assert moves(before, bar.value()), key


def test_a_narrower_view_keeps_the_layer_at_the_top(qtbot: QtBot, view: MosaicView):
    view.reveal("pool1")
    view.resize(230, 600)
    assert view.verticalScrollBar().value() == layout(view).tops[2]


def test_scrolled_pixels_are_those_of_a_fresh_paint(qtbot: QtBot, view: MosaicView):
    QTest.mouseMove(view.viewport(), tile_point(view, 1, 3))
    for step in (5, 64, -30, 200, -1):
        view.verticalScrollBar().setValue(view.verticalScrollBar().value() + step)
        qtbot.wait(10)
        screen = view.screen().grabWindow(view.winId()).toImage()
        assert not screen.isNull()
        fresh = view.grab().toImage().copy(screen.rect())  # a screen with a pixel ratio gives its corner only
        assert screen.convertToFormat(fresh.format()) == fresh
