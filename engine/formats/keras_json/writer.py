"""Networks as the JSON of Keras 3: a functional model that `keras.models.model_from_json` reads."""

import json
import re
import warnings
from collections import Counter
from collections.abc import Iterable
from typing import Any, NamedTuple

from engine.analysis import Analysis, analyse
from engine.formats.errors import FormatError, FormatWarning
from engine.formats.keras_json.order import channels_last, unturned
from engine.formats.keras_json.sheet import KERAS, Json, Sheet
from engine.formats.keras_json.tables import NO_COUNTERPART, WITHOUT_COUNTERPART, WRITERS
from engine.graph import Graph
from engine.language import tr
from engine.layers import (
    AvgPool2D,
    Concat,
    Dropout,
    DropPath,
    Flatten,
    HardSigmoid,
    Identity,
    Input,
    MaxPool2D,
    ReLU,
    ReLU6,
    Reshape,
    Sigmoid,
    Softmax,
    Softplus,
)
from engine.network import Network

_NONNEGATIVE = (ReLU, ReLU6, Sigmoid, HardSigmoid, Softplus, Softmax)
_KEEPING = (MaxPool2D, AvgPool2D, Concat, Dropout, DropPath, Identity, Flatten, Reshape)


class Described(NamedTuple):
    """A network as Keras describes a model, what that has no place for, and the Keras layers of each of ours."""

    model: Json
    lost: list[str]
    layers: dict[str, list[Json]]


def encode(network: Network) -> bytes:
    """Write a network as a functional Keras model; where something is lost, a `FormatWarning` says so.

    Raises
    ------
    FormatError
        Where the network has errors, or a layer that Keras can't compute.
    """
    model, lost, _ = described(network)
    if network.weights:
        lost.append(tr("the weights, which `engine.formats.keras_json.to_keras` gives for each layer's `set_weights`"))
    if lost:
        warnings.warn(tr("Keras has no place for {lost}", lost=listed(lost)), FormatWarning, stacklevel=3)
    return (json.dumps(model, indent=1, ensure_ascii=False) + "\n").encode()


def described(network: Network) -> Described:
    """Return a network as Keras describes a functional model.

    Raises
    ------
    FormatError
        Where the network has errors, or a layer that Keras can't compute.
    """
    analysis = analyse(network.graph)
    if analysis.errors or not analysis.order:
        reason = analysis.errors[0].message if analysis.errors else tr("it has no layers")
        raise FormatError(tr("Only a network without errors can be written for Keras: {reason}", reason=reason))
    names = keras_names(network.graph)
    made, outs, lost = _layers(analysis, names)
    entrance = analysis.input
    assert entrance is not None
    ends = [[outs[node], 0, 0] for node in analysis.order if not network.graph.outgoing[node]]
    config = {
        "name": _word(network.name) or "model",
        "trainable": True,
        "layers": [layer for layers in made.values() for layer in layers],
        "input_layers": [names[entrance.id], 0, 0],
        "output_layers": ends if len(ends) > 1 else ends[0],
    }
    model = {
        "module": "keras.src.models.functional",
        "class_name": "Functional",
        "config": config,
        "registered_name": "Functional",
    }
    return Described(model, lost, made)


def keras_names(graph: Graph) -> dict[str, str]:
    """Return the names of the Keras layers by our ids: the same, but for signs that Keras does not take."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for node in graph.nodes:
        name = _word(node.id) or "layer"
        while name in taken:
            name += "_"
        names[node.id] = name
        taken.add(name)
    return names


def listed(lost: Iterable[str]) -> str:
    """Write what is lost in one line, each kind with the number of layers that it concerns."""
    counts = Counter(lost)
    return "; ".join(
        what if count == 1 else tr("{lost} ({count} layers)", lost=what, count=count) for what, count in counts.items()
    )


def _word(text: str) -> str:
    return re.sub(r"[^\w-]+", "_", text).strip("_")


def _layers(analysis: Analysis, names: dict[str, str]) -> tuple[dict[str, list[Json]], dict[str, str], list[str]]:
    made: dict[str, list[Json]] = {}
    lost: list[str] = []
    taken = set(names.values())
    positive: set[str] = set()
    outs: dict[str, str] = {}  # by id, the Keras layer that makes the output
    late = unturned(analysis)
    for node in analysis.order:
        entry, wires = analysis.nodes[node], analysis.graph.incoming[node]
        assert entry.output is not None
        sources = [wires[port].source for port in sorted(wires)]
        if isinstance(entry.layer, Input):
            made[node] = [_entrance(names[node], entry.output)]
            outs[node] = names[node]
            continue
        known = all(source in positive for source in sources)
        if isinstance(entry.layer, _NONNEGATIVE) or (known and isinstance(entry.layer, _KEEPING)):
            positive.add(node)
        writer = WRITERS.get(type(entry.layer))
        if writer is None:
            reason = tr(WITHOUT_COUNTERPART.get(entry.layer.type, NO_COUNTERPART))
            raise FormatError(
                tr(
                    "{layer} can't be written for Keras: {reason} - at layer {node!r}",
                    layer=entry.layer.title,
                    reason=reason,
                    node=node,
                )
            )
        given = [
            (outs[source], channels_last(shape or ())) for source, shape in zip(sources, entry.inputs, strict=True)
        ]
        sheet = Sheet(entry, names[node], given, taken, unturned=node in late, nonnegative=known)
        writer(sheet)
        made[node] = sheet.layers
        outs[node] = sheet.out
        lost += sheet.lost
    return made, outs, lost


def _entrance(name: str, shape: tuple[int, ...]) -> dict[str, Any]:
    config = {"batch_shape": [None, *channels_last(shape)], "dtype": "float32", "name": name}
    return {
        "module": KERAS,
        "class_name": "InputLayer",
        "config": config,
        "registered_name": None,
        "name": name,
        "inbound_nodes": [],
    }
