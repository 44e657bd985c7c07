"""Numbers on cards: a click on one asks about it, a drag or a click beside it does not."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFontMetricsF

from designer.canvas.card_figures import figure_at, figures_of
from designer.canvas.card_painter import count_shown, shape_font
from designer.canvas.geometry import CARD_HEIGHT, CARD_WIDTH
from engine import Conv2D, Dense, Figure, Graph, Input, Node
from tests.designer.canvas.canvas_hands import CONTROL, RIGHT, assert_in_step, show
from tests.designer.canvas.group_hands import CARD, FOLDED
from tests.engine.networks import chain, lenet5


@pytest.fixture
def asked(view) -> list:
    said = []
    view.figure_activated.connect(lambda *what: said.append(what))
    return said


def place(view, hands, node: str, figure: Figure) -> QPoint:
    item = view.canvas.nodes[node]
    return hands.screen(figures_of(item.card)[figure].translated(item.pos()).center())


@pytest.mark.parametrize("figure", [Figure.OUTPUT, Figure.PARAMETERS])
def test_a_click_on_a_number_asks_about_it_and_selects_the_card(view, hands, asked, figure):
    document = show(view, lenet5())
    view.zoom_reset()
    view.reveal_node("conv1")
    hands.click(place(view, hands, "conv1", figure))
    ((node, what, where),) = asked
    assert (node, what) == ("conv1", figure)
    assert where.contains(view.viewport().mapToGlobal(place(view, hands, "conv1", figure)))
    assert document.selection.only == "conv1"
    assert_in_step(view)


def test_a_number_of_a_collapsed_group_is_its_layers(view, hands, asked):
    sums = []
    view.sum_activated.connect(lambda *what: sums.append(what))
    show(view, lenet5(), groups=FOLDED)
    view.zoom_reset()
    hands.click(place(view, hands, CARD, Figure.PARAMETERS))
    hands.click(place(view, hands, CARD, Figure.OUTPUT))
    assert [(figure, tuple(nodes)) for figure, _, nodes in sums] == [(Figure.PARAMETERS, ("conv1", "relu1", "pool1"))]
    assert [(node, figure) for node, figure, _ in asked] == [("pool1", Figure.OUTPUT)]


def test_beside_a_number_with_a_key_or_dragged_nothing_is_asked(view, hands, asked):
    show(view, chain(image=Input(), conv1=Conv2D()), {"image": (0.0, 0.0), "conv1": (0.0, 60.0)})
    at = place(view, hands, "conv1", Figure.OUTPUT)
    hands.click(hands.card("conv1"))
    hands.click(at, CONTROL)
    hands.click(at, button=RIGHT)
    hands.drag(at, at + QPoint(0, 120))
    assert asked == []


def test_the_pointer_is_a_hand_over_a_number(view, hands):
    show(view, chain(image=Input(), conv1=Conv2D()), {"image": (0.0, 0.0), "conv1": (0.0, 60.0)})
    hands.move(place(view, hands, "conv1", Figure.OUTPUT))
    assert view.viewport().cursor().shape() is Qt.CursorShape.PointingHandCursor
    hands.move(hands.card("conv1"))
    assert view.viewport().cursor().shape() is Qt.CursorShape.ArrowCursor
    hands.move(hands.output("conv1"))
    assert view.viewport().cursor().shape() is Qt.CursorShape.CrossCursor


def test_from_afar_and_where_nothing_is_known_there_is_no_number(view, hands, asked):
    show(view, Graph().add(Node("conv1", Conv2D())), {"conv1": (0.0, 0.0)})
    assert figures_of(view.canvas.nodes["conv1"].card) == {}
    show(view, lenet5())
    view.zoom_by(0.4 / view.zoom)
    item = view.canvas.nodes["conv1"]
    at = item.pos() + figures_of(item.card)[Figure.OUTPUT].center()
    assert figure_at(view.canvas, "conv1", at) is None
    assert figure_at(view.canvas, None, at) is None


def test_the_places_are_those_of_the_letters(view):
    show(view, chain(image=Input(), flat=Dense(), conv1=Conv2D()))
    for item in view.canvas.nodes.values():
        for rect in figures_of(item.card).values():
            assert rect.right() <= CARD_WIDTH
            assert rect.bottom() <= CARD_HEIGHT
    card = view.canvas.nodes["image"].card
    assert figures_of(card)[Figure.OUTPUT].width() >= QFontMetricsF(shape_font()).horizontalAdvance(card.shape)
    assert count_shown(card) == ""
    assert Figure.PARAMETERS not in figures_of(card)
