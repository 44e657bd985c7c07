"""Dots on wires, through edits of the graph."""

import pytest

from engine import Add, Conv2D, Edge, Graph, Identity, Input, Network, Node, ReLU, Shape, excerpt, joined
from engine.blocks import BLOCKS
from engine.dots import carried, exchanged, shifted
from tests.engine.networks import chain, wired

WIRE = Edge("image", "conv")
DOTS = {WIRE: ((0.0, 10.0), (50.0, 20.0), (0.0, 90.0)), Edge("conv", "relu"): ((7.0, 120.0),)}


@pytest.fixture
def graph() -> Graph:
    return chain(image=Input(), conv=Conv2D(), relu=ReLU())


def test_an_edit_that_leaves_the_wires_leaves_the_dots(graph):
    assert carried(DOTS, graph, graph.rename("conv", "C")) is DOTS
    assert carried(DOTS, graph, graph.add(Node("add", Add())).connect("image", "add")) is DOTS
    assert carried({}, graph, Graph()) == {}


def test_dots_go_with_their_wires(graph):
    assert carried(DOTS, graph, graph.disconnect(WIRE)) == {Edge("conv", "relu"): ((7.0, 120.0),)}
    assert carried(DOTS, graph, graph.remove(["conv"])) == {}
    other = graph.add(Node("second", Input())).connect("second", "conv")
    assert carried(DOTS, graph, other) == {Edge("conv", "relu"): ((7.0, 120.0),)}


def test_dots_go_to_the_half_that_they_lie_on(graph):
    middles = {"image": (0.0, 0.0), "new": (0.0, 50.0), "conv": (0.0, 100.0)}
    after = carried(DOTS, graph, graph.insert(WIRE, Node("new", Identity())), middles)
    assert after[Edge("image", "new")] == DOTS[WIRE][:2]
    assert after[Edge("new", "conv")] == DOTS[WIRE][2:]
    assert after[Edge("conv", "relu")] == DOTS[Edge("conv", "relu")]
    low = carried(DOTS, graph, graph.insert(WIRE, Node("new", Identity())), middles | {"new": (0.0, 95.0)})
    assert low[Edge("image", "new")] == DOTS[WIRE]
    assert Edge("new", "conv") not in low


def test_without_places_dots_are_shared_out_by_their_number(graph):
    after = carried(DOTS, graph, graph.insert(WIRE, Node("new", Identity())))
    assert after[Edge("image", "new")] == DOTS[WIRE][:2]
    assert after[Edge("new", "conv")] == DOTS[WIRE][2:]


def test_of_a_chain_put_into_a_wire_the_outer_wires_have_the_dots(graph):
    two = graph.insert(WIRE, Node("a", Identity())).insert(Edge("a", "conv"), Node("b", Identity()))
    after = carried(DOTS, graph, two)
    assert after[Edge("image", "a")] == DOTS[WIRE][:2]
    assert after[Edge("b", "conv")] == DOTS[WIRE][2:]
    assert Edge("a", "b") not in after


def test_branches_of_a_block_share_no_dots(graph):
    block = next(block for block in BLOCKS if block.name == "ResidualBlock")
    fragment = block.build(Shape(1, 32, 32), "res")
    after = fragment.joined(graph, after="image", into=(WIRE,))
    entering = [edge for edge in after.outgoing["image"]]
    assert len(entering) > 1
    kept = carried(DOTS, graph, after)
    assert not kept.keys() & set(entering)
    assert kept[after.incoming["conv"][0]] == DOTS[WIRE][2:]


def test_a_wire_that_is_left_goes_through_the_dots_of_its_parts(graph):
    after = carried(DOTS, graph, graph.bypass("conv"))
    assert after == {Edge("image", "relu"): (*DOTS[WIRE], (7.0, 120.0))}


def test_several_layers_are_taken_out_at_once():
    graph = chain(image=Input(), a=ReLU(), b=ReLU(), c=ReLU())
    dots = {Edge("image", "a"): ((1.0, 1.0),), Edge("b", "c"): ((3.0, 3.0),)}
    after = carried(dots, graph, graph.bypass("a").bypass("b"))
    assert after == {Edge("image", "c"): ((1.0, 1.0), (3.0, 3.0))}


def test_a_wire_to_another_source_is_no_part(graph):
    graph = graph.add(Node("second", Input()))
    after = graph.remove(["conv"]).connect("second", "relu")
    assert carried(DOTS, graph, after) == {}


def test_insertion_and_removal_are_the_dots_as_before(graph):
    inserted = graph.insert(WIRE, Node("new", Identity()))
    dots = carried(DOTS, graph, inserted)
    assert carried(dots, inserted, inserted.bypass("new")) == DOTS


def test_another_node_takes_ones_place(graph):
    after = chain(image=Input(), pool=ReLU(), relu=ReLU())
    assert exchanged(DOTS, "conv", "pool", after) == {
        Edge("image", "pool"): DOTS[WIRE],
        Edge("pool", "relu"): DOTS[Edge("conv", "relu")],
    }
    lone = Graph().add(Node("pool", ReLU())).add(Node("relu", ReLU())).connect("pool", "relu")
    assert list(exchanged(DOTS, "conv", "pool", lone)) == [Edge("pool", "relu")]


def test_all_dots_are_moved(graph):
    assert shifted(DOTS, 1, -1)[WIRE] == ((1.0, 9.0), (51.0, 19.0), (1.0, 89.0))


def test_dots_come_along_with_both_ends_of_their_wire(graph):
    network = Network("N", graph, dots=DOTS)
    piece = excerpt(network, ["image", "conv"])
    assert piece.dots == {WIRE: DOTS[WIRE]}
    whole, ids = joined(network, piece)
    assert whole.dots == {**DOTS, Edge(ids["image"], ids["conv"]): DOTS[WIRE]}
    graph = wired(graph.add(Node("add", Add())), ("image", "add"), ("relu", "add", 1))
    assert excerpt(Network("N", graph, dots=DOTS), ["add"]).dots == {}
