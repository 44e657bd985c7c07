"""Our source of PyTorch modules, run by PyTorch with our weights: counts and outputs are ours."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

torch = pytest.importorskip("torch", reason="torch is not installed")

from engine import Layer, Network, load  # noqa: E402
from engine.formats.torch_code.naming import RESERVED  # noqa: E402
from tests.conformance import torch_side  # noqa: E402
from tests.conformance.test_onnx_round_trip import EXAMPLES, quick_weights, small  # noqa: E402
from tests.conformance.test_onnxruntime_layers import alone  # noqa: E402
from tests.source_strategies import dressed  # noqa: E402
from tests.strategies import INNER, fitting  # noqa: E402


@pytest.mark.parametrize("kind", INNER)
@settings(deadline=None, max_examples=10, suppress_health_check=[HealthCheck.filter_too_much])
@given(data=st.data(), seed=st.integers(0, 100))
def test_a_layer_gives_our_counts_and_outputs(kind: type[Layer], data: st.DataObject, seed: int):
    torch_side.compare(alone(*data.draw(fitting(kind))), seed)


@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(dressed(most=12), st.integers(0, 100))
def test_random_networks_under_any_names_give_our_counts_and_outputs(network: Network, seed: int):
    torch_side.compare(network.graph, seed, network)


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_gives_our_counts_and_outputs(name: str, resources: Path):
    network = small(load(resources / "examples" / f"{name}.json"), name)
    torch_side.compare(network.graph, 1, network, quick_weights(network.graph))


def test_names_that_modules_have_already_are_known():
    assert {name for name in dir(torch.nn.Sequential()) if not name.startswith("_")} <= RESERVED
