"""A network in the making: what each value of a file has become, and how operations become layers.

Convolab's volumes are channels first and have no batch. A file's may lie otherwise, and much that files write as
operators only says how values lie: so a value here knows which axis of the layer's output each of its axes is, and a
transposition is first of all another view of the same layer.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from engine.formats.errors import FormatError
from engine.formats.onnx_reading.constants import MOST_WEIGHTS, STUMBLES, Constants
from engine.formats.onnx_reading.names import Names, NamesMark
from engine.formats.onnx_reading.patterns import Pattern, matches
from engine.formats.onnx_reading.source import Constant, Operation, Source
from engine.graph import Draft, EditError, Graph, Node
from engine.language import tr
from engine.layers import Flatten, Input, Layer, Permute, Reshape
from engine.shape import Shape
from engine.weights import Weights, fits

_VOLUME = "CHW"  # the axes of a volume, as a Permute names them


class Flow(NamedTuple):
    """A value that depends on the image: the layer that makes it, that layer's shape, and how it lies.

    For each axis of the value after the batch, ``axes`` has the axis of the layer's output; None is an axis of 1.
    Where ``laid`` is given, the value is the layer's volume laid out as a vector, its axes in that order. A ``foreign``
    value is of an operator that no layer is, and such that no layer takes it: without a batch, or not of float32.
    """

    node: str
    shape: Shape
    axes: tuple[int | None, ...]
    laid: tuple[int, ...] = ()
    foreign: bool = False

    @property
    def extents(self) -> tuple[int, ...]:
        """The value's extents after the batch."""
        return tuple(1 if axis is None else self.shape[axis] for axis in self.axes)

    @property
    def plain(self) -> bool:
        """Whether the value lies as the layer's output does."""
        return self.axes == tuple(range(len(self.shape)))


class _Mark(NamedTuple):
    """A state of reading to come back to."""

    draft: tuple[int, int]
    stores: list[int]
    size: int
    names: NamesMark
    notices: int


