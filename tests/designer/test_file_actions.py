import json
import os
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox, QWidget
from safetensors.numpy import load_file

from designer.commands import plain
from designer.document import Document
from designer.file_actions import FileActions
from designer.opening import SizeDialog
from designer.weights_dialog import WeightsDialog
from engine import Input, Network, Node, ReLU, initialise, load, save, save_weights


@pytest.fixture
def document(qapp) -> Document:
    return Document()


@pytest.fixture
def files(qtbot, document) -> FileActions:
    window = QWidget()
    qtbot.addWidget(window)
    actions = FileActions(document, window)
    actions.setParent(None)
    actions.window_kept = window
    return actions


@pytest.fixture
def complaints(monkeypatch) -> list[str]:
    heard: list[str] = []
    monkeypatch.setattr(QMessageBox, "warning", lambda _, title, text, *__: heard.append(f"{title}: {text}"))
    return heard


def choose(monkeypatch, path: Path | None) -> None:
    answer = (str(path) if path else "", "")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: answer)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: answer)


def edit(document: Document) -> None:
    document.edit("Add Input", document.graph.add(Node("image", Input())))


def test_save_as_adds_the_suffix_and_open_gives_the_same_back(files, document, monkeypatch, tmp_path):
    edit(document)
    choose(monkeypatch, tmp_path / "first")
    assert files.save()
    saved = document.network
    assert document.path == tmp_path / "first.json"
    assert not document.modified
    files.new()
    assert document.network == Network()
    choose(monkeypatch, tmp_path / "first.json")
    files.ask_open()
    assert document.network == saved


@pytest.mark.parametrize(
    ("typed", "kind", "written"),
    [
        ("net.onnx", 0, "net.onnx"),
        ("net.json", 1, "net.onnx"),
        ("net.keras.json", 0, "net.keras.json"),
        ("net", 3, "net.py"),
        ("net.keras.py", 3, "net.keras.py"),
    ],
)
def test_save_as_another_format_writes_a_copy(files, document, monkeypatch, tmp_path, typed, kind, written):
    asked = []

    def answer(*given: object) -> tuple[str, str]:
        asked.append(str(given[-1]).split(";;"))
        return str(tmp_path / typed), asked[-1][kind]

    monkeypatch.setattr(QFileDialog, "getSaveFileName", answer)
    monkeypatch.setattr(QMessageBox, "warning", lambda *_: QMessageBox.StandardButton.Ok)
    files.open_example("lenet5.json")
    assert not files.save_as()
    assert [path.name for path in tmp_path.iterdir()] == [written]
    assert document.path is None
    assert len(asked[0]) == 5


def test_a_second_save_asks_for_nothing(files, document, monkeypatch, tmp_path):
    edit(document)
    choose(monkeypatch, tmp_path / "first.json")
    files.save()
    choose(monkeypatch, None)
    document.edit("Add ReLU", document.graph.add(Node("relu1", ReLU())))
    assert files.save()
    assert "relu1" in (tmp_path / "first.json").read_text()


def test_saving_that_was_called_off_is_not_saved(files, document, monkeypatch):
    edit(document)
    choose(monkeypatch, None)
    assert not files.save()
    assert document.modified


def test_a_broken_file_is_told_of_and_the_work_stays(files, document, complaints, tmp_path):
    edit(document)
    before = document.network
    broken = tmp_path / "broken.json"
    broken.write_text(json.dumps({"format": "convolab", "version": 1, "name": "x", "layers": [{"id": "a"}]}))
    assert not files.open(broken)
    assert document.network is before
    assert "broken.json" in complaints[0]
    assert "$.layers[0]" in complaints[0]


def test_missing_weights_do_not_keep_the_network_away(files, document, complaints, resources, tmp_path):
    copy = tmp_path / "lenet5.json"
    copy.write_text((resources / "examples" / "lenet5.json").read_text())
    assert files.open(copy)
    assert len(document.graph.nodes) == 14
    assert document.network.weights is None
    assert "lenet5.safetensors" in complaints[0]


