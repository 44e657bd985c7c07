"""Layers that move values: reshape, permute, borders, slices, blocks, shuffles, larger maps; and fixed arithmetic."""

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from engine import (
    ChannelShuffle,
    Code,
    Crop2D,
    DepthToSpace,
    Identity,
    Layer,
    Normalization,
    Permute,
    Rescaling,
    Reshape,
    Resize2D,
    Shape,
    Slice,
    SpaceToDepth,
    Upsample2D,
    ZeroPad2D,
)
from engine.layers.base import Window
from tests.engine.layers.rows import Row, check, derived, row

VOLUME, VECTOR = Shape(8, 6, 4), Shape(192)

ROWS = [
    row("nothing", Identity(), (VOLUME,), VOLUME),
    row("a vector to a volume", Reshape(shape=(12, 4, -1)), (VECTOR,), Shape(12, 4, 4)),
    row("a volume to a vector", Reshape(shape=(192,)), (VOLUME,), VECTOR),
    row("too few places", Reshape(shape=(5, 5, 5)), (VECTOR,), None, codes=(Code.RESHAPE_SIZE,)),
    row("no multiple", Reshape(shape=(-1, 5, 5)), (VECTOR,), None, codes=(Code.RESHAPE_SIZE,)),
    row("two numbers", Reshape(shape=(12, 16)), (VECTOR,), None, codes=(Code.RESHAPE_SIZE,)),
    row("two unknowns", Reshape(shape=(-1, -1, 4)), (VECTOR,), None, codes=(Code.RESHAPE_SIZE,)),
    row("as Keras stores it", Permute(order="HWC"), (VOLUME,), Shape(6, 4, 8)),
    row("axes of a vector", Permute(), (VECTOR,), None, codes=(Code.VOLUME_EXPECTED,)),
    row("a border", ZeroPad2D(padding=(1, 2, 3, 4)), (VOLUME,), Shape(8, 9, 11)),
    row(
        "a mirror too large",
        ZeroPad2D(padding=(0, 6, 0, 0), mode="reflect"),
        (VOLUME,),
        None,
        codes=(Code.PADDING_TOO_LARGE,),
    ),
    row("edges repeated", ZeroPad2D(padding=(0, 6, 0, 0), mode="edge"), (VOLUME,), Shape(8, 12, 4)),
    row("cropped", Crop2D(cropping=(1, 2, 0, 3)), (VOLUME,), Shape(8, 3, 1)),
    row("cropped away", Crop2D(cropping=(0, 0, 2, 2)), (VOLUME,), None, codes=(Code.EMPTY_OUTPUT,)),
    row("half of the channels", Slice(length=4), (VOLUME,), Shape(4, 6, 4)),
    row("every other row from the second", Slice(axis="height", start=1, step=2), (VOLUME,), Shape(8, 3, 4)),
    row("some of a vector", Slice(start=190), (VECTOR,), Shape(2)),
    row("more than there are", Slice(start=6, length=3), (VOLUME,), None, codes=(Code.SLICE_RANGE,)),
    row("from beyond the end", Slice(start=8), (VOLUME,), None, codes=(Code.SLICE_RANGE,)),
    row("rows of a vector", Slice(axis="height"), (VECTOR,), None, codes=(Code.VOLUME_EXPECTED,)),
    row("to a size", Resize2D(output=(9, 3)), (VOLUME,), Shape(8, 9, 3)),
    row("a vector to a size", Resize2D(), (VECTOR,), None, codes=(Code.VOLUME_EXPECTED,)),
    row("larger", Upsample2D(factor=(2, 3)), (VOLUME,), Shape(8, 12, 12)),
    row("blocks of pixels from channels", DepthToSpace(), (VOLUME,), Shape(2, 12, 8)),
    row("no blocks in the channels", DepthToSpace(block=3), (VOLUME,), None, codes=(Code.BLOCK_SIZE,)),
    row("channels from blocks of pixels", SpaceToDepth(), (VOLUME,), Shape(32, 3, 2)),
    row("no blocks in the pixels", SpaceToDepth(block=3), (VOLUME,), None, codes=(Code.BLOCK_SIZE,)),
    row("shuffled", ChannelShuffle(groups=4), (VOLUME,), VOLUME),
    row("no groups", ChannelShuffle(groups=3), (VOLUME,), None, codes=(Code.GROUPS,)),
    row("rescaled", Rescaling(), (VOLUME,), VOLUME),
    row("ImageNet's numbers", Normalization(mean=(0.4,) * 3, deviation=(0.2,) * 3), (Shape(3, 2, 2),), Shape(3, 2, 2)),
    row("three means for eight channels", Normalization(mean=(0.4,) * 3), (VOLUME,), None, codes=(Code.CHANNEL_COUNT,)),
]


@pytest.mark.parametrize("expected", ROWS)
def test_a_layer_that_moves_values_has_the_shape_worked_out_by_hand(expected: Row):
    check(expected)


@pytest.mark.parametrize(
    ("layer", "shape", "title", "mended"),
    [
        (Reshape(shape=(12, 5, 4)), VECTOR, "Make it 4×4×12", Reshape(shape=(12, 4, 4))),
        (Slice(start=6, length=3), VOLUME, "Keep all up to the end", Slice(start=6)),
        (DepthToSpace(block=3), VOLUME, "Use blocks of 2×2", DepthToSpace(block=2)),
        (SpaceToDepth(block=3), VOLUME, "Use blocks of 2×2", SpaceToDepth(block=2)),
        (ChannelShuffle(groups=3), VOLUME, "Use 2 groups", ChannelShuffle(groups=2)),
        (Crop2D(cropping=(0, 0, 2, 2)), VOLUME, "Cut nothing off", Crop2D(cropping=(0, 0, 0, 0))),
        (
            Normalization(mean=(0.4, 0.5, 0.6)),
            Shape(2, 4, 4),
            "Fit the list to 2 numbers",
            Normalization(mean=(0.4, 0.5)),
        ),
    ],
)
def test_a_mistake_comes_with_the_remedy_at_hand(layer: Layer, shape: Shape, title: str, mended: Layer):
    (problem,) = layer.infer((shape,)).problems
    assert (title, mended) in [(remedy.title, remedy.layer) for remedy in problem.remedies]
    assert mended.infer((shape,)).output is not None


