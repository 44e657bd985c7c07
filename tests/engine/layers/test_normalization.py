import numpy as np
import pytest

from engine import (
    BatchNorm2D,
    Code,
    GroupNorm,
    InstanceNorm2D,
    LayerNorm,
    LayerScale,
    LocalResponseNorm,
    Shape,
)
from tests.engine.layers.rows import Row, check, derived, row

VOLUME = Shape(6, 5, 4)

ROWS = [
    row("batch normalisation", BatchNorm2D(), (VOLUME,), VOLUME, 6, 6),
    row("of a vector", BatchNorm2D(), (Shape(10),), Shape(10), 10, 10),
    row("without a factor, as Keras's Inception v3", BatchNorm2D(scale=False), (VOLUME,), VOLUME, 0, 6),
    row("over the channels, as ConvNeXt", LayerNorm(epsilon=1e-6), (VOLUME,), VOLUME, 6, 6),
    row("over all", LayerNorm(over="all"), (VOLUME,), VOLUME, 120, 120),
    row("over a vector", LayerNorm(), (Shape(10),), Shape(10), 10, 10),
    row("without factors", LayerNorm(affine=False), (VOLUME,), VOLUME),
    row("groups", GroupNorm(groups=3), (VOLUME,), VOLUME, 6, 6),
    row("odd groups", GroupNorm(groups=4), (VOLUME,), None, codes=(Code.GROUPS,)),
    row("instance", InstanceNorm2D(), (VOLUME,), VOLUME, 6, 6),
    row("instance of a vector", InstanceNorm2D(), (Shape(6),), None, codes=(Code.VOLUME_EXPECTED,)),
    row("neighbours", LocalResponseNorm(), (VOLUME,), VOLUME),
    row("neighbours in a vector", LocalResponseNorm(), (Shape(6),), None, codes=(Code.VOLUME_EXPECTED,)),
    row("layer scale", LayerScale(), (VOLUME,), VOLUME, 6),
]


@pytest.mark.parametrize("expected", ROWS)
def test_a_normalisation_has_the_shape_and_counts_worked_out_by_hand(expected: Row):
    check(expected)


def test_running_statistics_are_no_parameters():
    specs = BatchNorm2D().infer((VOLUME,)).weights
    assert [(spec.name, spec.kind, spec.shape) for spec in specs] == [
        ("weight", "weight", (6,)),
        ("bias", "bias", (6,)),
        ("running_mean", "statistic", (6,)),
        ("running_var", "statistic", (6,)),
    ]
    assert [spec.trainable for spec in specs] == [True, True, False, False]
    assert derived(BatchNorm2D(), VOLUME)["statistics"] == "2·D₁ = 2·6 = 12"


def test_four_groups_for_six_channels_propose_three():
    (problem,) = GroupNorm(groups=4).infer((VOLUME,)).problems
    assert problem.message == "The 6 input channels can't be split into 4 equal groups."
    assert [remedy.layer for remedy in problem.remedies] == [GroupNorm(groups=3)]


@pytest.mark.parametrize(
    ("layer", "axes"),
    [
        (LayerNorm(affine=False), (1,)),
        (LayerNorm(over="all", affine=False), (1, 2, 3)),
        (InstanceNorm2D(affine=False), (2, 3)),
        (GroupNorm(groups=1, affine=False), (1, 2, 3)),
    ],
)
def test_what_is_normalised_has_mean_0_and_variance_1(layer, axes):
    x = np.random.default_rng(0).normal(3, 5, (2, *VOLUME)).astype(np.float32)
    values = layer.forward((x,), {})
    np.testing.assert_allclose(values.mean(axis=axes), 0, atol=1e-5)
    np.testing.assert_allclose(values.var(axis=axes), 1, atol=1e-4)


def test_groups_are_normalised_apart():
    x = np.random.default_rng(0).normal(size=(1, *VOLUME)).astype(np.float32)
    weights = {"weight": np.full(6, 2, np.float32), "bias": np.arange(6, dtype=np.float32)}
    values = GroupNorm(groups=3).forward((x,), weights)
    first = x[0, :2].astype(np.float64)
    expected = (first - first.mean()) / np.sqrt(first.var() + 1e-5) * 2 + np.array([0, 1])[:, None, None]
    np.testing.assert_allclose(values[0, :2], expected, rtol=1e-5, atol=1e-5)


def test_batch_normalisation_uses_the_statistics_from_training():
    x = np.random.default_rng(0).normal(size=(2, *VOLUME)).astype(np.float32)
    draw = np.random.default_rng(1)
    weights = {name: draw.uniform(0.5, 2, 6).astype(np.float32) for name in ("weight", "bias", "running_mean")}
    weights["running_var"] = draw.uniform(0.5, 2, 6).astype(np.float32)
    gamma, beta, mean, variance = (weights[name][:, None, None].astype(np.float64) for name in weights)
    expected = gamma * (x - mean) / np.sqrt(variance + 1e-5) + beta
    np.testing.assert_allclose(BatchNorm2D().forward((x,), weights), expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("size", [1, 2, 3, 4, 9])
def test_local_response_counts_the_neighbours_of_each_channel(size: int):
    x = np.random.default_rng(0).normal(size=(1, 5, 2, 2)).astype(np.float32)
    layer = LocalResponseNorm(size=size, alpha=0.5, beta=0.75, bias=2.0)
    expected = np.empty_like(x)
    for channel in range(5):
        first, last = max(0, channel - (size - 1) // 2), min(4, channel + size // 2)
        squares = (x[:, first : last + 1] ** 2).sum(axis=1)
        expected[:, channel] = x[:, channel] / (2 + 0.5 / size * squares) ** 0.75
    np.testing.assert_allclose(layer.forward((x,), {}), expected, rtol=1e-5)


def test_layer_scale_starts_small():
    (spec,) = LayerScale(initial=1e-6).infer((VOLUME,)).weights
    assert (spec.initialiser, spec.value) == ("constant", 1e-6)


@pytest.mark.parametrize(
    "layer", [LayerNorm(affine=False), GroupNorm(groups=2, affine=False), BatchNorm2D(center=False)]
)
def test_a_factor_or_bias_that_a_layer_does_not_have_is_not_used(layer):
    x = np.random.default_rng(0).normal(size=(1, *VOLUME)).astype(np.float32)
    specs = layer.infer((VOLUME,)).weights
    own = {spec.name: np.ones(spec.shape, np.float32) for spec in specs}
    other = {"weight": np.full(6, 9, np.float32), "bias": np.full(6, 9, np.float32)}
    assert np.array_equal(layer.forward((x,), own), layer.forward((x,), other | own))
