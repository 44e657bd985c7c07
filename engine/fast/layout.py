"""Where maps lie in memory: slabs, the maps in them, and the rings of zeros around some."""

from dataclasses import dataclass
from math import prod
from typing import NamedTuple

from engine.fast.steps import Step, Steps
from engine.kernels.channels_last import Array, Extents, Ring

SLAB = 256 << 10  # values: smaller maps share a piece of memory


@dataclass(frozen=True)
class Slot:
    """Where a map lies: its slab, and the first value in it."""

    slab: int
    start: int


class RingAt(NamedTuple):
    """Where the zeros around a map lie in a slab: the first value of what is stored, its extents, and the ring."""

    start: int
    stored: Extents
    ring: Ring

    def of(self, values: Array) -> Array:
        """Return what is stored, in the flat memory of its slab."""
        return values[self.start : self.start + prod(self.stored)].reshape(self.stored)


Rings = tuple[RingAt, ...]


class Layout(NamedTuple):
    """The places of all maps, and for each slab its size in values and the rings in it."""

    slots: dict[str, Slot]
    slabs: tuple[int, ...]
    rings: tuple[Rings, ...]


def laid_out(steps: Steps) -> Layout:
    """Give every map its place; small ones next to each other share a slab, so that a small network has one."""
    slots: dict[str, Slot] = {}
    slabs: list[int] = []
    rings: list[Rings] = []
    open_slab = False
    for node, step in steps.items():
        if step.same_as is not None:
            slots[node] = slots[step.same_as]
            continue
        size = -(-prod(step.stored) // 16) * 16  # whole cache lines
        if not open_slab or slabs[-1] + size > SLAB:
            slabs.append(0)
            rings.append(())
        slots[node] = Slot(len(slabs) - 1, slabs[-1])
        if any(step.ring):
            rings[-1] += (RingAt(slabs[-1], step.stored, step.ring),)
        slabs[-1] += size
        open_slab = slabs[-1] < SLAB
    return Layout(slots, tuple(slabs), tuple(rings))


def placed(step: Step, values: Array, start: int) -> Array:
    """Return what is stored of a layer in the flat memory of its slab: its map ``(H, W, C)``, with its ring."""
    flat = values[start : start + prod(step.stored)]
    if step.planar:
        return flat.reshape(step.shape).transpose(1, 2, 0)
    return flat.reshape(step.stored)
