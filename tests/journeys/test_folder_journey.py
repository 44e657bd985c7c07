"""A folder of images: stepped through, evaluated, its mistakes looked at, and the numbers taken away."""

import csv
from pathlib import Path

import numpy as np
import pytest

from designer.window import MainWindow
from engine import Evaluation, evaluate, examination, image_folder
from tests.designer.folder.conftest import digits
from tests.journeys.hands import QtHands, wait_until
from tests.journeys.keyboard import panel_with, tab_to
from tests.journeys.places import shown_maps

__all__ = ["digits"]


@pytest.fixture
def mixed(digits: Path) -> Path:
    """Return the folder with a three among the eights, for which the network is not to blame."""
    (digits / "3" / "3_0000.png").rename(digits / "8" / "3_0000.png")
    return digits


def check_evaluation(window: MainWindow, folder: Path) -> Evaluation:
    """Wait for the evaluation and compare it with the engine's own."""
    panel = window.evaluation
    wait_until(lambda: panel.start_button.isVisible(), "all images are done")
    document = window.document
    again = evaluate(examination(document.graph, image_folder(folder), document.analysis), document.network.weights)
    found = panel.found
    assert found is not None
    np.testing.assert_array_equal(found.matrix, again.matrix)
    assert panel.share.text() == f"{100 * again.accuracy():.1f}%" == "95.0%"
    assert panel.words.text().startswith("19 of 20 images are right")
    return found


def at_image(window: MainWindow, name: str) -> None:
    wait_until(
        lambda: window.runs.result is not None and window.runs.result.request.image.name == name, f"{name} has run"
    )


def test_a_folder_is_looked_through_with_the_mouse(lenet: MainWindow, hands: QtHands, mixed: Path, tmp_path: Path):
    window, panel, matrix = lenet, lenet.folder, lenet.evaluation.matrix
    hands.will_choose(mixed)
    hands.menu("Run", "Open image folder…")
    wait_until(lambda: panel.model.rowCount() == 20, "the images are there")
    first = panel.model.data(panel.model.index(0))
    at_image(window, first)
    before = shown_maps(window)["conv1"]
    second = panel.model.index(1)
    hands.click(panel.strip.viewport(), panel.strip.visualRect(second).center())
    at_image(window, panel.model.data(second))
    assert not np.array_equal(shown_maps(window)["conv1"], before)
    hands.click(panel.on_button)
    at_image(window, panel.model.data(panel.model.index(2)))

    hands.click(panel.evaluate_button)
    assert window.docks["evaluation"].isVisible()
    check_evaluation(window, mixed)
    cell = (matrix.classes.index(8), matrix.classes.index(3))
    assert matrix.count(cell) == 1
    hands.click(matrix, matrix.rect_of(cell).center().toPoint())
    assert panel.model.rowCount() == 1
    assert panel.filter_button.text().startswith("8 → 3")
    at_image(window, "3_0000.png")
    assert window.scores.answers[0].name == "3"
    hands.will_choose(tmp_path / "confusion.csv")
    hands.button_menu(window.evaluation.export_button, "Confusion matrix…")
    with (tmp_path / "confusion.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert len(rows) == 11
    assert sum(int(number) for row in rows[1:] for number in row[1:11]) == 20
    hands.click(panel.filter_button)
    assert panel.model.rowCount() == 20


def test_a_folder_is_looked_through_with_the_keyboard(
    lenet_by_keys: MainWindow, hands: QtHands, mixed: Path, tmp_path: Path
):
    window, panel = lenet_by_keys, lenet_by_keys.folder
    evaluation, matrix = window.evaluation, window.evaluation.matrix
    hands.choose_file("ctrl+shift+i", mixed)
    wait_until(panel.strip.hasFocus, "the images are there")
    names = [panel.model.data(panel.model.index(row)) for row in range(20)]
    at_image(window, names[0])
    hands.keys("right")
    at_image(window, names[1])
    hands.keys("end")
    at_image(window, names[19])
    hands.keys("home")
    at_image(window, names[0])
    panel_with(hands, window.canvas)
    hands.keys("alt+right")
    at_image(window, names[1])
    assert window.canvas.hasFocus()

    hands.keys("ctrl+f5")
    found = check_evaluation(window, mixed)
    panel_with(hands, evaluation)
    tab_to(hands, matrix)
    hands.keys("down")  # the first one only begins
    for _ in range(8):
        hands.keys("down")
    for _ in range(3):
        hands.keys("right")
    assert matrix.accessibleDescription() == "1 image of “8” is taken for “3”"
    hands.keys("return")
    at_image(window, "3_0000.png")
    assert panel.model.rowCount() == 1
    tab_to(hands, evaluation.export_button)
    hands.will_choose(tmp_path / "images.csv")
    hands.button_menu_by_keys("Every image…")
    with (tmp_path / "images.csv").open(encoding="utf-8", newline="") as file:
        assert len(list(csv.reader(file))) == 1 + len(found.answered)
