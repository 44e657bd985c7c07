"""What a frame of a movement leaves out, so that it is painted in time."""

import pytest
from PySide6.QtCore import QPoint, QRectF

from designer import theme
from designer.canvas.geometry import COLUMN, PITCH
from designer.canvas.occupancy import Occupancy
from engine import Graph, Node, ReLU
from tests.designer.canvas.canvas_hands import show


@pytest.fixture
def crowd(view):
    """Return a view that holds 400 cards whose letters can be read."""
    graph, layout = Graph(), {}
    nodes = []
    for number in range(400):
        column, row = divmod(number, 40)
        nodes.append(Node(f"n{number}", ReLU()))
        layout[f"n{number}"] = (column * COLUMN, row * PITCH)
    graph = Graph(tuple(nodes))
    view.resize(1300, 1000)
    view.sights.show_minimap(False)  # it has blocks of its own
    show(view, graph, layout)
    view.fit_all()
    assert 0.3 < view.zoom < 0.6
    return view


def colours(view) -> set[str]:
    picture = view.viewport().grab().toImage()
    return {
        picture.pixelColor(x, y).name() for x in range(0, picture.width(), 3) for y in range(0, picture.height(), 3)
    }


def test_many_cards_are_blocks_while_the_view_zooms_and_cards_again_at_rest(crowd, qtbot):
    block = theme.current().family("activation")
    assert block not in colours(crowd)
    crowd.zoom_by(1.02)
    assert crowd.zooming
    assert block in colours(crowd)
    qtbot.waitUntil(lambda: not crowd.zooming)
    assert block not in colours(crowd)


def test_many_cards_stay_cards_while_the_view_pans(crowd):
    crowd.pan(QPoint(3, 5))
    assert not crowd.zooming
    assert theme.current().family("activation") not in colours(crowd)


def test_few_cards_stay_cards_while_the_view_zooms(crowd):
    crowd.zoom_by(2)
    assert crowd.zooming
    assert crowd.canvas.cards_in(crowd.mapToScene(crowd.viewport().rect()).boundingRect()) < 300
    assert theme.current().family("activation") not in colours(crowd)


def test_a_fitted_view_is_at_rest(crowd):
    crowd.zoom_by(1.1)
    crowd.fit_all()
    assert not crowd.zooming


def test_cards_in_a_rectangle_are_counted(crowd):
    assert crowd.canvas.cards_in(QRectF(-1e4, -1e4, 1e5, 1e5)) == 400
    assert crowd.canvas.cards_in(QRectF(-5000, 0, 100, 100)) == 0


def test_what_is_taken_is_known_to_the_pixel():
    taken = Occupancy({"a": (0.0, 0.0), "b": (600.0, 120.0)})
    assert taken.any_in(269, 43, 280, 50)
    assert not taken.any_in(270, 0, 600, 44)
    assert not taken.any_in(0, 44, 270, 120)
    assert taken.any_in(-50, -50, 1, 1)
    assert taken.any_in(860, 100, 900, 121)
    assert taken.any_in(-1000, -1000, 1000, 1000)
