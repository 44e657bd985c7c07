"""What each layer shows of one value, by hand-worked numbers."""

from typing import Any

import numpy as np
import pytest

from engine import (
    Add,
    AddExplanation,
    AvgPool2D,
    Concat,
    Conv2D,
    ConvExplanation,
    CopyExplanation,
    Dense,
    Dropout,
    Flatten,
    Input,
    LinearExplanation,
    LinearSVM,
    MaxExplanation,
    MaxPool2D,
    MeanExplanation,
    ReLU,
    ReLUExplanation,
    Softmax,
    SoftmaxExplanation,
    Source,
    SumExplanation,
    SumPool2D,
)
from tests.engine.layers.explained import BOTH, NINE, TENS, Example, array, check, name

INF = np.inf

TWO_FILTERS = {
    "weight": array([np.zeros((2, 2, 2)), [[[1, 2], [3, 4]], [[0.5, 0], [0, -1]]]]),
    "bias": array([0, 0.5]),
}
ONE_EACH = {"weight": array([[[[2]]], [[[3]]]])}
ROW = {"weight": array([[1, 1, 1], [2, -3, 0.5]]), "bias": array([0, 0.25])}

CORNER = MaxPool2D(kernel=(2, 2), stride=(2, 2), padding=(1, 0, 1, 0))

# Layer, inputs, weights, index; total, numbers shown, and the sources of some of their cells.
CASES: tuple[Example, ...] = (
    (Input(height=3, width=3), (NINE,), {}, (0, 2, 1), 8, 8, {(): None}),
    (
        Conv2D(filters=2, kernel=(2, 2), padding=(1, 0, 1, 0)),
        (BOTH,),
        TWO_FILTERS,
        (1, 0, 1),
        -8.5,  # 3·1 + 4·2 − 1·20 + 0.5
        [[[0, 0], [1, 2]], [[0, 0], [10, 20]]],
        {(0, 0, 0): None, (1, 0, 1): None, (0, 1, 1): Source(0, (0, 0, 1)), (1, 1, 0): Source(0, (1, 0, 0))},
    ),
    (
        Conv2D(filters=2, kernel=(1, 1), stride=(2, 2), groups=2, bias=False),
        (BOTH,),
        ONE_EACH,
        (1, 1, 0),
        210,
        [[[70]]],
        {(0, 0, 0): Source(0, (1, 2, 0))},
    ),
    (
        Conv2D(filters=1, kernel=(1, 2), dilation=(1, 2), padding=(0, 0, 1, 0)),
        (NINE,),
        {"weight": array([[[[5, 7]]]]), "bias": array([1])},
        (0, 1, 0),
        36,  # 5·0 + 7·5 + 1: the cells are columns −1 and 1
        [[[0, 5]]],
        {(0, 0, 0): None, (0, 0, 1): Source(0, (0, 1, 1))},
    ),
    (ReLU(), (array([[[-2.5, 3]]]),), {}, (0, 0, 0), 0, -2.5, {(): Source(0, (0, 0, 0))}),
    (ReLU(), (array([-2.5, 3]),), {}, (1,), 3, 3, {(): Source(0, (1,))}),
    (
        CORNER,
        (array(-BOTH),),
        {},
        (1, 0, 1),
        -20,  # padding never wins
        [[-INF, -INF], [-20, -30]],
        {(0, 0): None, (1, 0): Source(0, (1, 0, 1)), (1, 1): Source(0, (1, 0, 2))},
    ),
    (AvgPool2D(padding=(1, 0, 1, 0)), (NINE,), {}, (0, 0, 1), 2.5, [[0, 0], [2, 3]], {(1, 1): Source(0, (0, 0, 2))}),
    (
        AvgPool2D(padding=(1, 0, 1, 0), count_padding=True),
        (NINE,),
        {},
        (0, 0, 1),
        1.25,
        [[0, 0], [2, 3]],
        {(0, 1): None},
    ),
    (SumPool2D(stride=(1, 1)), (NINE,), {}, (0, 1, 1), 28, [[5, 6], [8, 9]], {(1, 0): Source(0, (0, 2, 1))}),
    (Flatten(), (BOTH,), {}, (14,), 60, 60, {(): Source(0, (1, 1, 2))}),
    (Flatten(), (array([4, 5]),), {}, (1,), 5, 5, {(): Source(0, (1,))}),
    (Dense(units=2), (array([1, 2, 4]),), ROW, (1,), -1.75, [1, 2, 4], {(2,): Source(0, (2,))}),
    (Dense(units=2, bias=False), (array([1, 2, 4]),), {"weight": ROW["weight"]}, (0,), 7, [1, 2, 4], {}),
    (LinearSVM(classes=2), (array([1, 2, 4]),), ROW, (1,), -1.75, [1, 2, 4], {(0,): Source(0, (0,))}),
    (
        Softmax(),
        (array([0, np.log(3)]),),
        {},
        (1,),
        0.75,
        [0, np.log(3)],
        {(0,): Source(0, (0,)), (1,): Source(0, (1,))},
    ),
    (Softmax(), (array([[[9, 0]], [[1, 0]]]),), {}, (0, 0, 1), 0.5, [0, 0], {(1,): Source(0, (1, 0, 1))}),
    (Dropout(), (NINE,), {}, (0, 1, 1), 5, 5, {(): Source(0, (0, 1, 1))}),
    (Add(), (NINE, TENS, NINE), {}, (0, 1, 0), 48, [4, 40, 4], {(1,): Source(1, (0, 1, 0))}),
    (Concat(), (BOTH, NINE), {}, (1, 0, 2), 30, 30, {(): Source(0, (1, 0, 2))}),
    (Concat(), (BOTH, NINE), {}, (2, 0, 2), 3, 3, {(): Source(1, (0, 0, 2))}),
    (Concat(), (array([1, 2]), array([3, 4])), {}, (3,), 4, 4, {(): Source(1, (1,))}),
)