def test_an_onnx_model_is_opened_with_its_weights_and_saved_as_a_document(
    files, document, complaints, models, monkeypatch, tmp_path
):
    choose(monkeypatch, models / "pnet.onnx")
    monkeypatch.setattr(SizeDialog, "exec", lambda _: SizeDialog.DialogCode.Accepted)
    files.ask_open()
    assert document.network.weights["conv2d_4"]["weight"].shape == (4, 32, 1, 1)
    assert len(complaints) == 1
    assert complaints[0].startswith("The network was opened, but: The model's values lie channels last")
    assert document.path is None
    assert files.recent()[0] == models / "pnet.onnx"
    choose(monkeypatch, tmp_path / "mine.json")
    assert files.save()
    assert load(tmp_path / "mine.json") == document.network


def test_an_operator_that_no_layer_is_leaves_the_work_as_it_is(files, document, complaints, tmp_path):
    edit(document)
    before = document.network
    (tmp_path / "odd.onnx").write_bytes(b"odd")
    assert not files.open(tmp_path / "odd.onnx")
    assert document.network is before
    assert complaints == ["The network can't be opened: odd.onnx: Not readable as an ONNX model"]


def test_a_folder_that_can_not_be_written_is_told_of(files, document, complaints, monkeypatch, tmp_path):
    edit(document)
    choose(monkeypatch, tmp_path / "gone" / "first.json")
    assert not files.save()
    assert "its folder is not there any more" in complaints[0]
    assert document.modified


@pytest.fixture
def saved(files, document, monkeypatch, tmp_path) -> Path:
    """Return the file of a document that was saved and edited again."""
    files.open_example("lenet5.json")
    choose(monkeypatch, tmp_path / "work.json")
    assert files.save()
    document.edit("Rename", document.graph.rename("conv1", "first"))
    return tmp_path / "work.json"


def press(text: str, asked: list[str]) -> None:
    """Press a button of the question that is about to be asked."""

    def now() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        asked.append(box.text())
        next(button for button in box.buttons() if plain(button.text()) == text).click()

    QTimer.singleShot(0, now)


def test_a_file_that_nobody_touched_is_saved_without_a_question(files, document, saved):
    weights = saved.with_suffix(".safetensors").stat()
    saved.touch()
    assert files.save()
    assert load(saved) == document.network
    assert saved.with_suffix(".safetensors").stat().st_mtime_ns == weights.st_mtime_ns  # they are the same still


@pytest.mark.parametrize("file", ["work.json", "work.safetensors"])
def test_a_file_that_another_program_changed_is_asked_about(files, document, saved, monkeypatch, file):
    changed = saved.with_name(file)
    theirs = changed.read_bytes() + (b"\n" if file == "work.json" else b"")
    changed.write_bytes(theirs)
    os.utime(changed, (2_000_000_000, 2_000_000_000))
    asked: list[str] = []
    press("Cancel", asked)
    assert not files.save()
    assert changed.read_bytes() == theirs
    assert document.modified
    choose(monkeypatch, saved.with_name("mine.json"))
    press("Save as…", asked)
    assert files.save()
    assert changed.read_bytes() == theirs
    assert load(saved.with_name("mine.json")) == document.network
    assert document.path == saved.with_name("mine.json")
    assert asked == ["“work.json” or its weights were changed by another program since they were opened here."] * 2


def test_a_changed_file_is_overwritten_where_the_person_says_so(files, document, saved):
    saved.write_text("{}")
    press("Overwrite", [])
    assert files.save()
    assert load(saved) == document.network
    document.undo_stack.undo()
    assert files.save()  # without another question


def test_a_file_that_went_is_written_again(files, document, saved):
    saved.unlink()
    saved.with_suffix(".safetensors").unlink()
    assert files.save()
    assert load(saved) == document.network


def test_work_that_was_restored_asks_before_it_overwrites_a_newer_file(files, document, saved):
    before, network = files.seen, document.network
    saved.write_text(saved.read_text() + " ")
    document.undo_stack.setClean()
    assert files.restore(network, saved, before)
    assert document.modified
    asked: list[str] = []
    press("Cancel", asked)
    assert not files.save()
    assert asked


