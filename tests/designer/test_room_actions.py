"""Runs that would take more memory than they may: what is said, and what is offered."""

import pytest
from PySide6.QtWidgets import QInputDialog

from engine import Input, need


@pytest.fixture
def tight(window, qtbot, resources):
    """Return a window whose image is open, and whose limit is below what a run takes."""
    window.files.open(resources / "examples" / "lenet5.json")
    taken = need(window.document.analysis)
    with qtbot.waitSignal(window.runs.settled):
        window.runs.open_image(min((resources / "images" / "digits").glob("7_*.png")))
    with qtbot.waitSignal(window.runs.runner.too_large):
        window.rooms.set_limit(taken.total - 1)
    return window


def test_a_run_that_fits_is_not_talked_about(window, qtbot, resources):
    window.files.open(resources / "examples" / "lenet5.json")
    with qtbot.waitSignal(window.runs.runner.finished):
        window.runs.open_image(min((resources / "images" / "digits").glob("7_*.png")))
    assert window.rooms.offer.isHidden()


def test_a_run_that_is_too_large_is_not_begun_and_says_its_numbers(tight):
    offer = tight.rooms.offer
    assert offer.isVisible()
    assert "This run needs" in offer.reason.text()
    assert "more than the limit of" in offer.reason.text()
    assert not tight.commands["run.stop"].isEnabled()
    assert offer.image.isVisible() or offer.maps.isVisible()


def test_fewer_maps_are_kept_and_others_come_when_their_layer_is_selected(tight, qtbot):
    rooms, keep = tight.rooms, tight.commands["run.keep_all"]
    with qtbot.waitSignal(tight.runs.runner.finished):
        rooms.offer.maps.click()
    assert rooms.offer.isHidden()
    assert not keep.isChecked()
    assert set(tight.runs.result.maps) == {"dense3", "softmax"}
    with qtbot.waitSignal(tight.runs.runner.finished):
        tight.document.selection.select(["conv1"])
    assert set(tight.runs.result.maps) == {"image", "conv1", "dense3", "softmax"}
    assert tight.runs.result.maps.result("conv1") is not None
    with qtbot.waitSignal(tight.runs.runner.too_large):
        keep.trigger()
    assert keep.isChecked()
    assert rooms.offer.isVisible()


def test_a_smaller_image_is_an_edit_that_can_be_undone(window, qtbot, resources):
    window.files.open(resources / "examples" / "lecture_conv.json")
    taken = need(window.document.analysis)
    window.rooms.set_limit(taken.total * 3 // 4)
    before = window.document.network
    with qtbot.waitSignal(window.runs.runner.too_large):
        window.runs.open_image(resources / "images" / "cat.jpg")
    with qtbot.waitSignal(window.runs.runner.finished):
        window.rooms.offer.image.click()
    layer = window.document.analysis.input.layer
    assert isinstance(layer, Input)
    assert layer.width < before.graph.node("image").layer.width
    with qtbot.waitSignal(window.runs.runner.too_large):
        window.document.undo_stack.undo()
    assert window.document.network == before


def test_another_limit_is_asked_for_and_kept(tight, qtbot):
    tight.rooms.offer.limit.click()
    dialog = tight.findChild(QInputDialog)
    assert "gigabytes" in dialog.labelText()
    with qtbot.waitSignal(tight.runs.runner.finished):
        dialog.setDoubleValue(2.5)
        dialog.accept()
    assert tight.rooms.limit() == 2_500_000_000
    assert tight.rooms.offer.isHidden()
