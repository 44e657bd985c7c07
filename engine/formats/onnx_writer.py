"""Networks as ONNX models: opset 17, newer where it must be, float32, weights inside, one output per open end."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from engine.analysis import Analysis, NodeAnalysis, analyse
from engine.formats import onnx_apart, told
from engine.formats.errors import FormatError
from engine.formats.onnx_nodes import WRITERS, Sheet, foreign, least_opset
from engine.language import tr
from engine.layers import Input, Unsupported
from engine.network import Network
from engine.weights import completed

OPSET = 17
IR_VERSION = 8


def encode(network: Network, *, every_map: bool = False) -> bytes:
    """Write a network as the bytes of an ONNX model with a batch of 1; what is lost is said by a `FormatWarning`.

    How it is made to compute the same is said by a `FormatNote`, and by the model's description.

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
    versions = foreign.opsets(network.graph, max(OPSET, *(least_opset(node.layer) for node in network.graph.nodes)))
    parts = [_nodes(analysis, node, versions[""]) for node in analysis.order]
    notes = [one for part in parts for one in part.notes]
    imports = [helper.make_opsetid(domain, version) for domain, version in versions.items()]
    graph = _graph(network, analysis, parts, every_map=every_map)
    model = helper.make_model(graph, opset_imports=imports, producer_name="Convolab")
    model.ir_version = (
        IR_VERSION if versions[""] == OPSET else helper.find_min_ir_version_for(imports, ignore_unknown=True)
    )
    model.doc_string = _description(notes)
    _check(model, analysis)
    lost = [one for part in parts for one in part.lost]
    told.tell(network, told.ONNX, lost, notes)
    return bytes(model.SerializeToString())


def _graph(network: Network, analysis: Analysis, parts: Sequence["_Made"], *, every_map: bool) -> onnx.GraphProto:
    """Return the graph of all operators, with the weights inside; its outputs are those of open ends, or all."""
    weights = completed(analysis, network.weights).flat() | foreign.unshaped_weights(analysis, network.weights)
    arrays = [numpy_helper.from_array(np.ascontiguousarray(one), name) for name, one in weights.items()]
    wanted = [node for node in analysis.order if every_map or not network.graph.outgoing[node]]
    entrance = analysis.input
    assert entrance is not None
    return helper.make_graph(
        [node for part in parts for node in part.nodes],
        network.name,
        [_value(entrance.id, analysis.nodes[entrance.id])],
        [_value(node, analysis.nodes[node]) for node in wanted if node != entrance.id],
        [*arrays, *(array for part in parts for array in part.arrays)],
        value_info=[
            foreign.value_info(node, layer, known=analysis.nodes[node].output is not None)
            for node, layer in foreign.foreign_layers(analysis)
            if network.graph.outgoing[node] and not every_map
        ],
    )


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


class _Made(NamedTuple):
    """What is written of a layer: its operators, and those of its constants that are no weights."""

    nodes: Sequence[onnx.NodeProto] = ()
    arrays: Sequence[onnx.TensorProto] = ()
    lost: Sequence[str] = ()
    notes: Sequence[str] = ()


def _nodes(analysis: Analysis, node: str, opset: int) -> _Made:
    entry, wires = analysis.nodes[node], analysis.graph.incoming[node]
    sources = [wires[port].source for port in sorted(wires)]
    if isinstance(entry.layer, Input):
        return _Made()
    if isinstance(entry.layer, Unsupported):
        if not entry.layer.is_main:
            foreign.check_further(analysis.graph, node)
            return _Made()
        return _Made(*foreign.foreign_parts(analysis, node, sources, opset))
    writer = WRITERS.get(type(entry.layer))
    if writer is None:
        raise FormatError(
            tr("{layer} has no counterpart in ONNX yet - at layer {node!r}", layer=entry.layer.title, node=node)
        )
    sheet = Sheet(entry, node, sources)
    writer(sheet)
    return _Made(sheet.nodes, (), sheet.lost, sheet.notes)


def _description(notes: Sequence[str]) -> str:
    """Return how a model computes what was drawn, for those who open it elsewhere."""
    done = "; ".join(dict.fromkeys(notes))
    return f"Drawn in Convolab. So that it computes the same: {done}." if done else ""
