"""Runs plans: finds or makes what a run needs, computes on two threads, and keeps it all for the next run."""

import threading
import time
import weakref
from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np

from engine.analysis import Analysis
from engine.fast.frame import Frame, Program, Work, placed
from engine.fast.memory import Pool
from engine.fast.plan import Plan, make_plan
from engine.fast.prepared import Preparations
from engine.fast.rules import channels_first, tuning
from engine.fast.team import WORKERS, Barrier, SingleThreadedBlas, Team
from engine.graph import Graph
from engine.kernels.channels_last import Array, Parameters
from engine.layers import Input
from engine.shape import Shape

SPARE = 256 << 20  # bytes of memory for maps that may lie idle
FRAMES = 2  # of one network: one run's maps are usually held while the next one is computed
EXECUTABLES = 4  # networks, the latest, that are kept ready

LayerWeights = Mapping[str, Mapping[str, Array]]
Check = Callable[[], bool]
Report = Callable[[str, float, Array], None]

_pool = Pool()
_team = Team()
_single_threaded_blas = SingleThreadedBlas()
_preparations = Preparations()


class Outcome:
    """What one run has computed: the memory that it lies in, and how long each layer took."""

    def __init__(self, plan: Plan, leases: dict[int, Array], image: Array, reused: Mapping[str, Array]) -> None:
        self.plan, self.image = plan, image
        self.worker_seconds = [[0.0] * len(plan.steps) for _ in range(WORKERS)]
        self._leases, self._reused = leases, reused

    def seconds(self, node: str) -> float:
        """Return how long a layer took, on the worker that took longer."""
        number = self.plan.numbers[node]
        return max(seconds[number] for seconds in self.worker_seconds)

    def values(self, node: str) -> Array:
        """Return a layer's map as a read-only view, ``(C, H, W)`` for a volume."""
        if node in self._reused:
            return self._reused[node]
        step = self.plan.steps[node]
        if step.same_as is not None:
            return self.values(step.same_as)
        if isinstance(step.layer, Input):
            return self.image
        slot = self.plan.slots[node]
        return channels_first(placed(step, self._leases[slot.slab], slot.start), step.shape)


class Executable:
    """A network made ready to run: its plan, its prepared weights, and frames."""

    def __init__(self, graph: Graph, analysis: Analysis, plan: Plan, signature: object, *, strict: bool) -> None:
        self.graph, self.analysis, self.plan = graph, analysis, plan
        self.signature, self.strict = signature, strict
        self._frames: list[Frame] = []
        self._owner: weakref.ref[object] | None = None
        self.parameters: dict[str, Parameters] = {}
        self.weights: LayerWeights = {}
        self._lock = threading.Lock()

    @property
    def held_bytes(self) -> int:
        """Bytes of memory for maps in this network's frames."""
        return self.plan.bytes * len(self._frames)

    def bind(self, owner: object, weights: LayerWeights, check: Check | None) -> None:
        """Prepare every layer's weights as its kernel wants them.

        ``owner`` is the object that the weights belong to; when it dies, what is bound to it goes, so that nothing
        here keeps a network's weights in memory.
        """
        made: dict[str, Parameters] = {}
        for node, step in self.plan.steps.items():
            if step.kernel is None:
                continue
            before, own = self.parameters.get(node), weights.get(node, {})
            if before is not None and before.made_of(own):
                made[node] = before
                continue
            if check is not None and check():
                raise Stopped
            made[node] = _preparations.parameters(step.kernel, own)
        self.parameters, self.weights = made, weights
        self._owner = weakref.ref(owner, self._forget)

    def _forget(self, dead: object) -> None:
        if dead is self._owner:
            self.parameters, self.weights, self._frames, self._owner = {}, {}, [], None

    def bound_to(self, owner: object) -> bool:
        """Return whether the weights of ``owner`` were the last to be bound."""
        return self._owner is not None and self._owner() is owner

    def tidy(self) -> None:
        """Forget frames whose memory is gone."""
        with self._lock:
            self._frames = [frame for frame in self._frames if frame.active or frame.whole]

    def frame(self, slabs: list[int]) -> Frame:
        """Return a frame for a run that computes maps in some slabs, whose calls need not be made anew if possible."""
        with self._lock:
            for frame in self._frames:
                if frame.idle(slabs):
                    break
            else:
                free = [frame for frame in self._frames if not frame.active]
                if len(self._frames) < FRAMES or not free:
                    frame = Frame(self.plan, _pool)
                    self._frames = [*self._frames[-(FRAMES - 1) :], frame]
                else:
                    frame = free[0]
            frame.active = True
            return frame


_latest: list[Executable] = []  # the newest first
_latest_lock = threading.Lock()


def executable_for(graph: Graph, analysis: Callable[[], Analysis], *, strict: bool) -> Executable:
    """Return the network made ready; planned anew only where its layers or wires are new."""
    with _latest_lock:
        for found in _latest:
            if found.graph is graph and found.strict == strict:
                return found
        known = analysis()
        signature = _signature(known)
        same = next((one for one in _latest if one.strict == strict and one.signature == signature), None)
        if same is None:
            same = Executable(graph, known, make_plan(known, tuning(strict=strict)), signature, strict=strict)
        else:
            _latest.remove(same)
            same.graph, same.analysis = graph, known
        held = 0
        kept = []
        for one in _latest[: EXECUTABLES - 1]:
            held += one.held_bytes
            if held <= SPARE:
                kept.append(one)
        _latest[:] = [same, *kept]
        return same


