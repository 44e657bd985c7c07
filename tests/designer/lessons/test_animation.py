"""The animation as a GIF: frames, speed, size; progress, cancel, and what can't be written."""

from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from designer.lessons.animation_dialog import MOST_FRAMES, AnimationDialog
from designer.window import MainWindow


@pytest.fixture
def dialog(lenet: MainWindow) -> AnimationDialog:
    lenet.document.selection.select(["pool2"])
    lenet.commands["lessons.stepper"].trigger()
    QApplication.processEvents()
    QTest.mouseClick(lenet.stepper.transport.export, Qt.MouseButton.LeftButton)
    found = lenet.stepper.findChild(AnimationDialog)
    assert found is not None
    return found


def save_to(path: Path, monkeypatch: pytest.MonkeyPatch, dialog: AnimationDialog) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    QTest.mouseClick(dialog.save_button, Qt.MouseButton.LeftButton)


def test_it_writes_every_step(dialog: AnimationDialog, qtbot: QtBot, tmp_path: Path, monkeypatch):
    assert dialog.frames == list(range(25))
    dialog.width_box.setCurrentIndex(0)
    dialog.rate_box.setCurrentIndex(2)
    assert "25 frames, 6.2 s" in dialog.summary.text()
    size = dialog.pixels
    with qtbot.waitSignal(dialog.written, timeout=60_000) as done:
        save_to(tmp_path / "pooling", monkeypatch, dialog)
    path = done.args[0]
    assert path == tmp_path / "pooling.gif"
    with Image.open(path) as made:
        assert made.size == size
        assert made.n_frames == 25
        assert made.info["duration"] == 250
        first = made.convert("RGB").tobytes()
        made.seek(24)
        assert made.info["duration"] == 1500
        assert made.convert("RGB").tobytes() != first
    assert [one.name for one in tmp_path.iterdir() if one.suffix != ""] == ["pooling.gif"]


def test_some_steps_only_and_the_last_one_always(dialog: AnimationDialog):
    dialog.first_box.setValue(3)
    dialog.last_box.setValue(20)
    dialog.every_box.setValue(5)
    assert dialog.frames == [2, 7, 12, 17, 19]
    dialog.first_box.setValue(21)
    assert not dialog.save_button.isEnabled()


def test_many_steps_are_not_all_proposed(lenet: MainWindow):
    lenet.document.selection.select(["conv1"])
    lenet.commands["lessons.stepper"].trigger()
    lenet.stepper.player.go(300)
    lenet.stepper.export()
    dialog = lenet.stepper.findChild(AnimationDialog)
    assert dialog is not None
    assert dialog.frames[0] == 300
    assert len(dialog.frames) <= 151
    dialog.first_box.setValue(1)
    dialog.last_box.setValue(784)
    assert len(range(784)) > MOST_FRAMES
    assert not dialog.save_button.isEnabled()
    assert "fewer steps" in dialog.summary.text()
    dialog.reject()


def test_cancel_leaves_no_file(dialog: AnimationDialog, qtbot: QtBot, tmp_path: Path, monkeypatch):
    old = tmp_path / "pooling.gif"
    old.write_bytes(b"old")
    save_to(old, monkeypatch, dialog)
    writer = dialog.writer
    assert writer is not None
    with qtbot.waitSignal(writer.progressed, timeout=60_000):
        pass
    assert dialog.progress.isVisible()
    QTest.mouseClick(dialog.cancel_button, Qt.MouseButton.LeftButton)
    assert not writer._thread.is_alive()
    assert [one.name for one in tmp_path.iterdir() if one.is_file()] == ["pooling.gif"]
    assert old.read_bytes() == b"old"


def test_what_can_not_be_written_is_told(dialog: AnimationDialog, qtbot: QtBot, tmp_path: Path, monkeypatch):
    said: list[str] = []
    monkeypatch.setattr(QMessageBox, "warning", lambda *words: said.append(words[2]))
    with qtbot.waitSignal(dialog.rejected, timeout=60_000):
        save_to(tmp_path / "missing" / "pooling.gif", monkeypatch, dialog)
    assert "pooling.gif can't be written" in said[0]
