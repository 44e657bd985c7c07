"""What we write, in Keras; what Keras writes, here. Both with the weights moved: shapes, counts and outputs agree."""

import os

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

os.environ.setdefault("KERAS_BACKEND", "torch")
keras = pytest.importorskip("keras", reason="Keras is not installed")
torch = pytest.importorskip("torch", reason="torch is not installed")

from engine import (  # noqa: E402
    FormatError,
    Layer,
    analyse,
    load,
    run,
)
from engine.formats import keras_json  # noqa: E402
from engine.formats.keras_json.tables import WRITERS  # noqa: E402
from tests.conformance.keras_side import assert_close, compare, last, outputs, weights_of  # noqa: E402
from tests.conformance.test_onnxruntime_layers import alone  # noqa: E402
from tests.strategies import INNER, fitting  # noqa: E402

pytestmark = [
    pytest.mark.filterwarnings("ignore::engine.FormatWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:You are using a softmax over axis"),  # of a vector of one value
]
# Torch hands convolutions to oneDNN, which reads memory that is not the image's for one channel, one filter and the
# strides of channels last: F.conv2d on Keras' layout, kernel 4×4, stride (1, 2), 6×5 gives values that change from run
# to run. Without it torch 2.13 and 2.14 give ours.
torch.backends.mkldnn.enabled = False
EXAMPLES = ("lenet5", "resnet18", "mobilenet_v2", "squeezenet1_1", "shufflenet_v2_x1_0", "convnext_tiny", "unet")


@pytest.mark.parametrize("kind", [kind for kind in INNER if kind in WRITERS])
@settings(deadline=None, max_examples=5, suppress_health_check=[HealthCheck.filter_too_much])
@given(data=st.data(), seed=st.integers(0, 100))
def test_a_layer_gives_keras_shapes_counts_and_outputs(kind: type[Layer], data: st.DataObject, seed: int):
    graph = alone(*data.draw(fitting(kind)))
    try:
        compare(graph, seed)
    except FormatError as problem:
        refused = str(problem)
        assert "can't be written for Keras: " in refused


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_gives_keras_shapes_counts_and_outputs(name: str):
    compare(load(f"resources/examples/{name}.json").graph, 1)


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("VGG16", {"input_shape": (32, 32, 3), "include_top": False}),
        ("ResNet50", {"input_shape": (64, 64, 3), "classes": 10}),
        ("ResNet50V2", {"input_shape": (64, 64, 3), "classes": 10}),
        ("MobileNet", {"input_shape": (64, 64, 3), "classes": 10, "alpha": 0.25}),
        ("MobileNetV2", {"input_shape": (64, 64, 3), "classes": 10, "alpha": 0.35}),
        ("MobileNetV3Small", {"input_shape": (64, 64, 3), "classes": 10}),
        ("DenseNet121", {"input_shape": (64, 64, 3), "classes": 10}),
        ("InceptionV3", {"input_shape": (96, 96, 3), "classes": 10}),
        ("InceptionResNetV2", {"input_shape": (96, 96, 3), "classes": 10}),
        ("Xception", {"input_shape": (72, 72, 3), "classes": 10}),
        ("EfficientNetV2B0", {"input_shape": (64, 64, 3), "classes": 10}),
        ("ConvNeXtTiny", {"input_shape": (64, 64, 3), "classes": 10}),
    ],
)
def test_a_model_of_keras_gives_the_same_outputs_here(name: str, settings: dict[str, object]):
    model = getattr(keras.applications, name)(weights=None, **settings)
    draw = np.random.default_rng(1)
    for layer in (layer for one in model.layers for layer in getattr(one, "layers", [one])):
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.set_weights([draw.uniform(0.5, 1.5, array.shape) for array in layer.get_weights()])
    network = keras_json.decode(model.to_json().encode())
    analysis = analyse(network.graph)
    assert not analysis.errors
    assert analysis.totals.total_parameters == model.count_params()
    image = draw.normal(size=analysis.nodes[analysis.input.id].output).astype(np.float32)
    maps = run(network.graph, keras_json.from_keras(network.graph, weights_of(model)), image)
    (end,) = (node for node in analysis.order if not network.graph.outgoing[node])
    (theirs,) = outputs(model, image)
    assert_close(last(maps[end]), theirs, float(np.abs(maps[end]).max()))
