"""Pictures of strips and the time for them."""

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from designer.tiles import colormaps
from designer.tiles.strip_cache import Budget, StripCache

LIGHT = colormaps.table("gray", "#ffffff")
DARK = colormaps.table("gray", "#000000")
STRIP = np.arange(64, dtype=np.uint8).reshape(8, 8)


def test_a_picture_owns_its_pixels(qapp: QApplication):
    cache = StripCache()
    indices = STRIP.copy()
    cache.put("a", indices, LIGHT, 1.0)
    indices[:] = 0
    image = cache.get("a", LIGHT)
    assert image is not None
    assert image.pixelIndex(3, 2) == 19


def test_other_colours_are_the_same_picture_with_another_table(qapp: QApplication):
    cache = StripCache()
    cache.put("a", np.full((2, 3), colormaps.GAP, np.uint8), LIGHT, 2.0)
    image = cache.get("a", DARK)
    assert image is not None
    assert image.pixelColor(0, 0).name() == "#000000"
    assert image.devicePixelRatio() == 2.0
    assert image.pixelIndex(2, 1) == colormaps.GAP


def test_the_least_recently_used_is_forgotten_first(qapp: QApplication):
    cache = StripCache(max_bytes=3 * 64)
    for key in "abc":
        cache.put(key, STRIP, LIGHT, 1.0)
    cache.get("a", LIGHT)
    cache.put("d", STRIP, LIGHT, 1.0)
    assert [key for key in "abcd" if cache.get(key, LIGHT)] == ["a", "c", "d"]
    assert cache.bytes == 3 * 64


def test_bytes_are_counted(qapp: QApplication):
    cache = StripCache()
    cache.put("a", STRIP, LIGHT, 1.0)
    cache.put("a", STRIP[:4], LIGHT, 1.0)
    assert (len(cache), cache.bytes) == (1, 32)
    cache.clear()
    assert (len(cache), cache.bytes) == (0, 0)


def test_a_picture_larger_than_the_bound_is_given_but_not_kept(qapp: QApplication):
    cache = StripCache(max_bytes=10)
    assert cache.put("a", STRIP, LIGHT, 1.0).width() == 8
    assert (len(cache), cache.bytes) == (0, 0)


@pytest.mark.parametrize(("seconds", "jobs"), [(0.0, 1), (2.5, 3), (10.0, 10)])
def test_a_budget_ends_when_its_time_is_up_but_allows_one_job(seconds: float, jobs: int):
    now = iter(range(100))
    budget = Budget(seconds, clock=lambda: float(next(now)))
    while budget.take():
        pass
    assert budget.jobs == jobs
