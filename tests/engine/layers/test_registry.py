"""What every layer passes by being registered."""

import json
import re
from functools import cache
from math import ceil, floor
from typing import Any, get_args

import jsonschema
import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import ALL_LAYERS, LAYERS, Graph, Input, Layer, Network, Node, Severity, Shape, parameters
from engine.formats import native
from engine.layers.base import Family, Inferred
from tests.strategies import fitting, layers, values, vectors, volumes

every_layer = pytest.mark.parametrize("kind", ALL_LAYERS)
every_computed_layer = pytest.mark.parametrize("kind", LAYERS)
some = settings(max_examples=12)  # of each layer: there are so many that all of them together still are hundreds
FAMILIES = set(get_args(Family))


@cache
def validator() -> jsonschema.Draft202012Validator:
    schema = native.schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def document(layer: Layer) -> str:
    return native.encode(Network("n", Graph().add(Node("node", layer))))


def random_weights(layer: Layer, inputs: tuple[Shape, ...]) -> dict[str, np.ndarray]:
    """Return random weights; statistics are positive, as variances are."""
    draw = np.random.default_rng(0)
    drawn = {spec: draw.normal(size=spec.shape).astype(np.float32) for spec in layer.infer(inputs).weights}
    return {spec.name: array if spec.trainable else np.abs(array) for spec, array in drawn.items()}


@every_computed_layer
@some
@given(data=st.data())
def test_the_computed_shape_is_the_inferred_one(kind: type[Layer], data: st.DataObject):
    layer, shapes = data.draw(fitting(kind))
    output = layer.infer(shapes).output
    entering = (layer.shape,) if isinstance(layer, Input) else shapes
    arrays = tuple(np.random.default_rng(1).random((2, *shape), np.float32) for shape in entering)
    computed = layer.forward(arrays, random_weights(layer, shapes))
    assert (computed.shape, computed.dtype) == ((2, *output), np.float32)


@every_computed_layer
@some
@given(data=st.data())
def test_a_batch_is_computed_image_by_image(kind: type[Layer], data: st.DataObject):
    layer, shapes = data.draw(fitting(kind))
    entering = (layer.shape,) if isinstance(layer, Input) else shapes
    arrays = tuple(np.random.default_rng(1).random((2, *shape), np.float32) for shape in entering)
    weights = random_weights(layer, shapes)
    alone = layer.forward(tuple(array[1:] for array in arrays), weights)
    np.testing.assert_allclose(layer.forward(arrays, weights)[1:], alone, rtol=1e-5, atol=1e-5)


def test_what_is_not_computed_says_so():
    for kind in set(ALL_LAYERS) - set(LAYERS):
        assert not kind.computed
        with pytest.raises(NotImplementedError, match="Unknown"):
            kind().forward((np.zeros((1, 1), np.float32),), {})
        with pytest.raises(NotImplementedError, match="Unknown"):
            kind().explain((np.zeros(1, np.float32),), {}, (0,))
    assert all(kind.computed for kind in LAYERS)


@every_layer
@some
@given(data=st.data())
def test_infer_never_raises_and_has_an_output_or_an_error(kind: type[Layer], data: st.DataObject):
    layer = data.draw(layers(kind, most=None))
    count = data.draw(st.integers(layer.ports.least, 3 if layer.ports.most is None else layer.ports.most))
    inputs = tuple(data.draw(volumes | vectors) for _ in range(count))
    inferred = layer.infer(inputs)
    assert (inferred.output is None) == any(problem.severity is Severity.ERROR for problem in inferred.problems)
    assert inferred.output is None or all(extent > 0 for extent in inferred.output)
    assert all(remedy.title for problem in inferred.problems for remedy in problem.remedies)
    if inferred.output is None:
        assert layer.derive(inputs) == ()


@every_layer
@some
@given(data=st.data())
def test_each_derivation_evaluates_to_the_inferred_number(kind: type[Layer], data: st.DataObject):
    layer, shapes = data.draw(fitting(kind))
    inferred = layer.infer(shapes)
    expected: dict[str, int] = {
        "values": inferred.output.size,
        "outputs": inferred.output.size,
        "depth": inferred.output.channels,
        "weights": sum(spec.size for spec in inferred.weights if spec.kind == "weight"),
        "biases": sum(spec.size for spec in inferred.weights if spec.kind == "bias"),
        "statistics": sum(spec.size for spec in inferred.weights if spec.kind == "statistic"),
        "connections": inferred.connections,
        "macs": inferred.macs,
    }
    if inferred.output.is_volume:
        expected |= {"height": inferred.output[1], "width": inferred.output[2]}
    derivations = layer.derive(shapes)
    assert len({one.quantity for one in derivations}) == len(derivations)
    for one in derivations:
        assert one.value == expected[one.quantity]
        assert evaluated(one.substituted) == one.value
        assert one.text().endswith(f"= {one.value:,}")


def evaluated(formula: str) -> int:
    python = formula.replace("⌊", "floor(").replace("⌈", "ceil(").replace("−", "-")
    return eval(re.sub("[·×]", "*", re.sub("[⌋⌉]", ")", python)), {"floor": floor, "ceil": ceil})


@every_layer
@some
@given(data=st.data())
def test_a_layer_survives_json(kind: type[Layer], data: st.DataObject):
    layer = data.draw(layers(kind, most=None))
    network, _ = native.decode(document(layer))
    assert network.graph.by_id["node"].layer == layer


