"""A model with an operator that no layer is: dropped, looked at, run as far as it goes, and exported again."""

from pathlib import Path

import numpy as np
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog, QMessageBox

from designer.panels.node_view import NodeView
from designer.window import MainWindow
from tests.conformance.runtime import session
from tests.engine.formats.onnx_files import RANDOM, model, node, weights


def drop(window: MainWindow, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    nothing = Qt.KeyboardModifier.NoModifier
    button = Qt.MouseButton.LeftButton
    window.dropEvent(QDropEvent(QPointF(700, 400), Qt.DropAction.CopyAction, data, button, nothing))


def test_it_is_shown_run_up_to_there_and_written_back(window, qtbot, monkeypatch, resources, tmp_path):
    nodes = [
        node("Conv", "x w", "conv", pads=[1, 1, 1, 1]),
        node("Erf", "conv", "curve"),
        node("Conv", "curve v", "last"),
        node("Conv", "x u", "side"),
        node("Add", "last side", "y"),
    ]
    made = model(nodes, [weights("w", 4, 1, 3, 3), weights("v", 2, 4, 1, 1), weights("u", 2, 1, 1, 1)], [1, 1, 28, 28])
    (tmp_path / "curve.onnx").write_bytes(made.SerializeToString())
    heard: list[str] = []
    monkeypatch.setattr(QMessageBox, "warning", lambda _, title, text, *__: heard.append(text))
    drop(window, tmp_path / "curve.onnx")
    assert heard == [
        "1 operator is not supported (Erf): it is kept, but it and all behind it are not computed",
    ]
    card = window.canvas.canvas.nodes["curve"].card
    assert (card.kind, card.family, card.shape) == ("Erf", "unsupported", "28×28×4")
    digit = min((resources / "images" / "digits").glob("7_*.png"))
    window.runs.open_image(digit)
    qtbot.waitUntil(lambda: window.runs.result is not None, timeout=20_000)
    assert list(window.runs.result.maps) == ["x", "conv", "side"]
    assert [layer.node for layer in window.maps.mosaic.layers()] == ["x", "conv", "side"]
    window.document.selection.select(["curve"])
    (view,) = [view for view in window.inspector.findChildren(NodeView) if view.isVisible()]
    assert "<b>Erf</b>" in view.label.text()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "again.onnx"), ""))
    window.commands["file.export_onnx"].trigger()
    image = RANDOM.normal(size=(1, 1, 28, 28)).astype(np.float32)
    (wanted,) = session(made.SerializeToString()).run(None, {"x": image})
    (found,) = session((tmp_path / "again.onnx").read_bytes()).run(None, {"x": image})
    np.testing.assert_allclose(found, wanted, atol=1e-5)
    window.document.undo_stack.setClean()
