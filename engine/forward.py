"""The forward pass: every layer's output for one image or a batch, kept, and reused where nothing changed."""

import time
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

import numpy as np

from engine.analysis import Analysis, analyse
from engine.graph import Graph
from engine.layers import Input, Layer
from engine.layers.base import Array
from engine.shape import Shape
from engine.weights import Weights, fits


class RunError(ValueError):
    """A forward pass that can't begin: no Input, an image of another shape, weights that do not fit."""


class Cancelled(Exception):  # noqa: N818 - not an error: somebody asked for it
    """The forward pass was given up because ``cancelled()`` said so."""


class Progress(NamedTuple):
    """One layer is done: its node, its place in the run, how long it took, and its output."""

    node: str
    done: int
    total: int
    seconds: float
    values: Array


class _Result(NamedTuple):
    """A node's output ``(N, …)`` and all that it was computed from."""

    layer: Layer
    inputs: tuple[Array, ...]
    weights: Mapping[str, Array]
    values: Array
    seconds: float


class FeatureMaps(Mapping[str, Array]):
    """Node id to output: ``(C, H, W)`` or ``(N,)`` for one image, with a batch axis in front for a batch.

    Arrays are read-only float32. Nodes without a shape, because of a mistake there or before, are missing.
    """

    def __init__(self, results: Mapping[str, _Result], *, batched: bool) -> None:
        self._results = results
        self._batched = batched

    def __getitem__(self, node: str) -> Array:
        values = self._results[node].values
        return values if self._batched else values[0]

    def __iter__(self) -> Iterator[str]:
        return iter(self._results)

    def __len__(self) -> int:
        return len(self._results)

    def seconds(self, node: str) -> float:
        """Return how long a layer took when it was computed."""
        return self._results[node].seconds

    def result(self, node: str) -> "_Result | None":
        """Return a node's output with what it was computed from; None where it did not run."""
        return self._results.get(node)


def run(
    graph: Graph,
    weights: Weights,
    image: Array,
    *,
    progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    previous: FeatureMaps | None = None,
    analysis: Analysis | None = None,
) -> FeatureMaps:
    """Compute every layer that has a shape, in order; of several Inputs the first is the image's.

    Parameters
    ----------
    graph
        The network; layers with an error, and those behind them, are left out.
    weights
        Arrays for every layer that has weights and will run.
    image
        Float32 ``(C, H, W)``, or ``(N, C, H, W)`` for a batch, used as it is.
    progress
        Called after each layer, on the calling thread.
    cancelled
        Asked before each layer.
    previous
        An earlier result: a layer whose hyper-parameters are equal, and whose inputs and weights are the same arrays,
        is taken over.
    analysis
        The graph's analysis, where the caller has it already.

    Raises
    ------
    RunError
        Where there is no Input, the image's shape is not the Input's, or weights are missing or of another shape.
    Cancelled
        Where ``cancelled()`` returned true.
    """
    known = analysis if analysis is not None else analyse(graph)
    batch, batched = _batch(known, image)
    todo = _runnable(known)
    results: dict[str, _Result] = {}
    for done, node in enumerate(todo, start=1):
        if cancelled is not None and cancelled():
            raise Cancelled
        layer, wires = known.nodes[node].layer, graph.incoming[node]
        sources = [wires[port].source for port in sorted(wires)]
        inputs = (batch,) if isinstance(layer, Input) else tuple(results[source].values for source in sources)
        own = _weights_of(known, weights, node)
        old = previous.result(node) if previous is not None else None
        results[node] = old if old and _same(old, layer, inputs, own) else _compute(layer, inputs, own)
        if progress is not None:
            values = results[node].values
            progress(Progress(node, done, len(todo), results[node].seconds, values if batched else values[0]))
    return FeatureMaps(results, batched=batched)


def _runnable(analysis: Analysis) -> list[str]:
    """Return the nodes that can run, in order: those with a shape whose sources run, from the one Input."""
    graph, entrance = analysis.graph, analysis.input
    nodes: dict[str, None] = {}
    for node in analysis.order:
        wires = graph.incoming[node].values()
        enters = entrance is not None and node == entrance.id
        if analysis.nodes[node].output is not None and (enters or (wires and all(w.source in nodes for w in wires))):
            nodes[node] = None
    return list(nodes)


def _batch(analysis: Analysis, image: Array) -> tuple[Array, bool]:
    """Return the image as a read-only batch, and whether it was one."""
    node = analysis.input
    if node is None or not isinstance(node.layer, Input):
        raise RunError("The network has no Input layer, so no image can enter it")
    wanted = node.layer.shape
    given = Shape(*(image.shape[1:] if image.ndim == 4 else image.shape))
    if given != wanted:
        raise RunError(f"The Input layer expects {tuple(wanted)} (channels, height, width), the image is {image.shape}")
    if image.ndim == 4 and not len(image):
        raise RunError("The batch holds no image")
    values = image
    if image.dtype != np.float32 or image.flags.writeable:
        values = np.array(image, np.float32)  # a copy: what was handed over must not change afterwards
        values.flags.writeable = False
    return (values, True) if image.ndim == 4 else (values[None], False)


def _weights_of(analysis: Analysis, weights: Weights, node: str) -> Mapping[str, Array]:
    specs = analysis.nodes[node].inferred.weights
    if not specs:
        return {}
    own = weights.get(node, {})
    if not fits(specs, own):
        wanted = ", ".join(f"{spec.name} {spec.shape}" for spec in specs)
        given = ", ".join(f"{name} {array.shape}" for name, array in own.items()) or "nothing"
        raise RunError(f"The weights of {node!r} do not fit: it needs {wanted}, and there is {given}")
    return own


def _same(old: _Result, layer: Layer, inputs: tuple[Array, ...], weights: Mapping[str, Array]) -> bool:
    return (
        old.layer == layer
        and len(old.inputs) == len(inputs)
        and all(_is(a, b) for a, b in zip(old.inputs, inputs, strict=True))
        and old.weights.keys() == weights.keys()
        and all(_is(old.weights[name], array) for name, array in weights.items())
    )


def _is(a: Array, b: Array) -> bool:
    """Whether two arrays are the same read-only memory, be it through two views."""
    return a is b or (
        a.shape == b.shape and a.strides == b.strides and a.__array_interface__["data"] == b.__array_interface__["data"]
    )


def _compute(layer: Layer, inputs: tuple[Array, ...], weights: Mapping[str, Array]) -> _Result:
    start = time.perf_counter()
    with np.errstate(all="ignore"):  # inf and nan are shown in the maps, where they can be seen
        values = layer.forward(inputs, weights)
    values.flags.writeable = False
    return _Result(layer, inputs, weights, values, time.perf_counter() - start)
