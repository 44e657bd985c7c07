"""What the layers beyond the lecture's show of one value, by hand-worked numbers."""

from math import exp, log, sqrt
from typing import Any

import numpy as np
import pytest

from engine import (
    CELU,
    ELU,
    GELU,
    LAYERS,
    SELU,
    AdaptiveAvgPool2D,
    Average,
    AvgPool2D,
    BatchNorm2D,
    ChannelShuffle,
    Clip,
    ConvTranspose2D,
    Crop2D,
    DepthToSpace,
    DepthwiseConv2D,
    DropPath,
    GlobalAvgPool2D,
    GlobalMaxPool2D,
    GroupNorm,
    HardSigmoid,
    HardSwish,
    Identity,
    InstanceNorm2D,
    Layer,
    LayerNorm,
    LayerScale,
    LeakyReLU,
    LocalResponseNorm,
    LogSoftmax,
    LpPool2D,
    Maximum,
    Minimum,
    Mish,
    Multiply,
    Normalization,
    Permute,
    PReLU,
    ReLU6,
    Rescaling,
    Reshape,
    Resize2D,
    SeparableConv2D,
    Sigmoid,
    SiLU,
    Slice,
    Softplus,
    Softsign,
    Source,
    SpaceToDepth,
    Subtract,
    Tanh,
    Upsample2D,
    ZeroPad2D,
)
from engine.layers.base import Array
from tests.engine.layers import test_explanation
from tests.engine.layers.explained import BOTH, NINE, TENS, Example, array, check, name

TINY = 1e-12  # an epsilon that leaves round numbers round


def example(
    layer: Layer, inputs: Any, index: Any, total: float, numbers: Any, sources: Any = None, **weights: Any
) -> Example:
    """Return an example; one input and one index may stand for themselves, sources that go unsaid are not checked."""
    given = inputs if isinstance(inputs, tuple) else (inputs,)
    place = index if isinstance(index, tuple) else (index,)
    arrays = {name: array(values) for name, values in weights.items()}
    return layer, given, arrays, place, total, numbers, sources or {}


def of_value(layer: Layer, before: float, after: float) -> Example:
    """Return the example of an activation: a value before and after."""
    return example(layer, array([before]), 0, after, before, {(): Source(0, (0,))})


QUARTERS = [[[[1, 2, 3], [4, 5, 6], [7, 8, 9]]]]

