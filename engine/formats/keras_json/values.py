"""Layers that work value by value, normalisations and dense layers: each one's counterpart in Keras, and back."""

from collections.abc import Mapping
from typing import Any

from engine.formats.keras_json.page import Page, Reader, one
from engine.formats.keras_json.sheet import Sheet, Writer, simple
from engine.layers import (
    CELU,
    ELU,
    GELU,
    SELU,
    BatchNorm2D,
    Clip,
    Conv2D,
    Dense,
    Dropout,
    DropPath,
    GroupNorm,
    HardSigmoid,
    HardSwish,
    Identity,
    InstanceNorm2D,
    Layer,
    LayerNorm,
    LayerScale,
    LeakyReLU,
    LinearSVM,
    LogSoftmax,
    Mish,
    Normalization,
    PReLU,
    ReLU,
    ReLU6,
    Rescaling,
    Sigmoid,
    SiLU,
    Softmax,
    Softplus,
    Softsign,
    Tanh,
)

# What Keras calls a function, in an Activation layer or in the setting of another one; the first name is written.
FUNCTIONS: dict[str, Layer] = {
    "relu": ReLU(),
    "relu6": ReLU6(),
    "leaky_relu": LeakyReLU(slope=0.2),
    "elu": ELU(),
    "selu": SELU(),
    "celu": CELU(),
    "gelu": GELU(),
    "silu": SiLU(),
    "swish": SiLU(),
    "mish": Mish(),
    "sigmoid": Sigmoid(),
    "hard_sigmoid": HardSigmoid(),
    "hard_silu": HardSwish(),
    "hard_swish": HardSwish(),
    "tanh": Tanh(),
    "softplus": Softplus(),
    "softsign": Softsign(),
    "softmax": Softmax(),
    "log_softmax": LogSoftmax(),
}
_NAMES = {layer: name for name, layer in reversed(FUNCTIONS.items())}

# Writing


def _function(sheet: Sheet) -> None:
    """Write a function that Keras knows by name."""
    name = _NAMES.get(sheet.layer)
    if name is None:
        raise sheet.refuse(f"Keras knows this function with {_settings(sheet.layer)} only")
    sheet.result("Activation", {"activation": name})


def _settings(layer: Layer) -> str:
    (known,) = (one for one in _NAMES if type(one) is type(layer))
    names = known.__struct_fields__
    return " and ".join(f"{name} {getattr(known, name):g}" for name in names)


def _leaky_relu(sheet: Sheet) -> None:
    assert isinstance(sheet.layer, LeakyReLU)
    if sheet.layer.slope < 0:
        raise sheet.refuse("Keras wants a slope of 0 or more")
    sheet.result("LeakyReLU", {"negative_slope": sheet.layer.slope})


def _prelu(sheet: Sheet) -> None:
    assert isinstance(sheet.layer, PReLU)
    volume = sheet.shapes[0].is_volume
    spatial = [1, 2] if volume else []
    sheet.result("PReLU", {"shared_axes": [*spatial, 3 if volume else 1] if sheet.layer.shared else spatial or None})


def _elu(sheet: Sheet) -> None:
    assert isinstance(sheet.layer, ELU)
    sheet.result("ELU", {"alpha": sheet.layer.alpha})


def _gelu(sheet: Sheet) -> None:
    assert isinstance(sheet.layer, GELU)
    if sheet.layer.approximation == "none":
        _function(sheet)
    else:
        sheet.operation("Gelu", "keras.src.ops.nn", {"approximate": True})


def _hard_sigmoid(sheet: Sheet) -> None:
    layer = sheet.layer
    assert isinstance(layer, HardSigmoid)
    if layer in _NAMES:
        _function(sheet)
    else:
        line = _rescaled(sheet, "line", sheet.sources[0], layer.alpha, layer.beta)
        sheet.result("ReLU", {"max_value": 1.0}, [line])


def _clip(sheet: Sheet) -> None:
    """Write a rectifier that is cut off, moved to where the values are cut off below."""
    layer = sheet.layer
    assert isinstance(layer, Clip)
    limits = {"max_value": layer.maximum - layer.minimum}
    if layer.minimum == 0:
        sheet.result("ReLU", limits)
        return
    moved = _rescaled(sheet, "moved", sheet.sources[0], 1.0, -layer.minimum)
    cut = sheet.step("cut", "ReLU", limits, [moved], sheet.keras_shape)
    sheet.result("Rescaling", {"scale": 1.0, "offset": layer.minimum}, [cut])


