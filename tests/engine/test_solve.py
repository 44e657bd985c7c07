"""Solving for a size: complete by brute force over the layers' own shape rule, and in the order people would choose."""

from itertools import product

import pytest

from engine import (
    LAYERS,
    AvgPool2D,
    Bounds,
    Conv2D,
    ConvTranspose2D,
    Dense,
    DepthwiseConv2D,
    LpPool2D,
    MaxPool2D,
    ReLU,
    SeparableConv2D,
    Shape,
    SumPool2D,
    can_solve,
    solve,
)

SMALL = Bounds(kernel=5, stride=4, dilation=2)
WINDOWS = [Conv2D(), MaxPool2D(), MaxPool2D(ceil_mode=True), AvgPool2D(), ConvTranspose2D(), DepthwiseConv2D()]


def fields_of(layer) -> tuple:
    """Return what was solved for, with paddings as numbers."""
    padding = (0, 0, 0, 0) if layer.padding == "valid" else layer.padding
    extra = getattr(layer, "output_padding", (0, 0))
    return layer.kernel, layer.stride, padding, getattr(layer, "dilation", (1, 1)), extra


def by_brute_force(layer, size: int, wanted: int, bounds: Bounds = SMALL) -> set[tuple]:
    """Return all square windows within the bounds that the layer's own rule brings from one size to another."""
    found = set()
    dilations = range(1, bounds.dilation + 1) if hasattr(layer, "dilation") else (1,)
    kernels = sorted({*range(1, bounds.kernel + 1), max(size, bounds.kernel)})
    extras = (0, 1) if isinstance(layer, ConvTranspose2D) else (0,)
    for kernel, stride, dilation, extra in product(kernels, range(1, bounds.stride + 1), dilations, extras):
        if dilation > 1 and (kernel == 1 or kernel > bounds.kernel):
            continue
        for before in range((dilation * (kernel - 1) + 1) // 2 + 1):
            for after in (before, before + 1):
                changes = {"kernel": (kernel,) * 2, "stride": (stride,) * 2, "padding": (before, after, before, after)}
                if hasattr(layer, "dilation"):
                    changes["dilation"] = (dilation, dilation)
                if extras != (0,):
                    changes["output_padding"] = (extra, extra)
                changed = layer.replace(**changes)
                output = changed.infer((Shape(2, size, size),)).output
                if output is not None and output[1:] == (wanted, wanted):
                    found.add(fields_of(changed))
    return found


@pytest.mark.parametrize("size", [1, 2, 5, 8, 11])
@pytest.mark.parametrize("layer", WINDOWS, ids=lambda one: f"{one.title} {one.brief()}")
def test_all_windows_within_the_bounds_are_found_and_no_others(layer, size: int):
    for wanted in range(1, 3 * size + 3):
        expected = by_brute_force(layer, size, wanted)
        found = solve(layer, Shape(2, size, size), (wanted, wanted), bounds=SMALL, most=100_000).found
        got = {fields_of(one.layer) for one in found}
        assert len(got) == len(found)
        assert got <= expected
        assert bool(got) == bool(expected)
        # Where the window, or what it is laid on, stands still, a stride makes no difference: not all are listed.
        if wanted > 1 and size > 1:
            assert got == expected


@pytest.mark.parametrize("shape", [Shape(3, 17, 17), Shape(3, 12, 20)], ids=str)
@pytest.mark.parametrize("layer", WINDOWS, ids=lambda one: f"{one.title} {one.brief()}")
def test_every_solution_is_what_it_says(layer, shape: Shape):
    for size in ((5, 5), (4, 9), (24, 24), shape[1:]):
        for one in solve(layer, shape, size).found:
            inferred = one.layer.infer((shape,))
            assert inferred.problems == ()
            assert inferred.output == one.output
            assert one.output[1:] == size
            assert one.parameters == sum(spec.size for spec in inferred.weights if spec.trainable)
            if not isinstance(one.layer, ConvTranspose2D):
                place = one.layer.place(shape)
                assert one.lost == (place.y.lost, place.x.lost)


def best(layer, shape: Shape, size: tuple[int, int], channels: int | None = None):
    return solve(layer, shape, size, channels).found[0].layer


@pytest.mark.parametrize(
    ("layer", "shape", "size", "expected"),
    [
        # The lecture's: 32×32 to 28×28 by 5×5.
        (Conv2D(), Shape(3, 32, 32), (28, 28), Conv2D(kernel=(5, 5))),
        (Conv2D(), Shape(3, 32, 32), (32, 32), Conv2D(padding=(1, 1, 1, 1))),
        (Conv2D(kernel=(5, 5)), Shape(3, 32, 32), (32, 32), Conv2D(padding=(1, 1, 1, 1))),
        (Conv2D(), Shape(3, 224, 224), (112, 112), Conv2D(stride=(2, 2), padding=(1, 1, 1, 1))),
        (Conv2D(), Shape(3, 224, 224), (14, 14), Conv2D(kernel=(16, 16), stride=(16, 16))),  # patches
        (Conv2D(), Shape(3, 7, 7), (1, 1), Conv2D(kernel=(7, 7))),
        (MaxPool2D(), Shape(10, 32, 32), (16, 16), MaxPool2D()),
        (AvgPool2D(), Shape(10, 15, 15), (5, 5), AvgPool2D(kernel=(3, 3), stride=(3, 3))),
        (ConvTranspose2D(), Shape(8, 7, 7), (14, 14), ConvTranspose2D()),
        (ConvTranspose2D(), Shape(8, 7, 7), (28, 28), ConvTranspose2D(kernel=(4, 4), stride=(4, 4))),
    ],
    ids=str,
)
def test_the_best_is_the_usual_one(layer, shape: Shape, size: tuple[int, int], expected):
    assert best(layer, shape, size) == expected


def test_alexnets_first_layer_is_found_among_the_best():
    found = solve(Conv2D(), Shape(3, 227, 227), (55, 55)).found[:3]
    assert Conv2D(kernel=(11, 11), stride=(4, 4)) in [one.layer for one in found]


def test_pooling_prefers_to_use_all_columns():
    first, second = solve(AvgPool2D(kernel=(4, 4)), Shape(3, 13, 13), (6, 6)).found[:2]
    assert (first.layer.kernel, first.lost) == ((2, 2), (1, 1))
    assert (second.layer.kernel, second.lost) == ((3, 3), (0, 0))


def test_axes_can_differ():
    one = solve(Conv2D(), Shape(3, 32, 48), (16, 16)).found[0]
    assert one.output == Shape(8, 16, 16)
    assert one.layer.stride == (2, 3)


def test_the_depth_sets_the_filters():
    assert best(Conv2D(), Shape(3, 32, 32), (28, 28), 6) == Conv2D(filters=6, kernel=(5, 5))
    assert best(DepthwiseConv2D(), Shape(3, 32, 32), (32, 32), 12).multiplier == 4
    assert best(SeparableConv2D(), Shape(3, 32, 32), (32, 32), 12).filters == 12
    assert best(MaxPool2D(), Shape(3, 32, 32), (16, 16), 3) == MaxPool2D()


@pytest.mark.parametrize(
    ("layer", "channels", "reason"),
    [
        (MaxPool2D(), 5, "MaxPool2D keeps the depth: it can only be 4."),
        (DepthwiseConv2D(), 6, "The depth has to be a multiple of the 4 channels that come in."),
        (Conv2D(groups=2, filters=4), 5, "The depth has to be a multiple of the 2 groups."),
        (Conv2D(), 100_000, "The depth has to be between 1 and 65,536."),
    ],
)
def test_a_depth_that_can_not_be_made_is_said(layer, channels: int, reason: str):
    result = solve(layer, Shape(4, 16, 16), (8, 8), channels)
    assert (result.found, result.reason) == ((), reason)


@pytest.mark.parametrize(
    ("layer", "size"), [(Conv2D(), 20), (MaxPool2D(), 30), (ConvTranspose2D(), 5), (ConvTranspose2D(), 77)]
)
def test_the_nearest_sizes_are_the_nearest(layer, size: int):
    inputs, plain = Shape(2, 11, 11), Bounds(kernel=5, stride=4, dilation=1)
    result = solve(layer, inputs, (size, size), bounds=plain)
    assert result.found == ()
    assert "11×11" in result.reason
    assert f"{size}×{size}" in result.reason
    reached = {wanted for wanted in range(1, 90) if by_brute_force(layer, 11, wanted, plain)}
    below = [max(one for one in reached if one < size)] if min(reached) < size else []
    above = [min(one for one in reached if one > size)] if max(reached) > size else []
    assert {one[1] for one in result.nearest} == {*below, *above}
    assert all(one[1] == one[2] for one in result.nearest)


def test_nothing_is_solved_without_a_window_or_a_volume():
    assert [layer for layer in LAYERS if can_solve(layer())] == [
        layer
        for layer in LAYERS
        if layer
        in (Conv2D, DepthwiseConv2D, SeparableConv2D, ConvTranspose2D, MaxPool2D, AvgPool2D, SumPool2D, LpPool2D)
    ]
    assert solve(Dense(), Shape(10), (1, 1)).found == ()
    assert "ReLU" in solve(ReLU(), Shape(3, 8, 8), (4, 4)).reason
    assert solve(Conv2D(), Shape(10), (1, 1)).found == ()


def test_a_size_of_nothing_has_no_solution():
    assert solve(Conv2D(), Shape(3, 8, 8), (0, 0)).found == ()