CASES: tuple[Example, ...] = (
    example(Rescaling(scale=2, offset=1), NINE, (0, 1, 1), 11, 5, {(): Source(0, (0, 1, 1))}),
    example(
        Normalization(mean=(1, 2), deviation=(2, 4)),
        BOTH,
        (1, 0, 1),
        4.5,
        [[[20]]],
        {(0, 0, 0): Source(0, (1, 0, 1))},
    ),
    example(
        DepthwiseConv2D(kernel=(2, 2), multiplier=2),
        BOTH,
        (3, 0, 1),
        -39.5,  # 20 − 60 + 0.5
        [[[20, 30], [50, 60]]],
        {(0, 1, 0): Source(0, (1, 1, 1))},
        weight=[[[[0, 0], [0, 0]]]] * 3 + [[[[1, 0], [0, -1]]]],
        bias=[0, 0, 0, 0.5],
    ),
    example(
        SeparableConv2D(filters=1, kernel=(2, 2)),
        BOTH,
        (0, 0, 0),
        -7,  # 2·(1 + 5) − 1·20 + 1
        [[[1, 2], [4, 5]], [[10, 20], [40, 50]]],
        {(1, 0, 1): Source(0, (1, 0, 1))},
        depthwise=[[[[1, 0], [0, 1]]], [[[0, 1], [0, 0]]]],
        pointwise=[[[[2]], [[-1]]]],
        bias=[1],
    ),
    example(
        ConvTranspose2D(filters=1, kernel=(3, 3), stride=(2, 2)),
        NINE,
        (0, 2, 1),
        26,  # 1 by the kernel's 8, 4 by its 2, and 10
        [[[1], [4]]],
        {(0, 1, 0): Source(0, (0, 1, 0))},
        weight=QUARTERS,
        bias=[10],
    ),
    example(
        ConvTranspose2D(filters=1, kernel=(3, 3), stride=(2, 2), bias=False),
        NINE,
        (0, 0, 0),
        1,
        [[[0, 0], [0, 1]]],
        {(0, 0, 1): None, (0, 1, 1): Source(0, (0, 0, 0))},
        weight=QUARTERS,
    ),
    example(  # no copy reaches the gaps between copies that do not touch
        ConvTranspose2D(filters=1, kernel=(1, 1), stride=(2, 2)),
        NINE,
        (0, 1, 1),
        3,
        np.zeros((1, 0, 0)),
        weight=[[[[1]]]],
        bias=[3],
    ),
    of_value(ReLU6(), 7, 6),
    of_value(LeakyReLU(slope=0.5), -2, -1),
    example(PReLU(), array([-2, -4]), 1, -2, -4, {(): Source(0, (1,))}, weight=[0.25, 0.5]),
    example(PReLU(shared=True), array([-2, -4]), 1, -1, -4, weight=[0.25]),
    of_value(ELU(), -1, exp(-1) - 1),
    of_value(SELU(), 2, 2.1014020),
    of_value(CELU(alpha=2), -2, 2 * exp(-1) - 2),
    of_value(GELU(), 1, 0.8413447),
    of_value(SiLU(), 1, 1 / (1 + exp(-1))),
    of_value(Mish(), 1, 0.8650984),
    of_value(Sigmoid(), 0, 0.5),
    of_value(HardSigmoid(), 1, 2 / 3),
    of_value(HardSwish(), 1, 2 / 3),
    of_value(Tanh(), 1, 0.7615942),
    of_value(Softplus(), 0, log(2)),
    of_value(Softsign(), 1, 0.5),
    of_value(Clip(), 2, 1),
    example(LpPool2D(), NINE, (0, 0, 0), sqrt(46), [[1, 2], [4, 5]], {(1, 0): Source(0, (0, 1, 0))}),
    example(LpPool2D(), array(np.zeros((1, 2, 2))), (0, 0, 0), 0, [[0, 0], [0, 0]]),
    example(GlobalAvgPool2D(), BOTH, 1, 50, TENS[0], {(2, 1): Source(0, (1, 2, 1))}),
    example(GlobalMaxPool2D(keep_axes=True), BOTH, (0, 0, 0), 9, NINE[0], {(2, 2): Source(0, (0, 2, 2))}),
    example(AdaptiveAvgPool2D(output=(2, 2)), NINE, (0, 1, 0), 6, [[4, 5], [7, 8]], {(0, 1): Source(0, (0, 1, 1))}),
    example(
        BatchNorm2D(epsilon=1e-5),
        BOTH,
        (1, 0, 1),
        15.5,  # 3·(20 − 10)/2 + 0.5
        [[[20]]],
        {(0, 0, 0): Source(0, (1, 0, 1))},
        running_mean=[0, 10],
        running_var=[1, 4 - 1e-5],
        weight=[1, 3],
        bias=[0, 0.5],
    ),
    example(
        LayerNorm(epsilon=TINY, affine=False), BOTH, (1, 0, 0), 1, [[[1]], [[10]]], {(0, 0, 0): Source(0, (0, 0, 0))}
    ),
    example(
        LayerNorm(over="all", epsilon=TINY),
        array([1, 3]),
        1,
        3,
        [1, 3],
        {(0,): Source(0, (0,))},
        weight=[1, 2],
        bias=[0, 1],
    ),
    example(GroupNorm(groups=2, affine=False), BOTH, (1, 1, 1), 0, TENS, {(0, 2, 1): Source(0, (1, 2, 1))}),
    example(GroupNorm(groups=1, epsilon=TINY), array([1, 3]), 0, -1, [1, 3], weight=[1, 1], bias=[0, 0]),
    example(InstanceNorm2D(affine=False), BOTH, (0, 1, 1), 0, NINE, {(0, 1, 1): Source(0, (0, 1, 1))}),
    example(
        LocalResponseNorm(size=2, alpha=2, beta=1, bias=1),
        BOTH,
        (0, 0, 0),
        1 / 102,
        [1, 10],
        {(1,): Source(0, (1, 0, 0))},
    ),
    example(LayerScale(), BOTH, (1, 0, 0), 30, 10, {(): Source(0, (1, 0, 0))}, weight=[2, 3]),
    example(Reshape(shape=(3, 1, -1)), NINE, (2, 0, 1), 8, 8, {(): Source(0, (0, 2, 1))}),
    example(Permute(), BOTH, (0, 2, 0), 3, 3, {(): Source(0, (0, 0, 2))}),
    example(ZeroPad2D(mode="reflect"), NINE, (0, 0, 0), 5, 5, {(): Source(0, (0, 1, 1))}),
    example(ZeroPad2D(value=7), NINE, (0, 0, 1), 7, 7, {(): None}),
    example(Crop2D(cropping=(1, 0, 0, 0)), NINE, (0, 0, 1), 5, 5, {(): Source(0, (0, 1, 1))}),
    example(Slice(axis="width", step=2), NINE, (0, 0, 1), 3, 3, {(): Source(0, (0, 0, 2))}),
    example(Slice(start=1), array([4, 5]), 0, 5, 5, {(): Source(0, (1,))}),
    example(Upsample2D(), NINE, (0, 3, 0), 4, 4, {(): Source(0, (0, 1, 0))}),
    example(
        Upsample2D(factor=(1, 2), mode="bilinear"),
        array([[[0, 4]]]),
        (0, 0, 1),
        1,  # three quarters of 0, one of 4
        [[[0, 4], [0, 4]]],
        {(0, 0, 1): Source(0, (0, 0, 1))},
    ),
    example(Resize2D(output=(2, 2), mode="nearest"), NINE, (0, 1, 1), 5, 5, {(): Source(0, (0, 1, 1))}),
    example(
        Resize2D(output=(1, 2)),
        array([[[0, 1, 2, 3, 4]]]),
        (0, 0, 1),
        3.25,
        [[[3, 4], [3, 4]]],
        {(0, 0, 1): Source(0, (0, 0, 4))},
    ),
    example(DepthToSpace(), array([[[1]], [[2]], [[3]], [[4]]]), (0, 1, 0), 3, 3, {(): Source(0, (2, 0, 0))}),
    example(SpaceToDepth(), array([[[1, 2], [3, 4]]]), (2, 0, 0), 3, 3, {(): Source(0, (0, 1, 0))}),
    example(ChannelShuffle(), array([1, 2, 3, 4]), 1, 3, 3, {(): Source(0, (2,))}),
    example(Identity(), NINE, (0, 1, 1), 5, 5, {(): Source(0, (0, 1, 1))}),
    example(DropPath(), NINE, (0, 1, 1), 5, 5, {(): Source(0, (0, 1, 1))}),
    example(LogSoftmax(), array([0, log(3)]), 1, log(0.75), [0, log(3)], {(0,): Source(0, (0,))}),
    example(Subtract(), (NINE, TENS), (0, 0, 1), -18, [2, 20], {(1,): Source(1, (0, 0, 1))}),
    example(Multiply(), (NINE, array([3])), (0, 1, 1), 15, [5, 3], {(1,): Source(1, (0,))}),
    example(Multiply(), (array([[[3]]]), NINE), (0, 1, 1), 15, [3, 5], {(0,): Source(0, (0, 0, 0))}),
    example(Maximum(), (NINE, TENS), (0, 0, 1), 20, [2, 20]),
    example(Minimum(), (NINE, TENS), (0, 0, 1), 2, [2, 20]),
    example(Average(), (NINE, TENS), (0, 0, 0), 5.5, [1, 10]),
)


