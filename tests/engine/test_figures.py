"""Every number of an analysis can be explained, and every explanation comes to that number."""

import re
from math import ceil, floor

import pytest

from engine import (
    LAYERS,
    Add,
    Concat,
    Conv2D,
    Dense,
    Derivation,
    Dropout,
    Figure,
    Flatten,
    Graph,
    Input,
    MaxPool2D,
    Node,
    Shape,
    Share,
    Upsample2D,
    analyse,
    figure_derivations,
    load,
    shares,
)
from engine.figures import amount
from tests.engine.networks import chain, lenet5, wired

NETWORKS = ("lenet5", "resnet18", "googlenet", "unet", "mobilenet_v3_large", "convnext_tiny")


def evaluated(derivation: Derivation) -> float:
    """Compute what a derivation's arithmetic comes to."""
    text = derivation.substituted.replace(",", "").replace("·", "*").replace("−", "-").replace("×", "*")
    text = re.sub(r"⌊(.*?)⌋", r"floor(\1)", text)
    text = re.sub(r"⌈(.*?)⌉", r"ceil(\1)", text)
    assert re.fullmatch(r"[\d+\-*/() .floorceil]+", text), text
    return eval(text, {"floor": floor, "ceil": ceil})


@pytest.mark.parametrize("name", NETWORKS)
def test_every_number_of_a_network_is_derived(name: str, resources):
    analysis = analyse(load(resources / "examples" / f"{name}.json").graph)
    for node, entry in analysis.nodes.items():
        for figure in Figure:
            for found in figure_derivations(analysis, node, figure):
                assert evaluated(found) == pytest.approx(found.value), (node, figure, found.text())
        expected = entry.output
        found = {one.quantity: one.value for one in figure_derivations(analysis, node, Figure.OUTPUT)}
        if expected.is_volume and "width" in found:
            assert Shape(found["depth"], found["height"], found["width"]) == expected
        else:
            assert {*found.values()} == {expected.size}
        for figure in (Figure.WEIGHTS, Figure.BIASES, Figure.CONNECTIONS, Figure.MACS, Figure.PARAMETERS):
            (found,) = figure_derivations(analysis, node, figure)
            assert found.value == amount(entry, figure)
        size = {one.quantity: one.value for one in figure_derivations(analysis, node, Figure.FIELD)}
        assert (size["height"], size["width"]) == analysis.receptive_fields[node].size


@pytest.fixture(scope="module")
def lenet():
    return analyse(lenet5())


@pytest.mark.parametrize(
    ("figure", "texts"),
    [
        (Figure.OUTPUT, ["W₂ = ⌊(W₁ − F + 2P)/S⌋ + 1 = ⌊(14 − 5 + 2·0)/1⌋ + 1 = 10", None, "D₂ = K = 16"]),
        (Figure.VALUES, ["W₂·H₂·D₂ = 10·10·16 = 1,600"]),
        (Figure.WEIGHTS, ["F·F·D₁·K = 5·5·6·16 = 2,400"]),
        (Figure.BIASES, ["K = 16"]),
        (Figure.PARAMETERS, ["weights + biases = 2,400 + 16 = 2,416"]),
        (Figure.CONNECTIONS, ["W₂·H₂·D₂·(F·F·D₁) = 10·10·16·(5·5·6) = 240,000"]),
        (Figure.MEMORY, ["values·4 = 1,600·4 = 6,400"]),
        (Figure.FIELD, ["r₁ + (F − 1)·j₁ = 6 + (5 − 1)·2 = 14"] * 2),
        (Figure.JUMP, ["j₁·S = 2·1 = 2"] * 2),
        (Figure.OFFSET, ["o₁ − P·j₁ = 0 − 0·2 = 0"] * 2),
    ],
)
def test_the_second_convolution_of_lenet(lenet, figure, texts):
    found = [one.text() for one in figure_derivations(lenet, "conv2", figure)]
    assert len(found) == len(texts)
    assert all(text in (None, shown) for text, shown in zip(texts, found, strict=True))


def test_a_layer_without_weights_says_so(lenet):
    (found,) = figure_derivations(lenet, "relu1", Figure.WEIGHTS)
    assert (found.formula, found.value) == ("none in this layer", 0)


