"""One pass through a program: on this thread alone, or together with the helper."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import Context
from itertools import pairwise
from operator import call
from time import perf_counter as clock
from typing import NamedTuple, cast

import numpy as np

from engine.fast.frame import Program, Work
from engine.fast.layout import placed
from engine.fast.memory import Loan
from engine.fast.plan import Epoch, Plan
from engine.fast.rules import channels_first
from engine.fast.team import WORKERS, Barrier, SingleThreadedBlas, Team
from engine.kernels.channels_last import BUFFER, Array
from engine.layers import Input

Check = Callable[[], bool]
Report = Callable[[str, float, Array], None]

_team = Team()
_single_threaded_blas = SingleThreadedBlas()

# Infinities and what is no number are shown in the maps, where they can be seen; numpy need not warn of them. Its
# settings belong to a context: to enter one that has them takes less time than `np.errstate`.
_quiet = Context()
_quiet.run(np.seterr, all="ignore")
_quiet.run(np.setbufsize, BUFFER)


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


class Outcome:
    """What one run has computed: the memory that it lies in, and how long each layer took."""

    __slots__ = ("_loan", "_reused", "image", "plan", "returned", "worker_seconds")

    def __init__(self, plan: Plan, loan: Loan | None, image: Array, reused: Mapping[str, Array]) -> None:
        self.plan, self.image = plan, image
        self.worker_seconds: list[list[float]] = []
        # What the calls of a run gave back, the times among them, until somebody asks for the seconds.
        self.returned: tuple[Program, list[object]] | None = None
        self._loan, self._reused = loan, reused

    def seconds(self, node: str) -> float:
        """Return how long a layer took, on the worker that took longer; 0 before any of them has begun."""
        number = self.plan.numbers[node]
        if self.returned is not None:
            self.worker_seconds, self.returned = [_seconds(self.plan, *self.returned)], None
        return max((seconds[number] for seconds in self.worker_seconds), default=0.0)

    def values(self, node: str) -> Array:
        """Return a layer's map as a read-only view, ``(C, H, W)`` for a volume."""
        if node in self._reused:
            return self._reused[node]
        step = self.plan.steps[node]
        if step.same_as is not None:
            return self.values(step.same_as)
        if isinstance(step.layer, Input):
            return self.image
        slot = self.plan.layout.slots[node]
        assert self._loan is not None
        stored = placed(step, self._loan.array(slot.slab), slot.start)
        return channels_first(step.ring.inside(stored), step.shape)


def go(program: Program, request: Request, outcome: Outcome) -> None:
    """Compute; raises what a layer, or a function of the caller's, has raised, and `Stopped`."""
    if request.check is not None and request.check():
        raise Stopped
    with _single_threaded_blas:
        watched = request.check is not None or request.report is not None
        teller = _Teller(request, outcome) if watched else None
        if program.shared and _team.engage():
            try:
                _Together(program, request, outcome, teller).go()
            finally:
                _team.release()
        elif teller is not None:
            with _settings():
                _alone(program, outcome, teller)
        else:
            _quiet.copy().run(_straight_through, program, outcome)


@contextmanager
def _settings() -> Iterator[None]:
    """Have numpy's settings for calls of kernels inside."""
    with np.errstate(all="ignore"):  # which restores the size, too
        np.setbufsize(BUFFER)
        yield


def _straight_through(program: Program, outcome: Outcome) -> None:
    """Do all parts in turn; small networks run here, in so little time that the loop over the calls is left to C."""
    outcome.returned = program, list(map(call, program.straight))


def _seconds(plan: Plan, program: Program, returned: list[object]) -> list[float]:
    """Return how long each layer took, from the times at which parts were done."""
    times = [time for time, called in zip(returned, program.straight, strict=True) if called is clock]
    seconds = [0.0] * len(plan.steps)
    for work, (start, end) in zip(program.works, pairwise(cast("list[float]", times)), strict=True):
        seconds[work.number] += end - start
    return seconds


