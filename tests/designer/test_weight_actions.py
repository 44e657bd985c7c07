"""Weights from files and to files, and the list of what does not fit."""

import numpy as np
import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog
from safetensors.numpy import load_file

from designer.commands import plain
from designer.weight_actions import WeightActions
from designer.weights_dialog import WeightsDialog
from engine import initialise, load, save_weights
from tests.designer.file_hands import choose


@pytest.fixture
def weights(files, document) -> WeightActions:
    actions = WeightActions(document, files.proposal, files.window_kept)
    actions.setParent(None)
    return actions


def test_weights_that_fit_are_an_undoable_step(files, weights, document, complaints, monkeypatch, tmp_path):
    files.open_example("lenet5.json")
    fitting = tmp_path / "fitting.safetensors"
    save_weights(initialise(document.graph, seed=3), fitting)
    choose(monkeypatch, fitting)
    before = document.network.weights
    weights.ask_load()
    assert document.network.weights == initialise(document.graph, seed=3)
    document.undo_stack.undo()
    assert document.network.weights is before
    assert not complaints


def answer_dialog(text: str, seen: list[WeightsDialog]) -> None:
    """Press a button of the list of weights that is about to be shown."""

    def now() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, WeightsDialog)
        seen.append(dialog)
        button = next(one for one in dialog.buttons.buttons() if plain(one.text()) == text)
        assert button.isEnabled()
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    QTimer.singleShot(0, now)


def rows(dialog: WeightsDialog) -> list[tuple[str, ...]]:
    table = dialog.table
    return [tuple(table.item(row, column).text() for column in range(3)) for row in range(table.rowCount())]


def test_what_does_not_fit_is_listed_before_anything_is_replaced(files, weights, document, monkeypatch, tmp_path):
    files.open_example("lenet5.json")
    before, other = document.network.weights, initialise(document.graph, seed=3)
    arrays = {name: array for name, array in other.flat().items() if name != "dense3.bias"}
    np.savez(tmp_path / "some.npz", **{**arrays, "conv1.weight": np.zeros((6, 3, 5, 5)), "aux.bias": np.zeros(2)})
    choose(monkeypatch, tmp_path / "some.npz")
    seen: list[WeightsDialog] = []
    answer_dialog("Cancel", seen)
    weights.ask_load()
    assert document.network.weights is before
    assert rows(seen[0]) == [
        ("conv1.weight", "6×1×5×5", "6×3×5×5"),
        ("dense3.bias", "10", "missing"),
        ("aux.bias", "not needed", "2"),
    ]
    assert seen[0].heading.text() == "8 of 10 arrays of this network are in “some.npz”"
    answer_dialog("Load what fits", seen)
    weights.ask_load()
    made = document.network.weights
    assert np.array_equal(made["conv2"]["weight"], other["conv2"]["weight"])
    assert made["conv1"]["weight"] is before["conv1"]["weight"]
    document.undo_stack.undo()
    assert document.network.weights is before


def test_weights_of_another_network_can_only_be_looked_at(files, weights, document, monkeypatch, resources):
    files.open_example("lenet5.json")
    before = document.network.weights
    choose(monkeypatch, resources / "examples" / "kernels.safetensors")
    seen: list[WeightsDialog] = []
    answer_dialog("Close", seen)
    weights.ask_load()
    assert document.network.weights is before
    assert len(seen[0].buttons.buttons()) == 1
    assert seen[0].heading.text() == "No weights of “kernels.safetensors” fit this network"


def test_weights_go_out_and_come_back_under_pytorchs_names(files, weights, document, monkeypatch, complaints, tmp_path):
    files.open_example("lenet5.json")
    document.edit("Rename", document.graph.rename("conv1", "first"))
    before = document.network.weights
    path = tmp_path / "torch.safetensors"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *given: (str(path), given[-1].split(";;")[1]))
    weights.ask_save()
    assert "first.weight" in load_file(path)
    document.set_weights("Other weights", initialise(document.graph, seed=8))
    choose(monkeypatch, path)
    weights.ask_load()
    assert document.network.weights == before
    assert not complaints


def test_a_file_that_is_no_weights_is_told_of(files, weights, document, monkeypatch, complaints, tmp_path):
    files.open_example("lenet5.json")
    (tmp_path / "w.npz").write_bytes(b"none")
    choose(monkeypatch, tmp_path / "w.npz")
    weights.ask_load()
    assert complaints[0].startswith("The weights can't be loaded: w.npz can't be read as NPZ")


def test_saved_weights_come_back(files, weights, document, monkeypatch, tmp_path):
    files.open_example("lenet5.json")
    choose(monkeypatch, tmp_path / "copy.json")
    files.save_as()
    assert load(tmp_path / "copy.json") == document.network
    choose(monkeypatch, tmp_path / "weights")
    weights.ask_save()
    assert (tmp_path / "weights.safetensors").exists()
