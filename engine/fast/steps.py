"""A network as steps: every layer with its kernel, in an order that keeps values in the cache."""

from dataclasses import dataclass
from functools import cached_property

from engine.analysis import Analysis
from engine.fast.rules import Tuning, hands_on, kernel_for, stays_planar, stored
from engine.kernels.channels_last import FEW_CHANNELS, Extents, Kernel, Ring
from engine.layers import Input
from engine.layers.base import Layer
from engine.shape import Shape

NO_RING = Ring()  # of the maps that lie in one piece


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
    ring: Ring = NO_RING  # zeros around the map in memory

    @cached_property
    def extents(self) -> Extents:
        """The map's ``(H, W, C)``."""
        return stored(self.shape)

    @cached_property
    def stored(self) -> Extents:
        """The extents in memory, with the ring."""
        return self.ring.around(self.extents)


Steps = dict[str, Step]


def planned(analysis: Analysis, tuned: Tuning) -> tuple[tuple[str, ...], Steps]:
    """Return the order in which a network's maps are listed, and its steps in the order of computation."""
    order = _order(analysis)
    found: Steps = {}
    for node in order:
        found[node] = _step(analysis, node, tuned, found)
    return order, _scheduled(found)


def home(steps: Steps, node: str) -> str:
    """Return the node in whose memory a map lies."""
    same = steps[node].same_as
    return node if same is None else home(steps, same)


def _order(analysis: Analysis) -> tuple[str, ...]:
    """Return the nodes that run: those with a shape, but for what follows a second Input or what is not computed."""
    image, incoming = analysis.input, analysis.graph.incoming
    order: dict[str, None] = {}
    for node in analysis.order:
        entry = analysis.nodes[node]
        fed = all(wire.source in order for wire in incoming[node].values())
        other = isinstance(entry.layer, Input) and image is not None and entry.output != image.layer.infer(()).output
        if entry.output is not None and entry.layer.computed and fed and not other:
            order[node] = None
    return tuple(order)


def _step(analysis: Analysis, node: str, tuned: Tuning, before: Steps) -> Step:
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


def _scheduled(steps: Steps) -> Steps:
    """Order the steps so that a layer that can run along with the one before it comes right after it."""
    consumers: dict[str, list[str]] = {node: [] for node in steps}
    for step in steps.values():
        for source in dict.fromkeys(step.sources):
            consumers[source].append(step.node)
    placed: Steps = {}
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
