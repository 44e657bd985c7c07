"""ONNX models made by hand, and what reads them."""

from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from engine import Layer, Network, Weights, run
from engine.formats import onnx_reader
from tests.conformance.runtime import session

RANDOM = np.random.default_rng(5)


def array(name: str, values: Any, kind: Any = np.float32) -> onnx.TensorProto:
    return numpy_helper.from_array(np.asarray(values, kind), name)


def weights(name: str, *shape: int) -> onnx.TensorProto:
    return array(name, RANDOM.normal(size=shape))


def value(name: str, shape: list[Any] | None) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)


def model(
    nodes: list[onnx.NodeProto],
    arrays: list[onnx.TensorProto] | None = None,
    image: list[Any] | None = None,
    opset: int = 17,
    inputs: list[onnx.ValueInfoProto] | None = None,
) -> onnx.ModelProto:
    graph = helper.make_graph(
        nodes,
        "main_graph",
        [value("x", image or [1, 4, 6, 6]), *(inputs or [])],
        [value(nodes[-1].output[0], None)],
        arrays or [],
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], producer_name="pytorch")
    made.ir_version = 8
    return made


def read(made: onnx.ModelProto, **options: Any) -> Network:
    return onnx_reader.decode(made.SerializeToString(), **options)


def layers(network: Network) -> list[Layer]:
    return [node.layer for node in network.graph.nodes[1:]]


def same_as_runtime(made: onnx.ModelProto, network: Network) -> None:
    """Assert that the network's last map is the model's output."""
    image = RANDOM.normal(size=network.graph.image.shape).astype(np.float32)
    theirs = session(made.SerializeToString()).run(None, {"x": image[None]})[0][0]
    ends = [node.id for node in network.graph.nodes if not network.graph.outgoing[node.id]]
    assert len(ends) == 1
    ours = run(network.graph, network.weights or Weights({}), image)[ends[0]]
    assert ours.shape == theirs.shape
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-5 * max(1, np.abs(theirs).max()))


def node(operator: str, inputs: str, output: str, **attributes: Any) -> onnx.NodeProto:
    names = ["" if name == "_" else name for name in inputs.split()]
    return helper.make_node(operator, names, [output], **attributes)
