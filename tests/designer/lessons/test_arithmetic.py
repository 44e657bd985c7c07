"""The line of arithmetic: the numbers of the value at work, in words that add up."""

import numpy as np
import pytest

from designer.lessons.arithmetic import words
from engine import (
    Add,
    AvgPool2D,
    Conv2D,
    Dense,
    Flatten,
    Grain,
    Input,
    Layer,
    MaxPool2D,
    Node,
    ReLU,
    Softmax,
    Steps,
    Weights,
    run,
)
from tests.engine.networks import chain, wired

IMAGE = np.array([[[1, -2, 3], [0.5, 4, -1], [2, 0, 1]]], np.float32)


def text(layer: Layer, number: int = 0, grain: Grain = Grain.VALUE, **weights: list) -> str:
    graph = chain(image=Input(height=3, width=3), layer=layer)
    arrays = {name: np.array(values, np.float32) for name, values in weights.items()}
    found = run(graph, Weights({"layer": arrays} if arrays else {}), IMAGE).result("layer")
    assert found is not None
    return "".join(word.text for word in words(Steps(found, 0, grain)[number])).replace("  ", " ")


def test_a_convolution_sums_its_channels_and_adds_the_bias():
    kernel = [[[[1, 0], [0, 0.5]]]]
    assert text(Conv2D(filters=1, kernel=(2, 2)), weight=kernel, bias=[-1]) == "Σ products: 3 − bias 1 = 2"


def test_part_of_a_sum_says_how_far_it_is():
    kernel = [[[[1, 1], [1, 1]]]]
    layer = Conv2D(filters=1, kernel=(2, 2))
    assert text(layer, 1, Grain.PRODUCT, weight=kernel, bias=[0]) == "Sum of the first 2 of 5: −1"
    assert text(MaxPool2D(), 1, Grain.PRODUCT) == "Largest of the first 2 of 4: 1"


@pytest.mark.parametrize(
    ("layer", "number", "found"),
    [
        (MaxPool2D(stride=(1, 1)), 0, "max(1, −2, 0.5, 4) = 4"),
        (AvgPool2D(stride=(1, 1)), 1, "(−2 + 3 + 4 − 1) ÷ 4 = 1"),
        (ReLU(), 1, "max(0, −2) = 0"),
        (ReLU(), 2, "max(0, 3) = 3"),
        (Flatten(), 5, "(channel, y, x) = (0, 1, 2) goes to element 5 = −1"),
        (Softmax(), 3, "e^(0.5 − 0.5) ÷ Σ = 1 ÷ 1 = 1"),
    ],
)
def test_other_layers(layer, number, found):
    assert text(layer, number) == found


def test_a_dense_layer_and_its_bias():
    graph = chain(image=Input(height=3, width=3), flat=Flatten(), layer=Dense(units=1))
    weights = Weights({"layer": {"weight": np.ones((1, 9), np.float32), "bias": np.array([0.5], np.float32)}})
    found = run(graph, weights, IMAGE).result("layer")
    line = "".join(word.text for word in words(Steps(found)[0]))
    assert line == "Σ of 9 inputs × weights:  8.5  +  bias 0.5  =  9"


def test_the_activation_behind_it():
    graph = chain(image=Input(height=3, width=3), layer=Conv2D(filters=1, kernel=(1, 1)), relu=ReLU())
    weights = Weights({"layer": {"weight": np.ones((1, 1, 1, 1), np.float32), "bias": np.zeros(1, np.float32)}})
    maps = run(graph, weights, IMAGE)
    steps = Steps(maps.result("layer"), after=maps.result("relu"))
    assert "".join(word.text for word in words(steps[1])).endswith("=  −2   →  ReLU  →  0")


def test_branches_are_added():
    graph = chain(image=Input(height=3, width=3), relu=ReLU()).add(Node("sum", Add()))
    found = run(wired(graph, ("image", "sum", 0), ("relu", "sum", 1)), Weights({}), IMAGE).result("sum")
    assert "".join(word.text for word in words(Steps(found)[1])) == "−2  +  0  =  −2"
