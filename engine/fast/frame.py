"""A plan bound to memory and weights: the numpy calls of every part, made once and used again while both stay."""

from collections.abc import Mapping, Sequence, Set
from time import perf_counter as clock
from typing import NamedTuple

from engine.fast.layout import placed
from engine.fast.memory import Loan, Memory, Pool, address, aligned
from engine.fast.plan import Epoch, Part, Plan
from engine.kernels.channels_last import Array, Call, Parameters, Region


class Work(NamedTuple):
    """The calls of one part, and the number of its layer in the order of computation."""

    number: int
    calls: list[Call]


class Program:
    """All calls of a run, in order."""

    def __init__(self, epochs: Sequence[Epoch[Work]]) -> None:
        self.epochs = epochs
        # All of them, for one thread.
        self.works = [work for epoch in epochs for stage in epoch for works in stage for work in works]
        # The same as one list, with the time asked for before each part and after the last.
        self.straight: list[Call] = [clock, *(each for work in self.works for each in (*work.calls, clock))]
        self.last = {work.number: work for work in self.works}  # with each layer's last part it is done
        # The epochs up to the last one in which a second worker has something to do; the rest is for the first alone.
        self.shared = max((number for number, epoch in enumerate(epochs, 1) if any(epoch.parts[1:])), default=0)


class _Bound(NamedTuple):
    """The calls of one layer, region by region, and what they are bound to."""

    addresses: tuple[int, ...]
    parameters: Parameters
    calls: dict[tuple[int, Region], list[Call]]


class Frame:
    """Memory for all maps of one run, scratch, and the calls that compute into them.

    A frame serves one run at a time, and again when nobody holds the maps of the former run any more.
    """

    def __init__(self, plan: Plan, pool: Pool) -> None:
        self._plan, self._pool = plan, pool
        self.active = False
        self._memories: list[Memory | None] = [None] * len(plan.layout.slabs)
        self._scratch = tuple(aligned(size) for size in plan.scratch)
        self._stored: dict[str, Array] = {}  # with the rings around, as they are read
        self._maps: dict[str, Array] = {}  # without, as they are written
        self._images: dict[str, Array] = {}
        self._bound: dict[str, _Bound] = {}
        self._program: Program | None = None
        self._program_for: object = None

    def idle(self, slabs: Sequence[int]) -> bool:
        """Return whether the memory that this frame had for some slabs is there to be had again."""
        return not self.active and self._pool.are_idle([self._memories[slab] for slab in slabs])

    @property
    def whole(self) -> bool:
        """Whether none of the memory has been let go."""
        return not any(memory is not None and memory.gone for memory in self._memories)

    def lend(self, slabs: Sequence[int]) -> Loan:
        """Take memory for some slabs; return what keeps it from being used again."""
        layout, steps = self._plan.layout, self._plan.steps
        taken = self._pool.take(slabs, layout.slabs, self._memories)
        for slab, memory in taken.items():
            memory.surround(layout.rings[slab])
            if memory is not self._memories[slab]:
                self._memories[slab] = memory
                self._program = None
                for node, slot in layout.slots.items():
                    if slot.slab == slab:
                        self._stored[node] = placed(steps[node], memory.values, slot.start)
                        self._maps[node] = steps[node].ring.inside(self._stored[node])
                for node in self._plan.images:
                    if layout.slots[node].slab == slab:
                        self._images[node] = self._maps[node].transpose(2, 0, 1)
        return Loan(taken, self._pool)

    def image(self, node: str) -> Array:
        """Return where an image ``(C, H, W)`` has to be copied to, which is read from there."""
        return self._images[node]

    def program(self, parameters: Mapping[str, Parameters], foreign: Mapping[str, Array], skip: Set[str]) -> Program:
        """Return the calls for all parts, except for layers to be skipped.

        ``foreign`` holds the maps of layers that are skipped and that others read, stored as those want them.
        """
        whole = not skip
        if whole and self._program is not None and self._program_for is parameters:
            return self._program
        epochs = [
            Epoch(
                *(
                    tuple(
                        [self._work(worker, part, parameters, foreign) for part in parts if part.node not in skip]
                        for worker, parts in enumerate(stage)
                    )
                    for stage in epoch
                )
            )
            for epoch in self._plan.epochs
        ]
        program = Program([epoch for epoch in epochs if any(epoch.parts)])
        self._program, self._program_for = (program, parameters) if whole else (None, None)
        return program

    def _work(
        self, worker: int, part: Part, parameters: Mapping[str, Parameters], foreign: Mapping[str, Array]
    ) -> Work:
        step = self._plan.steps[part.node]
        assert step.kernel is not None
        inputs = [foreign[s] if s in foreign else self._stored[s] for s in step.sources]
        output = self._maps[part.node]
        addresses = (*(address(x) for x in inputs), address(output))
        bound = self._bound.get(part.node)
        if bound is None or bound.addresses != addresses or bound.parameters is not parameters[part.node]:
            bound = self._bound[part.node] = _Bound(addresses, parameters[part.node], {})
        key = (worker, part.region)
        if key not in bound.calls:
            scratch = self._scratch[worker]
            bound.calls[key] = step.kernel.calls(inputs, output, bound.parameters, part.region, scratch)
        return Work(self._plan.numbers[part.node], bound.calls[key])
