"""Operators that no layer is, written back as they were read."""

from collections.abc import Iterator, Mapping, Sequence

import onnx
from onnx import helper

from engine.analysis import Analysis
from engine.diagnostics import Code
from engine.formats import onnx_apart
from engine.formats.errors import FormatError
from engine.formats.onnx_reading.foreign import attribute_of, tensor_of, type_number
from engine.formats.onnx_reading.source import inner_graphs
from engine.graph import Graph
from engine.language import tr
from engine.layers import Unsupported
from engine.layers.base import Array
from engine.layers.unsupported import WIRE, ForeignNode
from engine.weights import Weights, fits


def opsets(graph: Graph, least: int) -> dict[str, int]:
    """Return the version of each domain that a network's operators need, at least one of ONNX's own.

    Raises
    ------
    FormatError
        Where a domain is needed in two versions.
    """
    found = {"": least}
    for node in graph.nodes:
        if not isinstance(node.layer, Unsupported) or not node.layer.is_main:
            continue
        domain, opset = node.layer.node.domain, node.layer.node.opset
        if not domain:
            found[""] = max(found[""], opset)
        elif found.setdefault(domain, opset) != opset:
            raise FormatError(
                tr(
                    "operators of {domain} are of the versions {one} and {other}, and a file has one of them",
                    domain=domain,
                    one=found[domain],
                    other=opset,
                )
            )
    return found


def foreign_parts(
    analysis: Analysis, node: str, sources: Sequence[str], opset: int
) -> tuple[list[onnx.NodeProto], list[onnx.TensorProto]]:
    """Return an operator as it was, and those of its constants that are part of the document.

    Another version of it may be several nodes.

    Parameters
    ----------
    analysis, node
        The network and the id of the layer.
    sources
        The names of what is wired to it.
    opset
        The version of ONNX's own operators in the file.

    Raises
    ------
    FormatError
        Where it is damaged, or can't be said in that version.
    """
    layer = analysis.nodes[node].layer
    assert isinstance(layer, Unsupported)
    foreign, wires = layer.node, iter(sources)
    embedded = {one.name: one for one in foreign.arrays if one.data is not None}
    inputs = [next(wires) if name == WIRE else f"{node}.{name}" if name else "" for name in foreign.inputs]
    try:
        own = inputs[: len(inputs) - len(foreign.captured)]
        made = onnx.NodeProto(op_type=foreign.operator, domain=foreign.domain, name=node, input=own)
        made.output.extend(_outputs(analysis.graph, node, layer))
        made.attribute.extend(attribute_of(one) for one in foreign.attributes)
        for graph in inner_graphs(made):
            _rename(graph, dict(zip(foreign.captured, inputs[len(own) :], strict=True)), f"{node}/")
        arrays = [tensor_of(one, f"{node}.{name}") for name, one in embedded.items()]
    except Exception as problem:  # a document that was edited by hand: protobuf and numpy stumble in many ways
        raise FormatError(tr("{node!r} holds a damaged operator: {problem}", node=node, problem=problem)) from problem
    return _in_version(made, foreign, opset), arrays


def check_further(graph: Graph, node: str) -> None:
    """Check that the operator is there that a further output is of, which makes it.

    Raises
    ------
    FormatError
        Where none comes before it.
    """
    layer = graph.node(node).layer
    assert isinstance(layer, Unsupported)
    wire = graph.incoming[node].get(0)
    before = graph.node(wire.source).layer if wire is not None else None
    if wire is None or not isinstance(before, Unsupported) or not before.is_main:
        raise FormatError(tr("{node!r} is a further output of an operator that is not before it", node=node))
    if before.node.outputs != layer.node.outputs or before.node.operator != layer.node.operator:
        raise FormatError(tr("{node!r} is a further output of another operator than that before it", node=node))


def value_info(node: str, layer: Unsupported, *, known: bool) -> onnx.ValueInfoProto:
    """Return what a file says of an operator's output: its type, and its shape where that is known."""
    if not known or layer.node.assumed:
        return helper.make_tensor_value_info(node, type_number(layer.value_type), None)
    shape = [1, *layer.output] if layer.node.batched else list(layer.output)
    if layer.node.squeezed:
        shape.pop()
    return helper.make_tensor_value_info(node, type_number(layer.value_type), shape)


