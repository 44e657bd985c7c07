import pytest

from engine import (
    Add,
    Code,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    Graph,
    Input,
    MaxPool2D,
    Node,
    ReLU,
    Shape,
    Totals,
    analyse,
)
from tests.engine.networks import chain, lenet5, wired

# Weights, biases, connections, MACs; worked out by hand.
LENET5 = {
    "image": (Shape(1, 32, 32), 0, 0, 0),
    "conv1": (Shape(6, 28, 28), 150, 6, 117_600),
    "relu1": (Shape(6, 28, 28), 0, 0, 0),
    "pool1": (Shape(6, 14, 14), 0, 0, 0),
    "conv2": (Shape(16, 10, 10), 2_400, 16, 240_000),
    "relu2": (Shape(16, 10, 10), 0, 0, 0),
    "pool2": (Shape(16, 5, 5), 0, 0, 0),
    "flatten": (Shape(400), 0, 0, 0),
    "dense1": (Shape(120), 48_000, 120, 48_000),
    "relu3": (Shape(120), 0, 0, 0),
    "dense2": (Shape(84), 10_080, 84, 10_080),
    "relu4": (Shape(84), 0, 0, 0),
    "dense3": (Shape(10), 840, 10, 840),
    "softmax": (Shape(10), 0, 0, 0),
}


def test_lenet5_has_the_published_numbers_layer_by_layer():
    analysis = analyse(lenet5())
    assert analysis.diagnostics == ()
    assert analysis.order == tuple(LENET5)
    for node, (output, weights, biases, connections) in LENET5.items():
        entry = analysis.nodes[node]
        assert (entry.output, entry.weights, entry.biases) == (output, weights, biases)
        assert (entry.connections, entry.macs, entry.parameters) == (connections, connections, weights + biases)
        assert entry.trainable == entry.parameters


def test_lenet5_has_the_published_totals():
    totals = analyse(lenet5()).totals
    assert (totals.parameters, totals.trainable, totals.macs, totals.connections) == (61_706, 61_706, 416_520, 416_520)
    assert (totals.weights, totals.biases) == (61_470, 236)


def test_totals_are_the_sums_over_all_layers_maps_in_bytes_of_float32():
    totals = analyse(chain(image=Input(height=4, width=4), conv=Conv2D(filters=2), flat=Flatten())).totals
    assert totals == Totals(
        weights=18, biases=2, trainable=20, connections=72, macs=72, activation_bytes=4 * (16 + 8 + 8)
    )


def test_an_empty_drawing_has_no_numbers():
    analysis = analyse(Graph())
    assert (analysis.order, analysis.totals, analysis.input) == ((), Totals(), None)


def test_the_order_follows_the_wires_whatever_the_order_of_the_nodes():
    graph = Graph((Node("c", Add()), Node("b", Dropout()), Node("a", Input())))
    analysis = analyse(wired(graph, ("a", "b"), ("b", "c"), ("a", "c", 1)))
    assert analysis.order == ("a", "b", "c")
    assert list(analysis.nodes) == ["a", "b", "c"]


def test_behind_a_mistake_nothing_is_counted_and_beside_it_everything():
    graph = chain(image=Input(), conv=Conv2D(kernel=(40, 40)), after=Conv2D(), last=MaxPool2D())
    graph = wired(graph.add(Node("beside", Conv2D(filters=1))), ("image", "beside"))
    analysis = analyse(graph)
    for node in ("conv", "after", "last"):
        entry = analysis.nodes[node]
        assert (entry.output, entry.parameters, entry.macs, entry.connections) == (None, 0, 0, 0)
        assert (analysis.receptive_fields.get(node), entry.activation_bytes) == (None, 0)
    assert analysis.nodes["after"].inputs == (None,)
    assert analysis.nodes["beside"].parameters == 10


def test_only_the_first_layers_with_weights_behind_a_mistake_say_that_they_can_not_be_counted():
    graph = chain(image=Input(), big=MaxPool2D(kernel=(40, 40)), drop=Dropout(), conv=Conv2D(), more=Conv2D())
    graph = wired(graph.add(Node("other", Conv2D())).add(Node("add", Add())), ("big", "other"), ("big", "add"))
    graph = wired(graph, ("more", "add", 1)).add(Node("last", Conv2D()))
    analysis = analyse(wired(graph, ("add", "last")))
    told = [found.node for found in analysis.diagnostics if found.code is Code.UNKNOWN_CHANNELS]
    assert told == ["conv", "other"]
    assert [node for node, entry in analysis.nodes.items() if entry.uncounted] == [
        "conv",
        "more",
        "other",
        "add",
        "last",
    ]


def test_a_node_on_a_cycle_or_behind_one_comes_last_and_knows_as_many_inputs_as_it_has_ports():
    graph = chain(image=Input(), add=Add(), drop=Dropout(), after=Dropout())
    analysis = analyse(wired(graph, ("drop", "add", 2)))
    assert (analysis.order, analysis.cyclic) == (("image",), ("add", "drop", "after"))
    assert analysis.nodes["add"].inputs == (None, None, None)
    assert analysis.nodes["after"].output is None


def test_a_layer_may_take_the_same_output_twice():
    graph = chain(image=Input(height=2, width=3), add=Add())
    analysis = analyse(wired(graph, ("image", "add", 1)))
    assert (analysis.diagnostics, analysis.nodes["add"].output) == ((), Shape(1, 2, 3))


def test_the_image_enters_at_the_first_input():
    graph = Graph((Node("drop", Dropout()), Node("one", Input()), Node("two", Input())))
    assert analyse(graph).input == Node("one", Input())


def test_derivations_come_with_the_node_and_are_empty_where_inputs_are_missing():
    analysis = analyse(chain(image=Input(channels=3), conv=Conv2D(filters=6, kernel=(5, 5))).add(Node("alone", Add())))
    assert [one.value for one in analysis.nodes["conv"].derivations()] == [28, 28, 6, 450, 6, 352_800, 352_800]
    assert analysis.nodes["alone"].derivations() == ()
    assert analysis.nodes["image"].derivations() == ()


@pytest.mark.parametrize("layer", [Conv2D(), MaxPool2D(), Dense()])
def test_derivations_are_empty_where_a_layer_gets_what_it_can_not_use(layer: Conv2D | MaxPool2D | Dense):
    graph = chain(image=Input(), flat=Flatten(), odd=layer)
    if isinstance(layer, Dense):
        graph = chain(image=Input(), odd=layer)
    assert analyse(graph).nodes["odd"].derivations() == ()


def test_nodes_are_listed_part_by_part():
    apart = lenet5().remove(["flatten"]).add(Node("loop", ReLU())).add(Node("back", ReLU()))
    apart = apart.connect("loop", "back").connect("back", "loop")
    analysis = analyse(apart)
    names = [node.id for node in lenet5().nodes if node.id != "flatten"]
    assert analysis.listed == (*names, "loop", "back")
    assert set(analysis.listed) == {*analysis.order, *analysis.cyclic}
