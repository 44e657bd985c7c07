"""Weights as the kernels want them, made once for each set of arrays and forgotten with the arrays."""

import weakref
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np

from engine.fast.memory import ALIGNMENT, aligned
from engine.kernels.channels_last import Array, Kernel, Parameters
from engine.kernels.channels_last.region import Ask

_Key = tuple[tuple[str, int], ...]


class _Entry(NamedTuple):
    preparation: object
    sources: tuple[weakref.ref[Array], ...]
    made: dict[str, Array]


class Shelf:
    """Memory for what is made of a whole network's weights, in one piece in the order of computation.

    Numpy asks the system for large pages from `LARGE` values on. Most layers have fewer, and by themselves lie on small
    pages: a late layer goes through its weights once in a run, and finding so many pages takes a tenth of its time.
    """

    LARGE = 1 << 20  # values

    def __init__(self, kernels: Iterable[Kernel]) -> None:
        sizes = [kernel.prepared_values for kernel in kernels]
        room = sum(size + ALIGNMENT for size in sizes if size < self.LARGE)
        self._free = aligned(room) if room >= self.LARGE else np.empty(0, np.float32)

    def put(self, made: Mapping[str, Array]) -> dict[str, Array]:
        """Return arrays with the same values, of which those that are not large lie here while there is room."""
        return {name: self._put(array) for name, array in made.items()}

    def _put(self, array: Array) -> Array:
        step = -(-array.size // ALIGNMENT) * ALIGNMENT
        if array.size >= self.LARGE or step > self._free.size:
            return array
        own = self._free[: array.size].reshape(array.shape)
        np.copyto(own, array)
        self._free = self._free[step:]
        return own


class Preparations:
    """What kernels have made of weights: the latest for each set of arrays, kept as long as all of them live."""

    def __init__(self) -> None:
        self._entries: dict[_Key, _Entry] = {}

    def parameters(self, kernel: Kernel, weights: Mapping[str, Array], shelf: Shelf, ask: Ask) -> Parameters:
        """Return a layer's weights together with what its kernel makes of them; what is new is put on the shelf."""
        if not weights:
            return Parameters({}, {})
        key = tuple((name, id(array)) for name, array in weights.items())
        entry = self._entries.get(key)
        if entry is None or entry.preparation != kernel.preparation:
            made = kernel.prepare(weights, ask)
            if kernel.prepared_values:  # else they are views of the weights themselves
                made = shelf.put(made)
            # An id can come back for another array, so an entry goes as soon as one of its arrays does.
            forget = _Forget(self._entries, key)
            entry = _Entry(kernel.preparation, tuple(weakref.ref(array, forget) for array in weights.values()), made)
            if made:
                self._entries[key] = entry
        return Parameters(weights, entry.made)


class _Forget:
    """Removes an entry; called when one of its arrays dies."""

    def __init__(self, entries: dict[_Key, _Entry], key: _Key) -> None:
        self._entries, self._key = entries, key

    def __call__(self, _: object) -> None:
        self._entries.pop(self._key, None)
