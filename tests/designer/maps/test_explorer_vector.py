"""A vector, large, as bars."""

import numpy as np
import pytest
from explorer_views import LOOK, of, point_at, settle, vector
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from designer.maps.explorer import MapExplorer
from designer.maps.layers import MapValue


def test_a_vector_is_a_bar_plot(explorer: MapExplorer, qtbot: QtBot):
    values = np.array([0.1, -0.4, 0.7, 0.2], dtype=np.float32)
    explorer.show_map(of(values), 2, LOOK)
    settle(explorer)
    plot = vector(explorer)
    assert explorer.stage.currentWidget() is plot.view
    assert plot.bars.selected == 2
    (left, right), (bottom, top) = plot.box.viewRange()
    assert (left, right) == pytest.approx((-0.5, 3.5))
    assert bottom < -0.4 < 0.7 < top
    with qtbot.waitSignal(explorer.hovered) as blocker:
        QTest.mouseMove(plot.view.viewport(), point_at(plot, 1.2, 0.3))
    assert blocker.args == [MapValue("n", "layer", 1, None, None, values[1])]
    assert explorer.status.text() == "element 1 = −0.4"
    assert plot.bars.hover == 1


def test_maps_of_one_pixel_are_a_vector_too(explorer: MapExplorer, qtbot: QtBot):
    explorer.show_map(of(np.arange(5).reshape(5, 1, 1)), 0, LOOK)
    settle(explorer)
    plot = vector(explorer)
    with qtbot.waitSignal(explorer.hovered) as blocker:
        QTest.mouseMove(plot.view.viewport(), point_at(plot, 3, 1))
    assert blocker.args == [MapValue("n", "layer", 3, 0, 0, 3.0)]


def test_a_long_vector_draws_few_bars_that_miss_no_peak(explorer: MapExplorer):
    values = np.zeros(25_088, dtype=np.float32)
    values[[777, 20_001]] = 5, -3
    explorer.show_map(of(values), 0, LOOK)
    settle(explorer)
    rects = vector(explorer).bars._rects(0, len(values))
    assert len(rects) <= 2048
    assert max(rect.bottom() for rect in rects) == 5
    assert min(rect.top() for rect in rects) == -3
