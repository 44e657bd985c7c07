"""Whole windows to test: shown, and with a digit that ran through LeNet-5."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from designer import theme
from designer.window import MainWindow


def shown_window(qtbot: QtBot, qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> MainWindow:
    """Return a window that asks nothing when it closes."""
    monkeypatch.setattr(QMessageBox, "warning", lambda *_: QMessageBox.StandardButton.Discard)
    theme.apply(qapp, theme.LIGHT)
    made = MainWindow()
    qtbot.addWidget(made)
    made.resize(1440, 900)
    made.show()
    return made


def run_digit(window: MainWindow, qtbot: QtBot, resources: Path) -> None:
    """Open LeNet-5, and a seven, and wait for all maps."""
    window.files.open_example("lenet5.json")
    with qtbot.waitSignal(window.runs.settled):
        window.runs.open_image(min((resources / "images" / "digits").glob("7_*.png")))
