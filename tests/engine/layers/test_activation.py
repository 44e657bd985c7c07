import numpy as np
import pytest

from engine import ReLU, Shape
from tests.engine.layers.rows import Row, check, derived, row

ROWS = [
    row("a volume", ReLU(), (Shape(6, 28, 28),), Shape(6, 28, 28)),
    row("a vector", ReLU(), (Shape(120),), Shape(120)),
]


@pytest.mark.parametrize("expected", ROWS)
def test_a_rectifier_keeps_the_shape_and_needs_no_weights(expected: Row):
    check(expected)


def test_a_rectifier_keeps_only_the_non_negative_values():
    x = np.array([[-np.inf, -2, -0.5, 0, 0.5, 3, np.inf]], np.float32)
    assert ReLU().forward((x,), {}).tolist() == [[0, 0, 0, 0, 0.5, 3, np.inf]]


def test_its_derivation_counts_the_values():
    assert derived(ReLU(), Shape(6, 14, 28)) == {"values": "as many as come in = 28×14×6 = 2,352"}
