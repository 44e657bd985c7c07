"""Where things are in the mosaic."""

from hypothesis import given
from hypothesis import strategies as st

from designer.maps.layout import HEADER, SIDE, SPACE, Anchor, Hit, MosaicLayout

SHAPES = [(1, 32, 32), (6, 28, 28), (0,), (16, 10, 10), (400,), (10,)]
LAYOUT = MosaicLayout(SHAPES, 509, 64)


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
    assert LAYOUT.pinned(top) == (3, top)
    assert LAYOUT.pinned(top + 50) == (3, top + 50)
    assert LAYOUT.pinned(bottom - 10) == (3, bottom - HEADER)
    assert LAYOUT.pinned(LAYOUT.height + 1) is None


def test_the_pinned_header_covers_the_maps_below_it():
    rect = LAYOUT.tile(3, 8)
    assert LAYOUT.hit(rect.x, rect.y + 5, scroll=0) == Hit(3, 8, 0, 0)
    assert LAYOUT.hit(rect.x, rect.y + 5, scroll=rect.y) == Hit(3)


@given(top=st.integers(-50, 2000), height=st.integers(1, 900))
def test_what_is_in_view_is_what_overlaps_it(top: int, height: int):
    bottom = top + height
    layers = LAYOUT.layers_between(top, bottom)
    overlapping = [k for k in range(len(SHAPES)) if LAYOUT.tops[k] < bottom and LAYOUT.bottom(k) > top]
    assert list(layers) == overlapping
    for layer in range(len(SHAPES)):
        found = set(LAYOUT.strips_between(layer, top, bottom))
        for strip in range(LAYOUT.grids[layer].strips):
            rect = LAYOUT.strip(layer, strip)
            if rect.y < bottom and rect.y + rect.height > top:
                assert strip in found


@given(y=st.integers(0, LAYOUT.height - 1))
def test_an_anchor_in_the_same_layout_is_the_same_height(y: int):
    anchor = LAYOUT.anchor(y)
    assert anchor is not None
    assert LAYOUT.height_of(anchor) == y


@given(y=st.integers(0, LAYOUT.height - 1), width=st.integers(1, 900), tile=st.integers(12, 256))
def test_an_anchor_stays_in_its_layer_in_any_other_layout(y: int, width: int, tile: int):
    anchor = LAYOUT.anchor(y)
    assert anchor is not None
    other = MosaicLayout(SHAPES, width, tile)
    assert other.layer_at(other.height_of(anchor)) == anchor.layer == LAYOUT.layer_at(y)


def test_an_anchor_on_a_map_that_is_gone_is_its_layer():
    fewer = MosaicLayout([(2, 10, 10)], 509, 64)
    assert fewer.height_of(Anchor(0, 14, 3)) == 3


def test_no_layers():
    empty = MosaicLayout([], 509, 64)
    assert empty.height == 0
    assert empty.hit(5, 5) is None
    assert empty.anchor(0) is None
    assert list(empty.layers_between(0, 500)) == []
