"""What is done to kernels: named ones at all sizes, scaling, turning; for one, for a filter, for all."""

import numpy as np
import pytest

from engine import FITTED_PRESETS, KERNEL_PRESETS, Conv2D, Network, analyse, fitted_preset, kernel_preset, kernel_sheets
from engine.kernel_edits import (
    changed,
    filled,
    mirrored,
    negated,
    preset,
    rotated,
    sum_to_one,
    unit_norm,
    upturned,
    with_arrays,
    with_kernel,
    zero_mean,
)
from engine.weights import Weights, completed, of_node
from tests.engine.networks import lenet5

NAN, INF = float("nan"), float("inf")
SIZES = [(1, 1), (3, 3), (5, 5), (2, 2), (4, 4), (3, 7), (7, 3), (1, 5), (5, 1), (40, 3)]


@pytest.mark.parametrize("name", KERNEL_PRESETS)
def test_at_three_by_three_a_named_kernel_is_the_classic_one(name: str):
    made = fitted_preset(name, 3, 3)
    assert made is not None
    np.testing.assert_allclose(made, kernel_preset(name), rtol=1e-6)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", FITTED_PRESETS)
def test_named_kernels_keep_their_meaning_at_every_size(name: str, size: tuple[int, int]):
    made = fitted_preset(name, *size, 0.3)
    if made is None:
        assert min(size) < 3
        return
    assert (made.shape, made.dtype) == (size, np.float32)
    assert np.isfinite(made).all()
    total = {"edge": 0, "laplacian": 0, "sobel x": 0, "sobel y": 0}.get(name, 1)
    if name != "gabor":
        assert made.sum() == pytest.approx(total, abs=1e-4)
    if name.startswith("sobel"):
        assert np.abs(made).sum() == pytest.approx(8, rel=1e-5)


def test_identity_and_blurs_are_there_even_for_one_cell():
    for name in ("identity", "blur", "gaussian"):
        np.testing.assert_array_equal(fitted_preset(name, 1, 1), [[1.0]])
    assert fitted_preset("sobel x", 5, 1) is None
    assert fitted_preset("sobel y", 1, 5) is None


def random(*shape: int) -> np.ndarray:
    return np.random.default_rng(3).standard_normal(shape).astype(np.float32)


def test_scaling():
    kernels = random(2, 3, 4) + 1
    assert sum_to_one(kernels).sum() == pytest.approx(1, abs=1e-5)
    assert zero_mean(kernels).mean() == pytest.approx(0, abs=1e-6)
    assert np.square(unit_norm(kernels)).sum() == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("value", [0.0, NAN, INF])
def test_what_can_not_be_scaled_is_left(value: float):
    kernels = np.full((2, 3, 3), value, np.float32)
    assert sum_to_one(kernels) is None
    assert unit_norm(kernels) is None
    assert (zero_mean(kernels) is None) == (not np.isfinite(value))
    assert sum_to_one(np.float32([[[1, -1], [3e-8, 0]]])) is None  # a sum of nothing but rounding


def test_turning():
    kernels = np.arange(4, dtype=np.float32).reshape(1, 2, 2)
    np.testing.assert_array_equal(rotated(kernels), [[[2, 0], [3, 1]]])
    np.testing.assert_array_equal(mirrored(kernels), [[[1, 0], [3, 2]]])
    np.testing.assert_array_equal(upturned(kernels), [[[2, 3], [0, 1]]])
    np.testing.assert_array_equal(negated(kernels), -kernels)
    np.testing.assert_array_equal(filled(2.0)(kernels, 0), np.full((1, 2, 2), 2.0))
    assert rotated(np.zeros((1, 2, 3), np.float32)) is None


def test_a_change_is_for_one_kernel_a_filter_or_all():
    graph = lenet5()
    (sheet,) = kernel_sheets(analyse(graph), "conv2")
    array = random(16, 6, 5, 5) + 1
    one = changed(sheet, array, sum_to_one, "kernel", 3, 2)
    assert one[3, 2].sum() == pytest.approx(1, abs=1e-5)
    assert {(f, c) for f, c, *_ in np.argwhere(one != array)} == {(3, 2)}
    filters = changed(sheet, array, sum_to_one, "filter", 3, 2)
    assert filters[3].sum() == pytest.approx(1, abs=1e-5)  # all of its channels together
    assert {f for f, *_ in np.argwhere(filters != array)} == {3}
    every = changed(sheet, array, sum_to_one, "all", 3, 2)
    np.testing.assert_allclose(every.sum(axis=(1, 2, 3)), np.ones(16), atol=1e-4)
    broken = array.copy()
    broken[7, 0, 0, 0] = NAN
    assert changed(sheet, broken, sum_to_one, "all", 3, 2) is None


def test_a_gabor_bank_has_another_direction_for_each_filter():
    (sheet,) = kernel_sheets(analyse(lenet5()), "conv1")
    made = changed(sheet, random(6, 1, 5, 5), preset("gabor"), "all", 0, 0)
    assert len({one.tobytes() for one in made}) == 6


def test_what_was_random_becomes_the_networks_own_and_all_else_stays():
    graph = lenet5()
    analysis, network = analyse(graph), Network("N", graph)
    (sheet,) = kernel_sheets(analysis, "conv1")
    before = completed(analysis)
    array = of_node(analysis, "conv1")["weight"]
    made = with_kernel(sheet, array, 2, 0, np.eye(5, dtype=np.float32))
    after = with_arrays(network, analysis, "conv1", {"weight": made})
    assert after.weights is not None
    assert set(after.weights) == {"conv1"}
    now = completed(analysis, after.weights)
    np.testing.assert_array_equal(now["conv1"]["weight"][2, 0], np.eye(5))
    assert now["conv1"]["bias"] is before["conv1"]["bias"]
    assert all(now[node][name] is before[node][name] for node in before if node != "conv1" for name in before[node])
    assert network.weights is None
    again = with_arrays(after, analysis, "conv2", of_node(analysis, "conv2", after.weights))
    assert again.weights["conv1"]["weight"] is after.weights["conv1"]["weight"]


def test_weights_that_no_longer_fit_are_random_again_and_come_back_with_the_shape():
    graph = lenet5()
    analysis = analyse(graph)
    own = {"weight": np.ones((6, 1, 5, 5), np.float32), "bias": np.zeros(6, np.float32)}
    network = with_arrays(Network("N", graph), analysis, "conv1", own)
    wider = analyse(graph.replace_layer("conv1", Conv2D(filters=7, kernel=(5, 5))))
    assert of_node(wider, "conv1", network.weights)["weight"].shape == (7, 1, 5, 5)
    assert of_node(analysis, "conv1", network.weights)["weight"].min() == 1.0
    assert isinstance(network.weights, Weights)