@pytest.mark.parametrize("case", CASES, ids=name)
def test_hand_worked_numbers(case):
    check(*case)


def test_every_layer_is_in_a_table():
    assert {type(case[0]) for case in (*test_explanation.CASES, *CASES)} == set(LAYERS)


def explained(layer: Layer, *inputs: Array, at: tuple[int, ...], **weights: Any) -> Any:
    return layer.explain(inputs, {name: array(values) for name, values in weights.items()}, at)


def test_a_transposed_convolution_shows_the_cells_that_contribute():
    found = explained(
        ConvTranspose2D(filters=1, kernel=(3, 3), stride=(2, 2), bias=False), NINE, at=(0, 2, 2), weight=QUARTERS
    )
    assert (found.patch.rows.tolist(), found.patch.columns.tolist()) == ([0, 1], [0, 1])
    assert found.kernel.tolist() == [[[9, 7], [3, 1]]]


def test_a_separable_convolution_shows_both_halves():
    found = explained(
        SeparableConv2D(filters=1, kernel=(1, 1), multiplier=2, bias=False),
        NINE,
        at=(0, 1, 1),
        depthwise=[[[[2]]], [[[3]]]],
        pointwise=[[[[1]], [[-1]]]],
    )
    assert (found.middle.tolist(), found.products.tolist()) == ([10, 15], [10, -15])
    assert (found.total, found.magnitude) == (-5, 25)


def test_an_activation_says_its_name_and_what_it_is_set_to():
    found = explained(HardSigmoid(), array([0]), at=(0,))
    assert (found.function, found.before, found.after) == ("HardSigmoid", 0, 0.5)
    assert found.settings == (("α", pytest.approx(1 / 6)), ("β", 0.5))
    assert explained(PReLU(), array([-2]), at=(0,), weight=[0.5]).settings == (("slope", 0.5),)


def test_a_normalisation_shows_its_steps():
    found = explained(LayerNorm(epsilon=0.75), array([2, 1]), at=(0,), weight=[4, 1], bias=[1, 0])
    assert (found.before, found.mean, found.variance, found.epsilon) == (2, 1.5, 0.25, 0.75)
    assert (found.deviation, found.normalised, found.scale, found.shift, found.total) == (1, 0.5, 4, 1, 3)
    assert found.cell == (0,)


def test_a_merge_says_what_it_does():
    assert explained(Average(), NINE, TENS, at=(0, 0, 0)).operation == "mean"
    assert explained(Subtract(), NINE, TENS, at=(0, 0, 0)).magnitude == 11


def test_overhanging_cells_are_not_counted():
    layer = AvgPool2D(kernel=(3, 3), stride=(3, 3), padding=(1, 0, 0, 1), ceil_mode=True, count_padding=True)
    maps = array(np.arange(1, 17).reshape(1, 4, 4))
    found = explained(layer, maps, at=(0, 1, 1))
    assert (found.sum, found.count) == (28, 4)  # two pixels and the padding beside them
    assert found.total == layer.forward((maps[None],), {})[0, 0, 1, 1]
