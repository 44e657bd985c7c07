from math import erf

import numpy as np
import pytest

from engine.kernels import activation
from engine.kernels.conv_transpose import conv_transpose2d


def test_the_error_function_is_exact_to_a_ten_millionth():
    x = np.concatenate([np.linspace(-6, 6, 20_001), np.linspace(-1e-3, 1e-3, 101)]).astype(np.float32)
    exact = np.array([erf(value) for value in x.astype(float)])
    assert np.abs(activation.erf(x) - exact).max() < 1e-7
    near = np.abs(x) < 0.5
    np.testing.assert_allclose(activation.erf(x)[near], exact[near], rtol=2e-7)


def test_the_error_function_of_what_is_no_number_or_too_large():
    values = activation.erf(np.array([np.nan, np.inf, -np.inf, -0.0], np.float32))
    np.testing.assert_array_equal(values, np.array([np.nan, 1, -1, -0.0], np.float32))
    assert np.signbit(values[3])


def plain_transpose(x, weight, bias, stride, pads, dilation, output_padding, groups):
    """Lay the kernel on the output once for every input pixel, value by value in float64."""
    top, bottom, left, right = pads
    channels, depth, kh, kw = weight.shape
    height = (x.shape[2] - 1) * stride[0] + dilation[0] * (kh - 1) + 1 + output_padding[0]
    width = (x.shape[3] - 1) * stride[1] + dilation[1] * (kw - 1) + 1 + output_padding[1]
    out = np.zeros((len(x), groups * depth, height, width))
    for c, k, i, j in np.ndindex(weight.shape):
        filter_number = c // (channels // groups) * depth + k
        for y, at in np.ndindex(x.shape[2:]):
            place = (y * stride[0] + i * dilation[0], at * stride[1] + j * dilation[1])
            out[:, filter_number, *place] += x[:, c, y, at].astype(np.float64) * weight[c, k, i, j]
    return out[:, :, top : height - bottom, left : width - right] + bias[:, None, None]


@pytest.mark.parametrize(
    ("shape", "kernel", "stride", "pads", "dilation", "output_padding", "groups"),
    [
        ((1, 1, 1), (1, 1), (1, 1), (0, 0, 0, 0), (1, 1), (0, 0), 1),
        ((4, 3, 5), (3, 3), (2, 2), (1, 1, 1, 1), (1, 1), (1, 1), 1),
        ((4, 3, 5), (2, 3), (3, 1), (0, 2, 1, 0), (2, 3), (2, 0), 2),
        ((4, 1, 1), (4, 5), (4, 7), (0, 1, 2, 0), (1, 1), (0, 3), 4),
        ((6, 5, 2), (1, 2), (3, 3), (0, 0, 0, 0), (1, 1), (2, 2), 3),
    ],
)
def test_transposed_convolution_is_what_the_loop_computes(
    shape, kernel, stride, pads, dilation, output_padding, groups
):
    draw = np.random.default_rng(0)
    x = draw.normal(size=(2, *shape)).astype(np.float32)
    weight = draw.normal(size=(shape[0], 3, *kernel)).astype(np.float32)
    bias = draw.normal(size=3 * groups).astype(np.float32)
    computed = conv_transpose2d(
        x, weight, bias, stride=stride, pads=pads, dilation=dilation, output_padding=output_padding, groups=groups
    )
    expected = plain_transpose(x, weight, bias, stride, pads, dilation, output_padding, groups)
    assert computed.flags.c_contiguous
    np.testing.assert_allclose(computed, expected, rtol=1e-5, atol=1e-5)
