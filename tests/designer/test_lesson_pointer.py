"""What lessons point at, and the room that they have."""

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication

from designer import pointing
from engine.lessons import Point
from tests.designer.lesson_hands import STACK, start


def test_the_ring_follows_card_and_canvas_and_goes_with_the_card(window, qtbot):
    start(window, "01_outline")
    ring = window.guide.pointer.ring

    def around() -> bool:
        found = pointing.find(window, window.guide.course.step.point)
        assert found is not None
        view, rect = found
        return ring.geometry().contains(rect.translated(view.mapTo(window, QPoint())))

    qtbot.waitUntil(around)
    window.canvas.zoom_by(0.6)
    qtbot.waitUntil(around)
    window.document.edit("Move", window.document.graph, {"image": (200.0, 100.0)})
    window.canvas.fit_all()
    qtbot.waitUntil(around)
    window.document.edit("Delete", window.document.graph.remove(["image"]))
    qtbot.waitUntil(lambda: not window.guide.pointer.seen)
    window.document.undo_stack.undo()
    qtbot.waitUntil(lambda: window.guide.pointer.seen)


def test_who_does_not_want_to_be_pointed_at_things_is_not(window):
    start(window, "01_outline")
    assert window.guide.pointer.seen
    window.commands["lessons.pointing"].trigger()
    assert not window.guide.pointer.seen
    window.guide.go(2)
    assert not window.guide.pointer.seen
    window.commands["lessons.pointing"].trigger()
    assert window.guide.pointer.seen


def test_a_closed_panel_points_at_nothing_and_an_opened_one_again(window, qtbot):
    start(window, "01_outline")
    window.docks["lesson"].close()
    qtbot.waitUntil(lambda: not window.guide.pointer.seen)
    window.commands["view.lesson"].trigger()
    qtbot.waitUntil(lambda: window.guide.pointer.seen)
    assert window.lesson_panel.in_lesson


def test_the_columns_have_their_widths_back_when_the_panel_is_closed(window, qtbot):
    QApplication.processEvents()
    before = {name: window.docks[name].width() for name in ("palette", "maps", "inspector")}
    start(window, STACK)
    QApplication.processEvents()
    assert window.docks["lesson"].width() == 320
    window.docks["lesson"].close()
    qtbot.waitUntil(lambda: {name: window.docks[name].width() for name in before} == before)


def test_in_a_narrow_window_the_maps_step_aside_but_where_a_step_is_about_them(window, qtbot):
    window.resize(1100, 720)
    QApplication.processEvents()
    start(window, STACK)
    QApplication.processEvents()
    assert window.docks["maps"].isHidden()
    assert window.canvas.width() > 380
    start(window, "06_filters")
    assert window.docks["maps"].isVisible()
    window.guide.go(1)
    assert window.docks["maps"].isHidden()
    window.docks["lesson"].close()
    qtbot.waitUntil(window.docks["maps"].isVisible)
    start(window, "06_filters")
    window.guide.go(0)
    assert window.docks["maps"].isVisible()  # the first step shown is about them


@pytest.mark.parametrize(
    "at", ["card:conv1", "input:conv1", "output:conv1", "shape:conv1", "parameters:conv1", "setting:kernel",
           "number:weights", "number:output", "command:file.new", "command:lessons.translation",
           "command:view.heat_macs", "panel:problems", "panel:outline", "total:macs"],
)  # fmt: skip
def test_everything_that_can_be_pointed_at_is_found(window, qtbot, at):
    window.files.open_example("lenet5.json")
    window.document.selection.select(["conv1"])
    point = Point(at=at, says="x")
    pointing.reveal(window, point)
    QApplication.processEvents()
    found = pointing.find(window, point)
    assert found is not None
    assert found[0].isVisible()
    assert not found[1].isEmpty()


@pytest.mark.parametrize("at", ["card:conv9", "setting:colour", "number:colour", "command:file.magic", "panel:magic"])
def test_what_is_not_there_is_not_pointed_at(window, at):
    window.files.open_example("lenet5.json")
    window.document.selection.select(["conv1"])
    point = Point(at=at, says="x")
    pointing.reveal(window, point)
    assert pointing.find(window, point) is None


def test_a_layer_in_a_collapsed_group_is_uncovered(window):
    window.files.open_example("lenet5.json")
    window.document.selection.select(["conv1", "relu1", "pool1"])
    window.commands["edit.group"].trigger()
    window.commands["view.collapse_all"].trigger()
    point = Point(at="shape:conv1", says="x")
    assert pointing.find(window, point) is not None  # the group's card stands for it
    pointing.reveal(window, point)
    assert "conv1" in window.canvas.canvas.nodes
