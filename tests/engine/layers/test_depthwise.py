import numpy as np
import pytest

from engine import Code, Conv2D, DepthwiseConv2D, SeparableConv2D, Shape
from tests.engine.layers.rows import Row, check, derived, row

ROWS = [
    row(
        "first depthwise of MobileNetV2",
        DepthwiseConv2D(padding=(1, 1, 1, 1), bias=False),
        (Shape(32, 112, 112),),
        Shape(32, 112, 112),
        288,
        0,
        3_612_672,
        3_612_672,
    ),
    row(
        "two filters a channel, with a bias",
        DepthwiseConv2D(kernel=(3, 5), stride=(2, 1), padding="same", multiplier=2),
        (Shape(3, 9, 8),),
        Shape(6, 5, 8),
        90,
        6,
        3_600,
        3_600,
    ),
    row(
        "same, the odd pixel before",
        DepthwiseConv2D(kernel=(2, 2), padding="same-lower"),
        (Shape(1, 4, 4),),
        Shape(1, 4, 4),
        4,
        1,
        64,
        64,
    ),
    row("larger than the map", DepthwiseConv2D(), (Shape(3, 2, 2),), None, codes=(Code.KERNEL_TOO_LARGE,)),
    row("on a vector", DepthwiseConv2D(), (Shape(3),), None, codes=(Code.VOLUME_EXPECTED,)),
    row(
        "separable: 9·3·2 + 6·4 weights, one bias",
        SeparableConv2D(filters=4, multiplier=2),
        (Shape(3, 5, 5),),
        Shape(4, 3, 3),
        78,
        4,
        702,
        702,
    ),
    row("separable on a vector", SeparableConv2D(), (Shape(3),), None, codes=(Code.VOLUME_EXPECTED,)),
    row("separable, too large", SeparableConv2D(), (Shape(3, 2, 9),), None, codes=(Code.KERNEL_TOO_LARGE,)),
]


@pytest.mark.parametrize("expected", ROWS)
def test_a_convolution_apart_has_the_shape_and_counts_worked_out_by_hand(expected: Row):
    check(expected)


def test_depthwise_is_a_convolution_with_as_many_groups_as_channels():
    draw = np.random.default_rng(0)
    x, weight = (draw.normal(size=size).astype(np.float32) for size in ((2, 3, 7, 6), (6, 1, 3, 2)))
    apart = DepthwiseConv2D(kernel=(3, 2), stride=(2, 1), dilation=(1, 2), multiplier=2, bias=False)
    grouped = Conv2D(filters=6, kernel=(3, 2), stride=(2, 1), dilation=(1, 2), groups=3, bias=False)
    named = {"weight": weight}
    assert np.array_equal(apart.forward((x,), named), grouped.forward((x,), named))


def test_separable_is_depthwise_then_pointwise():
    draw = np.random.default_rng(0)
    layer, shape = SeparableConv2D(filters=4, padding="same", multiplier=2), Shape(3, 6, 5)
    weights = {spec.name: draw.normal(size=spec.shape).astype(np.float32) for spec in layer.infer((shape,)).weights}
    x = draw.normal(size=(1, *shape)).astype(np.float32)
    apart = DepthwiseConv2D(padding="same", multiplier=2, bias=False).forward((x,), {"weight": weights["depthwise"]})
    mixed = np.einsum("kc,ncyx->nkyx", weights["pointwise"][:, :, 0, 0], apart) + weights["bias"][:, None, None]
    np.testing.assert_allclose(layer.forward((x,), weights), mixed, rtol=1e-5, atol=1e-5)


def test_derivations_show_both_halves():
    lines = derived(SeparableConv2D(filters=4), Shape(3, 5, 5))
    assert lines["weights"] == "F·F·D₁ + D₁·K = 3·3·3 + 3·4 = 39"
    assert lines["macs"] == "W₂·H₂·(F·F·D₁ + D₁·K) = 3·3·(3·3·3 + 3·4) = 351"
    assert derived(DepthwiseConv2D(multiplier=2), Shape(3, 5, 5))["depth"] == "D₂ = D₁·M = 3·2 = 6"
