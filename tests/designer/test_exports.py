"""Exports: source, projects, ONNX and Keras."""

from PySide6.QtWidgets import QMessageBox

from engine import Network
from tests.designer.file_hands import choose, edit


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
