import numpy as np
import pytest

from engine import Input, Shape
from tests.engine.layers.rows import Row, check, row

ROWS = [
    row("gray", Input(), (), Shape(1, 32, 32)),
    row("RGB, wider than high", Input(channels=3, height=240, width=320), (), Shape(3, 240, 320)),
    row("one pixel", Input(height=1, width=1), (), Shape(1, 1, 1)),
]


@pytest.mark.parametrize("expected", ROWS)
def test_an_input_has_the_shape_it_is_set_to(expected: Row):
    check(expected)


@pytest.mark.parametrize(("channels", "brief"), [(1, "gray"), (3, "RGB"), (4, "RGBA"), (7, "7 channels")])
def test_the_brief_says_what_kind_of_image_enters(channels: int, brief: str):
    assert Input(channels=channels).brief() == brief


def test_the_image_passes_as_it_is():
    image = np.ones((1, 1, 32, 32), np.float32)
    assert Input().forward((image,), {}) is image
