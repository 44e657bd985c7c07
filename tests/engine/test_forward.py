import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import (
    Add,
    Cancelled,
    Concat,
    Conv2D,
    Dense,
    Flatten,
    Graph,
    Identity,
    Input,
    MaxPool2D,
    Node,
    Progress,
    ReLU,
    RunError,
    Softmax,
    Weights,
    analyse,
    initialise,
    run,
)
from tests.engine.networks import chain, lenet5, wired
from tests.strategies import edited, networks

TINY = chain(image=Input(height=4, width=5), conv=Conv2D(filters=2), relu=ReLU(), flat=Flatten(), dense=Dense(units=3))


def picture(graph: Graph, *batch: int, seed: int = 0) -> np.ndarray:
    shape = analyse(graph).input.layer.shape
    return np.random.default_rng(seed).random((*batch, *shape), np.float32)


def test_every_layer_has_its_map_in_order():
    maps = run(TINY, initialise(TINY), picture(TINY))
    assert {node: values.shape for node, values in maps.items()} == {
        "image": (1, 4, 5),
        "conv": (2, 2, 3),
        "relu": (2, 2, 3),
        "flat": (12,),
        "dense": (3,),
    }
    assert list(maps) == ["image", "conv", "relu", "flat", "dense"]
    assert len(maps) == 5


@given(networks())
def test_every_map_has_the_inferred_shape_and_is_read_only_float32(graph: Graph):
    analysis = analyse(graph)
    maps = run(graph, initialise(graph), picture(graph))
    assert list(maps) == list(analysis.order)
    for node, values in maps.items():
        assert values.shape == analysis.nodes[node].output
        assert values.dtype == np.float32
        assert not values.flags.writeable
        assert maps.seconds(node) >= 0


@given(networks())
def test_an_image_in_a_batch_gives_what_it_gives_alone(graph: Graph):
    weights, batch = initialise(graph), picture(graph, 3)
    together = run(graph, weights, batch)
    for number in range(3):
        alone = run(graph, weights, batch[number])
        for node, values in alone.items():
            scale = max(1.0, float(np.abs(values).max()))
            np.testing.assert_allclose(together[node][number], values, rtol=1e-5, atol=1e-5 * scale)


def test_progress_of_a_layer_that_hands_the_image_on_or_what_an_earlier_run_made():
    handed = chain(image=Input(height=4, width=4), same=Identity())
    reports: list[Progress] = []
    maps = run(handed, initialise(handed), picture(handed), progress=reports.append)
    assert [one.node for one in reports] == ["image", "same"]
    flat = handed.add(Node("flat", Flatten())).connect("same", "flat")
    reports.clear()
    run(flat, initialise(flat), maps["image"], progress=reports.append, previous=maps)
    assert [one.node for one in reports] == ["image", "same", "flat"]


def test_progress_comes_after_each_layer_with_its_place_time_and_values():
    reports: list[Progress] = []
    maps = run(TINY, initialise(TINY), picture(TINY), progress=reports.append)
    assert [(one.node, one.done, one.total) for one in reports] == [
        ("image", 1, 5),
        ("conv", 2, 5),
        ("relu", 3, 5),
        ("flat", 4, 5),
        ("dense", 5, 5),
    ]
    for one in reports:
        assert one.seconds == maps.seconds(one.node)
        assert np.shares_memory(one.values, maps[one.node])
        assert one.values.shape == maps[one.node].shape


def test_cancelling_stops_before_the_next_layer():
    done: list[str] = []
    with pytest.raises(Cancelled):
        run(
            TINY,
            initialise(TINY),
            picture(TINY),
            progress=lambda one: done.append(one.node),
            cancelled=lambda: len(done) == 2,
        )
    assert done == ["image", "conv"]


def test_a_run_that_is_cancelled_at_once_computes_nothing():
    done: list[Progress] = []
    with pytest.raises(Cancelled):
        run(TINY, initialise(TINY), picture(TINY), progress=done.append, cancelled=lambda: True)
    assert done == []


def test_maps_can_not_be_changed_by_whoever_gets_them():
    maps = run(TINY, initialise(TINY), picture(TINY))
    with pytest.raises(ValueError, match="read-only"):
        maps["conv"][0, 0, 0] = 1
    with pytest.raises(TypeError):
        maps["conv"] = maps["relu"]


