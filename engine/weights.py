"""Weights of a network: an immutable mapping, seeded initial values, and what to do when shapes change."""

from collections.abc import Callable, Iterator, Mapping
from math import sqrt
from typing import NamedTuple
from weakref import WeakValueDictionary
from zlib import crc32

import numpy as np

from engine.analysis import Analysis, analyse
from engine.cancelling import Cancelled
from engine.graph import Graph
from engine.layers.base import Array, WeightSpec

# Initial values that somebody still holds: re-initialising after an edit then costs nothing for what stayed the same.
_AT_ONCE = 1 << 19  # values that are drawn together, in a few milliseconds
_held: WeakValueDictionary[tuple[int, str, WeightSpec], Array] = WeakValueDictionary()


class Weights(Mapping[str, Mapping[str, Array]]):
    """For each node id, its arrays by name. Arrays are read-only float32; a change makes a new mapping."""

    def __init__(self, arrays: Mapping[str, Mapping[str, Array]]) -> None:
        self._arrays = {node: {name: _frozen(array) for name, array in named.items()} for node, named in arrays.items()}

    def __getitem__(self, node: str) -> Mapping[str, Array]:
        return self._arrays[node]

    def __iter__(self) -> Iterator[str]:
        return iter(self._arrays)

    def __len__(self) -> int:
        return len(self._arrays)

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if not isinstance(other, Weights):
            return NotImplemented
        mine, theirs = self.flat(), other.flat()
        return mine.keys() == theirs.keys() and all(
            array is theirs[name] or np.array_equal(array, theirs[name]) for name, array in mine.items()
        )

    __hash__ = None  # type: ignore[assignment]

    def replaced(self, node: str, name: str, array: Array) -> "Weights":
        """Return the weights with one array changed; all others are shared."""
        return Weights({**self._arrays, node: {**self._arrays.get(node, {}), name: array}})

    def flat(self) -> dict[str, Array]:
        """Return all arrays under the names that files use: ``conv1.weight``."""
        return {f"{node}.{name}": array for node, named in self._arrays.items() for name, array in named.items()}

    @classmethod
    def from_flat(cls, arrays: Mapping[str, Array]) -> "Weights":
        """Make weights from arrays named as in files; what follows the last dot is the array's own name."""
        nodes: dict[str, dict[str, Array]] = {}
        for key, array in arrays.items():
            node, _, name = key.rpartition(".")
            nodes.setdefault(node, {})[name] = array
        return cls(nodes)


def initialise(graph: Graph, seed: int = 0) -> Weights:
    """Return seeded random weights for every layer whose input shape is known."""
    return completed(analyse(graph), seed=seed)


def completed(
    analysis: Analysis, given: Weights | None = None, *, seed: int = 0, cancelled: Callable[[], bool] | None = None
) -> Weights:
    """Return weights for every layer: the given ones where they fit, seeded random ones elsewhere.

    The values of a node depend on the seed, its id and the array's shape alone, so that an edit elsewhere in the
    network leaves them as they were.

    Raises
    ------
    Cancelled
        Where ``cancelled()``, which is asked every few milliseconds, returned true.
    """
    arrays: dict[str, Mapping[str, Array]] = {}
    for node in analysis.order:
        entry = analysis.nodes[node]
        if entry.output is not None and entry.inferred.weights:
            arrays[node] = of_node(analysis, node, given, seed=seed, cancelled=cancelled)
    return Weights(arrays)


def of_node(
    analysis: Analysis,
    node: str,
    given: Weights | None = None,
    *,
    seed: int = 0,
    cancelled: Callable[[], bool] | None = None,
) -> dict[str, Array]:
    """Return the weights of one layer: the given ones where all of them fit, seeded random ones otherwise."""
    specs = analysis.nodes[node].inferred.weights
    own = given.get(node, {}) if given is not None else {}
    kept = {spec.name: own[spec.name] for spec in specs if spec.name in own}
    return kept if fits(specs, kept) else {spec.name: _initial(seed, node, spec, cancelled) for spec in specs}


def fits(specs: tuple[WeightSpec, ...], arrays: Mapping[str, Array]) -> bool:
    """Return whether arrays have all the names and shapes that a layer needs."""
    return all(spec.name in arrays and arrays[spec.name].shape == spec.shape for spec in specs)


class Mismatch(NamedTuple):
    """An array that a network needs and that is missing or of another shape: ``given`` is then None or that shape."""

    name: str
    wanted: tuple[int, ...]
    given: tuple[int, ...] | None


def mismatches(analysis: Analysis, weights: Weights) -> tuple[Mismatch, ...]:
    """Return which of the arrays that a network needs the weights do not have in the right shape."""
    given = {name: array.shape for name, array in weights.flat().items()}
    wanted = {
        f"{node}.{spec.name}": spec.shape for node, entry in analysis.nodes.items() for spec in entry.inferred.weights
    }
    return tuple(Mismatch(name, shape, given.get(name)) for name, shape in wanted.items() if given.get(name) != shape)


def _initial(seed: int, node: str, spec: WeightSpec, cancelled: Callable[[], bool] | None) -> Array:
    """Return the initial values of one array.

    ``he`` draws from N(0, 2/fan_in) (He et al., 2015), ``glorot`` from U(±√(6/(fan_in + fan_out))) (Glorot and
    Bengio, 2010).
    """
    key = (seed, node, spec)
    array = _held.get(key)
    if array is None:
        random = np.random.default_rng([seed, crc32(f"{node}.{spec.name}".encode())])
        array = np.empty(spec.shape, np.float32)
        flat = array.reshape(-1)
        for start in range(0, flat.size, _AT_ONCE):  # the numbers are those of one call
            if cancelled is not None and cancelled():
                raise Cancelled
            _draw(random, spec, flat[start : start + _AT_ONCE])
        array.flags.writeable = False
        _held[key] = array
    return array


def _draw(random: np.random.Generator, spec: WeightSpec, out: Array) -> None:
    """Fill a stretch of an array with initial values."""
    if spec.initialiser == "he":
        random.standard_normal(dtype=np.float32, out=out)
        out *= np.float32(sqrt(2 / spec.fan_in))
    elif spec.initialiser == "glorot":
        random.random(dtype=np.float32, out=out)
        out *= np.float32(2)
        out -= np.float32(1)
        out *= np.float32(sqrt(6 / (spec.fan_in + spec.fan_out)))
    else:
        out.fill(spec.value if spec.initialiser == "constant" else 0.0)


def _frozen(array: Array) -> Array:
    """Return a read-only float32 array; the same object where it is one already."""
    if array.dtype == np.float32 and not array.flags.writeable and array.flags.c_contiguous:
        return array
    made = np.array(array, np.float32, order="C")  # a copy: what was handed over must not change afterwards
    made.flags.writeable = False
    return made