@pytest.mark.parametrize(
    ("answer", "leaves", "saves"),
    [("Discard", True, False), ("Cancel", False, False), ("Save", True, True)],
)
def test_unsaved_work_is_asked_about(files, document, monkeypatch, tmp_path, answer, leaves, saves):
    edit(document)
    choose(monkeypatch, tmp_path / "kept.json")
    monkeypatch.setattr(QMessageBox, "warning", lambda *_: getattr(QMessageBox.StandardButton, answer))
    assert files.may_leave() is leaves
    assert (tmp_path / "kept.json").exists() is saves


def test_recent_files_are_newest_first_without_doubles_or_lost_ones(files, document, tmp_path):
    paths = [tmp_path / f"{name}.json" for name in "abc"]
    for path in (*paths, paths[0]):
        save(Network(path.stem), path)
        files.open(path)
    paths[1].unlink()
    assert files.recent() == [paths[0], paths[2]]


def test_examples_open_without_a_file_of_their_own(files, document):
    lecture, classic = files.examples()
    assert [title for _, title in lecture] == [
        "Lecture: outline of a CNN",
        "Lecture: convolution and pooling",
        "Six classic filters",
        "LeNet-5",
    ]
    assert ("resnet152.json", "ResNet-152") in classic
    for name, _ in (*lecture, *classic):
        files.open_example(name)
        assert document.path is None
        assert not document.analysis.errors


def test_weights_that_fit_are_an_undoable_step(files, document, complaints, monkeypatch, tmp_path):
    files.open_example("lenet5.json")
    fitting = tmp_path / "fitting.safetensors"
    save_weights(initialise(document.graph, seed=3), fitting)
    choose(monkeypatch, fitting)
    before = document.network.weights
    files.ask_load_weights()
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


def test_what_does_not_fit_is_listed_before_anything_is_replaced(files, document, monkeypatch, tmp_path):
    files.open_example("lenet5.json")
    before, other = document.network.weights, initialise(document.graph, seed=3)
    arrays = {name: array for name, array in other.flat().items() if name != "dense3.bias"}
    np.savez(tmp_path / "some.npz", **{**arrays, "conv1.weight": np.zeros((6, 3, 5, 5)), "aux.bias": np.zeros(2)})
    choose(monkeypatch, tmp_path / "some.npz")
    seen: list[WeightsDialog] = []
    answer_dialog("Cancel", seen)
    files.ask_load_weights()
    assert document.network.weights is before
    assert rows(seen[0]) == [
        ("conv1.weight", "6×1×5×5", "6×3×5×5"),
        ("dense3.bias", "10", "missing"),
        ("aux.bias", "not needed", "2"),
    ]
    assert seen[0].heading.text() == "8 of 10 arrays of this network are in “some.npz”"
    answer_dialog("Load what fits", seen)
    files.ask_load_weights()
    made = document.network.weights
    assert np.array_equal(made["conv2"]["weight"], other["conv2"]["weight"])
    assert made["conv1"]["weight"] is before["conv1"]["weight"]
    document.undo_stack.undo()
    assert document.network.weights is before


def test_weights_of_another_network_can_only_be_looked_at(files, document, monkeypatch, resources):
    files.open_example("lenet5.json")
    before = document.network.weights
    choose(monkeypatch, resources / "examples" / "kernels.safetensors")
    seen: list[WeightsDialog] = []
    answer_dialog("Close", seen)
    files.ask_load_weights()
    assert document.network.weights is before
    assert len(seen[0].buttons.buttons()) == 1
    assert seen[0].heading.text() == "No weights of “kernels.safetensors” fit this network"


def test_weights_go_out_and_come_back_under_pytorchs_names(files, document, monkeypatch, complaints, tmp_path):
    files.open_example("lenet5.json")
    document.edit("Rename", document.graph.rename("conv1", "first"))
    before = document.network.weights
    path = tmp_path / "torch.safetensors"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *given: (str(path), given[-1].split(";;")[1]))
    files.ask_save_weights()
    assert "first.weight" in load_file(path)
    document.set_weights("Other weights", initialise(document.graph, seed=8))
    choose(monkeypatch, path)
    files.ask_load_weights()
    assert document.network.weights == before
    assert not complaints