def test_changing_the_image_afterwards_changes_no_map():
    image = picture(TINY)
    kept = image.copy()
    maps = run(TINY, initialise(TINY), image)
    image[:] = -1
    assert np.array_equal(maps["image"], kept)
    assert not np.shares_memory(maps["image"], image)


def test_a_read_only_image_is_used_without_a_copy():
    image = picture(TINY)
    image.flags.writeable = False
    assert np.shares_memory(run(TINY, initialise(TINY), image)["image"], image)


@given(networks(), st.data())
def test_reusing_an_earlier_run_is_exact(graph: Graph, data: st.DataObject):
    image = picture(graph)
    image.flags.writeable = False
    first = run(graph, initialise(graph), image)
    changed = data.draw(edited(graph))
    if analyse(changed).input is None or analyse(changed).input.layer != graph.by_id["image"].layer:
        changed = graph
    again = run(changed, initialise(changed), image, previous=first)
    fresh = run(changed, initialise(changed), image)
    assert list(again) == list(fresh)
    for node in fresh:
        np.testing.assert_array_equal(again[node], fresh[node])


def test_only_what_lies_behind_a_change_is_computed_again():
    graph, image = lenet5(), picture(lenet5())
    image.flags.writeable = False
    weights = initialise(graph)
    first = run(graph, weights, image)
    changed = weights.replaced("dense2", "bias", np.ones(84, np.float32))
    again = run(graph, changed, image, previous=first)
    reused = {node for node in graph.by_id if np.shares_memory(again[node], first[node])}
    assert set(graph.by_id) - reused == {"dense2", "relu4", "dense3", "softmax"}
    assert all(again.result(node) is first.result(node) for node in reused)
    assert np.array_equal(again["dense2"], first["dense2"] + 1)


def test_weights_changed_in_place_do_not_pass_for_the_old_ones():
    cells = np.ones((2, 1, 3, 3), np.float32)
    weights = initialise(TINY).replaced("conv", "weight", cells)
    image = picture(TINY)
    image.flags.writeable = False
    first = run(TINY, weights, image)
    cells *= 2
    again = run(TINY, weights.replaced("conv", "weight", cells), image, previous=first)
    np.testing.assert_allclose(again["conv"], 2 * first["conv"], rtol=1e-6)
    assert np.array_equal(run(TINY, weights, image)["conv"], first["conv"])


def test_another_image_takes_nothing_over():
    first = run(TINY, initialise(TINY), picture(TINY))
    again = run(TINY, initialise(TINY), picture(TINY, seed=1), previous=first)
    assert not any(np.shares_memory(again[node], first[node]) for node in again)


def test_layers_with_a_mistake_and_those_behind_them_are_left_out_and_the_rest_runs():
    graph = chain(image=Input(), broken=Conv2D(kernel=(40, 40)), behind=ReLU())
    graph = wired(graph.add(Node("fine", MaxPool2D())).add(Node("alone", Add())), ("image", "fine"), ("fine", "alone"))
    analysis = analyse(graph)
    assert analysis.errors
    maps = run(graph, initialise(graph), picture(graph), analysis=analysis)
    assert list(maps) == ["image", "fine"]
    assert maps.result("broken") is None
    with pytest.raises(KeyError):
        maps["broken"]


def test_cycles_are_left_out():
    graph = wired(chain(image=Input(), add=Add(), relu=ReLU()), ("relu", "add", 1))
    assert list(run(graph, Weights({}), picture(graph))) == ["image"]


def test_inputs_enter_in_the_order_of_their_ports_and_not_of_their_wires():
    graph = Graph((Node("image", Input(height=1, width=1)), Node("twice", Add()), Node("both", Concat())))
    graph = wired(graph, ("image", "both", 1), ("image", "twice"), ("image", "twice", 1), ("twice", "both"))
    maps = run(graph, Weights({}), np.full((1, 1, 1), 3, np.float32))
    assert maps["both"].ravel().tolist() == [6, 3]