def _outputs(graph: Graph, node: str, layer: Unsupported) -> list[str]:
    """Return the names of an operator's outputs: those of the layers that are further ones, and its own."""
    further = {
        after.node.part: edge.target
        for edge in graph.outgoing[node]
        if isinstance(after := graph.node(edge.target).layer, Unsupported) and not after.is_main
    }
    names = []
    for number, type in enumerate(layer.node.outputs):
        unused = f"{node}/output {number}" if type else ""
        names.append(node if number == layer.node.part else further.get(number, unused))
    return names


def _rename(graph: onnx.GraphProto, outer: Mapping[str, str], prefix: str) -> None:
    """Give the values of an inner graph names that no other has, and those of the outer ones their present names."""
    made = [one.name for one in (*graph.input, *graph.initializer)] + [
        name for one in graph.node for name in one.output
    ]
    own = {name: name if name.startswith(prefix) else prefix + name for name in made if name}
    names = {**outer, **own}
    for value in (*graph.input, *graph.initializer, *graph.output, *graph.value_info):
        value.name = names.get(value.name, value.name)
    for node in graph.node:
        node.input[:] = [names.get(name, name) for name in node.input]
        node.output[:] = [names.get(name, name) for name in node.output]
        for inner in inner_graphs(node):
            _rename(inner, names, prefix)


def _in_version(made: onnx.NodeProto, foreign: ForeignNode, opset: int) -> list[onnx.NodeProto]:
    """Return an operator in another version of ONNX's own than it was in; in most it is defined as before."""
    if foreign.domain or foreign.opset == opset or _since(foreign, foreign.opset) == _since(foreign, opset):
        return [made]
    alone = helper.make_graph([made], "alone", [], [])
    alone.input.extend(onnx.ValueInfoProto(name=name) for name in dict.fromkeys(made.input) if name)
    alone.output.extend(onnx.ValueInfoProto(name=name) for name in made.output if name)
    model = helper.make_model(alone, opset_imports=[helper.make_opsetid("", foreign.opset)])
    try:
        converted = onnx_apart.converted(model, opset).graph
    except onnx_apart.Refused as problem:
        raise FormatError(
            tr(
                "{operator} of opset {old} is another one in opset {new}, and the file can have one of them",
                operator=foreign.operator,
                old=foreign.opset,
                new=opset,
            )
        ) from problem
    known = {*made.input, *made.output}
    for one in converted.node:
        one.name = made.name if made.output[0] in one.output else f"{made.name}/{one.name or one.output[0]}"
        one.input[:] = [name if name in known else f"{made.name}/{name}" for name in one.input]
        one.output[:] = [name if name in known else f"{made.name}/{name}" for name in one.output]
    return list(converted.node)


def _since(foreign: ForeignNode, opset: int) -> int | None:
    try:
        return int(onnx.defs.get_schema(foreign.operator, opset, foreign.domain).since_version)
    except onnx.defs.SchemaError:
        return None


def obstacle(analysis: Analysis) -> str:
    """Return what keeps a network from being written; a shape that nothing but such operators needs is no matter."""
    waiting = {node for node, layer in foreign_layers(analysis) if analysis.nodes[node].output is None}
    for found in analysis.errors:
        if found.code is not Code.UNKNOWN_SHAPE or found.node not in waiting:
            return found.message
    for node in analysis.order:
        if analysis.nodes[node].output is None and node not in waiting:
            return tr("the shape of what reaches “{node}” is not known", node=analysis.graph.node(node).label)
    return ""


def unshaped_weights(analysis: Analysis, weights: Weights | None) -> dict[str, Array]:
    """Return the weights of operators whose output has no known shape, under the names of files."""
    found: dict[str, Array] = {}
    for node, layer in foreign_layers(analysis):
        if analysis.nodes[node].output is None and layer.is_main:
            own = (weights or Weights({})).get(node, {})
            if not fits(layer.weight_specs(), own):
                raise FormatError(tr("the weights of {node!r} are not there", node=node))
            found |= {f"{node}.{name}": array for name, array in own.items()}
    return found


def foreign_layers(analysis: Analysis) -> Iterator[tuple[str, Unsupported]]:
    """Return all layers that are not supported."""
    layers: Mapping[str, object] = {node: analysis.nodes[node].layer for node in analysis.order}
    return ((node, layer) for node, layer in layers.items() if isinstance(layer, Unsupported))
