"""Moved images: what the move does to pixels, and the measures where theory says what they are."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import (
    AvgPool2D,
    Cancelled,
    Comparison,
    Conv2D,
    Dense,
    DepthwiseConv2D,
    Flatten,
    GlobalAvgPool2D,
    GlobalMaxPool2D,
    Graph,
    Input,
    MaxPool2D,
    Move,
    ReLU,
    Softmax,
    Upsample2D,
    compare,
    moved,
)
from engine.translation import curve, expected, similarity
from tests.engine.networks import chain, lenet5
from tests.engine.traced import ran

WHOLE = st.integers(-3, 3)


def picture(channels: int, height: int, width: int, seed: int = 0) -> np.ndarray:
    made = np.random.default_rng(seed).random((channels, height, width), np.float32)
    made.flags.writeable = False
    return made


def layers_of(graph: Graph, move: Move, seed: int = 0) -> dict:
    known, weights, maps = ran(graph, seed)
    return dict(compare(graph, weights, maps[known.input.id], move, analysis=known).layers)


@given(WHOLE, WHOLE)
def test_a_whole_shift_moves_pixels_and_repeats_the_edge(dx, dy):
    image = picture(2, 7, 9)
    found = moved(image, Move(dx=dx, dy=dy))
    for y, x in np.ndindex(7, 9):
        assert np.array_equal(found[:, y, x], image[:, min(max(y - dy, 0), 6), min(max(x - dx, 0), 8)])
    assert not found.flags.writeable


@given(WHOLE, WHOLE)
def test_wrapped_it_is_a_roll(dx, dy):
    image = picture(2, 7, 9)
    assert np.array_equal(moved(image, Move(dx=dx, dy=dy, border="wrap")), np.roll(image, (dy, dx), (1, 2)))


def test_half_a_pixel_is_the_mean_of_two():
    image = picture(1, 3, 6)
    found = moved(image, Move(dx=0.5))
    assert found[0, :, 1:] == pytest.approx((image[0, :, 1:] + image[0, :, :-1]) / 2)


@pytest.mark.parametrize("quarter", range(4))
def test_a_quarter_turn_turns_pixels(quarter):
    image = picture(2, 6, 6)
    assert moved(image, Move(degrees=90 * quarter)) == pytest.approx(np.rot90(image, quarter, (1, 2)), abs=1e-5)


def test_twice_as_large_shows_the_middle():
    image = np.zeros((1, 9, 9), np.float32)
    image[0, 4, 6] = 1
    found = moved(image, Move(scale=2))
    assert np.unravel_index(found.argmax(), found.shape) == (0, 4, 8)
    assert moved(image, Move(scale=0.5))[0, 4, 5] == pytest.approx(1)


def test_noise_is_as_strong_as_asked_for_and_the_same_each_time():
    image = picture(1, 60, 60)
    found = moved(image, Move(noise=0.1))
    assert np.std(found - image) == pytest.approx(0.1 * np.ptp(image), rel=0.05)
    assert np.array_equal(found, moved(image, Move(noise=0.1)))
    assert not np.array_equal(found, moved(image, Move(noise=0.1), seed=1))


def test_nan_stays_where_it_is_moved_to():
    image = np.array(picture(1, 5, 5))
    image[0, 2, 2] = np.nan
    assert np.argwhere(np.isnan(moved(image, Move(dx=1)))).tolist() == [[0, 2, 3]]


def test_moves_that_there_are_not():
    with pytest.raises(ValueError, match="can't be moved"):
        Move(scale=0)
    with pytest.raises(ValueError, match="can't be moved"):
        Move(dx=float("nan"))


@settings(max_examples=25)
@given(WHOLE, WHOLE, st.integers(1, 4), st.booleans())
def test_a_convolution_without_padding_is_exactly_equivariant_to_shifts(dx, dy, kernel, depthwise):
    layer = DepthwiseConv2D(kernel=(kernel, kernel)) if depthwise else Conv2D(filters=3, kernel=(kernel, kernel + 1))
    found = layers_of(chain(image=Input(channels=2, height=11, width=12), conv=layer, relu=ReLU()), Move(dx=dx, dy=dy))
    assert found["conv"].equivariance == pytest.approx(1, abs=1e-6)
    assert found["relu"].equivariance == pytest.approx(1, abs=1e-6)
    if dx or dy:
        assert found["conv"].invariance < 0.999


@given(st.sampled_from([-2, -1, 1, 2]), st.sampled_from([MaxPool2D(), AvgPool2D()]))
def test_pooling_moves_with_shifts_of_its_stride(steps, pool):
    graph = chain(image=Input(channels=1, height=16, width=16), conv=Conv2D(filters=2), pool=pool)
    assert layers_of(graph, Move(dx=2 * steps))["pool"].equivariance == pytest.approx(1, abs=1e-6)
    assert layers_of(graph, Move(dx=2 * steps + 1))["pool"].equivariance < 0.9999


def test_padding_spoils_it_at_the_border():
    graph = chain(image=Input(height=12, width=12), conv=Conv2D(filters=2, padding="same"))
    assert layers_of(graph, Move(dx=1))["conv"].equivariance < 0.99999


@given(WHOLE, WHOLE, st.sampled_from([GlobalAvgPool2D(), GlobalMaxPool2D()]))
def test_pooling_over_all_of_a_wrapped_image_is_invariant(dx, dy, pool):
    graph = chain(image=Input(channels=3, height=8, width=9), point=Conv2D(filters=4, kernel=(1, 1)), pool=pool)
    found = layers_of(graph, Move(dx=dx, dy=dy, border="wrap"))["pool"]
    assert found.invariance == pytest.approx(1, abs=1e-6)
    assert found.change == pytest.approx(0, abs=1e-5)
    assert found.equivariance is None


def test_nothing_changes_where_nothing_moves():
    for node, found in layers_of(lenet5(), Move()).items():
        assert found.invariance == pytest.approx(1), node
        assert found.change == 0
        assert found.equivariance is None or found.equivariance == pytest.approx(1)


def test_vectors_have_no_places_to_move_to():
    graph = chain(image=Input(height=6, width=6), flat=Flatten(), dense=Dense(units=4), soft=Softmax())
    found = layers_of(graph, Move(dx=1))
    assert [found[node].equivariance is None for node in graph.by_id] == [False, True, True, True]


def test_enlarged_maps_move_further():
    graph = chain(image=Input(height=8, width=8), up=Upsample2D(factor=(2, 2)))
    found = layers_of(graph, Move(dx=2, dy=1))["up"]
    assert found.equivariance > 0.99


def test_a_map_moves_by_its_own_strides():
    known, weights, maps = ran(lenet5())
    made, inside = expected(maps["pool1"], known.receptive_fields["pool1"], Move(dx=4, dy=-2), (32, 32))
    assert made[:, :-1, 2:] == pytest.approx(maps["pool1"][:, 1:, :-2], abs=1e-6)
    assert inside.sum() == 13 * 12
    assert not inside[-1].any()
    assert weights


def test_so_far_away_that_nothing_is_left_to_compare():
    found = layers_of(chain(image=Input(height=6, width=6), conv=Conv2D(filters=1)), Move(dx=50))
    assert found["conv"].equivariance is None


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [([1, 0], [2, 0], 1), ([1, 0], [0, 3], 0), ([1, 1], [-1, -1], -1), ([0, 0], [0, 0], 1), ([0, 0], [1, 0], 0)],
)
def test_similarity(first, second, found):
    assert similarity(np.array(first, np.float32), np.array(second, np.float32)) == pytest.approx(found)


def test_similarity_of_what_is_no_number():
    assert np.isnan(similarity(np.array([1, np.nan], np.float32), np.ones(2, np.float32)))
    assert np.isnan(similarity(np.array([1, np.inf], np.float32), np.ones(2, np.float32)))


def test_a_curve_runs_the_image_once_and_can_be_given_up():
    graph = lenet5()
    known, weights, maps = ran(graph)
    asked = []

    def cancelled() -> bool:
        asked.append(1)
        return len(made) == 3

    made: list[Comparison] = []
    moves = [Move(dx=x) for x in range(-5, 6)]
    with pytest.raises(Cancelled):
        made.extend(curve(graph, weights, maps["image"], moves, cancelled=cancelled))
    assert [one.move.dx for one in made] == [-5, -4, -3]
    assert len({id(one.before) for one in made}) == 1
    assert asked
    assert known
    assert all(one.layers["conv1"].equivariance == pytest.approx(1) for one in made)
