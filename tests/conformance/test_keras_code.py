"""Our source of Keras models, run by Keras with our weights: shapes, counts and outputs are ours."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conformance.keras_side import built, compare

keras = pytest.importorskip("keras", reason="Keras is not installed")
torch = pytest.importorskip("torch", reason="torch is not installed")

from engine import FormatError, Graph, Layer, load  # noqa: E402
from engine.formats.keras_json.tables import WRITERS  # noqa: E402
from tests.conformance.test_keras import EXAMPLES  # noqa: E402
from tests.conformance.test_onnx_round_trip import small  # noqa: E402
from tests.conformance.test_onnxruntime_layers import alone  # noqa: E402
from tests.strategies import INNER, fitting, networks  # noqa: E402

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:You are using a softmax over axis"),  # of a vector of one value
]


def attempt(graph: Graph, seed: int) -> None:
    """Compare what Keras can have; what it can't is refused with the reason."""
    try:
        compare(graph, seed, built)
    except FormatError as problem:
        refused = str(problem)
        assert "can't be written for Keras: " in refused


@pytest.mark.parametrize("kind", [kind for kind in INNER if kind in WRITERS])
@settings(deadline=None, max_examples=4, suppress_health_check=[HealthCheck.filter_too_much])
@given(data=st.data(), seed=st.integers(0, 100))
def test_a_layer_gives_our_shapes_counts_and_outputs(kind: type[Layer], data: st.DataObject, seed: int):
    attempt(alone(*data.draw(fitting(kind))), seed)


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(networks(tuple(kind for kind in INNER if kind in WRITERS), most=8), st.integers(0, 100))
def test_random_networks_give_our_shapes_counts_and_outputs(graph: Graph, seed: int):
    attempt(graph, seed)


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_gives_our_shapes_counts_and_outputs(name: str):
    compare(small(load(f"resources/examples/{name}.json"), name).graph, 1, built)
