"""What becomes of a value further on."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine import (
    Add,
    AvgPool2D,
    BatchNorm2D,
    Conv2D,
    Dense,
    Flatten,
    GlobalAvgPool2D,
    Graph,
    Input,
    MaxPool2D,
    Node,
    Place,
    ReLU,
    Softmax,
    Trace,
    following,
)
from engine.layers import Layer
from tests.engine.networks import chain
from tests.engine.traced import ran


def followed(graph: Graph, node: str, index: tuple[int, ...]) -> tuple[Trace, ...]:
    analysis, weights, maps = ran(graph)
    return following(graph, weights, maps, Place(node, index), analysis=analysis)


def network(*layers: Layer, size: tuple[int, int] = (9, 7)) -> Graph:
    named = {f"n{i}": layer for i, layer in enumerate(layers)}
    return chain(image=Input(height=size[0], width=size[1]), conv=Conv2D(filters=3), **named)


def test_through_value_by_value_layers_into_the_window_that_takes_it_in():
    found = followed(network(BatchNorm2D(), ReLU(), MaxPool2D(), ReLU()), "conv", (1, 3, 2))
    assert [(one.node, one.index) for one in found] == [("n0", (1, 3, 2)), ("n1", (1, 3, 2)), ("n2", (1, 1, 1))]
    assert all(one.agrees for one in found)


def test_not_into_sums_over_channels_flat_vectors_or_whole_maps():
    for layer in (Conv2D(), Flatten(), GlobalAvgPool2D()):
        assert followed(network(layer), "conv", (0, 0, 0)) == ()


def test_not_into_a_softmax_and_not_beyond_the_end():
    graph = network(Flatten(), Dense(units=4), Softmax())
    assert followed(graph, "n1", (2,)) == ()
    assert followed(graph, "n2", (2,)) == ()


def test_a_branch_ends_it():
    graph = network(ReLU(), ReLU())
    branched = graph.add(Node("sum", Add())).connect("n0", "sum", 0).connect("n1", "sum", 1)
    assert [one.node for one in followed(branched, "conv", (0, 0, 0))] == ["n0"]


def test_a_value_that_no_window_covers_ends_there():
    assert followed(network(MaxPool2D(), size=(7, 7)), "conv", (0, 4, 4)) == ()


@given(st.data())
def test_the_window_that_is_found_covers_the_value(data: st.DataObject):
    kernel, stride = (data.draw(st.tuples(st.integers(1, 4), st.integers(1, 4))) for _ in range(2))
    kind = data.draw(st.sampled_from([MaxPool2D, AvgPool2D]))
    graph = network(kind(kernel=kernel, stride=stride, padding=(0, 0, 0, 0)), size=(13, 11))
    y, x = data.draw(st.integers(0, 10)), data.draw(st.integers(0, 8))
    found = followed(graph, "conv", (2, y, x))
    covered = all(
        any(row * step <= at < row * step + size for row in range((extent - size) // step + 1))
        for at, size, step, extent in ((y, kernel[0], stride[0], 11), (x, kernel[1], stride[1], 9))
    )
    assert bool(found) == covered
    if found:
        assert y in found[0].explanation.patch.rows
        assert x in found[0].explanation.patch.columns
        assert np.isfinite(found[0].value)
