"""A network in the making: what each value of a file has become, and how operations become layers.

Convolab's volumes are channels first and have no batch. A file's may lie otherwise, and much that files write as
operators only says how values lie: so a value here knows which axis of the layer's output each of its axes is, and a
transposition is first of all another view of the same layer.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from engine.formats.errors import FormatError
from engine.formats.onnx_reading.folding import folded
from engine.formats.onnx_reading.patterns import Pattern, matches
from engine.formats.onnx_reading.source import Constant, Operation, Source
from engine.graph import Draft, EditError, Graph, Node
from engine.language import tr
from engine.layers import Flatten, Input, Layer, Permute, Reshape
from engine.shape import Shape
from engine.weights import Weights, fits

MOST_WEIGHTS = 1 << 29  # values: what fits into the largest file there can be
_WEIGHT = re.compile(r"/?(.+?)[./](?:weight|kernel|bias)(?::0)?")
_VIEWS = ("Transpose", "Identity", "Cast")  # these seldom become layers, and leave their names to those before
_READABLE = re.compile(r"[A-Za-z_][\w.-]{0,39}")

# What a malformed node makes its reader stumble over.
_STUMBLES = (ValueError, TypeError, LookupError, ArithmeticError, AttributeError, RecursionError, MemoryError)


class Flow(NamedTuple):
    """A value that depends on the image: the layer that makes it, that layer's shape, and how it lies.

    For each axis of the value after the batch, ``axes`` has the axis of the layer's output; None is an axis of 1.
    Where ``laid`` is given, the value is the layer's volume laid out as a vector, its axes in that order.
    """

    node: str
    shape: Shape
    axes: tuple[int | None, ...]
    laid: tuple[int, ...] = ()

    @property
    def extents(self) -> tuple[int, ...]:
        """The value's extents after the batch."""
        return tuple(1 if axis is None else self.shape[axis] for axis in self.axes)

    @property
    def plain(self) -> bool:
        """Whether the value lies as the layer's output does."""
        return self.axes == tuple(range(len(self.shape)))


Reader = Callable[["Reading", Operation], None]


