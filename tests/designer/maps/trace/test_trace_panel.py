"""The trace card: its numbers answer to pointer and keys."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from designer import theme
from designer.maps.trace.channels_view import PAGE, ChannelsView
from designer.maps.trace.equation_view import EquationView
from designer.maps.trace.field_picture import field_text, picture_of
from designer.maps.trace.keys import Back, End, Follow, Move, Upstream
from designer.maps.trace.panel import EMPTY, Traced, TracePanel, check_text
from engine import Box, Conv2D, Field, Graph, Input, MaxPool2D, Place, ReLU, following, trace
from tests.engine.networks import chain
from tests.engine.traced import ran

DEEP = 9


def traced(node: str, index: tuple[int, ...], graph: Graph | None = None) -> Traced:
    graph = graph or chain(
        image=Input(channels=DEEP, height=9, width=7),
        conv=Conv2D(filters=3, kernel=(3, 3), padding="same"),
        relu=ReLU(),
        pool=MaxPool2D(),
    )
    analysis, weights, maps = ran(graph)
    found = trace(graph, weights, maps, node, index, analysis=analysis)
    onward = following(graph, weights, maps, Place(node, index), analysis=analysis)
    return Traced(
        found, node, "Layer", found.sources, ("a[1]", node), maps["image"], tuple((one.node, one) for one in onward)
    )


@pytest.fixture
def panel(qtbot, qapp) -> TracePanel:
    theme.apply(qapp, theme.LIGHT)
    made = TracePanel()
    qtbot.addWidget(made)
    made.resize(560, 700)
    with qtbot.waitExposed(made):
        made.show()
    return made


def channels(panel: TracePanel) -> ChannelsView:
    QApplication.processEvents()  # so that the blocks have their sizes
    return next(block for block in panel.blocks if isinstance(block, ChannelsView))


def test_an_empty_panel_says_what_to_do_and_keeps_its_keys(panel: TracePanel, qtbot):
    assert panel.empty.isVisible()
    assert panel.empty.text() == EMPTY
    with qtbot.assertNotEmitted(panel.wished):
        QTest.keyClick(panel, Qt.Key.Key_Left)


def test_the_head_names_the_value_and_says_that_the_arithmetic_comes_to_it(panel: TracePanel):
    shown = traced("conv", (1, 0, 3))
    panel.show_trace(shown, "viridis")
    assert panel.title.text() == "conv · map 1 (y 0, x 3)"
    assert float(panel.value.text().replace("−", "-")) == pytest.approx(float(shown.trace.value), rel=1e-6)
    assert panel.check.text().startswith("✓")
    assert panel.field.text() == "Layer. Sees 3 × 3 pixels of the image, 33% of them padding."


def test_a_value_of_other_weights_is_told_of(panel: TracePanel):
    shown = traced("conv", (1, 0, 3))
    with_others = shown.trace.__class__(
        shown.trace.node,
        shown.trace.index,
        np.float32(99),
        shown.trace.explanation,
        shown.trace.sources,
        shown.trace.fields,
        shown.trace.image,
    )
    assert "Run again" in check_text(with_others)


@pytest.mark.parametrize(
    ("key", "wish"),
    [
        (Qt.Key.Key_Left, Move(x=-1)),
        (Qt.Key.Key_Right, Move(x=1)),
        (Qt.Key.Key_Up, Move(y=-1)),
        (Qt.Key.Key_Down, Move(y=1)),
        (Qt.Key.Key_PageUp, Move(channel=-1)),
        (Qt.Key.Key_PageDown, Move(channel=1)),
        (Qt.Key.Key_Return, Upstream()),
        (Qt.Key.Key_Backspace, Back()),
        (Qt.Key.Key_Escape, End()),
    ],
)
def test_keys(panel: TracePanel, qtbot, key: Qt.Key, wish: object):
    panel.show_trace(traced("conv", (1, 4, 3)), "viridis")
    with qtbot.waitSignal(panel.wished) as caught:
        QTest.keyClick(panel, key)
    assert caught.args == [wish]


def test_a_click_on_a_number_of_the_patch_goes_upstream(panel: TracePanel, qtbot):
    panel.show_trace(traced("conv", (1, 4, 3)), "viridis")
    view = channels(panel)
    spot = next(spot for spot in view.spots if spot.cell == (view.shown()[1], 2, 0))
    QTest.mouseMove(view, spot.rect.center().toPoint())
    qtbot.waitUntil(lambda: panel.status.text().endswith("goes upstream"))
    with qtbot.waitSignal(panel.wished) as caught:
        QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=spot.rect.center().toPoint())
    assert caught.args == [Upstream(spot.cell)]


def test_padding_leads_nowhere(panel: TracePanel, qtbot):
    panel.show_trace(traced("conv", (1, 0, 3)), "viridis")
    view = channels(panel)
    spot = view.spots[0]
    assert spot.cell is None
    assert spot.text.endswith("padding")
    with qtbot.assertNotEmitted(panel.wished):
        QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=spot.rect.center().toPoint())
    QTest.mouseMove(view, spot.rect.center().toPoint())
    qtbot.waitUntil(lambda: panel.status.text() == spot.text)


def test_in_a_block_the_arrows_walk_from_number_to_number(panel: TracePanel, qtbot):
    panel.show_trace(traced("conv", (1, 4, 3)), "viridis")
    view = channels(panel)
    view.setFocus()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down):
        QTest.keyClick(view, key)
    channel = view.shown()[0]
    assert view.current is not None
    assert view.current.cell == (channel, 1, 1)
    assert view.accessibleDescription() == view.current.text
    with qtbot.waitSignal(panel.wished) as caught:
        QTest.keyClick(view, Qt.Key.Key_Return)
    assert caught.args == [Upstream((channel, 1, 1))]


def test_many_channels_come_in_pages_the_largest_first_or_in_order(panel: TracePanel):
    shown = traced("conv", (1, 4, 3))
    panel.show_trace(shown, "viridis")
    view = channels(panel)
    sums = np.abs(shown.trace.explanation.partial_sums)
    assert view.shown() == np.argsort(-sums)[:PAGE].tolist()
    QTest.mouseClick(view.next_button, Qt.MouseButton.LeftButton)
    assert len(view.shown()) == DEEP - PAGE
    assert not view.next_button.isEnabled()
    QTest.mouseClick(view.order_button, Qt.MouseButton.LeftButton)
    assert view.shown() == list(range(PAGE))
    view.setFocus()
    QTest.keyClicks(view, "+")
    assert view.shown() == [6, 7, 8]
    QTest.keyClicks(view, "-s")
    assert view.shown() == np.argsort(-sums)[:PAGE].tolist()


def test_the_next_layers_steps_follow_and_lead_there(panel: TracePanel, qtbot):
    shown = traced("conv", (1, 4, 3))
    panel.show_trace(shown, "viridis")
    assert [node for node, _ in shown.next] == ["relu", "pool"]
    relu = [block for block in panel.blocks if isinstance(block, EquationView)][1]
    with qtbot.waitSignal(panel.wished) as caught:
        QTest.mouseClick(relu, Qt.MouseButton.LeftButton, pos=relu.spots[0].rect.center().toPoint())
    assert caught.args == [Follow("relu", (1, 4, 3))]


def test_the_way_back(panel: TracePanel, qtbot):
    panel.show_trace(traced("conv", (1, 4, 3)), "viridis")
    assert [place.text() for place in panel.path.places] == ["a[1]", "conv"]
    with qtbot.waitSignal(panel.wished) as caught:
        QTest.mouseClick(panel.path.places[0], Qt.MouseButton.LeftButton)
    assert caught.args == [Back(1)]
    with qtbot.waitSignal(panel.wished) as caught:
        QTest.mouseClick(panel.path.close_button, Qt.MouseButton.LeftButton)
    assert caught.args == [End()]


def test_a_large_window_is_shown_without_numbers(panel: TracePanel):
    graph = chain(image=Input(channels=3, height=40, width=30), conv=Conv2D(filters=2, kernel=(31, 11)))
    panel.show_trace(traced("conv", (1, 4, 3), graph), "viridis")
    view = channels(panel)
    assert all(view.rect().contains(spot.rect.toRect()) for spot in view.spots)
    panel.grab()


def test_a_theme_and_another_width_keep_the_card(panel: TracePanel, qapp):
    panel.show_trace(traced("conv", (1, 4, 3)), "viridis")
    theme.apply(qapp, theme.DARK)
    panel.resize(320, 500)
    assert not panel.grab().isNull()
    assert channels(panel).spots


def test_the_size_of_a_field_in_words():
    box = Box(-1, 2, -1, 2)
    assert field_text(Field(box, Box(0, 2, 0, 2), Box(0, 2, 0, 2), (0, 1))).endswith("56% of them padding")
    assert field_text(Field(box, Box(0, 0, 0, 0), None, (0, 1))).endswith("all of them padding")


@pytest.mark.parametrize("value", [0, float("nan"), float("inf"), 3.4e38])
def test_an_image_of_odd_values_is_a_picture(value: float):
    for depth in (1, 2, 3, 4, 9):
        made = picture_of(np.full((depth, 2, 5), value, np.float32))
        assert (made.width(), made.height()) == (5, 2)
