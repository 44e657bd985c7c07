from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import Add, Concat, Conv2D, Edge, EditError, Graph, Input, Node, ReLU, Softmax
from engine.graph import MOST_PORTS, ordered
from tests.engine.networks import chain, wired
from tests.strategies import drawings, edited

LINE = chain(image=Input(), conv=Conv2D(), relu=ReLU())
FORK = wired(LINE.add(Node("add", Add())), ("conv", "add"), ("relu", "add", 1))


def test_a_node_is_labelled_by_its_name_or_else_its_id():
    assert (Node("a", ReLU()).label, Node("a", ReLU(), "Rectifier").label) == ("a", "Rectifier")


def test_wires_are_found_from_both_ends():
    assert FORK.incoming["add"] == {0: Edge("conv", "add", 0), 1: Edge("relu", "add", 1)}
    assert FORK.outgoing["conv"] == [Edge("conv", "relu", 0), Edge("conv", "add", 0)]
    assert FORK.incoming["image"] == {}
    assert FORK.outgoing["add"] == []


def test_a_node_is_found_by_its_id():
    assert FORK.node("conv").layer == Conv2D()
    assert "conv" in FORK
    assert "gone" not in FORK
    with pytest.raises(EditError, match="There is no layer 'gone'"):
        FORK.node("gone")


def test_a_merge_shows_the_ports_it_needs_and_all_that_are_connected():
    graph = chain(image=Input()).add(Node("add", Add()))
    assert graph.port_count("add") == 2
    assert graph.connect("image", "add", 4).port_count("add") == 5
    assert graph.port_count("image") == 0


def test_fresh_ids_count_up_and_a_first_input_is_the_image():
    assert LINE.fresh_id("conv") == "conv1"
    assert LINE.add(Node("conv1", Conv2D())).fresh_id("conv") == "conv2"
    assert (Graph().fresh_id("image"), LINE.fresh_id("image")) == ("image", "image1")


def test_descendants_are_all_that_can_be_reached_and_the_node_itself():
    assert FORK.descendants("conv") == {"conv", "relu", "add"}
    assert FORK.descendants("add") == {"add"}


def test_an_edit_makes_a_new_graph_and_leaves_the_old_one():
    kept = (LINE.nodes, LINE.edges)
    assert LINE.add(Node("new", ReLU())).nodes == (*LINE.nodes, Node("new", ReLU()))
    assert LINE.remove(["conv"]) == Graph((LINE.nodes[0], LINE.nodes[2]))
    assert LINE.rename("conv", "first").by_id["conv"].name == "first"
    assert LINE.replace_layer("relu", Softmax()).by_id["relu"] == Node("relu", Softmax())
    assert LINE.disconnect(Edge("image", "conv")).edges == (Edge("conv", "relu"),)
    assert (LINE.nodes, LINE.edges) == kept
    with pytest.raises(AttributeError):
        LINE.nodes = ()


def test_a_wire_takes_the_place_of_the_one_at_its_port_in_the_same_order():
    graph = FORK.connect("image", "add", 0)
    assert graph.edges == (*LINE.edges, Edge("image", "add", 0), Edge("relu", "add", 1))


def test_a_layer_that_takes_fewer_inputs_loses_the_wires_beyond():
    graph = FORK.replace_layer("add", ReLU())
    assert graph.incoming["add"] == {0: Edge("conv", "add", 0)}
    assert FORK.replace_layer("add", Input()).incoming["add"] == {}
    assert FORK.replace_layer("add", Concat()).edges == FORK.edges


def test_a_node_put_into_a_wire_sits_between_its_ends():
    graph = FORK.insert(Edge("relu", "add", 1), Node("soft", Softmax()))
    assert graph.incoming["add"][1] == Edge("soft", "add", 1)
    assert graph.incoming["soft"] == {0: Edge("relu", "soft")}


def test_bypassing_a_node_wires_what_fed_it_to_all_that_it_fed():
    graph = FORK.bypass("conv")
    assert graph.edges == (Edge("relu", "add", 1), Edge("image", "relu"), Edge("image", "add"))
    assert "conv" not in graph
    assert FORK.bypass("image").edges == FORK.edges[1:]


