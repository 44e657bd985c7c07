"""Where kernels lie in the weights of each kind of layer, and why some have none."""

from itertools import pairwise

import numpy as np
import pytest

from engine import (
    BatchNorm2D,
    Conv2D,
    ConvTranspose2D,
    Dense,
    DepthwiseConv2D,
    Dropout,
    Edge,
    Flatten,
    Graph,
    Input,
    Layer,
    LinearSVM,
    MaxPool2D,
    Node,
    ReLU,
    SeparableConv2D,
    analyse,
    initialise,
    kernel_sheets,
    run,
    why_none,
)
from engine.kernel_sheets import MOST_WEIGHTS

INPUT = Input(channels=4, height=7, width=9)


def chain(*layers: Layer) -> Graph:
    """Return the layers one behind the other, called 0, 1, …."""
    nodes = tuple(Node(str(number), layer) for number, layer in enumerate(layers))
    edges = tuple(Edge(a.id, b.id) for a, b in pairwise(nodes))
    return Graph(nodes, edges)


CASES = {
    "conv": (Conv2D(filters=6, kernel=(3, 2)), [(6, 4, 3, 2)]),
    "grouped": (Conv2D(filters=6, kernel=(3, 2), groups=2), [(6, 2, 3, 2)]),
    "1×1": (Conv2D(filters=5, kernel=(1, 1), bias=False), [(5, 4, 1, 1)]),
    "depthwise": (DepthwiseConv2D(kernel=(2, 3), multiplier=2), [(8, 1, 2, 3)]),
    "separable": (SeparableConv2D(filters=3, kernel=(3, 3)), [(4, 1, 3, 3), (3, 4, 1, 1)]),
    "transposed": (ConvTranspose2D(filters=6, kernel=(2, 3)), [(6, 4, 2, 3)]),
    "transposed, grouped": (ConvTranspose2D(filters=6, kernel=(2, 3), groups=2), [(6, 2, 2, 3)]),
}


@pytest.mark.parametrize(("layer", "expected"), CASES.values(), ids=CASES)
def test_filters_channels_and_sizes(layer: Layer, expected: list[tuple[int, int, int, int]]):
    graph = chain(INPUT, layer)
    sheets, weights = kernel_sheets(analyse(graph), "1"), initialise(graph)["1"]
    assert [(one.filters, one.channels, *one.sides) for one in sheets] == expected
    for sheet in sheets:
        array = weights[sheet.array]
        assert sheet.filters * sheet.channels * sheet.height * sheet.width == array.size
        for channel in range(sheet.channels):
            across = sheet.of_channel(array, channel)
            assert across.shape == (sheet.filters, *sheet.sides)
            for number in range(sheet.filters):
                np.testing.assert_array_equal(across[number], sheet.of_filter(array, number)[channel])


@pytest.mark.parametrize(("layer", "_"), [case for name, case in CASES.items() if name != "separable"])
def test_a_kernel_is_between_the_channel_and_the_filter_that_it_says(layer: Layer, _):
    """Only the kernel's own map answers, and only to the kernel's own channel."""
    graph = chain(INPUT, layer)
    analysis = analyse(graph)
    (sheet,) = kernel_sheets(analysis, "1")
    for number in range(sheet.filters):
        for channel in range(sheet.channels):
            array = np.zeros_like(initialise(graph)["1"]["weight"])
            sheet.of_filter(array, number)[channel] = 1.0  # a view: what is written is in the weights
            weights = initialise(graph).replaced("1", "weight", array)
            image = np.zeros((4, 7, 9), np.float32)
            image[sheet.channel_seen(number, channel)] = 1.0
            maps = run(graph, weights, image)["1"]
            assert [bool(one.any()) for one in maps] == [other == number for other in range(len(maps))]
            image[:] = 1.0 - image
            assert not run(graph, weights, image)["1"].any()


def test_the_row_of_a_dense_layer_is_a_picture_of_the_volume_that_was_flattened():
    graph = chain(INPUT, Flatten(), ReLU(), Dropout(), Dense(units=3))
    (sheet,) = kernel_sheets(analyse(graph), "4")
    assert (sheet.filters, sheet.channels, *sheet.sides) == (3, 4, 7, 9)
    assert sheet.placed
    array = np.arange(3 * 4 * 7 * 9, dtype=np.float32).reshape(3, -1)
    assert sheet.of_filter(array, 2)[3, 6, 8] == array[2, -1]


@pytest.mark.parametrize(("units", "sides"), [(120, (10, 12)), (30, (1, 30)), (64, (8, 8)), (37, (1, 37)), (1, (1, 1))])
def test_a_row_behind_another_dense_layer_is_a_block_of_numbers(units: int, sides: tuple[int, int]):
    graph = chain(INPUT, Flatten(), Dense(units=units), ReLU(), LinearSVM(classes=3))
    (sheet,) = kernel_sheets(analyse(graph), "4")
    assert sheet.sides == sides
    assert not sheet.placed


def test_why_there_is_nothing_to_edit():
    graph = chain(INPUT, Conv2D(filters=3, kernel=(20, 20)), BatchNorm2D(), MaxPool2D())
    analysis = analyse(graph)
    assert "mend the mistake" in why_none(analysis, "1")
    assert why_none(analysis, "3") == "3 has no weights: there is nothing to edit."
    graph = chain(INPUT, BatchNorm2D())
    assert "no kernels" in why_none(analyse(graph), "1")
    graph = chain(Input(channels=256, height=64, width=64), Flatten(), Dense(units=40))
    assert kernel_sheets(analyse(graph), "2") == ()
    assert f"{256 * 64 * 64 * 40:,} weights" in why_none(analyse(graph), "2")
    assert f"{MOST_WEIGHTS:,}" in why_none(analyse(graph), "2")
    graph = chain(INPUT, Conv2D())
    assert why_none(analyse(graph), "1") == ""
