"""Smallest and largest values."""

import numpy as np
import pytest

from designer.tiles import limits
from designer.tiles.limits import Limits, find_limits

NAN, INF = np.nan, np.inf


def as_maps(*rows: list[float]) -> np.ndarray:
    return np.array(rows, dtype=np.float32)[:, None, :]


def test_limits_of_each_map_are_over_its_finite_values():
    low, high, finite = find_limits(as_maps([1, 2, 3], [NAN, -1, 5], [INF, 2, 2], [-INF, INF, 7], [NAN, NAN, NAN]))
    np.testing.assert_array_equal(low, [1, -1, 2, 7, INF])
    np.testing.assert_array_equal(high, [3, 5, 2, 7, -INF])
    np.testing.assert_array_equal(finite, [True, False, False, False, False])


def test_the_total_spans_all_maps_and_leaves_out_empty_ones():
    known = Limits(as_maps([1, 2], [NAN, NAN], [-4, 0]))
    known.finish()
    assert known.total == (-4, 2)
    assert not known.all_finite


@pytest.mark.parametrize("order", [(0, 1, 2), (1, 2, 0)])
def test_a_layer_is_looked_at_row_by_row(monkeypatch: pytest.MonkeyPatch, order: tuple[int, ...]):
    monkeypatch.setattr(limits, "CHUNK", 8)
    maps = np.arange(2 * 5 * 2, dtype=np.float32).reshape(2, 5, 2)
    maps[1, 0, 1], maps[1, 4, 1] = NAN, INF
    stored = np.ascontiguousarray(maps.transpose(order)).transpose(np.argsort(order))
    known = Limits(stored)
    steps = 0
    while not known.complete:
        known.advance()
        steps += 1
    assert steps == 3
    np.testing.assert_array_equal(known.low, [0, 10])
    np.testing.assert_array_equal(known.high, [9, 18])
    np.testing.assert_array_equal(known.finite, [True, False])
    assert known.total == (0, 18)


@pytest.mark.parametrize("shape", [(0, 3, 3), (2, 0, 3), (1, 1, 0)])
def test_nothing_to_look_at_is_complete_at_once(shape: tuple[int, ...]):
    known = Limits(np.zeros(shape, np.float32))
    assert known.complete
    assert known.all_finite
    assert known.total == (INF, -INF)
