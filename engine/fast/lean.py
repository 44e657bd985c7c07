"""A run that keeps few maps: every other one goes as soon as the last layer that reads it is done."""

from collections.abc import Collection, Mapping
from math import prod
from typing import NamedTuple

import numpy as np

from engine.fast.frame import Program, Work
from engine.fast.layout import placed
from engine.fast.plan import Epoch, Plan, cut
from engine.fast.rules import Tuning, channels_first
from engine.fast.runner import Outcome, Request, Stopped, go
from engine.fast.steps import Step, home
from engine.kernels.channels_last import Array, Parameters, Region
from engine.layers import Input


class Peak(NamedTuple):
    """Bytes at the moment that takes most."""

    maps: int
    prepared: int
    scratch: int


def listed(plan: Plan, keep: Collection[str]) -> tuple[str, ...]:
    """Return the layers whose maps are there in the end: those to keep, and what feeds them, so that these explain."""
    kept = {node for node in keep if node in plan.steps}
    kept.update(source for node in tuple(kept) for source in plan.steps[node].sources)
    return tuple(node for node in plan.order if node in kept)


def peak(plan: Plan, tuned: Tuning, kept: Collection[str]) -> Peak:
    """Return what a lean run takes at its worst moment."""
    goes, live, most = _goes(plan, kept), 0, Peak(0, 0, 0)
    for node, step in plan.steps.items():
        live += 0 if step.same_as is not None else _bytes(step)
        now = Peak(live, *_own(step, tuned))
        most = max(most, now, key=sum)
        live -= sum(_bytes(plan.steps[gone]) for gone in goes.get(node, ()))
    return most


class LeanRun:
    """One run, layer by layer; what it computes is bit by bit what a run computes that keeps all maps.

    Parameters
    ----------
    plan, tuned
        How each layer is computed.
    weights
        The arrays of each layer that has some; what kernels make of them lives as long as the layer computes.
    kept
        The layers whose maps are there in the end.
    """

    def __init__(
        self, plan: Plan, tuned: Tuning, weights: Mapping[str, Mapping[str, Array]], kept: Collection[str]
    ) -> None:
        self._plan, self._tuned, self._weights = plan, tuned, weights
        self._kept, self._goes = kept, _goes(plan, kept)
        self._stored: dict[str, Array] = {}
        self.values: dict[str, Array] = {}  # of the layers that are kept, as the rest of the program knows them
        self.seconds: dict[str, float] = {}

    def go(self, request: Request) -> None:
        """Compute; raises what a layer has raised, and `Stopped`."""
        for node, step in self._plan.steps.items():
            if step.same_as is not None:
                self.seconds[node] = 0.0
            else:
                self._stored[node] = _memory(step)
                self._compute(node, step, request)
            if node in self._kept:
                self.values[node] = self._value(node, step, request.image)
                if request.report is not None:
                    request.report(node, self.seconds[node], self.values[node])
            for gone in self._goes.get(node, ()):
                del self._stored[gone]

    def _compute(self, node: str, step: Step, request: Request) -> None:
        own = step.ring.inside(self._stored[node])
        if step.kernel is None:
            np.copyto(own.transpose(2, 0, 1), request.image)
            self.seconds[node] = 0.0
            return
        given = self._weights.get(node, {})
        parameters = Parameters(given, step.kernel.prepare(given, lambda: _ask(request)))
        inputs = [self._stored[home(self._plan.steps, source)] for source in step.sources]
        works, number = [], self._plan.numbers[node]
        for regions in cut(step, self._tuned):
            room = np.empty(_scratch(step, regions), np.float32)
            works.append([Work(number, step.kernel.calls(inputs, own, parameters, one, room)) for one in regions])
        outcome = Outcome(self._plan, None, request.image, {})
        go(Program([Epoch(tuple(works), ([], []))]), Request(request.image, {}, request.check, None), outcome)
        self.seconds[node] = outcome.seconds(node)

    def _value(self, node: str, step: Step, image: Array) -> Array:
        first = self._plan.steps[home(self._plan.steps, node)]
        if isinstance(first.layer, Input):
            return image
        values = channels_first(first.ring.inside(self._stored[first.node]), step.shape)
        values.flags.writeable = False
        return values


def _ask(request: Request) -> None:
    if request.check is not None and request.check():
        raise Stopped


def _memory(step: Step) -> Array:
    made = np.zeros if any(step.ring) else np.empty
    return placed(step, made(prod(step.stored), np.float32), 0)


def _bytes(step: Step) -> int:
    return 4 * prod(step.stored)


def _scratch(step: Step, regions: list[Region]) -> int:
    assert step.kernel is not None
    return max((step.kernel.scratch(region) for region in regions), default=0)


def _own(step: Step, tuned: Tuning) -> tuple[int, int]:
    """Return the bytes that a layer's kernel makes of its weights, and works on."""
    if step.kernel is None:
        return 0, 0
    scratch = sum(_scratch(step, regions) for regions in cut(step, tuned))
    return 4 * step.kernel.prepared_values, 4 * (step.kernel.unplanned_values + scratch)


def _goes(plan: Plan, kept: Collection[str]) -> dict[str, list[str]]:
    """Return for each layer the maps that nobody needs any more when it is done."""
    last: dict[str, str] = {}
    for node, step in plan.steps.items():
        for one in (node, *step.sources):
            last[home(plan.steps, one)] = node
    held = {home(plan.steps, node) for node in kept}
    goes: dict[str, list[str]] = {}
    for node, reader in last.items():
        if node not in held:
            goes.setdefault(reader, []).append(node)
    return goes