def test_bypassing_a_node_of_a_small_cycle_leaves_no_layer_that_feeds_itself():
    graph = wired(Graph((Node("a", ReLU()), Node("b", Add()))), ("a", "b"), ("b", "a"))
    assert graph.bypass("b") == Graph((Node("a", ReLU()),))


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (lambda: LINE.add(Node("conv", ReLU())), "There is a layer 'conv' already"),
        (lambda: LINE.add(Node("", ReLU())), "A layer needs an id"),
        (lambda: LINE.remove(["conv", "gone"]), "There is no layer 'gone'"),
        (lambda: LINE.connect("gone", "conv"), "There is no layer 'gone'"),
        (lambda: LINE.connect("conv", "gone"), "There is no layer 'gone'"),
        (lambda: LINE.connect("conv", "conv"), "'conv' can't feed itself"),
        (lambda: LINE.connect("conv", "image"), "'image' has no input 1"),
        (lambda: LINE.connect("image", "relu", 1), "'relu' has no input 2"),
        (lambda: FORK.connect("image", "add", -1), "'add' has no input 0"),
        (lambda: FORK.connect("image", "add", MOST_PORTS), "'add' has no input 1025"),
        (lambda: LINE.disconnect(Edge("image", "relu")), "There is no wire from 'image' to 'relu'"),
        (lambda: LINE.replace_layer("gone", ReLU()), "There is no layer 'gone'"),
        (lambda: LINE.rename("gone", "x"), "There is no layer 'gone'"),
        (lambda: LINE.insert(Edge("image", "relu"), Node("new", ReLU())), "There is no wire"),
        (lambda: LINE.insert(LINE.edges[0], Node("new", Input())), "'new' has no input 1"),
        (lambda: LINE.bypass("gone"), "There is no layer 'gone'"),
    ],
)
def test_an_edit_that_makes_no_sense_says_why(edit: Callable[[], Graph], message: str):
    with pytest.raises(EditError, match=message):
        edit()


def test_the_last_port_of_all_can_be_connected():
    assert FORK.connect("image", "add", MOST_PORTS - 1).port_count("add") == MOST_PORTS


@given(drawings(), st.data())
def test_after_any_edits_ids_are_unique_and_wires_end_at_ports_that_exist(graph: Graph, data: st.DataObject):
    for _ in range(data.draw(st.integers(1, 6))):
        graph = data.draw(edited(graph))
    assert len(graph.by_id) == len(graph.nodes)
    assert len({(edge.target, edge.port) for edge in graph.edges}) == len(graph.edges)
    for edge in graph.edges:
        assert edge.source in graph
        assert edge.source != edge.target
        assert 0 <= edge.port < graph.port_count(edge.target)
        most = graph.by_id[edge.target].layer.ports.most
        assert most is None or edge.port < most


@given(drawings())
def test_in_the_order_every_node_follows_its_sources_and_the_rest_hangs_on_a_cycle(graph: Graph):
    order, cyclic = ordered(graph)
    assert sorted([*order, *cyclic]) == sorted(graph.by_id)
    place = {node: number for number, node in enumerate(order)}
    for edge in graph.edges:
        if edge.target in place:
            assert place[edge.source] < place[edge.target]
    for node in cyclic:
        assert any(edge.source in cyclic for edge in graph.incoming[node].values())


def test_the_order_is_that_of_the_drawing_where_the_wires_allow_it():
    names = ("image", "one", "two", "add", "three")
    graph = Graph(tuple(Node(name, Add() if name == "add" else ReLU()) for name in names))
    forked = wired(graph, ("image", "one"), ("image", "two"), ("one", "add"), ("two", "add", 1), ("one", "three"))
    assert ordered(forked) == (("image", "one", "two", "add", "three"), ())
    assert ordered(wired(forked, ("three", "two"))) == (("image", "one", "three", "two", "add"), ())


@given(drawings(), st.data())
def test_what_a_graph_takes_over_from_the_one_before_is_what_it_would_find_itself(graph: Graph, data: st.DataObject):
    for _ in range(data.draw(st.integers(1, 6))):
        graph = data.draw(edited(graph))
        fresh = Graph(graph.nodes, graph.edges)
        for name in ("by_id", "incoming", "outgoing", "gaps", "inputs"):
            found, expected = getattr(graph, name), getattr(fresh, name)
            assert found == expected
            assert set(found) == set(expected)
        assert graph.drawn_in_order == fresh.drawn_in_order
        assert all(list(graph.incoming[node].items()) == list(fresh.incoming[node].items()) for node in fresh.by_id)
