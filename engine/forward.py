"""The forward pass: every layer's output for one image or a batch, kept, and reused where nothing changed."""

import time
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple, Protocol

import numpy as np

from engine.analysis import Analysis, analyse
from engine.fast.executable import Executable, executable_for, execute
from engine.fast.runner import Outcome, Request, Stopped
from engine.graph import Graph
from engine.layers import Input, Layer
from engine.layers.base import Array
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


class _Results(Protocol):
    """Results by node."""

    def get(self, node: str, /) -> _Result | None: ...


class FeatureMaps(Mapping[str, Array]):
    """Node id to output: ``(C, H, W)`` or ``(N,)`` for one image, with a batch axis in front for a batch.

    Arrays are read-only float32. Nodes without a shape, because of a mistake there or before, are missing.
    """

    def __init__(self, order: tuple[str, ...], results: _Results, *, batched: bool, strict: bool) -> None:
        self._order, self._results = order, results
        self.batched, self.strict = batched, strict

    def __getitem__(self, node: str) -> Array:
        found = self._results.get(node)
        if found is None:
            raise KeyError(node)
        return found.values

    def __iter__(self) -> Iterator[str]:
        return iter(self._order)

    def __len__(self) -> int:
        return len(self._order)

    def seconds(self, node: str) -> float:
        """Return how long a layer took when it was computed."""
        found = self._results.get(node)
        if found is None:
            raise KeyError(node)
        return found.seconds

    def result(self, node: str) -> _Result | None:
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
    strict: bool = False,
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
        Called for each layer that is done, on the calling thread.
    cancelled
        Asked between pieces of work of a few milliseconds, on the calling thread.
    previous
        An earlier result: a layer whose hyper-parameters are equal, and whose inputs and weights are the same arrays,
        is taken over. The maps equal those of a full run, bit by bit.
    analysis
        The graph's analysis, where the caller has it already.
    strict
        Compute 3×3 convolutions with small tiles only, whose rounding errors are those of direct convolution.

    Raises
    ------
    RunError
        Where there is no Input, the image's shape is not the Input's, or weights are missing or of another shape.
    Cancelled
        Where ``cancelled()`` returned true.
    """
    executable = executable_for(graph, lambda: analysis if analysis is not None else analyse(graph), strict=strict)
    values, batched = image, False
    if image.shape != executable.plan.image_shape or image.dtype != np.float32 or image.flags.writeable:
        values, batched = _image(executable.analysis, image)
    if previous is not None and (previous.batched, previous.strict) != (batched, strict):
        previous = None
    report = _Report(executable.plan.order, progress) if progress is not None else None
    if batched:
        own = _all_weights(executable, weights)
        results = _run_batch(executable, own, values, report, cancelled, previous)
        return FeatureMaps(executable.plan.order, results, batched=True, strict=strict)
    try:
        if not executable.bound_to(weights):
            executable.bind(weights, _all_weights(executable, weights), cancelled)
        return _run_image(executable, values, report, cancelled, previous)
    except Stopped:
        raise Cancelled from None


class _Report:
    """Tells a caller who wants to know which layers are done."""

    def __init__(self, order: tuple[str, ...], progress: Callable[[Progress], None]) -> None:
        self._total, self._done, self._progress = len(order), 0, progress

    def __call__(self, node: str, seconds: float, values: Array) -> None:
        self._done += 1
        self._progress(Progress(node, self._done, self._total, seconds, values))


def _image(analysis: Analysis, image: Array) -> tuple[Array, bool]:
    """Return the image or batch as a read-only array, and whether it is a batch."""
    node = analysis.input
    if node is None or not isinstance(node.layer, Input):
        raise RunError("The network has no Input layer, so no image can enter it")
    wanted = node.layer.shape
    batched = image.ndim == 4
    if (image.shape[1:] if batched else image.shape) != wanted:
        raise RunError(f"The Input layer expects {tuple(wanted)} (channels, height, width), the image is {image.shape}")
    if batched and not len(image):
        raise RunError("The batch holds no image")
    if image.dtype != np.float32 or image.flags.writeable:
        image = np.array(image, np.float32)  # a copy: what was handed over must not change afterwards
        image.flags.writeable = False
    return image, batched


def _all_weights(executable: Executable, weights: Weights) -> dict[str, Mapping[str, Array]]:
    """Return the arrays of each layer that has weights and will run."""
    nodes = executable.analysis.nodes
    return {
        node: _weights_of(executable.analysis, weights, node)
        for node in executable.plan.order
        if nodes[node].inferred.weights
    }


def _weights_of(analysis: Analysis, weights: Weights, node: str) -> Mapping[str, Array]:
    specs = analysis.nodes[node].inferred.weights
    own = weights.get(node, {})
    if not fits(specs, own):
        wanted = ", ".join(f"{spec.name} {spec.shape}" for spec in specs)
        given = ", ".join(f"{name} {array.shape}" for name, array in own.items()) or "nothing"
        raise RunError(f"The weights of {node!r} do not fit: it needs {wanted}, and there is {given}")
    return {spec.name: own[spec.name] for spec in specs}


def _run_image(
    executable: Executable,
    image: Array,
    report: _Report | None,
    cancelled: Callable[[], bool] | None,
    previous: FeatureMaps | None,
) -> FeatureMaps:
    """Run one image on the fast path."""
    plan = executable.plan
    reused = _reusable(executable, image, previous) if previous is not None else {}
    if report is not None:
        for node, result in reused.items():
            report(node, result.seconds, result.values)
    maps = {node: result.values for node, result in reused.items()} if reused else {}
    outcome = execute(executable, Request(image, maps, cancelled, report))
    results = _LazyResults(executable.weights, outcome, reused)
    return FeatureMaps(plan.order, results, batched=False, strict=executable.strict)


def _reusable(executable: Executable, image: Array, previous: FeatureMaps) -> dict[str, _Result]:
    """Return the earlier results that a run would only repeat."""
    kept: dict[str, _Result] = {}
    for node, step in executable.plan.steps.items():
        if any(source not in kept for source in step.sources):
            continue
        old = previous.result(node)
        inputs = tuple(kept[source].values for source in step.sources) or (image,)
        if old is not None and _same(old, step.layer, inputs, executable.weights.get(node, {})):
            kept[node] = old
    return kept


class _LazyResults:
    """The results of a fast run, each made when it is first asked for: a small network runs in less time than that."""

    def __init__(
        self, weights: Mapping[str, Mapping[str, Array]], outcome: Outcome, reused: dict[str, _Result]
    ) -> None:
        self._weights, self._outcome = weights, outcome
        self._made = dict(reused)

    def get(self, node: str, /) -> _Result | None:
        found = self._made.get(node)
        step = self._outcome.plan.steps.get(node)
        if found is not None or step is None:
            return found
        inputs = tuple(self._values(source) for source in step.sources) or (self._outcome.image,)
        values, seconds = self._outcome.values(node), self._outcome.seconds(node)
        made = _Result(step.layer, inputs, self._weights.get(node, {}), values, seconds)
        return self._made.setdefault(node, made)

    def _values(self, node: str) -> Array:
        found = self._made.get(node)
        return found.values if found is not None else self._outcome.values(node)


def _run_batch(
    executable: Executable,
    weights: Mapping[str, Mapping[str, Array]],
    batch: Array,
    report: _Report | None,
    cancelled: Callable[[], bool] | None,
    previous: FeatureMaps | None,
) -> dict[str, _Result]:
    """Run a batch layer by layer, each by its own `forward`."""
    results: dict[str, _Result] = {}
    for node in executable.plan.order:
        if cancelled is not None and cancelled():
            raise Cancelled
        step, own = executable.plan.steps[node], weights.get(node, {})
        inputs = tuple(results[source].values for source in step.sources) or (batch,)
        old = previous.result(node) if previous is not None else None
        results[node] = old if old and _same(old, step.layer, inputs, own) else _compute(step.layer, inputs, own)
        if report is not None:
            report(node, results[node].seconds, results[node].values)
    return results


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
