"""Non-linear functions of every value, each as its definition reads; any shape, float32 in and out.

Written as ``np.clip`` where a maximum or minimum against a number is meant: numpy's maximum is several times slower.
"""

import numpy as np
from numpy.typing import NDArray

from engine.kernels.conv import Array

# W. J. Cody, "Rational Chebyshev Approximations for the Error Function", Math. Comp. 23 (1969): erf by the first pair
# of polynomials up to 0.46875, erfc by the second beyond; from 4 on, erf is 1 in float32.
_NEAR = 0.46875
_FAR = 4.0
_NEAR_OVER = (
    1.85777706184603153e-1,
    3.16112374387056560,
    1.13864154151050156e2,
    3.77485237685302021e2,
    3.20937758913846947e3,
)
_NEAR_UNDER = (1.0, 2.36012909523441209e1, 2.44024637934444173e2, 1.28261652607737228e3, 2.84423683343917062e3)
_MID_OVER = (
    2.15311535474403846e-8,
    5.64188496988670089e-1,
    8.88314979438837594,
    6.61191906371416295e1,
    2.98635138197400131e2,
    8.81952221241769090e2,
    1.71204761263407058e3,
    2.05107837782607147e3,
    1.23033935479799725e3,
)
_MID_UNDER = (
    1.0,
    1.57449261107098347e1,
    1.17693950891312499e2,
    5.37181101862009858e2,
    1.62138957456669019e3,
    3.29079923573345963e3,
    4.36261909014324716e3,
    3.43936767414372164e3,
    1.23033935480374942e3,
)

# Klambauer et al., "Self-Normalizing Neural Networks" (2017): the numbers that keep mean 0 and variance 1.
SELU_ALPHA = 1.67326324235437728481
SELU_GAMMA = 1.05070098735548049342


def erf(x: Array) -> Array:
    """Return the error function, 2/√π·∫exp(−t²)dt from 0 to x, with an absolute error below 1e-7."""
    size = np.clip(np.abs(x.astype(np.float64)), 0.0, _FAR)  # float32 would round the polynomials to 1.5e-7
    square = np.square(np.clip(size, 0.0, _NEAR))
    near = size * _polynomial(square, _NEAR_OVER) / _polynomial(square, _NEAR_UNDER)
    mid = 1 - np.exp(-size * size) * (_polynomial(size, _MID_OVER) / _polynomial(size, _MID_UNDER))
    out: Array = np.copysign(np.where(size <= _NEAR, near, mid).astype(np.float32), x)
    return out


def relu(x: Array) -> Array:
    """Return max(0, x)."""
    return np.clip(x, 0.0, None)


def leaky_relu(x: Array, slope: float | Array) -> Array:
    """Return x where it is positive, slope·x elsewhere; ``slope`` may be an array that broadcasts (PReLU)."""
    return np.where(x < 0, x * slope, x).astype(np.float32, copy=False)


def elu(x: Array, alpha: float) -> Array:
    """Return x where it is positive, α·(exp(x) − 1) elsewhere."""
    return np.where(x < 0, alpha * np.expm1(np.clip(x, None, 0.0)), x)


def selu(x: Array, alpha: float = SELU_ALPHA, gamma: float = SELU_GAMMA) -> Array:
    """Return γ·elu(x, α)."""
    return gamma * elu(x, alpha)


def celu(x: Array, alpha: float) -> Array:
    """Return x where it is positive, α·(exp(x/α) − 1) elsewhere."""
    return np.where(x < 0, alpha * np.expm1(np.clip(x, None, 0.0) / alpha), x)


def gelu(x: Array) -> Array:
    """Return x·Φ(x) with Φ the normal distribution: x·(1 + erf(x/√2))/2."""
    return x * (0.5 + 0.5 * erf(x * np.float32(0.5**0.5)))


def gelu_tanh(x: Array) -> Array:
    """Return the approximation of `gelu` by x·(1 + tanh(√(2/π)·(x + 0.044715·x³)))/2."""
    inner: Array = np.tanh(np.float32((2 / np.pi) ** 0.5) * (x + 0.044715 * x * x * x))
    return x * (0.5 + 0.5 * inner)


def sigmoid(x: Array) -> Array:
    """Return 1/(1 + exp(−x)), as (1 + tanh(x/2))/2, which can't overflow."""
    out: Array = 0.5 + 0.5 * np.tanh(0.5 * x)
    return out


def silu(x: Array) -> Array:
    """Return x·sigmoid(x)."""
    return x * sigmoid(x)


def softplus(x: Array) -> Array:
    """Return log(1 + exp(x)), as max(0, x) + log(1 + exp(−|x|)), which can't overflow."""
    out: Array = np.clip(x, 0.0, None) + np.log1p(np.exp(-np.abs(x)))
    return out


def mish(x: Array) -> Array:
    """Return x·tanh(softplus(x))."""
    out: Array = x * np.tanh(softplus(x))
    return out


def softsign(x: Array) -> Array:
    """Return x/(1 + |x|)."""
    out: Array = x / (1 + np.abs(x))
    return out


def hard_sigmoid(x: Array, alpha: float, beta: float) -> Array:
    """Return α·x + β, cut off below 0 and above 1."""
    out: Array = np.clip(alpha * x + beta, 0.0, 1.0)
    return out


def hard_swish(x: Array) -> Array:
    """Return x·hard_sigmoid(x) with α = 1/6 and β = 1/2."""
    return x * hard_sigmoid(x, 1 / 6, 0.5)


def softmax(x: Array, axis: int = 1) -> Array:
    """Return exp(x)/Σ exp(x) along an axis."""
    # Without the largest value taken off first, exp overflows from 89 on.
    powers: Array = np.exp(x - x.max(axis=axis, keepdims=True))
    powers /= powers.sum(axis=axis, keepdims=True)
    return powers


def log_softmax(x: Array, axis: int = 1) -> Array:
    """Return log(softmax(x)), exact where softmax itself would round to 0."""
    shifted = x - x.max(axis=axis, keepdims=True)
    out: Array = shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))
    return out


def _polynomial(x: NDArray[np.float64], coefficients: tuple[float, ...]) -> NDArray[np.float64]:
    """Return the polynomial's value by Horner's rule, the highest power's coefficient first."""
    out = np.full_like(x, coefficients[0])
    for coefficient in coefficients[1:]:
        out *= x
        out += coefficient
    return out
