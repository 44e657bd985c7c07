"""Keras's JSON, in the words of Keras 3 and of Keras 2, as one list of calls; models within models are spelt out."""

import heapq
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from engine.formats.bounds import MOST_LAYERS, too_many
from engine.formats.errors import FormatError
from engine.language import tr

_MODELS = ("Functional", "Model", "Sequential")
_OPERATORS = {"add": "Add", "subtract": "Subtract", "sub": "Subtract", "multiply": "Multiply", "mul": "Multiply"}
_OPERATORS |= {"divide": "Divide", "truediv": "Divide", "true_divide": "Divide", "TrueDivide": "Divide"}

Json = Mapping[str, Any]


class Output(NamedTuple):
    """A reference to what a call makes."""

    call: str


class Call(NamedTuple):
    """A layer at work: its class, its settings, and its arguments in their order: outputs of others, and constants."""

    name: str
    kind: str
    config: Json
    arguments: tuple[Any, ...]

    @property
    def sources(self) -> list[str]:
        """The calls whose outputs this one takes."""
        return [one.call for one in self.arguments if isinstance(one, Output)]

    @property
    def constants(self) -> list[Any]:
        """What else it takes."""
        return [one for one in self.arguments if not isinstance(one, Output)]


class Document(NamedTuple):
    """A model: its name, its calls, each after those that it depends on, and what was lost in spelling it out.

    ``ends`` are the calls whose outputs are the model's; an ``old`` model is one of Keras 2 or 1.
    """

    name: str
    calls: tuple[Call, ...]
    lost: tuple[str, ...]
    ends: tuple[str, ...]
    old: bool


def is_keras(data: bytes) -> bool:
    """Whether a file's bytes are a JSON object with what Keras's models have."""
    try:
        found = msgspec.json.decode(data)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return False
    return isinstance(found, dict) and found.get("class_name") in _MODELS and "config" in found


def parse(data: bytes) -> Document:
    """Read a model's JSON.

    Raises
    ------
    FormatError
        Where the bytes are no JSON, or not that of a Keras model.
    """
    try:
        found = msgspec.json.decode(data)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as problem:
        raise FormatError(tr("Not a Keras model: {problem}", problem=problem)) from problem
    if not isinstance(found, dict) or found.get("class_name") not in _MODELS or "config" not in found:
        raise FormatError(tr("Not a Keras model: it has no “class_name” Functional or Sequential with a “config”"))
    speller = _Speller()
    try:
        ends = speller.model(found, None, "")
        calls = _fused(speller.calls)
    except FormatError:
        raise
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as problem:
        raise FormatError(
            tr("Not a Keras model: its layers are not described as expected ({problem!r})", problem=problem)
        ) from problem
    config = found["config"]
    name = config.get("name") if isinstance(config, dict) else None
    version = found.get("keras_version")
    old = version.startswith(("1.", "2.")) if isinstance(version, str) else "module" not in found
    names = tuple(dict.fromkeys(end.call for end in ends))
    return Document(str(name or "Keras model"), tuple(calls), tuple(speller.lost), names, old)


class _Speller:
    """Spells a model out as calls with names of their own."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.lost: list[str] = []
        self._names: set[str] = set()

    def model(self, model: Json, feeds: Sequence[Output] | None, prefix: str) -> list[Output]:
        """Spell out a model that is fed with outputs, or, without feeds, by its own inputs; returns its outputs."""
        config = model["config"]
        if model["class_name"] == "Sequential":
            layers = config if isinstance(config, list) else config["layers"]
            return self._sequence(layers, _shape_of(model), feeds, prefix)
        return self._functional(config, feeds, prefix)

    def _sequence(
        self, layers: Sequence[Json], built: Any, feeds: Sequence[Output] | None, prefix: str
    ) -> list[Output]:
        if len(layers) > MOST_LAYERS:
            raise FormatError(too_many(len(layers)))
        outputs = list(feeds) if feeds is not None else []
        for layer in layers:
            if layer["class_name"] == "InputLayer":
                if not outputs:
                    outputs = [self._call(layer, [], prefix)]
                continue
            if not outputs:
                shape = _input_shape(layer) or built
                if shape is None:
                    raise FormatError(tr("The model does not say what it takes: its first layer has no input shape"))
                entrance = {"class_name": "InputLayer", "config": {"name": "image", "batch_shape": shape}}
                outputs = [self._call(entrance, [], prefix)]
            outputs = self._any(layer, outputs, prefix)
        return outputs

    def _functional(self, config: Json, feeds: Sequence[Output] | None, prefix: str) -> list[Output]:
        made: dict[tuple[str, int], list[Output]] = {}
        entrances = [reference[0] for reference in _references(config["input_layers"])]
        if feeds is not None:
            if len(feeds) != len(entrances):
                raise FormatError(
                    tr(
                        "The model {name!r} has {count} inputs, not {given}",
                        name=config.get("name"),
                        count=len(entrances),
                        given=len(feeds),
                    )
                )
            made |= {(name, 0): [feed] for name, feed in zip(entrances, feeds, strict=True)}
        if len(config["layers"]) > MOST_LAYERS:
            raise FormatError(too_many(len(config["layers"])))
        uses = [
            (layer, number, [] if node is None else _arguments(node))
            for layer in config["layers"]
            for number, node in enumerate(layer["inbound_nodes"] or [None])
            if (layer["name"], number) not in made
        ]
        for layer, number, arguments in _in_order(uses, made):
            resolved = [made[one[:2]][one[2]] if isinstance(one, _Reference) else one for one in arguments]
            if number:
                self.lost.append(tr("that layers share their weights: each use has its own here"))
            made[layer["name"], number] = self._any(layer, resolved, prefix)
        return [made[name, number][at] for name, number, at in _references(config["output_layers"])]

    def _any(self, layer: Json, arguments: Sequence[Any], prefix: str) -> list[Output]:
        if layer["class_name"] in _MODELS:
            inner = layer.get("name") or layer["config"].get("name") or "model"
            return self.model(layer, [one for one in arguments if isinstance(one, Output)], f"{prefix}{inner}_")
        return [self._call(layer, arguments, prefix)]

    def _call(self, layer: Json, arguments: Sequence[Any], prefix: str) -> Output:
        """Add a call under the layer's name; where that is taken, with the names of the models around it before."""
        kind, config = str(layer["class_name"]), layer["config"]
        base = str(config.get("name") or layer.get("name") or kind.lower())
        name = base if base not in self._names else f"{prefix}{base}"
        number = 2
        while name in self._names:
            name, number = f"{prefix}{base}_{number}", number + 1
        if kind in ("TFOpLambda", "SlicingOpLambda"):
            kind = str(config.get("function", "")).rpartition(".")[2]
        self._names.add(name)
        self.calls.append(Call(name, _OPERATORS.get(kind, kind), config, tuple(arguments)))
        return Output(name)


