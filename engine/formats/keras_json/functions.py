"""Functions of every value: each layer's counterpart in Keras, and back."""

from collections.abc import Mapping

from engine.formats.keras_json.page import Page, Reader, one
from engine.formats.keras_json.sheet import Sheet, Writer, simple
from engine.language import tr, tr_list, tr_noop, tr_number
from engine.layers import (
    CELU,
    ELU,
    GELU,
    SELU,
    Clip,
    HardSigmoid,
    HardSwish,
    Identity,
    Layer,
    LeakyReLU,
    LogSoftmax,
    Mish,
    PReLU,
    ReLU,
    ReLU6,
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
_OF_KERAS_2: dict[str, Layer] = {"hard_sigmoid": HardSigmoid(alpha=0.2, beta=0.5)}  # where it means something else
_NAMES = {layer: name for name, layer in reversed(FUNCTIONS.items())}

# Writing

_CUT_OFF = tr_noop("functions that are cut off at both ends are a Rescaling and a ReLU with a limit")


def _function(sheet: Sheet) -> None:
    """Write a function that Keras knows by name."""
    name = _NAMES.get(sheet.layer)
    if name is None:
        raise sheet.refuse(tr("Keras knows this function with {settings} only", settings=_settings(sheet.layer)))
    sheet.result("Activation", {"activation": name})


def _settings(layer: Layer) -> str:
    (known,) = (one for one in _NAMES if type(one) is type(layer))
    names = known.__struct_fields__
    return tr_list([f"{name} {tr_number(getattr(known, name), 'g')}" for name in names])


def _leaky_relu(sheet: Sheet) -> None:
    assert isinstance(sheet.layer, LeakyReLU)
    if sheet.layer.slope < 0:
        raise sheet.refuse(tr("Keras wants a slope of 0 or more"))
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
        sheet.notes.append(_CUT_OFF)
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
    sheet.notes.append(_CUT_OFF)
    moved = _rescaled(sheet, "moved", sheet.sources[0], 1.0, -layer.minimum)
    cut = sheet.step("cut", "ReLU", limits, [moved], sheet.keras_shape)
    sheet.result("Rescaling", {"scale": 1.0, "offset": layer.minimum}, [cut])


def _rescaled(sheet: Sheet, name: str, source: str, scale: float, offset: float) -> str:
    return sheet.step(name, "Rescaling", {"scale": scale, "offset": offset}, [source], sheet.keras_shape)


def _softmax(sheet: Sheet) -> None:
    layer = sheet.layer
    assert isinstance(layer, Softmax | LogSoftmax)
    if layer.labels:
        sheet.lost.append(tr("the names of the classes"))
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
    if page.old:
        layer = _OF_KERAS_2.get(str(name).lower(), layer)
    if layer is None:
        raise page.refuse(tr("there is no counterpart of its function {name!r}", name=name))
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
        raise page.refuse(tr("a rectifier with a threshold, or with a slope and a limit, has no counterpart"))
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
        raise page.refuse(tr("Convolab has a slope for each channel, not for each pixel"))


def _read_softmax(page: Page) -> None:
    page.check_channels()
    page.add(Softmax())


READERS: dict[str, Reader] = {
    "Activation": _read_activation,
    "ReLU": _read_relu,
    "LeakyReLU": one(lambda page: LeakyReLU(slope=_number(page, "negative_slope", "alpha", default=0.3) or 0.0)),
    "PReLU": _read_prelu,
    "ELU": one(lambda page: ELU(alpha=page.config.get("alpha", 1.0))),
    "Gelu": one(lambda page: GELU(approximation="tanh" if page.config.get("approximate", True) else "none")),
    "Softmax": _read_softmax,
}
