import numpy as np
import pytest

from engine import Code, Conv2D, ConvTranspose2D, Shape
from tests.engine.layers.rows import Row, check, derived, row

ROWS = [
    row(
        "the way up in U-Net",
        ConvTranspose2D(filters=512),
        (Shape(1024, 28, 28),),
        Shape(512, 56, 56),
        2_097_152,
        512,
        1_644_167_168,
        1_644_167_168,
    ),
    row(
        "twice the size with overlapping copies (DCGAN)",
        ConvTranspose2D(filters=3, kernel=(4, 4), padding=(1, 1, 1, 1), bias=False),
        (Shape(64, 32, 32),),
        Shape(3, 64, 64),
        3_072,
        0,
        3_145_728,
        3_145_728,
    ),
    row(
        "all that it can have",
        ConvTranspose2D(
            filters=6,
            kernel=(2, 3),
            stride=(3, 2),
            padding=(1, 0, 2, 1),
            output_padding=(2, 1),
            dilation=(2, 1),
            groups=2,
        ),
        (Shape(4, 5, 4),),
        Shape(6, 16, 7),
        72,
        6,
        1_440,
        1_440,
    ),
    row(
        "same is stride times the size",
        ConvTranspose2D(kernel=(5, 1), padding="same"),
        (Shape(1, 4, 4),),
        Shape(8, 8, 8),
        40,
        8,
        640,
        640,
    ),
    row("groups", ConvTranspose2D(groups=3), (Shape(4, 5, 5),), None, codes=(Code.GROUPS,)),
    row("all cut away", ConvTranspose2D(padding=(2, 2, 0, 0)), (Shape(4, 2, 5),), None, codes=(Code.EMPTY_OUTPUT,)),
    row(
        "added beyond reach",
        ConvTranspose2D(output_padding=(2, 0)),
        (Shape(4, 5, 5),),
        None,
        codes=(Code.OUTPUT_PADDING,),
    ),
    row("on a vector", ConvTranspose2D(), (Shape(4),), None, codes=(Code.VOLUME_EXPECTED,)),
]


@pytest.mark.parametrize("expected", ROWS)
def test_a_transposed_convolution_has_the_shape_and_counts_worked_out_by_hand(expected: Row):
    check(expected)


def test_it_brings_back_the_size_that_a_strided_convolution_took():
    down = Conv2D(kernel=(3, 3), stride=(2, 2), padding=(1, 1, 1, 1)).infer((Shape(3, 32, 31),)).output
    up = ConvTranspose2D(filters=3, kernel=(3, 3), padding=(1, 1, 1, 1), output_padding=(1, 0)).infer((down,)).output
    assert up == (3, 32, 31)


def test_it_is_the_transpose_of_the_convolution_with_the_same_weights():
    """⟨conv(x), y⟩ = ⟨x, transposed(y)⟩ for all x and y."""
    draw = np.random.default_rng(0)
    kernel, stride, padding, dilation = (3, 2), (2, 3), (1, 2, 0, 1), (1, 2)
    shape = Shape(4, 9, 11)
    settings = {"kernel": kernel, "stride": stride, "padding": padding, "dilation": dilation, "bias": False}
    down = Conv2D(filters=6, groups=2, **settings)
    made = down.infer((shape,)).output
    plain = ConvTranspose2D(filters=4, groups=2, **settings).infer((made,)).output
    up = ConvTranspose2D(filters=4, groups=2, output_padding=(9 - plain[1], 11 - plain[2]), **settings)
    assert up.infer((made,)).output == shape
    x, y = (draw.normal(size=(1, *size)).astype(np.float32) for size in (shape, made))
    weight = {"weight": draw.normal(size=(6, 2, *kernel)).astype(np.float32)}
    left = (down.forward((x,), weight) * y).sum(dtype=np.float64)
    right = (x * up.forward((y,), weight)).sum(dtype=np.float64)
    assert left == pytest.approx(right, rel=1e-5)


def test_derivations_show_every_part_that_counts():
    lines = derived(ConvTranspose2D(kernel=(3, 3), padding=(1, 1, 0, 1), output_padding=(1, 1)), Shape(2, 5, 4))
    assert lines["height"] == "H₂ = (H₁ − 1)·S + F + A − 2P = (5 − 1)·2 + 3 + 1 − 2·1 = 10"
    assert lines["width"] == "W₂ = (W₁ − 1)·S + F + A − P₁ − P₂ = (4 − 1)·2 + 3 + 1 − 0 − 1 = 9"
    assert lines["connections"] == "W₁·H₁·D₁·(F·F·K) = 4·5·2·(3·3·8) = 2,880"