@pytest.mark.parametrize(
    ("layer", "window"),
    [
        (ZeroPad2D(padding=(1, 2, 3, 4)), Window((1, 1), (1, 1), (1, 3))),
        (Crop2D(cropping=(1, 2, 0, 3)), Window((1, 1), (1, 1), (-1, 0))),
        (Slice(axis="width", start=1, step=2), Window((1, 1), (1, 2), (0, -1))),
        (Upsample2D(factor=(2, 3)), Window((1, 1), (Fraction(1, 2), Fraction(1, 3)), (0, 0))),
        (Resize2D(output=(9, 3)), Window((2, 2), (Fraction(2, 3), Fraction(4, 3)), (1, 1))),
        (DepthToSpace(), Window((1, 1), (Fraction(1, 2), Fraction(1, 2)), (0, 0))),
        (SpaceToDepth(), Window((2, 2), (2, 2), (0, 0))),
    ],
)
def test_fields_follow_the_values(layer: Layer, window: Window):
    assert layer.infer((VOLUME,)).window == window


def test_numbers_come_out_where_they_should():
    x = np.arange(16, dtype=np.float32).reshape(1, 1, 4, 4)
    assert ZeroPad2D(padding=(0, 0, 2, 0), mode="reflect").forward((x,), {})[0, 0, 0].tolist() == [2, 1, 0, 1, 2, 3]
    assert ZeroPad2D(padding=(0, 0, 2, 0), mode="edge").forward((x,), {})[0, 0, 0].tolist() == [0, 0, 0, 1, 2, 3]
    assert ZeroPad2D(padding=(0, 0, 1, 0), value=7).forward((x,), {})[0, 0, 0].tolist() == [7, 0, 1, 2, 3]
    assert Crop2D(cropping=(1, 0, 2, 1)).forward((x,), {})[0, 0].ravel().tolist() == [6, 10, 14]
    assert Slice(axis="width", start=1, step=2).forward((x,), {})[0, 0, 0].tolist() == [1, 3]
    assert SpaceToDepth().forward((x,), {})[0, :, 0, 0].tolist() == [0, 1, 4, 5]
    assert Upsample2D().forward((x,), {})[0, 0, 1, :4].tolist() == [0, 0, 1, 1]
    assert Rescaling(scale=2.0, offset=-1.0).forward((x,), {})[0, 0, 0].tolist() == [-1, 1, 3, 5]
    assert Permute(order="CWH").forward((x,), {})[0, 0, 0].tolist() == [0, 4, 8, 12]


@pytest.mark.parametrize("order", ["DCR", "CRD"])
def test_blocks_go_back_to_where_they_were(order):
    x = np.random.default_rng(0).normal(size=(2, *VOLUME)).astype(np.float32)
    up, down = DepthToSpace(order=order), SpaceToDepth(order=order)
    assert np.array_equal(down.forward((up.forward((x,), {}),), {}), x)


def test_a_shuffle_deals_the_groups_out_in_turn():
    x = np.arange(6, dtype=np.float32).reshape(1, 6)
    assert ChannelShuffle(groups=2).forward((x,), {}).tolist() == [[0, 3, 1, 4, 2, 5]]


@pytest.mark.parametrize(("align_corners", "row_of_four"), [(False, [0, 0.25, 0.75, 1]), (True, [0, 1 / 3, 2 / 3, 1])])
def test_bilinear_blends_between_pixels(align_corners: bool, row_of_four: list[float]):
    x = np.array([[[[0, 1]]]], np.float32)
    layer = Upsample2D(factor=(1, 2), mode="bilinear", align_corners=align_corners)
    np.testing.assert_allclose(layer.forward((x,), {})[0, 0, 0], row_of_four, rtol=1e-6)


def test_a_size_is_reached_from_pixels_as_near_as_can_be():
    x = np.arange(5, dtype=np.float32).reshape(1, 1, 1, 5)

    def row(width: int, **named: Any) -> list[float]:
        return Resize2D(output=(1, width), **named).forward((x,), {})[0, 0, 0].tolist()

    assert row(3, mode="nearest") == [0, 1, 3]
    assert row(7, mode="nearest") == [0, 0, 1, 2, 2, 3, 4]
    assert row(10, mode="nearest") == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]
    assert row(2) == [0.75, 3.25]  # the middles of halves of five squares
    assert row(9, align_corners=True) == [0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4]
    assert row(5) == row(5, mode="nearest") == x.ravel().tolist()


def test_derivations_show_products_and_quotients():
    assert derived(DepthToSpace(), VOLUME)["depth"] == "D₂ = D₁/B² = 8/(2·2) = 2"
    assert derived(ZeroPad2D(padding=(1, 2, 3, 4)), VOLUME)["width"] == "W₂ = W₁ + P₁ + P₂ = 4 + 3 + 4 = 11"
    assert derived(Slice(start=1, step=2), VOLUME)["depth"] == "⌈(size − first)/step⌉ = ⌈(8 − 1)/2⌉ = 4"
