"""What PyTorch's own exporter writes, read here: the modules are those of our source, with our weights."""

import io
import warnings
from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

torch = pytest.importorskip("torch", reason="torch is not installed")

from engine import (  # noqa: E402
    AdaptiveAvgPool2D,
    AvgPool2D,
    ChannelShuffle,
    Input,
    Layer,
    LocalResponseNorm,
    LpPool2D,
    Network,
    SumPool2D,
    Unsupported,
    Weights,
    analyse,
    load,
    run,
)
from engine.formats import onnx_reader  # noqa: E402
from tests.conformance import torch_side  # noqa: E402
from tests.conformance.runtime import weights_for  # noqa: E402
from tests.conformance.test_onnx_round_trip import EXAMPLES, quick_weights, small  # noqa: E402
from tests.conformance.test_onnxruntime_layers import alone  # noqa: E402
from tests.engine.networks import chain  # noqa: E402
from tests.strategies import INNER, fitting  # noqa: E402

LARGE = {"resnet152", "densenet121", "vgg16", "vgg19", "inception_v3"}  # built of what others are built of, too
# What the exporter has no words for: a shuffle of channels, and adaptive windows of different sizes.
PARTLY = {ChannelShuffle, AdaptiveAvgPool2D}
# The exporter forgets what a sum is divided by; of the others our modules are several operators, with no layer's form.
OTHERWISE = {SumPool2D, LpPool2D, LocalResponseNorm, AvgPool2D}
NOT_WRITTEN = {"shufflenet_v2_x1_0", "alexnet"}
OPSETS = range(9, 21)  # that the exporter writes


def exported(network: Network, opset: int) -> bytes:
    """Return the ONNX model that PyTorch makes of a network with weights."""
    model = torch_side.model_of(network)
    torch_side.load(model, network, network.weights)
    image = torch.zeros(1, *analyse(network.graph).nodes[analyse(network.graph).input.id].output)
    file = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the exporter: that it is no longer the newest
        torch.onnx.export(model, (image,), file, dynamo=False, opset_version=opset)
    return file.getvalue()


def check(network: Network, opset: int) -> Network:
    """Assert that a network that went through PyTorch's exporter gives the same answer; returns it."""
    back = onnx_reader.decode(exported(network, opset))
    assert not any(isinstance(node.layer, Unsupported) for node in back.graph.nodes)
    analysis, again = analyse(network.graph), analyse(back.graph)
    image = np.random.default_rng(1).normal(size=analysis.nodes[analysis.input.id].output).astype(np.float32)
    ours, theirs = run(network.graph, network.weights, image), run(back.graph, back.weights or Weights({}), image)
    largest = max(float(np.abs(values).max()) for values in ours.values())
    ends = ([node for node in one.order if not one.graph.outgoing[node]] for one in (analysis, again))
    for end, other in zip(*ends, strict=True):
        assert ours[end].shape == theirs[other].shape
        np.testing.assert_allclose(theirs[other], ours[end], rtol=0, atol=1e-5 * largest)
    return back


def example(name: str, resources: Path) -> Network:
    network = small(load(resources / "examples" / f"{name}.json"), name)
    return msgspec.structs.replace(network, weights=quick_weights(network.graph))


@pytest.mark.parametrize("name", sorted(set(EXAMPLES) - LARGE - NOT_WRITTEN))
def test_an_example_comes_back_from_pytorch(name: str, resources: Path):
    check(example(name, resources), 17)


@pytest.mark.parametrize("kind", [kind for kind in INNER if kind not in OTHERWISE])
@settings(deadline=None, max_examples=4, suppress_health_check=[HealthCheck.filter_too_much])
@given(data=st.data(), seed=st.integers(0, 100))
def test_a_layer_comes_back_from_pytorch(kind: type[Layer], data: st.DataObject, seed: int):
    graph = alone(*data.draw(fitting(kind)))
    network = Network("n", graph, weights_for(graph, seed))
    try:
        check(network, 17)
    except torch.onnx.errors.OnnxExporterError:
        assume(kind not in PARTLY)
        raise


@pytest.mark.parametrize("opset", OPSETS)
@pytest.mark.parametrize("name", ["lenet5", "squeezenet1_1"])
def test_every_opset_that_pytorch_writes_is_read(name: str, opset: int, resources: Path):
    check(example(name, resources), opset)


@pytest.mark.parametrize("opset", [9, 11, 18])  # whose words for borders and for what makes maps larger differ
def test_borders_that_cut_and_maps_made_larger_are_read_from_pytorch(opset: int, resources: Path):
    check(example("unet", resources), opset)


@pytest.mark.parametrize("opset", [11, 17])
def test_a_response_normalisation_comes_back_from_pytorch(opset: int):
    layer = LocalResponseNorm(size=3, alpha=0.5, beta=0.6, bias=1.5)
    network = Network("n", chain(image=Input(channels=5, height=4, width=6), layer=layer), Weights({}))
    assert layer in [node.layer for node in check(network, opset).graph.nodes]


@pytest.mark.parametrize("layer", [AvgPool2D(padding=(1, 1, 1, 1)), AvgPool2D(ceil_mode=True, count_padding=True)])
def test_means_come_back_from_pytorch(layer: AvgPool2D):
    network = Network("n", chain(image=Input(channels=3, height=7, width=9), layer=layer), Weights({}))
    assert [type(node.layer) for node in check(network, 17).graph.nodes] == [Input, AvgPool2D]