class _Reference(NamedTuple):
    layer: str
    node: int
    tensor: int


_Use = tuple[Any, int, list[Any]]  # a layer, which of its uses, and with what arguments


def _in_order(uses: Sequence[_Use], made: Mapping[tuple[str, int], object]) -> Iterator[_Use]:
    """Yield the uses of layers in the file's order, but each after those that it depends on."""
    waits: dict[int, int] = {}
    readers: dict[Any, list[int]] = {}
    for index, (_, _, arguments) in enumerate(uses):
        needed = {one[:2] for one in arguments if isinstance(one, _Reference)} - made.keys()
        waits[index] = len(needed)
        for one in needed:
            readers.setdefault(one, []).append(index)
    ready = [index for index, count in waits.items() if not count]
    while ready:
        index = heapq.heappop(ready)
        del waits[index]
        layer, number, _ = uses[index]
        yield uses[index]
        for reader in readers.pop((layer["name"], number), ()):
            waits[reader] -= 1
            if not waits[reader]:
                heapq.heappush(ready, reader)
    if waits:
        raise FormatError(tr("The layer {name!r} waits for one that is not there", name=uses[min(waits)][0]["name"]))


def _arguments(node: Any) -> list[Any]:
    """Return the arguments of a call, nested ones laid out, as references and constants."""
    if isinstance(node, Mapping):  # Keras 3
        named = [one for one in _spread(list(node.get("kwargs", {}).values())) if isinstance(one, _Reference)]
        return [*_spread(node["args"]), *named]
    found: list[Any] = []  # Keras 2: [["name", 0, 0, {…}], …], or one of them alone
    for reference in [node] if node and isinstance(node[0], str) else node:
        name, number, tensor, *more = reference
        found.append(_Reference(name, number, tensor))
        for key, value in more[0].items() if more else ():
            if _is_reference(value):
                found.append(_Reference(*value[:3]))
            elif key in ("y", "x") and isinstance(value, int | float):
                found.append(value)
    return found


def _spread(values: Sequence[Any]) -> list[Any]:
    found: list[Any] = []
    for value in values:
        if isinstance(value, Mapping) and value.get("class_name") == "__keras_tensor__":
            found.append(_Reference(*value["config"]["keras_history"]))
        elif isinstance(value, list):
            found.extend(_spread(value))
        elif value is not None and not isinstance(value, bool):
            found.append(value)
    return found


def _is_reference(value: Any) -> bool:
    return isinstance(value, list) and len(value) >= 3 and isinstance(value[0], str) and isinstance(value[1], int)


def _references(value: Any) -> list[_Reference]:
    """Return the references of “input_layers” and “output_layers”: one alone, or a list of them."""
    return [_Reference(*one[:3]) for one in ([value] if _is_reference(value) else value)]


def _input_shape(layer: Json) -> Any:
    """Return the shape with the batch that a model's first layer is given, where it says it."""
    config = layer["config"]
    if layer["class_name"] in _MODELS:
        layers = config if isinstance(config, list) else config["layers"]
        return _input_shape(layers[0]) if layers else None
    return config.get("batch_shape") or config.get("batch_input_shape") or _shape_of(layer)


def _shape_of(layer: Json) -> Any:
    shape = (layer.get("build_config") or {}).get("input_shape")
    return shape if isinstance(shape, list) and len(shape) > 1 else None


def _fused(calls: Sequence[Call]) -> list[Call]:
    """Return the calls with values that are laid out as cells, turned and laid out again as one call, Rearrange."""
    readers: dict[str, list[Call]] = {call.name: [] for call in calls}
    for call in calls:
        for source in call.sources:
            readers[source].append(call)
    fused: dict[str, Call | None] = {}
    for call in calls:
        if call.kind != "Reshape" or len(call.config["target_shape"]) not in (2, 4, 5) or len(readers[call.name]) != 1:
            continue
        turned = readers[call.name][0]
        last = readers[turned.name][0] if len(readers[turned.name]) == 1 else turned
        if turned.kind == "Permute" and last.kind == "Reshape":
            config = {
                "cells": call.config["target_shape"],
                "turned": turned.config["dims"],
                "target": last.config["target_shape"],
            }
            fused |= {call.name: None, turned.name: None}
            fused[last.name] = Call(last.name, "Rearrange", config, call.arguments)
    kept = [fused.get(call.name, call) for call in calls]
    return [call for call in kept if call is not None]
