"""How a network is computed: in which order, by which kernels, in which regions and blocks, on which thread."""

from dataclasses import dataclass
from functools import cached_property
from typing import Generic, NamedTuple, TypeVar

from engine.analysis import Analysis
from engine.fast.layout import Layout, laid_out
from engine.fast.rings import with_rings
from engine.fast.rules import PlainLayer, Tuning
from engine.fast.steps import Step, Steps, home, planned
from engine.fast.team import WORKERS
from engine.kernels.channels_last import Kernel, Region
from engine.layers import Input
from engine.shape import Shape

SMALL_WORK = 30.0  # microseconds below which one thread is done before a second one has woken up
BYTES_PER_MICROSECOND = 10_000.0  # about what one core reads and writes
MACS_PER_MICROSECOND = 30_000.0  # about what one core multiplies and adds
LEAST_PIXELS = 192  # of a block, so that its matrix products are worth their calls
MANY_FILTERS = 20  # times the places; only then half of the weights is worth waiting for the other worker's half


class Part(NamedTuple):
    """A region of a layer's output that one thread computes in one go."""

    node: str
    region: Region


Each = TypeVar("Each")


class Epoch(NamedTuple, Generic[Each]):
    """What the workers do from one wait to the next, in order for each worker.

    When a worker is done with its ``parts``, the others may read them as soon as they come to their wait. The parts
    that it does ``meanwhile`` need nothing from this epoch of the others, which may be late.
    """

    parts: tuple[list[Each], ...]
    meanwhile: tuple[list[Each], ...]


@dataclass(frozen=True)
class Plan:
    """All that is decided before memory, weights and image are at hand."""

    order: tuple[str, ...]  # as in the analysis: the order in which maps are listed
    steps: Steps  # in the order of computation
    epochs: tuple[Epoch[Part], ...]
    layout: Layout
    scratch: tuple[int, ...]  # values for each worker

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The place of each node in the order of computation."""
        return {node: number for number, node in enumerate(self.steps)}

    @cached_property
    def bytes(self) -> int:
        """Bytes of memory for all maps."""
        return 4 * sum(self.layout.slabs)

    @cached_property
    def all_slabs(self) -> tuple[int, ...]:
        """The number of each slab."""
        return tuple(range(len(self.layout.slabs)))

    @cached_property
    def images(self) -> tuple[str, ...]:
        """The Inputs."""
        return tuple(node for node, step in self.steps.items() if isinstance(step.layer, Input))

    @cached_property
    def image_shape(self) -> Shape | None:
        """The shape of the image; None without an Input."""
        return self.steps[self.images[0]].shape if self.images else None

    @cached_property
    def sharers(self) -> dict[str, tuple[str, ...]]:
        """For each map, the layers behind it that hand on the same one."""
        found: dict[str, tuple[str, ...]] = {}
        for node, step in self.steps.items():
            if step.same_as is not None:
                found[step.same_as] = (*found.get(step.same_as, ()), node)
        return found


def make_plan(analysis: Analysis, tuned: Tuning) -> Plan:
    """Plan all layers that have a shape."""
    order, found = planned(analysis, tuned)
    steps = with_rings(found)
    epochs = _Cut(steps, tuned).epochs()
    scratch = [0] * WORKERS
    for epoch in epochs:
        for worker, (parts, meanwhile) in enumerate(zip(*epoch, strict=True)):
            for node, region in (*parts, *meanwhile):
                kernel = steps[node].kernel
                if kernel is not None:
                    scratch[worker] = max(scratch[worker], kernel.scratch(region))
    return Plan(order, steps, epochs, laid_out(steps), tuple(scratch))


Regions = list[list[Region]]  # for each worker, in order


class _Cut:
    """Cuts steps into parts.

    What a layer is cut into depends on its own shapes alone, never on its neighbours: the last bits of a matrix
    product depend on the cut, and a map that is taken over from an earlier run must equal that of a full run.
    """

    def __init__(self, steps: Steps, tuned: Tuning) -> None:
        self._steps, self._tuned = steps, tuned
        self._epochs: list[Epoch[Part]] = []
        # What each worker has written that the others may not read before they have waited for it.
        self._fresh: dict[str, list[Region | None]] = {}

    def epochs(self) -> tuple[Epoch[Part], ...]:
        """Return all parts of all steps."""
        self._wait()
        waiting = [node for node, step in self._steps.items() if step.kernel is not None]
        while waiting:
            segment = self._segment(waiting)
            del waiting[: len(segment)]
            for worker, parts in enumerate(self._epochs[-1].parts):
                for block in range(max(len(regions[worker]) for regions in segment.values())):
                    for node, regions in segment.items():
                        if block < len(regions[worker]) and regions[worker][block].rows > 0:
                            parts.append(Part(node, regions[worker][block]))
        return tuple(epoch for epoch in self._epochs if any(epoch.parts))

    def _segment(self, waiting: list[str]) -> dict[str, Regions]:
        """Return the regions of the first step that waits, and of those that can run along with it."""
        head = self._steps[waiting[0]]
        regions = rest = cut(head, self._tuned)
        if not all(self._may_read(head, worker, own) for worker, own in enumerate(regions)):
            rest = self._meanwhile(head, regions)
            self._wait()
        segment = {head.node: regions}
        self._write(head.node, regions)
        for node in waiting[1:]:
            step = self._steps[node]
            homes = [home(self._steps, source) for source in step.sources]
            before = next((segment[source] for source in homes if source in segment), None)
            along = _alongside(step, before) if before is not None else None
            if along is None or not all(self._may_read(step, worker, own) for worker, own in enumerate(along)):
                break
            segment[node] = along
            self._write(node, along)
        return segment | {head.node: rest}

    def _meanwhile(self, step: Step, regions: Regions) -> Regions:
        """Have each worker do the rows that need nothing fresh of the others; return the regions that are left.

        Those are the rows where two shares meet, and the workers have waited for each other when they come to them.
        """
        assert step.kernel is not None
        if not step.kernel.rows_apart:
            return regions
        rest: Regions = []
        for worker, own in enumerate(regions):
            share = _bounds(own)
            ready = self._ready(step, worker, share) if share is not None else None
            if share is None or ready is None:
                rest.append(own)
                continue
            inside = (region.rows_of(ready) for region in own)
            self._epochs[-1].meanwhile[worker].extend(Part(step.node, region) for region in inside if region.rows > 0)
            outside = (share._replace(bottom=ready.top), share._replace(top=ready.bottom))
            rest.append([region for region in outside if region.rows > 0])
        return rest

    def _ready(self, step: Step, worker: int, share: Region) -> Region | None:
        """Return the rows of a worker's share that it can compute already; None if there are none."""
        ready = [
            row
            for row in range(share.top, share.bottom)
            if self._may_read(step, worker, [share._replace(top=row, bottom=row + 1)])
        ]
        return share._replace(top=ready[0], bottom=ready[-1] + 1) if ready else None

    def _may_read(self, step: Step, worker: int, regions: list[Region]) -> bool:
        """Return whether a worker may read all that its regions need, without waiting for the others."""
        assert step.kernel is not None
        for source in step.sources:
            fresh = self._fresh.get(home(self._steps, source))
            if fresh and regions and not _covers(fresh[worker], step.kernel, regions, self._steps[source]):
                return False
        return True

    def _write(self, node: str, regions: Regions) -> None:
        self._fresh[node] = [_bounds(own) for own in regions]

    def _wait(self) -> None:
        self._epochs.append(Epoch(*(tuple[list[Part], ...]([] for _ in range(WORKERS)) for _ in range(2))))
        self._fresh.clear()


