"""Networks as ONNX models: opset 17, float32, weights inside, one output per open end."""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from engine.analysis import Analysis, NodeAnalysis, analyse
from engine.formats.errors import FormatError
from engine.formats.onnx_nodes import WRITERS, Sheet
from engine.language import tr
from engine.layers import Input
from engine.network import Network
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
        reason = analysis.errors[0].message if analysis.errors else tr("it has no layers")
        raise FormatError(tr("Only a network without errors can be written as ONNX: {reason}", reason=reason))
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
    if isinstance(entry.layer, Input):
        return []
    writer = WRITERS.get(type(entry.layer))
    if writer is None:
        raise FormatError(
            tr("{layer} has no counterpart in ONNX yet - at layer {node!r}", layer=entry.layer.title, node=node)
        )
    sheet = Sheet(entry, node, sources)
    writer(sheet)
    return sheet.nodes
