from fractions import Fraction

import numpy as np
import pytest

from engine import AdaptiveAvgPool2D, Code, GlobalAvgPool2D, GlobalMaxPool2D, Shape
from engine.layers.base import WHOLE, Window
from tests.engine.layers.rows import Row, check, derived, row

VOLUME = Shape(6, 5, 4)

ROWS = [
    row("the end of ResNet", GlobalAvgPool2D(), (Shape(2048, 7, 7),), Shape(2048)),
    row("squeeze", GlobalAvgPool2D(keep_axes=True), (VOLUME,), Shape(6, 1, 1)),
    row("largest", GlobalMaxPool2D(), (VOLUME,), Shape(6)),
    row("of a vector", GlobalMaxPool2D(), (Shape(6),), None, codes=(Code.VOLUME_EXPECTED,)),
    row("VGG's on another image", AdaptiveAvgPool2D(), (Shape(512, 10, 9),), Shape(512, 7, 7)),
    row("more than there are", AdaptiveAvgPool2D(output=(7, 2)), (VOLUME,), Shape(6, 7, 2)),
    row("adaptive of a vector", AdaptiveAvgPool2D(), (Shape(6),), None, codes=(Code.VOLUME_EXPECTED,)),
]


@pytest.mark.parametrize("expected", ROWS)
def test_pooling_by_the_maps_size_has_the_shape_worked_out_by_hand(expected: Row):
    check(expected)


def test_means_and_maxima_are_those_of_whole_maps():
    x = np.random.default_rng(0).normal(size=(2, *VOLUME)).astype(np.float32)
    np.testing.assert_allclose(GlobalAvgPool2D().forward((x,), {}), x.mean(axis=(2, 3)), rtol=1e-6)
    assert np.array_equal(GlobalMaxPool2D(keep_axes=True).forward((x,), {})[..., 0, 0], x.max(axis=(2, 3)))


def test_adaptive_windows_cover_the_map_and_may_overlap():
    x = np.arange(5, dtype=np.float32).reshape(1, 1, 1, 5)
    # Five pixels in three windows: 0-1, 1-3, 3-4.
    assert AdaptiveAvgPool2D(output=(1, 3)).forward((x,), {}).ravel().tolist() == [0.5, 2, 3.5]


def test_fields_follow_the_windows():
    assert GlobalAvgPool2D().infer((VOLUME,)).window is WHOLE
    window = AdaptiveAvgPool2D(output=(5, 3)).infer((VOLUME,)).window
    assert window == Window((1, 2), (Fraction(1), Fraction(4, 3)), (0, 0))


def test_derivations_say_where_sizes_come_from():
    assert derived(GlobalAvgPool2D(), VOLUME)["values"] == "one for each map: D₁ = 6"
    assert derived(AdaptiveAvgPool2D(), VOLUME)["width"] == "W₂ as asked for = 7"