@pytest.mark.parametrize("example", CASES, ids=name)
def test_hand_worked_numbers(example):
    check(*example)


def explained(number: int, kind: type[Any]) -> Any:
    """Return the explanation of a case, by its number among those of its kind of layer."""
    layer, inputs, weights, index, *_ = [case for case in CASES if type(case[0]) is kind][number]
    return layer.explain(inputs, weights, index)


def test_convolution_shows_each_channel_and_the_bias():
    found: ConvExplanation = explained(0, Conv2D)
    assert found.kernel.tolist() == [[[1, 2], [3, 4]], [[0.5, 0], [0, -1]]]
    assert found.products.tolist() == [[[0, 0], [3, 8]], [[0, 0], [0, -20]]]
    assert found.products.dtype == np.float64
    assert found.partial_sums.tolist() == [11, -20]
    assert found.bias == 0.5
    assert found.magnitude == 31.5
    assert found.patch.padding.tolist() == [[True, True], [False, False]]
    assert (found.patch.rows.tolist(), found.patch.columns.tolist()) == ([-1, 0], [0, 1])
    shown = (found.kernel, found.products, found.partial_sums, found.patch.padding, found.patch.rows)
    assert not any(one.flags.writeable for one in shown)


def test_a_group_begins_with_its_own_channel():
    assert explained(1, Conv2D).patch.channel == 1
    assert explained(1, Conv2D).bias == 0


def test_pooling_shows_what_won_and_what_was_counted():
    largest: MaxExplanation = explained(0, MaxPool2D)
    assert largest.winner == (1, 0)
    counted: MeanExplanation = explained(0, AvgPool2D)
    assert (counted.sum, counted.count) == (5, 2)
    whole: MeanExplanation = explained(1, AvgPool2D)
    assert (whole.sum, whole.count) == (5, 4)
    summed: SumExplanation = explained(0, SumPool2D)
    assert summed.magnitude == 28


@pytest.mark.parametrize(
    ("values", "winner"),
    [
        ([[1, 7], [7, 2]], (0, 1)),
        ([[1, np.nan], [7, np.nan]], (0, 1)),
        ([[-INF, -INF], [-INF, -INF]], (0, 0)),
    ],
    ids=["the first of equals", "no number", "minus infinity"],
)
def test_who_wins_in_doubt(values, winner):
    assert MaxPool2D().explain((array([values]),), {}, (0, 0, 0)).winner == winner


def test_padding_does_not_win_over_minus_infinity():
    found = CORNER.explain((array([[[-INF]]]),), {}, (0, 0, 0))
    assert found.winner == (1, 1)


def test_a_neuron_names_the_inputs_that_count_most():
    found: LinearExplanation = explained(0, Dense)
    assert found.products.tolist() == [2, -6, 2]
    assert [(one.index, one.input, one.weight, one.product) for one in found.largest(2)] == [
        (1, 2, -3, -6),
        (0, 1, 2, 2),
    ]
    assert len(found.largest(9)) == 3
    assert found.largest(0) == ()
    odd = Dense(units=1, bias=False).explain((array([1, np.nan]),), {"weight": array([[5, 1]])}, (0,))
    assert odd.largest(1)[0].index == 1


def test_relu_says_what_was_clipped():
    clipped: ReLUExplanation = explained(0, ReLU)
    assert (clipped.before, clipped.after, clipped.clipped) == (-2.5, 0, True)
    kept: ReLUExplanation = explained(1, ReLU)
    assert (kept.before, kept.after, kept.clipped) == (3, 3, False)


def test_softmax_shows_exponentials_without_the_largest_score():
    found: SoftmaxExplanation = explained(0, Softmax)
    assert found.largest == pytest.approx(np.log(3))
    assert found.powers == pytest.approx([1 / 3, 1])
    assert found.sum == pytest.approx(4 / 3)
    assert found.chosen == 1
    steep = Softmax().explain((array([1000, 0]),), {}, (0,))
    assert steep.total == 1


def test_an_image_has_no_origin():
    found: CopyExplanation = explained(0, Input)
    assert found.origin is None


def test_add_shows_its_addends():
    found: AddExplanation = explained(0, Add)
    assert found.addends.tolist() == [4, 40, 4]
    assert found.magnitude == 48
