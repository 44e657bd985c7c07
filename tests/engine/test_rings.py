"""Maps that are stored with zeros around them: read without copies, and the same values as ever."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import (
    Add,
    AvgPool2D,
    BatchNorm2D,
    Concat,
    Conv2D,
    DepthwiseConv2D,
    Dropout,
    Flatten,
    GlobalAvgPool2D,
    Graph,
    Input,
    MaxPool2D,
    Node,
    ReLU,
    ReLU6,
    Tanh,
    Weights,
    analyse,
    initialise,
    run,
)
from engine.fast import executable, plan, rules, steps
from engine.fast.layout import RingAt
from engine.fast.memory import Memory, lender
from engine.fast.plan import make_plan
from engine.fast.rules import tuning
from engine.fast.taken_over import taken_over
from engine.kernels.channels_last import Ring, depthwise
from tests.engine.test_fast import chain, picture, plain, same
from tests.strategies import edited, networks

KINDS = (Conv2D, DepthwiseConv2D, ReLU, ReLU6, Tanh, BatchNorm2D, Add, Concat, MaxPool2D, AvgPool2D, Dropout, Flatten)
SEEDS = st.integers(0, 2**32 - 1)

IMAGE = Input(channels=3, height=30, width=27)
STEM = Conv2D(filters=32, kernel=(3, 3), padding="same")
WIDE_KERNEL = Conv2D(filters=16, kernel=(5, 5), stride=(2, 2), padding=(3, 1, 0, 2))
DEPTHWISE = DepthwiseConv2D(kernel=(3, 3), padding="same")
BLOCK = chain(STEM, ReLU(), STEM, ReLU6(), DEPTHWISE, ReLU(), image=IMAGE)


def with_branch(graph: Graph, source: str, node: str, layer) -> Graph:
    return graph.add(Node(node, layer)).connect(source, node)


def rings(graph: Graph, *, strict: bool = False) -> dict[str, Ring]:
    """Return the maps that are stored with a ring."""
    made = make_plan(analyse(graph), tuning(strict=strict)).steps
    return {node: step.ring for node, step in made.items() if any(step.ring)}


@pytest.fixture
def fast_kernels_for_few_channels(monkeypatch):
    """Let small random networks have the kernels of large ones."""
    monkeypatch.setattr(rules, "WINOGRAD_CHANNELS", 1)
    monkeypatch.setattr(rules, "FEW_CHANNELS", 0)
    monkeypatch.setattr(steps, "FEW_CHANNELS", 0)
    monkeypatch.setattr(depthwise, "FEW_CHANNELS", 1)
    monkeypatch.setattr(executable, "_latest", [])


def ringless(graph: Graph, weights: Weights, image, *, strict: bool = False):
    """Run a network all of whose maps lie in one piece."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plan, "with_rings", lambda made: made)
        patch.setattr(executable, "_latest", [])
        return run(graph, weights, image, strict=strict)


def test_only_padded_convolutions_read_maps_with_rings():
    assert rings(BLOCK) == {"n1": Ring(1, 3, 1, 2), "n3": Ring(1, 1, 1, 1)}  # tiles of 4 overhang 30 × 27 by 2 and 1
    assert rings(with_branch(BLOCK, "n1", "pool", MaxPool2D())).keys() == {"n3"}
    assert rings(with_branch(BLOCK, "n3", "narrow", Conv2D(filters=8, kernel=(1, 1)))).keys() == {"n1"}
    assert rings(with_branch(BLOCK, "n3", "narrow", Conv2D(filters=8, kernel=(3, 3)))).keys() == {"n1", "n3"}
    assert rings(chain(STEM, Conv2D(filters=8, kernel=(3, 3)), ReLU(), image=IMAGE)) == {}
    atrous = Conv2D(filters=8, kernel=(3, 3), dilation=(18, 18), padding="same")
    assert rings(chain(STEM, ReLU(), atrous, image=IMAGE)) == {}


def test_a_ring_is_wide_enough_for_every_reader():
    graph = with_branch(with_branch(BLOCK, "n1", "drop", Dropout()), "drop", "wide", WIDE_KERNEL)
    assert rings(graph)["n1"] == rings(graph)["drop"] == Ring(3, 3, 1, 2)
    weights, image = initialise(graph), picture(graph)
    maps, expected, apart = run(graph, weights, image), plain(graph, weights, image), ringless(graph, weights, image)
    for node in maps:
        np.testing.assert_allclose(maps[node], expected[node], atol=1e-4 * np.abs(expected[node]).max())
        assert same(maps[node], apart[node])
    assert not maps["n1"].flags.writeable
    assert maps["n1"].base is maps["drop"].base


def test_strict_runs_have_rings_for_smaller_tiles():
    assert rings(BLOCK, strict=True)["n1"] == Ring(1, 1, 1, 2)
    weights, image = initialise(BLOCK), picture(BLOCK)
    strict, apart = run(BLOCK, weights, image, strict=True), ringless(BLOCK, weights, image, strict=True)
    assert all(same(strict[node], apart[node]) for node in strict)


@pytest.mark.usefixtures("fast_kernels_for_few_channels")
@given(graph=networks(KINDS, most=10), seed=SEEDS, strict=st.booleans())
def test_any_network_has_the_same_bits_without_rings(graph, seed, strict):
    weights, image = initialise(graph, seed), picture(graph, seed)
    maps, apart = run(graph, weights, image, strict=strict), ringless(graph, weights, image, strict=strict)
    assert all(same(maps[node], apart[node]) for node in apart)


