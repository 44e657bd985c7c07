"""Parts of networks taken out, and put into others."""

import numpy as np
import pytest

from engine import (
    Add,
    Conv2D,
    Edge,
    EditError,
    Graph,
    Group,
    Input,
    Network,
    Node,
    ReLU,
    Weights,
    excerpt,
    initialise,
    joined,
)
from tests.engine.networks import chain, lenet5, wired


def test_an_excerpt_keeps_inner_wires_weights_and_places():
    graph = lenet5()
    network = Network("LeNet", graph, initialise(graph), {"conv1": (0.0, 60.0), "softmax": (0.0, 900.0)})
    piece = excerpt(network, ["relu1", "conv1", "conv2"])
    assert [node.id for node in piece.graph.nodes] == ["conv1", "relu1", "conv2"]
    assert piece.graph.edges == (Edge("conv1", "relu1"),)
    assert set(piece.weights) == {"conv1", "conv2"}
    assert piece.weights["conv1"]["weight"] is network.weights["conv1"]["weight"]
    assert piece.layout == {"conv1": (0.0, 60.0)}
    assert piece.name == "LeNet"


def test_without_weights_an_excerpt_has_none():
    network = Network("N", lenet5())
    assert excerpt(network, ["conv1"]).weights is None
    graph = lenet5()
    assert excerpt(Network("N", graph, initialise(graph)), ["relu1"]).weights is None


def test_what_is_not_there_can_not_be_taken_out():
    with pytest.raises(EditError, match="no layer 'conv9'"):
        excerpt(Network("N", lenet5()), ["conv9"])


def test_a_piece_gets_free_ids_and_its_own_wires():
    graph = wired(
        chain(image=Input(), relu1=ReLU()).add(Node("add", Add(), "Sum")), ("image", "add"), ("relu1", "add", 1)
    )
    network = Network("N", graph, None, {"image": (0.0, 0.0)})
    whole, ids = joined(network, Network("P", graph, None, {"add": (5.0, 6.0)}))
    assert ids == {"image": "image1", "relu1": "relu2", "add": "add1"}
    assert whole.graph.node("add1").label == "Sum"
    assert set(whole.graph.edges) - set(graph.edges) == {
        Edge("image1", "relu2"),
        Edge("image1", "add1"),
        Edge("relu2", "add1", 1),
    }
    assert whole.graph.nodes[:3] == graph.nodes
    assert whole.layout == {"image": (0.0, 0.0), "add1": (5.0, 6.0)}
    assert whole.name == "N"


def test_weights_of_both_are_there_afterwards():
    own, kernel = np.zeros((1, 1, 1, 1), np.float32), np.ones((2, 1, 3, 3), np.float32)
    graph = Graph((Node("conv1", Conv2D()),))
    one = Network("N", graph, Weights({"conv1": {"weight": own}}))
    other = Network("P", graph, Weights({"conv1": {"weight": kernel}}))
    whole, ids = joined(one, other)
    assert ids == {"conv1": "conv2"}
    assert np.array_equal(whole.weights["conv2"]["weight"], kernel)
    assert np.array_equal(whole.weights["conv1"]["weight"], own)
    assert set(joined(Network("N", graph), other)[0].weights) == {"conv2"}
    assert joined(one, Network("P", graph))[0].weights is one.weights
    assert joined(Network("N", graph), Network("P", graph))[0].weights is None


def test_whole_groups_come_along_under_free_ids():
    groups = (Group("g", "Outer", ("image",)), Group("h", "Inner", ("conv1", "relu1"), "g", collapsed=True))
    network = Network("n", lenet5(), groups=groups)
    assert excerpt(network, ["image", "conv1"]).groups == ()
    assert excerpt(network, ["conv1", "relu1"]).groups == (Group("h", "Inner", ("conv1", "relu1"), collapsed=True),)
    piece = excerpt(network, ["image", "conv1", "relu1"])
    assert piece.groups == groups
    whole, ids = joined(network, piece)
    outer, inner = whole.groups[2:]
    assert (outer.nodes, inner.nodes) == ((ids["image"],), (ids["conv1"], ids["relu1"]))
    assert (inner.parent, inner.collapsed) == (outer.id, True)
    assert len({group.id for group in whole.groups}) == 4
