"""Weights as the kernels want them, made once for each set of arrays and forgotten with the arrays."""

import weakref
from collections.abc import Mapping
from typing import NamedTuple

from engine.kernels.channels_last import Array, Kernel, Parameters
from engine.kernels.channels_last.region import Ask, go_on

_Key = tuple[tuple[str, int], ...]


class _Entry(NamedTuple):
    preparation: object
    sources: tuple[weakref.ref[Array], ...]
    made: dict[str, Array]


class Preparations:
    """What kernels have made of weights: the latest for each set of arrays, kept as long as all of them live."""

    def __init__(self) -> None:
        self._entries: dict[_Key, _Entry] = {}

    def parameters(self, kernel: Kernel, weights: Mapping[str, Array], ask: Ask = go_on) -> Parameters:
        """Return a layer's weights together with what its kernel makes of them."""
        if not weights:
            return Parameters({}, {})
        key = tuple((name, id(array)) for name, array in weights.items())
        entry = self._entries.get(key)
        if entry is None or entry.preparation != kernel.preparation:
            made = kernel.prepare(weights, ask)
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
