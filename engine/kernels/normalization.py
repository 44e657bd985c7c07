"""Normalisations: values brought to a mean of 0 and a variance of 1, by statistics known before or taken here.

Arrays are ``(N, C, …)``; ``scale`` and ``bias`` are ``(C,)``, or None where there is none.
"""

import numpy as np

from engine.kernels.conv import Array


def batch_norm(
    x: Array, mean: Array, variance: Array, scale: Array | None, bias: Array | None, epsilon: float
) -> Array:
    """Return scale·(x − mean)/√(variance + ε) + bias, channel by channel, with statistics ``(C,)`` from training.

    Ioffe and Szegedy, "Batch Normalization" (2015), at inference.
    """
    factor = 1 / np.sqrt(variance + np.float32(epsilon))
    if scale is not None:
        factor = factor * scale
    shift = -mean * factor if bias is None else bias - mean * factor
    return x * _by_channel(factor, x) + _by_channel(shift, x)


def group_norm(x: Array, groups: int, scale: Array | None, bias: Array | None, epsilon: float) -> Array:
    """Normalise each image's channels group by group (Wu and He, "Group Normalization", 2018).

    With as many groups as channels this is instance normalisation.
    """
    parts = x.reshape(len(x), groups, -1)
    return affine(standardised(parts, (2,), epsilon).reshape(x.shape), scale, bias)


def layer_norm(x: Array, axes: tuple[int, ...], scale: Array | None, bias: Array | None, epsilon: float) -> Array:
    """Normalise over some axes of each image (Ba et al., "Layer Normalization", 2016).

    Over axis 1 each pixel is normalised by itself, as in ConvNeXt, and ``scale`` and ``bias`` are ``(C,)``; over all
    axes they are of the image's shape.
    """
    return affine(standardised(x, axes, epsilon), scale, bias)


def standardised(x: Array, axes: tuple[int, ...], epsilon: float) -> Array:
    """Return (x − mean)/√(variance + ε) with the mean and the variance, of N, over some axes."""
    centred = x - x.mean(axis=axes, keepdims=True)
    variance = np.square(centred).mean(axis=axes, keepdims=True)
    out: Array = centred / np.sqrt(variance + np.float32(epsilon))
    return out


def affine(x: Array, scale: Array | None, bias: Array | None) -> Array:
    """Return scale·x + bias, channel by channel."""
    if scale is not None:
        x = x * _by_channel(scale, x)
    return x if bias is None else x + _by_channel(bias, x)


def local_response_norm(x: Array, size: int, alpha: float, beta: float, bias: float) -> Array:
    """Return x/(bias + α/size·Σx²)^β with the sum over ``size`` neighbouring channels, cut off at the ends.

    Krizhevsky et al., "ImageNet Classification with Deep CNNs" (2012), section 3.3, with α divided by the size and the
    neighbours from ⌊(size − 1)/2⌋ channels before to ⌈(size − 1)/2⌉ after, as ONNX defines it.
    """
    channels = x.shape[1]
    before = (size - 1) // 2
    squares = np.square(x)
    sums = np.zeros_like(x)
    for offset in range(-before, size - before):
        first, last = max(0, -offset), min(channels, channels - offset)
        if first < last:
            sums[:, first:last] += squares[:, first + offset : last + offset]
    out: Array = x / (bias + alpha / size * sums) ** np.float32(beta)
    return out


def _by_channel(values: Array, x: Array) -> Array:
    """Return ``(C,)`` in a form that broadcasts over ``(N, C, …)``; what has more axes already is left as it is."""
    return values.reshape(-1, *(1,) * (x.ndim - 2)) if values.ndim == 1 else values
