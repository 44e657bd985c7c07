import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from engine import Conv2D, Dense, Flatten, Graph, Input, MaxPool2D, Network, Node, ReLU, Softmax, load
from engine.layers import LogSoftmax
from engine.lessons import Case, Check, Places, decode, judge, shipped


def check(**fields: Any) -> Check:
    step = {"title": "x", "text": ["y"], "exercise": {"checks": [fields]}}
    lesson = {"format": "convolab-lesson", "version": 1, "title": "x", "steps": [step]}
    exercise = decode(json.dumps(lesson).encode()).steps[0].exercise
    assert exercise is not None
    return exercise.checks[0]


def chain(*layers: tuple[str, Any]) -> Network:
    graph = Graph()
    for number, (node, layer) in enumerate(layers):
        graph = graph.add(Node(node, layer))
        if number:
            graph = graph.connect(layers[number - 1][0], node)
    return Network("x", graph)


OUTLINE = chain(
    ("image", Input(channels=3, height=30, width=32)),
    ("conv", Conv2D(filters=6, kernel=(5, 5))),
    ("relu", ReLU()),
    ("pool", MaxPool2D()),
    ("flatten", Flatten()),
    ("dense", Dense(units=10)),
    ("softmax", Softmax()),
)
MISTAKEN = chain(("image", Input(channels=1, height=4, width=4)), ("conv", Conv2D(kernel=(5, 5))))
TWO_ENDS = Network("x", OUTLINE.graph.add(Node("conv2", Conv2D())).connect("image", "conv2"))

ROWS = [
    ({"check": "output", "is": "10"}, True, "softmax gives 10."),
    ({"check": "output", "is": "*"}, True, "softmax gives 10."),
    ({"check": "output", "is": "9"}, False, "softmax gives 10; it should give 9."),
    ({"check": "output", "is": "28x26x6", "layer": "conv"}, True, "conv gives 28×26×6."),
    ({"check": "output", "is": "26×28×6", "layer": "conv"}, False, "conv gives 28×26×6; it should give 26×28×6."),
    ({"check": "output", "is": "*×*×6", "layer": "CONV"}, True, "conv gives 28×26×6."),
    ({"check": "output", "is": "*", "layer": "conv"}, False, "conv gives 28×26×6; it should give *."),
    ({"check": "output", "is": "14×13×6", "where": "family = pool or conv"}, True, "pool gives 14×13×6."),
    ({"check": "output", "is": "10", "layer": "conv9"}, False, "There is no layer “conv9”."),
    ({"check": "output", "is": "10", "where": "type = Add"}, False, "No layer is “type = Add”."),
    ({"check": "total", "of": "biases", "is": 16}, True, "The network has 16 biases."),
    (
        {"check": "total", "of": "weights", "at_most": 11369},
        False,
        "The network has 11,370 weights; it should have 11,369 or fewer.",
    ),
    ({"check": "total", "of": "weights", "at_most": 11370}, True, "The network has 11,370 weights."),
    (
        {"check": "total", "of": "macs", "at_least": 1e9},
        False,
        "The network has 338,520 multiply-accumulates; it should have 1,000,000,000 or more.",
    ),
    ({"check": "number", "of": "weights", "layer": "conv", "is": 450}, True, "conv has 450 weights."),
    (
        {"check": "number", "of": "connections", "layer": "conv", "is": 75},
        False,
        "conv has 327,600 connections; it should have 75.",
    ),
    ({"check": "number", "of": "field", "layer": "pool", "is": 6}, True, "A value of pool sees 6×6 pixels."),
    (
        {"check": "number", "of": "field", "layer": "pool", "at_least": 7},
        False,
        "A value of pool sees 6×6 pixels; it should see 7×7 or more.",
    ),
    (
        {"check": "number", "of": "field", "where": "conv or pool", "at_least": 9},
        False,
        "A value of pool sees 6×6 pixels; it should see 9×9 or more.",
    ),
    (
        {"check": "number", "of": "height", "layer": "softmax", "is": 1},
        False,
        "softmax gives a vector, which has no “height”.",
    ),
    ({"check": "setting", "of": "filters", "layer": "conv", "is": 6}, True, "conv: filters is 6."),
    ({"check": "setting", "of": "stride", "layer": "conv", "is": [1, 1]}, True, "conv: stride is 1×1."),
    (
        {"check": "setting", "of": "padding", "layer": "conv", "is": "same"},
        False,
        "conv: padding is valid; it should be same.",
    ),
    ({"check": "setting", "of": "bias", "layer": "conv", "is": True}, True, "conv: bias is yes."),
    ({"check": "setting", "of": "units", "where": "type = Dense", "at_least": 10}, True, "dense: units is 10."),
    ({"check": "setting", "of": "units", "layer": "conv", "is": 10}, False, "conv has no “units”."),
    ({"check": "setting", "of": "bias", "layer": "conv", "at_least": 1}, False, "conv: bias is yes."),
    ({"check": "layers", "where": "type = ReLU"}, True, "There is 1 ReLU layer."),
    ({"check": "layers", "where": "type = Add"}, False, "There are 0 Add layers; there should be 1 or more."),
    ({"check": "layers", "where": "params > 100", "is": 2}, True, "2 layers match “params > 100”."),
    (
        {"check": "layers", "where": "params > 100", "called": "Large layers", "at_most": 1},
        False,
        "Large layers: 2; there should be 1 or fewer.",
    ),
    (
        {"check": "order", "types": ["Input", "conv", "activation", "pool", "dense", "output"]},
        True,
        "Input → convolution → activation → pooling → fully connected → output follow each other.",
    ),
    (
        {"check": "order", "types": ["Conv2D", "MaxPool2D"], "adjacent": True},
        False,
        "Right behind Conv2D, MaxPool2D is missing.",
    ),
    ({"check": "order", "types": ["MaxPool2D", "Conv2D"]}, False, "Behind MaxPool2D, Conv2D is missing."),
    ({"check": "order", "types": ["Add", "Conv2D"]}, False, "There is no Add yet."),
    ({"check": "sound", "warnings": True}, True, "No mistakes and no warnings."),
    (
        {"check": "any", "of": [{"check": "layers", "where": "type = Add"}, {"check": "sound"}]},
        True,
        "No mistakes.",
    ),
    (
        {"check": "any", "of": [{"check": "output", "is": "9"}, {"check": "output", "is": "8"}]},
        False,
        "softmax gives 10; it should give 9. or softmax gives 10; it should give 8.",
    ),
]


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(tmp_path, shipped())


