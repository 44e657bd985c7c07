"""A layer's output in a small picture."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from designer.tiles.colormaps import GAP, MIDDLE, TOP
from designer.tiles.contact import BAR, LARGEST, MOST, Size, draw_bars, draw_maps, is_vector
from designer.tiles.limits import Limits
from designer.tiles.look import Look, Normalisation

SIZE = Size(tile=16, gap=2)  # 34 pixels high, 70 wide
PER_MAP, PER_LAYER = Look(), Look(normalisation=Normalisation.PER_LAYER)


def ramps(count: int, side: int = 16) -> np.ndarray:
    """Return maps that rise from 0 to their number plus 1."""
    ramp = np.linspace(0, 1, side * side, dtype=np.float32).reshape(side, side)
    return np.stack([(index + 1) * ramp for index in range(count)])


def limits_of(maps: np.ndarray) -> Limits:
    limits = Limits(maps)
    limits.finish()
    return limits


def draw(maps: np.ndarray, look: Look = PER_MAP) -> np.ndarray:
    return draw_maps(maps, look, SIZE, limits_of(maps))


@pytest.mark.parametrize(
    ("count", "right"), [(1, 34), (2, 70), (3, 34), (4, 34), (5, 52), (6, 52), (7, 70), (8, 70), (64, 70)]
)
def test_tiles_fill_the_picture_from_the_left(count: int, right: int):
    picture = draw(ramps(count, 34 if count < 3 else 16))
    assert picture.shape == (34, 70)
    covered = np.flatnonzero((picture != GAP).any(axis=0))
    assert covered[0] == 0
    assert covered[-1] == right - 1


def test_small_tiles_are_the_first_maps_row_by_row():
    maps = np.stack([np.full((4, 4), value, dtype=np.float32) for value in range(12)])
    picture = draw(maps, PER_LAYER)
    shown = [picture[y + 8, x + 8] for y in (0, 18) for x in (0, 18, 36, 54)]
    assert shown == [round(value * TOP / 11) for value in range(MOST)]


def test_each_map_spans_the_colours_or_all_of_a_layer_do():
    maps = ramps(12)
    assert draw(maps)[:16, :16].max() == TOP
    assert draw(maps, PER_LAYER)[:16, :16].max() == round(TOP / 12)


def test_a_diverging_map_has_its_zero_in_the_middle():
    maps = np.zeros((8, 4, 4), dtype=np.float32)
    assert draw(maps, Look("diverging"))[8, 8] == MIDDLE


def test_a_map_keeps_its_proportions():
    picture = draw(np.ones((8, 8, 16), dtype=np.float32))
    tile = picture[:16, :16] != GAP
    assert tile.any(axis=1).sum() == 8
    assert tile.any(axis=0).sum() == 16


def test_a_fault_is_a_gap():
    maps = ramps(8)
    maps[0, 3, 5] = np.nan
    assert draw(maps)[3, 5] == GAP
    assert draw(maps)[3, 6] != GAP


def bars(*values: float) -> np.ndarray:
    return draw_bars(np.array(values, dtype=np.float32), SIZE)


def test_bars_stand_on_zero_and_hang_from_it():
    picture = bars(1.0, -1.0)
    left, right = picture[:, :30], picture[:, 40:]
    assert (left == LARGEST).any()
    assert (right == BAR).any()
    zero = 17
    assert np.flatnonzero((left != GAP).any(axis=1)).max() <= zero
    assert np.flatnonzero((right != GAP).any(axis=1)).min() >= zero - 1


def test_the_largest_value_is_marked():
    picture = bars(0.1, 0.7, 0.2)
    marked = np.flatnonzero((picture == LARGEST).any(axis=0))
    assert marked.min() >= 23
    assert marked.max() < 46
    assert (picture[:, marked] == LARGEST).sum(axis=0).max() == SIZE.height


def test_a_peak_in_a_long_vector_is_not_lost():
    values = np.zeros(4096, dtype=np.float32)
    values[2048] = 1
    picture = draw_bars(values, SIZE)
    assert (picture[0] == LARGEST).sum() == 1
    assert np.flatnonzero(picture[0] == LARGEST)[0] == 35


@given(hnp.arrays(np.float32, st.integers(0, 300), elements=st.floats(width=32, allow_nan=True, allow_infinity=True)))
def test_any_vector_can_be_drawn(values: np.ndarray):
    picture = draw_bars(values, SIZE)
    assert picture.shape == (SIZE.height, SIZE.width)
    assert set(np.unique(picture)) <= {BAR, LARGEST, GAP}


@given(
    hnp.arrays(
        np.float32,
        st.tuples(st.integers(1, 9), st.integers(1, 20), st.integers(2, 20)),
        elements=st.floats(width=32, allow_nan=True, allow_infinity=True),
    ),
    st.integers(6, 40),
    st.sampled_from([PER_MAP, PER_LAYER, Look("diverging")]),
)
def test_any_maps_can_be_drawn(maps: np.ndarray, tile: int, look: Look):
    size = Size(tile, 1)
    assert draw_maps(maps, look, size, limits_of(maps)).shape == (size.height, size.width)


def test_what_is_a_vector():
    assert is_vector(np.zeros(3))
    assert is_vector(np.zeros((5, 1, 1)))
    assert not is_vector(np.zeros((5, 1, 2)))
