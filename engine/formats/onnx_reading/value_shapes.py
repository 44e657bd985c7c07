"""The shape and type of what comes out of an operation: what follows from what goes in, and what the file says."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import onnx
from onnx import helper, numpy_helper

from engine.formats import onnx_apart
from engine.formats.onnx_reading.source import Constant, Operation, Source

_MOST_STUMBLES = 2  # operators of a file that may hold it up; those after them are not asked about
_SMALL = 1024  # values of a constant that shapes may follow from; larger ones are weights


class ValueShape(NamedTuple):
    """A value's type, as a number of ONNX's, and its extents with the batch; None where they are not known."""

    type: int
    extents: tuple[int, ...] | None


UNKNOWN = ValueShape(onnx.TensorProto.FLOAT, None)


def output_shapes(
    source: Source, operation: Operation, inputs: Mapping[str, ValueShape], constants: Mapping[str, Constant]
) -> list[ValueShape]:
    """Return what is known of each output of an operation.

    Parameters
    ----------
    source
        The file.
    operation
        One of its operations.
    inputs
        What is known of its inputs that depend on the image.
    constants
        Its other inputs.
    """
    said = {one.name: one for one in (*source.model.graph.value_info, *source.model.graph.output)}
    followed = {one.name: one for one in _followed(source, operation, inputs, constants)}
    found = []
    for name in operation.outputs:
        worked_out = _known(followed[name]) if name in followed else ValueShape(0, None)
        declared = _known(said[name], source.batch_said) if name in said else ValueShape(0, None)
        extents = declared.extents if worked_out.extents is None else worked_out.extents
        found.append(ValueShape(worked_out.type or declared.type or UNKNOWN.type, extents))
    return found


def _followed(
    source: Source, operation: Operation, inputs: Mapping[str, ValueShape], constants: Mapping[str, Constant]
) -> list[onnx.ValueInfoProto]:
    """Return what ONNX's own rules say of an operation's outputs; nothing where they say nothing."""
    entering = [helper.make_tensor_value_info(name, one.type, one.extents) for name, one in inputs.items()]
    small = {name: array for name, array in constants.items() if array.size <= _SMALL}
    entering += [
        helper.make_tensor_value_info(name, helper.np_dtype_to_tensor_dtype(array.dtype), array.shape)
        for name, array in constants.items()
        if name not in small
    ]
    arrays = [
        numpy_helper.from_array(np.ascontiguousarray(array).reshape(array.shape), name) for name, array in small.items()
    ]
    leaving = [onnx.ValueInfoProto(name=name) for name in operation.outputs if name]
    alone = helper.make_graph([operation.proto], "alone", entering, leaving, arrays)
    model = helper.make_model(alone, opset_imports=list(source.model.opset_import))
    if source.stumbles >= _MOST_STUMBLES:
        return []
    try:
        followed = onnx_apart.shapes(model)
    except onnx_apart.Broken:
        source.stumbles += 1
        return []
    except onnx_apart.Refused:  # a malformed node
        return []
    return [*followed.graph.output, *followed.graph.value_info]


def _known(value: onnx.ValueInfoProto, batch: int = 1) -> ValueShape:
    """Return what is said of a value, for one image where it is said for a batch."""
    kind = value.type.tensor_type
    if not value.type.HasField("tensor_type") or not kind.HasField("shape"):
        return ValueShape(kind.elem_type, None)
    dims = [one.dim_value if one.HasField("dim_value") else None for one in kind.shape.dim]
    if dims and (dims[0] is None or (batch > 1 and dims[0] == batch)):
        dims[0] = 1
    known = [one for one in dims if one is not None]
    return ValueShape(kind.elem_type, tuple(known) if len(known) == len(dims) else None)
