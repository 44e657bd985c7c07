"""An ONNX file as a checked list of nodes, and its arrays as numpy's; nothing outside of its folder is read."""

from collections.abc import Iterator, Mapping
from math import prod
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import onnx
from google.protobuf.message import DecodeError
from numpy.typing import NDArray
from onnx import helper, numpy_helper

from engine.formats import onnx_apart
from engine.formats.bounds import MOST_LAYERS
from engine.formats.errors import FormatError
from engine.language import tr

Constant = NDArray[Any]

_OPERATIONS_A_LAYER = 5  # that exporters write for one layer, at most
OLDEST, NEWEST = 6, onnx.defs.onnx_opset_version()


class Operation:
    """One node of a file: its operator, its attributes, and the names of what goes in and out."""

    def __init__(self, node: onnx.NodeProto) -> None:
        self.proto = node
        self.domain = "" if node.domain == "ai.onnx" else node.domain
        self.type = node.op_type if node.domain in ("", "ai.onnx") else f"{node.domain}.{node.op_type}"
        self.captured = captured(node)  # values of this graph that graphs inside of it use
        self.inputs: tuple[str, ...] = (*node.input, *self.captured)
        self.outputs: tuple[str, ...] = tuple(node.output)
        self._name = node.name
        self._attributes = {one.name: one for one in node.attribute}

    @property
    def output(self) -> str:
        """The name of the first output that there is."""
        return next(name for name in self.outputs if name)

    @property
    def place(self) -> str:
        """The operator and the node's name, for messages."""
        return f"{self.type} {self._name or self.output!r}"

    def has(self, name: str) -> bool:
        """Whether the attribute is given."""
        return name in self._attributes

    def get(self, name: str, default: Any) -> Any:
        """Return an attribute's value; it must be of the default's type."""
        given = self._attributes.get(name)
        if given is None:
            return default
        try:
            value = helper.get_attribute_value(given)
            if isinstance(value, bytes):
                value = value.decode()
        except ValueError as problem:
            raise FormatError(
                tr("{place}: its attribute {name} can't be read", place=self.place, name=name)
            ) from problem
        if value is None:
            raise FormatError(tr("{place}: its attribute {name} has no value", place=self.place, name=name))
        if not isinstance(value, str | int | float | onnx.TensorProto | onnx.GraphProto):
            value = tuple(value)
        kinds = (int, float) if isinstance(default, float) else type(default)
        if default is not None and not isinstance(value, kinds):
            raise FormatError(
                tr("{place}: its attribute {name} is of another type than it should be", place=self.place, name=name)
            )
        return value

    def input(self, number: int) -> str:
        """Return the name of an input; empty where it is left out."""
        return self.inputs[number] if number < len(self.inputs) else ""


