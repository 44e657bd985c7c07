"""One layer of Keras as it is called: what may go unsaid, and what is given by its place."""

from collections.abc import Mapping
from typing import Any

from engine.formats.source.layout import Argument, Call, Expression
from engine.formats.source.names import literal

Json = dict[str, Any]

# By class: what is given by its place, in this order.
_PLACED = {
    "Conv2D": ("filters", "kernel_size"),
    "DepthwiseConv2D": ("kernel_size",),
    "SeparableConv2D": ("filters", "kernel_size"),
    "Conv2DTranspose": ("filters", "kernel_size"),
    "MaxPooling2D": ("pool_size",),
    "AveragePooling2D": ("pool_size",),
    "AdaptiveAveragePooling2D": ("output_size",),
    "Dense": ("units",),
    "Activation": ("activation",),
    "GroupNormalization": ("groups",),
    "Rescaling": ("scale",),
    "Dropout": ("rate",),
    "EinsumDense": ("equation",),
    "Reshape": ("target_shape",),
    "Permute": ("dims",),
    "ZeroPadding2D": ("padding",),
    "Cropping2D": ("cropping",),
    "UpSampling2D": ("size",),
}
# What Keras takes where nothing is said; the same in all classes that have the setting, but for those below.
_DEFAULTS: Json = {
    "strides": 1,
    "padding": "valid",
    "dilation_rate": 1,
    "groups": 1,
    "depth_multiplier": 1,
    "use_bias": True,
    "activation": "linear",
    "keepdims": False,
    "axis": -1,
    "epsilon": 1e-3,
    "momentum": 0.99,
    "scale": True,
    "center": True,
    "max_value": None,
    "negative_slope": 0.3,
    "shared_axes": None,
    "alpha": 1.0,
    "offset": 0.0,
    "noise_shape": None,
    "interpolation": "nearest",
    "bias_axes": None,
    "dtype": "float32",
}
_PAIRS = {"kernel_size", "strides", "dilation_rate", "pool_size", "size", "output_size"}
_SAID = {("Activation", "activation"), ("Rescaling", "scale"), ("GroupNormalization", "groups")}


def layer_call(layer: Json, name: Expression | None = None) -> Call:
    """Return the call that makes a layer, from its description; ``name`` is written in the place of its own."""
    kind, config = layer["class_name"], dict(layer["config"])
    own = config.pop("name")
    placed = _PLACED.get(kind, ())
    arguments = [Argument(written(plain_setting(key, config.pop(key)))) for key in placed if key in config]
    for key, value in config.items():
        shown = plain_setting(key, value)
        if not _goes_unsaid(kind, key, shown, layer["config"]):
            arguments.append(Argument(written(shown), key))
    return Call(f"layers.{kind}", (*arguments, Argument(name or literal(own), "name")))


def operation_call(layer: Json, source: str) -> Expression | None:
    """Return an operation on a value as it is written; None where it is a layer."""
    if layer["module"].startswith("keras.src.ops"):
        if layer["class_name"] == "GetItem":
            return f"{source}[{', '.join(map(_slice, layer['inbound_nodes'][0]['args'][1]))}]"
        settings = tuple(Argument(written(value), key) for key, value in layer["config"].items() if key != "name")
        return Call(f"keras.ops.{layer['class_name'].lower()}", (Argument(source), *settings))
    return None


def sources(layer: Json) -> list[str]:
    """Return the names of the layers that feed one."""
    found: list[str] = []
    for node in layer["inbound_nodes"]:
        for argument in node["args"]:
            for one in argument if isinstance(argument, list) else [argument]:
                if isinstance(one, dict) and one.get("class_name") == "__keras_tensor__":
                    found.append(one["config"]["keras_history"][0])
    return found


class Raw(str):
    """Source that stands for a setting's value."""


def written(value: Any) -> Expression:
    """Write a setting: a value, several, or one of Keras's objects."""
    if isinstance(value, Raw):
        return str(value)
    if isinstance(value, Mapping):
        settings = tuple(Argument(written(one), key) for key, one in value["config"].items())
        return Call(f"{value['module']}.{value['class_name']}", settings)
    if isinstance(value, list | tuple):
        inner = tuple(Argument(written(one)) for one in value)
        return Call("", inner) if len(inner) > 1 else literal(tuple(value))
    return literal(value)


def _goes_unsaid(kind: str, key: str, value: Any, config: Json) -> bool:
    if key == "strides" and "pool_size" in config:
        return bool(value == plain_setting("pool_size", config["pool_size"]))
    default = _DEFAULTS.get(key, config)
    return (kind, key) not in _SAID and type(default) is type(value) and default == value


def plain_setting(key: str, value: Any) -> Any:
    """Return a window's two equal numbers as one, and the last axis as a number: Keras takes both."""
    if isinstance(value, list | tuple):
        if key in _PAIRS and len(value) == 2 and value[0] == value[1]:
            return value[0]
        if key == "axis" and len(value) == 1:
            return value[0]
    return value


def _slice(part: Json) -> str:
    start, stop, step = (part["config"][key] for key in ("start", "stop", "step"))
    text = f"{'' if start is None else start}:{'' if stop is None else stop}"
    return text if step in (None, 1) else f"{text}:{step}"
