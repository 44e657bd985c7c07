"""The numbers of every map of a layer."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from designer import theme
from designer.maps.channel_table import EMPTY, ChannelTable
from designer.maps.layers import MapLayer

NAN = float("nan")
MAPS = np.array([[[1, 3]], [[0, 0]], [[-5, 9]], [[NAN, NAN]]], np.float32)


def of(values: np.ndarray) -> MapLayer:
    return MapLayer("n", "layer", "", "conv", values.astype(np.float32))


@pytest.fixture
def table(qtbot, qapp) -> ChannelTable:
    theme.apply(qapp, theme.LIGHT)
    made = ChannelTable()
    qtbot.addWidget(made)
    made.resize(480, 300)
    with qtbot.waitExposed(made):
        made.show()
    made.show_layer(of(MAPS))
    return made


def row(table: ChannelTable, number: int) -> list[str]:
    return [str(table.sorted.index(number, column).data()) for column in range(table.sorted.columnCount())]


def test_each_map_has_its_numbers_and_a_dead_one_is_marked(table: ChannelTable):
    assert row(table, 0) == ["0", "2", "1", "1", "3", "0%"]
    assert row(table, 1) == ["1 · dead", "0", "0", "0", "0", "100%"]
    assert row(table, 3) == ["3", "–", "–", "–", "–", "0%"]
    assert table.summary.text() == "layer: 4 maps, 1 of them dead (0 everywhere), 25.0% zeros"


def test_a_click_on_a_header_sorts(table: ChannelTable):
    header = table.view.horizontalHeader()
    at = header.sectionViewportPosition(2) + 20
    pos = header.viewport().rect().topLeft()
    pos.setX(at)
    pos.setY(8)
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=pos)
    first = table.channels()
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=pos)
    assert sorted([first, table.channels()]) == [[2, 0, 1, 3], [3, 1, 0, 2]]


def test_numbers_sort_by_a_column_and_enter_opens_the_map(table: ChannelTable, qtbot):
    QTest.keyClick(table.view, Qt.Key.Key_2)  # the mean, the largest first; 0 and 2 are alike
    assert table.channels()[2:] == [1, 3]
    QTest.keyClick(table.view, Qt.Key.Key_3)  # the spread
    assert table.channels() == [2, 0, 1, 3]
    table.view.selectRow(0)
    with qtbot.waitSignal(table.map_activated) as caught:
        QTest.keyClick(table.view, Qt.Key.Key_Return)
    assert caught.args == ["n", 2]


def test_a_click_opens_the_map(table: ChannelTable, qtbot):
    QApplication.processEvents()
    at = table.view.visualRect(table.sorted.index(2, 1)).center()
    with qtbot.waitSignal(table.map_activated) as caught:
        QTest.mouseClick(table.view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert caught.args == ["n", 2]


def test_the_order_stays_for_other_values(table: ChannelTable):
    QTest.keyClick(table.view, Qt.Key.Key_3)
    table.show_layer(of(MAPS[:3] * np.array([9, 1, 1]).reshape(3, 1, 1)))
    assert table.channels() == [0, 2, 1]


@pytest.mark.parametrize("values", [np.zeros((0,)), np.ones((2, 0, 3)), np.arange(5000), np.full(3, NAN)])
def test_odd_layers(table: ChannelTable, values: np.ndarray):
    table.show_layer(of(values))
    assert table.sorted.rowCount() == (len(values) if values.size else 0)
    table.grab()
    table.show_layer(None)
    assert table.summary.text() == EMPTY