def _rescaled(sheet: Sheet, name: str, source: str, scale: float, offset: float) -> str:
    return sheet.step(name, "Rescaling", {"scale": scale, "offset": offset}, [source], sheet.keras_shape)


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
        sheet.lost.append("that it is a linear SVM (Keras has a Dense there)")
    sheet.result("Dense", {"units": layer.outputs, "use_bias": layer.has_bias, "activation": "linear"})


def _batch_norm(sheet: Sheet) -> None:
    layer = sheet.layer
    assert isinstance(layer, BatchNorm2D)
    sheet.result(
        "BatchNormalization", {"axis": -1, "epsilon": layer.epsilon, "scale": layer.scale, "center": layer.center}
    )


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
    affine = {"scale": layer.affine, "center": layer.affine}
    sheet.result("GroupNormalization", {"groups": groups, "axis": -1, "epsilon": layer.epsilon, **affine})


def _layer_scale(sheet: Sheet) -> None:
    """Write a product with one number for each channel, as an Einstein sum says it."""
    layer, shape = sheet.layer, sheet.keras_shape
    assert isinstance(layer, LayerScale)
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
    sheet.result("Dropout", {"rate": sheet.layer.rate, "noise_shape": [None, *(1 for _ in sheet.shapes[0])]})


def _dropout(sheet: Sheet) -> None:
    assert isinstance(sheet.layer, Dropout)
    sheet.result("Dropout", {"rate": sheet.layer.rate})


def _softmax(sheet: Sheet) -> None:
    layer = sheet.layer
    assert isinstance(layer, Softmax | LogSoftmax)
    if layer.labels:
        sheet.lost.append("the names of the classes")
    if isinstance(layer, Softmax):
        sheet.result("Softmax", {"axis": -1})
    else:
        sheet.result("Activation", {"activation": "log_softmax"})


