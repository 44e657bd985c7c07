"""How a network is computed: in which order, by which kernels, in which regions and blocks, on which thread."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from engine.analysis import Analysis
from engine.fast.rules import FEW_CHANNELS, PlainLayer, Stored, Tuning, hands_on, kernel_for, stays_planar, stored
from engine.fast.team import WORKERS
from engine.kernels.channels_last import Kernel, Region
from engine.layers import Input
from engine.layers.base import Layer
from engine.shape import Shape

SMALL_WORK = 30.0  # microseconds below which one thread is done before a second one has woken up
BYTES_PER_MICROSECOND = 10_000.0  # about what one core reads and writes
MACS_PER_MICROSECOND = 30_000.0  # about what one core multiplies and adds
LEAST_PIXELS = 192  # of a block, so that its matrix products are worth their calls
SLAB = 64 << 10  # values: smaller maps share a piece of memory


@dataclass(frozen=True)
class Step:
    """One layer: what it is, what feeds it, and how its map is stored and computed.

    ``same_as`` names the node whose memory the map shares, for layers that hand on what they get.
    """

    node: str
    layer: Layer
    sources: tuple[str, ...]
    shape: Shape
    kernel: Kernel | None  # None for an Input, and where ``same_as`` is set
    same_as: str | None = None
    planar: bool = False  # an image of few channels is stored plane by plane
    macs: int = 0

    @property
    def stored(self) -> Stored:
        """The extents in memory."""
        return stored(self.shape)


class Part(NamedTuple):
    """A region of a layer's output that one thread computes in one go."""

    node: str
    region: Region


Epoch = tuple[tuple[Part, ...], ...]  # for each worker, what it does before the workers wait for each other


@dataclass(frozen=True)
class Slot:
    """Where a map lies: its slab, and the first value in it."""

    slab: int
    start: int


