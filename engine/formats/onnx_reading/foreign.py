"""What no layer is, as it lies in a file: a node with its attributes and constants, for `Unsupported`."""

import base64
from collections.abc import Iterable
from typing import Any, cast

import numpy as np
import onnx
from onnx import AttributeProto, helper, numpy_helper

from engine.formats.onnx_reading.source import Constant, Operation
from engine.layers.unsupported import WIRE, ForeignArray, ForeignAttribute, ForeignNode

_TEXT = 60  # characters of an attribute that people read
FEW = 8  # values: a constant of no more is part of the document, and is no weight

_types = {
    AttributeProto.FLOAT: "f",
    AttributeProto.INT: "i",
    AttributeProto.STRING: "s",
    AttributeProto.FLOATS: "floats",
    AttributeProto.INTS: "ints",
    AttributeProto.STRINGS: "strings",
}


def foreign_node(
    operation: Operation,
    opset: int,
    constants: dict[int, Constant],
    types: Iterable[str],
    shapes: tuple[tuple[int, ...], ...],
    reason: str,
) -> tuple[ForeignNode, dict[str, Constant]]:
    """Return a node of a file as a value, and those of its constants that are weights.

    Parameters
    ----------
    operation
        The node.
    opset
        The version of its domain.
    constants
        Its inputs that do not depend on the image, by their place.
    types
        Of each output, the type of its values; empty where it is left out.
    shapes
        Of the inputs that do depend on the image.
    reason
        Why no layer is what it is.
    """
    proto = operation.proto
    names = _names(proto, opset, len(operation.inputs))
    arrays, weights = [], dict[str, Constant]()
    for place, array in constants.items():
        name = names[place]
        if array.dtype == np.float32 and array.size > FEW:
            arrays.append(ForeignArray(name, array.shape))
            weights[name] = array
        else:
            arrays.append(_embedded(name, array))
    inputs = [
        names[place] if place in constants else WIRE if value else "" for place, value in enumerate(operation.inputs)
    ]
    made = ForeignNode(
        operator=proto.op_type,
        domain="" if proto.domain == "ai.onnx" else proto.domain,
        opset=opset,
        attributes=tuple(_attribute(one) for one in proto.attribute),
        inputs=tuple(inputs),
        captured=operation.captured,
        arrays=tuple(arrays),
        outputs=tuple(types),
        shapes=shapes,
        reason=reason,
    )
    return made, weights


def attribute_of(attribute: ForeignAttribute) -> AttributeProto:
    """Return an attribute as files have it.

    Raises
    ------
    ValueError
        Where it is damaged.
    """
    return cast("AttributeProto", AttributeProto.FromString(base64.b64decode(attribute.data, validate=True)))


def tensor_of(array: ForeignArray, name: str) -> onnx.TensorProto:
    """Return a constant that is part of the document as files have it, under a name.

    Raises
    ------
    ValueError
        Where it is damaged.
    """
    tensor = onnx.TensorProto(name=name, dims=array.shape, data_type=type_number(array.type))
    data = base64.b64decode(array.data or "", validate=True)
    if array.type == "string":
        tensor.string_data.extend(onnx.TensorProto.FromString(data).string_data)
    else:
        tensor.raw_data = data
    numpy_helper.to_array(tensor)
    return tensor


def type_name(number: int) -> str:
    """Return the name of a type of values: ``float32``, ``int64``."""
    return {1: "float32", 11: "float64", 10: "float16"}.get(number) or onnx.TensorProto.DataType.Name(number).lower()


def type_number(name: str) -> int:
    """Return the number that files have for a type of values."""
    number = {"float32": 1, "float64": 11, "float16": 10}.get(name)
    return int(number or onnx.TensorProto.DataType.Value(name.upper()))


def _embedded(name: str, array: Constant) -> ForeignArray:
    tensor = numpy_helper.from_array(np.ascontiguousarray(array).reshape(array.shape), name)
    text = tensor.data_type == onnx.TensorProto.STRING
    data = onnx.TensorProto(string_data=tensor.string_data).SerializeToString() if text else tensor.raw_data
    return ForeignArray(name, array.shape, type_name(tensor.data_type), base64.b64encode(data).decode())


def _attribute(attribute: AttributeProto) -> ForeignAttribute:
    data = base64.b64encode(attribute.SerializeToString(deterministic=True)).decode()
    return ForeignAttribute(attribute.name, _readable(attribute), data)


def _readable(attribute: AttributeProto) -> str:
    value: Any = getattr(attribute, _types[attribute.type]) if attribute.type in _types else None
    if attribute.type == AttributeProto.STRING:
        text = value.decode(errors="replace")
    elif attribute.type == AttributeProto.FLOAT:
        text = f"{value:.6g}"
    elif attribute.type == AttributeProto.INT:
        text = str(value)
    elif attribute.type == AttributeProto.FLOATS:
        text = ", ".join(f"{one:.6g}" for one in value[:_TEXT])
    elif attribute.type == AttributeProto.STRINGS:
        text = ", ".join(one.decode(errors="replace") for one in value[:_TEXT])
    elif attribute.type == AttributeProto.INTS:
        text = ", ".join(map(str, value[:_TEXT]))
    elif attribute.type == AttributeProto.TENSOR:
        text = f"array {'×'.join(map(str, attribute.t.dims)) or 'of one value'}"
    else:
        text = helper.printable_type(attribute.tp) if attribute.type == AttributeProto.TYPE_PROTO else "a graph"
    return text if len(text) <= _TEXT else f"{text[: _TEXT - 1]}…"


def _names(proto: onnx.NodeProto, opset: int, count: int) -> list[str]:
    """Return a name for each input: what the operator's definition calls it, where there is one."""
    try:
        formal = [one.name for one in onnx.defs.get_schema(proto.op_type, opset, proto.domain).inputs]
    except onnx.defs.SchemaError:
        formal = []
    names: list[str] = []
    for place in range(count):
        name = formal[place] if place < len(formal) else ""
        plain = name.isidentifier() and name != WIRE and name not in names
        names.append(name if plain else f"input{place + 1}")
    return names
