"""What we write as ONNX is read back as the same network: the same layers by name, and the same maps."""

from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Dense, Graph, Input, Layer, Network, Weights, analyse, load, run
from engine.formats import onnx_reader, onnx_writer
from tests.conformance.runtime import weights_for
from tests.conformance.test_onnxruntime_layers import alone
from tests.strategies import INNER, fitting, networks

# What ONNX has no place for is told, which is tested elsewhere.
pytestmark = pytest.mark.filterwarnings("ignore:ONNX has no place for")
TOLERANCE = 1e-5  # of the largest value on the way
seeds = st.integers(0, 1000)

# As what a layer comes back that has no operator of its own: the maps are the same.
OTHERWISE = {
    "Dropout": {"Identity"},
    "DropPath": {"Identity"},
    "LinearSVM": {"Dense"},
    "SeparableConv2D": {"Conv2D"},  # and what is before it: a depthwise convolution
    "DepthwiseConv2D": {"Conv2D"},  # of one channel
    "Conv2D": {"DepthwiseConv2D"},  # of as many groups as channels
    "AdaptiveAvgPool2D": {"AvgPool2D"},  # where its windows are all of one size
    "Reshape": {"Flatten"},  # to a vector
    "Clip": {"ReLU6"},
    "Resize2D": {"Upsample2D"},  # by a whole factor
}
APART = {"SeparableConv2D", "Multiply"}  # these are several operators: their first ones come back as layers, too


def compare(graph: Graph, weights: Weights, seed: int) -> None:
    """Assert that a network comes back."""
    back = onnx_reader.decode(onnx_writer.encode(Network("n", graph, weights)))
    assert back.name == "n"
    more = [node.id for node in back.graph.nodes if node.id not in graph]
    assert all(graph.node(node.rpartition("/")[0]).layer.type in APART for node in more)
    for node in graph.nodes:
        kind = back.graph.node(node.id).layer.type
        assert kind == node.layer.type or kind in OTHERWISE[node.layer.type], node
        if not more:
            assert back.graph.incoming[node.id] == graph.incoming[node.id]
    image = np.random.default_rng(seed).normal(size=analyse(graph).nodes["image"].output).astype(np.float32)
    ours, theirs = run(graph, weights, image), run(back.graph, back.weights or Weights({}), image)
    largest: dict[str, float] = {}
    for node, values in ours.items():
        before = [largest[edge.source] for edge in graph.incoming[node].values()]
        largest[node] = max(float(np.abs(values).max()), *before, 1e-3)
        assert values.shape == theirs[node].shape, node
        np.testing.assert_allclose(theirs[node], values, rtol=0, atol=TOLERANCE * largest[node], err_msg=node)


@pytest.mark.parametrize("kind", INNER)
@settings(deadline=None, max_examples=15)
@given(data=st.data(), seed=seeds)
def test_a_layer_comes_back(kind: type[Layer], data: st.DataObject, seed: int):
    graph = alone(*data.draw(fitting(kind)))
    compare(graph, weights_for(graph, seed), seed)


@settings(deadline=None, max_examples=100)
@given(networks(most=10), seeds)
def test_random_networks_come_back(graph: Graph, seed: int):
    if len(graph.nodes) > 1:
        compare(graph, weights_for(graph, seed), seed)


EXAMPLES = sorted(path.stem for path in (Path(__file__).parents[2] / "resources" / "examples").glob("*.json"))
SMALLEST = {"inception_v3": 75, "alexnet": 63, "unet": 188}  # pixels; others get by with fewer


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples_come_back(name: str, resources: Path):
    graph = small(load(resources / "examples" / f"{name}.json"), name).graph
    compare(graph, quick_weights(graph), 1)


def small(network: Network, name: str) -> Network:
    """Return an example, its image and wide dense layers made small where it allows that: much takes long otherwise."""
    graph = network.graph
    for node in graph.nodes:
        if isinstance(node.layer, Dense) and node.layer.units > 1000:
            graph = graph.replace_layer(node.id, node.layer.replace(units=32))
        if isinstance(node.layer, Input) and max(node.layer.shape[1:]) > 200:
            for side in (SMALLEST.get(name, 32), 64, 128, node.layer.height):
                smaller = graph.replace_layer(node.id, node.layer.replace(height=side, width=side))
                if not analyse(smaller).errors:
                    graph = smaller
                    break
    return msgspec.structs.replace(network, graph=graph, weights=None)


def quick_weights(graph: Graph) -> Weights:
    """Return weights as `weights_for` does, but drawn in a tenth of the time: ResNet-152 has sixty million."""
    draw = np.random.default_rng(1)
    arrays: dict[str, dict[str, np.ndarray]] = {}
    for node, entry in analyse(graph).nodes.items():
        for spec in entry.inferred.weights:
            values = draw.random(spec.shape, np.float32)
            if spec.trainable:
                values = (values - np.float32(0.5)) * np.float32(3.4 / spec.fan_in**0.5)
            arrays.setdefault(node, {})[spec.name] = values if spec.trainable else values + np.float32(0.5)
    return Weights(arrays)


def test_what_comes_back_is_written_as_the_same_file(resources: Path):
    network = load(resources / "examples" / "lenet5.json")
    once = onnx_writer.encode(network)
    back = onnx_reader.decode(once)
    plain = msgspec.structs.replace(back, graph=Graph(back.graph.nodes, back.graph.edges))
    assert onnx_writer.encode(plain) == once