def test_what_is_passed_on_is_said_too():
    graph = chain(image=Input(channels=3, height=8, width=9), drop=Dropout(), flatten=Flatten(), dense=Dense(units=4))
    analysis = analyse(graph)
    assert [one.value for one in figure_derivations(analysis, "drop", Figure.OUTPUT)] == [3 * 8 * 9]
    assert [one.text() for one in figure_derivations(analysis, "image", Figure.OUTPUT)] == ["W₂·H₂·D₂ = 9·8·3 = 216"]
    assert [one.text() for one in figure_derivations(analysis, "dense", Figure.VALUES)] == ["N₂ = 4"]
    whole = figure_derivations(analysis, "dense", Figure.FIELD)
    assert [(one.quantity, one.formula, one.value) for one in whole] == [
        ("width", "all that the inputs see", 9),
        ("height", "all that the inputs see", 8),
    ]


def test_stacked_maps_keep_their_size_and_branches_see_together():
    graph = chain(image=Input(channels=3, height=8, width=9), conv=Conv2D(padding="same"), stack=Concat())
    analysis = analyse(wired(graph, ("image", "stack", 1)))
    found = {one.quantity: one.value for one in figure_derivations(analysis, "stack", Figure.OUTPUT)}
    assert found == {"width": 9, "height": 8, "depth": 11}
    assert "together" in figure_derivations(analysis, "stack", Figure.FIELD)[0].formula
    same = analyse(wired(chain(image=Input(), add=Add()), ("image", "add", 1)))
    assert "together" not in figure_derivations(same, "add", Figure.FIELD)[0].formula


def test_parts_of_a_pixel_are_rounded_or_left_out():
    analysis = analyse(chain(image=Input(), up=Upsample2D(), conv=Conv2D()))
    field = figure_derivations(analysis, "conv", Figure.FIELD)[0]
    assert field.substituted.startswith("⌈")
    assert evaluated(field) == field.value == analysis.receptive_fields["conv"].size[1]
    assert figure_derivations(analysis, "conv", Figure.JUMP) == ()


def test_nothing_is_derived_of_what_is_not_known():
    analysis = analyse(Graph().add(Node("conv", Conv2D())))
    assert all(figure_derivations(analysis, "conv", figure) == () for figure in Figure)


@pytest.mark.parametrize("layer", LAYERS, ids=lambda one: one.__name__)
def test_every_layer_alone_can_be_asked_for_everything(layer):
    graph = Graph().add(Node("image", Input(channels=8, height=16, width=16))).add(Node("it", layer()))
    for port in range(layer.ports.least):
        graph = graph.connect("image", "it", port)
    analysis = analyse(graph)
    if analysis.nodes["it"].output is None:
        assert layer.__name__ in ("Dense", "LinearSVM", "Softmax", "LogSoftmax", "Subtract")
        return
    for figure in Figure:
        assert all(one.text() for one in figure_derivations(analysis, "it", figure))


def test_the_largest_parts_of_a_sum_come_first(lenet):
    parts = shares(lenet, Figure.PARAMETERS)
    assert parts[0] == Share("dense1", 48_120)
    assert sum(part.value for part in parts) == lenet.totals.parameters
    assert [part.value for part in parts] == sorted((part.value for part in parts), reverse=True)
    assert "relu1" not in [part.node for part in parts]
    some = shares(lenet, Figure.MACS, ["conv1", "pool1"])
    assert some == (Share("conv1", 117_600),)


@pytest.mark.parametrize(
    ("figure", "field"),
    [
        (Figure.WEIGHTS, "weights"),
        (Figure.BIASES, "biases"),
        (Figure.TRAINABLE, "trainable"),
        (Figure.STATISTICS, "non_trainable"),
        (Figure.CONNECTIONS, "connections"),
        (Figure.MACS, "macs"),
        (Figure.MEMORY, "activation_bytes"),
    ],
)
def test_parts_add_up_to_the_totals(figure, field):
    graph = chain(image=Input(), conv=Conv2D(), pool=MaxPool2D(), flatten=Flatten(), dense=Dense())
    analysis = analyse(graph)
    assert sum(part.value for part in shares(analysis, figure)) == getattr(analysis.totals, field)


def test_what_can_not_be_summed_has_no_parts(lenet):
    assert shares(lenet, Figure.FIELD) == ()