@pytest.mark.parametrize(
    ("graph", "weights", "image", "message"),
    [
        (chain(conv=Conv2D()), {}, np.zeros((1, 4, 4)), "The network has no Input layer, so no image can enter it"),
        (
            TINY,
            {},
            np.zeros((3, 4, 5)),
            "The Input layer expects (1, 4, 5) (channels, height, width), the image is (3, 4, 5)",
        ),
        (
            TINY,
            {},
            np.zeros((2, 1, 5, 4)),
            "The Input layer expects (1, 4, 5) (channels, height, width), the image is (2, 1, 5, 4)",
        ),
        (TINY, {}, np.zeros((4, 5)), "the image is (4, 5)"),
        (TINY, {}, np.zeros((0, 1, 4, 5)), "The batch holds no image"),
        (
            TINY,
            {},
            np.zeros((1, 4, 5)),
            "The weights of 'conv' do not fit: it needs weight (2, 1, 3, 3), bias (2,), and there is nothing",
        ),
        (
            TINY,
            {"conv": {"weight": np.zeros((2, 1, 5, 5)), "bias": np.zeros(2)}},
            np.zeros((1, 4, 5)),
            "it needs weight (2, 1, 3, 3), bias (2,), and there is weight (2, 1, 5, 5), bias (2,)",
        ),
    ],
)
def test_what_does_not_fit_is_named_with_its_numbers(graph: Graph, weights: dict, image: np.ndarray, message: str):
    with pytest.raises(RunError, match=re.escape(message)):
        run(graph, Weights(weights), image)


def test_other_number_types_become_float32():
    whole = np.arange(20, dtype=np.uint8).reshape(1, 4, 5)
    maps = run(TINY, initialise(TINY), whole)
    assert maps["image"].dtype == np.float32
    assert np.array_equal(maps["image"], whole)


def test_infinities_and_what_is_no_number_pass_through_without_warnings():
    graph = chain(
        image=Input(height=4, width=4),
        conv=Conv2D(filters=1),
        relu=ReLU(),
        pool=MaxPool2D(),
        flat=Flatten(),
        s=Softmax(),
    )
    image = np.array([[[np.inf, -np.inf, 0, 0], [np.nan, 1e38, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]]], np.float32)
    maps = run(graph, Weights({"conv": {"weight": np.full((1, 1, 3, 3), 9e9), "bias": np.zeros(1)}}), image)
    assert np.array_equal(maps["image"], image, equal_nan=True)
    assert np.isnan(maps["conv"][0, 0, 0])
    assert maps["conv"][0, 1, 1] == np.inf
    assert maps["conv"].shape == (1, 2, 2)
    assert np.isnan(maps["s"]).all()


@pytest.mark.parametrize(("height", "width"), [(1, 1), (1, 7), (9, 1), (5, 3)])
def test_maps_of_one_pixel_and_oblong_ones_run(height: int, width: int):
    graph = chain(
        image=Input(channels=2, height=height, width=width),
        conv=Conv2D(filters=3, padding="same"),
        pool=MaxPool2D(padding="same"),
        last=Conv2D(filters=1, kernel=((height + 1) // 2, (width + 1) // 2)),
        flat=Flatten(),
    )
    maps = run(graph, initialise(graph), picture(graph))
    assert maps["conv"].shape == (3, height, width)
    assert maps["pool"].shape == (3, (height + 1) // 2, (width + 1) // 2)
    assert maps["flat"].shape == (1,)


def test_of_two_inputs_the_first_takes_the_image_and_what_hangs_on_the_other_is_left_out():
    graph = Graph().add(Node("image", Input(height=4, width=4))).add(Node("other", Input(height=6, width=6)))
    graph = graph.add(Node("a", ReLU())).add(Node("b", ReLU())).connect("image", "a").connect("other", "b")
    maps = run(graph, Weights({}), np.ones((1, 4, 4), np.float32))
    assert list(maps) == ["image", "a"]


def test_a_bias_that_the_layer_does_not_have_is_not_added():
    graph = Graph().add(Node("image", Input(height=3, width=3))).add(Node("conv", Conv2D(filters=1, bias=False)))
    graph = graph.connect("image", "conv")
    ones = {"weight": np.ones((1, 1, 3, 3), np.float32), "bias": np.full(1, 5, np.float32)}
    maps = run(graph, Weights({"conv": ones}), np.ones((1, 3, 3), np.float32))
    assert maps["conv"].item() == 9