def _signature(analysis: Analysis) -> object:
    """Return what a plan depends on: every layer that has a shape, what feeds it, and the order."""
    incoming = analysis.graph.incoming
    return tuple(
        (node, entry.layer, entry.output, tuple(incoming[node][port].source for port in sorted(incoming[node])))
        for node, entry in ((node, analysis.nodes[node]) for node in analysis.order)
        if entry.output is not None
    )


class Stopped(Exception):  # noqa: N818 - not an error: somebody asked for it
    """A run was given up in the middle."""


class Request(NamedTuple):
    """What one run is given.

    ``reused`` are the maps ``(C, H, W)`` of layers that need not be computed; ``report`` is told of each layer that is
    done, with seconds and values.
    """

    image: Array
    reused: Mapping[str, Array]
    check: Check | None
    report: Report | None


def execute(executable: Executable, request: Request) -> Outcome:
    """Compute all layers but the reused ones.

    Raises
    ------
    Stopped
        Where ``check()`` said so.
    """
    plan, reused = executable.plan, request.reused
    skip = set(reused).difference(plan.images)  # an image is copied each time, so that nothing is bound to its memory
    slabs = list(range(len(plan.slabs)))
    if skip:
        slabs = sorted({plan.slots[node].slab for node in plan.steps if node not in skip})
    frame = executable.frame(slabs)
    try:
        outcome = Outcome(plan, frame.lend(slabs), request.image, reused)
        for node in plan.images:
            np.copyto(frame.image(node), request.image)
        program = frame.program(executable.parameters, _foreign(plan, skip, reused), skip)
        _Run(program, request, outcome).go()
        return outcome
    finally:
        frame.active = False
        _pool.trim(max(SPARE, plan.bytes))
        executable.tidy()


def _foreign(plan: Plan, skip: set[str], reused: Mapping[str, Array]) -> dict[str, Array]:
    """Return the maps ``(H, W, C)`` that lie in the memory of an earlier run."""
    foreign = {node: _stored(reused[node], plan.steps[node].shape) for node in skip}
    if skip:
        for node, step in plan.steps.items():
            if step.same_as in foreign:
                foreign[node] = foreign[step.same_as]
    return foreign


def _stored(values: Array, shape: Shape) -> Array:
    return values.transpose(1, 2, 0) if shape.is_volume else values.reshape(1, 1, -1)


class _Run:
    """One pass through a program, on two threads or on one."""

    def __init__(self, program: Program, request: Request, outcome: Outcome) -> None:
        self._program, self._request, self._outcome = program, request, outcome
        self._plan = outcome.plan
        self._stopped = False
        self._problem: BaseException | None = None
        self._alone = False
        self._reported: set[str] = set()

    def go(self) -> None:
        """Compute; raises what a layer, or a function of the caller's, has raised."""
        small = not any(parts for epoch in self._program for parts in epoch[1:])
        with _single_threaded_blas:
            if self._request.report is not None:
                for node in (*self._plan.images, *self._request.reused):
                    self._report(node, self._request.report)
            if not small and _team.engage():
                try:
                    self._barrier = Barrier()
                    _team.run(self._work)
                finally:
                    _team.release()
            else:
                self._work_alone()
        if self._problem is not None:
            raise self._problem
        if self._stopped:
            raise Stopped

    def _work(self, worker: int) -> None:
        """Do one worker's parts, and wait for the other after each epoch, even when the run was stopped."""
        with np.errstate(all="ignore"):  # inf and nan are shown in the maps, where they can be seen
            for epoch in self._program:
                self._do(worker, epoch[worker])
                try:
                    self._barrier.wait(worker)
                except KeyboardInterrupt as problem:
                    self._problem, self._stopped = problem, True
                if worker == 0:
                    self._tell(epoch)

    def _work_alone(self) -> None:
        """Do the parts of both workers in turn."""
        self._alone = True
        with np.errstate(all="ignore"):
            for epoch in self._program:
                for worker, parts in enumerate(epoch):
                    if parts:
                        self._do(worker, parts)
                self._tell(epoch)

    def _do(self, worker: int, parts: list[Work]) -> None:
        check = self._request.check if worker == 0 or self._alone else None
        seconds, clock = self._outcome.worker_seconds[worker], time.perf_counter
        try:
            start = clock()
            for number, calls in parts:
                if self._stopped:
                    return
                for call in calls:
                    call()
                end = clock()
                seconds[number] += end - start
                start = end
                if check is not None and check():
                    self._stopped = True
        except BaseException as problem:  # noqa: BLE001 - the other worker waits for this one; raised again by go()
            self._problem, self._stopped = problem, True

    def _tell(self, epoch: list[list[Work]]) -> None:
        """Report the layers of an epoch."""
        report = self._request.report
        if report is None or self._stopped:
            return
        try:
            nodes = list(self._plan.steps)
            for number in dict.fromkeys(work.number for parts in epoch for work in parts):
                self._report(nodes[number], report)
        except BaseException as problem:  # noqa: BLE001 - as above
            self._problem, self._stopped = problem, True

    def _report(self, node: str, report: Report) -> None:
        """Report a layer, and those that share its map."""
        if node not in self._reported and node not in self._request.reused:
            self._reported.add(node)
            report(node, self._outcome.seconds(node), self._outcome.values(node))
        for sharer in self._plan.sharers.get(node, ()):
            self._report(sharer, report)
