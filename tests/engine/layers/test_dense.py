import numpy as np
import pytest

from engine import Code, Dense, Flatten, Shape
from tests.engine.layers.rows import Row, check, derived, row

ROWS = [
    row("LeNet-5, 400 to 120", Dense(units=120), (Shape(400),), Shape(120), 48_000, 120, 48_000, 48_000),
    row("LeNet-5, 120 to 84", Dense(units=84), (Shape(120),), Shape(84), 10_080, 84, 10_080, 10_080),
    row("LeNet-5, 84 to 10", Dense(units=10), (Shape(84),), Shape(10), 840, 10, 840, 840),
    row(
        "VGG, 25,088 to 4,096",
        Dense(units=4096),
        (Shape(25_088),),
        Shape(4096),
        102_760_448,
        4_096,
        102_760_448,
        102_760_448,
    ),
    row("no bias", Dense(units=3, bias=False), (Shape(7),), Shape(3), 21, 0, 21, 21),
    row("a volume", Dense(), (Shape(16, 5, 5),), None, codes=(Code.VECTOR_EXPECTED,)),
    row("even a volume of one pixel", Dense(), (Shape(120, 1, 1),), None, codes=(Code.VECTOR_EXPECTED,)),
]


@pytest.mark.parametrize("expected", ROWS)
def test_a_dense_layer_has_the_counts_worked_out_by_hand(expected: Row):
    check(expected)


def test_a_volume_is_refused_with_its_size_and_a_flatten_offered():
    (problem,) = Dense().infer((Shape(16, 5, 4),)).problems
    assert problem.message == (
        "Dense connects every value of a vector, but it receives a volume of 4×5×16; "
        "flattened, that is a vector of 320 values."
    )
    assert [(remedy.action, remedy.layer, remedy.port) for remedy in problem.remedies] == [("insert", Flatten(), 0)]


def test_the_derivation_multiplies_inputs_by_outputs():
    assert derived(Dense(units=120), Shape(400)) == {
        "outputs": "N₂ = units = 120",
        "weights": "N₁·N₂ = 400·120 = 48,000",
        "biases": "N₂ = 120",
        "connections": "N₁·N₂ = 400·120 = 48,000",
        "macs": "N₁·N₂ = 400·120 = 48,000",
    }
    assert derived(Dense(units=120, bias=False), Shape(400))["biases"] == "no bias = 0"
    assert derived(Dense(), Shape(3, 2, 2)) == {}


def test_each_output_is_a_weighted_sum_of_all_inputs_and_a_bias():
    weights = {"weight": np.array([[1, 2, 3], [0, -1, 0]], np.float32), "bias": np.array([10, 0.5], np.float32)}
    x = np.array([[1, 1, 2], [0, 3, 0]], np.float32)
    assert Dense(units=2).forward((x,), weights).tolist() == [[19, -0.5], [16, -2.5]]
    assert Dense(units=2, bias=False).forward((x,), weights).tolist() == [[9, -1], [6, -3]]


def test_the_brief_counts_the_units():
    assert Dense(units=4096).brief() == "4,096 units"
