"""What pooling can do beyond the lecture: rounding up, dilation, norms, padding before the odd pixel."""

from collections.abc import Callable

import numpy as np
import pytest

from engine import AvgPool2D, Code, LpPool2D, MaxPool2D, Shape, SumPool2D
from engine.formats import native
from engine.layers.pool import Pool2D
from tests.engine.layers.rows import Row, check, derived, row

ROWS = [
    row("rounded up", MaxPool2D(kernel=(3, 3), ceil_mode=True), (Shape(2, 6, 6),), Shape(2, 3, 3)),
    row("SqueezeNet's", MaxPool2D(kernel=(3, 3), ceil_mode=True), (Shape(64, 111, 111),), Shape(64, 55, 55)),
    row(
        "a last window in the padding is left out",
        AvgPool2D(kernel=(3, 3), stride=(3, 3), padding=(1, 1, 1, 1), ceil_mode=True),
        (Shape(3, 2, 2),),
        Shape(3, 1, 1),
    ),
    row("a window that hangs over on its first place", SumPool2D(ceil_mode=True), (Shape(1, 1, 1),), Shape(1, 1, 1)),
    row("dilated", MaxPool2D(stride=(1, 1), dilation=(2, 3)), (Shape(1, 5, 5),), Shape(1, 3, 2)),
    row(
        "dilated so far that windows miss the map",
        MaxPool2D(stride=(1, 1), padding=(1, 1, 1, 1), dilation=(2, 2)),
        (Shape(1, 1, 1),),
        None,
        codes=(Code.PADDING_TOO_LARGE,),
    ),
    row(
        "dilated padding that no window starts beyond",
        MaxPool2D(kernel=(3, 3), stride=(1, 1), padding="same", dilation=(3, 3)),
        (Shape(1, 9, 9),),
        Shape(1, 9, 9),
    ),
    row("a dilated mean", AvgPool2D(stride=(1, 2), dilation=(2, 3)), (Shape(1, 5, 8),), Shape(1, 3, 3)),
    row("a dilated norm", LpPool2D(kernel=(3, 2), dilation=(2, 1)), (Shape(2, 7, 4),), Shape(2, 2, 2)),
    row(
        "a dilated sum, rounded up",
        SumPool2D(kernel=(3, 3), dilation=(2, 2), ceil_mode=True),
        (Shape(2, 6, 7),),
        Shape(2, 2, 2),
    ),
    row("the odd pixel before", MaxPool2D(kernel=(3, 3), padding="same-lower"), (Shape(1, 6, 7),), Shape(1, 3, 4)),
    row("a norm", LpPool2D(p=3), (Shape(4, 6, 6),), Shape(4, 3, 3)),
]


@pytest.mark.parametrize("expected", ROWS)
def test_a_mode_has_the_shape_worked_out_by_hand(expected: Row):
    check(expected)


def test_same_and_same_lower_differ_in_the_side_of_the_odd_pixel():
    x = np.arange(16, dtype=np.float32).reshape(1, 1, 4, 4)
    after = SumPool2D(kernel=(2, 2), stride=(1, 1), padding="same").forward((x,), {})
    before = SumPool2D(kernel=(2, 2), stride=(1, 1), padding="same-lower").forward((x,), {})
    assert after[0, 0, 3].tolist() == [25, 27, 29, 15]
    assert before[0, 0, 0].tolist() == [0, 1, 3, 5]


def test_the_formula_is_rounded_up_and_says_where_a_window_is_left_out():
    lines = derived(MaxPool2D(kernel=(3, 3), ceil_mode=True), Shape(1, 6, 6))
    assert lines["width"] == "W₂ = ⌈(W₁ − F + 2P)/S⌉ + 1 = ⌈(6 − 3 + 2·0)/2⌉ + 1 = 3"
    left_out = AvgPool2D(kernel=(3, 3), stride=(3, 3), padding=(1, 1, 1, 1), ceil_mode=True)
    assert derived(left_out, Shape(3, 2, 2))["width"] == "W₂ = ⌈(W₁ − F + 2P)/S⌉ = ⌈(2 − 3 + 2·1)/3⌉ = 1"


