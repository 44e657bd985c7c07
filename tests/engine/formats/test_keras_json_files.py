"""Models of Keras 2, nested ones, and what else is found in files."""

import json
import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import (
    Add,
    Conv2D,
    Dropout,
    DropPath,
    Flatten,
    FormatError,
    FormatNote,
    FormatWarning,
    HardSigmoid,
    Input,
    LinearSVM,
    Network,
    ReLU,
    Rescaling,
    SiLU,
    Tanh,
    run,
)
from engine.formats import keras_json
from engine.groups import grouped
from tests.conformance.runtime import weights_for
from tests.engine.networks import chain, lenet5, wired


def layer2(kind: str, name: str, *sources: str, **config: Any) -> dict[str, Any]:
    """Return a layer as Keras 2 describes it."""
    inbound = [[[source, 0, 0, {}] for source in sources]] if sources else []
    return {"class_name": kind, "name": name, "config": {"name": name, **config}, "inbound_nodes": inbound}


def model2(*layers: dict[str, Any], last: str, first: str = "image") -> dict[str, Any]:
    config = {"name": "two", "layers": layers, "input_layers": [[first, 0, 0]], "output_layers": [[last, 0, 0]]}
    return {"class_name": "Functional", "config": config, "keras_version": "2.15.0", "backend": "tensorflow"}


IMAGE = layer2("InputLayer", "image", batch_input_shape=[None, 8, 6, 3])


def test_a_functional_model_of_keras_2_is_read():
    times = layer2("TFOpLambda", "times", function="math.multiply")
    times["inbound_nodes"] = [["plus", 0, 0, {"y": 0.5, "name": None}]]
    plus = layer2("TFOpLambda", "plus", function="__operators__.add")
    plus["inbound_nodes"] = [["conv", 0, 0, {"y": 3.0, "name": None}]]
    model = model2(
        IMAGE,
        layer2("Conv2D", "conv", "image", filters=3, kernel_size=[3, 3], padding="same", activation="swish"),
        plus,
        times,
        layer2("Add", "sum", "times", "image"),
        last="sum",
    )
    graph = keras_json.decode(json.dumps(model).encode()).graph
    assert graph == wired(
        chain(
            image=Input(channels=3, height=8, width=6),
            conv=Conv2D(filters=3, padding="same"),
            conv_swish=SiLU(),
            plus=Rescaling(scale=1, offset=3),
            times=Rescaling(scale=0.5, offset=0),
            sum=Add(),
        ),
        ("image", "sum", 1),
    )


@pytest.mark.parametrize("listed", [True, False])
def test_a_sequential_model_of_keras_2_is_read(listed: bool):
    layers = [
        {
            "class_name": "Conv2D",
            "config": {"name": "conv", "batch_input_shape": [None, 8, 6, 3], "filters": 2, "kernel_size": [3, 3]},
        },
        {"class_name": "Flatten", "config": {"name": "flatten"}},
        {"class_name": "Dense", "config": {"name": "fc", "units": 4, "activation": "softmax"}},
    ]
    model = {"class_name": "Sequential", "config": layers if listed else {"name": "s", "layers": layers}}
    graph = keras_json.decode(json.dumps(model).encode()).graph
    assert [node.id for node in graph.nodes] == ["image", "conv", "flatten", "fc", "fc_softmax"]
    assert graph.by_id["image"].layer == Input(channels=3, height=8, width=6)


def test_a_model_within_a_model_is_spelt_out_and_a_name_that_is_taken_gets_the_models():
    inner = {
        "class_name": "Sequential",
        "name": "inner",
        "config": {"name": "inner", "layers": [layer2("ReLU", "act"), layer2("Dropout", "drop", rate=0.25)]},
        "inbound_nodes": [[["act", 0, 0, {}]]],
    }
    model = model2(IMAGE, layer2("Activation", "act", "image", activation="tanh"), inner, last="inner")
    graph = keras_json.decode(json.dumps(model).encode()).graph
    assert graph == chain(
        image=Input(channels=3, height=8, width=6), act=Tanh(), inner_act=ReLU(), drop=Dropout(rate=0.25)
    )


def test_a_layer_that_is_used_twice_becomes_two_with_a_warning():
    twice = layer2("Conv2D", "conv", "image", filters=3, kernel_size=[1, 1])
    twice["inbound_nodes"].append([["conv", 0, 0, {}]])
    model = model2(IMAGE, twice, last="conv")
    model["config"]["output_layers"] = [["conv", 1, 0]]
    with pytest.warns(FormatWarning, match="layers share their weights"):
        graph = keras_json.decode(json.dumps(model).encode()).graph
    assert [node.id for node in graph.nodes] == ["image", "conv", "conv_2"]


def test_a_flatten_before_anything_but_dense_is_turned_to_kerass_order():
    model = model2(IMAGE, layer2("Flatten", "flat", "image"), layer2("Softmax", "out", "flat"), last="out")
    graph = keras_json.decode(json.dumps(model).encode()).graph
    image = np.random.default_rng(0).normal(size=(3, 8, 6)).astype(np.float32)
    maps = run(graph, weights_for(graph, 0), image)
    np.testing.assert_array_equal(maps["flat"], image.transpose(1, 2, 0).reshape(-1))


def test_dropping_whole_images_is_a_drop_path():
    graph = chain(image=Input(), drop=DropPath(rate=0.25))
    assert keras_json.decode(keras_json.encode(Network("n", graph))).graph == graph