def test_a_file_that_is_no_weights_is_told_of(files, document, monkeypatch, complaints, tmp_path):
    files.open_example("lenet5.json")
    (tmp_path / "w.npz").write_bytes(b"none")
    choose(monkeypatch, tmp_path / "w.npz")
    files.ask_load_weights()
    assert complaints[0].startswith("The weights can't be loaded: w.npz can't be read as NPZ")


def test_source_and_projects_are_exported(files, monkeypatch, complaints, tmp_path):
    files.open_example("lenet5.json")
    choose(monkeypatch, tmp_path / "net")
    files.export_torch()
    files.export_keras_source()
    assert "class LeNet5(nn.Sequential):" in (tmp_path / "net.py").read_text(encoding="utf-8")
    assert "keras.Sequential(" in (tmp_path / "net.keras.py").read_text(encoding="utf-8")
    assert ["has no place for the weights" in one for one in complaints] == [True, False]
    assert "Keras has no place for the names of the classes; the weights" in complaints[1]


def test_a_project_that_is_there_is_replaced_where_the_person_says_so(files, document, monkeypatch, tmp_path):
    files.open_example("lenet5.json")
    choose(monkeypatch, tmp_path / "project")
    files.export_project()
    assert (tmp_path / "project" / "weights.safetensors").exists()
    (tmp_path / "project" / "model.py").write_text("mine", encoding="utf-8")
    for answer, kept in (("No", True), ("Yes", False)):
        monkeypatch.setattr(QMessageBox, "question", lambda *_, one=answer: getattr(QMessageBox.StandardButton, one))
        files.export_project()
        assert ((tmp_path / "project" / "model.py").read_text(encoding="utf-8") == "mine") is kept


def test_saved_weights_come_back(files, document, monkeypatch, tmp_path):
    files.open_example("lenet5.json")
    choose(monkeypatch, tmp_path / "copy.json")
    files.save_as()
    assert load(tmp_path / "copy.json") == document.network
    choose(monkeypatch, tmp_path / "weights")
    files.ask_save_weights()
    assert (tmp_path / "weights.safetensors").exists()


def test_export_writes_onnx(files, document, monkeypatch, complaints, tmp_path):
    files.open_example("lenet5.json")
    choose(monkeypatch, tmp_path / "lenet5.onnx")
    files.export_onnx()
    assert (tmp_path / "lenet5.onnx").stat().st_size > 200_000
    document.load(Network())
    files.export_onnx()
    assert "can't be written" in complaints[0]


def test_a_network_goes_to_keras_and_comes_back_without_a_file_to_save_over(
    files, document, monkeypatch, complaints, tmp_path
):
    edit(document)
    choose(monkeypatch, tmp_path / "net")
    files.export_keras()
    assert [path.name for path in tmp_path.iterdir()] == ["net.keras.json"]
    assert not complaints
    graph = document.graph
    assert files.open(tmp_path / "net.keras.json")
    assert document.graph == graph
    assert document.path is None


def test_what_keras_has_no_place_for_is_said(files, monkeypatch, complaints, tmp_path):
    files.open_example("lenet5.json")
    choose(monkeypatch, tmp_path / "lenet5.keras.json")
    files.export_keras()
    assert (tmp_path / "lenet5.keras.json").exists()
    assert "The network was written, but" in complaints[0]
    assert "the weights" in complaints[0]


def test_what_the_last_save_replaced_comes_back_and_can_be_undone(files, document, saved):
    first, told = load(saved), []
    files.told.connect(told.append)
    assert files.save()
    second = document.network
    files.restore_previous()
    assert document.network == first
    assert document.modified
    assert told[-1] == "work.json is as it was before it was last saved; Undo goes back"
    document.undo_stack.undo()
    assert document.network == second
    assert not document.modified


def test_where_there_is_no_earlier_version_that_is_said(files, document, complaints, monkeypatch, tmp_path):
    files.restore_previous()
    edit(document)
    choose(monkeypatch, tmp_path / "new.json")
    assert files.save()
    before = document.network
    files.restore_previous()
    assert [text.partition(":")[2].strip() for text in complaints] == [
        "This network was not saved to a file yet.",
        "There is no earlier version of new.json.",
    ]
    assert document.network is before
