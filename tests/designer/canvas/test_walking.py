import pytest

from designer.canvas.auto_layout import arrange
from designer.canvas.walking import Way, nearest_to, neighbour, reading_order
from engine import Add, Conv2D, Edge, Graph, Input, Node, ReLU
from tests.engine.networks import chain, lenet5

UP, DOWN, LEFT, RIGHT = Way.UP, Way.DOWN, Way.LEFT, Way.RIGHT

# image feeds a and b, side by side, which meet in sum; image also feeds sum directly; alone has no wires.
LAYERS = {"image": Input(), "a": Conv2D(), "b": Conv2D(), "sum": Add(), "alone": ReLU()}
BRANCHES = Graph(
    tuple(Node(name, layer) for name, layer in LAYERS.items()),
    (Edge("image", "a"), Edge("image", "b"), Edge("a", "sum", 0), Edge("b", "sum", 1), Edge("image", "sum", 2)),
)
PLACES = {"image": (0.0, 0.0), "a": (0.0, 60.0), "b": (300.0, 60.0), "sum": (0.0, 120.0), "alone": (600.0, 300.0)}


def go(node: str, *ways: Way) -> str | None:
    """Walk step by step, each knowing where the one before came from."""
    came_from = None
    for way in ways:
        there = neighbour(BRANCHES, PLACES, node, way, came_from)
        if there is None:
            return None
        came_from, node = node, there
    return node


@pytest.mark.parametrize(
    ("start", "way", "there"),
    [
        ("image", DOWN, "a"),
        ("a", DOWN, "sum"),
        ("b", DOWN, "sum"),
        ("sum", UP, "a"),
        ("a", RIGHT, "b"),
        ("b", LEFT, "a"),
        ("b", UP, "image"),
        ("image", UP, None),
        ("a", LEFT, None),
    ],
)
def test_arrows_follow_the_wires_and_change_to_a_branch(start, way, there):
    assert neighbour(BRANCHES, PLACES, start, way) == there


def test_going_back_leads_to_where_one_came_from():
    assert go("b", DOWN, UP) == "b"
    assert go("a", DOWN, UP) == "a"
    assert go("image", DOWN, RIGHT, UP, DOWN) == "b"


def test_cards_without_wires_are_reached_by_their_place():
    assert go("sum", DOWN) == "alone"
    assert go("b", RIGHT) == "alone"
    assert go("alone", LEFT) == "b"
    assert go("alone", UP) == "b"


def test_up_and_down_walk_a_whole_network():
    graph = lenet5()
    places, node, seen = arrange(graph), "image", ["image"]
    while (there := neighbour(graph, places, node, DOWN)) is not None:
        node = there
        seen.append(node)
    assert seen == [node.id for node in graph.nodes]
    assert neighbour(graph, places, "softmax", UP) == "dense3"


def test_a_cycle_is_walked_around():
    graph = chain(a=ReLU(), b=ReLU()).connect("b", "a")
    places = {"a": (0.0, 0.0), "b": (0.0, 60.0)}
    assert neighbour(graph, places, "b", DOWN) == "a"
    assert neighbour(graph, places, "a", UP) == "b"


def test_the_order_of_reading_and_the_nearest_card():
    assert reading_order(PLACES) == ["image", "a", "b", "sum", "alone"]
    assert nearest_to(PLACES, (290.0, 80.0)) == "b"
    assert nearest_to({}, (0.0, 0.0)) is None