@pytest.mark.parametrize(("version", "slope"), [("2.15.0", 0.2), ("3.15.0", 1 / 6)])
def test_keras_2_has_another_hard_sigmoid(version: str, slope: float):
    model = model2(IMAGE, layer2("Activation", "gate", "image", activation="hard_sigmoid"), last="gate")
    layer = keras_json.decode(json.dumps({**model, "keras_version": version}).encode()).graph.by_id["gate"].layer
    assert layer == HardSigmoid(alpha=slope, beta=0.5)


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"kernel_initializer": {"class_name": "HeNormal", "config": {"seed": None}}}, "how weights begin"),
        ({"dtype": {"class_name": "DTypePolicy", "config": {"name": "mixed_float16"}}}, "values are mixed_float16"),
        ({"dtype": "float64"}, "values are float64"),
        ({"kernel_regularizer": {"class_name": "L2", "config": {"l2": 0.01}}}, "regularisers"),
        ({"bias_constraint": {"class_name": "NonNeg", "config": {}}}, "constraints on weights"),
        ({"trainable": False}, "weights are frozen"),
    ],
)
def test_what_a_layer_says_of_training_and_precision_is_told(settings: dict[str, Any], told: str):
    conv = layer2("Conv2D", "conv", "image", filters=3, kernel_size=[1, 1], **settings)
    with pytest.warns(FormatWarning, match=told):
        keras_json.decode(json.dumps(model2(IMAGE, conv, last="conv")).encode())


def test_usual_initialisers_are_nothing_to_tell():
    usual = {"class_name": "VarianceScaling", "config": {"mode": "fan_avg", "scale": 1.0, "distribution": "uniform"}}
    settings = {"kernel_initializer": usual, "bias_initializer": {"class_name": "Zeros", "config": {}}}
    conv = layer2("Conv2D", "conv", "image", filters=3, kernel_size=[1, 1], dtype="float32", **settings)
    assert "conv" in keras_json.decode(json.dumps(model2(IMAGE, conv, last="conv")).encode()).graph


def test_an_output_that_others_take_is_told_of():
    model = model2(IMAGE, layer2("ReLU", "early", "image"), layer2("ReLU", "late", "early"), last="late")
    model["config"]["output_layers"] = [["early", 0, 0], ["late", 0, 0]]
    with pytest.warns(FormatWarning, match="that “early” is an output of its own, though others take it$"):
        keras_json.decode(json.dumps(model).encode())


def test_what_keras_has_no_place_for_is_named():
    image = Input(scaling="-1 to 1", fit="crop", invert=True)
    graph = chain(image=image, flatten=Flatten(), svm=LinearSVM(labels=("a", "b"))).rename("svm", "Verdict")
    groups, _ = grouped((), graph, ["flatten", "svm"], "Head")
    with pytest.warns(FormatWarning) as caught:
        keras_json.encode(Network("n", graph, groups=groups))
    (text,) = (str(one.message) for one in caught if not isinstance(one.message, FormatNote))
    for part in ("linear SVM", "names of the classes", "values from -1 to 1", "“crop”", "light and dark"):
        assert part in text
    assert "the name of 1 layer" in text
    assert "Not in the file: 1 group of layers" in [str(one.message) for one in caught]


def test_an_image_of_any_size_gets_a_usual_one_with_a_warning():
    entrance = layer2("InputLayer", "image", batch_input_shape=[None, None, None, 3])
    with pytest.warns(FormatWarning, match="images of any size \\(here 224×224×3\\)"):
        network = keras_json.decode(json.dumps(model2(entrance, last="image")).encode())
    assert network.graph == chain(image=Input(channels=3, height=224, width=224))


@pytest.mark.parametrize(
    ("layer", "message"),
    [
        (layer2("LSTM", "odd", "image"), "Convolab has no layer like Keras's LSTM - at layer 'odd'"),
        (layer2("Conv2D", "odd", "image"), "Conv2D can't be read: its settings are not as expected .*'filters'"),
        (
            layer2("Conv2D", "odd", "image", filters=1, kernel_size=[99, 99]),
            "Conv2D can't be read: The kernel is 99×99, larger than the input of 6×8 .* - at layer 'odd'",
        ),
        (layer2("ReLU", "odd", "image", data_format="channels_first"), "channels first"),
        (layer2("ReLU", "odd", "gone"), "The layer 'odd' waits for one that is not there"),
        (layer2("PReLU", "odd", "image"), "a slope for each channel, not for each pixel"),
        (layer2("LayerNormalization", "odd", "image", rms_scaling=True), "takes no mean away"),
        (layer2("BatchNormalization", "odd", "image", axis=1), "works on axis 1, not on the channels"),
    ],
)
def test_what_convolab_does_not_have_is_refused_with_the_layer(layer: dict[str, Any], message: str):
    with pytest.raises(FormatError, match=message):
        keras_json.decode(json.dumps(model2(IMAGE, layer, last="odd")).encode())


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[1]",
        b"\xff",
        b'{"class_name": "Functional"}',
        b'{"class_name": "Sequential", "config": 5}',
        b"[" * 100_000,
    ],
)
def test_what_is_no_keras_model_is_refused(data: bytes):
    with pytest.raises(FormatError, match="Not a Keras model"):
        keras_json.decode(data)


def spots(value: Any) -> list[tuple[Any, Any]]:
    """Return every place in a document as its container and its key there."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [spot for key, child in inner for spot in ((value, key), *spots(child))]


@settings(deadline=None, max_examples=200)
@given(st.randoms(use_true_random=False), st.sampled_from([None, -1, "x", [], {}, [1], 1e300, True, [[1, 2], [3, 4]]]))
def test_a_damaged_file_is_read_or_refused(random: Any, damage: Any):
    model = json.loads(keras_json.encode(Network("LeNet", lenet5())))
    container, key = random.choice(spots(model))
    container[key] = damage
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FormatWarning)
        try:
            assert isinstance(keras_json.decode(json.dumps(model).encode()), Network)
        except FormatError as problem:
            refused = str(problem)
            assert refused