class Source:
    """A file's graph: operations in an order in which each follows what it needs.

    Parameters
    ----------
    data
        The file.
    folder
        Where arrays may lie that are kept outside of it; None where there is no such folder.
    """

    def __init__(self, data: bytes, folder: Path | None) -> None:
        self._folder = folder
        model = onnx.ModelProto()
        try:
            model.ParseFromString(data)
        except DecodeError as problem:
            raise FormatError(tr("Not readable as an ONNX model")) from problem
        model = _inlined(model)
        self.model = model
        self.opset = _opset(model)
        self.versions = {"" if one.domain == "ai.onnx" else one.domain: one.version for one in model.opset_import}
        self.batch_said = 1  # how many images the file works on at once
        self.stumbles = 0  # over how many of its operators the onnx package has broken off
        self.own = model.producer_name == "Convolab"
        graph = model.graph
        if not graph.node and not graph.output:
            raise FormatError(tr("Not readable as an ONNX model: it has no graph"))
        if len(graph.node) > _OPERATIONS_A_LAYER * MOST_LAYERS:
            raise FormatError(
                tr("The model has {count:,} operations, more than a network that is opened", count=len(graph.node))
            )
        if graph.sparse_initializer:
            raise FormatError(tr("The model has sparse weights, which Convolab does not read"))
        _check_texts(graph)
        self.name: str = graph.name
        self._arrays = {one.name: one for one in graph.initializer}
        self.inputs = {one.name: one for one in graph.input if one.name not in self._arrays}
        self.outputs = [one.name for one in graph.output]
        self.operations = _sorted([Operation(node) for node in graph.node], {*self._arrays, *self.inputs, ""})
        self.producers = {name: operation for operation in self.operations for name in operation.outputs if name}
        missing = [name for name in self.outputs if name not in self.producers and name not in self.inputs]
        if missing:
            raise FormatError(tr("Nothing makes the model's output {name!r}", name=missing[0]))
        self._keep_what_counts()

    def array(self, name: str) -> Constant | None:
        """Return an array of the file; None where it has none of that name."""
        tensor = self._arrays.get(name)
        return self.tensor(tensor) if tensor is not None else None

    def names_array(self, name: str) -> bool:
        """Whether the file has an array of a name."""
        return name in self._arrays

    def tensor(self, tensor: onnx.TensorProto) -> Constant:
        """Return a tensor's values."""
        if tensor.data_location == onnx.TensorProto.EXTERNAL:
            return self._outside(tensor)
        try:
            return numpy_helper.to_array(tensor)
        except Exception as problem:
            raise FormatError(
                tr("The array {name!r} is damaged: {problem}", name=tensor.name, problem=problem)
            ) from problem

    def _outside(self, tensor: onnx.TensorProto) -> Constant:
        entries = {one.key: one.value for one in tensor.external_data}
        location = entries.get("location", "")
        path = PurePosixPath(location)
        if self._folder is None or path.is_absolute() or not path.parts or ".." in path.parts or "\\" in location:
            raise FormatError(
                tr(
                    "The array {name!r} must lie in the model's folder, not at {location!r}",
                    name=tensor.name,
                    location=location,
                )
            )
        file = self._folder
        for part in path.parts:
            file = file / part
            if file.is_symlink():
                raise FormatError(
                    tr("The array {name!r} must lie in the model's folder, not behind a link", name=tensor.name)
                )
        try:
            kind = helper.tensor_dtype_to_np_dtype(tensor.data_type)
            offset, count = int(entries.get("offset", "0")), prod(tensor.dims)
            if min([offset, *tensor.dims], default=0) < 0 or offset + count * kind.itemsize > file.stat().st_size:
                raise FormatError(
                    tr("{location} is too short for the array {name!r}", location=location, name=tensor.name)
                )
            with file.open("rb") as stream:
                stream.seek(offset)
                read = stream.read(count * kind.itemsize)
            return np.frombuffer(read, kind.newbyteorder("<")).reshape(tensor.dims)
        except (OSError, KeyError, ValueError, TypeError) as problem:
            if isinstance(problem, FormatError):
                raise
            raise FormatError(
                tr(
                    "The array {name!r} can't be read from {location}: {problem}",
                    name=tensor.name,
                    location=location,
                    problem=problem,
                )
            ) from problem

    def _keep_what_counts(self) -> None:
        """Leave out operations that no output depends on."""
        needed, waiting = set[str](), list(self.outputs)
        while waiting:
            name = waiting.pop()
            operation = self.producers.get(name)
            if operation is not None and operation.output not in needed:
                needed.add(operation.output)
                waiting.extend(operation.inputs)
        self.operations = [one for one in self.operations if one.output in needed]
        self.users: dict[str, list[Operation]] = {}
        for operation in self.operations:
            for name in operation.inputs:
                self.users.setdefault(name, []).append(operation)


def captured(node: onnx.NodeProto) -> tuple[str, ...]:
    """Return the names that the inner graphs of a node use and do not make."""
    found: list[str] = []
    for graph in inner_graphs(node):
        known = {one.name for one in (*graph.input, *graph.initializer)} | {""}
        for one in graph.node:
            found += [name for name in (*one.input, *captured(one)) if name not in known]
            known.update(one.output)
        found += [one.name for one in graph.output if one.name not in known]
    return tuple(dict.fromkeys(found))


