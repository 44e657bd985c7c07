"""Every version of ONNX's operators that is read: one network, in the words of each, against ONNX Runtime.

Operators whose words have changed since opset 7 are in it: bounds and borders that became inputs, axes that did, and
what was first called Upsample.
"""

from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from engine import (
    BatchNorm2D,
    Clip,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    GlobalAvgPool2D,
    MaxPool2D,
    Minimum,
    Network,
    Slice,
    Softmax,
    Unsupported,
    Upsample2D,
    ZeroPad2D,
)
from engine.formats.onnx_reading.source import NEWEST
from tests.engine.formats.onnx_files import array, model, node, read, same_as_runtime, weights

CHANGED = 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, NEWEST
LAYERS = {
    *(ZeroPad2D, Conv2D, BatchNorm2D, Clip, MaxPool2D, Slice, Upsample2D, Minimum, Dropout, GlobalAvgPool2D),
    *(Dense, Softmax),
}


class Words:
    """A model in the words of one version; each method adds an operator and returns what it makes."""

    def __init__(self, opset: int) -> None:
        self.opset = opset
        self.nodes: list[onnx.NodeProto] = []
        self.arrays: list[onnx.TensorProto] = []

    def put(self, operator: str, inputs: str, **attributes: Any) -> str:
        made = f"v{len(self.nodes)}"
        self.nodes.append(node(operator, inputs, made, **attributes))
        return made

    def constant(self, values: Any, kind: Any = np.float32) -> str:
        name = f"k{len(self.arrays)}"
        self.arrays.append(array(name, values, kind))
        return name

    def given(
        self, since: int, operator: str, x: str, values: dict[str, Any], kind: Any = np.int64, **more: Any
    ) -> str:
        """Add an operator whose settings are inputs since a version, and were attributes before."""
        if self.opset >= since:
            return self.put(operator, " ".join([x, *(self.constant(one, kind) for one in values.values())]), **more)
        return self.put(operator, x, **values, **more)

    def weight(self, *shape: int) -> str:
        name = f"w{len(self.arrays)}"
        self.arrays.append(weights(name, *shape))
        return name


def whole(opset: int) -> onnx.ModelProto:
    """Return the model: a border, two branches that meet, what makes them small, and an answer."""
    make = Words(opset)
    border = [0, 0, 1, 2, 0, 0, 1, 1]
    x = make.given(11, "Pad", "x", {"pads": border}, mode="constant")
    x = make.put("Conv", f"{x} {make.weight(5, 4, 3, 3)} {make.weight(5)}", kernel_shape=[3, 3])
    statistics = [make.constant(np.linspace(0.5, 1.5, 5)) for _ in range(4)]
    x = make.put("BatchNormalization", " ".join([x, *statistics]), epsilon=1e-3, momentum=0.95)
    x = make.given(11, "Clip", x, {"min": -1.5, "max": 1.25}, np.float32)
    pooled = make.put("MaxPool", x, kernel_shape=[2, 2], strides=[2, 2])
    if opset >= 11:
        scales = f"{make.constant([], np.float32)} {make.constant([1, 1, 2, 2])}"
        large = make.put(
            "Resize",
            f"{pooled} {scales}",
            mode="nearest",
            coordinate_transformation_mode="asymmetric",
            nearest_mode="floor",
        )
    elif opset == 10:
        large = make.put("Resize", f"{pooled} {make.constant([1, 1, 2, 2])}", mode="nearest")
    elif opset == 9:
        large = make.put("Upsample", f"{pooled} {make.constant([1, 1, 2, 2])}", mode="nearest")
    else:
        large = make.put("Upsample", pooled, mode="nearest", scales=[1.0, 1.0, 2.0, 2.0])
    cut = make.given(10, "Slice", x, {"starts": [0], "ends": [6], "axes": [3]})
    x = make.put("Min", f"{large} {cut}")
    x = make.given(12, "Dropout", x, {"ratio": 0.25}, np.float32)
    x = make.given(18, "ReduceMean", x, {"axes": [2, 3]}, keepdims=1)
    x = make.given(13, "Squeeze", x, {"axes": [2, 3]})
    x = make.put("Gemm", f"{x} {make.weight(5, 3)} {make.weight(3)}")
    make.put("Softmax", x, axis=1)
    return model(make.nodes, make.arrays, [1, 4, 6, 6], opset)


@pytest.mark.parametrize("opset", CHANGED)
def test_a_network_in_the_words_of_any_version_is_read_and_computes_the_same(opset: int):
    made = whole(opset)
    network = read(made)
    kinds = {type(one.layer) for one in network.graph.nodes[1:]}
    assert kinds - {Flatten} == LAYERS
    assert not kinds & {Unsupported}
    norm = next(one.layer for one in network.graph.nodes if isinstance(one.layer, BatchNorm2D))
    assert (norm.epsilon, norm.momentum) == (1e-3, 0.05)
    same_as_runtime(made, network)


WHERE = ["initialisers", "constants", "inputs"]


@pytest.mark.parametrize("where", WHERE)
def test_weights_are_found_wherever_a_file_keeps_them(where: str):
    made = whole(17)
    wanted = read(made).weights
    stored = {one.name: onnx.numpy_helper.to_array(one) for one in made.graph.initializer}
    given: dict[str, np.ndarray] = {}
    if where != "initialisers":
        kept = list(made.graph.initializer)
        del made.graph.initializer[:]
        for one in kept:
            floats = one.data_type == TensorProto.FLOAT and one.dims
            if where == "inputs" and floats:
                made.graph.input.append(helper.make_tensor_value_info(one.name, one.data_type, one.dims))
                given[one.name] = stored[one.name]
            else:
                made.graph.node.insert(0, helper.make_node("Constant", [], [one.name], value=one))
    network: Network = read(made, arrays=given)
    assert network.weights == wanted