@dataclass(frozen=True)
class Plan:
    """All that is decided before memory, weights and image are at hand."""

    order: tuple[str, ...]  # as in the analysis: the order in which maps are listed
    steps: dict[str, Step]  # in the order of computation
    epochs: tuple[Epoch, ...]
    slots: dict[str, Slot]
    slabs: tuple[int, ...]  # values in each
    scratch: tuple[int, ...]  # values for each worker

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The place of each node in the order of computation."""
        return {node: number for number, node in enumerate(self.steps)}

    @cached_property
    def bytes(self) -> int:
        """Bytes of memory for all maps."""
        return 4 * sum(self.slabs)

    @cached_property
    def all_slabs(self) -> tuple[int, ...]:
        """The number of each slab."""
        return tuple(range(len(self.slabs)))

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
    order = _order(analysis)
    found: dict[str, Step] = {}
    for node in order:
        found[node] = _step(analysis, node, tuned, found)
    steps = _scheduled(found)
    epochs = _Cut(steps, tuned).epochs()
    slots, slabs = _slots(steps)
    scratch = [0] * WORKERS
    for epoch in epochs:
        for worker, parts in enumerate(epoch):
            for node, region in parts:
                kernel = steps[node].kernel
                if kernel is not None:
                    scratch[worker] = max(scratch[worker], kernel.scratch(region))
    return Plan(order, steps, epochs, slots, slabs, tuple(scratch))


def _order(analysis: Analysis) -> tuple[str, ...]:
    """Return the nodes that run: those with a shape, but for what follows a second Input of another shape."""
    image, incoming = analysis.input, analysis.graph.incoming
    order: dict[str, None] = {}
    for node in analysis.order:
        entry = analysis.nodes[node]
        fed = all(wire.source in order for wire in incoming[node].values())
        other = isinstance(entry.layer, Input) and image is not None and entry.output != image.layer.infer(()).output
        if entry.output is not None and fed and not other:
            order[node] = None
    return tuple(order)


def _step(analysis: Analysis, node: str, tuned: Tuning, before: dict[str, Step]) -> Step:
    entry, wires = analysis.nodes[node], analysis.graph.incoming[node]
    layer, shape = entry.layer, entry.output
    assert shape is not None
    sources = tuple(wires[port].source for port in sorted(wires))
    if isinstance(layer, Input):
        return Step(node, layer, (), shape, None, planar=shape.channels <= FEW_CHANNELS)
    inputs = tuple(known for known in entry.inputs if known is not None)
    planar = all(before[source].planar for source in sources)
    if hands_on(layer, inputs, shape):
        return Step(node, layer, sources, shape, None, sources[0], planar=planar)
    kernel = kernel_for(layer, inputs, shape, tuned)
    return Step(node, layer, sources, shape, kernel, planar=planar and stays_planar(layer), macs=entry.macs)


def _scheduled(steps: dict[str, Step]) -> dict[str, Step]:
    """Order the steps so that a layer that can run along with the one before it comes right after it."""
    consumers: dict[str, list[str]] = {node: [] for node in steps}
    for step in steps.values():
        for source in dict.fromkeys(step.sources):
            consumers[source].append(step.node)
    placed: dict[str, Step] = {}
    for first in steps:
        waiting = [first]
        while waiting:
            node = waiting.pop()
            if node in placed or any(source not in placed for source in steps[node].sources):
                continue
            placed[node] = steps[node]
            waiting += [consumer for consumer in reversed(consumers[node]) if _follows(steps[consumer])]
    return placed


def _follows(step: Step) -> bool:
    return step.same_as is not None or (step.kernel is not None and step.kernel.shrinks > 0)


def _slots(steps: dict[str, Step]) -> tuple[dict[str, Slot], tuple[int, ...]]:
    """Give every map its place; small ones next to each other share a slab, so that a small network has one."""
    slots: dict[str, Slot] = {}
    slabs: list[int] = []
    open_slab = False
    for node, step in steps.items():
        if step.same_as is not None:
            slots[node] = slots[step.same_as]
            continue
        size = -(-step.shape.size // 16) * 16  # whole cache lines
        if not open_slab or slabs[-1] + size > SLAB:
            slabs.append(0)
        slots[node] = Slot(len(slabs) - 1, slabs[-1])
        slabs[-1] += size
        open_slab = slabs[-1] < SLAB
    return slots, tuple(slabs)


Regions = list[list[Region]]  # for each worker, in order


class _Cut:
    """Cuts steps into parts.

    What a layer is cut into depends on its own shapes alone, never on its neighbours: the last bits of a matrix
    product depend on the cut, and a map that is taken over from an earlier run must equal that of a full run.
    """

    def __init__(self, steps: dict[str, Step], tuned: Tuning) -> None:
        self._steps, self._tuned = steps, tuned
        self._epochs: list[list[list[Part]]] = []
        # What each worker has written since the workers last waited for each other; the others may not read it yet.
        self._fresh: dict[str, list[Region | None]] = {}

    def epochs(self) -> tuple[Epoch, ...]:
        """Return all parts of all steps."""
        self._wait()
        waiting = [node for node, step in self._steps.items() if step.kernel is not None]
        while waiting:
            segment = self._segment(waiting)
            del waiting[: len(segment)]
            for worker in range(WORKERS):
                for block in range(max(len(regions[worker]) for regions in segment.values())):
                    for node, regions in segment.items():
                        if block < len(regions[worker]) and regions[worker][block].rows > 0:
                            self._epochs[-1][worker].append(Part(node, regions[worker][block]))
        done = [epoch for epoch in self._epochs if any(epoch)]
        return tuple(tuple(tuple(parts) for parts in epoch) for epoch in done)

    def _segment(self, waiting: list[str]) -> dict[str, Regions]:
        """Return the regions of the first step that waits, and of those that can run along with it."""
        head = self._steps[waiting[0]]
        regions = cut(head, self._tuned)
        if not self._readable(head, regions):
            self._wait()
        segment = {head.node: regions}
        self._write(head.node, regions)
        for node in waiting[1:]:
            step = self._steps[node]
            before = next((segment[self._home(s)] for s in step.sources if self._home(s) in segment), None)
            own = _alongside(step, before) if before is not None else None
            if own is None or not self._readable(step, own):
                break
            segment[node] = own
            self._write(node, own)
        return segment

    def _home(self, node: str) -> str:
        """Return the node in whose memory a map lies."""
        same = self._steps[node].same_as
        return node if same is None else self._home(same)

    def _readable(self, step: Step, regions: Regions) -> bool:
        """Return whether each worker may read all that its regions need, without waiting for the others."""
        assert step.kernel is not None
        for source in map(self._home, step.sources):
            if source not in self._fresh:
                continue
            extents = self._steps[source].stored
            for written, own in zip(self._fresh[source], regions, strict=True):
                if own and not _covers(written, step.kernel, own, extents):
                    return False
        return True

    def _write(self, node: str, regions: Regions) -> None:
        self._fresh[node] = [_bounds(own) for own in regions]

    def _wait(self) -> None:
        self._epochs.append([[] for _ in range(WORKERS)])
        self._fresh.clear()


def _covers(written: Region | None, kernel: Kernel, regions: list[Region], extents: Stored) -> bool:
    return written is not None and all(kernel.needs(region, extents).within(written) for region in regions)


def _bounds(regions: list[Region]) -> Region | None:
    if not regions:
        return None
    return Region(regions[0].top, regions[-1].bottom, regions[0].first, regions[-1].last)


def _alongside(step: Step, before: Regions) -> Regions | None:
    """Return the regions of a step that follows another block by block; None where it can't."""
    assert step.kernel is not None
    shrinks, height = step.kernel.shrinks, step.stored[0]
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

    Late layers, with more filters than places, are split by filters: each worker then reads half of the weights.
    """
    kernel, (height, width, channels) = step.kernel, step.stored
    assert kernel is not None
    whole = Region(0, height, 0, channels)
    work = kernel.row_bytes() * height / BYTES_PER_MICROSECOND + step.macs / MACS_PER_MICROSECOND
    if isinstance(kernel, PlainLayer) or work < SMALL_WORK:
        return [[whole], *([] for _ in range(WORKERS - 1))]
    by_channels = kernel.splits_channels and channels >= 4 * kernel.positions(step.stored) and channels % 32 == 0
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
