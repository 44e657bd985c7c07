"""Files that mean harm, or that nobody would expect, dropped on the window: one sentence, and all else as it was."""

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from designer.window import MainWindow
from engine import load
from tests.engine.formats.onnx_files import model, node
from tests.faults.fuzz import pictures
from tests.faults.test_hostile import BOMB, DEEP, LONG, NAMES, document, keras, layer, png, relus

PATIENCE_MS = 60_000
REFUSED: dict[str, str | bytes] = {
    "deep.json": DEEP,
    "deep.keras.json": '{"class_name": "Sequential", "config": ' + DEEP + "}",
    "twice.json": document(layers=relus(1) * 2),
    "long.json": document(name=LONG),
    "long.keras.json": keras(name=LONG),
    "huge.json": layer("1e400"),
    "nan.json": layer("NaN"),
    "negative.json": layer("-1"),
    "big.json": layer(str(2**63)),
    "many.json": document(layers=relus(100_000)),
    "far.json": document(layout={"a": [0, 1e300]}),
    "outside.json": document(weights="../out.safetensors"),
    "absolute.json": document(weights="/etc/passwd"),
    "newer.json": document(version=99),
    "empty.json": "",
    "empty.onnx": "",
    "noise.onnx": bytes(range(256)) * 40,
    "no image.onnx": model([node("Relu", "x", "y")], image=[1]).SerializeToString(),
}


@pytest.fixture
def said(window: MainWindow, monkeypatch) -> list[tuple[str, str]]:
    """Return all messages that were shown, by title and text."""
    heard: list[tuple[str, str]] = []

    def warning(_: object, title: str, text: str, *__: object) -> QMessageBox.StandardButton:
        heard.append((title, text))
        return QMessageBox.StandardButton.Discard

    monkeypatch.setattr(QMessageBox, "warning", warning)
    return heard


def drop(window: MainWindow, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    window.dropEvent(QDropEvent(QPointF(300, 300), copy, data, left, none))


@pytest.mark.parametrize("name", REFUSED)
def test_a_hostile_network_is_refused_in_one_sentence_and_the_open_one_stays(
    name: str, window: MainWindow, said: list[tuple[str, str]], tmp_path: Path
):
    window.files.open_example("lenet5.json")
    before, content = window.document.network, REFUSED[name]
    (tmp_path / name).write_bytes(content.encode() if isinstance(content, str) else content)
    drop(window, tmp_path / name)
    ((title, text),) = said
    assert title == "The network can't be opened"
    assert text.startswith(f"{name}: ")
    assert len(text) < 1200
    assert "Traceback" not in text
    assert window.isVisible()
    assert window.document.network is before
    assert not window.document.modified


def cut(kind: str) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(np.random.default_rng(0).integers(0, 256, (32, 32, 3), np.uint8)).save(stream, kind)
    return stream.getvalue()[: len(stream.getvalue()) // 2]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("cut.png", lambda: cut("PNG")),
        ("cut.jpg", lambda: cut("JPEG")),
        ("cut.gif", lambda: cut("GIF")),
        ("bomb.png", lambda: png(60_000, 60_000, packed=BOMB)),
        ("text.png", lambda: png(4, 4, (b"zTXt", b"Comment\0\0" + BOMB))),
        ("none.png", lambda: b""),
    ],
)
def test_a_hostile_picture_is_refused_in_one_sentence_and_the_next_one_runs(
    name: str, data: Callable[[], bytes], window: MainWindow, said: list[tuple[str, str]], tmp_path: Path, qtbot: QtBot
):
    window.files.open_example("lenet5.json")
    (tmp_path / name).write_bytes(data())
    told: list[str] = []
    window.runs.told.connect(told.append)
    with qtbot.waitSignal(window.runs.settled, timeout=PATIENCE_MS) as settled:
        drop(window, tmp_path / name)
    assert settled.args == [False]
    (text,) = told
    assert name in text
    assert "Traceback" not in text
    assert not said
    good = tmp_path / "good.png"
    Image.new("L", (32, 32), 200).save(good)
    with qtbot.waitSignal(window.runs.settled, timeout=PATIENCE_MS) as settled:
        drop(window, good)
    assert settled.args == [True]


def one_of(number: int) -> Callable[[Path], None]:
    return lambda path: path.write_bytes(pictures.seeds()[number]) and None


def blank(width: int, height: int) -> Callable[[Path], None]:
    return lambda path: Image.new("L", (width, height), 255).save(path, "PNG", compress_level=1)


@pytest.mark.parametrize(
    "made",
    [
        *(one_of(number) for number in range(len(pictures.seeds()))),
        blank(1, 1),
        blank(1, 10_000),
        blank(10_000, 10_000),
    ],
)
def test_every_kind_of_picture_runs(made: Callable[[Path], None], window: MainWindow, tmp_path: Path, qtbot: QtBot):
    """CMYK, 16 bits, animations, pictures that lie on their side; of one pixel, of one column, of 100 megapixels."""
    window.files.open_example("lenet5.json")
    path = tmp_path / "picture.png"
    made(path)
    with qtbot.waitSignal(window.runs.settled, timeout=PATIENCE_MS) as settled:
        drop(window, path)
    assert settled.args == [True]
    assert window.scores.answers
    window.grab()


@pytest.mark.parametrize("name", [*NAMES, "x" * 250])
def test_networks_of_any_name_are_opened_saved_and_remembered(
    name: str, window: MainWindow, said: list[tuple[str, str]], tmp_path: Path
):
    path = tmp_path / (name.encode()[:250].decode(errors="ignore") + ".json")
    path.write_text(document(), encoding="utf-8")
    drop(window, path)
    assert window.document.path == path
    assert path.name in window.windowTitle()
    window.document.edit("Rename", window.document.graph.rename("a", "b"))
    assert window.files.save()
    assert load(path).graph.node("a").name == "b"
    assert window.files.recent()[0] == path
    assert not said
    window.grab()
