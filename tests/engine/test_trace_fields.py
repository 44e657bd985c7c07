"""What a traced value depends on, on every map: against trying every pixel, and against the analysis."""

from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine import (
    LAYERS,
    Add,
    Analysis,
    AvgPool2D,
    Box,
    Concat,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    Graph,
    Input,
    MaxPool2D,
    Node,
    Place,
    ReLU,
    Shape,
    Softmax,
    SumPool2D,
    Weights,
    trace,
)
from engine.layers.base import Array
from engine.layers.region import as_volume
from tests.engine.networks import chain, wired
from tests.engine.traced import around, ran, some_index
from tests.strategies import networks

CHAIN = (Conv2D, MaxPool2D, AvgPool2D, SumPool2D, ReLU, Dropout, Flatten, Dense)


def dependence(
    analysis: Analysis, weights: Weights, maps: Mapping[str, Array], start: str, target: str, index: tuple[int, ...]
) -> tuple[Box | None, tuple[int, int] | None]:
    """Return box and channels of all that a value depends on, found by trying every pixel and every channel.

    A pixel that is no number makes one of all that read it, whatever the weights are.
    """
    values = maps[start].reshape(as_volume(Shape(*maps[start].shape)))
    channels, height, width = values.shape
    probes = np.tile(values, (height * width + channels, 1, 1, 1))
    for number in range(height * width):
        probes[number, :, number // width, number % width] = np.nan
    for channel in range(channels):
        probes[height * width + channel, channel] = np.nan
    outputs = replayed(analysis, weights, maps, start, probes.reshape(-1, *maps[start].shape), target)
    hit = np.isnan(outputs[(slice(None), *index)])
    ys, xs = np.nonzero(hit[: height * width].reshape(height, width))
    if not len(ys):
        return None, None
    (found,) = np.nonzero(hit[height * width :])
    box = Box(int(ys.min()), int(ys.max()) + 1, int(xs.min()), int(xs.max()) + 1)
    return box, (int(found.min()), int(found.max()) + 1)


def replayed(
    analysis: Analysis, weights: Weights, maps: Mapping[str, Array], start: str, batch: Array, target: str
) -> Array:
    """Return a node's outputs when another node's are replaced by a batch."""
    outputs = {start: batch}
    for node in analysis.order:
        wires = analysis.graph.incoming[node]
        sources = [wires[port].source for port in sorted(wires)]
        if node != start and any(source in outputs for source in sources):
            inputs = [outputs.get(one, np.broadcast_to(maps[one], (len(batch), *maps[one].shape))) for one in sources]
            with np.errstate(all="ignore"):
                outputs[node] = analysis.nodes[node].layer.forward(tuple(inputs), weights.get(node, {}))
    return outputs[target] if target in outputs else np.broadcast_to(maps[target], (len(batch), *maps[target].shape))


@given(networks(), st.data())
def test_fields_are_what_the_value_depends_on(graph, data):
    check_fields(graph, data)


@pytest.mark.parametrize("kind", LAYERS)
@settings(max_examples=15)
@given(data=st.data())
def test_so_they_are_for_every_layer(kind, data):
    check_fields(data.draw(networks(kinds=around(kind), most=5)), data)


def check_fields(graph: Graph, data: st.DataObject) -> None:
    """Check that the fields of one value hold what it changes with, and no more."""
    known, weights, maps = ran(graph)
    node = data.draw(st.sampled_from([*maps][::-1]))
    assume(all(values.size < 1000 for values in maps.values()))
    index = some_index(data, maps, node)
    found = trace(graph, weights, maps, node, index, analysis=known)
    for start in maps:
        box, channels = dependence(known, weights, maps, start, node, index)
        if start not in found.fields:
            assert box is None
            continue
        field = found.fields[start]
        assert field.inside == box
        assert channels is None or field.channels == channels
        _, height, width = as_volume(known.nodes[start].output)
        assert field.clipped == field.box.clipped(height, width)
        assert 0 <= field.padding <= 1
        assert box is None or box.hull(field.clipped) == field.clipped


@given(networks(kinds=CHAIN), st.data())
def test_the_box_on_the_image_is_the_analysis_receptive_field(graph, data):
    known, weights, maps = ran(graph)
    for node in maps:
        index = some_index(data, maps, node)
        found = trace(graph, weights, maps, node, index, analysis=known)
        if found.field.inside is None:
            continue
        place = Place(node, index)
        while len(place.index) == 1:  # the fields of a flattened volume are those of its pixels
            walked = trace(graph, weights, maps, place.node, place.index, analysis=known)
            place = walked.source((0,) * walked.explanation.numbers.ndim)
        field = known.receptive_fields[node]
        assert found.field.box == field.box(*place.index[1:])


def test_fields_on_every_map_between():
    graph = chain(
        n0=Input(height=8, width=8),
        n1=Conv2D(filters=2, kernel=(3, 3), padding="same"),
        n2=MaxPool2D(),
        n3=Conv2D(filters=1, kernel=(3, 3), padding="same"),
    )
    known, weights, maps = ran(graph)
    found = trace(graph, weights, maps, "n3", (0, 0, 0), analysis=known)
    assert list(found.fields) == ["n3", "n2", "n1", "n0"]
    assert [field.box for field in found.fields.values()] == [
        (0, 1, 0, 1),
        (-1, 2, -1, 2),
        (-2, 4, -2, 4),
        (-3, 5, -3, 5),
    ]
    assert [field.inside for field in found.fields.values()] == [(0, 1, 0, 1), (0, 2, 0, 2), (0, 4, 0, 4), (0, 5, 0, 5)]
    assert [field.channels for field in found.fields.values()] == [(0, 1), (0, 2), (0, 2), (0, 1)]
    assert found.image == "n0"
    assert found.field.clipped == (0, 5, 0, 5)
    assert found.field.padding == pytest.approx(1 - 25 / 64)
    assert trace(graph, weights, maps, "n3", [np.int64(0), 1, 1]).index == (0, 1, 1)


def test_rows_that_no_window_reaches_do_not_count():
    graph = chain(n0=Input(height=5, width=5), n1=MaxPool2D(), n2=Conv2D(filters=1, kernel=(3, 3), padding="same"))
    _, weights, maps = ran(graph)
    field = trace(graph, weights, maps, "n2", (0, 1, 1)).field
    assert (field.box, field.clipped, field.inside) == ((0, 6, 0, 6), (0, 5, 0, 5), (0, 4, 0, 4))


def test_gaps_at_the_rim_do_not_count():
    graph = chain(
        n0=Input(height=5, width=1), n1=Conv2D(filters=1, kernel=(3, 1), dilation=(2, 1), padding=(1, 1, 0, 0))
    )
    _, weights, maps = ran(graph)
    field = trace(graph, weights, maps, "n1", (0, 0, 0)).field  # rows −1, 1 and 3
    assert (field.box, field.clipped, field.inside) == ((-1, 4, 0, 1), (0, 4, 0, 1), (1, 4, 0, 1))


def test_what_sees_everything_sees_no_padding():
    graph = chain(n0=Input(height=4, width=6), n1=Conv2D(filters=1, padding="same"), n2=Flatten(), n3=Dense(units=2))
    _, weights, maps = ran(graph)
    fields = trace(graph, weights, maps, "n3", (1,)).fields
    assert [field.box for field in fields.values()] == [(0, 1, 0, 1), (0, 1, 0, 1), (0, 4, 0, 6), (0, 4, 0, 6)]
    assert [field.channels for field in fields.values()] == [(1, 2), (0, 24), (0, 1), (0, 1)]
    assert fields["n0"].padding == 0


def test_softmax_sees_all_classes():
    flat = chain(n0=Input(height=2, width=3), n1=Flatten(), n2=Softmax())
    _, weights, maps = ran(flat)
    fields = trace(flat, weights, maps, "n2", (4,)).fields
    assert (fields["n1"].channels, fields["n0"].inside) == ((0, 6), (0, 2, 0, 3))
    planes = chain(n0=Input(channels=3, height=2, width=3), n1=Softmax())
    _, weights, maps = ran(planes)
    field = trace(planes, weights, maps, "n1", (2, 1, 1)).field
    assert (field.channels, field.box) == ((0, 3), (1, 2, 1, 2))


def test_a_window_in_the_padding_sees_nothing():
    graph = chain(n0=Input(height=2, width=2), n1=Conv2D(filters=1, kernel=(1, 1), padding=(3, 3, 3, 3)))
    _, weights, maps = ran(graph)
    found = trace(graph, weights, maps, "n1", (0, 0, 0))
    assert found.field.box == (-3, -2, -3, -2)
    assert found.field.clipped.area == 0
    assert found.field.inside is None
    assert found.field.padding == 1
    assert found.source((0, 0, 0)) is None


def test_a_branch_that_gives_nothing_has_no_field():
    graph = chain(n0=Input(height=4, width=4), n1=Conv2D(filters=2, kernel=(3, 3), padding="same"))
    graph = wired(graph.add(Node("join", Concat())), ("n0", "join", 0), ("n1", "join", 1))
    _, weights, maps = ran(graph)
    assert list(trace(graph, weights, maps, "join", (0, 2, 2)).fields) == ["join", "n0"]
    found = trace(graph, weights, maps, "join", (2, 2, 2))
    assert list(found.fields) == ["join", "n1", "n0"]
    assert found.field.box == (1, 4, 1, 4)
    assert found.source(()) == Place("n1", (1, 2, 2))


def test_a_branch_counts_only_what_it_reads():
    """Two layers read one map: one reads all channels at one pixel, the other half of them in a window."""
    graph = chain(n0=Input(height=6, width=6), left=ReLU(), right=ReLU(), join=Concat())
    graph = wired(graph, ("n0", "right"), ("left", "join", 0), ("right", "join", 1))
    graph = graph.add(Node("all", Conv2D(filters=2, kernel=(1, 1)))).add(Node("sum", Add()))
    graph = graph.add(Node("half", Conv2D(filters=2, kernel=(3, 3), padding="same", groups=2)))
    graph = wired(graph, ("join", "all"), ("join", "half"), ("all", "sum", 0), ("half", "sum", 1))
    _, weights, maps = ran(graph)
    fields = trace(graph, weights, maps, "sum", (0, 3, 3)).fields
    assert (fields["join"].box, fields["join"].channels) == ((2, 5, 2, 5), (0, 2))
    assert (fields["left"].box, fields["right"].box) == ((2, 5, 2, 5), (3, 4, 3, 4))


def test_branches_are_joined():
    graph = chain(n0=Input(height=6, width=6), n1=Conv2D(filters=1, kernel=(1, 3), padding="same"))
    graph = graph.add(Node("tall", Conv2D(filters=1, kernel=(5, 1), padding="same"))).add(Node("sum", Add()))
    graph = wired(graph, ("n0", "tall"), ("n1", "sum", 0), ("tall", "sum", 1))
    _, weights, maps = ran(graph)
    found = trace(graph, weights, maps, "sum", (0, 3, 3))
    assert found.field.box == found.field.inside == (1, 6, 2, 5)
    assert found.source((1,)) == Place("tall", (0, 3, 3))
