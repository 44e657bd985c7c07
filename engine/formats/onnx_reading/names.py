"""What the layers of a file are called: as its values or its weights are, where people know those, or by numbers."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from engine.formats.onnx_reading.source import Operation, Source
from engine.layers import Layer

_WEIGHT = re.compile(r"/?(.+?)[./](?:weight|kernel|bias)(?::0)?")
_VIEWS = ("Transpose", "Identity", "Cast")  # these seldom become layers, and leave their names to those before
_READABLE = re.compile(r"[A-Za-z_][\w.-]{0,39}")


class NamesMark(NamedTuple):
    """A state of naming to come back to."""

    given: int
    numbers: dict[str, int]


class Names:
    """The ids given so far, and those that values of the file will want.

    Parameters
    ----------
    source
        The file.
    """

    def __init__(self, source: Source) -> None:
        self._own, self._ends = source.own, source.outputs
        self._ids = dict[str, None]()
        self._numbers: dict[str, int] = {}
        layered = (name for name, made in source.producers.items() if self._own or made.type not in _VIEWS)
        self._reserved = {name for name in layered if self._is_readable(name)}

    def fresh(self, output: str, layer: Layer, operation: Operation | None) -> str:
        """Return an id: the value's name where people know it, the weights' where they say it, or a number's."""
        node = output if self._is_readable(output) and output not in self._ids else ""
        if operation is not None and not self._own and output not in self._ends:
            base = self._of_weights(operation.inputs[1:])
            if _READABLE.fullmatch(base) and base not in self._ids and (base == output or base not in self._reserved):
                node = base
        while not node:
            number = self._numbers[layer.prefix] = self._numbers.get(layer.prefix, 0) + 1
            fresh = f"{layer.prefix}{number}"
            node = fresh if fresh not in self._ids and fresh not in self._reserved else ""
        self._ids[node] = None
        return node

    def mark(self) -> NamesMark:
        """Return the state of naming, to come back to."""
        return NamesMark(len(self._ids), dict(self._numbers))

    def return_to(self, mark: NamesMark) -> None:
        """Take back all ids that were given since a mark."""
        while len(self._ids) > mark.given:
            self._ids.popitem()
        self._numbers = mark.numbers

    def _is_readable(self, name: str) -> bool:
        return bool(name) and (self._own or _READABLE.fullmatch(name) is not None)

    @staticmethod
    def _of_weights(names: Sequence[str]) -> str:
        """Return what the first of some arrays is called that says of what it is the weight; empty where none does."""
        return next((found[1] for name in names if (found := _WEIGHT.fullmatch(name))), "")