Reader = Callable[["Reading", Operation], None]
Keep = Callable[["Reading", Operation, str], None]


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
    keep
        What adds an `Unsupported` layer for an operation that no layer is; without it such an operation is an error.
    """

    def __init__(
        self,
        source: Source,
        readers: Mapping[str, Reader],
        patterns: Sequence[Pattern],
        given: Mapping[str, Constant],
        batch: int = 1,
        keep: Keep | None = None,
    ) -> None:
        self.source = source
        self.own = source.own
        self.batch = batch
        self.notices: list[str] = []
        self._keep = keep
        self._readers = readers
        self._flows: dict[str, Flow] = {}
        self._laid_out: dict[str, Flow] = {}
        self._draft, self._names = Draft(), Names(source)
        self._weights: dict[str, dict[str, Any]] = {}
        self.blank = any(array.size and np.isnan(array.flat[0]) for array in given.values() if array.dtype.kind == "f")
        self._size = 0
        self._flat: dict[str, Flow] = {}
        self._constants = Constants(source, given, lambda name: (batch, *self.flow(name).extents))
        self._fixed = self._constants.names
        self._patterns, self._inner = matches(source, patterns, self._fixed)

    # What readers ask

    def is_constant(self, name: str) -> bool:
        """Whether a value does not depend on the image."""
        return name in self._fixed

    def constant(self, name: str) -> Any:
        """Return a value that does not depend on the image; None for an input that is left out."""
        return self._constants.array(name)

    def flow(self, name: str, *, loose: bool = False, foreign: bool = False) -> Flow:
        """Return a value that depends on the image; one laid out in another order only where that is no matter."""
        if name not in self._flows:
            operation = self.source.producers.get(name)
            if operation is None or name in self._fixed:
                raise FormatError(tr("{name!r} does not depend on the image where it should", name=name))
            self.convert(operation)
        if name not in self._flows:
            raise FormatError(tr("Convolab does not compute {name!r}", name=name))
        flow = self._flows[name] if loose else self._laid_out.get(name, self._flows[name])
        if flow.foreign and not foreign:
            raise FormatError(tr("what reaches it is no map that Convolab knows"))
        if flow.laid and not loose:
            turned = self.volume(flow._replace(axes=flow.laid, laid=()))
            flow = self._laid_out[name] = self.emit(None, Flatten(), [turned])
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
        if len(flow.axes) > len(_VOLUME):
            raise FormatError(tr("values lie in a way that Convolab has no layer for"))
        if None in flow.axes:
            axes = [axis for axis in flow.axes if axis is not None]
            if flow.shape.is_vector and len(flow.axes) == 3:
                return self.emit(None, Reshape(shape=flow.extents), [flow._replace(axes=(0,))])
            flow = flow._replace(axes=tuple(axes))
            if flow.plain:
                return flow
            raise FormatError(tr("values lie in a way that Convolab has no layer for"))
        order: Any = "".join(_VOLUME[axis] for axis in flow.axes if axis is not None)
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
        if inferred.output is None and layer.computed:
            raise FormatError(next(one.message for one in inferred.problems))
        arrays = {name: array for name, array in (weights or {}).items() if array is not None}
        self._size += sum(array.size for array in arrays.values())
        if self._size > MOST_WEIGHTS:
            raise FormatError(tr("the model has more than {count:,} weights", count=MOST_WEIGHTS))
        shaped = {one.name: np.asarray(arrays[one.name], np.float32) for one in inferred.weights if one.name in arrays}
        output = operation if isinstance(operation, str) else operation.output if operation is not None else ""
        node = self._names.fresh(output, layer, operation if isinstance(operation, Operation) else None)
        self._draft.add(Node(node, layer))
        for port, flow in enumerate(inputs):
            self._draft.connect(flow.node, node, port)
        if shaped and not fits(inferred.weights, shaped):
            wanted = ", ".join(f"{one.name} {one.shape}" for one in inferred.weights)
            given = ", ".join(f"{name} {array.shape}" for name, array in shaped.items())
            raise FormatError(tr("its weights should be {wanted}, and are {given}", wanted=wanted, given=given))
        if shaped and not (self.blank and any(np.isnan(array.flat[0]) for array in shaped.values())):
            self._weights[node] = shaped
        shape = Shape() if inferred.output is None else inferred.output
        flow = Flow(node, shape, tuple(range(len(shape))) if axes is None else axes)
        if output:
            self._flows[output] = flow
        return flow

    def tell(self, notice: str) -> None:
        """Have something said of the file, once."""
        if notice not in self.notices:
            self.notices.append(notice)

    def same(self, operation: Operation | str, flow: Flow) -> Flow:
        """Let a value, or an operation's first output, be one that there is already, and return it."""
        self._flows[operation if isinstance(operation, str) else operation.output] = flow
        return flow

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
        ends: dict[str, str] = {}
        for name in self.source.outputs:
            if name in self._fixed:
                raise FormatError(tr("The model's output {name!r} does not depend on the image", name=name))
            producer = self.source.producers.get(name)
            if producer is not None and name not in self._flows and producer.output in self._flows:
                self.notices.append(
                    tr("The output {name!r} of {place} is not computed", name=name, place=producer.place)
                )
                continue
            flow = self.flow(name, foreign=True)
            if not flow.plain and not channels_last:
                flow = self.volume(flow)
            ends[name] = flow.node
        graph = self._draft.graph()
        for name, node in ends.items():
            if graph.outgoing[node] and graph.node(node).layer.computed:
                self.tell(tr("The output {name!r} goes on to other layers: it is a map here, and no end", name=name))
        return graph, Weights(self._weights) if self._weights else None

    def convert(self, operation: Operation) -> None:
        """Convert one operation: with those before it that make one layer with it, or by itself."""
        if operation.output in self._flows:
            return
        for found in self._patterns.get(operation.output, ()):
            if self._tried(operation, partial(found.pattern.read, self, operation, found)) is True:
                return
        read = partial(self._readers.get(operation.type, _unknown), self, operation)
        missing = None if operation.outputs[0] else FormatError(tr("its first output is left out"))
        problem = missing or self._tried(operation, read)
        if isinstance(problem, Exception):
            self._keep_as_it_is(operation, str(problem) if operation.type in self._readers else "")

    def _tried(self, operation: Operation, read: Callable[[], Any]) -> Any:
        """Return what a reader returns, or what it raised where the operation can be kept: then nothing is changed."""
        before = self._mark()
        try:
            return read()
        except _PlacedError:
            raise
        except (FormatError, EditError, *STUMBLES) as problem:
            if self._keep is None:
                raise _PlacedError(
                    tr("{place} can't be read: {problem}", place=operation.place, problem=problem)
                ) from problem
            self._return_to(before)
            return problem

    def _keep_as_it_is(self, operation: Operation, reason: str) -> None:
        assert self._keep is not None
        try:
            self._keep(self, operation, reason)
        except _PlacedError:
            raise
        except (FormatError, EditError, *STUMBLES) as problem:
            raise _PlacedError(
                tr("{place} can't be read, nor kept as it is: {problem}", place=operation.place, problem=problem)
            ) from problem

    # Inside

    def _mark(self) -> "_Mark":
        stores = [len(store) for store in self._stores]
        return _Mark(self._draft.mark(), stores, self._size, self._names.mark(), len(self.notices))

    def _return_to(self, mark: "_Mark") -> None:
        """Take back all that was added since a mark."""
        self._draft.return_to(mark.draft)
        for store, before in zip(self._stores, mark.stores, strict=True):
            while len(store) > before:
                store.popitem()
        self._size = mark.size
        self._names.return_to(mark.names)
        del self.notices[mark.notices :]

    @property
    def _stores(self) -> tuple[dict[str, Any], ...]:
        return self._flows, self._laid_out, self._flat, self._weights


def _unknown(reading: Reading, operation: Operation) -> None:
    raise FormatError(tr("Convolab has no such layer"))


class _PlacedError(FormatError):
    """An error that names its node already, which can't be kept."""
