"""Files that leave the image's size open: it is asked for, once for each file."""

import subprocess
from pathlib import Path

import onnx
import pytest
from PySide6.QtCore import QSettings, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QMessageBox

from designer.opening import SizeDialog
from engine import FormatError
from tests.designer.test_app import snapshot
from tests.engine.formats.onnx_files import model, node


@pytest.fixture(autouse=True)
def no_settings(qapp) -> None:
    QSettings().clear()


@pytest.fixture
def complaints(monkeypatch) -> list[str]:
    heard: list[str] = []
    monkeypatch.setattr(QMessageBox, "warning", lambda _, title, text, *__: heard.append(text))
    return heard


def file(folder: Path, *nodes: onnx.NodeProto) -> Path:
    made = model(list(nodes) or [node("Relu", "x", "y")], image=["N", 3, "H", "W"])
    (folder / "open.onnx").write_bytes(made.SerializeToString())
    return folder / "open.onnx"


def answer(*keys: str, button: QDialogButtonBox.StandardButton = QDialogButtonBox.StandardButton.Open) -> list[str]:
    """Type into the dialog that will open, field by field, and press a button; returns what it showed."""
    seen: list[str] = []

    def act() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, SizeDialog)
        for box, text in zip((dialog.width_box, dialog.height_box), keys, strict=False):
            seen.append(box.text())
            box.setFocus()
            box.selectAll()
            QTest.keyClicks(box, text)
        QTest.mouseClick(dialog.findChild(QDialogButtonBox).button(button), Qt.MouseButton.LeftButton)

    QTimer.singleShot(0, act)
    return seen


def test_the_size_is_asked_for_and_remembered_for_the_file(files, document, complaints, tmp_path):
    path = file(tmp_path)
    proposed = answer("64", "48")
    assert files.open(path)
    assert proposed == ["224 px", "224 px"]
    assert document.graph.image.shape == (3, 48, 64)
    assert complaints == []
    again = answer("64", "48")
    assert files.open(path)
    assert again == ["64 px", "48 px"]
    other = tmp_path / "other"
    other.mkdir()
    fresh = answer("32", "32")
    assert files.open(file(other))
    assert fresh == ["224 px", "224 px"]


def test_enter_takes_what_is_proposed(files, document, tmp_path):
    def press() -> None:
        QTest.keyClick(QApplication.activeModalWidget(), Qt.Key.Key_Return)

    QTimer.singleShot(0, press)
    assert files.open(file(tmp_path))
    assert document.graph.image.shape == (3, 224, 224)


def test_called_off_the_present_network_stays(files, document, tmp_path):
    before = document.network
    answer(button=QDialogButtonBox.StandardButton.Cancel)
    assert not files.open(file(tmp_path))
    assert document.network is before
    assert files.recent() == []


def test_other_things_that_were_lost_are_told_of_all_the_same(files, document, complaints, tmp_path):
    answer("64", "64")
    assert files.open(file(tmp_path, node("Erf", "x", "e"), node("Relu", "e", "y")))
    assert len(complaints) == 1
    assert complaints[0].startswith("1 operator is not supported (Erf)")


def test_a_size_that_can_not_be_read_is_told_of(files, document, complaints, monkeypatch, tmp_path):
    def refused(*_: object, size: object = None) -> None:
        raise FormatError(f"no such size {size}")

    monkeypatch.setattr("designer.opening.load", refused)
    assert not files.open(file(tmp_path))
    assert complaints == ["no such size None"]


def test_a_snapshot_says_what_was_lost_in_plain_lines(tmp_path):
    path = file(tmp_path, node("Erf", "x", "e"), node("Relu", "e", "y"))
    ended: subprocess.CompletedProcess[str] = snapshot(tmp_path / "window.png", str(path))
    assert ended.returncode == 0
    lines = ended.stderr.splitlines()
    assert [line.startswith("convolab: open.onnx: ") for line in lines] == [True, True]
    assert "FormatWarning" not in ended.stderr
