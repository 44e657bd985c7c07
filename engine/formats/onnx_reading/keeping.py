"""Operations that no layer is become layers that are shown and written back, but not computed."""

import msgspec
import numpy as np

from engine.formats.errors import FormatError
from engine.formats.onnx_reading.foreign import FEW, foreign_node, type_name
from engine.formats.onnx_reading.reading import Flow, Reading
from engine.formats.onnx_reading.source import Constant, Operation, is_float
from engine.formats.onnx_reading.value_shapes import UNKNOWN, ValueShape, output_shapes
from engine.language import tr
from engine.layers import Unsupported
from engine.layers.unsupported import ForeignNode

_NOT_KNOWN = (0,)


class Keeper:
    """Keeps operations of one reading: adds a layer for one, and one behind it for each further output in use."""

    def __init__(self) -> None:
        self._foreign: dict[str, ValueShape] = {}  # values that operators make which no layer is

    def __call__(self, reading: Reading, operation: Operation, reason: str) -> None:
        """Add the layers.

        Raises
        ------
        FormatError
            Where it can't be kept, because it depends on no image.
        """
        flows: list[Flow] = []
        constants: dict[int, Constant] = {}
        for place, name in enumerate(operation.inputs):
            if name and reading.is_constant(name):
                constants[place] = _known_constant(reading, name)
            elif name:
                flows.append(_as_in_file(reading, name))
        if not flows:
            raise FormatError(tr("it does not depend on the image"))
        wired = [name for place, name in enumerate(operation.inputs) if name and place not in constants]
        entering = {name: self._entering(name, flow) for name, flow in zip(wired, flows, strict=True)}
        fixed = {operation.inputs[place]: array for place, array in constants.items()}
        shapes = output_shapes(reading.source, operation, entering, fixed)
        types = [type_name(one.type) if name else "" for name, one in zip(operation.outputs, shapes, strict=True)]
        known = tuple(tuple(flow.shape) for flow in flows)
        opset = reading.source.versions.get(operation.domain, 1)
        node, weights = foreign_node(operation, opset, constants, types, known if all(known) else (), reason)
        main = shapes[node.main]
        if _output(main.extents) == _NOT_KNOWN and operation.domain and flows[0].shape and not flows[0].foreign:
            node = msgspec.structs.replace(node, assumed=True)
            main = shapes[node.main] = ValueShape(main.type, (1, *flows[0].shape))
        self._foreign |= dict(zip(operation.outputs, shapes, strict=True))
        first = _added(reading, operation, _layer(node, node.main, main), flows, weights)
        rest = ForeignNode(node.operator, node.domain, node.opset, outputs=node.outputs)
        used = {*reading.source.users, *reading.source.outputs}
        for number, name in enumerate(operation.outputs):
            if number > node.main and name in used and name:
                _added(reading, name, _layer(rest, number, shapes[number]), [first], {})

    def _entering(self, name: str, flow: Flow) -> ValueShape:
        return self._foreign.get(name) or ValueShape(UNKNOWN.type, (1, *flow.shape))


def _known_constant(reading: Reading, name: str) -> Constant:
    """Return a constant; one that nobody gave is a weight, which stays random, or else keeps the operator away."""
    array: Constant = reading.constant(name)
    if reading.blank and array.dtype.kind == "f" and array.size and np.isnan(array.flat[0]):
        entering = reading.source.inputs.get(name)
        if array.size <= FEW or (entering is not None and not is_float(entering)):
            raise FormatError(tr("the value of its input {name!r} is not in the file", name=name))
    return array


def _as_in_file(reading: Reading, name: str) -> Flow:
    """Return a value in the order in which the file has it."""
    flow = reading.flow(name, foreign=True)
    return flow if flow.foreign else reading.volume(flow)


def _layer(node: ForeignNode, part: int, shape: ValueShape) -> Unsupported:
    extents = shape.extents
    squeezed = extents in ((), (1,))
    batched = extents is None or extents[:1] == (1,)
    marked = msgspec.structs.replace(node, part=part, batched=batched, squeezed=squeezed)
    return Unsupported(node=marked, output=_output(extents))


def _output(extents: tuple[int, ...] | None) -> tuple[int, ...]:
    """Return a layer's output shape: without the batch, and with one axis at least."""
    if extents is None or min(extents, default=1) < 1:
        return _NOT_KNOWN
    return (extents[1:] if extents[:1] == (1,) else extents) or (1,)


def _added(
    reading: Reading, operation: Operation | str, layer: Unsupported, flows: list[Flow], weights: dict[str, Constant]
) -> Flow:
    flow = reading.emit(operation, layer, flows, weights)
    node = layer.node
    plain = layer.value_type == "float32" and node.batched and not node.squeezed and len(flow.shape) > 0
    return reading.same(operation, flow._replace(foreign=not plain))