def _covers(written: Region | None, kernel: Kernel, regions: list[Region], source: Step) -> bool:
    """Return whether all that some regions need of a map is written; what lies around the map always is."""
    if written is None:
        return False
    needed = (kernel.needs(region, source.stored) for region in regions)
    return all(source.ring.on_map(region, source.extents[0]).within(written) for region in needed)


def _bounds(regions: list[Region]) -> Region | None:
    if not regions:
        return None
    return Region(regions[0].top, regions[-1].bottom, regions[0].first, regions[-1].last)


def _alongside(step: Step, before: Regions) -> Regions | None:
    """Return the regions of a step that follows another block by block; None where it can't."""
    assert step.kernel is not None
    shrinks, height = step.kernel.shrinks, step.extents[0]
    if step.kernel.gathers and all(len(regions) == 1 for regions in before):
        return [[region._replace(top=0, bottom=1) for region in regions] for regions in before]
    whole = [region for regions in before for region in regions]
    if not shrinks or any(region.top % shrinks for region in whole):
        return None
    if shrinks == 1 and max(region.bottom for region in whole) != height:
        return None
    return [
        [r._replace(top=r.top // shrinks, bottom=min(r.bottom // shrinks, height)) for r in regions]
        for regions in before
    ]


def cut(step: Step, tuned: Tuning) -> Regions:
    """Return the regions of a layer for each worker, in blocks that fit the cache.

    Late layers, with many more filters than places, are split by filters: each worker then reads half of the weights.
    """
    kernel, (height, width, channels) = step.kernel, step.extents
    assert kernel is not None
    whole = Region(0, height, 0, channels)
    work = kernel.row_bytes() * height / BYTES_PER_MICROSECOND + step.macs / MACS_PER_MICROSECOND
    if isinstance(kernel, PlainLayer) or work < SMALL_WORK:
        return [[whole], *([] for _ in range(WORKERS - 1))]
    by_channels = (
        kernel.splits_channels and channels >= MANY_FILTERS * kernel.positions(step.extents) and channels % 32 == 0
    )
    if by_channels or (height == 1 and kernel.splits_channels):
        middle = channels // 2
        shares = [whole._replace(last=middle), whole._replace(first=middle)]
    else:
        middle = min(height, -(-height // (2 * kernel.row_step)) * kernel.row_step)
        shares = [whole._replace(bottom=middle), whole._replace(top=middle)]
    return [_blocks(share, kernel, width, tuned) if share.rows else [] for share in shares]


def _blocks(share: Region, kernel: Kernel, width: int, tuned: Tuning) -> list[Region]:
    """Cut a share into blocks of rows, as equal as the kernel's step allows."""
    step = kernel.row_step
    rows = max(tuned.block // kernel.row_bytes(), -(-LEAST_PIXELS // width), 1)
    number = max(1, round(share.rows / rows))
    rows = -(-share.rows // (number * step)) * step
    return [
        share._replace(top=top, bottom=min(top + rows, share.bottom)) for top in range(share.top, share.bottom, rows)
    ]
