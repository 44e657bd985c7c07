"""All of keras.applications is read: without weights, which their descriptions do not hold either."""

import math
import os
import warnings
from collections.abc import Iterator
from typing import Any

import pytest

os.environ.setdefault("KERAS_BACKEND", "torch")
keras = pytest.importorskip("keras", reason="Keras is not installed")
pytest.importorskip("torch", reason="torch is not installed")

from engine import FormatWarning, analyse  # noqa: E402
from engine.formats import keras_json  # noqa: E402
from tests.conformance.keras_side import last_shape  # noqa: E402

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

MODELS = sorted(name for name in dir(keras.applications) if name[0].isupper())
# These begin with a layer that learns mean and variance of the images and counts them: 3 + 3 + 1 weights that are not
# trained. Here they are settings of the design, and that they are not in the description is told.
LEARNED = 7
EFFICIENTNET = tuple(f"EfficientNetB{number}" for number in range(8))


class AnotherBackend:
    """Keras's backend, but for its name: NASNet's function refuses to build with torch's, which its layers do not."""

    def __init__(self, backend: Any) -> None:
        self._backend = backend

    def __getattr__(self, name: str) -> Any:
        return getattr(self._backend, name)

    def backend(self) -> str:
        return "jax"


def layers_of(model: Any) -> Iterator[Any]:
    """Yield all layers of a model, those of models within it among them."""
    for layer in model.layers:
        yield from layers_of(layer) if hasattr(layer, "layers") else (layer,)


@pytest.mark.parametrize("name", MODELS)
def test_a_model_of_keras_is_read_with_its_counts_and_shapes(name: str, monkeypatch: pytest.MonkeyPatch):
    from keras.src.applications import nasnet

    monkeypatch.setattr(nasnet, "backend", AnotherBackend(nasnet.backend))
    with keras.device("meta"):  # shapes without numbers: the largest has 350 million weights
        model = getattr(keras.applications, name)(weights=None)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", FormatWarning)
        network = keras_json.decode(model.to_json().encode())
    analysis = analyse(network.graph)
    assert not analysis.errors
    assert analysis.totals.trainable == sum(math.prod(one.shape) for one in model.trainable_weights)
    learned = LEARNED if name in EFFICIENTNET else 0
    assert analysis.totals.total_parameters == model.count_params() - learned
    told = " ".join(str(one.message) for one in caught if issubclass(one.category, FormatWarning))
    assert ("mean and variance, which Keras has learned" in told) == bool(learned)
    compared = 0
    for layer in layers_of(model):
        if layer.name in analysis.nodes:
            ours, theirs = last_shape(analysis.nodes[layer.name].output), layer.output.shape[1:]
            assert len(ours) == len(theirs), layer.name
            assert all(size in (None, own) for own, size in zip(ours, theirs, strict=True)), layer.name
            compared += 1
    assert compared > 0.8 * len(list(layers_of(model)))


def test_there_are_all_of_them():
    assert len(MODELS) >= 40
    assert set(EFFICIENTNET) <= set(MODELS)
