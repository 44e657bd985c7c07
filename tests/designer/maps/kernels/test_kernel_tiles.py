"""Kernels as small pictures: chosen with mouse and keys, thousands of them no slower than a few."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from designer import theme
from designer.maps.kernels import tiles as module
from designer.maps.kernels.tiles import KernelTiles

NAN, INF = float("nan"), float("inf")


@pytest.fixture
def tiles(qtbot: QtBot, qapp: QApplication) -> KernelTiles:
    theme.apply(qapp, theme.LIGHT)
    made = KernelTiles("Filters")
    qtbot.addWidget(made)
    made.resize(188, 240)
    with qtbot.waitExposed(made):
        made.show()
    made.chosen.connect(lambda number: made.show_kernels(made._kernels, 1.0, number))
    return made


def show(tiles: KernelTiles, count: int, height: int = 3, width: int = 3, current: int = 0) -> None:
    kernels = np.random.default_rng(0).standard_normal((count, height, width)).astype(np.float32)
    tiles.show_kernels(kernels, 1.0, current)


def test_keys_walk_and_what_is_chosen_is_in_view(tiles: KernelTiles):
    show(tiles, 4096)
    assert tiles._columns == 4
    for key, expected in (
        (Qt.Key.Key_Right, 1),
        (Qt.Key.Key_Down, 5),
        (Qt.Key.Key_Left, 4),
        (Qt.Key.Key_Up, 0),
        (Qt.Key.Key_Up, 0),
        (Qt.Key.Key_End, 4095),
        (Qt.Key.Key_Right, 4095),
        (Qt.Key.Key_PageUp, 4095 - 16),
        (Qt.Key.Key_Home, 0),
    ):
        QTest.keyClick(tiles, key)
        assert tiles._current == expected
        assert tiles.viewport().rect().contains(tiles.tile(expected))
    assert tiles.accessibleDescription() == "0 of 4,096"


def test_a_click_chooses_wherever_it_is_scrolled_to(tiles: KernelTiles, qtbot: QtBot):
    show(tiles, 4096)
    tiles.verticalScrollBar().setValue(5000)
    seen = [n for n in range(4096) if tiles.viewport().rect().contains(tiles.tile(n))]
    with qtbot.waitSignal(tiles.chosen) as chosen:
        QTest.mouseClick(tiles.viewport(), Qt.MouseButton.LeftButton, pos=tiles.tile(seen[3]).center())
    assert chosen.args == [seen[3]]
    with qtbot.assertNotEmitted(tiles.chosen):
        QTest.mouseClick(tiles.viewport(), Qt.MouseButton.LeftButton, pos=tiles.tile(seen[3]).center())


def test_only_what_is_in_view_is_painted(tiles: KernelTiles, monkeypatch):
    show(tiles, 100_000)
    painted = []
    monkeypatch.setattr(module, "paint_heat", lambda *_, **__: painted.append(1))
    tiles.viewport().repaint()
    assert 0 < len(painted) <= 28


@pytest.mark.parametrize("shape", [(1, 1, 1), (3, 1, 9), (2, 31, 2), (5, 64, 64), (2, 1, 300)])
@pytest.mark.parametrize("value", [0.0, 1.0, NAN, INF])
def test_all_sizes_and_odd_numbers(tiles: KernelTiles, shape: tuple[int, int, int], value: float):
    tiles.show_kernels(np.full(shape, value, np.float32), 0.0 if value == 0 else 1.0, shape[0] - 1)
    assert not tiles.grab().isNull()
    assert tiles.viewport().rect().contains(tiles.tile(shape[0] - 1))


def test_fewer_kernels_than_before(tiles: KernelTiles):
    show(tiles, 512, current=511)
    show(tiles, 3)
    assert tiles.verticalScrollBar().value() == 0
    assert tiles.viewport().rect().contains(tiles.tile(0))
