"""Networks as ONNX models: opset 17 or what a file had, float32, weights inside, one output per open end."""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from engine.analysis import Analysis, NodeAnalysis, analyse
from engine.formats import onnx_apart
from engine.formats.errors import FormatError
from engine.formats.onnx_nodes import WRITERS, Sheet, foreign
from engine.language import tr
from engine.layers import Input, Unsupported
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
    reason = foreign.obstacle(analysis)
    if reason:
        raise FormatError(tr("Only a network without errors can be written as ONNX: {reason}", reason=reason))
    versions = foreign.opsets(network.graph, OPSET)
    body, constants = [], list[onnx.TensorProto]()
    for node in analysis.order:
        nodes, arrays = _nodes(analysis, node, versions[""])
        body += nodes
        constants += arrays
    weights = completed(analysis, network.weights).flat() | foreign.unshaped_weights(analysis, network.weights)
    wanted = [node for node in analysis.order if every_map or not network.graph.outgoing[node]]
    entrance = analysis.input
    assert entrance is not None
    graph = helper.make_graph(
        body,
        network.name,
        [_value(entrance.id, analysis.nodes[entrance.id])],
        [_value(node, analysis.nodes[node]) for node in wanted if node != entrance.id],
        [*(numpy_helper.from_array(np.ascontiguousarray(one), name) for name, one in weights.items()), *constants],
        value_info=[
            foreign.value_info(node, layer, known=analysis.nodes[node].output is not None)
            for node, layer in foreign.foreign_layers(analysis)
            if network.graph.outgoing[node] and not every_map
        ],
    )
    imports = [helper.make_opsetid(domain, version) for domain, version in versions.items()]
    model = helper.make_model(graph, opset_imports=imports, producer_name="Convolab")
    model.ir_version = (
        IR_VERSION if versions[""] == OPSET else helper.find_min_ir_version_for(imports, ignore_unknown=True)
    )
    _check(model, analysis)
    return bytes(model.SerializeToString())


def _check(model: onnx.ModelProto, analysis: Analysis) -> None:
    """Check a model as strictly as it can be: an output of unknown shape may be in a file, but passes no checker."""
    if not all(one.type.tensor_type.HasField("shape") for one in model.graph.output):
        return
    if not any(foreign.foreign_layers(analysis)):
        onnx.checker.check_model(model, full_check=True)
        return
    try:
        onnx_apart.check(model)
    except onnx_apart.Refused as problem:
        reason = tr(
            "An operator that is not supported no longer fits the rest of the model: {problem}", problem=problem
        )
        raise FormatError(reason) from problem


def _value(node: str, entry: NodeAnalysis) -> onnx.ValueInfoProto:
    if isinstance(entry.layer, Unsupported):
        return foreign.value_info(node, entry.layer, known=entry.output is not None)
    return helper.make_tensor_value_info(node, TensorProto.FLOAT, [1, *(entry.output or ())])


def _nodes(analysis: Analysis, node: str, opset: int) -> tuple[list[onnx.NodeProto], list[onnx.TensorProto]]:
    """Return the operators of a layer, and those of its constants that are no weights."""
    entry, wires = analysis.nodes[node], analysis.graph.incoming[node]
    sources = [wires[port].source for port in sorted(wires)]
    if isinstance(entry.layer, Input):
        return [], []
    if isinstance(entry.layer, Unsupported):
        if not entry.layer.is_main:
            foreign.check_further(analysis.graph, node)
            return [], []
        return foreign.foreign_parts(analysis, node, sources, opset)
    writer = WRITERS.get(type(entry.layer))
    if writer is None:
        raise FormatError(
            tr("{layer} has no counterpart in ONNX yet - at layer {node!r}", layer=entry.layer.title, node=node)
        )
    sheet = Sheet(entry, node, sources)
    writer(sheet)
    return sheet.nodes, []
