"""The forward pass: every layer's output for one image or a batch, kept, and reused where nothing changed."""

import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from engine import room
from engine.analysis import Analysis, analyse
from engine.cancelling import Cancelled
from engine.fast.executable import Executable, executable_for, execute
from engine.fast.lean import LeanRun, listed
from engine.fast.rules import tuning
from engine.fast.runner import Outcome, Request, Stopped
from engine.feature_maps import FeatureMaps, Result
from engine.graph import Graph
from engine.language import tr
from engine.layers import Input, Layer
from engine.layers.base import Array
from engine.need import Need, need
from engine.reuse import find
from engine.weights import Weights, fits

_FLOAT = np.dtype(np.float32)


class RunError(ValueError):
    """A forward pass that can't begin: no Input, an image of another shape, weights that do not fit."""


class TooLarge(RunError):  # noqa: N818 - a run, not an error, is too large
    """A run would take more memory than it may; ``need`` says how much, and for what."""

    def __init__(self, wanted: Need, limit: int) -> None:
        super().__init__(
            tr(
                "This run needs {need} of memory ({maps} for maps, {weights} for weights and what is made of them, "
                "{scratch} to work on), more than the limit of {limit}",
                need=room.text(wanted.total),
                maps=room.text(wanted.maps),
                weights=room.text(wanted.weights + wanted.prepared),
                scratch=room.text(wanted.scratch),
                limit=room.text(limit),
            )
        )
        self.need, self.limit = wanted, limit


class Progress(NamedTuple):
    """One layer is done: its node, its place in the run, how long it took, and its output."""

    node: str
    done: int
    total: int
    seconds: float
    values: Array


