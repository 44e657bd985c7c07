"""What earlier runs have computed, taken over where a run would only repeat it."""

from collections.abc import Iterator, Mapping, Sequence

from engine.feature_maps import FeatureMaps, Result
from engine.layers import Layer
from engine.layers.base import Array

BUDGET = 512 << 20  # bytes that earlier runs may hold beyond what the newest one does
MOST = 24  # runs: a drag makes sixty in a second, and each is looked through for what can be taken over


class RecentRuns:
    """The latest runs, the newest first: handed to `run` as ``previous``, they make undo and redo free.

    Parameters
    ----------
    budget
        How many bytes of maps and weights the older runs may keep in memory beside those of the newest one; the oldest
        go first.
    most
        How many runs are kept, however small they are.
    """

    def __init__(self, budget: int = BUDGET, most: int = MOST) -> None:
        self._budget, self._most = budget, most
        self._runs: list[FeatureMaps] = []
        self._sizes: list[dict[int, int]] = []  # of each run: the bytes of all arrays that it holds, by address

    def __iter__(self) -> Iterator[FeatureMaps]:
        return iter(self._runs)

    def __len__(self) -> int:
        return len(self._runs)

    @property
    def nbytes(self) -> int:
        """Bytes of all maps and weights that are held."""
        known: dict[int, int] = {}
        for sizes in self._sizes:
            known.update(sizes)
        return sum(known.values())

    def clear(self) -> None:
        """Let go of all runs."""
        self._runs, self._sizes = [], []

    def add(self, maps: FeatureMaps) -> None:
        """Take a run as the newest, and let go of the oldest ones beyond the budget."""
        older = [place for place, run in enumerate(self._runs) if run is not maps][: self._most - 1]
        self._runs = [maps, *(self._runs[place] for place in older)]
        self._sizes = [_sizes(maps), *(self._sizes[place] for place in older)]
        known = dict(self._sizes[0])
        own = sum(known.values())
        for number, sizes in enumerate(self._sizes[1:], start=1):
            known.update(sizes)
            if sum(known.values()) - own > self._budget:
                del self._runs[number:], self._sizes[number:]
                return


def _sizes(maps: FeatureMaps) -> dict[int, int]:
    results = [result for result in map(maps.result, maps) if result is not None]
    return {_address(array): array.nbytes for result in results for array in (result.values, *result.weights.values())}


def find(
    runs: Sequence[FeatureMaps], node: str, layer: Layer, inputs: tuple[Array, ...], weights: Mapping[str, Array]
) -> Result | None:
    """Return what an earlier run has computed for a node from equal hyper-parameters and the very same arrays."""
    for run in runs:
        result = run.result(node)
        if result is not None and _same(result, layer, inputs, weights):
            return result
    return None


def _same(old: Result, layer: Layer, inputs: tuple[Array, ...], weights: Mapping[str, Array]) -> bool:
    return (
        old.layer == layer
        and len(old.inputs) == len(inputs)
        and all(_is(a, b) for a, b in zip(old.inputs, inputs, strict=True))
        and old.weights.keys() == weights.keys()
        and all(_is(old.weights[name], array) for name, array in weights.items())
    )


def _is(a: Array, b: Array) -> bool:
    """Whether two arrays are the same read-only memory, be it through two views."""
    return a is b or (a.shape == b.shape and a.strides == b.strides and _address(a) == _address(b))


def _address(array: Array) -> int:
    address: int = array.__array_interface__["data"][0]
    return address