@pytest.mark.parametrize("count_padding", [True, False])
def test_what_hangs_over_the_padding_is_never_counted(count_padding: bool):
    x = np.arange(1, 17, dtype=np.float32).reshape(1, 1, 4, 4)
    layer = AvgPool2D(kernel=(3, 3), stride=(3, 3), padding=(1, 0, 0, 1), ceil_mode=True, count_padding=count_padding)
    values = layer.forward((x,), {})
    # The last window holds two pixels, the padding right of them, and what hangs over both.
    assert values.shape == (1, 1, 2, 2)
    assert values[0, 0, 1, 1] == pytest.approx((12 + 16) / (4 if count_padding else 2))


def test_cells_of_a_dilated_window_are_apart():
    x = np.arange(25, dtype=np.float32).reshape(1, 1, 5, 5)
    values = MaxPool2D(kernel=(2, 2), stride=(1, 1), dilation=(2, 3)).forward((-x,), {})
    assert np.array_equal(-values[0, 0], x[0, 0, :3, :2])


@pytest.mark.parametrize(("kind", "reduce"), [(AvgPool2D, np.mean), (SumPool2D, np.sum), (LpPool2D, np.linalg.norm)])
def test_cells_between_those_of_a_dilated_window_count_nothing(kind: type[Pool2D], reduce: Callable[..., np.floating]):
    x = np.arange(1, 26, dtype=np.float32).reshape(1, 1, 5, 5)
    values = kind(kernel=(2, 2), stride=(1, 1), dilation=(2, 3)).forward((x,), {})
    cells = [[x[0, 0, y : y + 3 : 2, left : left + 4 : 3].ravel() for left in range(2)] for y in range(3)]
    np.testing.assert_allclose(values[0, 0], [[reduce(one) for one in row] for row in cells], rtol=1e-6)


def test_of_a_dilated_mean_those_cells_count_that_lie_on_the_map():
    x = np.arange(1, 17, dtype=np.float32).reshape(1, 1, 4, 4)
    layer = AvgPool2D(kernel=(2, 2), stride=(2, 2), padding=(1, 1, 1, 1), dilation=(2, 2))
    for count_padding, divisor in ((False, 1), (True, 4)):
        values = layer.replace(count_padding=count_padding).forward((x,), {})
        assert values[0, 0, 0, 0] == 6 / divisor  # cells at −1 and 1: one of the four is on the map
        told = layer.replace(count_padding=count_padding).explain((x[0],), {}, (0, 0, 0))
        assert (told.count, told.total) == (divisor, 6 / divisor)


def test_an_older_document_s_pooling_has_no_gaps():
    text = (
        '{"format": "convolab", "version": 1, "name": "Old", "layers": [{"id": "image", "type": "Input"},'
        ' {"id": "pool", "type": "AvgPool2D", "kernel": [2, 2], "stride": [2, 2], "padding": "valid"}]}'
    )
    network, _ = native.decode(text)
    assert network.graph.node("pool").layer == AvgPool2D(dilation=(1, 1))


@pytest.mark.parametrize("p", [1, 2, 3, 64])
def test_norms_are_exact_and_do_not_overflow(p: int):
    x = np.random.default_rng(0).normal(size=(2, 3, 5, 4)).astype(np.float32) * 1e4
    values = LpPool2D(kernel=(3, 2), stride=(1, 2), p=p).forward((x,), {})
    windows = np.lib.stride_tricks.sliding_window_view(x.astype(np.float64), (3, 2), axis=(2, 3))[:, :, :, ::2]
    np.testing.assert_allclose(values, (np.abs(windows) ** p).sum(axis=(4, 5)) ** (1 / p), rtol=1e-5)
