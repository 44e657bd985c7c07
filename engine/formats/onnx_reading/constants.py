"""The values of a file that do not depend on the image's pixels: weights, and what is reckoned with them."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from engine.formats.errors import FormatError
from engine.formats.onnx_reading.folding import folded
from engine.formats.onnx_reading.source import Constant, Operation, Source
from engine.language import tr

MOST_WEIGHTS = 1 << 29  # values: what fits into the largest file there can be

# What a malformed node makes its reader stumble over.
STUMBLES = (ValueError, TypeError, LookupError, ArithmeticError, AttributeError, RecursionError, MemoryError)


class Constants:
    """Constants of one reading, each reckoned when it is first asked for.

    Parameters
    ----------
    source
        The file.
    given
        Arrays for inputs of the file that are weights.
    extents
        Returns the extents, with the batch, of a value that does depend on the image.
    """

    def __init__(
        self, source: Source, given: Mapping[str, Constant], extents: Callable[[str], tuple[int, ...]]
    ) -> None:
        self._source, self._given, self._extents = source, given, extents
        self._arrays: dict[str, Constant] = {"": np.zeros(0)}
        self.names = self._constant_names()

    def array(self, name: str) -> Any:
        """Return a value; None for an input that is left out."""
        if not name:
            return None
        if name not in self.names:
            raise FormatError(tr("{name!r} depends on the image where a fixed value is needed", name=name))
        if name not in self._arrays:
            self._reckon(name)
        array = self._arrays[name]
        if array.size > MOST_WEIGHTS:
            raise FormatError(tr("{name!r} has {size:,} values, too many", name=name, size=array.size))
        return array

    def _constant_names(self) -> set[str]:
        """Return the names of all values that do not depend on the image's pixels: shapes do not."""
        source = self._source
        fixed = {"", *self._given, *(name for name in source.users if source.names_array(name))}
        for operation in source.operations:
            if operation.type == "Shape" or all(name in fixed for name in operation.inputs):
                fixed.update(operation.outputs)
        return fixed

    def _reckon(self, name: str) -> None:
        """Compute a constant, and before it what it is computed from; in a loop, for files may be deep."""
        waiting = [name]
        while waiting:
            name = waiting[-1]
            array = self._direct(name)
            if array is not None:
                self._arrays[waiting.pop()] = array
                continue
            operation = self._source.producers.get(name)
            if operation is None:
                raise FormatError(tr("Nothing makes the value {name!r}", name=name))
            unknown = [one for one in operation.inputs if one in self.names and one not in self._arrays]
            if unknown:
                waiting.extend(unknown)
                continue
            self._arrays |= dict(zip(operation.outputs, self._computed(operation), strict=False))
            if name not in self._arrays:
                raise FormatError(tr("Convolab does not compute {name!r}", name=name))
            waiting.pop()

    def _computed(self, operation: Operation) -> list[Constant]:
        """Return the outputs of an operation on constants, or the extents of a value."""
        if operation.type == "Shape":
            source = operation.inputs[0]
            fixed = source in self.names
            extents = self._arrays[source].shape if fixed else self._extents(source)
            end = operation.get("end", len(extents))
            return [np.array(extents, np.int64)[operation.get("start", 0) : end]]
        try:
            return folded(self._source, operation, [self._arrays[one] if one else None for one in operation.inputs])
        except FormatError:
            raise
        except STUMBLES as problem:
            raise FormatError(
                tr("{place} can't be reckoned: {problem}", place=operation.place, problem=problem)
            ) from problem

    def _direct(self, name: str) -> Constant | None:
        array = self._source.array(name)
        return self._given.get(name) if array is None else array
