"""What was chosen to be seen is seen in the next session."""

import pytest
from PySide6.QtCore import QSettings

from designer.canvas.heat import Measure
from designer.menus import SIGHTS
from designer.window import MainWindow


@pytest.fixture
def another(qtbot):
    """Return a maker of windows, each of a new session."""

    def make() -> MainWindow:
        window = MainWindow()
        qtbot.addWidget(window)
        window.view_choices.keep()
        return window

    return make


def checked(window) -> set[str]:
    return {name for name in SIGHTS if window.commands[name].isChecked()}


USUAL = {"view.wire_labels", "view.card_maps", "view.minimap", "view.heat_off"}


def test_at_first_all_is_as_it_ever_was_and_nothing_is_written(another):
    assert checked(another()) == USUAL
    assert QSettings().allKeys() == []


def test_choices_are_in_force_in_the_next_session(another):
    window = another()
    for name in ("view.wire_labels", "view.minimap", "view.heat_macs"):
        window.commands[name].trigger()
    later = another()
    assert checked(later) == {"view.card_maps", "view.heat_macs"}
    assert not later.canvas.canvas.wire_labels.enabled
    assert not later.canvas.sights.minimap.enabled
    assert later.canvas.canvas.heat.measure is Measure.MACS
    later.commands["view.heat_off"].trigger()
    later.commands["view.minimap"].trigger()
    last = another()
    assert checked(last) == {"view.card_maps", "view.minimap", "view.heat_off"}
    assert last.canvas.canvas.heat.measure is None


def test_a_measure_that_needs_a_run_waits_for_one(another):
    window = another()
    window.commands["view.heat_time"].setEnabled(True)
    window.commands["view.heat_time"].trigger()
    later = another()
    assert later.canvas.canvas.heat.measure is None
    later.commands["view.heat_time"].setEnabled(True)
    assert later.canvas.canvas.heat.measure is Measure.TIME
    other = another()
    other.commands["view.heat_memory"].trigger()
    other.commands["view.heat_time"].setEnabled(True)
    assert other.canvas.canvas.heat.measure is Measure.MEMORY


def test_a_window_that_keeps_nothing_reads_and_writes_nothing(window, another):
    window.commands["view.minimap"].trigger()
    assert QSettings().allKeys() == []
    another().commands["view.wire_labels"].trigger()
    plain = MainWindow()
    assert checked(plain) == USUAL
    plain.close()


def test_what_makes_no_sense_in_the_settings_is_left_out(another):
    QSettings().setValue("view/view.minimap", "perhaps")
    QSettings().setValue("view/view.wire_labels", 3)
    assert checked(another()) == USUAL
