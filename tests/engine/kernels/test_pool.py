from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from engine.kernels import pool
from tests.engine.kernels import oracles


@st.composite
def cases(draw: DrawFn) -> tuple[np.ndarray, dict[str, Any]]:
    kernel = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    stride = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    pads = tuple(draw(st.integers(0, size - 1)) for size in (kernel[0], kernel[0], kernel[1], kernel[1]))
    dilation = draw(st.sampled_from([1, 1, 2, 3])), draw(st.sampled_from([1, 1, 2, 3]))
    # Maps as large as a gap, so that no window misses them.
    least = [d * (k - 1) + 1 - sum(p) for d, k, p in zip(dilation, kernel, (pads[:2], pads[2:]), strict=True)]
    height, width = (draw(st.integers(max(d, n), 12)) for d, n in zip(dilation, least, strict=True))
    random = np.random.default_rng(draw(st.integers(0, 99)))
    x = random.normal(size=(draw(st.integers(1, 2)), draw(st.integers(1, 3)), height, width)).astype(np.float32)
    x.flags.writeable = False
    return x, {"kernel": kernel, "stride": stride, "pads": pads, "dilation": dilation}


@settings(max_examples=100)
@given(cases())
def test_max_pooling_equals_a_loop_over_all_windows(case: tuple[np.ndarray, dict[str, Any]]):
    x, named = case
    out = pool.max_pool(x, **named)
    assert out.dtype == np.float32
    assert np.array_equal(out, oracles.pool(x, **named, reduce=np.max))


@settings(max_examples=100)
@given(cases())
def test_sum_pooling_equals_a_loop_over_all_windows(case: tuple[np.ndarray, dict[str, Any]]):
    x, named = case
    out = pool.sum_pool(x, **named)
    assert out.dtype == np.float32
    np.testing.assert_allclose(out, oracles.pool(x, **named, reduce=np.sum), rtol=1e-5, atol=1e-5)


@settings(max_examples=100)
@given(cases(), st.booleans())
def test_average_pooling_equals_a_loop_over_all_windows(case: tuple[np.ndarray, dict[str, Any]], counted: bool):
    x, named = case
    out = pool.average_pool(x, **named, count_padding=counted)
    assert out.dtype == np.float32
    expected = oracles.pool(x, **named, reduce=np.mean, padding=0.0 if counted else np.nan)
    np.testing.assert_allclose(out, expected, rtol=1e-5, atol=1e-5)


@settings(max_examples=100)
@given(cases(), st.integers(1, 4))
def test_norm_pooling_equals_a_loop_over_all_windows(case: tuple[np.ndarray, dict[str, Any]], p: int):
    x, named = case
    out = pool.lp_pool(x, **named, p=p)
    assert out.dtype == np.float32
    expected = oracles.pool(x, **named, reduce=lambda window: (np.abs(window) ** p).sum() ** (1 / p))
    np.testing.assert_allclose(out, expected, rtol=1e-5, atol=1e-5)


def test_the_result_is_an_array_of_its_own():
    x = np.ones((1, 1, 3, 3), np.float32)
    for out in (
        pool.max_pool(x, (1, 1), (1, 1), (0, 0, 0, 0)),
        pool.sum_pool(x, (1, 1), (1, 1), (0, 0, 0, 0)),
        pool.average_pool(x, (1, 1), (1, 1), (0, 0, 0, 0), count_padding=False),
    ):
        assert np.array_equal(out, x)
        assert not np.shares_memory(out, x)
