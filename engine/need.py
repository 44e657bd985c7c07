"""What a run will take, known before it begins: its plan, in bytes."""

from collections.abc import Collection
from typing import NamedTuple

from engine.analysis import Analysis
from engine.fast.executable import executable_for
from engine.fast.lean import listed, peak
from engine.fast.plan import Plan
from engine.fast.rules import tuning


class Need(NamedTuple):
    """Bytes that a run takes while it is under way.

    ``weights`` are the arrays themselves, ``prepared`` what the kernels make of them, ``maps`` the layers' outputs
    that are there at one time, and ``scratch`` what kernels work on.
    """

    weights: int
    prepared: int
    maps: int
    scratch: int

    @property
    def total(self) -> int:
        """All bytes together."""
        return sum(self)


def need(analysis: Analysis, keep: Collection[str] | None = None, *, plan: Plan | None = None) -> Need:
    """Return what a run takes that keeps all maps, or only those of some layers and of what feeds these."""
    tuned = tuning(strict=False)
    if plan is None:  # that of the run, which may be known, and otherwise will be wanted
        plan = executable_for(analysis.graph, lambda: analysis, strict=False).plan
    weights = sum(4 * spec.size for node in plan.order for spec in analysis.nodes[node].inferred.weights)
    if keep is not None:
        lean = peak(plan, tuned, listed(plan, keep))
        return Need(weights, lean.prepared, lean.maps, lean.scratch)
    kernels = [step.kernel for step in plan.steps.values() if step.kernel is not None]
    prepared = 4 * sum(kernel.prepared_values for kernel in kernels)
    plain = max((kernel.unplanned_values for kernel in kernels), default=0)
    return Need(weights, prepared, plan.bytes, 4 * (sum(plan.scratch) + plain))
