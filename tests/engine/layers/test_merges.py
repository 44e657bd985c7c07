import numpy as np
import pytest

from engine import Add, Average, Code, Conv2D, Layer, Maximum, Minimum, Multiply, Shape, Subtract
from tests.engine.layers.rows import Row, check, row

MAPS, PIXEL, VECTOR = Shape(6, 5, 4), Shape(6, 1, 1), Shape(6)

ROWS = [
    row("two of one shape", Subtract(), (MAPS, MAPS), MAPS),
    row("squeeze and excitation", Multiply(), (MAPS, PIXEL), MAPS),
    row("the weights first", Multiply(), (PIXEL, MAPS), MAPS),
    row("weights as a vector", Multiply(), (MAPS, VECTOR), MAPS),
    row("a vector first", Add(), (VECTOR, PIXEL, MAPS), MAPS),
    row("a vector and a pixel", Maximum(), (VECTOR, PIXEL), PIXEL),
    row("vectors", Average(), (VECTOR, VECTOR, VECTOR), VECTOR),
    row("other channels", Multiply(), (MAPS, Shape(3, 1, 1)), None, codes=(Code.MERGE_SHAPES,)),
    row("one channel is not spread", Multiply(), (MAPS, Shape(1, 5, 4)), None, codes=(Code.MERGE_SHAPES,)),
    row("one row is not spread", Maximum(), (MAPS, Shape(6, 1, 4)), None, codes=(Code.MERGE_SHAPES,)),
    row("vectors of other lengths", Average(), (VECTOR, Shape(7)), None, codes=(Code.MERGE_SHAPES,)),
    row("a sum keeps its code", Add(), (MAPS, Shape(3, 1, 1)), None, codes=(Code.ADD_SHAPES,)),
]


@pytest.mark.parametrize("expected", ROWS)
def test_a_merge_has_the_shape_worked_out_by_hand(expected: Row):
    check(expected)


@pytest.mark.parametrize(
    ("layer", "expected"),
    [(Subtract(), -2), (Multiply(), 24), (Maximum(), 6), (Minimum(), 4), (Average(), 5), (Add(), 10)],
)
def test_a_merge_works_value_by_value(layer: Layer, expected: float):
    four, six = (np.full((1, *MAPS), value, np.float32) for value in (4, 6))
    assert (layer.forward((four, six), {}) == expected).all()
    assert (layer.forward((four, six[:, :, :1, :1]), {}) == expected).all()
    assert (layer.forward((four[:, :, 0, 0], six), {}) == expected).all()


def test_a_mean_is_that_of_all_branches():
    x = tuple(np.full((1, 2), value, np.float32) for value in (1, 2, 6))
    assert Average().forward(x, {}).tolist() == [[3, 3]]


def test_the_odd_branch_is_named_and_projected():
    (problem,) = Multiply().infer((PIXEL, MAPS, Shape(3, 5, 4))).problems
    assert (problem.port, problem.message) == (
        2,
        "Multiply needs inputs of one shape, but it receives 1×1×6 and 4×5×6 and 4×5×3.",
    )
    assert [(remedy.port, remedy.layer) for remedy in problem.remedies] == [
        (2, Conv2D(filters=6, kernel=(1, 1))),
        (1, Conv2D(filters=3, kernel=(1, 1))),
    ]
