import numpy as np
import pytest

from engine import Code, Conv2D, Shape
from tests.engine.layers.rows import Row, check, derived, row

RGB32, GRAY32 = Shape(3, 32, 32), Shape(1, 32, 32)

ROWS = [
    row(
        "the lecture: six 5×5×3 filters on 32×32×3",
        Conv2D(filters=6, kernel=(5, 5)),
        (RGB32,),
        Shape(6, 28, 28),
        450,
        6,
        352_800,
        352_800,
    ),
    row(
        "first of LeNet-5",
        Conv2D(filters=6, kernel=(5, 5)),
        (GRAY32,),
        Shape(6, 28, 28),
        150,
        6,
        117_600,
        117_600,
    ),
    row(
        "second of LeNet-5",
        Conv2D(filters=16, kernel=(5, 5)),
        (Shape(6, 14, 14),),
        Shape(16, 10, 10),
        2_400,
        16,
        240_000,
        240_000,
    ),
    row(
        "third of LeNet-5: the kernel covers all",
        Conv2D(filters=120, kernel=(5, 5)),
        (Shape(16, 5, 5),),
        Shape(120, 1, 1),
        48_000,
        120,
        48_000,
        48_000,
    ),
    row(
        "first of AlexNet: stride 4",
        Conv2D(filters=64, kernel=(11, 11), stride=(4, 4), padding=(2, 2, 2, 2)),
        (Shape(3, 224, 224),),
        Shape(64, 55, 55),
        23_232,
        64,
        70_276_800,
        70_276_800,
    ),
    row(
        "first of VGG: same size",
        Conv2D(filters=64, padding=(1, 1, 1, 1)),
        (Shape(3, 224, 224),),
        Shape(64, 224, 224),
        1_728,
        64,
        86_704_128,
        86_704_128,
    ),
    row(
        "first of ResNet: no bias",
        Conv2D(filters=64, kernel=(7, 7), stride=(2, 2), padding=(3, 3, 3, 3), bias=False),
        (Shape(3, 224, 224),),
        Shape(64, 112, 112),
        9_408,
        0,
        118_013_952,
        118_013_952,
    ),
    row(
        "depthwise: as many groups as channels",
        Conv2D(filters=32, padding="same", groups=32, bias=False),
        (Shape(32, 112, 112),),
        Shape(32, 112, 112),
        288,
        0,
        3_612_672,
        3_612_672,
    ),
    row(
        "two groups of three channels and four filters",
        Conv2D(filters=8, kernel=(1, 1), groups=2),
        (Shape(6, 5, 4),),
        Shape(8, 5, 4),
        24,
        8,
        480,
        480,
    ),
    row(
        "pointwise",
        Conv2D(filters=64, kernel=(1, 1)),
        (Shape(192, 28, 28),),
        Shape(64, 28, 28),
        12_288,
        64,
        9_633_792,
        9_633_792,
    ),
    row(
        "same with stride 2 halves",
        Conv2D(filters=4, stride=(2, 2), padding="same"),
        (Shape(1, 28, 28),),
        Shape(4, 14, 14),
        36,
        4,
        7_056,
        7_056,
    ),
    row(
        "same with stride 2 rounds an odd size up",
        Conv2D(filters=1, stride=(2, 2), padding="same"),
        (Shape(1, 7, 5),),
        Shape(1, 4, 3),
        9,
        1,
        108,
        108,
    ),
    row(
        "dilation 2 makes a 3×3 kernel reach over 5×5",
        Conv2D(filters=1, dilation=(2, 2)),
        (Shape(1, 7, 7),),
        Shape(1, 3, 3),
        9,
        1,
        81,
        81,
    ),
    row(
        "each axis and each side of its own",
        Conv2D(filters=5, kernel=(1, 3), stride=(1, 2), padding=(0, 0, 1, 0)),
        (Shape(2, 4, 6),),
        Shape(5, 4, 3),
        30,
        5,
        360,
        360,
    ),
    row("a vector has no height", Conv2D(), (Shape(10),), None, codes=(Code.VOLUME_EXPECTED,)),
    row("kernel too large", Conv2D(kernel=(5, 5)), (Shape(1, 4, 4),), None, codes=(Code.KERNEL_TOO_LARGE,)),
    row("filters and groups", Conv2D(filters=7, groups=2), (Shape(4, 9, 9),), None, codes=(Code.GROUPS,)),
    row(
        "all at once",
        Conv2D(filters=7, groups=2, kernel=(9, 9)),
        (Shape(3, 4, 4),),
        None,
        codes=(Code.GROUPS, Code.KERNEL_TOO_LARGE),
    ),
]


@pytest.mark.parametrize("expected", ROWS)
def test_a_convolution_has_the_shape_and_counts_worked_out_by_hand(expected: Row):
    check(expected)


def test_the_derivation_shows_the_lectures_formulas_with_the_users_numbers():
    assert derived(Conv2D(filters=6, kernel=(5, 5)), RGB32) == {
        "width": "W₂ = ⌊(W₁ − F + 2P)/S⌋ + 1 = ⌊(32 − 5 + 2·0)/1⌋ + 1 = 28",
        "height": "H₂ = ⌊(H₁ − F + 2P)/S⌋ + 1 = ⌊(32 − 5 + 2·0)/1⌋ + 1 = 28",
        "depth": "D₂ = K = 6",
        "weights": "F·F·D₁·K = 5·5·3·6 = 450",
        "biases": "K = 6",
        "connections": "W₂·H₂·D₂·(F·F·D₁) = 28·28·6·(5·5·3) = 352,800",
        "macs": "W₂·H₂·D₂·(F·F·D₁) = 28·28·6·(5·5·3) = 352,800",
    }


