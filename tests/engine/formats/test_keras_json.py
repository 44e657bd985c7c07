import gzip
import json
import re
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import (
    LAYERS,
    Add,
    AvgPool2D,
    BatchNorm2D,
    ChannelShuffle,
    Conv2D,
    ConvTranspose2D,
    Dense,
    Dropout,
    DropPath,
    Flatten,
    FormatError,
    FormatNote,
    FormatWarning,
    GlobalAvgPool2D,
    Graph,
    HardSigmoid,
    Input,
    Layer,
    LinearSVM,
    LocalResponseNorm,
    MaxPool2D,
    Multiply,
    Network,
    Permute,
    ReLU,
    Rescaling,
    Reshape,
    SiLU,
    Slice,
    Softmax,
    Tanh,
    ZeroPad2D,
    analyse,
    load,
    run,
)
from engine.formats import keras_json
from engine.formats.keras_json.tables import WITHOUT_COUNTERPART, WRITERS
from engine.groups import grouped
from tests.conformance.runtime import weights_for
from tests.conformance.test_onnx_round_trip import EXAMPLES, small
from tests.conformance.test_onnxruntime_layers import alone
from tests.engine.networks import chain, lenet5, wired
from tests.strategies import INNER, fitting, networks

MODELS = Path(__file__).parent / "keras_models"


def described(name: str) -> bytes:
    return gzip.decompress((MODELS / f"{name}.json.gz").read_bytes())


def read(data: bytes) -> Network:
    """Read a model whatever is lost of it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FormatWarning)
        return keras_json.decode(data)


def written(graph: Graph) -> bytes | None:
    """Write a network whatever is lost of it; None where Keras has no counterpart, which must be said."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FormatWarning)
        try:
            return keras_json.encode(Network("net", graph))
        except FormatError as problem:
            refused = str(problem)
    assert re.search("can't be written for Keras: .+ - at layer ", refused)
    return None


def check_there_and_back(graph: Graph, seed: int) -> bool:
    """Assert that a network that was written and read, with the weights moved, gives the same outputs."""
    data = written(graph)
    if data is None:
        return False
    weights = weights_for(graph, seed)
    again = read(data).graph
    moved = keras_json.from_keras(again, keras_json.to_keras(Network("net", graph, weights)))
    before, after = analyse(graph), analyse(again)
    assert not after.errors
    assert after.totals.total_parameters == before.totals.total_parameters
    image = np.random.default_rng(seed).normal(size=before.nodes["image"].output).astype(np.float32)
    ours, theirs = run(graph, weights, image), run(again, moved, image)
    ends, ends_again = ([node for node in one.order if not one.graph.outgoing[node]] for one in (before, after))
    assert len(ends) == len(ends_again)
    largest = max(1e-3, *(float(np.abs(values).max()) for values in ours.values()))
    for mine in ends:
        other = next(node for node in ends_again if node == mine or node in (f"{mine}_cut", f"{mine}_strided"))
        np.testing.assert_allclose(ours[mine], theirs[other], rtol=0, atol=1e-4 * largest)
    return True


# Keras's own models


@pytest.mark.parametrize(
    ("name", "total", "trainable"),
    [
        ("VGG16", 138_357_544, 138_357_544),
        ("ResNet50", 25_636_712, 25_583_592),
        ("MobileNetV2", 3_538_984, 3_504_872),
        ("MobileNetV3Small", 2_554_968, 2_542_856),
        ("EfficientNetV2B0", 7_200_312, 7_139_704),
        ("ConvNeXtTiny", 28_589_128, 28_589_128),
        ("InceptionV3", 23_851_784, 23_817_352),
    ],
)
def test_keras_own_models_have_their_published_counts(name: str, total: int, trainable: int):
    analysis = analyse(read(described(name)).graph)
    assert not analysis.errors
    assert (analysis.totals.total_parameters, analysis.totals.trainable) == (total, trainable)


def test_momentum_is_the_share_of_the_new_batch_here_and_of_the_old_ones_there():
    network = keras_json.decode(described("MobileNetV2"))  # a warning would be an error here
    layers = {node.id: node.layer for node in network.graph.nodes}
    norms = [layer for layer in layers.values() if isinstance(layer, BatchNorm2D)]
    assert {norm.momentum for norm in norms} == {0.001}
    with pytest.warns(FormatNote, match="as momentum the share of the old statistics"):
        model = json.loads(keras_json.encode(Network("n", network.graph)))
    own = [one for one in json.loads(described("MobileNetV2"))["config"]["layers"] if "momentum" in one["config"]]
    again = [one for one in model["config"]["layers"] if "momentum" in one["config"]]
    assert len(own) == len(again) == len(norms) == 52
    assert {one["config"]["momentum"] for one in (*own, *again)} == {0.999}


def test_vgg16_is_read_without_a_loss_and_its_flatten_leads_to_dense_alone():
    network = keras_json.decode(described("VGG16"))  # a warning would be an error here
    assert network.name == "vgg16"
    assert network.graph.by_id["block1_conv1"].layer == Conv2D(filters=64, kernel=(3, 3), padding="same")
    assert network.graph.by_id["block1_conv1_relu"].layer == ReLU()
    assert not any(isinstance(node.layer, Permute) for node in network.graph.nodes)


# There and back


def test_every_layer_is_written_or_has_a_reason():
    names = {kind.__name__ for kind in LAYERS if kind is not Input}
    assert {kind.__name__ for kind in WRITERS} | WITHOUT_COUNTERPART.keys() == names
    assert not {kind.__name__ for kind in WRITERS} & WITHOUT_COUNTERPART.keys()


