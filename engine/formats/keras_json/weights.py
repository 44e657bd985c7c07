"""Weights on their way to a Keras model and back: the same numbers in Keras's order.

Filters ``(K, D, F, F)`` are ``(F, F, D, K)`` there, depthwise ones ``(F, F, D, M)``, dense layers ``(in, out)``; behind
a Flatten, the rows of a dense layer follow Keras's order of the volume: row by row, pixel by pixel, then channels.
"""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from engine.analysis import Analysis, analyse
from engine.formats.errors import FormatError
from engine.formats.keras_json.order import unturned
from engine.formats.keras_json.writer import keras_names
from engine.graph import Graph
from engine.language import tr
from engine.layers import DepthwiseConv2D, Layer, LayerNorm, PReLU, SeparableConv2D
from engine.layers.base import Array, WeightSpec
from engine.layers.dense import Linear
from engine.network import Network
from engine.shape import Shape
from engine.weights import Weights, completed

Places = NDArray[np.int64]


def to_keras(network: Network) -> dict[str, list[Array]]:
    """Return, by the name of the Keras layer, what its ``set_weights`` takes; missing weights are random ones."""
    analysis = analyse(network.graph)
    weights, names = completed(analysis, network.weights), keras_names(network.graph)
    return {
        names[node]: [weights[node][spec.name].reshape(-1)[places] for spec, places in arrays]
        for node, arrays in _moves(analysis)
    }


def from_keras(graph: Graph, arrays: Mapping[str, Sequence[Array]]) -> Weights:
    """Return our weights from what ``get_weights`` gives, by the name of the Keras layer.

    Raises
    ------
    FormatError
        Where a layer's arrays are missing or hold another number of values.
    """
    names, found = keras_names(graph), {}
    for node, moves in _moves(analyse(graph)):
        given = arrays.get(names[node], arrays.get(node, ()))
        sizes, wanted = [array.size for array in given], [spec.size for spec, _ in moves]
        if sizes != wanted:
            raise FormatError(
                tr(
                    "{node!r} needs arrays of {wanted} values, and Keras's have {sizes}",
                    node=node,
                    wanted=wanted,
                    sizes=sizes,
                )
            )
        found[node] = {
            spec.name: _back(np.asarray(array, np.float32), places, spec)
            for array, (spec, places) in zip(given, moves, strict=True)
        }
    return Weights(found)


def _back(array: Array, places: Places, spec: WeightSpec) -> Array:
    ours = np.empty(spec.size, np.float32)
    ours[places.reshape(-1)] = array.reshape(-1)
    return ours.reshape(spec.shape)


def _moves(analysis: Analysis) -> Iterator[tuple[str, list[tuple[WeightSpec, Places]]]]:
    """Yield each layer with weights: its arrays, and where in ours each value of Keras's is found."""
    late = unturned(analysis)
    for node in analysis.order:
        entry = analysis.nodes[node]
        if entry.inferred.weights and entry.inputs[0] is not None:
            shape = entry.inputs[0]
            yield (
                node,
                [(spec, _places(entry.layer, spec, shape, late.get(node))) for spec in entry.inferred.weights],
            )


def _places(layer: Layer, spec: WeightSpec, shape: Shape, flattened: Shape | None) -> Places:
    """Return an array of Keras's shape that holds, for each value, its place in our array."""
    ours = np.arange(spec.size).reshape(spec.shape)
    if isinstance(layer, PReLU):
        return ours.reshape(1, 1, -1) if shape.is_volume else ours
    if isinstance(layer, DepthwiseConv2D | SeparableConv2D) and spec.name in ("weight", "depthwise"):
        return ours.reshape(shape.channels, layer.multiplier, *layer.kernel).transpose(2, 3, 0, 1)
    if len(spec.shape) == 4:
        return ours.transpose(2, 3, 1, 0)
    if isinstance(layer, Linear) and len(spec.shape) == 2:
        if flattened is not None:
            ours = ours.reshape(-1, *flattened).transpose(0, 2, 3, 1).reshape(spec.shape)
        return ours.T
    if isinstance(layer, LayerNorm) and len(spec.shape) == 3:
        return ours.transpose(1, 2, 0)
    return ours
