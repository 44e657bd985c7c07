import numpy as np
import pytest

from engine import Add, Code, Concat, Conv2D, Layer, Shape
from tests.engine.layers.rows import Row, check, derived, row

ROWS = [
    row("a residual connection", Add(), (Shape(64, 56, 56),) * 2, Shape(64, 56, 56)),
    row("three vectors added", Add(), (Shape(7),) * 3, Shape(7)),
    row("other depths", Add(), (Shape(3, 4, 4), Shape(2, 4, 4)), None, codes=(Code.ADD_SHAPES,)),
    row("a volume and a vector", Add(), (Shape(3, 4, 4), Shape(48)), None, codes=(Code.ADD_SHAPES,)),
    row(
        "an inception block of GoogLeNet",
        Concat(),
        (Shape(64, 28, 28), Shape(128, 28, 28), Shape(32, 28, 28), Shape(32, 28, 28)),
        Shape(256, 28, 28),
    ),
    row("vectors end to end", Concat(), (Shape(3), Shape(4)), Shape(7)),
    row("other heights", Concat(), (Shape(3, 4, 4), Shape(3, 5, 4)), None, codes=(Code.CONCAT_SHAPES,)),
    row("a vector and a volume", Concat(), (Shape(7), Shape(7, 1, 1)), None, codes=(Code.CONCAT_SHAPES,)),
]


@pytest.mark.parametrize("expected", ROWS)
def test_a_merge_has_the_shape_worked_out_by_hand_and_no_weights(expected: Row):
    check(expected)


@pytest.mark.parametrize(
    ("layer", "second", "message"),
    [
        (Add(), Shape(8, 14, 14), "Add needs inputs of one shape, but it receives 28×28×4 and 14×14×8."),
        (
            Concat(),
            Shape(8, 14, 14),
            "Concat stacks volumes of one width and height, but it receives 28×28×4 and 14×14×8.",
        ),
    ],
)
def test_branches_that_do_not_match_are_named_and_projected_where_a_1x1_convolution_can(
    layer: Layer, second: Shape, message: str
):
    (problem,) = layer.infer((Shape(4, 28, 28), second)).problems
    assert (problem.message, problem.port) == (message, 1)
    # Only the larger map can be brought to the smaller one.
    (remedy,) = problem.remedies
    assert (remedy.title, remedy.port) == ("Insert a 1×1 Conv2D that makes input 1 14×14×8", 0)
    assert remedy.layer == Conv2D(filters=8, kernel=(1, 1), stride=(2, 2))


def test_a_projection_that_the_bounds_forbid_is_not_proposed():
    (problem,) = Add().infer((Shape(1, 4000, 4000), Shape(1, 2, 2))).problems
    assert problem.remedies == ()
    (problem,) = Add().infer((Shape(70_000, 1, 1), Shape(1, 1, 1))).problems
    assert [remedy.port for remedy in problem.remedies] == [0]


def test_values_are_added_one_by_one():
    a, b, c = (np.full((1, 2), value, np.float32) for value in (1, 20, 300))
    assert Add().forward((a, b, c), {}).tolist() == [[321, 321]]
    assert (a.tolist(), b.tolist()) == ([[1, 1]], [[20, 20]])


def test_maps_are_stacked_in_the_order_of_the_ports():
    a, b = np.zeros((2, 1, 2, 2), np.float32), np.ones((2, 2, 2, 2), np.float32)
    assert Concat().forward((b, a), {})[:, :, 0, 0].tolist() == [[1, 1, 0], [1, 1, 0]]


def test_derivations_count_values_and_add_depths_where_the_shapes_match():
    assert derived(Add(), Shape(3, 4, 5), Shape(3, 4, 5)) == {"values": "as many as each branch has = 5×4×3 = 60"}
    assert derived(Concat(), Shape(3, 4, 5), Shape(7, 4, 5)) == {"depth": "D₂ = D₁ + D₁ = 3 + 7 = 10"}
    assert derived(Add(), Shape(3), Shape(4)) == {}
    assert derived(Concat(), Shape(3, 4, 4), Shape(4)) == {}
