"""The lecture's layers against onnxruntime on the same network, as we write it to ONNX: every map, more exactly."""

from pathlib import Path

import numpy as np
import onnxruntime
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import (
    Add,
    AvgPool2D,
    Concat,
    Conv2D,
    Dense,
    Dropout,
    FeatureMaps,
    Flatten,
    Graph,
    Input,
    LinearSVM,
    MaxPool2D,
    Network,
    ReLU,
    Softmax,
    SumPool2D,
    Weights,
    analyse,
    load,
    load_image,
    run,
)
from engine.formats import onnx_writer
from tests.conformance.runtime import options
from tests.engine.networks import chain, lenet5, wired
from tests.strategies import networks

# What ONNX has no place for is told, which is tested elsewhere.
pytestmark = pytest.mark.filterwarnings("ignore:ONNX has no place for")
TOLERANCE = 1e-5
POOLING = (MaxPool2D, AvgPool2D, SumPool2D)
LECTURE = (Conv2D, ReLU, *POOLING, Flatten, Dense, Dropout, Softmax, LinearSVM, Add, Concat)


def reference(graph: Graph, weights: Weights, image: np.ndarray) -> dict[str, np.ndarray]:
    """Return every map but the image itself as onnxruntime computes it."""
    model = onnx_writer.encode(Network("n", graph, weights), every_map=True)
    session = onnxruntime.InferenceSession(model, options(), providers=["CPUExecutionProvider"])
    names = [one.name for one in session.get_outputs()]
    return dict(zip(names, session.run(names, {session.get_inputs()[0].name: image[None]}), strict=True))


def assert_equal(graph: Graph, maps: FeatureMaps, theirs: dict[str, np.ndarray]) -> None:
    """Assert that maps agree within the tolerance of the largest value on the way to them.

    A sum of large values of both signs may come out small, but not more exact than what it was added up from.
    """
    largest: dict[str, float] = {}
    for node, values in maps.items():
        sources = [edge.source for edge in graph.incoming[node].values()]
        largest[node] = max(float(np.abs(values).max()), *(largest[source] for source in sources), 0.0)
        if sources:
            assert values.shape == theirs[node].shape[1:], node
            np.testing.assert_allclose(values, theirs[node][0], rtol=0, atol=TOLERANCE * largest[node], err_msg=node)
    assert len(maps) == len(theirs) + 1


def random_weights(graph: Graph, seed: int) -> Weights:
    """Return weights that keep values in their range, none of them zero: initial biases are, and would hide bugs."""
    draw = np.random.default_rng(seed)
    return Weights(
        {
            node: {spec.name: draw.normal(size=spec.shape) / spec.fan_in**0.5 for spec in entry.inferred.weights}
            for node, entry in analyse(graph).nodes.items()
            if entry.inferred.weights
        }
    )


def compare(graph: Graph, seed: int) -> None:
    weights = random_weights(graph, seed)
    shape = analyse(graph).nodes["image"].output
    image = np.random.default_rng(seed).normal(size=shape).astype(np.float32)
    assert_equal(graph, run(graph, weights, image), reference(graph, weights, image))


@settings(deadline=None, max_examples=100)
@given(networks(LECTURE, most=10), st.integers(0, 1000))
def test_random_networks_of_the_lecture_give_the_maps_of_onnxruntime(graph: Graph, seed: int):
    if len(graph.nodes) > 1:
        compare(graph, seed)


@pytest.mark.parametrize(
    "graph",
    [
        pytest.param(
            chain(
                image=Input(channels=4, height=13, width=9),
                conv=Conv2D(
                    filters=6, kernel=(2, 3), stride=(1, 2), padding=(3, 0, 1, 2), dilation=(3, 1), groups=2, bias=False
                ),
            ),
            id="a convolution with all that it can have",
        ),
        pytest.param(
            chain(image=Input(channels=3), conv=Conv2D(filters=6, groups=3, stride=(2, 3), padding="same")),
            id="same, depthwise with two filters a channel",
        ),
        *(
            pytest.param(
                chain(image=Input(height=11, width=8), pool=kind(kernel=(3, 2), stride=(2, 1), padding=padding)),
                id=f"{kind.__name__} {padding}",
            )
            for kind in POOLING
            for padding in ("valid", "same", (2, 1, 0, 1))
        ),
        pytest.param(
            chain(image=Input(height=11, width=8), pool=AvgPool2D(padding=(1, 0, 1, 1), count_padding=True)),
            id="a mean over the padding too",
        ),
        pytest.param(
            wired(
                chain(image=Input(channels=2), conv=Conv2D(filters=2, padding="same"), add=Add(), concat=Concat()),
                ("image", "add", 1),
                ("image", "concat", 1),
                ("conv", "concat", 2),
            ),
            id="branches",
        ),
        pytest.param(
            chain(image=Input(height=3, width=4), soft=Softmax(), drop=Dropout(), flat=Flatten(), svm=LinearSVM()),
            id="heads",
        ),
        pytest.param(
            chain(image=Input(height=5, width=5), flat=Flatten(), relu=ReLU(), dense=Dense(bias=False)), id="no bias"
        ),
        pytest.param(lenet5(), id="LeNet-5"),
    ],
)
def test_chosen_networks_give_the_maps_of_onnxruntime(graph: Graph):
    compare(graph, seed=1)


def test_the_trained_example_gives_the_maps_of_onnxruntime_on_a_real_digit(resources: Path):
    network = load(resources / "examples" / "lenet5.json")
    image = load_image(resources / "images" / "digits" / "3_0016.png", network.graph.by_id["image"].layer)
    maps = run(network.graph, network.weights, image)
    assert_equal(network.graph, maps, reference(network.graph, network.weights, image))