class Reading:
    """The state of reading one file: converted values, the graph so far, its weights.

    Parameters
    ----------
    source
        The file.
    readers, patterns
        What reads single operators, and what reads several together that make one layer.
    given
        Arrays for inputs of the file that are weights.
    batch
        How many images the file works on at once.
    """

    def __init__(
        self,
        source: Source,
        readers: Mapping[str, Reader],
        patterns: Sequence[Pattern],
        given: Mapping[str, Constant],
        batch: int = 1,
    ) -> None:
        self.source = source
        self.own = source.own
        self.batch = batch
        self.notices: list[str] = []
        self._readers, self._given = readers, given
        self._constants: dict[str, Constant] = {"": np.zeros(0)}
        self._flows: dict[str, Flow] = {}
        self._draft, self._ids = Draft(), set[str]()
        self._weights: dict[str, dict[str, Any]] = {}
        self._blank = any(array.size and np.isnan(array.flat[0]) for array in given.values() if array.dtype.kind == "f")
        self._size = 0
        self._numbers: dict[str, int] = {}
        self._flat: dict[str, Flow] = {}
        self._fixed = self._constant_names()
        self._patterns, self._inner = matches(source, patterns, self._fixed)
        layered = (name for name, made in source.producers.items() if self.own or made.type not in _VIEWS)
        self._reserved = {name for name in layered if self._is_readable(name)}

    # What readers ask

    def is_constant(self, name: str) -> bool:
        """Whether a value does not depend on the image."""
        return name in self._fixed

    def constant(self, name: str) -> Any:
        """Return a value that does not depend on the image; None for an input that is left out."""
        if not name:
            return None
        if name not in self._fixed:
            raise FormatError(tr("{name!r} depends on the image where a fixed value is needed", name=name))
        if name not in self._constants:
            self._reckon(name)
        array = self._constants[name]
        if array.size > MOST_WEIGHTS:
            raise FormatError(tr("{name!r} has {size:,} values, too many", name=name, size=array.size))
        return array

    def flow(self, name: str, *, loose: bool = False) -> Flow:
        """Return a value that depends on the image; one laid out in another order only where that is no matter."""
        if name not in self._flows:
            operation = self.source.producers.get(name)
            if operation is None or name in self._fixed:
                raise FormatError(tr("{name!r} does not depend on the image where it should", name=name))
            self.convert(operation)
        if name not in self._flows:
            raise FormatError(tr("Convolab does not compute {name!r}", name=name))
        flow = self._flows[name]
        if flow.laid and not loose:
            turned = self.volume(flow._replace(axes=flow.laid, laid=()))
            flow = self._flows[name] = self.emit(None, Flatten(), [turned])
        return flow

    def vector(self, name: str) -> Flow:
        """Return a value that must be a vector."""
        flow = self.flow(name)
        if flow.axes != (0,):
            raise FormatError(
                tr(
                    "it works on a vector where Convolab does, not on {extents}",
                    extents=" × ".join(map(str, flow.extents)),
                )
            )
        return flow

    def flattened(self, flow: Flow) -> Flow:
        """Return a volume laid out as a vector, channel by channel; the same layer for all that ask."""
        if flow.node not in self._flat:
            whole = Flow(flow.node, flow.shape, tuple(range(len(flow.shape))))
            self._flat[flow.node] = self.emit(None, Flatten(), [whole])
        return self._flat[flow.node]

    def volume(self, name: str | Flow) -> Flow:
        """Return a value as a volume that lies channels first; a layer that turns it comes before, where need be."""
        flow = self.flow(name) if isinstance(name, str) else name
        if flow.plain:
            return flow
        if None in flow.axes:
            axes = [axis for axis in flow.axes if axis is not None]
            if flow.shape.is_vector and len(flow.axes) == 3:
                return self.emit(None, Reshape(shape=flow.extents), [flow._replace(axes=(0,))])
            flow = flow._replace(axes=tuple(axes))
            if flow.plain:
                return flow
            raise FormatError(tr("values lie in a way that Convolab has no layer for"))
        order: Any = "".join("CHW"[axis] for axis in flow.axes if axis is not None)
        return self.emit(None, Permute(order=order), [flow._replace(axes=(0, 1, 2))])

    def by_channel(self, flow: Flow, array: Constant) -> Constant | None:
        """Return an array that broadcasts over a value as one number for each channel, or one for all; else None."""
        if array.size == 1:
            return np.asarray(array, np.float32).reshape(1)
        rank = len(flow.axes) + 1
        if array.ndim > rank or 0 not in flow.axes:
            return None
        at = flow.axes.index(0) + 1
        shape = (1,) * (rank - array.ndim) + array.shape
        if shape[at] != array.size or array.size != flow.shape.channels:
            return None
        return np.asarray(array, np.float32).reshape(-1)

    def made_up(self, name: str) -> bool:
        """Whether an array is one that our writer put where a layer has none."""
        return self.own and name.rpartition("/")[2] in ("ones", "zeros")

    # What readers do

    def emit(
        self,
        operation: Operation | str | None,
        layer: Layer,
        inputs: Sequence[Flow],
        weights: Mapping[str, Constant | None] | None = None,
        *,
        axes: tuple[int | None, ...] | None = None,
    ) -> Flow:
        """Add a layer behind others and return its output, which an operation's first output becomes.

        ``axes`` says how that lies; by default as the layer makes it. Weights that are None the layer has not.
        """
        inferred = layer.infer(tuple(flow.shape for flow in inputs))
        if inferred.output is None:
            raise FormatError(next(one.message for one in inferred.problems))
        arrays = {name: array for name, array in (weights or {}).items() if array is not None}
        self._size += sum(array.size for array in arrays.values())
        if self._size > MOST_WEIGHTS:
            raise FormatError(tr("the model has more than {count:,} weights", count=MOST_WEIGHTS))
        shaped = {one.name: np.asarray(arrays[one.name], np.float32) for one in inferred.weights if one.name in arrays}
        output = operation if isinstance(operation, str) else operation.output if operation is not None else ""
        node = self._id(output, layer, operation if isinstance(operation, Operation) else None)
        self._draft.add(Node(node, layer))
        for port, flow in enumerate(inputs):
            self._draft.connect(flow.node, node, port)
        if shaped and not fits(inferred.weights, shaped):
            wanted = ", ".join(f"{one.name} {one.shape}" for one in inferred.weights)
            given = ", ".join(f"{name} {array.shape}" for name, array in shaped.items())
            raise FormatError(tr("its weights should be {wanted}, and are {given}", wanted=wanted, given=given))
        if shaped and not (self._blank and any(np.isnan(array.flat[0]) for array in shaped.values())):
            self._weights[node] = shaped
        flow = Flow(node, inferred.output, tuple(range(len(inferred.output))) if axes is None else axes)
        if output:
            self._flows[output] = flow
        return flow

    def same(self, operation: Operation, flow: Flow) -> None:
        """Let an operation's first output be a value that there is already."""
        self._flows[operation.output] = flow

    def enter(self, name: str, extents: tuple[int, ...], *, channels_last: bool) -> None:
        """Let the image enter: a volume, or a vector as one pixel of many channels."""
        if len(extents) == 1:
            layer = Input(channels=extents[0], height=1, width=1)
            pixel = self.emit(name, layer, [])
            self._flows[name] = self.emit(None, Flatten(), [pixel])
            return
        if len(extents) != 3:
            raise FormatError(tr("an image has channels, height and width"))
        order = (1, 2, 0) if channels_last else (0, 1, 2)
        channels, height, width = (extents[order.index(axis)] for axis in range(3))
        self.emit(name, Input(channels=channels, height=height, width=width), [], axes=order)

    def run(self, *, channels_last: bool = False) -> tuple[Graph, Weights | None]:
        """Convert all operations and return the graph, and its weights where the file has some.

        Outputs lie as in the file, but for those of a file whose image is channels last.
        """
        for operation in self.source.operations:
            if operation.output not in self._inner and not all(name in self._fixed for name in operation.outputs):
                self.convert(operation)
        for name in self.source.outputs:
            if name in self._fixed:
                raise FormatError(tr("The model's output {name!r} does not depend on the image", name=name))
            producer = self.source.producers.get(name)
            if producer is not None and name not in self._flows and producer.output in self._flows:
                self.notices.append(
                    tr("The output {name!r} of {place} is not computed", name=name, place=producer.place)
                )
                continue
            flow = self.flow(name)
            if not flow.plain and not channels_last:
                self.volume(flow)
        return self._draft.graph(), Weights(self._weights) if self._weights else None

    def convert(self, operation: Operation) -> None:
        """Convert one operation: with those before it that make one layer with it, or by itself."""
        if operation.output in self._flows:
            return
        try:
            for found in self._patterns.get(operation.output, ()):
                if found.pattern.read(self, operation, found):
                    return
            self._readers.get(operation.type, _unknown)(self, operation)
        except _PlacedError:
            raise
        except (FormatError, EditError, *_STUMBLES) as problem:
            raise _PlacedError(
                tr("{place} can't be read: {problem}", place=operation.place, problem=problem)
            ) from problem

    # Inside

    def _constant_names(self) -> set[str]:
        """Return the names of all values that do not depend on the image's pixels: shapes do not."""
        source = self.source
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
                self._constants[waiting.pop()] = array
                continue
            operation = self.source.producers.get(name)
            if operation is None:
                raise FormatError(tr("Nothing makes the value {name!r}", name=name))
            unknown = [one for one in operation.inputs if one in self._fixed and one not in self._constants]
            if unknown:
                waiting.extend(unknown)
                continue
            self._constants |= dict(zip(operation.outputs, self._computed(operation), strict=False))
            if name not in self._constants:
                raise FormatError(tr("Convolab does not compute {name!r}", name=name))
            waiting.pop()

    def _computed(self, operation: Operation) -> list[Constant]:
        """Return the outputs of an operation on constants, or the extents of a value."""
        if operation.type == "Shape":
            source = operation.inputs[0]
            fixed = source in self._fixed
            extents = self._constants[source].shape if fixed else (self.batch, *self.flow(source).extents)
            end = operation.get("end", len(extents))
            return [np.array(extents, np.int64)[operation.get("start", 0) : end]]
        try:
            return folded(self.source, operation, [self._constants[one] if one else None for one in operation.inputs])
        except FormatError:
            raise
        except _STUMBLES as problem:
            raise FormatError(
                tr("{place} can't be reckoned: {problem}", place=operation.place, problem=problem)
            ) from problem

    def _direct(self, name: str) -> Constant | None:
        array = self.source.array(name)
        return self._given.get(name) if array is None else array

    def _is_readable(self, name: str) -> bool:
        return bool(name) and (self.own or _READABLE.fullmatch(name) is not None)

    def _id(self, output: str, layer: Layer, operation: Operation | None) -> str:
        """Return an id: the value's name where people know it, the weights' where they say it, or a number's."""
        node = output if self._is_readable(output) and output not in self._ids else ""
        if operation is not None and not self.own and output not in self.source.outputs:
            base = next((found[1] for name in operation.inputs[1:] if (found := _WEIGHT.fullmatch(name))), "")
            if _READABLE.fullmatch(base) and base not in self._ids and (base == output or base not in self._reserved):
                node = base
        while not node:
            number = self._numbers[layer.prefix] = self._numbers.get(layer.prefix, 0) + 1
            fresh = f"{layer.prefix}{number}"
            node = fresh if fresh not in self._ids and fresh not in self._reserved else ""
        self._ids.add(node)
        return node


def _unknown(reading: Reading, operation: Operation) -> None:
    raise FormatError(tr("Convolab has no such layer"))


class _PlacedError(FormatError):
    """An error that names its node already."""
