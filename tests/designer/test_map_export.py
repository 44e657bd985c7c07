"""Maps to files, from the menu."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtWidgets import QFileDialog, QMessageBox

from designer import theme
from designer.window import MainWindow


@pytest.fixture
def window(qtbot, qapp, monkeypatch) -> MainWindow:
    monkeypatch.setattr(QMessageBox, "warning", lambda *_: QMessageBox.StandardButton.Discard)
    theme.apply(qapp, theme.LIGHT)
    made = MainWindow()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def ran(window: MainWindow, qtbot, resources: Path) -> MainWindow:
    window.files.open_example("lenet5.json")
    with qtbot.waitSignal(window.runs.settled):
        window.runs.open_image(resources / "images" / "digits" / "7_0023.png")
    return window


def test_without_maps_it_says_what_is_missing(window: MainWindow):
    for name in ("file.export_maps", "file.export_layer"):
        window.commands[name].trigger()
        assert "Open an image first" in window.statusBar().currentMessage()


def test_all_maps(ran: MainWindow, qtbot, monkeypatch, tmp_path: Path):
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    with qtbot.waitSignal(ran.map_export.finished) as caught:
        ran.commands["file.export_maps"].trigger()
    assert caught.args == [True]
    assert len(list(tmp_path.glob("*.png"))) == 14
    assert "16 files" in ran.statusBar().currentMessage()
    with np.load(tmp_path / "maps.npz") as arrays:
        assert arrays["softmax"].argmax() == 7


def test_the_maps_of_the_marked_layer_as_a_picture_or_an_array(ran: MainWindow, monkeypatch, tmp_path: Path):
    ran.document.selection.select(["conv2"])
    answers = iter([(str(tmp_path / "a.png"), "Contact sheet (*.png)"), (str(tmp_path / "b"), "Array (*.npy)")])
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: next(answers))
    ran.commands["file.export_layer"].trigger()
    with Image.open(tmp_path / "a.png") as sheet:
        assert sheet.width > 500
    ran.commands["file.export_layer"].trigger()
    assert np.load(tmp_path / "b.npy").shape == (16, 10, 10)


def test_what_can_not_be_written_is_told_of(ran: MainWindow, qtbot, monkeypatch, tmp_path: Path):
    said: list[str] = []
    monkeypatch.setattr(QMessageBox, "warning", lambda *texts: said.append(texts[-1]))
    (tmp_path / "file").write_text("")
    with qtbot.waitSignal(ran.map_export.finished) as caught:
        ran.map_export.write_all(tmp_path / "file")
    assert caught.args == [False]
    with qtbot.waitSignal(ran.map_export.finished):
        ran.map_export.write_layer(tmp_path / "no" / "a.npy", np.zeros(3, np.float32), array=True)
    assert len(said) == 2
    monkeypatch.setattr(QMessageBox, "warning", lambda *_: QMessageBox.StandardButton.Discard)
