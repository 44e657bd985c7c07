"""The automatic layout: columns are straight, nothing overlaps, and it is the same each time."""

from itertools import pairwise

import pytest
from hypothesis import given, settings

from designer.canvas.auto_layout import arrange
from designer.canvas.geometry import CARD_HEIGHT, CARD_WIDTH, GRID, PITCH
from designer.canvas.layered.crossings import order_rows
from designer.canvas.layered.ranks import ranked
from engine import Add, Concat, Conv2D, Graph, Input, MaxPool2D, Node, ReLU
from engine.graph import ordered
from tests.designer.canvas.canvas_hands import overlapping
from tests.engine.networks import chain, lenet5, wired
from tests.strategies import drawings


def residual() -> Graph:
    graph = chain(image=Input(), conv1=Conv2D(), relu1=ReLU(), conv2=Conv2D(), add=Add(), relu2=ReLU())
    return wired(graph, ("image", "add", 1))


def projected() -> Graph:
    """Return a residual block whose shortcut has a layer of its own."""
    graph = chain(image=Input(), conv1=Conv2D(), relu1=ReLU(), conv2=Conv2D(), add=Add(), relu2=ReLU())
    graph = graph.add(Node("side", Conv2D(kernel=(1, 1))))
    return wired(graph, ("image", "side"), ("side", "add", 1))


def inception() -> Graph:
    graph = chain(image=Input(), b1=Conv2D(), b2=Conv2D(), concat=Concat(), relu=ReLU())
    graph = wired(graph.disconnect(graph.incoming["concat"][0]), ("b2", "concat", 1), ("image", "concat", 0))
    graph = graph.disconnect(graph.incoming["concat"][0])
    for name, layer in (("a", Conv2D()), ("c1", Conv2D()), ("c2", Conv2D()), ("d1", MaxPool2D()), ("d2", Conv2D())):
        graph = graph.add(Node(name, layer))
    return wired(
        graph,
        ("image", "a"),
        ("a", "concat", 0),
        ("image", "c1"),
        ("c1", "c2"),
        ("c2", "concat", 2),
        ("image", "d1"),
        ("d1", "d2"),
        ("d2", "concat", 3),
    )


def test_nothing_is_arranged_as_nothing():
    assert arrange(Graph()) == {}


def test_a_chain_is_one_straight_column():
    layout = arrange(lenet5())
    assert {x for x, _ in layout.values()} == {0}
    tops = [layout[node.id][1] for node in lenet5().nodes]
    assert {below - above for above, below in pairwise(tops)} == {PITCH}


@pytest.mark.parametrize("graph", [residual(), projected()], ids=["plain", "projected"])
def test_the_column_of_a_residual_block_is_straight_whatever_the_shortcut(graph: Graph):
    layout = arrange(graph)
    assert {layout[node][0] for node in ("image", "conv1", "relu1", "conv2", "add", "relu2")} == {0}
    if "side" in layout:
        assert layout["side"][0] >= CARD_WIDTH


def test_four_branches_stand_in_the_order_of_their_ports_around_the_middle():
    layout = arrange(inception())
    branches = [layout[node][0] for node in ("a", "b1", "c1", "d1")]
    assert branches == sorted(branches)
    assert layout["b1"][0] == layout["b2"][0]
    assert layout["image"][0] == layout["concat"][0] == layout["relu"][0] == (branches[0] + branches[-1]) / 2


def test_the_wires_of_a_fan_have_more_space_than_those_of_a_column():
    layout = arrange(inception())
    assert layout["a"][1] - layout["image"][1] > PITCH
    assert layout["relu"][1] - layout["concat"][1] == PITCH


def test_what_nothing_feeds_stands_right_above_what_it_feeds():
    graph = wired(lenet5().add(Node("late", Input())).add(Node("add", Add())), ("pool2", "add"), ("late", "add", 1))
    layout = arrange(graph)
    assert layout["late"][1] == layout["pool2"][1]


def test_separate_parts_stand_side_by_side():
    graph = lenet5().add(Node("lost", ReLU()))
    layout = arrange(graph)
    assert layout["lost"][1] == 0
    assert layout["lost"][0] >= CARD_WIDTH


def test_a_cycle_is_drawn_all_the_same():
    graph = wired(chain(a=ReLU(), b=ReLU(), c=ReLU()), ("c", "a"))
    layout = arrange(graph)
    assert not overlapping(layout)
    assert len({y for _, y in layout.values()}) == 3


def test_larger_cards_get_more_room():
    layout = arrange(inception(), {"b1": (600, 200)})
    assert layout["c1"][0] - layout["b1"][0] >= 600
    assert layout["b2"][1] - layout["b1"][1] >= 200


def test_wires_are_uncrossed_where_they_can_be():
    graph = ranked(6, [(0, 3), (0, 4), (1, 3), (2, 4), (1, 5)])
    assert order_rows(graph) == 0


@settings(max_examples=60, deadline=None)
@given(drawings())
def test_any_drawing_is_arranged_without_overlaps_on_the_grid_and_downwards(graph: Graph):
    layout = arrange(graph)
    assert set(layout) == set(graph.by_id)
    assert not overlapping(layout)
    assert all(x % GRID == 0 and y % GRID == 0 for x, y in layout.values())
    if not ordered(graph)[1]:
        assert all(layout[edge.target][1] >= layout[edge.source][1] + CARD_HEIGHT for edge in graph.edges)
    assert layout == arrange(graph)
