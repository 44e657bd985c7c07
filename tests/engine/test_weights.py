import numpy as np
import pytest
from hypothesis import given

from engine import Conv2D, Dense, Flatten, Graph, Input, Weights, analyse, completed, initialise, mismatches
from engine.layers.base import WeightSpec
from engine.weights import Mismatch, fits
from tests.engine.networks import chain, lenet5
from tests.strategies import drawings, networks

ONES = np.ones((2, 3), np.float32)


def test_arrays_are_found_by_node_and_name_and_are_read_only_float32():
    weights = Weights({"conv": {"weight": np.arange(4), "bias": ONES[0]}, "dense": {}})
    assert list(weights) == ["conv", "dense"]
    assert len(weights) == 2
    array = weights["conv"]["weight"]
    assert (array.tolist(), array.dtype, array.flags.writeable) == ([0, 1, 2, 3], np.float32, False)
    with pytest.raises(ValueError, match="read-only"):
        array[0] = 1


def test_changing_an_array_after_handing_it_over_changes_no_weights():
    mine = ONES.copy()
    weights = Weights({"a": {"w": mine}})
    mine[:] = 9
    assert np.array_equal(weights["a"]["w"], ONES)


def test_a_read_only_array_is_taken_as_it_is():
    mine = ONES.copy()
    mine.flags.writeable = False
    assert Weights({"a": {"w": mine}})["a"]["w"] is mine


def test_a_replaced_array_makes_a_new_mapping_that_shares_the_rest():
    before = Weights({"a": {"w": ONES, "b": ONES[0]}, "c": {"w": ONES}})
    after = before.replaced("a", "w", 2 * ONES)
    assert np.array_equal(before["a"]["w"], ONES)
    assert np.array_equal(after["a"]["w"], 2 * ONES)
    assert after["a"]["b"] is before["a"]["b"]
    assert after["c"]["w"] is before["c"]["w"]
    assert list(before.replaced("new", "w", ONES)) == ["a", "c", "new"]


def test_weights_are_equal_when_all_their_arrays_are():
    one = Weights({"a": {"w": ONES}})
    assert one == Weights({"a": {"w": ONES.copy()}})
    assert one == one.replaced("a", "w", ONES)
    assert one != one.replaced("a", "w", 2 * ONES)
    assert one != one.replaced("a", "other", ONES)
    assert one != {"a": {"w": ONES}}
    with pytest.raises(TypeError):
        hash(one)


def test_the_names_of_files_come_back_as_they_went_even_with_dots_in_ids():
    weights = Weights({"conv1": {"weight": ONES, "bias": ONES[0]}, "block.1": {"weight": ONES}})
    flat = weights.flat()
    assert list(flat) == ["conv1.weight", "conv1.bias", "block.1.weight"]
    assert Weights.from_flat(flat) == weights


@given(networks())
def test_initial_weights_fit_every_layer(graph: Graph):
    weights = initialise(graph)
    entries = analyse(graph).nodes
    assert set(weights) == {node for node, entry in entries.items() if entry.total_parameters}
    for node, named in weights.items():
        assert fits(entries[node].inferred.weights, named)
        assert sum(array.size for array in named.values()) == entries[node].total_parameters


@given(drawings())
def test_a_broken_drawing_has_weights_where_shapes_are_known(graph: Graph):
    analysis = analyse(graph)
    weights = completed(analysis)
    assert set(weights) == {node for node, entry in analysis.nodes.items() if entry.total_parameters}


def test_the_same_seed_gives_the_same_values_and_another_seed_others():
    assert initialise(lenet5(), 3) == initialise(lenet5(), 3)
    assert initialise(lenet5(), 3) != initialise(lenet5(), 4)


def test_two_layers_of_one_shape_start_differently():
    weights = initialise(chain(image=Input(channels=4), a=Conv2D(filters=4), b=Conv2D(filters=4)))
    assert not np.array_equal(weights["a"]["weight"], weights["b"]["weight"])


def test_an_edit_elsewhere_leaves_initial_values_as_they_were():
    before = initialise(lenet5())
    after = initialise(lenet5().replace_layer("conv1", Conv2D(filters=9, kernel=(5, 5))))
    assert before["conv1"]["weight"].shape != after["conv1"]["weight"].shape
    assert after["dense2"]["weight"] is before["dense2"]["weight"]


def test_convolutions_start_as_he_and_dense_layers_as_glorot_proposed():
    graph = chain(image=Input(channels=8), conv=Conv2D(filters=200, kernel=(5, 5)), flat=Flatten())
    graph = graph.replace_layer("image", Input(channels=8, height=5, width=5))
    conv = initialise(graph)["conv"]
    assert abs(float(conv["weight"].std()) - np.sqrt(2 / 200)) < 0.001
    assert abs(float(conv["weight"].mean())) < 0.001
    assert not conv["bias"].any()
    dense = initialise(chain(image=Input(), flat=Flatten(), dense=Dense(units=176)))["dense"]
    limit = np.sqrt(6 / (1024 + 176))
    assert abs(float(dense["weight"].max()) - limit) < 0.001
    assert abs(float(dense["weight"].min()) + limit) < 0.001
    assert not dense["bias"].any()


def test_given_weights_are_kept_where_they_fit_and_replaced_where_not():
    analysis = analyse(lenet5())
    given_weights = initialise(lenet5(), seed=7)
    given_weights = given_weights.replaced("conv1", "weight", np.zeros((6, 1, 3, 3)))
    given_weights = given_weights.replaced("stranger", "weight", ONES)
    made = completed(analysis, given_weights)
    fresh = initialise(lenet5())
    assert np.array_equal(made["conv1"]["weight"], fresh["conv1"]["weight"])
    assert np.array_equal(made["conv1"]["bias"], fresh["conv1"]["bias"])
    assert made["dense1"]["weight"] is given_weights["dense1"]["weight"]
    assert "stranger" not in made


def test_arrays_that_a_layer_does_not_need_are_left_out():
    graph = chain(image=Input(), conv=Conv2D(filters=1, bias=False))
    weights = Weights({"conv": {"weight": np.ones((1, 1, 3, 3)), "bias": np.ones(1)}})
    assert list(completed(analyse(graph), weights)["conv"]) == ["weight"]


def test_mismatches_name_what_is_missing_and_what_has_another_shape():
    graph = chain(image=Input(), conv=Conv2D(filters=2))
    weights = Weights({"conv": {"weight": np.ones((2, 3, 3, 3))}})
    assert mismatches(analyse(graph), weights) == (
        Mismatch("conv.weight", (2, 1, 3, 3), (2, 3, 3, 3)),
        Mismatch("conv.bias", (2,), None),
    )
    assert mismatches(analyse(graph), initialise(graph)) == ()


def test_fitting_needs_every_name_and_every_shape():
    specs = (WeightSpec("w", (2, 3), "weight", "he"), WeightSpec("b", (3,), "bias", "zeros"))
    assert fits(specs, {"w": ONES, "b": ONES[0], "more": ONES})
    assert not fits(specs, {"w": ONES})
    assert not fits(specs, {"w": ONES, "b": ONES})
