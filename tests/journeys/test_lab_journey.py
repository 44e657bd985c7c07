"""The translation lab: the image is moved, and every layer says how its maps went along."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint

from designer.lessons.lab_rows import share_text
from designer.window import MainWindow
from engine import Move, compare
from tests.journeys.hands import QtHands, wait_until
from tests.journeys.keyboard import tab_to
from tests.journeys.places import shown_maps


def check_lab(window: MainWindow, move: Move) -> None:
    """Wait for what a move does to the maps, and compare it with the engine's own."""
    lab = window.lab
    assert lab.moves.move_at_hand == move
    wait_until(lambda: lab.comparison is not None and lab.comparison.move == move, "the layers are compared")
    again = compare(window.document.graph, window.runs.result.weights, shown_maps(window)["image"], move)
    assert lab.comparison.layers == again.layers
    row = again.layers[lab.rows.current]
    said = lab.rows.accessibleDescription()
    assert lab.rows.current in said
    assert share_text(row.equivariance) in said
    assert share_text(row.invariance) in said


def test_the_image_is_moved_with_the_mouse(lenet: MainWindow, hands: QtHands):
    window, lab = lenet, lenet.lab
    before = shown_maps(window)
    hands.menu("Lessons", "Translation lab")
    assert window.docks["translation"].isVisible()
    check_lab(window, Move())
    pixel = lab.picture.place().width() / 32
    middle = lab.picture.rect().center()
    hands.drag(lab.picture, middle, lab.picture, middle + QPoint(round(2 * pixel), round(3 * pixel)))
    hands.click(lab.rows, lab.rows.row("conv1").center().toPoint())
    check_lab(window, Move(dx=2, dy=3))
    assert lab.comparison.layers["conv1"].equivariance == pytest.approx(1, abs=1e-6)
    assert lab.comparison.layers["conv1"].invariance < 0.99
    assert lab.scores.verdict().startswith("Still 7")
    hands.click(lab.curve, lab.curve.place(-6, 0.5).toPoint())
    check_lab(window, Move(dx=-6, dy=3))
    hands.choose(lab.moves.border_box, "Wrap around")
    slider = lab.moves.sliders["degrees"]
    hands.drag(slider, QPoint(slider.width() // 2, 8), slider, QPoint(slider.width() * 3 // 4, 8))
    assert lab.moves.move_at_hand.border == "wrap"
    assert lab.moves.move_at_hand.degrees > 20
    check_lab(window, lab.moves.move_at_hand)
    hands.click(lab.moves.reset_button)
    assert lab.moves.move_at_hand == Move(border="wrap")
    hands.choose(lab.moves.border_box, "Repeat the edge")
    check_lab(window, Move())
    for node, values in before.items():  # the lab moves a copy
        np.testing.assert_array_equal(shown_maps(window)[node], values)


def test_the_image_is_moved_with_the_keyboard(lenet_by_keys: MainWindow, hands: QtHands):
    window, lab = lenet_by_keys, lenet_by_keys.lab
    hands.keys("ctrl+shift+j")
    wait_until(lab.picture.hasFocus, "the picture has the keys")
    for key in ("right", "right", "shift+up"):
        hands.keys(key)
    check_lab(window, Move(dx=2, dy=-5))
    hands.keys("home")
    check_lab(window, Move())
    tab_to(hands, lab.moves.sliders["scale"])
    hands.keys("right")
    tab_to(hands, lab.moves.sliders["noise"])
    hands.keys("right")
    assert (lab.moves.move_at_hand.scale, lab.moves.move_at_hand.noise) == (1.01, 0.01)
    tab_to(hands, lab.moves.border_box)
    hands.keys("down")
    assert lab.moves.move_at_hand.border == "wrap"
    tab_to(hands, lab.moves.reset_button)
    hands.keys("space")
    assert lab.moves.move_at_hand == Move(border="wrap")
    tab_to(hands, lab.rows)
    hands.keys("up")
    check_lab(window, Move(border="wrap"))
    tab_to(hands, lab.curve)
    hands.keys("left")
    check_lab(window, Move(dx=-1, border="wrap"))
    tab_to(hands, lab.axis_box)
    hands.keys("down")
    tab_to(hands, lab.curve)
    hands.keys("right")
    check_lab(window, Move(dx=-1, dy=1, border="wrap"))