def inner_graphs(node: onnx.NodeProto) -> list[onnx.GraphProto]:
    """Return the graphs that are attributes of a node."""
    found = []
    for attribute in node.attribute:
        found += attribute.graphs
        if attribute.type == onnx.AttributeProto.GRAPH:
            found.append(attribute.g)
    return found


def extents(value: onnx.ValueInfoProto) -> tuple[int | None, ...]:
    """Return the extents of a value that the file declares; None for those that it leaves open."""
    kind = value.type.tensor_type
    if not value.type.HasField("tensor_type") or not kind.HasField("shape"):
        raise FormatError(tr("The shape of the model's input {name!r} is not said", name=value.name))
    return tuple(one.dim_value if one.HasField("dim_value") and one.dim_value > 0 else None for one in kind.shape.dim)


def is_float(value: onnx.ValueInfoProto) -> bool:
    """Whether a value holds numbers with a point, as images do."""
    floating = (onnx.TensorProto.FLOAT, onnx.TensorProto.FLOAT16, onnx.TensorProto.DOUBLE, onnx.TensorProto.BFLOAT16)
    return value.type.tensor_type.elem_type in floating


def _check_texts(graph: onnx.GraphProto) -> None:
    """Refuse names that are no text: protobuf hands over the bytes as they are."""
    texts = [graph.name, *(one.name for one in (*graph.input, *graph.output, *graph.initializer, *graph.value_info))]
    for node in graph.node:
        texts += (node.name, node.op_type, node.domain, *node.input, *node.output)
        texts += (one.name for one in node.attribute)
    if not all(isinstance(one, str) for one in texts):
        raise FormatError(tr("Not readable as an ONNX model: a name in it is no text"))


def _opset(model: onnx.ModelProto) -> int:
    versions = [one.version for one in model.opset_import if one.domain in ("", "ai.onnx")]
    if not versions:
        raise FormatError(tr("Not readable as an ONNX model: it names no version of the operators"))
    if not OLDEST <= versions[0] <= NEWEST:
        raise FormatError(
            tr(
                "The model is of opset {version}; Convolab reads {oldest} to {newest}",
                version=versions[0],
                oldest=OLDEST,
                newest=NEWEST,
            )
        )
    return int(versions[0])


def _inlined(model: onnx.ModelProto) -> onnx.ModelProto:
    """Return a model with the bodies of its own functions in the places where they are called."""
    if not model.functions:
        return model
    try:
        return onnx_apart.inlined(model)
    except onnx_apart.Refused as problem:
        raise FormatError(tr("The model's own functions can't be read: {problem}", problem=problem)) from problem


def _sorted(operations: list[Operation], known: set[str]) -> list[Operation]:
    """Return operations so that each follows what it needs; names must be given once, and lead in no circle."""
    given = set[str]()
    for operation in operations:
        if not any(operation.outputs):
            raise FormatError(tr("A node {type} has no output", type=operation.type))
        for name in operation.outputs:
            if name and (name in given or name in known):
                raise FormatError(tr("Two nodes make the value {name!r}", name=name))
            given.add(name)
    waits = {one.output: len({name for name in one.inputs if name not in known}) for one in operations}
    users: dict[str, list[Operation]] = {}
    for operation in operations:
        for name in {name for name in operation.inputs if name not in known}:
            users.setdefault(name, []).append(operation)
    ready = [one for one in operations if not waits[one.output]]
    for operation in ready:  # grows while it is walked
        for user in _users(operation, users):
            waits[user.output] -= 1
            if not waits[user.output]:
                ready.append(user)
    left = [one for one in operations if waits[one.output]]
    if left:
        odd = next((name for one in left for name in one.inputs if name not in given and name not in known), None)
        reason = (
            tr("they depend on each other in a circle")
            if odd is None
            else tr("nothing makes the value {name!r}", name=odd)
        )
        raise FormatError(
            tr(
                "{count} nodes can't be computed, the first {place}: {reason}",
                count=len(left),
                place=left[0].place,
                reason=reason,
            )
        )
    return ready


def _users(operation: Operation, users: Mapping[str, list[Operation]]) -> Iterator[Operation]:
    for name in operation.outputs:
        yield from users.get(name, ())
