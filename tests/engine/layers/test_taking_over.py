"""Hyper-parameters of one layer in another, and values that work on what comes in."""

import pytest

from engine import (
    ELU,
    LAYERS,
    AvgPool2D,
    BatchNorm2D,
    Conv2D,
    Dense,
    DepthToSpace,
    DepthwiseConv2D,
    GroupNorm,
    LayerNorm,
    LinearSVM,
    LocalResponseNorm,
    MaxPool2D,
    Permute,
    SeparableConv2D,
    Shape,
    Softmax,
)


@pytest.mark.parametrize(
    ("layer", "other", "wanted"),
    [
        (
            SeparableConv2D(),
            Conv2D(filters=12, kernel=(5, 3), stride=(2, 1), padding="same", bias=False),
            SeparableConv2D(filters=12, kernel=(5, 3), stride=(2, 1), padding="same", bias=False),
        ),
        (MaxPool2D(), Conv2D(kernel=(3, 3), stride=(2, 2)), MaxPool2D(kernel=(3, 3), stride=(2, 2), padding="valid")),
        (Conv2D(), MaxPool2D(kernel=(3, 3), stride=(3, 3)), Conv2D(kernel=(3, 3), stride=(3, 3), padding="valid")),
        (AvgPool2D(), MaxPool2D(ceil_mode=True), AvgPool2D(ceil_mode=True)),
        (DepthwiseConv2D(), SeparableConv2D(multiplier=3), DepthwiseConv2D(multiplier=3)),
        (LayerNorm(), BatchNorm2D(epsilon=0.01), LayerNorm(epsilon=0.01)),
        (LinearSVM(), Softmax(labels=("a", "b")), LinearSVM(labels=("a", "b"))),
        (GroupNorm(), Conv2D(groups=2), GroupNorm()),  # not the same groups
        (LocalResponseNorm(), Conv2D(bias=False), LocalResponseNorm()),
        (LocalResponseNorm(), ELU(alpha=0.5), LocalResponseNorm()),
        (Conv2D(), Dense(bias=False), Conv2D()),
    ],
)
def test_what_means_the_same_is_taken_over(layer, other, wanted):
    assert layer.adopting(other) == wanted


def test_values_out_of_bounds_are_left():
    assert Permute().adopting(DepthToSpace(block=4)) == Permute()


@pytest.mark.parametrize("layer", LAYERS, ids=lambda one: one.__name__)
def test_every_layer_can_take_over_from_every_other(layer):
    for other in LAYERS:
        assert isinstance(layer().adopting(other()), layer)


def test_a_layer_fits_itself_to_what_comes_in():
    tight = Conv2D(kernel=(5, 5)).fitted((Shape(8, 3, 3),))
    assert tight.kernel == (3, 3)
    assert tight.infer((Shape(8, 3, 3),)).output is not None
    assert GroupNorm(groups=32).fitted((Shape(6, 8, 8),)).infer((Shape(6, 8, 8),)).output == (6, 8, 8)


def test_what_fits_stays_and_so_does_what_can_not_fit():
    fine = Conv2D(kernel=(5, 5))
    assert fine.fitted((Shape(3, 32, 32),)) is fine
    assert fine.fitted((Shape(400),)) is fine