WRITERS: dict[type[Layer], Writer] = {
    **{kind: _function for kind in (CELU, SELU, SiLU, Mish, Sigmoid, HardSwish, Tanh, Softplus, Softsign)},
    ReLU: simple("ReLU"),
    ReLU6: simple("ReLU", max_value=6.0),
    LeakyReLU: _leaky_relu,
    PReLU: _prelu,
    ELU: _elu,
    GELU: _gelu,
    HardSigmoid: _hard_sigmoid,
    Clip: _clip,
    Softmax: _softmax,
    LogSoftmax: _softmax,
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


def activate(page: Page, suffix: str | None = None) -> None:
    """Put the function of the setting “activation” behind a layer, where there is one, under its name as a suffix."""
    function = page.config.get("activation")
    name = function
    if isinstance(function, Mapping):  # written out: a function, or a layer in the place of one
        name = function.get("config") if function.get("class_name") == "function" else function.get("class_name")
        if isinstance(name, Mapping):
            name = name.get("name")
    if name in (None, "linear"):
        return
    layer = FUNCTIONS.get(str(name).lower())
    if layer is None:
        raise page.refuse(f"there is no counterpart of its function {name!r}")
    page.add(layer, str(name).lower() if suffix is None else suffix)


def _read_activation(page: Page) -> None:
    name = page.config.get("activation")
    if name in (None, "linear"):
        page.add(Identity())
        return
    activate(page, "")


def _number(page: Page, *keys: str, default: float | None = None) -> float | None:
    """Return a setting under the first of its names that is there; Keras writes arrays as objects."""
    for key in keys:
        if key in page.config:
            value = page.config[key]
            value = value.get("config", {}).get("value", value) if isinstance(value, Mapping) else value
            return None if value is None else float(value)
    return default


def _read_relu(page: Page) -> None:
    most = _number(page, "max_value")
    slope = _number(page, "negative_slope", default=0.0) or 0.0
    least = _number(page, "threshold", default=0.0) or 0.0
    if least or (slope and most is not None):
        raise page.refuse("a rectifier with a threshold, or with a slope and a limit, has no counterpart")
    if most is None:
        page.add(LeakyReLU(slope=slope) if slope else ReLU())
    else:
        page.add(ReLU6() if most == 6 else Clip(minimum=0.0, maximum=most))


def _read_prelu(page: Page) -> None:
    axes, shape = page.config.get("shared_axes") or [], page.shape
    volume = shape.is_volume
    shared = sorted(axis % (len(shape) + 1) for axis in axes)
    everything = [1, 2, 3] if volume else [1]
    if shared == everything:
        page.add(PReLU(shared=True))
    elif shared == everything[:-1] or (volume and shape[1:] == (1, 1) and not shared):
        page.add(PReLU())
    else:
        raise page.refuse("Convolab has a slope for each channel, not for each pixel")


def _read_dense(page: Page) -> None:
    """Read a dense layer; on a volume it works pixel by pixel, as a 1×1 convolution does."""
    units, bias = page.config["units"], bool(page.config.get("use_bias", True))
    if page.shape.is_volume:
        page.add(Conv2D(filters=units, kernel=(1, 1), bias=bias))
    else:
        page.add(Dense(units=units, bias=bias))
    activate(page)


def _on_channels(page: Page, default: Any = -1) -> None:
    axis = page.config.get("axis", default)
    axes = axis if isinstance(axis, list) else [axis]
    if [one % (len(page.shape) + 1) for one in axes] != [len(page.shape)]:
        raise page.refuse(f"it works on axis {axis}, not on the channels")


def _read_batch_norm(page: Page) -> None:
    _on_channels(page)
    config = page.config
    page.add(
        BatchNorm2D(
            epsilon=config.get("epsilon", 1e-3),
            scale=bool(config.get("scale", True)),
            center=bool(config.get("center", True)),
        )
    )
    momentum = config.get("momentum", 0.99)
    if momentum != 0.99:
        page.lost.append(f"momentum {momentum:g}")


def _affine(page: Page) -> bool:
    scale, center = bool(page.config.get("scale", True)), bool(page.config.get("center", True))
    if scale != center:
        raise page.refuse("Convolab's has both a factor and a bias, or neither")
    return scale


def _read_layer_norm(page: Page) -> None:
    axis, epsilon = page.config.get("axis", -1), page.config.get("epsilon", 1e-3)
    axes = sorted(one % (len(page.shape) + 1) for one in (axis if isinstance(axis, list) else [axis]))
    if axes == [1, 2, 3] and page.shape.is_volume:
        page.add(LayerNorm(over="all", epsilon=epsilon, affine=_affine(page)))
        return
    _on_channels(page)
    page.add(LayerNorm(epsilon=epsilon, affine=_affine(page)))


def _read_group_norm(page: Page) -> None:
    _on_channels(page)
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
        raise page.refuse("it is inverted")
    if mean is None or variance is None:
        page.lost.append("mean and variance, which Keras has learned and keeps with the weights: they are 0 and 1 here")
        mean, variance = 0.0, 1.0
    elif page.config.get("axis") not in (None, []):
        _on_channels(page)
    deviations = tuple(max(value**0.5, 1e-7) for value in _numbers(variance))
    page.add(Normalization(mean=tuple(_numbers(mean)), deviation=deviations))


def _read_rescaling(page: Page) -> None:
    """Read a factor and what is added; lists of them, one a channel, are a normalisation."""
    scales, offsets = _numbers(page.config.get("scale", 1.0)), _numbers(page.config.get("offset", 0.0))
    if len(scales) == len(offsets) == 1:
        page.add(Rescaling(scale=scales[0], offset=offsets[0]))
        return
    if min(scales) <= 0:
        raise page.refuse("its factors are not all above 0")
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
        page.lost.append(f"noise shape {noise}")
    page.add(Dropout(rate=rate))


def _read_einsum(page: Page) -> None:
    equation = page.config.get("equation")
    if equation not in ("bhwc,c->bhwc", "bc,c->bc") or page.config.get("bias_axes"):
        raise page.refuse(f"there is no counterpart of {equation}")
    value = page.config.get("kernel_initializer")
    initial = value.get("config", {}).get("value", 1.0) if isinstance(value, Mapping) else 1.0
    page.add(LayerScale(initial=initial))


def _read_softmax(page: Page) -> None:
    _on_channels(page)
    page.add(Softmax())


def _read_training_only(page: Page) -> None:
    """Read a layer that does something in training alone: when a network is used, all goes through."""
    page.lost.append(f"{page.kind}, which works in training only")
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
    "Activation": _read_activation,
    "ReLU": _read_relu,
    "LeakyReLU": one(lambda page: LeakyReLU(slope=_number(page, "negative_slope", "alpha", default=0.3) or 0.0)),
    "PReLU": _read_prelu,
    "ELU": one(lambda page: ELU(alpha=page.config.get("alpha", 1.0))),
    "Gelu": one(lambda page: GELU(approximation="tanh" if page.config.get("approximate", True) else "none")),
    "Softmax": _read_softmax,
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