def test_the_derivation_tells_of_dilation_uneven_padding_and_groups():
    layer = Conv2D(filters=6, kernel=(3, 2), dilation=(1, 3), padding=(1, 1, 2, 0), groups=3, bias=False)
    lines = derived(layer, Shape(9, 8, 8))
    assert lines["width"] == "W₂ = ⌊(W₁ − (D(F − 1) + 1) + P₁ + P₂)/S⌋ + 1 = ⌊(8 − (3·(2 − 1) + 1) + 2 + 0)/1⌋ + 1 = 7"
    assert lines["height"] == "H₂ = ⌊(H₁ − F + 2P)/S⌋ + 1 = ⌊(8 − 3 + 2·1)/1⌋ + 1 = 8"
    assert lines["weights"] == "F·F·(D₁/groups)·K = 2·3·(9/3)·6 = 108"
    assert lines["biases"] == "no bias = 0"


@pytest.mark.parametrize("shape", [Shape(10), Shape(3, 2, 2)])
def test_nothing_is_derived_where_there_is_no_output(shape: Shape):
    assert Conv2D(kernel=(3, 3)).derive((shape,)) == ()


def test_a_message_names_the_kernel_the_input_and_the_padded_input():
    (problem,) = Conv2D(kernel=(7, 5), padding=(1, 0, 0, 0)).infer((Shape(3, 4, 6),)).problems
    assert problem.message == (
        "The kernel is 5×7, larger than the input of 6×4 with its padding (6×5), so it fits nowhere."
    )
    assert [remedy.title for remedy in problem.remedies] == [
        "Make the kernel 5×5",
        "Padding 2 top, 1 bottom, 0 left, 0 right fits",
        "Padding “same” fits",
    ]


def test_a_remedy_that_the_bounds_forbid_is_not_proposed():
    (problem,) = Conv2D(kernel=(4096, 1), dilation=(3, 1)).infer((GRAY32,)).problems
    assert [remedy.title for remedy in problem.remedies] == ["Make the kernel 1×11", "Padding “same” fits"]
    (problem,) = Conv2D(filters=65536, groups=65535).infer((Shape(65535, 3, 3),)).problems
    assert [remedy.title for remedy in problem.remedies] == ["Use groups 1"]


@pytest.mark.parametrize(
    ("layer", "channels", "message", "titles"),
    [
        (
            Conv2D(filters=7, groups=2),
            4,
            "The 7 filters can't be split into 2 equal groups.",
            ["Use 8 filters", "Use groups 1"],
        ),
        (
            Conv2D(filters=8, groups=4),
            6,
            "The 6 input channels can't be split into 4 equal groups.",
            ["Use groups 2"],
        ),
        (
            Conv2D(filters=9, groups=2),
            15,
            "The 15 input channels and the 9 filters can't be split into 2 equal groups.",
            ["Use groups 1"],
        ),
    ],
)
def test_groups_that_do_not_divide_say_what_they_do_not_divide(
    layer: Conv2D, channels: int, message: str, titles: list[str]
):
    (problem,) = layer.infer((Shape(channels, 5, 5),)).problems
    assert (problem.message, [remedy.title for remedy in problem.remedies]) == (message, titles)


@pytest.mark.parametrize(
    ("layer", "brief"),
    [
        (Conv2D(filters=6, kernel=(5, 5)), "6 @ 5×5"),
        (Conv2D(filters=64, kernel=(7, 7), stride=(2, 2), padding=(3, 3, 3, 3)), "64 @ 7×7 /2 pad 3"),
        (Conv2D(kernel=(1, 3), stride=(2, 1), padding="same"), "8 @ 3×1 /1×2 same"),
        (Conv2D(padding=(0, 1, 2, 3), dilation=(2, 2), groups=4), "8 @ 3×3 pad 0,1,2,3 dil 2 groups 4"),
        (Conv2D(dilation=(1, 3)), "8 @ 3×3 dil 3×1"),
    ],
)
def test_the_brief_says_what_departs_from_the_usual_width_first(layer: Conv2D, brief: str):
    assert layer.brief() == brief


def test_a_filter_multiplies_element_by_element_over_the_whole_depth_sums_and_adds_the_bias():
    x = np.arange(2 * 3 * 3, dtype=np.float32).reshape(1, 2, 3, 3)
    weight = np.array([[[[1, 0], [0, -1]], [[2, 0], [0, 0]]]], np.float32)
    out = Conv2D(filters=1, kernel=(2, 2)).forward((x,), {"weight": weight, "bias": np.array([10], np.float32)})
    # at (0, 0): 0·1 − 4·1 + 9·2 + 10
    assert out.tolist() == [[[[24, 26], [30, 32]]]]


def test_a_convolution_without_bias_needs_none():
    out = Conv2D(filters=1, kernel=(1, 1), bias=False).forward(
        (np.full((1, 1, 2, 2), 3, np.float32),), {"weight": np.full((1, 1, 1, 1), 2, np.float32)}
    )
    assert out.tolist() == [[[[6, 6], [6, 6]]]]


def test_the_fans_of_the_initialisers_count_inputs_and_outputs_of_one_group():
    weight, _ = Conv2D(filters=8, kernel=(3, 5), groups=2).infer((Shape(6, 9, 9),)).weights
    assert (weight.shape, weight.fan_in, weight.fan_out) == ((8, 3, 3, 5), 45, 60)
