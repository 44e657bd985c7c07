"""Comparing the open network with a file and with what was saved, by mouse and keyboard in a whole window."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from designer.comparing.model import MAPS, WHAT, cell_text
from designer.comparing.rows import Status
from designer.opening import SizeDialog
from designer.window import MainWindow
from engine import Conv2D, Network, Node, ReLU, load, save
from tests.engine.formats.onnx_files import model, node


@pytest.fixture
def lenet(window: MainWindow, resources: Path) -> MainWindow:
    window.document.load(load(resources / "examples" / "lenet5.json"))
    return window


def choose(monkeypatch, path: Path) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))


def statuses(window: MainWindow) -> dict[str, Status]:
    return {row.name: row.status for row in window.comparison.model.rows}


def add_relu(window: MainWindow) -> None:
    window.document.edit("Add ReLU", window.document.graph.add(Node("extra", ReLU())).connect("pool2", "extra"))


def test_with_what_it_was_when_it_was_opened(lenet, qtbot):
    lenet.commands["file.compare_saved"].trigger()
    panel = lenet.comparison
    assert lenet.docks["compare"].isVisible()
    assert panel.empty.text() == "The two are the same design."
    assert not panel.mark_button.isEnabled()
    add_relu(lenet)
    qtbot.waitUntil(lambda: statuses(lenet) == {"extra": Status.ADDED})
    assert panel.summary.text() == "15 layers: 1 added, 14 unchanged"
    lenet.document.undo_stack.undo()
    qtbot.waitUntil(lambda: not panel.model.rows)
    assert "As it was opened" in panel.title.text()


def test_with_its_file_as_it_lies_on_the_disk(lenet, qtbot, tmp_path):
    save(lenet.document.network, tmp_path / "mine.json")
    lenet.files.open(tmp_path / "mine.json")
    add_relu(lenet)
    QTest.mouseClick(lenet.comparison.saved_button, Qt.MouseButton.LeftButton)
    assert "mine.json, as last saved" in lenet.comparison.title.text()
    assert statuses(lenet) == {"extra": Status.ADDED}
    assert lenet.files.save()
    lenet.versions.compare_with_saved()
    qtbot.waitUntil(lambda: not lenet.comparison.model.rows)


def test_with_a_file_that_was_chosen(lenet, monkeypatch, qtbot, tmp_path):
    other = lenet.document.graph.replace_layer("conv1", Conv2D(filters=8, kernel=(5, 5)))
    save(Network("wider", other), tmp_path / "wider.json")
    choose(monkeypatch, tmp_path / "wider.json")
    lenet.commands["file.compare_file"].trigger()
    rows = {row.name: row for row in lenet.comparison.model.rows}
    assert cell_text(rows["conv1"], WHAT) == "filters 8 → 6"
    assert rows["relu1"].status is Status.FOLLOWS
    assert any("62,558 → <b>61,706</b>" in sum_.text() for sum_ in lenet.comparison.totals.labels)


def test_a_click_shows_the_layer_on_the_canvas_and_enter_too(lenet, qtbot):
    panel = lenet.comparison
    lenet.versions.compare_with_saved()
    QTest.mouseClick(panel.only, Qt.MouseButton.LeftButton, pos=panel.only.rect().center())
    assert len(panel.model.rows) == 14
    place = panel.table.visualRect(panel.model.index(4, 1)).center()
    QTest.mouseClick(panel.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert lenet.document.selection.nodes == ("conv2",)
    panel.table.selectionModel().setCurrentIndex(
        panel.model.index(1, 0),
        QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows,
    )
    QTest.keyClick(panel.table, Qt.Key.Key_Return)
    assert lenet.document.selection.nodes == ("conv1",)


def test_what_differs_is_marked_on_the_canvas(lenet, qtbot):
    lenet.versions.compare_with_saved()
    lenet.document.edit("Rename", lenet.document.graph.rename("dense3", "classes"))
    add_relu(lenet)
    qtbot.waitUntil(lambda: len(lenet.comparison.model.rows) == 2)
    QTest.mouseClick(lenet.comparison.mark_button, Qt.MouseButton.LeftButton)
    assert set(lenet.document.selection.nodes) == {"dense3", "extra"}


def test_maps_on_the_present_image_are_compared(lenet, qtbot, resources):
    digit = min((resources / "images" / "digits").glob("7_*.png"))
    lenet.runs.open_image(digit)
    qtbot.waitUntil(lambda: lenet.runs.result is not None, timeout=20_000)
    lenet.versions.compare_with_saved()
    weights = lenet.document.network.weights
    lenet.document.set_weights(
        "Double", weights.replaced("conv2", "weight", weights["conv2"]["weight"] * np.float32(2))
    )
    panel = lenet.comparison

    def found() -> dict[str, str]:
        return {row.name: cell_text(row, MAPS) for row in panel.model.rows}

    qtbot.waitUntil(lambda: found().get("conv2", "").endswith("%"), timeout=20_000)
    assert "conv1" not in found()  # equal, and not shown among the differences
    assert {row.name for row in panel.model.rows if row.status is Status.CHANGED} == {"conv2"}
    panel.only.setChecked(False)
    assert found()["conv1"] == "equal"


def test_an_onnx_file_of_open_size_is_asked_for(lenet, monkeypatch, tmp_path):
    (tmp_path / "open.onnx").write_bytes(model([node("Relu", "x", "y")], image=["N", 3, "H", "W"]).SerializeToString())
    choose(monkeypatch, tmp_path / "open.onnx")
    monkeypatch.setattr(SizeDialog, "exec", lambda _: SizeDialog.DialogCode.Rejected)
    lenet.versions.compare_with_file()
    assert not lenet.docks["compare"].isVisible()
    monkeypatch.setattr(SizeDialog, "exec", lambda _: SizeDialog.DialogCode.Accepted)
    lenet.versions.compare_with_file()
    assert "open.onnx" in lenet.comparison.title.text()


def test_a_file_that_can_not_be_read_is_told_of(lenet, monkeypatch, tmp_path):
    (tmp_path / "odd.onnx").write_bytes(b"odd")
    choose(monkeypatch, tmp_path / "odd.onnx")
    lenet.versions.compare_with_file()
    assert not lenet.docks["compare"].isVisible()
    lenet.docks["compare"].show()
    assert lenet.comparison.empty.text().startswith("Compare the open network with a file")
