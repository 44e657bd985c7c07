"""Scaling, normalisations, dense layers and dropout: each one's counterpart in Keras, and back."""

from collections.abc import Mapping
from typing import Any

from engine.formats.keras_json.functions import activate
from engine.formats.keras_json.page import Page, Reader, one
from engine.formats.keras_json.sheet import Sheet, Writer, simple
from engine.formats.shares import MOMENTUM, remainder
from engine.language import tr, tr_noop
from engine.layers import (
    BatchNorm2D,
    Conv2D,
    Dense,
    Dropout,
    DropPath,
    GroupNorm,
    Identity,
    InstanceNorm2D,
    Layer,
    LayerNorm,
    LayerScale,
    LinearSVM,
    Normalization,
    Rescaling,
)

# Writing

_FACTORS = tr_noop("learned factors of channels are an EinsumDense")
_WHOLE = tr_noop("a DropPath is a Dropout of all values of an image at once")
_INSTANCES = tr_noop("an instance normalisation is a GroupNormalization with as many groups as channels")


def _rescaling(sheet: Sheet) -> None:
    assert isinstance(sheet.layer, Rescaling)
    sheet.result("Rescaling", {"scale": sheet.layer.scale, "offset": sheet.layer.offset})


def _normalization(sheet: Sheet) -> None:
    layer, channels = sheet.layer, sheet.shapes[0].channels
    assert isinstance(layer, Normalization)
    means, deviations = (
        list(numbers) * (channels if len(numbers) == 1 else 1) for numbers in (layer.mean, layer.deviation)
    )
    sheet.result("Normalization", {"axis": -1, "mean": means, "variance": [value**2 for value in deviations]})


def _linear(sheet: Sheet) -> None:
    layer = sheet.layer
    assert isinstance(layer, Dense | LinearSVM)
    if isinstance(layer, LinearSVM):
        sheet.lost.append(tr("that it is a linear SVM (Keras has a Dense there)"))
        if layer.labels:
            sheet.lost.append(tr("the names of the classes"))
    sheet.result("Dense", {"units": layer.outputs, "use_bias": layer.has_bias, "activation": "linear"})


def _batch_norm(sheet: Sheet) -> None:
    layer = sheet.layer
    assert isinstance(layer, BatchNorm2D)
    sheet.notes.append(MOMENTUM)
    settings = {"momentum": remainder(layer.momentum), "epsilon": layer.epsilon}
    sheet.result("BatchNormalization", {"axis": -1, **settings, "scale": layer.scale, "center": layer.center})


def _layer_norm(sheet: Sheet) -> None:
    layer = sheet.layer
    assert isinstance(layer, LayerNorm)
    axis: Any = [1, 2, 3] if layer.over == "all" and sheet.shapes[0].is_volume else [-1]
    affine = {"scale": layer.affine, "center": layer.affine}
    sheet.result("LayerNormalization", {"axis": axis, "epsilon": layer.epsilon, **affine})


def _group_norm(sheet: Sheet) -> None:
    layer = sheet.layer
    assert isinstance(layer, GroupNorm | InstanceNorm2D)
    groups = layer.groups if isinstance(layer, GroupNorm) else sheet.shapes[0].channels
    if isinstance(layer, InstanceNorm2D):
        sheet.notes.append(_INSTANCES)
    affine = {"scale": layer.affine, "center": layer.affine}
    sheet.result("GroupNormalization", {"groups": groups, "axis": -1, "epsilon": layer.epsilon, **affine})


def _layer_scale(sheet: Sheet) -> None:
    """Write a product with one number for each channel, as an Einstein sum says it."""
    layer, shape = sheet.layer, sheet.keras_shape
    assert isinstance(layer, LayerScale)
    sheet.notes.append(_FACTORS)
    axes = "bhwc" if len(shape) == 3 else "bc"
    initial = {"module": "keras.initializers", "class_name": "Constant", "config": {"value": layer.initial}}
    sheet.result(
        "EinsumDense",
        {
            "equation": f"{axes},c->{axes}",
            "output_shape": list(shape),
            "bias_axes": None,
            "kernel_initializer": initial,
        },
    )


def _drop_path(sheet: Sheet) -> None:
    """Write a dropout that drops all values of an image at once."""
    assert isinstance(sheet.layer, DropPath)
    sheet.notes.append(_WHOLE)
    sheet.result("Dropout", {"rate": sheet.layer.rate, "noise_shape": [None, *(1 for _ in sheet.shapes[0])]})


def _dropout(sheet: Sheet) -> None:
    assert isinstance(sheet.layer, Dropout)
    sheet.result("Dropout", {"rate": sheet.layer.rate})


WRITERS: dict[type[Layer], Writer] = {
    Rescaling: _rescaling,
    Normalization: _normalization,
    Dense: _linear,
    LinearSVM: _linear,
    BatchNorm2D: _batch_norm,
    LayerNorm: _layer_norm,
    GroupNorm: _group_norm,
    InstanceNorm2D: _group_norm,
    LayerScale: _layer_scale,
    Identity: simple("Identity"),
    Dropout: _dropout,
    DropPath: _drop_path,
}

# Reading


def _read_dense(page: Page) -> None:
    """Read a dense layer; on a volume it works pixel by pixel, as a 1×1 convolution does."""
    units, bias = page.config["units"], bool(page.config.get("use_bias", True))
    if page.shape.is_volume:
        page.add(Conv2D(filters=units, kernel=(1, 1), bias=bias))
    else:
        page.add(Dense(units=units, bias=bias))
    activate(page)


