"""Resizing, normalising and setting maps side by side."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from designer.tiles.colormaps import GAP, MIDDLE, TOP
from designer.tiles.limits import find_limits
from designer.tiles.strips import Placement, draw, nearest, resize, to_indices

ANY_FLOAT = st.floats(width=32, allow_nan=True, allow_infinity=True)
SIDES = st.integers(1, 12)


def area_mean_by_loop(image: np.ndarray, height: int, width: int) -> np.ndarray:
    """Return the mean over each area, one source pixel at a time."""
    out = np.zeros((height, width))
    tall, wide = image.shape[0] / height, image.shape[1] / width
    for i in range(height):
        for j in range(width):
            total = 0.0
            for y in range(image.shape[0]):
                for x in range(image.shape[1]):
                    down = max(0.0, min((i + 1) * tall, y + 1) - max(i * tall, y))
                    across = max(0.0, min((j + 1) * wide, x + 1) - max(j * wide, x))
                    total += image[y, x] * down * across
            out[i, j] = total / (tall * wide)
    return out


def place(height: int, width: int, tops: tuple[int, ...] = (0,), lefts: tuple[int, ...] = (0,)) -> Placement:
    return Placement(tops[-1] + height, lefts[-1] + width, height, width, tops, lefts)


def drawn(maps: np.ndarray, where: Placement, *, diverging: bool = False) -> np.ndarray:
    low, high, finite = find_limits(maps)
    return draw(maps, low, high, where, diverging=diverging, finite=bool(finite.all()))


@pytest.mark.parametrize(
    ("source", "target"),
    [((10, 10), (4, 4)), ((7, 5), (3, 5)), ((12, 9), (12, 2)), ((1, 100), (1, 7)), ((8, 8), (8, 8)), ((5, 5), (1, 1))],
)
def test_shrinking_is_the_area_mean(source: tuple[int, int], target: tuple[int, int]):
    image = np.random.default_rng(1).standard_normal(source).astype(np.float32)
    np.testing.assert_allclose(resize(image[None], *target)[0], area_mean_by_loop(image, *target), atol=1e-5)


@given(source=st.integers(1, 300), target=st.integers(1, 300))
def test_shrinking_a_constant_keeps_it_and_enlarging_shows_every_value(source: int, target: int):
    line = np.arange(source, dtype=np.float32).reshape(1, 1, source)
    if target < source:
        np.testing.assert_allclose(resize(np.full_like(line, 3), 1, target), 3, rtol=1e-5)
        np.testing.assert_allclose(resize(line, 1, target).mean(), line.mean(), rtol=1e-4)
    else:
        shown = nearest(source, target)
        assert set(shown.tolist()) == set(range(source))
        np.testing.assert_array_equal(resize(line, 1, target)[0, 0], shown)


def test_resizing_leaves_the_values_it_was_given_alone():
    maps = np.random.default_rng(2).standard_normal((2, 9, 9)).astype(np.float32)
    maps[0, 4, 4] = np.nan
    maps.setflags(write=False)
    before = maps.copy()
    resize(maps, 4, 4, finite=False)
    np.testing.assert_array_equal(maps, before)


@pytest.mark.parametrize("fault", [np.nan, np.inf, -np.inf])
def test_one_fault_is_seen_from_afar_and_spoils_no_neighbour(fault: float):
    image = np.ones((1, 100, 100), np.float32)
    image[0, 55, 31] = fault
    small = resize(image, 10, 10, finite=False)[0]
    assert np.isnan(small[5, 3])
    assert np.isnan(small).sum() == 1
    np.testing.assert_allclose(np.delete(small.ravel(), 53), 1, rtol=1e-5)


def test_the_lowest_value_gets_the_first_colour_and_the_highest_the_last():
    maps = np.array([[[-2, 0, 2]], [[10, 11, 12]]], np.float32)
    low, high, _ = find_limits(maps)
    np.testing.assert_array_equal(to_indices(maps, low, high)[:, 0], [[0, 127, TOP], [0, 127, TOP]])


def test_a_common_range_compares_maps():
    maps = np.array([[[0, 1]], [[0, 4]]], np.float32)
    indices = to_indices(maps, np.array([0.0]), np.array([4.0]))
    np.testing.assert_array_equal(indices[:, 0], [[0, 64], [0, TOP]])


def test_zero_is_in_the_middle_of_a_diverging_map():
    maps = np.array([[[-1, 0, 4]], [[-8, 0, 2]], [[0, 0, 0]], [[3, 3, 3]]], np.float32)
    low, high, _ = find_limits(maps)
    indices = to_indices(maps, low, high, diverging=True)[:, 0]
    assert (indices[:2, 1] == MIDDLE).all()
    assert indices[0, 2] == TOP
    assert indices[1, 0] == 0
    assert (indices[2] == MIDDLE).all()
    assert (indices[3] == TOP).all()


@pytest.mark.parametrize("value", [0.0, -7.5, 1e-30, 3e38])
def test_a_constant_map_gets_the_first_colour(value: float):
    maps = np.full((1, 4, 4), value, np.float32)
    assert (drawn(maps, place(4, 4)) == 0).all()


def test_the_widest_and_the_narrowest_ranges_of_float32_fit():
    most, least = np.finfo(np.float32).max, np.float32(1e-45)
    maps = np.array([[[-most, 0, most]], [[0, least, 2 * least]]], np.float32)
    low, high, _ = find_limits(maps)
    np.testing.assert_array_equal(to_indices(maps, low, high)[:, 0], [[0, 127, TOP], [0, 127, TOP]])


@given(
    maps=hnp.arrays(np.float32, st.tuples(st.integers(1, 4), SIDES, SIDES), elements=ANY_FLOAT),
    height=SIDES,
    width=SIDES,
    diverging=st.booleans(),
)
def test_any_map_can_be_drawn_at_any_size(maps: np.ndarray, height: int, width: int, diverging: bool):
    columns = len(maps)
    where = place(height, width, lefts=tuple(k * (width + 2) for k in range(columns)))
    strip = drawn(maps, where, diverging=diverging)
    assert strip.shape == (where.height, where.width)
    assert strip.dtype == np.uint8
    for column, left in enumerate(where.lefts):
        tile = strip[:, left : left + width]
        if np.isfinite(maps[column]).all():
            assert (tile != GAP).all()
        elif not np.isfinite(maps[column]).any():
            assert (tile == GAP).all()
        assert (strip[:, left + width : left + width + 2] == GAP).all()


def test_maps_stand_in_rows_with_gaps_between_and_nothing_after_the_last():
    maps = np.array([[[0, 1]], [[2, 3]], [[4, 5]]], np.float32)
    strip = draw(maps, np.array([0.0]), np.array([5.0]), place(1, 2, tops=(0, 2), lefts=(0, 3)))
    shade = [0, 51, 102, 152, 203, TOP]
    np.testing.assert_array_equal(
        strip,
        [
            [shade[0], shade[1], GAP, shade[2], shade[3]],
            [GAP] * 5,
            [shade[4], shade[5], GAP, GAP, GAP],
        ],
    )


def test_elements_of_a_vector_are_rectangles_of_one_colour():
    vector = np.array([0, 1, 2, np.nan, 4], np.float32)[:, None, None]
    where = place(2, 2, tops=(0, 3), lefts=(0, 3, 6))
    strip = draw(vector, np.array([0.0]), np.array([4.0]), where, finite=False)
    upper = [0, 0, GAP, 64, 64, GAP, 127, 127]
    lower = [GAP, GAP, GAP, TOP, TOP, GAP, GAP, GAP]
    np.testing.assert_array_equal(strip, [upper, upper, [GAP] * 8, lower, lower])


@pytest.mark.parametrize("shape", [(1, 1, 10000), (1, 10000, 1), (3, 1, 2), (1, 1, 1)])
def test_extreme_shapes(shape: tuple[int, ...]):
    maps = np.random.default_rng(3).standard_normal(shape).astype(np.float32)
    strip = drawn(maps, place(6, 64, lefts=tuple(k * 66 for k in range(shape[0]))))
    assert strip.shape[0] == 6
    assert (strip[:, :64] != GAP).all()


@pytest.mark.parametrize(("height", "width"), [(3, 4), (20, 30), (3, 30), (20, 4), (7, 9)])
def test_maps_that_lie_pixel_by_pixel_are_resized_alike(height, width):
    maps = np.random.default_rng(0).random((5, 7, 9), np.float32)
    for some in (slice(0, 5), slice(1, 4)):
        stored = np.ascontiguousarray(maps.transpose(1, 2, 0)).transpose(2, 0, 1)[some]
        np.testing.assert_allclose(resize(stored, height, width), resize(maps[some], height, width), rtol=1e-5)
