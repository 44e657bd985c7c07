"""The File menu: new, open, save, what is asked before work goes, recent files and examples."""

import json

import pytest
from PySide6.QtWidgets import QFileDialog, QMessageBox

from designer.opening import SizeDialog
from engine import Network, Node, ReLU, load, save
from tests.designer.file_hands import choose, edit


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
