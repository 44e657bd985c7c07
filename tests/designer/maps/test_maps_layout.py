"""Where things are in the mosaic."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from designer.maps.layout import ABOVE, BESIDE, SIDE, Anchor, Arrangement, Hit, MosaicLayout, fitting_tile

SHAPES = [(1, 32, 32), (6, 28, 28), (0,), (16, 10, 10), (400,), (10,)]
LAYOUT = MosaicLayout(SHAPES, 509, 64)
OVERVIEW = MosaicLayout(SHAPES, 449, 36, BESIDE)
HEADER, SPACE = ABOVE.header, ABOVE.after
LENET = [(1, 32, 32), *[(6, 28, 28)] * 2, (6, 14, 14), *[(16, 10, 10)] * 2, (16, 5, 5)]
LENET += [(n,) for n in (400, 120, 120, 84, 84, 10, 10)]
BOTH = pytest.mark.parametrize("made", [LAYOUT, OVERVIEW], ids=["above", "beside"])


def test_layers_follow_one_another():
    assert LAYOUT.tops[0] == 0
    assert LAYOUT.tops[1] == HEADER + 64 + SPACE
    assert LAYOUT.height == LAYOUT.bottom(len(SHAPES) - 1)
    assert LAYOUT.tops[3] - LAYOUT.tops[2] == HEADER + SPACE


def test_a_point_on_a_map_is_a_value():
    rect = LAYOUT.tile(1, 3)
    assert LAYOUT.hit(rect.x, rect.y) == Hit(1, 3, 0, 0)
    assert LAYOUT.hit(rect.x + rect.width - 1, rect.y + 20) == Hit(1, 3, 10, 27)
    assert LAYOUT.hit(rect.x + rect.width, rect.y) is None


def test_a_point_on_a_header_is_its_layer_and_the_space_below_the_maps_is_nothing():
    assert LAYOUT.hit(300, LAYOUT.tops[3] + 5) == Hit(3)
    assert LAYOUT.hit(SIDE + 1, LAYOUT.tops[1] - 2) is None
    assert LAYOUT.hit(SIDE + 1, LAYOUT.height + 5) is None
    assert LAYOUT.hit(-5, LAYOUT.tops[1] + HEADER + 5) is None


def test_the_header_of_the_top_layer_stays_in_view_until_the_next_pushes_it_out():
    top, bottom = LAYOUT.tops[3], LAYOUT.bottom(3)
    assert LAYOUT.header(3) == (0, top, 509, HEADER)
    assert LAYOUT.header(3, top - 5).y == top
    assert LAYOUT.header(3, top + 50).y == top + 50
    assert LAYOUT.header(3, bottom - 10).y == LAYOUT.header(3, bottom + 900).y == bottom - HEADER


def test_the_pinned_header_covers_the_maps_below_it():
    rect = LAYOUT.tile(3, 8)
    assert LAYOUT.hit(rect.x, rect.y + 5, scroll=0) == Hit(3, 8, 0, 0)
    assert LAYOUT.hit(rect.x, rect.y + 5, scroll=rect.y) == Hit(3)


@BOTH
@given(top=st.integers(-50, 2000), height=st.integers(1, 900))
def test_what_is_in_view_is_what_overlaps_it(made: MosaicLayout, top: int, height: int):
    bottom = top + height
    layers = made.layers_between(top, bottom)
    overlapping = [k for k in range(len(SHAPES)) if made.tops[k] < bottom and made.bottom(k) > top]
    assert list(layers) == overlapping
    for layer in range(len(SHAPES)):
        found = set(made.strips_between(layer, top, bottom))
        for strip in range(made.grids[layer].strips):
            rect = made.strip(layer, strip)
            if rect.y < bottom and rect.y + rect.height > top:
                assert strip in found


@BOTH
def test_an_anchor_in_the_same_layout_is_the_same_height(made: MosaicLayout):
    for y in range(made.height):
        anchor = made.anchor(y)
        assert anchor is not None
        assert made.height_of(anchor) == y


@BOTH
@pytest.mark.parametrize("arrangement", [ABOVE, BESIDE], ids=["to above", "to beside"])
@given(share=st.floats(0, 1, exclude_max=True), width=st.integers(1, 900), tile=st.integers(12, 256))
def test_an_anchor_stays_in_its_layer_in_any_other_layout(
    made: MosaicLayout, arrangement: Arrangement, share: float, width: int, tile: int
):
    y = int(share * made.height)
    anchor = made.anchor(y)
    assert anchor is not None
    other = MosaicLayout(SHAPES, width, tile, arrangement)
    assert other.layer_at(other.height_of(anchor)) == anchor.layer == made.layer_at(y)


def test_an_anchor_on_a_map_that_is_gone_is_its_layer():
    fewer = MosaicLayout([(2, 10, 10)], 509, 64)
    assert fewer.height_of(Anchor(0, 14, 3)) == 3


def test_no_layers():
    empty = MosaicLayout([], 509, 64)
    assert empty.height == 0
    assert empty.hit(5, 5) is None
    assert empty.anchor(0) is None
    assert list(empty.layers_between(0, 500)) == []


# Headers beside the maps


def test_maps_stand_beside_their_header():
    header = OVERVIEW.header(3)
    assert header == (0, OVERVIEW.tops[3], BESIDE.column, BESIDE.header)
    assert OVERVIEW.tile(3, 0)[:2] == (BESIDE.column, header.y + BESIDE.before)
    assert OVERVIEW.row(3)[2:] == (449, OVERVIEW.bottom(3) - header.y)


def test_a_low_layer_is_as_high_as_its_texts_and_its_maps_are_in_the_middle():
    single = MosaicLayout([(3, 10, 10)], 449, 12, BESIDE)
    assert single.height == BESIDE.before + BESIDE.least + BESIDE.after
    assert single.header(0).height == single.height
    tile = single.tile(0, 0)
    assert abs(tile.y - (single.height - tile.y - tile.height)) <= 1


def test_all_of_the_column_is_the_header_and_nothing_covers_the_maps():
    y = OVERVIEW.bottom(3) - 2
    assert OVERVIEW.hit(BESIDE.column - 1, y) == Hit(3)
    rect = OVERVIEW.tile(3, 0)
    assert OVERVIEW.hit(rect.x, rect.y, scroll=rect.y) == Hit(3, 0, 0, 0)
    assert OVERVIEW.hit(448, rect.y) is None


def test_the_column_leaves_room_in_a_narrow_view():
    assert MosaicLayout(SHAPES, 200, 12, BESIDE).column == 80
    assert MosaicLayout(SHAPES, 1, 12, BESIDE).grids


# Overviews


@pytest.mark.parametrize(("width", "height", "least"), [(449, 600, 24), (449, 620, 30), (449, 690, 36), (509, 690, 36)])
def test_lenet_is_seen_whole_at_a_readable_size(width: int, height: int, least: int):
    tile = fitting_tile(LENET, width, height)
    assert tile >= least
    assert MosaicLayout(LENET, width, tile, BESIDE).height <= height


@given(
    shapes=st.lists(st.one_of(st.tuples(*[st.integers(0, 99)] * 3), st.tuples(st.integers(0, 5000))), max_size=9),
    width=st.integers(1, 900),
    height=st.integers(1, 900),
)
def test_the_largest_tiles_that_fit_are_chosen(shapes: list[tuple[int, ...]], width: int, height: int):
    heights = {tile: MosaicLayout(shapes, width, tile, BESIDE).height for tile in range(12, 65)}
    assert list(heights.values()) == sorted(heights.values())
    most = max(height, heights[12])
    assert fitting_tile(shapes, width, height) == max(tile for tile in heights if heights[tile] <= most)
