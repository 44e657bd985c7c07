import numpy as np
import pytest

from engine import AvgPool2D, Code, MaxPool2D, Shape, SumPool2D
from engine.layers.pool import Pool2D
from tests.engine.layers.rows import Row, check, derived, row

POOLS = [MaxPool2D, AvgPool2D, SumPool2D]
PAIRS_3X3 = {"kernel": (3, 3), "stride": (2, 2)}
X = np.array([[[[1, 2, 3], [4, 5, 6], [7, 8, 9]]]], np.float32)

ROWS = [
    row("the lecture: 32×32×10", MaxPool2D(), (Shape(10, 32, 32),), Shape(10, 16, 16)),
    row("first of LeNet-5", AvgPool2D(), (Shape(6, 28, 28),), Shape(6, 14, 14)),
    row("an odd row and column are left over", SumPool2D(), (Shape(2, 5, 7),), Shape(2, 2, 3)),
    row("first of AlexNet: overlapping", MaxPool2D(**PAIRS_3X3), (Shape(64, 55, 55),), Shape(64, 27, 27)),
    row(
        "first of ResNet: padded",
        MaxPool2D(**PAIRS_3X3, padding=(1, 1, 1, 1)),
        (Shape(64, 112, 112),),
        Shape(64, 56, 56),
    ),
    row("same rounds up", AvgPool2D(padding="same"), (Shape(1, 5, 5),), Shape(1, 3, 3)),
    row("each axis of its own", SumPool2D(kernel=(2, 3), stride=(1, 3)), (Shape(4, 5, 7),), Shape(4, 4, 2)),
    row("the window covers all", AvgPool2D(kernel=(7, 7)), (Shape(512, 7, 7),), Shape(512, 1, 1)),
    row("one pixel", MaxPool2D(kernel=(1, 1), stride=(1, 1)), (Shape(3, 1, 1),), Shape(3, 1, 1)),
    row("a vector has no height", MaxPool2D(), (Shape(10),), None, codes=(Code.VOLUME_EXPECTED,)),
    row("window too large", AvgPool2D(kernel=(2, 3)), (Shape(1, 9, 2),), None, codes=(Code.KERNEL_TOO_LARGE,)),
    row(
        "windows of padding alone",
        MaxPool2D(padding=(0, 0, 2, 0)),
        (Shape(1, 8, 8),),
        None,
        codes=(Code.PADDING_TOO_LARGE,),
    ),
]


@pytest.mark.parametrize("kind", POOLS)
@pytest.mark.parametrize("expected", ROWS)
def test_pooling_has_the_shape_worked_out_by_hand_and_no_weights(expected: Row, kind: type[Pool2D]):
    window = expected.layer
    assert isinstance(window, Pool2D)
    check(expected._replace(layer=kind(kernel=window.kernel, stride=window.stride, padding=window.padding)))


@pytest.mark.parametrize("kind", POOLS)
def test_the_derivation_shows_the_lectures_formula_with_the_users_numbers(kind: type[Pool2D]):
    assert derived(kind(), Shape(10, 32, 32)) == {
        "width": "W₂ = ⌊(W₁ − F + 2P)/S⌋ + 1 = ⌊(32 − 2 + 2·0)/2⌋ + 1 = 16",
        "height": "H₂ = ⌊(H₁ − F + 2P)/S⌋ + 1 = ⌊(32 − 2 + 2·0)/2⌋ + 1 = 16",
        "depth": "D₂ = D₁ = 10",
        "weights": "pooling has no weights = 0",
    }
    assert derived(kind(), Shape(10)) == {}


def test_padding_as_wide_as_the_window_is_refused_with_all_four_sides():
    (problem,) = MaxPool2D(kernel=(2, 3), padding=(2, 1, 0, 3)).infer((Shape(1, 8, 8),)).problems
    assert problem.message == (
        "The padding (2 top, 1 bottom, 0 left, 3 right) must be smaller than the 3×2 window, "
        "or some windows hold nothing but padding."
    )
    smaller, none = problem.remedies
    assert smaller.layer == MaxPool2D(kernel=(2, 3), padding=(1, 1, 0, 2))
    assert none.layer == MaxPool2D(kernel=(2, 3))


@pytest.mark.parametrize(
    ("layer", "expected"),
    [
        (MaxPool2D(stride=(1, 1)), [[5, 6], [8, 9]]),
        (SumPool2D(stride=(1, 1)), [[12, 16], [24, 28]]),
        (AvgPool2D(stride=(1, 1)), [[3, 4], [6, 7]]),
        (MaxPool2D(padding=(1, 0, 1, 0)), [[1, 3], [7, 9]]),
        (SumPool2D(padding=(1, 0, 1, 0)), [[1, 5], [11, 28]]),
        (AvgPool2D(padding=(1, 0, 1, 0)), [[1, 2.5], [5.5, 7]]),
        (AvgPool2D(padding=(1, 0, 1, 0), count_padding=True), [[0.25, 1.25], [2.75, 7]]),
    ],
)
def test_a_window_becomes_one_value(layer: Pool2D, expected: list[list[float]]):
    assert layer.forward((X,), {}).tolist() == [[expected]]


def test_padding_never_wins_against_negative_values():
    out = MaxPool2D(padding=(1, 1, 1, 1)).forward((np.full((1, 1, 2, 2), -3, np.float32),), {})
    assert out.tolist() == [[[[-3, -3], [-3, -3]]]]


@pytest.mark.parametrize(("layer", "brief"), [(MaxPool2D(), "2×2 /2"), (AvgPool2D(**PAIRS_3X3), "3×3 /2")])
def test_the_brief_is_the_window_and_its_stride(layer: Pool2D, brief: str):
    assert layer.brief() == brief
