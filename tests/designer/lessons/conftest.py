"""Windows with an image that ran, to give lessons on."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from designer.window import MainWindow
from engine import Graph
from tests.designer.windows import shown_window

PATIENCE_MS = 60_000


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> MainWindow:
    return shown_window(qtbot, qapp, monkeypatch)


@pytest.fixture
def digit(resources: Path) -> Path:
    return min((resources / "images" / "digits").glob("7_*.png"))


@pytest.fixture
def lenet(window: MainWindow, qtbot: QtBot, digit: Path) -> MainWindow:
    """Return a window in which LeNet-5 ran on a seven."""
    window.files.open_example("lenet5.json")
    with qtbot.waitSignal(window.runs.settled, timeout=PATIENCE_MS):
        window.runs.open_image(digit)
    return window


@pytest.fixture
def ran(window: MainWindow, qtbot: QtBot, resources: Path) -> Callable[[Graph], MainWindow]:
    """Return what runs a network on a photograph."""

    def run(graph: Graph) -> MainWindow:
        window.document.edit("Draw", graph)
        with qtbot.waitSignal(window.runs.settled, timeout=PATIENCE_MS):
            window.runs.open_image(resources / "images" / "coffee.jpg")
        return window

    return run
