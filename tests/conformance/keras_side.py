"""The same network in Keras: what we write, loaded by Keras with our weights, and what Keras writes, read by us."""

import os
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np

os.environ.setdefault("KERAS_BACKEND", "torch")

from engine import GELU, Graph, Input, Network, Shape, Slice, analyse, run
from engine.formats import keras_code, keras_json
from engine.formats.keras_json.writer import keras_names
from tests.conformance.runtime import TOLERANCE, weights_for

LARGEST = 1e-3  # what the largest value on the way is at least taken for


def loaded(network: Network) -> Any:
    """Return Keras's model of what we write, with our weights."""
    import keras

    return filled(keras.models.model_from_json(keras_json.encode(network).decode()), network)


def built(network: Network) -> Any:
    """Return what the source that we write builds, with our weights."""
    module = ModuleType("model")
    exec(compile(keras_code.written(network)[0], "model.py", "exec"), module.__dict__)
    return filled(module.build_model(), network)


def filled(model: Any, network: Network) -> Any:
    """Return a model with our weights in it."""
    for name, arrays in keras_json.to_keras(network).items():
        model.get_layer(name).set_weights(arrays)
    return model


def last(values: np.ndarray) -> np.ndarray:
    """Return a map ``(C, H, W)`` as Keras has it, ``(H, W, C)``."""
    return values.transpose(1, 2, 0) if values.ndim == 3 else values


def weights_of(model: Any) -> dict[str, list[np.ndarray]]:
    """Return what every layer holds, by its name, those of models within the model among them."""
    found: dict[str, list[np.ndarray]] = {}
    for layer in model.layers:
        if hasattr(layer, "layers"):
            found |= weights_of(layer)
        else:
            found[layer.name] = layer.get_weights()
    return found


def outputs(model: Any, image: np.ndarray) -> list[np.ndarray]:
    """Return what a model makes of one image ``(C, H, W)``, without the batch."""
    made = model(last(image)[None], training=False)
    return [one.detach().cpu().numpy()[0] for one in (made if isinstance(made, list | tuple) else [made])]


def compare(graph: Graph, seed: int, made: Callable[[Network], Any] = loaded) -> None:
    """Assert that Keras has our shapes and parameters layer by layer, and that our outputs are its outputs."""
    network, analysis = Network("n", graph, weights_for(graph, seed)), analyse(graph)
    image = np.random.default_rng(seed).normal(size=analysis.nodes["image"].output).astype(np.float32)
    model = made(network)
    assert model.count_params() == analysis.totals.total_parameters
    layers = {one.name: one.output.shape[1:] for one in getattr(model, "operations", model.layers)}
    names = keras_names(graph)
    for node, entry in analysis.nodes.items():
        shapes = {layers.get(f"{names[node]}{suffix}") for suffix in ("", "_cut", "_strided")}
        if made is built and shapes == {None}:  # operations have no names in source, and a Sequential lists no input
            assert isinstance(entry.layer, Input | Slice | GELU)
            continue
        assert last_shape(entry.output) in shapes, node
    maps = run(graph, network.weights, image, analysis=analysis)
    largest = max(LARGEST, *(float(np.abs(values).max()) for values in maps.values()))
    ends = [node for node in analysis.order if not graph.outgoing[node]]
    for node, theirs in zip(ends, outputs(model, image), strict=True):
        assert_close(last(maps[node]), theirs, largest)


def assert_close(ours: np.ndarray, theirs: np.ndarray, largest: float) -> None:
    """Assert that values agree within the tolerance of the largest on the way to them."""
    assert ours.shape == theirs.shape
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=TOLERANCE * largest)


def last_shape(shape: Shape | None) -> tuple[int, ...]:
    """Return a shape as Keras has it."""
    assert shape is not None
    return (*shape[1:], shape[0]) if shape.is_volume else tuple(shape)
