from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from engine.kernels import conv
from tests.engine.kernels import oracles

sides = st.integers(0, 3)


class Case(NamedTuple):
    """A convolution's arrays and settings."""

    x: np.ndarray
    weight: np.ndarray
    bias: np.ndarray
    named: dict[str, Any]


@st.composite
def cases(draw: DrawFn) -> Case:
    groups, depth, share = (draw(st.integers(1, 3)) for _ in range(3))
    kernel, stride, dilation = (tuple(draw(st.integers(1, 3)) for _ in range(2)) for _ in range(3))
    pads = tuple(draw(sides) for _ in range(4))
    extent = [d * (k - 1) + 1 for d, k in zip(dilation, kernel, strict=True)]
    height = draw(st.integers(max(1, extent[0] - pads[0] - pads[1]), 9))
    width = draw(st.integers(max(1, extent[1] - pads[2] - pads[3]), 9))
    random = np.random.default_rng(draw(st.integers(0, 99)))
    x = random.normal(size=(draw(st.integers(1, 3)), groups * depth, height, width)).astype(np.float32)
    weight = random.normal(size=(groups * share, depth, *kernel)).astype(np.float32)
    bias = random.normal(size=groups * share).astype(np.float32)
    return Case(x, weight, bias, {"stride": stride, "pads": pads, "dilation": dilation, "groups": groups})


@settings(max_examples=150)
@given(cases(), st.booleans())
def test_the_fast_convolution_equals_the_plain_one(case: Case, biased: bool):
    bias = case.bias if biased else None
    fast = conv.conv2d(case.x, case.weight, bias, **case.named)
    plain = conv.conv2d_plain(case.x, case.weight, bias, **case.named)
    assert (fast.shape, fast.dtype) == (plain.shape, np.float32)
    np.testing.assert_allclose(fast, plain, rtol=1e-5, atol=1e-5)


@given(cases())
def test_the_plain_convolution_equals_sums_worked_out_cell_by_cell(case: Case):
    expected = oracles.convolution(case.x, case.weight, case.bias, **case.named)
    plain = conv.conv2d_plain(case.x, case.weight, case.bias, **case.named)
    np.testing.assert_allclose(plain, expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("block_bytes", [1, 500, 3000])
def test_a_picture_that_is_convolved_in_blocks_has_no_seams(block_bytes: int, monkeypatch: pytest.MonkeyPatch):
    random = np.random.default_rng(0)
    x = random.normal(size=(2, 4, 13, 11)).astype(np.float32)
    weight = random.normal(size=(6, 2, 3, 3)).astype(np.float32)
    named: dict[str, Any] = {"stride": (2, 1), "pads": (1, 0, 2, 1), "dilation": (1, 2), "groups": 2}
    whole = conv.conv2d(x, weight, **named)
    monkeypatch.setattr(conv, "BLOCK_BYTES", block_bytes)
    np.testing.assert_allclose(conv.conv2d(x, weight, **named), whole, rtol=1e-5, atol=1e-5)


def test_the_kernel_is_not_flipped():
    x = np.array([[[[1, 2, 3]]]], np.float32)
    assert conv.conv2d(x, np.array([[[[1, 10]]]], np.float32)).tolist() == [[[[21, 32]]]]


def test_what_comes_in_is_not_changed():
    x, weight, bias = np.ones((1, 1, 4, 4), np.float32), np.ones((1, 1, 3, 3), np.float32), np.ones(1, np.float32)
    for array in (x, weight, bias):
        array.flags.writeable = False
    assert conv.conv2d(x, weight, bias, pads=(1, 1, 1, 1)).shape == (1, 1, 4, 4)
    assert (x == 1).all()


@given(sides, sides, sides, sides)
def test_padding_puts_a_ring_of_the_value_around_and_keeps_the_rest(top: int, bottom: int, left: int, right: int):
    x = np.arange(1, 13, dtype=np.float32).reshape(1, 2, 2, 3)
    out = conv.pad(x, (top, bottom, left, right), 7)
    expected = np.pad(x, ((0, 0), (0, 0), (top, bottom), (left, right)), constant_values=7)
    assert np.array_equal(out, expected)
    assert (out is x) == (top + bottom + left + right == 0)
