from itertools import pairwise

import pytest

from designer.pictures.steps import squeezed, steps_of
from engine import (
    Add,
    BatchNorm2D,
    Concat,
    Conv2D,
    Crop2D,
    Dense,
    Flatten,
    GlobalAvgPool2D,
    Input,
    MaxPool2D,
    Multiply,
    ReLU,
    Shape,
    Sigmoid,
    Softmax,
    analyse,
)
from tests.designer.pictures.figures import chained, drawn, example

SAME = Conv2D(filters=8, padding="same")


def test_activations_go_to_the_convolution_before_them(resources):
    steps = steps_of(analyse(example(resources, "lenet5").graph))
    assert list(steps) == ["image", "conv1", "pool1", "conv2", "pool2", "dense1", "dense2", "dense3"]
    assert steps["conv1"].lines == ("5×5 conv, 6", "ReLU")
    assert steps["conv1"].members == ("conv1", "relu1")
    assert steps["conv1"].shape == Shape(6, 28, 28)
    assert steps["pool2"].members == ("pool2", "flatten")
    assert steps["dense3"].lines == ("dense, 10", "softmax")
    assert steps["dense3"].classes == tuple("0123456789")
    assert steps["conv2"].parameters == 2416


def test_short_words_share_a_line():
    graph = chained({"image": Input(), "conv": SAME, "bn": BatchNorm2D(), "relu": ReLU()})
    assert steps_of(analyse(graph))["conv"].lines == ("3×3 conv, 8", "BN, ReLU")


def test_what_prepares_a_layer_behind_a_fork_is_told_with_it():
    layers = {"image": Input(), "pool": MaxPool2D(), "bn": BatchNorm2D(), "conv": SAME, "all": Concat()}
    wires = [("image", "pool"), ("pool", "bn"), ("bn", "conv"), ("pool", "all", 0), ("conv", "all", 1)]
    steps = steps_of(analyse(drawn(layers, *wires)))
    assert steps["conv"].lines == ("BN", "3×3 conv, 8")
    assert steps["all"].parts == (1, 8)


def test_what_only_cuts_on_a_shortcut_is_a_label():
    layers = {"image": Input(), "conv": Conv2D(filters=3), "crop": Crop2D(cropping=(1, 1, 1, 1)), "sum": Add()}
    wires = [("image", "conv"), ("image", "crop"), ("conv", "sum", 0), ("crop", "sum", 1)]
    steps = steps_of(analyse(drawn(layers, *wires)))
    assert list(steps) == ["image", "conv", "sum"]
    assert [source.label for source in steps["sum"].sources] == ["", "crop"]


@pytest.mark.parametrize("name", ["googlenet", "densenet121", "resnet18", "efficientnet_b0"])
def test_no_parameter_is_lost(resources, name):
    analysis = analyse(example(resources, name).graph)
    for steps in (steps_of(analysis), squeezed(steps_of(analysis))):
        assert sum(step.parameters for step in steps.values()) == analysis.totals.parameters


def test_a_selection_is_shown_with_what_feeds_it(resources):
    steps = steps_of(analyse(example(resources, "lenet5").graph), ["conv2", "relu2"])
    assert list(steps) == ["pool1", "conv2"]
    assert steps["conv2"].lines == ("5×5 conv, 16", "ReLU")
    assert not steps["pool1"].lines


def test_layers_on_a_cycle_are_left_out():
    graph = drawn({"image": Input(), "sum": Add(), "conv": SAME}, ("image", "sum"), ("sum", "conv"), ("conv", "sum", 1))
    assert list(steps_of(analyse(graph))) == ["image"]


def test_an_unknown_shape_stays_unknown():
    graph = chained({"image": Input(), "dense": Dense(units=5), "soft": Softmax()})
    assert steps_of(analyse(graph))["dense"].shape is None


def test_squeeze_and_excitation_becomes_two_letters():
    layers = {
        "image": Input(),
        "conv": SAME,
        "pool": GlobalAvgPool2D(keep_axes=True),
        "fc1": Conv2D(filters=2, kernel=(1, 1)),
        "relu": ReLU(),
        "fc2": Conv2D(filters=8, kernel=(1, 1)),
        "sigmoid": Sigmoid(),
        "scale": Multiply(),
        "flat": Flatten(),
        "dense": Dense(units=4),
    }
    names = ["conv", "pool", "fc1", "relu", "fc2", "sigmoid"]
    wires = [("image", "conv"), *pairwise(names), ("sigmoid", "scale", 0), ("conv", "scale", 1)]
    whole = steps_of(analyse(drawn(layers, *wires, ("scale", "flat"), ("flat", "dense"))))
    steps = squeezed(whole)
    assert list(steps) == ["image", "conv", "dense"]
    assert steps["conv"].lines == ("3×3 conv, 8", "SE")
    assert steps["dense"].sources[0].step == "conv"
    assert {*steps["conv"].members} >= {"conv", "pool", "fc1", "fc2", "scale"}
    assert sum(step.parameters for step in steps.values()) == sum(step.parameters for step in whole.values())
