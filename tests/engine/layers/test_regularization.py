import numpy as np
import pytest

from engine import Dropout, Shape
from tests.engine.layers.rows import Row, check, row

ROWS = [
    row("a volume", Dropout(), (Shape(6, 4, 5),), Shape(6, 4, 5)),
    row("a vector", Dropout(rate=1.0), (Shape(9),), Shape(9)),
]


@pytest.mark.parametrize("expected", ROWS)
def test_dropout_keeps_the_shape(expected: Row):
    check(expected)


def test_dropout_lets_everything_through_when_a_network_is_used():
    x = np.arange(6, dtype=np.float32).reshape(1, 6)
    assert Dropout(rate=0.9).forward((x,), {}) is x


def test_a_rate_that_is_no_number_is_refused():
    with pytest.raises(ValueError, match=r"Dropout\.rate: nan is not a number"):
        Dropout(rate=float("nan"))


def test_the_brief_is_the_rate():
    assert Dropout(rate=0.25).brief() == "0.25"
