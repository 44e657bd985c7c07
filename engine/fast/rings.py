"""Which maps are stored with a ring of zeros around them: those that nobody but padded convolutions reads."""

from collections.abc import Sequence
from dataclasses import replace
from math import prod

from engine.fast.steps import NO_RING, Steps, home
from engine.kernels.channels_last import Conv, Kernel, Ring

MOST_ROOM = 3  # times a map's own: a wider ring, as for a large dilation, costs more than copies of the rows


def with_rings(steps: Steps) -> Steps:
    """Return the steps with rings around all maps where that spares copies, and with kernels that read those maps."""
    readers: dict[str, list[Kernel]] = {node: [] for node in steps}
    for step in steps.values():
        if step.kernel is not None:
            for source in step.sources:
                readers[home(steps, source)].append(step.kernel)
    found: Steps = {}
    for node, step in steps.items():
        made = step
        if step.same_as is not None:
            made = replace(step, ring=found[step.same_as].ring)
        elif step.kernel is not None:
            ring = _wanted(readers[node]) if step.kernel.leaves_gaps and not step.planar else NO_RING
            if prod(ring.around(step.extents)) <= MOST_ROOM * step.shape.size:
                made = replace(step, ring=ring)
            if isinstance(step.kernel, Conv) and any(found[step.sources[0]].ring):
                made = replace(made, kernel=step.kernel.within(found[step.sources[0]].ring))
        found[node] = made
    return found


def _wanted(readers: Sequence[Kernel]) -> Ring:
    """Return the ring that spares all readers of a map their padding; none where one wants the map in one piece."""
    wanted = NO_RING
    for kernel in readers:
        own = kernel.ring if isinstance(kernel, Conv) else None
        if own is None:
            return NO_RING
        wanted = wanted.widened(own)
    return wanted
