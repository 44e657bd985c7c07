"""The onnx package's backend suite through our reader and our engine."""

import re

import numpy as np
import onnx
import pytest
from onnx import helper, numpy_helper

from engine import FormatError, run
from engine.formats import onnx_reader
from tests.conformance.backend_models import (
    ALEXNET,
    DATA,
    SUITES,
    answer,
    failure,
    light,
    models,
    node_cases,
    read,
    stored,
    tensor,
)
from tests.conformance.backend_nodes import OPERATORS
from tests.conformance.model_excuses import DOUBLES, READ_NODES, REASONS, REFUSED
from tests.conformance.runtime import session

# That a file's batch, weights or outputs are others' business is not what is tested here.
pytestmark = pytest.mark.filterwarnings("ignore::engine.formats.errors.FormatWarning")

LARGE = (ALEXNET, "light_vgg19", "light_zfnet512")  # most of their weights are in dense layers


@pytest.mark.parametrize("suite", SUITES)
def test_models_that_pytorch_exported_give_their_outputs_but_for_the_refused(suite: str):
    refused = {}
    for name in models(suite):
        if name in DOUBLES:
            continue
        try:
            assert failure(*stored(suite, name), rtol=1e-3) == "", name
        except FormatError as problem:
            refused[name] = str(problem)
    assert refused.keys() == REFUSED[suite].keys()
    assert [name for name, said in refused.items() if not re.search(REFUSED[suite][name], said)] == []


def test_models_in_float64_are_read_and_told_of():
    assert DOUBLES.keys() <= set(models("pytorch-operator"))
    for name in DOUBLES:
        model, inputs, _ = stored("pytorch-operator", name)
        with pytest.warns(match="float32 here"):
            read(model, inputs)


@pytest.mark.parametrize("operator", sorted(OPERATORS))
def test_node_tests_are_read_and_pass_or_are_refused_with_a_known_reason(operator: str):
    passed, unknown = 0, {}
    for name, (model, inputs, wanted) in node_cases(operator).items():
        try:
            with np.errstate(all="ignore"):
                assert failure(model, inputs, wanted, rtol=1e-3) == "", name
            passed += 1
        except FormatError as problem:
            if not any(re.search(reason, str(problem)) for reason in REASONS):
                unknown[name] = str(problem)
    assert unknown == {}
    assert passed == READ_NODES.get(operator, 0)


@pytest.mark.parametrize("name", light())
def test_classic_networks_give_the_outputs_that_ship(name: str):
    network = onnx_reader.decode((DATA / "light" / f"{name}.onnx").read_bytes())
    wanted = tensor(DATA / "light" / f"{name}_output_0.pb")
    ours = answer(network, np.ones((1, *network.graph.image.shape), np.float32))
    assert ours.shape == wanted.shape
    np.testing.assert_allclose(ours, wanted, rtol=1e-3, atol=1e-6)


@pytest.mark.parametrize("name", [name for name in light() if name not in LARGE])
def test_classic_networks_with_random_weights_give_the_outputs_of_onnxruntime(name: str):
    data = with_random_weights(onnx.load(DATA / "light" / f"{name}.onnx"))
    network = onnx_reader.decode(data)
    image = np.random.default_rng(1).normal(size=network.graph.image.shape).astype(np.float32)
    opened = session(data)
    (theirs,) = opened.run(None, {opened.get_inputs()[0].name: image[None]})
    (end,) = (node.id for node in network.graph.nodes if not network.graph.outgoing[node.id])
    ours = run(network.graph, network.weights, image)[end]
    np.testing.assert_allclose(ours, theirs[0], rtol=0, atol=1e-4 * np.abs(theirs).max())


def with_random_weights(model: onnx.ModelProto) -> bytes:
    """Return a model whose weights are no longer one value: a test of equal values would see no mix-up."""
    draw = np.random.default_rng(0)
    statistics = {node.input[4] for node in model.graph.node if node.op_type == "BatchNormalization"}
    shapes = {one.name: numpy_helper.to_array(one) for one in model.graph.initializer}
    kept = []
    for node in model.graph.node:
        if node.op_type != "ConstantOfShape":
            kept.append(node)
            continue
        shape = [int(extent) for extent in shapes[node.input[0]]]
        fan = max(1, int(np.prod(shape[1:])))
        values = draw.normal(size=shape) * (2 / fan) ** 0.5
        values = draw.uniform(0.5, 2, shape) if node.output[0] in statistics else values
        model.graph.initializer.append(numpy_helper.from_array(values.astype(np.float32), node.output[0]))
    del model.graph.node[:]
    model.graph.node.extend(kept)
    used = {name for node in kept for name in node.input}
    inputs = [one for one in model.graph.input if one.name in used and one.name not in shapes]
    graph = helper.make_graph(kept, "g", inputs, model.graph.output, model.graph.initializer)
    made = helper.make_model(graph, opset_imports=model.opset_import)
    made.ir_version = 8
    return bytes(made.SerializeToString())