def _alone(program: Program, outcome: Outcome, teller: "_Teller") -> None:
    """Do all parts in turn, and tell of each layer after its last one."""
    seconds = [0.0] * len(outcome.plan.steps)
    outcome.worker_seconds.append(seconds)
    for work in program.works:
        start = clock()
        for one in work.calls:
            one()
        seconds[work.number] += clock() - start
        if program.last[work.number] is work:
            teller.tell(work.number)
        teller.ask()


class _Teller:
    """Tells the caller which layers are done, and asks whether to go on."""

    def __init__(self, request: Request, outcome: Outcome) -> None:
        self._request, self._outcome, self._plan = request, outcome, outcome.plan
        self._nodes = list(self._plan.steps)
        self._reported: set[str] = set()
        for node in (*self._plan.images, *request.reused):
            self._report(node)

    def tell(self, number: int) -> None:
        """Report the layer of a number."""
        self._report(self._nodes[number])

    def ask(self) -> None:
        """Raise `Stopped` where the caller wants no more."""
        if self._request.check is not None and self._request.check():
            raise Stopped

    def _report(self, node: str) -> None:
        """Report a layer, and those that share its map."""
        if self._request.report is None:
            return
        if node not in self._reported and node not in self._request.reused:
            self._reported.add(node)
            is_image = node in self._plan.images
            seconds = 0.0 if is_image else self._outcome.seconds(node)
            self._request.report(node, seconds, self._outcome.values(node))
        for sharer in self._plan.sharers.get(node, ()):
            self._report(sharer)


class _Together:
    """A pass on two threads, which wait for each other after each epoch, even when the run was stopped.

    After the last epoch of both, the helper waits for nobody and the caller for the helper's end: waiting twice would
    be as long as a small layer.
    """

    def __init__(self, program: Program, request: Request, outcome: Outcome, teller: _Teller | None) -> None:
        self._program, self._teller = program, teller
        self._seconds = [[0.0] * len(outcome.plan.steps) for _ in range(WORKERS)]
        outcome.worker_seconds.extend(self._seconds)
        self._problem: BaseException | None = None
        self._barrier = Barrier()

    def go(self) -> None:
        """Compute, and raise what has been raised on either thread."""
        _team.run(self._work)
        last, *alone = self._program.epochs[self._program.shared - 1 :]
        self._tell(last)
        with _settings():
            for epoch in alone:
                self._do(0, epoch.parts[0])
                self._tell(epoch)
        problem, self._problem = self._problem, None
        try:
            if problem is not None:
                raise problem
        finally:
            # Its traceback has this frame and that of the work: a circle would keep all maps until it is looked for.
            del problem

    def _work(self, worker: int) -> None:
        *before, last = self._program.epochs[: self._program.shared]
        with _settings():  # each thread has its own
            for epoch in before:
                self._do(worker, epoch.parts[worker])
                self._barrier.arrive(worker)
                self._do(worker, epoch.meanwhile[worker])
                try:
                    self._barrier.wait(worker)
                except KeyboardInterrupt as problem:
                    self._problem = problem
                if worker == 0:
                    self._tell(epoch)
            self._do(worker, last.parts[worker])
            self._do(worker, last.meanwhile[worker])

    def _do(self, worker: int, parts: list[Work]) -> None:
        ask = self._teller.ask if worker == 0 and self._teller is not None else None
        seconds = self._seconds[worker]
        try:
            start = clock()
            for number, calls in parts:
                if self._problem is not None:
                    return
                for one in calls:
                    one()
                end = clock()
                seconds[number] += end - start
                start = end
                if ask is not None:
                    ask()
        except BaseException as problem:  # noqa: BLE001 - the other worker waits for this one; raised again by go()
            self._problem = problem

    def _tell(self, epoch: Epoch[Work]) -> None:
        """Report the layers that are done with an epoch's parts."""
        if self._teller is None or self._problem is not None:
            return
        try:
            for number in dict.fromkeys(work.number for parts in epoch.parts for work in parts):
                self._teller.tell(number)
        except BaseException as problem:  # noqa: BLE001 - as above
            self._problem = problem
