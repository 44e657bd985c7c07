"""The automatic layout: columns are straight, nothing overlaps, and it is the same each time."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from PySide6.QtCore import Qt

from designer.canvas.auto_layout import among, arrange
from designer.canvas.geometry import CARD_HEIGHT, CARD_WIDTH, GRID, PITCH
from designer.canvas.layered.crossings import order_rows
from designer.canvas.layered.ranks import ranked
from engine import Add, Concat, Conv2D, Graph, Input, MaxPool2D, Node, ReLU
from engine.graph import ordered
from tests.designer.canvas.canvas_hands import CONTROL, assert_in_step, overlapping, show
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


# A part of the network


def test_selected_layers_are_arranged_where_they_are(view, document, hands):
    places = {
        "image": (0, 0),
        "conv1": (0, 60),
        "relu1": (17, 300),
        "conv2": (420, 222),
        "add": (40, 500),
        "relu2": (0, 600),
    }
    show(view, residual(), {node: (float(x), float(y)) for node, (x, y) in places.items()})
    before = dict(view.canvas.places)
    document.selection.select(["conv2", "relu1"])
    hands.key(Qt.Key.Key_L, CONTROL)
    layout = document.network.layout
    assert layout["relu1"] == (20, 220)
    assert layout["conv2"] == (20, 220 + PITCH)
    assert {node: layout[node] for node in before if node not in ("relu1", "conv2")} == {
        node: place for node, place in before.items() if node not in ("relu1", "conv2")
    }
    assert document.undo_stack.undoText() == "Arrange 2 layers"
    assert document.undo_stack.count() == 1
    assert document.selection.nodes == ("conv2", "relu1")
    document.undo_stack.undo()
    assert view.canvas.places == before
    assert_in_step(view)


def test_with_one_selected_the_whole_network_is_arranged(view, document, hands):
    show(view, lenet5(), {"conv1": (500.0, 700.0)})
    document.selection.select(["conv1"])
    hands.key(Qt.Key.Key_L, CONTROL)
    assert document.undo_stack.undoText() == "Arrange layers"
    assert len({x for x, _ in document.network.layout.values()}) == 1


def test_selected_layers_keep_clear_of_the_others(view, document, hands):
    show(view, lenet5())
    shown = dict(view.canvas.places)
    document.edit(
        "Spread", document.graph, {**shown, "relu1": (900.0, 60.0), "pool1": (500.0, 0.0), "image": (600.0, 60.0)}
    )
    document.selection.select(["relu1", "pool1"])
    hands.key(Qt.Key.Key_L, CONTROL)
    layout = document.network.layout
    assert layout["relu1"][0] == layout["pool1"][0]
    assert layout["pool1"][1] == layout["relu1"][1] + PITCH
    assert not overlapping(layout)


def test_a_way_through_others_counts_as_a_wire(view, document, hands):
    show(view, lenet5())
    document.edit("Spread", document.graph, {**view.canvas.places, "conv1": (900.0, 0.0), "pool2": (500.0, 0.0)})
    document.selection.select(["pool2", "conv1"])
    hands.key(Qt.Key.Key_L, CONTROL)
    layout = document.network.layout
    assert layout["conv1"][0] == layout["pool2"][0]
    assert layout["conv1"][1] < layout["pool2"][1]


@settings(max_examples=50, deadline=None)
@given(graph=drawings())
def test_a_part_of_any_drawing_has_its_own_nodes_and_arranges(graph):
    part = among(graph, [node.id for node in graph.nodes[::2]])
    assert part.nodes == graph.nodes[::2]
    assert {edge for edge in graph.edges if edge.source in part and edge.target in part} <= set(part.edges)
    assert not overlapping(arrange(part))
