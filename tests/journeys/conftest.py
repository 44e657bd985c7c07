"""A window of its own for each journey, the hands that act on it, and what they start from."""

from pathlib import Path

import pytest

from designer.window import MainWindow
from tests.designer.conftest import _own_settings, window
from tests.journeys.hands import QtHands, wait_until
from tests.journeys.keyboard import command

__all__ = ["_own_settings", "window"]


@pytest.fixture
def hands(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> QtHands:
    return QtHands(window, lambda owner, name, value: monkeypatch.setattr(owner, name, value))


@pytest.fixture
def digit(resources: Path) -> Path:
    return resources / "images" / "digits" / "7_0023.png"


@pytest.fixture
def lenet(window: MainWindow, hands: QtHands, digit: Path) -> MainWindow:
    """Return a window in which LeNet-5 was opened with the mouse and ran on a seven."""
    hands.menu("File", "Examples", "LeNet-5")
    hands.will_choose(digit)
    hands.menu("Run", "Open image…")
    wait_until(lambda: bool(window.maps.mosaic.layers()), "the maps are shown")
    return window


@pytest.fixture
def lenet_by_keys(window: MainWindow, hands: QtHands, digit: Path) -> MainWindow:
    """Return the same, opened with the keyboard."""
    command(hands, "example lenet-5")
    hands.choose_file("ctrl+i", digit)
    wait_until(lambda: bool(window.maps.mosaic.layers()), "the maps are shown")
    return window