def _read_batch_norm(page: Page) -> None:
    page.check_channels()
    config = page.config
    page.add(
        BatchNorm2D(
            epsilon=config.get("epsilon", 1e-3),
            momentum=remainder(config.get("momentum", 0.99)),
            scale=bool(config.get("scale", True)),
            center=bool(config.get("center", True)),
        )
    )


def _affine(page: Page) -> bool:
    scale, center = bool(page.config.get("scale", True)), bool(page.config.get("center", True))
    if scale != center:
        raise page.refuse(tr("Convolab's has both a factor and a bias, or neither"))
    return scale


def _read_layer_norm(page: Page) -> None:
    if page.config.get("rms_scaling"):
        raise page.refuse(tr("it divides by the root mean square and takes no mean away"))
    axis, epsilon = page.config.get("axis", -1), page.config.get("epsilon", 1e-3)
    axes = sorted(one % (len(page.shape) + 1) for one in (axis if isinstance(axis, list) else [axis]))
    if axes == [1, 2, 3] and page.shape.is_volume:
        page.add(LayerNorm(over="all", epsilon=epsilon, affine=_affine(page)))
        return
    page.check_channels()
    page.add(LayerNorm(epsilon=epsilon, affine=_affine(page)))


def _read_group_norm(page: Page) -> None:
    page.check_channels()
    groups, settings = page.config.get("groups", 32), {"epsilon": page.config.get("epsilon", 1e-3)}
    if page.shape.is_volume and groups in (-1, page.shape.channels):
        page.add(InstanceNorm2D(affine=_affine(page), **settings))
    else:
        page.add(GroupNorm(groups=groups if groups > 0 else page.shape.channels, affine=_affine(page), **settings))


def _numbers(value: Any) -> list[float]:
    """Return the numbers of a setting that may be nested or written out as an array."""
    if isinstance(value, Mapping):
        value = value.get("config", {}).get("value", [])
    if isinstance(value, list):
        return [number for one in value for number in _numbers(one)]
    return [float(value)]


def _read_normalization(page: Page) -> None:
    mean, variance = page.config.get("mean"), page.config.get("variance")
    if page.config.get("invert"):
        raise page.refuse(tr("it is inverted"))
    if mean is None or variance is None:
        page.lost.append(
            tr("mean and variance, which Keras has learned and keeps with the weights: they are 0 and 1 here")
        )
        mean, variance = 0.0, 1.0
    elif page.config.get("axis") not in (None, []):
        page.check_channels()
    deviations = tuple(max(value**0.5, 1e-7) for value in _numbers(variance))
    page.add(Normalization(mean=tuple(_numbers(mean)), deviation=deviations))


def _read_rescaling(page: Page) -> None:
    """Read a factor and what is added; lists of them, one a channel, are a normalisation."""
    scales, offsets = _numbers(page.config.get("scale", 1.0)), _numbers(page.config.get("offset", 0.0))
    if len(scales) == len(offsets) == 1:
        page.add(Rescaling(scale=scales[0], offset=offsets[0]))
        return
    if min(scales) <= 0:
        raise page.refuse(tr("its factors are not all above 0"))
    count = max(len(scales), len(offsets))
    pairs = list(zip(scales * (count // len(scales)), offsets * (count // len(offsets)), strict=True))
    page.add(
        Normalization(
            mean=tuple(-offset / scale for scale, offset in pairs), deviation=tuple(1 / scale for scale, _ in pairs)
        )
    )


def _read_dropout(page: Page) -> None:
    rate, noise = page.config.get("rate", 0.5), page.config.get("noise_shape")
    if noise and all(one == 1 for one in noise[1:]):
        page.add(DropPath(rate=rate))
        return
    if noise:
        page.lost.append(tr("noise shape {noise}", noise=noise))
    page.add(Dropout(rate=rate))


def _read_einsum(page: Page) -> None:
    equation = page.config.get("equation")
    if equation not in ("bhwc,c->bhwc", "bc,c->bc") or page.config.get("bias_axes"):
        raise page.refuse(tr("there is no counterpart of {equation}", equation=equation))
    value = page.config.get("kernel_initializer")
    initial = value.get("config", {}).get("value", 1.0) if isinstance(value, Mapping) else 1.0
    page.add(LayerScale(initial=initial))


def _read_training_only(page: Page) -> None:
    """Read a layer that does something in training alone: when a network is used, all goes through."""
    page.lost.append(tr("{kind}, which works in training only", kind=page.kind))
    page.add(Identity())


_TRAINING_ONLY = (
    "ActivityRegularization",
    "AlphaDropout",
    "GaussianDropout",
    "GaussianNoise",
    "RandomBrightness",
    "RandomContrast",
    "RandomFlip",
    "RandomRotation",
    "RandomTranslation",
    "RandomZoom",
    "SpatialDropout2D",
)

READERS: dict[str, Reader] = {
    **dict.fromkeys(_TRAINING_ONLY, _read_training_only),
    "Rescaling": _read_rescaling,
    "Normalization": _read_normalization,
    "Dense": _read_dense,
    "BatchNormalization": _read_batch_norm,
    "LayerNormalization": _read_layer_norm,
    "GroupNormalization": _read_group_norm,
    "LayerScale": one(lambda page: LayerScale(initial=page.config.get("init_values", 1e-6))),
    "EinsumDense": _read_einsum,
    "Identity": one(lambda page: Identity()),
    "Dropout": _read_dropout,
    "StochasticDepth": one(lambda page: DropPath(rate=page.config.get("drop_path_rate", 0.0))),
}