@pytest.mark.parametrize(("fields", "met", "text"), ROWS, ids=range(len(ROWS)))
def test_each_check_says_how_the_network_stands(fields, met, text, places):
    verdict = judge(check(**fields), Case(OUTLINE, places))
    assert (verdict.met, verdict.text) == (met, text)


def test_a_mistake_is_no_output_and_its_sentence_is_the_problem_s(places):
    case = Case(MISTAKEN, places)
    assert judge(check(check="output", **{"is": "1×1×8"}), case).text.startswith("conv has no output yet")
    sound = judge(check(check="sound"), case)
    assert not sound.met
    assert sound.node == "conv"
    assert "larger than the input" in sound.text
    assert not judge(check(check="number", of="field", layer="conv", at_least=1), case).met


def test_a_network_should_end_in_one_place(places):
    verdict = judge(check(check="output", **{"is": "10"}), Case(TWO_ENDS, places))
    assert verdict.text.startswith("The network ends in 2 places (")
    nothing = judge(check(check="output", **{"is": "10"}), Case(Network(), places))
    assert nothing.text == "The network has no output yet."
    assert not judge(check(check="sound"), Case(Network(), places)).met


def test_layers_follow_each_other_through_branches_only_along_wires(places):
    beside = chain(("image", Input()), ("conv", Conv2D()), ("pool", MaxPool2D())).graph
    beside = beside.add(Node("relu", ReLU())).connect("image", "relu")
    case = Case(Network("x", beside), places)
    assert not judge(check(check="order", types=["Conv2D", "ReLU"]), case).met
    assert judge(check(check="order", types=["Input", "ReLU"], adjacent=True), case).met


def test_a_cycle_is_judged_without_end(places):
    graph = chain(("image", Input()), ("conv", Conv2D()), ("relu", ReLU())).graph.connect("relu", "conv")
    case = Case(Network("x", graph), places)
    assert not judge(check(check="sound"), case).met
    assert not judge(check(check="order", types=["Conv2D", "ReLU"]), case).met


# What an image gives

SEVEN, THREE = "shipped:images/digits/7_0023.png", "shipped:images/digits/3_0000.png"


@pytest.fixture(scope="module")
def lenet(resources: Path) -> Network:
    return load(resources / "examples" / "lenet5.json")


def answer(image: str, label: str, **more: Any) -> Check:
    return check(check="answer", image=image, **{"is": label}, **more)


def test_the_answer_to_an_image_is_judged(lenet, places):
    case = Case(lenet, places)
    right = judge(answer(SEVEN, "7", at_least=0.9), case)
    assert right.met
    assert right.text.startswith("7_0023.png is taken for “7” (9")
    wrong = judge(answer(SEVEN, "3"), case)
    assert not wrong.met
    assert wrong.text.endswith("it should be “3”.")
    unsure = judge(answer(SEVEN, "7", at_least=1.0), case)
    assert not unsure.met
    assert "but only with" in unsure.text


def test_a_probability_is_one_behind_log_softmax_too(lenet, places):
    graph = lenet.graph.replace_layer("softmax", LogSoftmax(labels=tuple("0123456789")))
    logarithmic = msgspec.structs.replace(lenet, graph=graph)
    assert judge(answer(SEVEN, "7", at_least=0.9), Case(logarithmic, places)).met


def test_the_accuracy_counts_the_images(lenet, places):
    images = {SEVEN: "7", THREE: "4"}
    half = judge(check(check="accuracy", images=images, at_least=0.5), Case(lenet, places))
    assert (half.met, half.text) == (True, "1 of 2 images are answered right.")
    more = judge(check(check="accuracy", images=images, at_least=0.9), Case(lenet, places))
    assert (more.met, more.text) == (False, "1 of 2 images are answered right; 90% are wanted.")


def test_what_can_t_run_is_not_met_and_says_why(lenet, places):
    broken = msgspec.structs.replace(lenet, graph=lenet.graph.remove(["flatten"]))
    for network, image, why in (
        (broken, SEVEN, "gives no answer yet"),
        (OUTLINE, "gone.png", "There is no file"),
        (lenet, "shipped:examples/lenet5.json", "not an image"),
    ):
        case = Case(network, places)
        verdict = judge(answer(image, "7"), case)
        assert not verdict.met
        assert why in verdict.text
        assert not judge(check(check="accuracy", images={image: "7"}, at_least=0.1), case).met


def test_a_network_that_is_too_large_is_not_run(places):
    image, flatten = ("image", Input(channels=3, height=1000, width=1000)), ("flatten", Flatten())
    slow = chain(image, ("conv", Conv2D(filters=64, kernel=(21, 21))), flatten)
    heavy = chain(image, flatten, ("dense", Dense(units=200)))
    for network in (slow, heavy):
        assert not Case(network, places).analysis.errors
        assert "too large" in judge(answer(SEVEN, "7"), Case(network, places)).text
