"""A layer played step by step on the image, and the film of it."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication

from designer.lessons.animation_dialog import AnimationDialog
from designer.window import MainWindow
from tests.journeys.hands import QtHands, wait_until
from tests.journeys.keyboard import command, tab_to
from tests.journeys.places import click_card, shown_maps


def check_step(window: MainWindow, node: str, index: tuple[int, ...]) -> None:
    """Compare the step that is shown with the maps."""
    panel = window.stepper
    step = panel.steps[panel.player.step]
    assert step.index == index
    assert step.running == pytest.approx(float(shown_maps(window)[node][index]), abs=1e-5)
    assert panel.stage.accessibleDescription().startswith(f"Value ({', '.join(map(str, index))}): ")


def check_film(path: Path, frames: int) -> None:
    with Image.open(path) as film:
        assert film.format == "GIF"
        assert film.n_frames == frames
        first = np.asarray(film.convert("RGB"))
        film.seek(frames - 1)
        assert not np.array_equal(first, np.asarray(film.convert("RGB")))


def dialog_of(window: MainWindow) -> AnimationDialog:
    found = window.stepper.findChild(AnimationDialog)
    assert found is not None
    assert found.isVisible()
    return found


def test_a_layer_is_played_with_the_mouse(lenet: MainWindow, hands: QtHands, tmp_path: Path):
    window, panel = lenet, lenet.stepper
    click_card(window, hands, "conv1")
    hands.menu("Lessons", "Step through layer")
    assert window.docks["stepper"].isVisible()
    assert panel.title.text() == "conv1"
    buttons, player = panel.transport.buttons, panel.player
    hands.click(buttons["forward"])
    hands.click(buttons["forward"])
    assert panel.transport.place.text() == "3 of 784"
    hands.choose(panel.transport.speed_box, "240 steps/s")
    hands.click(buttons["toggle"])
    wait_until(lambda: player.step > 12, "some steps are played")
    assert buttons["toggle"].accessibleName() == "Pause"
    hands.click(buttons["toggle"])
    assert not player.playing

    tile = panel.stage.scene.outputs[0][1]
    hands.click(panel.stage, tile.cells(20, 9).center().toPoint())
    assert player.step == 20 * 28 + 9
    panel.channel_box.setFocus()
    hands.click(panel.channel_box, QPoint(panel.channel_box.width() - 8, 6))
    assert panel.channel_box.value() == 1
    panel.after_box.setFocus()
    if panel.after_box.isChecked():
        hands.click(panel.after_box, QPoint(10, panel.after_box.height() // 2))
    player.go(player.step)
    check_step(window, "conv1", (1, 20, 9))
    slider = panel.transport.slider
    hands.drag(slider, QPoint(slider.width() * 5 // 7, 8), slider, QPoint(4, 8))
    assert player.step < 700

    click_card(window, hands, "pool2")
    assert panel.title.text() == "pool2"
    hands.click(panel.transport.export)
    dialog = dialog_of(window)
    hands.choose(dialog.width_box, "640 px")
    assert dialog.summary.text().startswith("25 frames")
    hands.will_choose(tmp_path / "pool2.gif")
    hands.click(dialog.save_button)
    wait_until(lambda: window.stepper.findChild(AnimationDialog) is None, "the film is written")
    check_film(tmp_path / "pool2.gif", 25)


def test_a_layer_is_played_with_the_keyboard(lenet_by_keys: MainWindow, hands: QtHands, tmp_path: Path):
    window, panel = lenet_by_keys, lenet_by_keys.stepper
    command(hands, "go to pool2")
    hands.keys("ctrl+j")
    wait_until(panel.stage.hasFocus, "the stage has the keys")
    hands.keys("right")
    check_step(window, "pool2", (0, 0, 1))
    hands.keys("down")
    hands.keys("end")
    check_step(window, "pool2", (1, 4, 4))
    hands.keys("home")
    check_step(window, "pool2", (1, 0, 0))
    for _ in range(4):
        hands.keys("plus")
    hands.keys("space")
    wait_until(lambda: panel.player.step > 8, "some steps are played")
    hands.keys("space")
    assert not panel.player.playing
    tab_to(hands, panel.transport.slider)
    hands.keys("home")
    hands.keys("pageup")
    assert panel.player.step == 1

    tab_to(hands, panel.transport.export)
    hands.keys("space")
    dialog = dialog_of(window)
    wait_until(lambda: dialog.isAncestorOf(QApplication.focusWidget()), "the dialog has the keys")
    tab_to(hands, dialog.last_box)
    hands.keys("ctrl+a")
    hands.type("9")
    tab_to(hands, dialog.width_box)
    hands.keys("home")
    assert dialog.summary.text().startswith("9 frames")
    hands.will_choose(tmp_path / "pool2.gif")
    hands.keys("return")
    wait_until(lambda: window.stepper.findChild(AnimationDialog) is None, "the film is written")
    check_film(tmp_path / "pool2.gif", 9)
    hands.keys("ctrl+j")
    for name in ("conv1", "relu3", "flatten", "dense3", "softmax"):
        command(hands, f"go to {name}")
        assert panel.title.text() == name
        assert panel.steps is not None