@pytest.mark.usefixtures("fast_kernels_for_few_channels")
@given(data=st.data(), graph=networks(KINDS, most=10))
def test_what_is_reused_equals_a_full_run_whether_or_not_it_has_a_ring(data, graph):
    image = picture(graph)
    before = run(graph, initialise(graph), image)
    changed = data.draw(edited(graph, st.sampled_from(KINDS).map(lambda kind: kind())))
    if analyse(changed).input is None or changed.nodes[0] != graph.nodes[0]:
        return
    weights = initialise(changed)
    again, full = run(changed, weights, image, previous=before), run(changed, weights, image)
    assert all(same(again[node], full[node]) for node in full)


@pytest.mark.parametrize(
    "reader", [Flatten(), GlobalAvgPool2D(), Conv2D(filters=8, kernel=(1, 1)), MaxPool2D(), ReLU()]
)
def test_a_map_that_is_reused_loses_its_ring_and_gets_one(reader):
    longer = with_branch(BLOCK, "n3", "reader", reader)
    assert rings(BLOCK).keys() > rings(longer).keys()
    weights = initialise(longer)
    for seed in range(4):  # memory is used again for other images
        image = picture(BLOCK, seed)
        first, full = run(BLOCK, weights, image), run(longer, weights, image)
        again = run(longer, weights, image, previous=first)
        assert again["n3"] is first["n3"]
        assert all(same(again[node], full[node]) for node in full)
        back = run(BLOCK, initialise(BLOCK, seed + 1), image, previous=full)
        expected = run(BLOCK, initialise(BLOCK, seed + 1), image)
        assert all(same(back[node], expected[node]) for node in expected)
        del first, full, again, back, expected


def test_a_map_is_read_in_the_ring_that_it_lies_in():
    weights, image = initialise(BLOCK), picture(BLOCK)
    maps, made = run(BLOCK, weights, image), make_plan(analyse(BLOCK), tuning(strict=False)).steps
    stored = taken_over(made["n3"], maps["n3"])
    assert stored.shape == (32, 29, 32)
    assert np.shares_memory(stored, maps["n3"])
    copied = taken_over(made["n3"], maps["n3"].copy())
    assert not np.shares_memory(copied, maps["n3"])
    assert same(copied, stored)
    assert same(taken_over(made["n2"], maps["n2"]), maps["n2"].transpose(1, 2, 0))
    assert np.shares_memory(taken_over(made["n2"], maps["n2"]), maps["n2"])
    assert lender(image) is None
    assert lender(maps["n3"]) is not None


def test_networks_that_take_turns_with_the_same_memory():
    # All maps of 34·34·32 or 32·36·32 values and more: the zeros of one lie in the maps of the other.
    graphs = [
        chain(STEM, ReLU(), Conv2D(filters=32, kernel=kernel, padding="same"), ReLU(), image=Input(height=32, width=32))
        for kernel in ((3, 3), (1, 5), (5, 1))
    ]
    sizes = [make_plan(analyse(graph), tuning(strict=False)).layout.slabs for graph in graphs]
    assert len(set(sizes[1:])) == 1
    expected = {}
    for turn in range(4):
        for number, graph in enumerate(graphs):
            maps = run(graph, initialise(graph), picture(graph))
            copies = {node: values.copy() for node, values in maps.items()}
            assert turn == 0 or all(same(copies[node], expected[number][node]) for node in copies)
            expected[number] = copies
            del maps
    for number, graph in enumerate(graphs):
        reference = plain(graph, initialise(graph), picture(graph))
        for node, values in reference.items():
            np.testing.assert_allclose(expected[number][node], values, atol=1e-4 * np.abs(values).max())


def test_zeros_are_written_once_for_each_layout():
    memory = Memory(np.empty(400, np.float32))
    memory.values[:] = np.nan
    layout = (RingAt(20, (6, 5, 3), Ring(1, 2, 0, 1)),)
    memory.surround(layout)
    stored = layout[0].of(memory.values)
    assert np.isnan(memory.values[:20]).all()
    assert np.isnan(memory.values[110:]).all()
    assert np.isnan(layout[0].ring.inside(stored)).all()
    assert np.count_nonzero(stored == 0) == stored.size - 3 * 4 * 3
    stored[0, 0, 0] = 1
    memory.surround(layout)
    assert stored[0, 0, 0] == 1
    memory.surround(())
    memory.surround(layout)
    assert stored[0, 0, 0] == 0


@pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf])
def test_what_is_no_number_stays_inside(number):
    graph = chain(STEM, Tanh(), DEPTHWISE, Add(), STEM, image=IMAGE)
    graph = graph.add(Node("sum", Add())).connect("n0", "sum", 0).connect("n0", "sum", 1)
    graph = with_branch(graph, "sum", "deep", DEPTHWISE)
    weights, image = initialise(graph), picture(graph).copy()
    image[:, 0, 0] = image[:, -1, 7] = number
    for seed in range(3):
        maps, apart = run(graph, weights, image), ringless(graph, weights, image)
        assert not np.isfinite(maps["deep"][:, 0, 0]).any()
        assert np.isfinite(maps["deep"][:, 10:18, 15:]).all()
        assert all(same(maps[node], apart[node]) for node in maps)
        clean = picture(graph, seed)
        assert all(np.isfinite(values).all() for values in run(graph, weights, clean).values())
