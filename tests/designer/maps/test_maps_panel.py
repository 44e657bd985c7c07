"""The panel around the mosaic."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from designer import theme
from designer.maps.grid import TILE_SIZES, step_tile_size
from designer.maps.layers import MapLayer, MapValue
from designer.maps.panel import MapsPanel, value_text
from designer.tiles.colormaps import COLOUR_MAPS
from designer.tiles.look import Look, Normalisation
from designer.tiles.numbers import cell_text


@pytest.fixture
def panel(qtbot: QtBot, light: None, lenet: list[MapLayer]):
    made = MapsPanel()
    qtbot.addWidget(made)
    made.resize(520, 700)
    made.set_layers(lenet)
    with qtbot.waitExposed(made):
        made.show()
    return made


def test_the_status_line_counts_the_maps_and_shows_the_value_under_the_pointer(qtbot: QtBot, panel: MapsPanel):
    assert panel.status.text() == "45 maps in 9 layers"
    rect = panel.mosaic._content.layout.tile(1, 3)
    pixel = rect.width / 28
    QTest.mouseMove(panel.mosaic.viewport(), QPoint(rect.x + round(5.5 * pixel), rect.y + round(12.5 * pixel)))
    qtbot.waitUntil(lambda: panel.status.text().startswith("conv1 · map 3 · (y 12, x 5) = "))
    QTest.mouseMove(panel.mosaic.viewport(), QPoint(2, rect.y))
    qtbot.waitUntil(lambda: panel.status.text() == "45 maps in 9 layers")


def test_text_of_a_value():
    assert value_text(MapValue("a", "conv1", 3, 12, 5, 0.73124)) == "conv1 · map 3 · (y 12, x 5) = 0.7312"
    assert value_text(MapValue("b", "fc1", 17, None, None, -2.0)) == "fc1 · element 17 = −2"


@pytest.mark.parametrize(
    ("value", "largest", "text"),
    [
        (0.1, 0.9, "0.10"),
        (-0.0031, 0.3, "0.00"),
        (-2.345, 5, "−2.35"),
        (12.34, 40, "12.3"),
        (-123.4, 400, "−123"),
        (2.34e-5, 3e-5, "2e−5"),
        (1234567, 1234567, "1e6"),
        (0, 0, "0.00"),
        (float("nan"), 1, "NaN"),
    ],
)
def test_text_in_a_cell(value: float, largest: float, text: str):
    assert cell_text(value, largest) == text


def test_text_in_a_narrow_cell():
    assert cell_text(-2.345, 5, fewer=1) == "−2.3"
    assert cell_text(-123.4, 400, fewer=2) == "−123"


def test_choosing_colours_changes_the_look(qtbot: QtBot, panel: MapsPanel):
    with qtbot.waitSignal(panel.look_changed) as caught:
        panel.colour_box.setCurrentIndex(2)
        panel.colour_box.activated.emit(2)
    assert caught.args == [Look(COLOUR_MAPS[2].name)]
    with qtbot.waitSignal(panel.look_changed) as caught:
        QTest.keyClick(panel.normalisation_box, Qt.Key.Key_Down)
    assert caught.args == [Look(COLOUR_MAPS[2].name, Normalisation.PER_LAYER)]
    assert panel.mosaic.look() == caught.args[0]


def test_setting_the_look_shows_it_and_announces_nothing(qtbot: QtBot, panel: MapsPanel):
    with qtbot.assertNotEmitted(panel.look_changed):
        panel.set_look(Look("gray", Normalisation.PER_LAYER))
    assert panel.colour_box.currentText() == "Grey"
    assert panel.normalisation_box.currentText() == "Per layer"
    assert panel.look() == Look("gray", Normalisation.PER_LAYER)


def test_the_slider_and_the_tile_size_follow_each_other(qtbot: QtBot, panel: MapsPanel):
    with qtbot.waitSignal(panel.tile_size_changed) as caught:
        panel.size_slider.setValue(panel.size_slider.maximum())
    assert caught.args == [256]
    assert not panel.overview()
    panel.set_tile_size(70)
    assert panel.tile_size() == 70
    panel.set_tile_size(12)
    assert panel.size_slider.value() == 0


def test_everything_is_shown_at_first(panel: MapsPanel):
    assert panel.overview()
    assert panel.overview_button.isChecked()
    assert panel.mosaic.verticalScrollBar().maximum() == 0
    assert TILE_SIZES[panel.size_slider.value()] == step_tile_size(panel.tile_size(), 0)


def test_the_slider_ends_the_overview_and_the_button_begins_it_again(qtbot: QtBot, panel: MapsPanel):
    fitted = panel.tile_size()
    with qtbot.waitSignal(panel.overview_changed) as caught:
        panel.size_slider.setValue(TILE_SIZES.index(80))
    assert caught.args == [False]
    assert panel.tile_size() == 80
    assert not panel.overview_button.isChecked()
    with qtbot.waitSignal(panel.overview_changed) as caught:
        panel.overview_button.click()
    assert caught.args == [True]
    assert panel.tile_size() == fitted
    panel.overview_button.click()
    assert not panel.overview()
    assert panel.tile_size() == 80


def test_setting_the_overview_checks_the_button_and_tells_only_changes(qtbot: QtBot, panel: MapsPanel):
    panel.set_overview(False)
    assert not panel.overview_button.isChecked()
    with qtbot.assertNotEmitted(panel.overview_changed):
        panel.set_overview(False)


def test_clicks_are_passed_on(qtbot: QtBot, panel: MapsPanel):
    rect = panel.mosaic._content.layout.tile(1, 3)
    seen = []
    panel.layer_activated.connect(lambda node: seen.append(node))
    panel.map_activated.connect(lambda node, channel: seen.append((node, channel)))
    QTest.mouseClick(panel.mosaic.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(rect.x + 4, rect.y + 4))
    assert seen == ["conv1", ("conv1", 3)]


def test_the_panel_passes_its_work_to_the_mosaic(panel: MapsPanel, layer: Callable[..., MapLayer]):
    panel.reveal("conv2")
    assert panel.mosaic.current() == "conv2"
    panel.set_current("conv1")
    assert panel.mosaic.current() == "conv1"
    fresh = layer("conv1", 6, 28, 28, seed=5)
    panel.update_layer(fresh)
    assert panel.mosaic.layers()[1] is fresh
    panel.set_placeholder("Nothing yet")
    panel.set_layers([])
    assert panel.status.text() == ""


def test_every_control_has_a_name_for_screen_readers(panel: MapsPanel):
    controls = (panel.colour_box, panel.normalisation_box, panel.overview_button, panel.size_slider, panel.status)
    assert all(control.accessibleName() for control in controls)


def test_a_theme_change_while_shown(qapp: QApplication, panel: MapsPanel):
    theme.apply(qapp, theme.DARK)
    panel.grab()
    theme.apply(qapp, theme.LIGHT)
