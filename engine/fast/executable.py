"""Networks made ready to run: finds or makes what a run needs, and keeps it for the next one."""

import threading
import weakref
from collections.abc import Callable, Mapping, Sequence, Set

from engine.analysis import Analysis
from engine.fast.frame import Frame
from engine.fast.memory import Pool
from engine.fast.plan import Plan, make_plan
from engine.fast.prepared import Preparations
from engine.fast.rules import tuning
from engine.fast.runner import Check, Outcome, Request, Stopped, go
from engine.fast.steps import home
from engine.fast.taken_over import taken_over
from engine.graph import Graph
from engine.kernels.channels_last import Array, Parameters

SPARE = 256 << 20  # bytes of memory for maps that may lie idle
FRAMES = 3  # of one network: an earlier run's maps are often held beside the last one's while the next is computed
EXECUTABLES = 4  # networks, the latest, that are kept ready

_NOTHING: frozenset[str] = frozenset()

LayerWeights = Mapping[str, Mapping[str, Array]]

_pool = Pool()
_preparations = Preparations()


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

    def bind(self, owner: object, weights: LayerWeights, check: Check | None) -> None:
        """Prepare every layer's weights as its kernel wants them.

        ``owner`` is the object that the weights belong to; when it dies, what is bound to it goes, so that nothing
        here keeps a network's weights in memory.
        """
        made: dict[str, Parameters] = {}

        def ask() -> None:
            if check is not None and check():
                raise Stopped

        for node, step in self.plan.steps.items():
            if step.kernel is None:
                continue
            before, own = self.parameters.get(node), weights.get(node, {})
            if before is not None and before.made_of(own):
                made[node] = before
                continue
            ask()
            made[node] = _preparations.parameters(step.kernel, own, ask)
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

    def frame(self, slabs: Sequence[int]) -> Frame:
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
    for found in tuple(_latest):
        if found.graph is graph and found.strict == strict:
            return found
    with _latest_lock:
        known = analysis()
        signature = _signature(known)
        same = next((one for one in _latest if one.strict == strict and one.signature == signature), None)
        if same is None:
            same = Executable(graph, known, make_plan(known, tuning(strict=strict)), signature, strict=strict)
        else:
            _latest.remove(same)
            same.graph, same.analysis = graph, known
        _latest[:] = [same, *_latest[: EXECUTABLES - 1]]
        return same


def _signature(analysis: Analysis) -> object:
    """Return what a plan depends on: every layer that has a shape, what feeds it, and the order."""
    incoming = analysis.graph.incoming
    return tuple(
        (node, entry.layer, entry.output, tuple(incoming[node][port].source for port in sorted(incoming[node])))
        for node, entry in ((node, analysis.nodes[node]) for node in analysis.order)
        if entry.output is not None
    )


def execute(executable: Executable, request: Request) -> Outcome:
    """Compute all layers but the reused ones.

    Raises
    ------
    Stopped
        Where ``check()`` said so.
    """
    plan, reused = executable.plan, request.reused
    # An image is copied each time, so that nothing is bound to its memory.
    skip = set(reused).difference(plan.images) if reused else _NOTHING
    slabs = (
        sorted({plan.layout.slots[node].slab for node in plan.steps if node not in skip}) if skip else plan.all_slabs
    )
    frame = executable.frame(slabs)
    try:
        outcome = Outcome(plan, frame.lend(slabs), request.image, reused)
        for node in plan.images:
            frame.image(node)[...] = request.image
        if request.check is not None and request.check():  # fresh memory takes longer than most layers
            raise Stopped
        program = frame.program(executable.parameters, _foreign(plan, skip, reused) if skip else {}, skip)
        go(program, request, outcome)
        return outcome
    finally:
        frame.active = False
        if _pool.trim(max(SPARE, plan.bytes)):
            for one in (executable, *_latest):
                one.tidy()


def _foreign(plan: Plan, skip: Set[str], reused: Mapping[str, Array]) -> dict[str, Array]:
    """Return the maps of an earlier run that layers which are computed read."""
    read = dict.fromkeys(s for node, step in plan.steps.items() if node not in skip for s in step.sources)
    homes = {node: home(plan.steps, node) for node in read}
    taken = {node: taken_over(plan.steps[node], reused[node]) for node in {*homes.values()} & skip}
    return {node: taken[homes[node]] for node in read if homes[node] in taken}
