"""Networks as ONNX models: opset 17, float32, weights inside, one output per open end."""

from collections.abc import Callable
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from engine.analysis import Analysis, NodeAnalysis, analyse
from engine.formats.errors import FormatError
from engine.layers import (
    Add,
    AvgPool2D,
    Concat,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    Input,
    Layer,
    LinearSVM,
    MaxPool2D,
    ReLU,
    Softmax,
    SumPool2D,
)
from engine.layers.pool import Pool2D
from engine.network import Network
from engine.shape import Shape
from engine.weights import completed

OPSET = 17
IR_VERSION = 8


def encode(network: Network, *, every_map: bool = False) -> bytes:
    """Write a network as the bytes of an ONNX model with a batch of 1.

    Parameters
    ----------
    network
        The network; layers without given weights get the seeded initial ones.
    every_map
        Whether every layer's output is an output of the model, under the layer's id, or only those of open ends.

    Raises
    ------
    FormatError
        Where the network has errors, because an ONNX model must be whole.
    """
    analysis = analyse(network.graph)
    if analysis.errors or not analysis.order:
        reason = analysis.errors[0].message if analysis.errors else "it has no layers"
        raise FormatError(f"Only a network without errors can be written as ONNX: {reason}")
    body = [made for node in analysis.order for made in _nodes(analysis, node)]
    arrays = completed(analysis, network.weights).flat()
    wanted = [node for node in analysis.order if every_map or not network.graph.outgoing[node]]
    entrance = analysis.input
    assert entrance is not None
    graph = helper.make_graph(
        body,
        network.name,
        [_value(entrance.id, analysis.nodes[entrance.id])],
        [_value(node, analysis.nodes[node]) for node in wanted if node != entrance.id],
        [numpy_helper.from_array(np.ascontiguousarray(array), name) for name, array in arrays.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], producer_name="Convolab")
    model.ir_version = IR_VERSION
    onnx.checker.check_model(model, full_check=True)
    return bytes(model.SerializeToString())


def _value(node: str, entry: NodeAnalysis) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(node, TensorProto.FLOAT, [1, *(entry.output or ())])


def _nodes(analysis: Analysis, node: str) -> list[onnx.NodeProto]:
    entry, wires = analysis.nodes[node], analysis.graph.incoming[node]
    sources = [wires[port].source for port in sorted(wires)]
    writer = _WRITERS.get(type(entry.layer))
    if writer is None:
        raise FormatError(f"{entry.layer.title} has no counterpart in ONNX yet - at layer {node!r}")
    return writer(entry, node, sources)


def _simple(operator: str, **attributes: Any) -> Callable[[NodeAnalysis, str, list[str]], list[onnx.NodeProto]]:
    def write(entry: NodeAnalysis, node: str, sources: list[str]) -> list[onnx.NodeProto]:
        return [helper.make_node(operator, sources, [node], node, **attributes)]

    return write


def _nothing(entry: NodeAnalysis, node: str, sources: list[str]) -> list[onnx.NodeProto]:
    return []


def _conv(entry: NodeAnalysis, node: str, sources: list[str]) -> list[onnx.NodeProto]:
    layer, shape = entry.layer, entry.inputs[0]
    assert isinstance(layer, Conv2D)
    arrays = [f"{node}.{spec.name}" for spec in entry.inferred.weights]
    attributes = _window(layer, shape) | {"dilations": layer.dilation, "group": layer.groups}
    return [helper.make_node("Conv", [*sources, *arrays], [node], node, **attributes)]


def _linear(entry: NodeAnalysis, node: str, sources: list[str]) -> list[onnx.NodeProto]:
    arrays = [f"{node}.{spec.name}" for spec in entry.inferred.weights]
    return [helper.make_node("Gemm", [*sources, *arrays], [node], node, transB=1)]


def _max_pool(entry: NodeAnalysis, node: str, sources: list[str]) -> list[onnx.NodeProto]:
    return [helper.make_node("MaxPool", sources, [node], node, **_window(entry.layer, entry.inputs[0]))]


def _average_pool(entry: NodeAnalysis, node: str, sources: list[str]) -> list[onnx.NodeProto]:
    layer = entry.layer
    assert isinstance(layer, AvgPool2D)
    attributes = _window(layer, entry.inputs[0]) | {"count_include_pad": int(layer.count_padding)}
    return [helper.make_node("AveragePool", sources, [node], node, **attributes)]


def _sum_pool(entry: NodeAnalysis, node: str, sources: list[str]) -> list[onnx.NodeProto]:
    """Write the sum as the mean over the whole window, times the window's area: ONNX has no sum pooling."""
    layer = entry.layer
    assert isinstance(layer, SumPool2D)
    mean, area = f"{node}.mean", f"{node}.area"
    attributes = _window(layer, entry.inputs[0]) | {"count_include_pad": 1}
    value = numpy_helper.from_array(np.array(layer.kernel[0] * layer.kernel[1], np.float32), area)
    return [
        helper.make_node("AveragePool", sources, [mean], mean, **attributes),
        helper.make_node("Constant", [], [area], area, value=value),
        helper.make_node("Mul", [mean, area], [node], node),
    ]


def _window(layer: Layer, shape: Shape | None) -> dict[str, Any]:
    assert isinstance(layer, Conv2D | Pool2D)
    assert shape is not None
    top, bottom, left, right = layer.place(shape).pads
    return {"kernel_shape": layer.kernel, "strides": layer.stride, "pads": [top, left, bottom, right]}


_WRITERS: dict[type[Layer], Callable[[NodeAnalysis, str, list[str]], list[onnx.NodeProto]]] = {
    Input: _nothing,
    Conv2D: _conv,
    ReLU: _simple("Relu"),
    MaxPool2D: _max_pool,
    AvgPool2D: _average_pool,
    SumPool2D: _sum_pool,
    Flatten: _simple("Flatten"),
    Dense: _linear,
    LinearSVM: _linear,
    Softmax: _simple("Softmax", axis=1),
    Dropout: _simple("Identity"),
    Add: _simple("Sum"),
    Concat: _simple("Concat", axis=1),
}