@pytest.mark.parametrize("kind", INNER)
@settings(deadline=None, max_examples=6)
@given(data=st.data(), seed=st.integers(0, 1000))
def test_a_layer_comes_back_with_the_same_output(kind: type[Layer], data: st.DataObject, seed: int):
    came_back = check_there_and_back(alone(*data.draw(fitting(kind))), seed)
    assert not (came_back and kind.__name__ in WITHOUT_COUNTERPART)


@settings(deadline=None, max_examples=30)
@given(networks(most=8), st.integers(0, 1000))
def test_random_networks_come_back_with_the_same_outputs(graph: Graph, seed: int):
    if len(graph.nodes) > 1:
        check_there_and_back(graph, seed)


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_comes_back_with_the_same_outputs(name: str, resources: Path):
    graph = small(load(resources / "examples" / f"{name}.json"), name).graph
    assert check_there_and_back(graph, 1)


def test_lenet_comes_back_as_it_was():
    assert keras_json.decode(keras_json.encode(Network("LeNet", lenet5()))).graph.by_id == lenet5().by_id
    assert check_there_and_back(lenet5(), 1)


@pytest.mark.parametrize(
    "layers",
    [
        {"conv": Conv2D(filters=4, stride=(2, 2), dilation=(2, 2), padding=(1, 0, 2, 1)), "out": ReLU()},
        {"conv": Conv2D(filters=4, padding="same-lower", kernel=(4, 4)), "out": ReLU()},
        {"conv": Conv2D(filters=4), "pool": MaxPool2D(kernel=(3, 3), padding=(1, 1, 1, 1)), "out": Flatten()},
        {"relu": ReLU(), "pool": MaxPool2D(kernel=(3, 3), padding=(1, 1, 1, 1), ceil_mode=True), "out": Tanh()},
        {"pool": AvgPool2D(kernel=(3, 3), padding=(1, 1, 1, 1), count_padding=True)},
        {"up": ConvTranspose2D(filters=3, kernel=(3, 3), stride=(2, 2), padding="same"), "out": ReLU()},
        {"conv": Conv2D(filters=8), "shuffle": ChannelShuffle(groups=4), "part": Slice(start=1, length=4, step=2)},
        {"flatten": Flatten(), "softmax": Softmax()},
        {"flatten": Flatten(), "relu": ReLU(), "drop": Dropout(), "dense": Dense(units=3)},
        {"flatten": Flatten(), "norm": BatchNorm2D(), "dense": Dense(units=3)},
        {"reshape": Reshape(shape=(7, 9, 4)), "conv": Conv2D(filters=2), "flatten": Flatten(), "dense": Dense()},
    ],
)
def test_what_the_two_see_differently_comes_back_with_the_same_output(layers: dict[str, Layer]):
    assert check_there_and_back(chain(image=Input(channels=4, height=9, width=7), **layers), 3)


def test_a_vector_weighs_the_channels_of_a_volume():
    graph = wired(
        chain(image=Input(channels=3), pool=GlobalAvgPool2D(), gate=Dense(units=3)),
    )
    graph = wired(graph.add(chain(scale=Multiply()).nodes[0]), ("image", "scale"), ("gate", "scale", 1))
    assert check_there_and_back(graph, 2)


def test_names_that_keras_does_not_take_are_changed():
    graph = chain(**{"image": Input(), "a/b.c": Conv2D(), "a_b_c": ReLU()})
    config = json.loads(keras_json.encode(Network("n", graph)))["config"]
    assert [layer["name"] for layer in config["layers"]] == ["image", "a_b_c", "a_b_c_"]
    assert keras_json.to_keras(Network("n", graph)).keys() == {"a_b_c"}


# What can't be said


@pytest.mark.parametrize(
    ("layer", "reason"),
    [
        (LocalResponseNorm(), "Keras has no normalisation across neighbouring channels - at layer 'layer'"),
        (ZeroPad2D(mode="reflect"), "Keras pads by zeros, not in mode “reflect”"),
        (MaxPool2D(dilation=(2, 2)), "Keras has no dilated pooling"),
        (AvgPool2D(kernel=(4, 4), padding=(2, 2, 2, 2)), "Keras leaves padding out of means only where it is “same”"),
        (ConvTranspose2D(groups=4), "Keras has no transposed convolution in groups"),
    ],
)
def test_a_layer_that_keras_does_not_have_is_refused_with_the_reason(layer: Layer, reason: str):
    with pytest.raises(FormatError, match=reason):
        keras_json.encode(Network("n", chain(image=Input(channels=4), layer=layer)))


def test_a_broken_network_is_refused():
    with pytest.raises(
        FormatError, match="Only a network without errors can be written for Keras: The kernel is 40×40"
    ):
        keras_json.encode(Network("n", chain(image=Input(), conv=Conv2D(kernel=(40, 40)))))
    with pytest.raises(FormatError, match="has no Input layer"):
        keras_json.encode(Network())


def test_what_is_lost_is_named():
    graph = chain(image=Input(), flatten=Flatten(), svm=LinearSVM(), softmax=Softmax(labels=("cat", "dog")))
    with pytest.warns(FormatWarning, match=r"no place for that it is a linear SVM .*; the names of the classes$"):
        keras_json.encode(Network("n", graph))


def test_weights_that_do_not_fit_are_refused():
    network = Network("n", lenet5())
    arrays = keras_json.to_keras(network)
    arrays["conv1"] = arrays["conv1"][:1]
    with pytest.raises(FormatError, match=r"'conv1' needs arrays of \[150, 6\] values, and Keras's have \[150\]"):
        keras_json.from_keras(network.graph, arrays)


# Keras 2, nested models, and what else is found in files


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
    for part in ("linear SVM", "names of the classes", "values from -1 to 1", "“crop”", "light and dark", "1 group"):
        assert part in text
    assert "the name of 1 layer" in text


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
