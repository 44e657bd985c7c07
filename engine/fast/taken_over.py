"""Maps of an earlier run, as a plan stores them: where they lie, if they are stored like that, else copied."""

from math import prod

import numpy as np

from engine.fast.layout import RingAt, placed
from engine.fast.memory import address, lender
from engine.fast.rules import channels_first
from engine.fast.steps import Step
from engine.kernels.channels_last import Array


def taken_over(step: Step, values: Array) -> Array:
    """Return what the readers of a layer's map want to find in memory, from the map ``(C, H, W)`` of another run."""
    found = _with_its_ring(step, values) if any(step.ring) else _in_one_piece(step, values)
    if found is not None:
        return found
    stored = placed(step, np.zeros(prod(step.stored), np.float32), 0)
    np.copyto(channels_first(step.ring.inside(stored), step.shape), values)
    return stored


def _in_one_piece(step: Step, values: Array) -> Array | None:
    turned = values.transpose(1, 2, 0) if step.shape.is_volume else values.reshape(1, 1, -1)
    return turned if (values if step.planar else turned).flags.c_contiguous else None


def _with_its_ring(step: Step, values: Array) -> Array | None:
    """Return a map with the ring that it lies in, if its memory has zeros there."""
    memory = lender(values)
    if memory is None:
        return None
    (_, width, channels), (top, _, left, _) = step.stored, step.ring
    first = (address(values) - address(memory.values)) // values.itemsize
    at = RingAt(first - (top * width + left) * channels, step.stored, step.ring)
    return at.of(memory.values) if at in memory.rings else None
