"""One value traced: over random networks the sums and the sources; and what can't be traced."""

from collections.abc import Callable
from math import prod
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine import (
    LAYERS,
    ActivationExplanation,
    Conv2D,
    ConvExplanation,
    CopyExplanation,
    Dense,
    Explanation,
    Flatten,
    Graph,
    Input,
    LinearExplanation,
    LocalResponseExplanation,
    LogSoftmaxExplanation,
    LpExplanation,
    MaxExplanation,
    MeanExplanation,
    MergeExplanation,
    NormalizationExplanation,
    Place,
    ReLUExplanation,
    ScaleExplanation,
    SeparableExplanation,
    SoftmaxExplanation,
    TraceError,
    Weights,
    ZeroPad2D,
    load,
    run,
    trace,
)
from engine.layers.base import Array
from tests.engine.networks import chain
from tests.engine.traced import around, ran, some_index
from tests.strategies import networks

INF = np.inf


def array(values: Any) -> Array:
    made = np.array(values, np.float32)
    made.flags.writeable = False
    return made


def reckoned(found: Explanation) -> float:
    """Return the value that follows from the numbers shown, by the formula of their kind."""
    formula = next((formula for kind, formula in FORMULAS if isinstance(found, kind)), None)
    return formula(found) if formula else float(found.numbers.sum(dtype=np.float64))


def convolved(found: ConvExplanation) -> float:
    assert np.array_equal(found.partial_sums, found.products.sum(axis=(1, 2)))
    return float((found.patch.values * found.kernel.astype(np.float64)).sum()) + found.bias


