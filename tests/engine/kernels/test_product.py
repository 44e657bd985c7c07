"""Products in panels against numpy's own, and the width of panels."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.kernels.channels_last import Pointwise
from engine.kernels.channels_last.product import in_panels, panel_products, panel_width

sizes = st.integers(1, 40)


@given(
    rows=sizes,
    depth=sizes,
    number=st.integers(1, 5),
    width=st.integers(1, 9),
    bound=st.integers(1, 5_000),
    planar=st.booleans(),
    batch=st.sampled_from([(), (3,)]),
)
def test_products_in_panels(rows, depth, number, width, bound, planar, batch):
    random = np.random.default_rng(rows * depth)
    x = random.standard_normal((*batch, depth, rows), dtype=np.float32).swapaxes(-1, -2)
    if not planar:
        x = np.ascontiguousarray(x)
    matrix = random.standard_normal((depth, number * width), dtype=np.float32)
    panels = np.broadcast_to(in_panels(matrix, width), (*batch, number, depth, width))
    out = np.full((*batch, rows, number * width), np.nan, np.float32)
    for call in panel_products(x, panels, out, bound):
        call()
    np.testing.assert_allclose(out, x @ matrix, atol=1e-4)


@given(depth=st.integers(1, 20_000), columns=st.integers(1, 5_000))
def test_panels_divide_the_columns(depth, columns):
    width = panel_width(depth, columns, 1_000_000)
    if width:
        assert columns % width == 0
        assert 6 * depth * width <= 1_000_000


@pytest.mark.parametrize(
    ("depth", "columns", "width"),
    [
        (64, 256, 64),
        (1024, 256, 32),
        (4608, 512, 32),
        (6000, 512, 16),
        (30_000, 512, 0),
        (144, 48, 16),
        (120, 40, 40),
        (576, 160, 32),
        (512, 72, 0),
        (512, 1000, 0),
    ],
)
def test_panels_are_narrow_where_weights_are_deep(depth, columns, width):
    assert panel_width(depth, columns, 1_000_000) == width


@pytest.mark.parametrize(("depth", "columns"), [(64, 10), (16, 96), (24, 144)])
def test_few_weights_are_one_panel(depth, columns):
    assert panel_width(depth, columns, 1_000_000) == columns


@pytest.mark.parametrize(
    ("columns", "panel", "splits"), [(160, 32, False), (320, 32, True), (96, 96, False), (96, 0, True)]
)
def test_filters_are_split_between_panels_only(columns, panel, splits):
    assert Pointwise((7, 7, 64), (7, 7, columns), panel=panel, bound=1_000_000).splits_channels == splits


def test_without_small_products_there_are_no_panels():
    assert panel_width(64, 256, 0) == 0
