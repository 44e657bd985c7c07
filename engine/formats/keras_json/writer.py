"""Networks as the JSON of Keras 3: a functional model that `keras.models.model_from_json` reads."""

import json
import re
from typing import Any, NamedTuple

from engine.analysis import Analysis, analyse
from engine.formats import told
from engine.formats.errors import FormatError
from engine.formats.keras_json.order import channels_last, unturned
from engine.formats.keras_json.sheet import KERAS, Json, Sheet
from engine.formats.keras_json.tables import NO_COUNTERPART, WITHOUT_COUNTERPART, WRITERS
from engine.graph import Graph
from engine.language import tr, tr_count
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
    """A network as Keras describes a model, and the Keras layers of each of ours.

    ``lost`` is what it has no place for, ``notes`` what was done so that it computes the same.
    """

    model: Json
    layers: dict[str, list[Json]]
    lost: list[str]
    notes: list[str]


def encode(network: Network) -> bytes:
    """Write a network as a functional Keras model; where something is lost, a `FormatWarning` says so.

    How Keras is made to compute the same, where it does otherwise by itself, is said by a `FormatNote`.

    Raises
    ------
    FormatError
        Where the network has errors, or a layer that Keras can't compute.
    """
    model, _, lost, notes = described(network)
    aside = [] if _word(network.name) == network.name else [tr("the network's name as it was typed")]
    told.tell(network, told.KERAS_JSON, lost, notes, aside=[*aside, *renamed(network.graph)])
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
    sheets, made = _layers(analysis, names)
    entrance = analysis.input
    assert entrance is not None
    ends = [[_out(sheets, names, node), 0, 0] for node in analysis.order if not network.graph.outgoing[node]]
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
    lost = [one for sheet in sheets.values() for one in sheet.lost]
    return Described(model, made, lost, [one for sheet in sheets.values() for one in sheet.notes])


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


def renamed(graph: Graph) -> list[str]:
    """Return that Keras layers are not called as ours are, where that is so."""
    count = sum(node != name for node, name in keras_names(graph).items())
    return [tr_count("the id of {count:,} layer as it was", "the ids of {count:,} layers as they were", count)][:count]


def _word(text: str) -> str:
    return re.sub(r"[^\w-]+", "_", text).strip("_")


def _out(sheets: dict[str, Sheet], names: dict[str, str], node: str) -> str:
    """Return the name of the Keras layer that makes a layer's output; the image is what it is."""
    return sheets[node].out if node in sheets else names[node]


def _layers(analysis: Analysis, names: dict[str, str]) -> tuple[dict[str, Sheet], dict[str, list[Json]]]:
    """Return by id what was written of each layer but the image, and the Keras layers of each."""
    made: dict[str, list[Json]] = {}
    sheets: dict[str, Sheet] = {}
    taken = set(names.values())
    positive: set[str] = set()
    late = unturned(analysis)
    for node in analysis.order:
        entry, wires = analysis.nodes[node], analysis.graph.incoming[node]
        assert entry.output is not None
        sources = [wires[port].source for port in sorted(wires)]
        if isinstance(entry.layer, Input):
            made[node] = [_entrance(names[node], entry.output)]
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
            (_out(sheets, names, source), channels_last(shape or ()))
            for source, shape in zip(sources, entry.inputs, strict=True)
        ]
        sheet = Sheet(entry, names[node], given, taken, unturned=node in late, nonnegative=known)
        writer(sheet)
        sheets[node], made[node] = sheet, sheet.layers
    return sheets, made


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
