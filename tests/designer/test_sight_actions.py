"""What runs add to the canvas, and the View menu's switches."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QMessageBox

from designer.canvas.heat import Measure
from designer.window import MainWindow
from engine import Conv2D


@pytest.fixture
def window(qtbot, monkeypatch, resources: Path):
    monkeypatch.setattr(QMessageBox, "warning", lambda *_: QMessageBox.StandardButton.Discard)
    window = MainWindow()
    qtbot.addWidget(window)
    window.resize(1440, 900)
    window.show()
    window.files.open_example("lenet5.json")
    return window


@pytest.fixture
def ran(window: MainWindow, qtbot, resources: Path) -> MainWindow:
    with qtbot.waitSignal(window.runs.settled):
        window.runs.open_image(min((resources / "images" / "digits").glob("7_*.png")))
    return window


def card(window: MainWindow, node: str):
    return window.canvas.canvas.nodes[node].card


def test_a_run_puts_maps_on_the_cards(window, ran):
    assert all(card(window, node).maps for node in window.document.graph.by_id)


def test_another_network_begins_without_maps_and_times(ran):
    ran.runs.set_live(False)
    ran.files.open_example("lecture_conv.json")
    assert not any(card(ran, node).maps for node in ran.document.graph.by_id)
    assert ran.canvas.canvas.seconds == {}
    assert not ran.commands["view.heat_time"].isEnabled()


def test_the_cards_switch_is_in_the_view_menu(ran):
    ran.commands["view.card_maps"].trigger()
    assert not any(card(ran, node).maps for node in ran.document.graph.by_id)
    ran.commands["view.card_maps"].trigger()
    assert card(ran, "conv1").maps


def test_time_can_be_compared_once_something_has_run(window, qtbot, resources):
    assert not window.commands["view.heat_time"].isEnabled()
    with qtbot.waitSignal(window.runs.settled):
        window.runs.open_image(min((resources / "images" / "digits").glob("7_*.png")))
    window.commands["view.heat_time"].trigger()
    heat = window.canvas.canvas.heat
    assert heat.measure is Measure.TIME
    assert set(heat.values) == set(window.document.graph.by_id)
    assert heat.total == pytest.approx(sum(window.canvas.canvas.seconds.values()))
    assert all(seconds >= 0 for seconds in heat.values.values())


def test_a_new_run_brings_new_times(ran, qtbot):
    ran.commands["view.heat_time"].trigger()
    before = dict(ran.canvas.canvas.seconds)
    with qtbot.waitSignal(ran.runs.settled):
        graph = ran.document.graph
        ran.document.edit("Widen", graph.replace_layer("conv1", Conv2D(filters=60, kernel=(5, 5))))
    after = ran.canvas.canvas.heat.values
    assert after["conv1"] != before["conv1"]
    assert after["image"] == before["image"]  # what an edit does not reach is not computed again


def test_one_measure_at_a_time(window):
    for name in ("parameters", "macs", "memory"):
        window.commands[f"view.heat_{name}"].trigger()
        assert window.canvas.canvas.heat.measure is Measure[name.upper()]
        checked = [key for key, action in window.commands if key.startswith("view.heat_") and action.isChecked()]
        assert checked == [f"view.heat_{name}"]
    window.commands["view.heat_off"].trigger()
    assert window.canvas.canvas.heat.measure is None


def test_other_colours_in_the_panel_are_other_colours_on_the_cards(ran, qtbot):
    def picture() -> np.ndarray:
        image = ran.canvas.viewport().grab().toImage()
        return np.frombuffer(image.constBits(), np.uint8).copy()

    ran.canvas.zoom_reset()
    qtbot.waitUntil(lambda: ran.canvas.canvas.sprites.at_rest)
    before = picture()
    box = ran.maps.colour_box
    box.setCurrentIndex(box.findData("magma"))
    box.activated.emit(box.currentIndex())
    assert (picture() != before).any()
