"""Folders of digits, and a window that steps through them."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from designer.window import MainWindow

PATIENCE_MS = 60_000


@pytest.fixture
def digits(resources: Path, tmp_path: Path) -> Path:
    """Return the shipped digits, each in the folder of its label, which its file's name begins with."""
    root = tmp_path / "digits"
    for file in (resources / "images" / "digits").glob("*.png"):
        (root / file.name[0]).mkdir(parents=True, exist_ok=True)
        shutil.copy(file, root / file.name[0])
    return root


@pytest.fixture
def opened(window: MainWindow, qtbot: QtBot) -> Callable[[Path], MainWindow]:
    """Return what opens a folder in a window with LeNet-5, and waits until its first image has run."""

    def open_folder(path: Path) -> MainWindow:
        window.files.open_example("lenet5.json")
        with qtbot.waitSignal(window.runs.settled, timeout=PATIENCE_MS):
            window.folders.open(path)
        return window

    return open_folder