def run(
    graph: Graph,
    weights: Weights,
    image: Array,
    *,
    progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    previous: FeatureMaps | Iterable[FeatureMaps] = (),
    analysis: Analysis | None = None,
    strict: bool = False,
    keep: Collection[str] | None = None,
    limit: int | None = None,
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
        An earlier result, or several (`RecentRuns`): a layer whose hyper-parameters are equal, and whose inputs and
        weights are the same arrays, is taken over. The maps equal those of a full run, bit by bit.
    analysis
        The graph's analysis, where the caller has it already.
    strict
        Compute 3×3 convolutions with small tiles only, whose rounding errors are those of direct convolution.
    keep
        Nodes whose maps are wanted, of one image; all others go as soon as they are read. What feeds those nodes is
        kept, too, so that their values can be explained. By default all maps are kept.
    limit
        Bytes of memory that a run of one image may need, all in all; by default there is no limit.

    Raises
    ------
    TooLarge
        Where the run would need more memory than the limit; nothing has been computed.
    RunError
        Where there is no Input, the image's shape is not the Input's, or weights are missing or of another shape.
    Cancelled
        Where ``cancelled()`` returned true.
    """
    executable = executable_for(graph, lambda: analysis if analysis is not None else analyse(graph), strict=strict)
    values, batched = image, False
    if image.shape != executable.plan.image_shape or image.dtype != _FLOAT or image.flags.writeable:
        values, batched = _image(executable.analysis, image)
    earlier: list[FeatureMaps] = []
    if previous != ():
        runs = (previous,) if isinstance(previous, FeatureMaps) else previous
        earlier = [one for one in runs if (one.batched, one.strict) == (batched, strict)]
    report = _Report(executable.plan.order, progress) if progress is not None else None
    if batched:
        own = _all_weights(executable, weights)
        results = _run_batch(executable, own, values, report, cancelled, earlier)
        return FeatureMaps(executable.plan.order, results, batched=True, strict=strict)
    if limit is not None:
        wanted = need(executable.analysis, keep, plan=executable.plan)
        if wanted.total > limit:
            raise TooLarge(wanted, limit)
    try:
        if keep is not None:
            return _run_lean(
                executable, _all_weights(executable, weights), Request(values, {}, cancelled, report), keep
            )
        if not executable.bound_to(weights):
            executable.bind(weights, _all_weights(executable, weights), cancelled)
        return _run_image(executable, values, report, cancelled, earlier)
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
        raise RunError(tr("The network has no Input layer, so no image can enter it"))
    wanted = node.layer.shape
    batched = image.ndim == 4
    if (image.shape[1:] if batched else image.shape) != wanted:
        raise RunError(
            tr(
                "The Input layer expects {wanted} (channels, height, width), the image is {shape}",
                wanted=tuple(wanted),
                shape=image.shape,
            )
        )
    if batched and not len(image):
        raise RunError(tr("The batch holds no image"))
    if image.dtype != _FLOAT or image.flags.writeable:
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
        given = ", ".join(f"{name} {array.shape}" for name, array in own.items()) or tr("nothing")
        raise RunError(
            tr(
                "The weights of {node!r} do not fit: it needs {wanted}, and there is {given}",
                node=node,
                wanted=wanted,
                given=given,
            )
        )
    return {spec.name: own[spec.name] for spec in specs}


def _run_image(
    executable: Executable,
    image: Array,
    report: _Report | None,
    cancelled: Callable[[], bool] | None,
    earlier: Sequence[FeatureMaps],
) -> FeatureMaps:
    """Run one image on the fast path."""
    plan = executable.plan
    reused = _reusable(executable, image, earlier) if earlier else {}
    if report is not None:
        for node, result in reused.items():
            report(node, result.seconds, result.values)
    if len(reused) == len(plan.steps):
        return FeatureMaps(plan.order, reused, batched=False, strict=executable.strict)
    maps = {node: result.values for node, result in reused.items()} if reused else {}
    outcome = execute(executable, Request(image, maps, cancelled, report))
    results = _LazyResults(executable.weights, outcome, reused)
    return FeatureMaps(plan.order, results, batched=False, strict=executable.strict)


def _run_lean(
    executable: Executable, weights: dict[str, Mapping[str, Array]], request: Request, keep: Collection[str]
) -> FeatureMaps:
    """Run one image and keep few maps."""
    plan = executable.plan
    order = listed(plan, keep)
    one = LeanRun(plan, tuning(strict=executable.strict), weights, order)
    one.go(request)
    whole, bare = dict[str, Result](), dict[str, Result]()
    for node in order:
        step = plan.steps[node]
        explained = all(source in one.values for source in step.sources)
        inputs = tuple(one.values[source] for source in step.sources) if explained else ()
        made = Result(
            step.layer, inputs or (request.image,), weights.get(node, {}), one.values[node], one.seconds[node]
        )
        (whole if explained else bare)[node] = made
    return FeatureMaps(order, whole, batched=False, strict=executable.strict, bare=bare)


def _reusable(executable: Executable, image: Array, earlier: Sequence[FeatureMaps]) -> dict[str, Result]:
    """Return the earlier results that a run would only repeat."""
    kept: dict[str, Result] = {}
    for node, step in executable.plan.steps.items():
        if any(source not in kept for source in step.sources):
            continue
        inputs = tuple(kept[source].values for source in step.sources) or (image,)
        old = find(earlier, node, step.layer, inputs, executable.weights.get(node, {}))
        if old is not None:
            kept[node] = old
    return kept


class _LazyResults:
    """The results of a fast run, each made when it is first asked for: a small network runs in less time than that."""

    __slots__ = ("_made", "_outcome", "_weights")

    def __init__(self, weights: Mapping[str, Mapping[str, Array]], outcome: Outcome, reused: dict[str, Result]) -> None:
        self._weights, self._outcome, self._made = weights, outcome, reused

    def get(self, node: str, /) -> Result | None:
        found = self._made.get(node)
        step = self._outcome.plan.steps.get(node)
        if found is not None or step is None:
            return found
        inputs = tuple(self._values(source) for source in step.sources) or (self._outcome.image,)
        values, seconds = self._outcome.values(node), self._outcome.seconds(node)
        made = Result(step.layer, inputs, self._weights.get(node, {}), values, seconds)
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
    earlier: Sequence[FeatureMaps],
) -> dict[str, Result]:
    """Run a batch layer by layer, each by its own `forward`."""
    results: dict[str, Result] = {}
    for node in executable.plan.order:
        if cancelled is not None and cancelled():
            raise Cancelled
        step, own = executable.plan.steps[node], weights.get(node, {})
        inputs = tuple(results[source].values for source in step.sources) or (batch,)
        results[node] = find(earlier, node, step.layer, inputs, own) or _compute(step.layer, inputs, own)
        if report is not None:
            report(node, results[node].seconds, results[node].values)
    return results


def _compute(layer: Layer, inputs: tuple[Array, ...], weights: Mapping[str, Array]) -> Result:
    start = time.perf_counter()
    with np.errstate(all="ignore"):  # inf and nan are shown in the maps, where they can be seen
        values = layer.forward(inputs, weights)
    values.flags.writeable = False
    return Result(layer, inputs, weights, values, time.perf_counter() - start)