def separated(found: SeparableExplanation) -> float:
    each = found.numbers.repeat(len(found.depthwise) // len(found.numbers), axis=0)
    assert found.middle == pytest.approx(np.einsum("dyx,dyx->d", each.astype(np.float64), found.depthwise))
    return float(found.middle @ found.pointwise) + found.bias


def merged(found: MergeExplanation) -> float:
    first, *rest = (float(value) for value in found.values)
    return {
        "sum": first + sum(rest),
        "difference": first - sum(rest),
        "product": first * prod(rest),
        "maximum": max(first, *rest),
        "minimum": min(first, *rest),
        "mean": (first + sum(rest)) / (1 + len(rest)),
    }[found.operation]


# Sums, and the single number of a copy, need no formula. A function of one value is checked against its layer.
FORMULAS: tuple[tuple[type[Explanation], Callable[[Any], float]], ...] = (
    (ConvExplanation, convolved),
    (SeparableExplanation, separated),
    (LinearExplanation, lambda found: float(found.inputs.astype(np.float64) @ found.weights) + found.bias),
    (MaxExplanation, lambda found: float(found.numbers[found.winner])),
    (MeanExplanation, lambda found: found.sum / found.count),
    (LpExplanation, lambda found: float(np.linalg.norm(found.numbers.ravel().astype(np.float64), found.p))),
    (ReLUExplanation, lambda found: 0.0 if found.clipped else found.before),
    (ActivationExplanation, lambda found: found.after),
    (ScaleExplanation, lambda found: found.before * found.factor + found.offset),
    (NormalizationExplanation, lambda found: found.scale * found.normalised + found.shift),
    (LocalResponseExplanation, lambda found: float(found.numbers[found.chosen]) / found.base**found.beta),
    (LogSoftmaxExplanation, lambda found: float(np.log(found.powers[found.chosen] / found.sum))),
    (SoftmaxExplanation, lambda found: float(found.powers[found.chosen]) / found.sum),
    (MergeExplanation, merged),
    (CopyExplanation, lambda found: found.total),
)


def check_values(graph: Graph, seed: int, data: st.DataObject) -> None:
    """Check that what is shown of a value at each layer is what is there, and adds up."""
    known, weights, maps = ran(graph, seed)
    assume(all(np.isfinite(one).all() for one in maps.values()))
    for node in maps:
        index = some_index(data, maps, node)
        found = trace(graph, weights, maps, node, index, analysis=known)
        value, magnitude = float(maps[node][index]), found.explanation.magnitude
        assert found.value == value
        assert abs(found.explanation.total - value) <= 1e-5 * max(1.0, magnitude)
        assert found.agrees
        assert reckoned(found.explanation) == pytest.approx(found.explanation.total, rel=1e-9, abs=1e-9)
        numbers = found.explanation.numbers
        for cell in np.ndindex(numbers.shape):
            place = found.source(cell)
            if place is not None:
                assert numbers[cell] == maps[place.node][place.index]
            else:
                assert numbers[cell] in (0, -INF) or isinstance(known.nodes[node].layer, Input | ZeroPad2D)


@given(networks(), st.integers(0, 99), st.data())
def test_the_total_is_the_value_and_each_number_is_its_sources(graph, seed, data):
    check_values(graph, seed, data)


@pytest.mark.parametrize("kind", LAYERS)
@settings(max_examples=15)
@given(data=st.data())
def test_so_they_are_for_every_layer(kind, data):
    check_values(data.draw(networks(kinds=around(kind), most=5)), 0, data)


def test_what_does_not_agree():
    graph = chain(n0=Input(height=4, width=4), n1=Conv2D(filters=1, kernel=(3, 3)))
    _, weights, maps = ran(graph)
    assert trace(graph, weights, maps, "n1", (0, 0, 0)).agrees
    edited = weights.replaced("n1", "bias", weights["n1"]["bias"] + 1)
    assert not trace(graph, edited, maps, "n1", (0, 0, 0)).agrees


@pytest.mark.parametrize("value", [np.nan, INF, 1e38])
def test_numbers_beyond_float32_agree(value):
    graph = chain(n0=Input(height=1, width=1), n1=Conv2D(filters=1, kernel=(1, 1), bias=False))
    weights = Weights({"n1": {"weight": array([[[[100]]]])}})
    maps = run(graph, weights, array([[[value]]]))
    found = trace(graph, weights, maps, "n1", (0, 0, 0))
    assert not np.isfinite(found.value)
    assert found.agrees


def test_from_the_answer_back_to_a_pixel(resources):
    network = load(resources / "examples" / "lenet5.json")
    weights = network.weights
    maps = run(network.graph, weights, np.random.default_rng(0).random((1, 32, 32), np.float32))
    place, path = Place([*maps][-1], (3,)), []
    while place is not None:
        found = trace(network.graph, weights, maps, place.node, place.index)
        assert found.agrees
        assert found.value == maps[place.node][place.index]
        path.append(place.node)
        cells = [cell for cell in np.ndindex(found.explanation.numbers.shape) if found.source(cell)]
        place = found.source(cells[len(cells) // 2]) if cells else None
    assert path == [node.id for node in network.graph.nodes][::-1]


TINY = chain(n0=Input(height=4, width=4), n1=Conv2D(filters=1, kernel=(3, 3)), n2=Flatten(), n3=Dense(units=2))


@pytest.mark.parametrize(
    ("node", "index", "message"),
    [
        ("n9", (0,), "no layer 'n9'"),
        ("n1", (0,), r"'n1', \(1, 2, 2\), is named by \(channel, y, x\), not by \(0,\)"),
        ("n3", (0, 0, 0), r"'n3', \(2,\), is named by \(i,\)"),
        ("n1", (0, 2, 0), r"no value \(0, 2, 0\) in the map of 'n1', which is \(1, 2, 2\)"),
        ("n3", (-1,), r"no value \(-1,\)"),
    ],
)
def test_what_is_not_there(node, index, message):
    _, weights, maps = ran(TINY)
    with pytest.raises(TraceError, match=message):
        trace(TINY, weights, maps, node, index)


def test_maps_that_do_not_fit():
    known, weights, maps = ran(TINY)
    with pytest.raises(TraceError, match="'n1' has no map"):
        trace(TINY, weights, {"n0": maps["n0"]}, "n1", (0, 0, 0))
    with pytest.raises(TraceError, match="'n0' has no map"):
        trace(TINY, weights, {"n1": maps["n1"]}, "n1", (0, 0, 0))
    batch = run(TINY, weights, np.stack([maps["n0"]] * 3), analysis=known)
    with pytest.raises(TraceError, match=r"batch, \(3, 1, 2, 2\)"):
        trace(TINY, weights, batch, "n1", (0, 0, 0))
    wider = TINY.replace_layer("n1", Conv2D(filters=2, kernel=(3, 3)))
    with pytest.raises(TraceError, match=r"'n1' is \(1, 2, 2\), but now its output is \(2, 2, 2\)"):
        trace(wider, weights, maps, "n1", (0, 0, 0))
    broken = TINY.replace_layer("n1", Conv2D(filters=1, kernel=(9, 9)))
    with pytest.raises(TraceError, match="because of a mistake"):
        trace(broken, weights, maps, "n1", (0, 0, 0))


def test_weights_that_do_not_fit():
    _, weights, maps = ran(TINY)
    with pytest.raises(TraceError, match=r"needs weight \(2, 4\), bias \(2,\), and there is nothing"):
        trace(TINY, Weights({}), maps, "n3", (0,))
    with pytest.raises(TraceError, match=r"there is weight \(1, 1\), bias \(2,\)"):
        trace(TINY, weights.replaced("n3", "weight", array([[1]])), maps, "n3", (0,))
