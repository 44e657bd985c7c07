"""No hyper-parameter is dropped in silence: whatever is changed in a layer shows in each file, or in what is told."""

import re
import warnings
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest

from engine import (
    LAYERS,
    FormatError,
    FormatWarning,
    Graph,
    Input,
    Layer,
    Network,
    Node,
    Parameter,
    Shape,
    Tanh,
    parameters,
)
from engine.formats import keras_code, keras_json, onnx_writer, torch_code
from tests.engine.layers.test_registry import random_weights

WRITERS: dict[str, Callable[[Network], bytes | str]] = {
    "Keras JSON": keras_json.encode,
    "Keras source": keras_code.encode,
    "PyTorch source": torch_code.encode,
    "ONNX": onnx_writer.encode,
}
SHAPES = (Shape(8, 12, 12), Shape(24))
# What no run shows, and so nothing excuses, with the words in which its loss is told.
UNSEEN = {
    "rate": "share",
    "momentum": "momentum",
    "labels": "names of the classes",
    "initial": "begins",
    "scaling": "values from",
    "fit": "fitted",
    "invert": "light and dark",
}


def others(parameter: Parameter, value: Any) -> list[Any]:
    """Return other values of a hyper-parameter than the one that a layer has."""
    whole = [value + 1, value - 1, 2 * value, 4, 2, 1] if isinstance(value, int) else []
    candidates: dict[str, list[Any]] = {
        "integer": whole,
        "number": [0.25, 0.5, 0.0625, 0.75, 2.0, -0.5],
        "boolean": [not value],
        "choice": list(parameter.choices),
        "pair": [(1, 2), (2, 1), (3, 3), (4, 2), (0, 1)],
        "sides": [(1, 2, 0, 3), (0, 0, 1, 1)],
        "padding": [*parameter.choices, (1, 2, 0, 1), (1, 1, 1, 1)],
        "integers": [(4, 12, 24), (1152,), (8, 144, 1), (24,), (24, 1, 1)],
        "numbers": [(0.25,), (0.5,) * 8, (0.5,) * 24],
        "labels": [("cat", "dog")],
    }
    return [one for one in candidates[parameter.kind] if one != value]


def bases(kind: type[Layer]) -> list[tuple[Layer, tuple[Shape, ...]]]:
    """Return a layer of a class on a volume and on a vector, as far as it takes them."""
    if kind is Input:
        return [(Input(), ())]
    found = [(kind().fitted((shape,) * kind.ports.least), (shape,) * kind.ports.least) for shape in SHAPES]
    return [(layer, inputs) for layer, inputs in found if layer.infer(inputs).output is not None]


def network(layer: Layer, inputs: tuple[Shape, ...]) -> Network:
    """Return a network in which a layer is fed with values that are negative, too, and its output is used."""
    if isinstance(layer, Input):
        graph = Graph().add(Node("layer", layer)).add(Node("after", Tanh()))
        return Network("n", graph.connect("layer", "after"))
    shape = inputs[0]
    sides = shape[1:] if shape.is_volume else (1, 1)
    graph = Graph().add(Node("image", Input(channels=shape[0], height=sides[0], width=sides[1])))
    source = "image"
    if shape.is_vector:
        from engine import Flatten

        graph = graph.add(Node("vector", Flatten())).connect("image", "vector")
        source = "vector"
    graph = graph.add(Node("before", Tanh())).connect(source, "before").add(Node("layer", layer))
    for port in range(len(inputs)):
        graph = graph.connect("before" if not port else source, "layer", port)
    return Network("n", graph)


@cache
def written(name: str, layer: Layer, inputs: tuple[Shape, ...]) -> tuple[bytes | str, str]:
    """Return what a writer makes of a layer, and what it tells; a refusal is told."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", FormatWarning)
        try:
            file = WRITERS[name](network(layer, inputs))
        except FormatError as problem:
            return "", str(problem)
    return file, "\n".join(str(one.message) for one in caught)


def computes(layer: Layer, inputs: tuple[Shape, ...]) -> np.ndarray:
    """Return what a layer makes of fixed values."""
    draw = np.random.default_rng(5)
    arrays = tuple(draw.normal(size=(1, *shape)).astype(np.float32) for shape in inputs)
    return layer.forward(arrays, random_weights(layer, inputs))


@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.parametrize("kind", LAYERS)
def test_a_change_of_any_hyper_parameter_shows_in_the_file_or_is_told(kind: type[Layer], name: str):
    silent, tried = [], set()
    for base, inputs in bases(kind):
        for parameter in parameters(kind):
            for value in others(parameter, getattr(base, parameter.name)):
                changed = base.attempt(**{parameter.name: value})
                if changed is None or changed.infer(inputs).output is None:
                    continue
                tried.add(parameter.name)
                before, now = written(name, base, inputs), written(name, changed, inputs)
                if now[0] != before[0] or not now[0]:
                    continue
                if parameter.name in UNSEEN:
                    if not re.search(UNSEEN[parameter.name], now[1]):
                        silent.append((parameter.name, value, now[1]))
                elif not np.array_equal(computes(base, inputs), computes(changed, inputs)):
                    silent.append((parameter.name, value, now[1]))
    assert silent == []
    assert tried == {parameter.name for parameter in parameters(kind)}
