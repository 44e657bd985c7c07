"""Tiles of one layer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from designer.maps.grid import TILE_SIZES, make_grid, step_tile_size
from designer.tiles.strips import MIN_SIDE, SNAP, fitted

SHAPES = st.one_of(
    st.tuples(st.integers(0, 300), st.integers(1, 120), st.integers(1, 120)),
    st.tuples(st.integers(0, 5000)),
)
WIDTHS = st.integers(1, 900)
TILES = st.sampled_from(TILE_SIZES)


@pytest.mark.parametrize(
    ("size", "box", "drawn"),
    [
        ((32, 32), 64, (64, 64)),
        ((28, 28), 64, (56, 56)),  # twice: all pixels of one size
        ((5, 5), 64, (60, 60)),
        ((40, 40), 64, (64, 64)),  # once would be much smaller than the tile
        ((112, 112), 64, (64, 64)),
        ((30, 100), 64, (19, 64)),
        ((100, 25), 64, (64, 16)),
        ((1, 10000), 64, (MIN_SIDE, 64)),
    ],
)
def test_size_of_a_map_in_its_tile(size: tuple[int, int], box: int, drawn: tuple[int, int]):
    assert fitted(*size, box) == drawn


@given(height=st.integers(1, 2000), width=st.integers(1, 2000), box=TILES)
def test_a_map_fits_its_tile_and_fills_most_of_it(height: int, width: int, box: int):
    tall, wide = fitted(height, width, box)
    assert max(tall, wide) <= box
    assert max(tall, wide) >= SNAP * box - 1
    if min(tall, wide) > MIN_SIDE:
        assert abs(tall / wide - height / width) <= (0.5 / wide + 0.5 / tall) * max(1, height / width) * 2


@given(shape=SHAPES, width=WIDTHS, tile=TILES, compact=st.booleans())
def test_every_tile_is_found_where_it_is_and_in_one_strip(shape: tuple[int, ...], width: int, tile: int, compact: bool):
    grid = make_grid(shape, width, tile, compact=compact)
    assert [k for strip in range(grid.strips) for k in grid.tiles_of(strip)] == list(range(grid.count))
    for k in {0, grid.count // 2, grid.count - 1} & set(range(grid.count)):
        rect = grid.tile(k)
        assert grid.tile_at(rect.x, rect.y) == k
        assert grid.tile_at(rect.x + rect.width - 1, rect.y + rect.height - 1) == k
        assert rect.y + rect.height <= grid.height
        assert rect.x + rect.width <= max(width, rect.width)


@given(
    shape=SHAPES,
    width=WIDTHS,
    tile=TILES,
    compact=st.booleans(),
    ratio=st.sampled_from([1.0, 1.25, 1.5, 1.75, 2.0, 3.0]),
)
def test_a_strip_has_a_place_for_each_of_its_tiles(
    shape: tuple[int, ...], width: int, tile: int, compact: bool, ratio: float
):
    grid = make_grid(shape, width, tile, compact=compact)
    for strip in {0, grid.strips - 1} & set(range(grid.strips)):
        place = grid.placement(strip, ratio)
        assert len(place.tops) * len(place.lefts) >= len(grid.tiles_of(strip))
        assert place.width == pytest.approx(grid.strip(strip).width * ratio, abs=1.5)
        assert place.height == pytest.approx(grid.strip(strip).height * ratio, abs=1.5)


def test_what_is_between_tiles_is_no_tile():
    grid = make_grid((6, 28, 28), 480, 64)
    assert grid.tile_at(56 + grid.gap - 1, 10) is None
    assert grid.tile_at(-1, 10) is None
    assert grid.tile_at(10, -1) is None
    assert grid.tile_at(10, 56) is None
    assert grid.tile_at(6 * (56 + grid.gap), 10) is None


def test_every_pixel_of_a_map_can_be_pointed_at():
    grid = make_grid((2, 5, 3), 480, 64)
    rect = grid.tile(1)
    seen = {
        grid.pixel_at(1, x, y) for x in range(rect.x, rect.x + rect.width) for y in range(rect.y, rect.y + rect.height)
    }
    assert seen == {(y, x) for y in range(5) for x in range(3)}


def test_a_short_vector_is_labelled_in_one_row_and_a_long_one_is_small():
    ten = make_grid((10,), 485, 64)
    assert ten.labelled
    assert ten.rows == 1
    assert not make_grid((120,), 485, 64).labelled
    sides = [make_grid((n,), 485, 64).tile_width for n in (10, 84, 400, 4000, 10_000, 100_000)]
    assert sides == sorted(sides, reverse=True)
    assert sides[1] in range(14, 19)


@pytest.mark.parametrize(("count", "most"), [(84, 32), (120, 32), (400, 40), (1000, 40), (4096, 56)])
@pytest.mark.parametrize("width", [305, 365, 620])
def test_a_compact_vector_is_a_low_block_that_fills_most_of_the_width(count: int, most: int, width: int):
    grid = make_grid((count,), width, 64, compact=True)
    assert grid.height <= most
    assert 0.8 * width <= grid.strip(0).width <= width
    assert grid == make_grid((count,), width, 12, compact=True)


def test_a_compact_output_shows_its_values_where_they_fit():
    ten = make_grid((10,), 305, 30, compact=True)
    assert ten.labelled
    assert ten.rows == 1
    assert ten.height == 30
    assert not make_grid((10,), 200, 30, compact=True).labelled
    assert make_grid((10,), 200, 30, compact=True).rows == 1


def test_maps_of_one_pixel_are_laid_out_like_a_vector():
    assert make_grid((512, 1, 1), 480, 64) == make_grid((512,), 480, 64)


@pytest.mark.parametrize("shape", [(0,), (0, 5, 5), (3, 0, 5)])
def test_a_layer_without_values_has_no_tiles(shape: tuple[int, ...]):
    grid = make_grid(shape, 480, 64)
    assert (grid.count, grid.rows, grid.strips, grid.height) == (0, 0, 0, 0)
    assert grid.tile_at(0, 0) is None


def test_steps_of_the_tile_size():
    assert step_tile_size(64, 1) == 80
    assert step_tile_size(64, -2) == 48
    assert step_tile_size(70, 1) == 80
    assert step_tile_size(70, -1) == 64
    assert step_tile_size(12, -3) == 12
    assert step_tile_size(256, 1) == 256
