"""Exports: source, projects, ONNX and Keras."""

from PySide6.QtWidgets import QMessageBox

from engine import BatchNorm2D, Conv2D, Edge, Input, Network
from tests.designer.file_hands import choose, edit
from tests.engine.networks import chain


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
    assert complaints[0].startswith("The network was written, but: ONNX has no place for the names of the classes")
    assert "can't be written" in complaints[1]


def test_what_of_the_drawing_stays_behind_is_said_in_the_status_bar(files, document, monkeypatch, complaints, tmp_path):
    said = []
    files.told.connect(said.append)
    monkeypatch.setattr(QMessageBox, "information", lambda *told: complaints.append(told))
    graph = chain(image=Input(), conv=Conv2D())
    dots = {Edge("image", "conv"): ((1.0, 2.0), (1.0, 9.0))}
    document.load(Network("Net", graph, layout={"conv": (0.0, 90.0)}, dots=dots))
    choose(monkeypatch, tmp_path / "net")
    files.export_torch()
    assert said == ["Saved net.py. Not in the file: where the cards lie; 2 dots on wires"]
    assert not complaints


def test_where_more_is_told_it_stands_last(files, monkeypatch, complaints, tmp_path):
    files.open_example("lenet5.json")
    said = []
    files.told.connect(said.append)
    choose(monkeypatch, tmp_path / "net.onnx")
    files.export_onnx()
    assert said == ["Saved net.onnx"]
    (complaint,) = complaints
    assert complaint.endswith("\n\nNot in the file: where the cards lie")


def test_how_a_file_computes_the_same_is_told_without_a_complaint(files, document, monkeypatch, complaints, tmp_path):
    told = []
    monkeypatch.setattr(QMessageBox, "information", lambda window, title, text: told.append(f"{title}: {text}"))
    document.load(Network("Net", chain(image=Input(), conv=Conv2D(padding="same"), norm=BatchNorm2D())))
    choose(monkeypatch, tmp_path / "net.onnx")
    files.export_onnx()
    assert not complaints
    (text,) = told
    assert text.startswith("The network was written: So that ONNX computes the same: paddings such as “same”")
    assert "the share of the old statistics that stays" in text


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
