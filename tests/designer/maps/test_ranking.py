"""The maps of a layer, sorted; dead ones crossed out."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from windows import finish, layout, tile_point

from designer import theme
from designer.maps.layers import MapLayer
from designer.maps.mosaic import MosaicView
from designer.maps.panel import MapsPanel
from designer.maps.ranking import Order, Ranking
from engine import Box, Field

NAN = float("nan")


def maps_of(*values: list[float]) -> np.ndarray:
    return np.repeat(np.array(values, np.float32)[:, :, None], 2, axis=2)


VALUES = maps_of([1, 1], [0, 0], [-9, 12], [5, 5], [NAN, 1])


def done(ranking: Ranking) -> Ranking:
    while not ranking.complete:
        ranking.advance()
    return ranking


def test_the_strongest_and_the_liveliest_come_first_and_faults_last():
    ranking = done(Ranking(VALUES))
    assert ranking.channels(Order.NUMBER) is None
    assert ranking.channels(Order.MEAN).tolist() == [3, 2, 0, 1, 4]
    assert ranking.channels(Order.VARIANCE).tolist() == [2, 0, 1, 3, 4]


def test_nothing_is_sorted_before_all_is_known(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("designer.maps.ranking.CHUNK", 4)
    ranking = Ranking(VALUES)
    ranking.advance()
    assert ranking.channels(Order.MEAN) is None
    assert done(ranking).channels(Order.MEAN).tolist() == [3, 2, 0, 1, 4]
    assert Ranking(np.zeros((3, 0, 2), np.float32)).complete


def test_rows_looked_at_one_after_another_give_what_all_give(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("designer.maps.ranking.CHUNK", 120)
    random = np.random.default_rng(3)
    scale, offset = random.uniform(0.1, 3, (2, 20, 1, 1))
    maps = (random.standard_normal((20, 11, 3)) * scale + 100 * offset).astype(np.float32)
    ranking = done(Ranking(maps))
    for order, scores in ((Order.MEAN, maps.mean((1, 2), np.float64)), (Order.VARIANCE, maps.var((1, 2), np.float64))):
        assert ranking.channels(order).tolist() == np.argsort(-scores, kind="stable").tolist()


@pytest.fixture
def mosaic(qtbot: QtBot, light: None) -> MosaicView:
    view = MosaicView()
    qtbot.addWidget(view)
    view.resize(520, 300)
    view.set_layers([MapLayer("a", "a", "", "conv", VALUES), MapLayer("v", "v", "", "dense", VALUES[:, 0, 0])])
    with qtbot.waitExposed(view):
        view.show()
    finish(qtbot, view)
    return view


def test_a_sorted_mosaic_opens_and_tells_the_map_that_is_seen(mosaic: MosaicView, qtbot: QtBot):
    mosaic.set_order(Order.MEAN)
    finish(qtbot, mosaic)
    with qtbot.waitSignal(mosaic.map_activated) as caught:
        QTest.mouseClick(mosaic.viewport(), Qt.MouseButton.LeftButton, pos=tile_point(mosaic, 0, 0))
    assert caught.args == ["a", 3]
    with qtbot.waitSignal(mosaic.trace_requested) as caught:
        QTest.mouseClick(
            mosaic.viewport(),
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.ShiftModifier,
            tile_point(mosaic, 0, 1),
        )
    assert caught.args == ["a", (2, 0, 0)]
    value = mosaic._content.value(layout(mosaic).hit(*tile_point(mosaic, 0, 1).toTuple()))
    assert (value.channel, value.value) == (2, -9)
    with qtbot.waitSignal(mosaic.map_activated) as caught:
        QTest.mouseClick(mosaic.viewport(), Qt.MouseButton.LeftButton, pos=tile_point(mosaic, 1, 0))
    assert caught.args == ["v", 0]  # the elements of a vector keep their places


def colours_along(mosaic: MosaicView, tile: int) -> set[str]:
    rect = layout(mosaic).tile(0, tile)
    picture = mosaic.viewport().grab().toImage()
    return {picture.pixelColor(rect.x + i, rect.y + rect.height - 1 - i).name() for i in range(rect.width)}


def test_a_dead_map_is_crossed_out_wherever_it_stands(mosaic: MosaicView, qtbot: QtBot):
    assert theme.current().warning in colours_along(mosaic, 1)
    assert theme.current().warning not in colours_along(mosaic, 0)
    mosaic.set_order(Order.MEAN)
    finish(qtbot, mosaic)
    assert theme.current().warning in colours_along(mosaic, 3)
    assert theme.current().warning not in colours_along(mosaic, 1)


def test_a_traced_value_is_marked_on_its_map_wherever_that_stands(mosaic: MosaicView, qtbot: QtBot):
    from designer.maps.trace_marks import TraceMarks

    field = Field(Box(0, 1, 0, 1), Box(0, 1, 0, 1), Box(0, 1, 0, 1), (3, 4))
    mosaic.set_trace(TraceMarks("a", (3, 0, 0), {"a": field}))

    def marked(tile: int) -> bool:
        rect = layout(mosaic).tile(0, tile)
        picture = mosaic.viewport().grab().toImage()
        return picture.pixelColor(QPoint(rect.x + rect.width // 4, rect.y)).name() == theme.TRACE

    assert marked(3)
    mosaic.set_order(Order.MEAN)
    finish(qtbot, mosaic)
    assert marked(0)
    assert not marked(3)


def test_the_panel_offers_the_orders(qtbot: QtBot, light: None):
    panel = MapsPanel()
    qtbot.addWidget(panel)
    actions = panel.order_button.menu().actions()
    assert [action.isChecked() for action in actions] == [True, False, False]
    actions[2].trigger()
    assert panel.mosaic.order() is Order.VARIANCE
    assert [action.isChecked() for action in actions] == [False, False, True]
