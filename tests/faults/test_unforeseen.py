"""Errors that nobody foresaw, in the whole window: it stays, its work is kept, and one report is offered."""

import json
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QMessageBox

from designer import theme
from designer.maps.mosaic import MosaicView
from designer.panels.inspector import Inspector
from designer.recovery.session import RecoverySession
from designer.recovery.slot import STATE
from designer.run_actions import RunActions
from designer.runner import _Work
from designer.window import MainWindow
from engine.formats import native

# A slot of a panel, one that hears of each edit, one of a worker's signal, a paint of every frame, the worker itself.
PLACES: list[tuple[type, str]] = [
    (Inspector, "_selection_changed"),
    (RunActions, "_on_changed"),
    (RunActions, "_on_finished"),
    (MosaicView, "paintEvent"),
    (_Work, "run"),
]


@contextmanager
def opened(qtbot: Any, folder: Path) -> Iterator[tuple[MainWindow, RecoverySession]]:
    window = MainWindow()
    session = RecoverySession(window.document, window.files, window, folder / "recovery")
    qtbot.addWidget(window)
    window.resize(1440, 900)
    window.show()
    yield window, session
    session.end(closed=True)
    window.close()


@pytest.mark.parametrize("kind", [ZeroDivisionError, MemoryError, RecursionError])
@pytest.mark.parametrize(("where", "name"), PLACES, ids=lambda value: getattr(value, "__name__", value))
def test_the_window_and_the_work_outlive_an_error_anywhere(
    where: type, name: str, kind: type[Exception], qtbot, qapp, monkeypatch, tmp_path: Path, resources: Path
):
    def fail(*_: object, **__: object) -> None:
        count.append(1)
        raise kind("nobody foresaw this")

    count: list[int] = []
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(tmp_path / "settings"))
    monkeypatch.setattr(QMessageBox, "warning", lambda *_: QMessageBox.StandardButton.Discard)
    monkeypatch.setattr(sys, "excepthook", lambda *_: None)
    monkeypatch.setattr(threading, "excepthook", lambda *_: None)
    theme.apply(qapp, theme.LIGHT)
    plain = getattr(where, name)
    monkeypatch.setattr(where, name, fail)
    with opened(qtbot, tmp_path) as (window, session):
        window.files.open_example("lenet5.json")
        window.runs.open_image(min((resources / "images" / "digits").glob("*.png")))
        window.document.selection.select(["conv1"])
        window.document.edit("Rename", window.document.graph.rename("conv1", "first"))
        if (where, kind) != (_Work, MemoryError):  # for which a run has a sentence of its own
            qtbot.waitUntil(lambda: session.crashes.dialog is not None, timeout=30_000)
            dialog = session.crashes.dialog
            assert dialog is not None
            assert dialog.isVisible()
            assert "nobody foresaw this" in dialog.report.toPlainText()
            assert str(resources.parent) not in dialog.report.toPlainText()
            assert dialog.report.toPlainText().count(f"{kind.__name__}: ") <= 2
            assert dialog.kept.text()
            dialog.accept()
        qtbot.waitUntil(lambda: bool(count), timeout=30_000)
        monkeypatch.setattr(where, name, plain)
        window.document.edit("Rename", window.document.graph.rename("conv2", "second"))
        qtbot.wait(50)
        assert window.isVisible()
        assert session.keeper.keep_now() is None
        assert session.keeper.folder is not None
        state = json.loads((session.keeper.folder / STATE).read_text())
        kept, _ = native.decode(state["document"])
        assert kept.graph == window.document.graph
        assert [kept.graph.node(one).name for one in ("conv1", "conv2")] == ["first", "second"]
