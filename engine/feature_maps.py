"""What a forward pass gives back: every layer's output, and what each was computed from."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple, Protocol

from engine.layers import Layer
from engine.layers.base import Array


class Result(NamedTuple):
    """A node's output ``(N, …)`` and all that it was computed from."""

    layer: Layer
    inputs: tuple[Array, ...]
    weights: Mapping[str, Array]
    values: Array
    seconds: float


class Results(Protocol):
    """Results by node."""

    def get(self, node: str, /) -> Result | None:
        """Return a node's result; None where there is none."""


class FeatureMaps(Mapping[str, Array]):
    """Node id to output: ``(C, H, W)`` or ``(N,)`` for one image, with a batch axis in front for a batch.

    Arrays are read-only float32. Nodes without a shape, because of a mistake there or before, are missing, and so are
    those whose maps a run was not asked to keep.

    Parameters
    ----------
    order
        The nodes, in the order in which maps are listed.
    results
        What is known of each.
    bare
        Results of nodes whose inputs were not kept.
    """

    __slots__ = ("__weakref__", "_bare", "_order", "_results", "batched", "strict")

    def __init__(
        self,
        order: tuple[str, ...],
        results: Results,
        *,
        batched: bool,
        strict: bool,
        bare: Mapping[str, Result] | None = None,
    ) -> None:
        self._order, self._results, self._bare = order, results, bare or {}
        self.batched, self.strict = batched, strict

    def __getitem__(self, node: str) -> Array:
        return self._any(node).values

    def __iter__(self) -> Iterator[str]:
        return iter(self._order)

    def __len__(self) -> int:
        return len(self._order)

    def seconds(self, node: str) -> float:
        """Return how long a layer took when it was computed."""
        return self._any(node).seconds

    def result(self, node: str) -> Result | None:
        """Return a node's output with what it was computed from; None where it did not run, or that was not kept."""
        return self._results.get(node)

    def _any(self, node: str) -> Result:
        found = self._results.get(node) or self._bare.get(node)
        if found is None:
            raise KeyError(node)
        return found