@every_layer
@some
@given(data=st.data())
def test_the_schema_accepts_what_the_class_accepts(kind: type[Layer], data: st.DataObject):
    validator().validate(json.loads(document(data.draw(layers(kind, most=None)))))


@every_layer
def test_the_schema_refuses_unknown_hyper_parameters(kind: type[Layer]):
    written = json.loads(document(kind()))
    written["layers"][0]["no such thing"] = 1
    assert not validator().is_valid(written)


@every_layer
def test_a_class_says_what_it_is(kind: type[Layer]):
    assert kind.family in FAMILIES
    assert kind.title
    assert kind.summary.endswith(".")
    assert kind.prefix.isidentifier()
    assert kind().type == kind.__name__
    assert kind.ports.most is None or kind.ports.least <= kind.ports.most


def test_types_and_titles_are_unique():
    assert len({kind.title for kind in ALL_LAYERS}) == len({kind.__name__ for kind in ALL_LAYERS}) == len(ALL_LAYERS)


@every_layer
def test_every_hyper_parameter_has_words_and_a_default_within_its_bounds(kind: type[Layer]):
    assert kind() == kind(**{parameter.name: parameter.default for parameter in parameters(kind)})
    for parameter in parameters(kind):
        assert parameter.title
        assert parameter.help.endswith(".")
        if parameter.kind not in ("boolean", "choice", "labels", "node"):
            assert parameter.minimum < parameter.maximum


@every_layer
@some
@given(data=st.data())
def test_the_brief_is_short(kind: type[Layer], data: st.DataObject):
    brief = data.draw(layers(kind)).brief()
    assert len(brief) <= 48
    assert "\n" not in brief


@every_layer
@some
@given(data=st.data())
def test_weighted_says_whether_there_can_be_weights(kind: type[Layer], data: st.DataObject):
    layer, shapes = data.draw(fitting(kind))
    assert kind.weighted or not layer.infer(shapes).weights
    if kind not in LAYERS:  # its weights are those of a file
        return
    default = next(found for shape in (Shape(8, 8, 8), Shape(8)) if (found := _inferred(kind(), shape)) is not None)
    assert bool(default.weights) == kind.weighted


@every_layer
@some
@given(data=st.data())
def test_a_layer_is_an_immutable_value(kind: type[Layer], data: st.DataObject):
    layer = data.draw(layers(kind))
    assert layer == msgspec.structs.replace(layer)
    assert hash(layer) == hash(msgspec.structs.replace(layer))
    for parameter in parameters(kind):
        with pytest.raises(AttributeError):
            setattr(layer, parameter.name, parameter.default)


def _inferred(layer: Layer, shape: Shape) -> Inferred | None:
    found = layer.infer((shape,) * layer.ports.least)
    return found if found.output is not None else None


def wrong_values(kind: type[Layer]) -> list[Any]:
    """Return, for every hyper-parameter, values just outside what it takes, and what the message must name."""
    found: list[Any] = []
    for parameter in parameters(kind):
        low, high = parameter.minimum, parameter.maximum
        numbers = [] if low is None else [(low - 1, low), (high + 1, high), (True, "number"), ("1", "number")]
        bad: dict[str, list[tuple[Any, Any]]] = {
            "integer": [*numbers, (1.5, "whole number")],
            "number": [*numbers, (float("nan"), "not a number")],
            "boolean": [(1, "true or false")],
            "choice": [("nonsense", repr(choice)) for choice in parameter.choices],
            "pair": [*(((1, value), named) for value, named in numbers), ((1,), "2 whole"), ([1, 1], "2 whole")],
            "padding": [
                *(((0, 0, 0, value), named) for value, named in numbers),
                ((0, 0), "4 whole"),
                ("nonsense", "'same'"),
            ],
            "sides": [*(((0, 0, 0, value), named) for value, named in numbers), ((0, 0), "4 whole"), (0, "4 whole")],
            "integers": [*(((1, value), named) for value, named in numbers), ((), "whole numbers")],
            "numbers": [*(((1, value), named) for value, named in numbers), ((), "numbers")],
            "node": [("Relu", "not a node")],
            "labels": [(["a"], "tuple of texts"), ((1,), "tuple of texts")],
        }
        found += [
            pytest.param(
                kind, parameter.name, value, str(named), id=f"{kind.__name__}-{parameter.name}-{value}-{named}"
            )
            for value, named in bad[parameter.kind]
        ]
    return found


@pytest.mark.parametrize(
    ("kind", "name", "value", "named"), [case for kind in ALL_LAYERS for case in wrong_values(kind)]
)
def test_an_invalid_value_is_refused_and_the_message_names_the_bound(
    kind: type[Layer], name: str, value: Any, named: str
):
    with pytest.raises(ValueError, match=rf"^{kind.__name__}\.{name}: .*{re.escape(named)}"):
        kind(**{name: value})
    with pytest.raises(ValueError, match=name):
        kind().replace(**{name: value})
    assert kind().attempt(**{name: value}) is None


@every_layer
@some
@given(data=st.data())
def test_an_attempt_within_the_bounds_is_a_replacement(kind: type[Layer], data: st.DataObject):
    changes = {parameter.name: data.draw(values(parameter, most=None)) for parameter in parameters(kind)}
    assert kind().attempt(**changes) == kind(**changes)
