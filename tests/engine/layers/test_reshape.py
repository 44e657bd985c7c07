import numpy as np
import pytest

from engine import Flatten, Shape
from tests.engine.layers.rows import Row, check, derived, row

ROWS = [
    row("LeNet-5, 5×5×16", Flatten(), (Shape(16, 5, 5),), Shape(400)),
    row("VGG, 7×7×512", Flatten(), (Shape(512, 7, 7),), Shape(25_088)),
    row("one pixel", Flatten(), (Shape(120, 1, 1),), Shape(120)),
    row("a vector stays", Flatten(), (Shape(84),), Shape(84)),
]


@pytest.mark.parametrize("expected", ROWS)
def test_flatten_keeps_every_value(expected: Row):
    check(expected)


def test_values_are_laid_out_channel_by_channel_and_row_by_row():
    x = np.arange(24, dtype=np.float32).reshape(2, 2, 2, 3)
    assert Flatten().forward((x,), {}).tolist() == [list(range(12)), list(range(12, 24))]


def test_its_derivation_multiplies_the_extents():
    assert derived(Flatten(), Shape(16, 4, 5)) == {"values": "N₂ = W₁·H₁·D₁ = 5·4·16 = 320"}
    assert derived(Flatten(), Shape(84)) == {"values": "N₂ = N₁ = 84"}
