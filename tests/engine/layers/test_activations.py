from math import erf, exp, log, sqrt, tanh

import numpy as np
import pytest

from engine import (
    CELU,
    ELU,
    GELU,
    SELU,
    Clip,
    Code,
    HardSigmoid,
    HardSwish,
    Layer,
    LeakyReLU,
    LogSoftmax,
    Mish,
    PReLU,
    ReLU6,
    Shape,
    Sigmoid,
    SiLU,
    Softplus,
    Softsign,
    Tanh,
)
from tests.engine.layers.rows import Row, check, derived, row

ROWS = [
    row("one slope a channel", PReLU(), (Shape(6, 5, 4),), Shape(6, 5, 4), 6),
    row("one slope for all", PReLU(shared=True), (Shape(6, 5, 4),), Shape(6, 5, 4), 1),
    row("slopes of a vector", PReLU(), (Shape(7),), Shape(7), 7),
    row("an empty range", Clip(minimum=2.0), (Shape(7),), None, codes=(Code.VALUE_RANGE,)),
    row("classes of each pixel", LogSoftmax(), (Shape(6, 5, 4),), Shape(6, 5, 4)),
    row("too few names", LogSoftmax(labels=("a", "b")), (Shape(3),), Shape(3), codes=(Code.LABEL_COUNT,)),
]
FORMULAS = [
    (ReLU6(), lambda x: min(max(0, x), 6)),
    (LeakyReLU(slope=0.2), lambda x: x if x > 0 else 0.2 * x),
    (ELU(alpha=2.0), lambda x: x if x > 0 else 2 * (exp(x) - 1)),
    (CELU(alpha=2.0), lambda x: x if x > 0 else 2 * (exp(x / 2) - 1)),
    (SELU(), lambda x: 1.0507009873554805 * (x if x > 0 else 1.6732632423543772 * (exp(x) - 1))),
    (GELU(), lambda x: x * (1 + erf(x / sqrt(2))) / 2),
    (GELU(approximation="tanh"), lambda x: x * (1 + tanh(sqrt(2 / np.pi) * (x + 0.044715 * x**3))) / 2),
    (SiLU(), lambda x: x / (1 + exp(-x))),
    (Mish(), lambda x: x * tanh(log(1 + exp(x)))),
    (Sigmoid(), lambda x: 1 / (1 + exp(-x))),
    (HardSigmoid(alpha=0.3, beta=0.4), lambda x: min(max(0, 0.3 * x + 0.4), 1)),
    (HardSwish(), lambda x: x * min(max(0, x / 6 + 0.5), 1)),
    (Tanh(), tanh),
    (Softplus(), lambda x: log(1 + exp(x))),
    (Softsign(), lambda x: x / (1 + abs(x))),
    (Clip(minimum=-1.0, maximum=0.5), lambda x: min(max(-1, x), 0.5)),
]


@pytest.mark.parametrize("expected", ROWS)
def test_an_activation_has_the_shape_and_weights_worked_out_by_hand(expected: Row):
    check(expected)


@pytest.mark.parametrize(("layer", "formula"), FORMULAS, ids=[repr(layer) for layer, _ in FORMULAS])
def test_an_activation_is_its_formula(layer: Layer, formula):
    x = np.linspace(-8, 8, 401, dtype=np.float32)
    expected = [formula(value) for value in x.astype(float)]
    np.testing.assert_allclose(layer.forward((x[None],), {})[0], expected, rtol=2e-6, atol=2e-6)


@pytest.mark.parametrize(("layer", "formula"), FORMULAS, ids=[repr(layer) for layer, _ in FORMULAS])
def test_no_activation_overflows_where_its_value_does_not(layer: Layer, formula):
    far = layer.forward((np.array([[-1e4, -100, 100, 1e4]], np.float32),), {})
    assert np.isfinite(far).all()


@pytest.mark.parametrize(("layer", "formula"), FORMULAS, ids=[repr(layer) for layer, _ in FORMULAS])
def test_what_is_no_number_stays_none(layer: Layer, formula):
    assert np.isnan(layer.forward((np.array([[np.nan]], np.float32),), {})).all()


def test_learned_slopes_belong_to_channels():
    x = -np.ones((1, 2, 1, 3), np.float32)
    values = PReLU().forward((x,), {"weight": np.array([0.5, 3], np.float32)})
    assert values[0, :, 0].tolist() == [[-0.5] * 3, [-3] * 3]


def test_log_softmax_stays_exact_far_below_zero():
    values = LogSoftmax().forward((np.array([[0, -200, 1000]], np.float32),), {})
    assert values.tolist() == [[-1000, -1200, 0]]


def test_an_empty_range_proposes_to_swap_its_ends():
    (problem,) = Clip(minimum=2.0).infer((Shape(7),)).problems
    assert problem.message == "The minimum 2 is above the maximum 1, so no value is in between."
    assert [remedy.layer for remedy in problem.remedies] == [Clip(minimum=1.0, maximum=2.0)]


def test_derivations_count_the_slopes():
    assert derived(PReLU(), Shape(6, 5, 4))["weights"] == "D₁ = 6"
    assert derived(PReLU(shared=True), Shape(6, 5, 4))["weights"] == "one slope for all channels = 1"
