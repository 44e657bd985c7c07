import gzip
import json
import re
import warnings
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import (
    LAYERS,
    AvgPool2D,
    BatchNorm2D,
    ChannelShuffle,
    Conv2D,
    ConvTranspose2D,
    Dense,
    Dropout,
    Flatten,
    FormatError,
    FormatNote,
    FormatWarning,
    GlobalAvgPool2D,
    Graph,
    Input,
    Layer,
    LinearSVM,
    LocalResponseNorm,
    MaxPool2D,
    Multiply,
    Network,
    Permute,
    ReLU,
    Reshape,
    Resize2D,
    Slice,
    Softmax,
    SumPool2D,
    Tanh,
    ZeroPad2D,
    analyse,
    load,
    run,
)
from engine.formats import keras_json
from engine.formats.keras_json.tables import WITHOUT_COUNTERPART, WRITERS
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
        (AvgPool2D(dilation=(1, 2)), "Keras has no dilated pooling"),
        (SumPool2D(dilation=(3, 1)), "Keras has no dilated pooling"),
        (AvgPool2D(kernel=(4, 4), padding=(2, 2, 2, 2)), "Keras leaves padding out of means only where it is “same”"),
        (ConvTranspose2D(groups=4), "Keras has no transposed convolution in groups"),
    ],
)
def test_a_layer_that_keras_does_not_have_is_refused_with_the_reason(layer: Layer, reason: str):
    with pytest.raises(FormatError, match=reason):
        keras_json.encode(Network("n", chain(image=Input(channels=4), layer=layer)))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"pad_to_aspect_ratio": True}, "it keeps the ratio of the sides"),
        ({"interpolation": "nearest"}, "Keras's backends disagree on the nearest pixels"),
        ({"interpolation": "bicubic"}, "there is no interpolation 'bicubic'"),
    ],
)
def test_a_resizing_that_is_another_is_refused_and_one_that_is_ours_comes_back(change: dict[str, object], reason: str):
    graph = chain(image=Input(), resize=Resize2D(output=(5, 9)))
    model = json.loads(keras_json.encode(Network("n", graph)))
    assert keras_json.decode(json.dumps(model).encode()).graph == graph
    model["config"]["layers"][1]["config"] |= change
    with pytest.raises(FormatError, match=reason):
        keras_json.decode(json.dumps(model).encode())


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
