"""Models with operators that no layer is: they open, they are written back as they were, and ONNX Runtime agrees."""

import re
import warnings
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import onnx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx import TensorProto, helper, numpy_helper

from engine import (
    FormatError,
    FormatWarning,
    Network,
    Unsupported,
    Weights,
    analyse,
    completed,
    load,
    run,
    save,
)
from engine.formats import OpenSizeWarning, native, onnx_reader, onnx_writer
from engine.layers.unsupported import ForeignArray, ForeignAttribute
from tests.conformance.runtime import session
from tests.engine.formats.onnx_files import RANDOM, array, model, node, read, value, weights

pytestmark = pytest.mark.filterwarnings("ignore::engine.formats.errors.FormatWarning")


def unsupported(network: Network) -> dict[str, Unsupported]:
    return {node.id: node.layer for node in network.graph.nodes if isinstance(node.layer, Unsupported)}


def round_trip(made: onnx.ModelProto, *, same: bool = True) -> Network:
    """Read a model, write it, and assert that ONNX Runtime computes the same with both, and that reading is stable."""
    network = read(made)
    written = onnx_writer.encode(network)
    image = RANDOM.normal(size=(1, *network.graph.image.shape)).astype(np.float32)
    theirs = session(made.SerializeToString()).run(None, {"x": image})
    opened = session(written)
    ours = opened.run([one.name for one in made.graph.output], {opened.get_inputs()[0].name: image})
    for wanted, found in zip(theirs, ours, strict=True):
        assert wanted.dtype == found.dtype
        np.testing.assert_allclose(found, wanted, rtol=0, atol=1e-4 * max(1, float(np.abs(wanted).max(initial=0))))
    again = onnx_reader.decode(written)
    if same:
        assert again.graph == network.graph
    assert again.weights == network.weights
    document, _ = native.decode(native.encode(network))
    assert document.graph == network.graph
    return network


def written_node(network: Network, name: str) -> onnx.NodeProto:
    made = onnx.load_model_from_string(onnx_writer.encode(network))
    return next(one for one in made.graph.node if name in one.output)


def test_upstream_and_beside_it_still_run():
    nodes = [
        node("Conv", "x w", "c"),
        node("Relu", "c", "r"),
        node("Einsum", "r", "e", equation="bchw->bcwh"),
        node("Conv", "e v", "d"),
        node("Conv", "r v", "side"),
        node("Add", "d side", "y"),
    ]
    network = round_trip(model(nodes, [weights("w", 5, 4, 3, 3), weights("v", 2, 5, 1, 1)]))
    analysis = analyse(network.graph)
    assert not analysis.errors
    assert analysis.nodes["e"].output == (5, 4, 4)
    assert analysis.nodes["y"].output == (2, 4, 4)
    maps = run(network.graph, completed(analysis, network.weights), np.ones((4, 6, 6), np.float32))
    assert list(maps) == ["x", "c", "r", "side"]
    (layer,) = unsupported(network).values()
    assert layer.brief() == "Einsum · equation = bchw->bcwh"


def test_what_is_said_when_it_opens():
    made = model([node("Erf", "x", "a"), node("Sin", "a", "y")])
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        read(made)
    (said,) = caught
    assert str(said.message).startswith("2 operators are not supported (Erf, Sin)")
    assert said.category is FormatWarning


def test_several_outputs_are_layers_behind_the_first():
    nodes = [
        node("Flatten", "x", "f"),
        helper.make_node("TopK", ["f", "k"], ["val", "idx"]),
        node("Cast", "idx", "i", to=TensorProto.FLOAT),
        node("Add", "i val", "y"),
    ]
    network = round_trip(model(nodes, [array("k", [3], np.int64)]))
    found = unsupported(network)
    assert [layer.brief() for layer in found.values()] == ["TopK", "output 2 of TopK", "Cast · to = 1"]
    assert network.graph.incoming["idx"][0].source == "val"
    assert list(written_node(network, "val").output) == ["val", "idx"]
    orphan = network.graph.disconnect(network.graph.incoming["idx"][0]).connect("f", "idx")
    with pytest.raises(FormatError, match="'idx' is a further output of an operator that is not before it"):
        onnx_writer.encode(Network("n", orphan))


def test_a_first_output_may_be_left_out():
    made = helper.make_node("LSTM", ["s", "W", "R"], ["", "h"], hidden_size=3)
    nodes = [node("Flatten", "x", "f"), node("Unsqueeze", "f a", "s"), made, node("Squeeze", "h a", "y")]
    arrays = [weights("W", 1, 12, 144), weights("R", 1, 12, 3), array("a", [0], np.int64)]
    network = round_trip(model(nodes, arrays))
    layer = unsupported(network)["h"]
    assert layer.node.outputs == ("", "float32")
    assert [one.name for one in layer.node.arrays] == ["W", "R"]
    assert network.weights["h"]["W"].shape == (1, 12, 144)
    assert analyse(network.graph).nodes["h"].parameters == 12 * 144 + 36


def test_attributes_constants_and_domain_are_kept():
    node_ = node("FusedConv", "x w b", "y", domain="com.microsoft", activation="Relu", kernel_shape=[1, 1])
    made = model([node_, node("Relu", "y", "z")], [weights("w", 5, 4, 1, 1), weights("b", 5)])
    made.opset_import.append(helper.make_opsetid("com.microsoft", 1))
    network = round_trip(made)
    layer = unsupported(network)["y"]
    assert (layer.node.domain, layer.node.opset) == ("com.microsoft", 1)
    assert layer.node.assumed  # the file does not say the shape, and 5 maps come out where 4 go in
    kept = written_node(network, "y")
    assert {one.name: one for one in kept.attribute} == {one.name: one for one in node_.attribute}
    written = onnx.load_model_from_string(onnx_writer.encode(network))
    assert {one.domain: one.version for one in written.opset_import} == {"": 17, "com.microsoft": 1}
    arrays = {one.name: numpy_helper.to_array(one) for one in written.graph.initializer}
    before = {one.name: numpy_helper.to_array(one) for one in made.graph.initializer}
    assert [np.array_equal(arrays[one], before[other]) for one, other in zip(kept.input[1:], "wb", strict=True)]


def test_the_file_says_the_shape_of_what_nobody_knows():
    made = model([node("Magic", "x", "m", domain="com.example"), node("Relu", "m", "y")])
    made.opset_import.append(helper.make_opsetid("com.example", 3))
    made.graph.value_info.append(value("m", [1, 7, 2, 2]))
    network = read(made)
    assert analyse(network.graph).nodes["y"].output == (7, 2, 2)
    del made.graph.value_info[:]
    assumed = read(made)
    assert analyse(assumed.graph).nodes["y"].output == (4, 6, 6)
    again = onnx_reader.decode(onnx_writer.encode(assumed))
    assert again.graph == assumed.graph


def test_shapes_that_depend_on_the_values_leave_what_follows_without():
    nodes = [
        node("Relu", "x", "r"),
        node("NonZero", "r", "n"),
        node("Cast", "n", "f", to=1),
        node("MatMul", "m f", "y"),
    ]
    network = round_trip(model(nodes, [weights("m", 3, 4)]))
    analysis = analyse(network.graph)
    assert analysis.nodes["n"].output is None
    assert [found.code.value for found in analysis.errors] == ["unknown-shape"]
    assert analysis.nodes["r"].output == (4, 6, 6)


@pytest.mark.parametrize("opset", [7, 9, 11, 13, 15, 17, 18, 20, 22, onnx.defs.onnx_opset_version()])
def test_operators_of_all_versions_are_written_back(opset: int):
    nodes = [node("Erf" if opset >= 9 else "Exp", "x", "e"), node("Relu", "e", "r"), node("Sin", "r", "y")]
    network = read(model(nodes, opset=opset))
    assert {layer.node.opset for layer in unsupported(network).values()} == {opset}
    written = onnx.load_model_from_string(onnx_writer.encode(network))
    assert written.opset_import[0].version == max(17, opset)


def test_a_pooling_that_asks_for_a_newer_version_takes_operators_along():
    made = model(
        [node("ReduceSum", "x", "s", axes=[1], keepdims=1), node("AveragePool", "s", "y", kernel_shape=[2, 2])],
        opset=11,
    )
    network = read(made)
    pool = network.graph.node("y").layer
    dilated = msgspec.structs.replace(network, graph=network.graph.replace_layer("y", pool.replace(dilation=(2, 2))))
    written = onnx.load_model_from_string(onnx_writer.encode(dilated))
    assert written.opset_import[0].version == 19
    assert session(written.SerializeToString()).get_outputs()[0].name == "y"


def test_an_operator_that_another_version_says_otherwise_is_converted():
    made = model([node("ReduceSum", "x", "s", axes=[1], keepdims=1), node("Relu", "s", "y")], opset=11)
    network = round_trip(made, same=False)
    kept = written_node(network, "s")
    assert len(kept.input) == 2  # the axes are an input since opset 13
    assert not any(one.name == "axes" for one in kept.attribute)


def test_known_operators_used_in_ways_that_no_layer_has_say_why():
    cases = [
        ([node("Resize", "x _ s", "y", mode="linear")], [array("s", [1, 1, 1.3, 1.3])], "no whole number of pixels"),
        (
            [node("Resize", "x _ _ s", "y", mode="linear", coordinate_transformation_mode="pytorch_half_pixel")],
            [array("s", [1, 4, 1, 4], np.int64)],
            "places .pytorch_half_pixel. are not those of bilinear",
        ),
        (
            [node("Resize", "x _ _ s", "y", mode="nearest")],
            [array("s", [1, 4, 5, 5], np.int64)],
            "are not those of the nearest pixels here",
        ),
        ([node("Softmax", "x", "y", axis=0)], [], "along axis 0"),
        ([node("Div", "x x", "y")], [], "divides by constants only"),
        ([node("ReduceMean", "x", "y", axes=[1])], [], "over height and width only"),
    ]
    for nodes, arrays, reason in cases:
        (layer,) = unsupported(round_trip(model(nodes, arrays))).values()
        assert re.search(reason, layer.node.reason)


@pytest.mark.parametrize(
    ("how", "reason"),
    [({"antialias": 1}, "takes more of them"), ({"keep_aspect_ratio_policy": "not_larger"}, "keeps the ratio")],
)
def test_a_resize_of_newer_files_that_no_layer_does_says_why(how: dict[str, Any], reason: str):
    made = model(
        [node("Resize", "x _ _ s", "y", mode="linear", **how)],
        [array("s", [1, 4, 5, 5], np.int64)],
        opset=18,
    )
    (layer,) = unsupported(read(made)).values()
    assert reason in layer.node.reason


def test_layers_that_were_begun_are_taken_back():
    """A reader adds layers and then finds that it can't go on: nothing of it stays."""
    numbers = {"from": [0, 0, 5], "to": [2, 3, -99], "on": [1, 2, 3], "steps": [1, 1, -1]}
    arrays = [array(name, values, np.int64) for name, values in numbers.items()]
    network = round_trip(model([node("Slice", "x from to on steps", "s"), node("Relu", "s", "y")], arrays))
    assert [one.layer.type for one in network.graph.nodes] == ["Input", "Unsupported", "ReLU"]


def test_functions_of_the_model_are_put_in_their_places():
    body = [node("Relu", "a", "b"), node("Conv", "b w", "c")]
    function = helper.make_function("own", "Block", ["a", "w"], ["c"], body, [helper.make_opsetid("", 17)])
    made = model([node("Block", "x w", "y", domain="own")], [weights("w", 2, 4, 3, 3)])
    made.functions.append(function)
    made.opset_import.append(helper.make_opsetid("own", 1))
    assert [one.layer.type for one in read(made).graph.nodes] == ["Input", "ReLU", "Conv2D"]


def test_inner_graphs_keep_what_they_use_of_the_outer_one():
    """The branches use a map and a weight of the outer graph, and one has a graph inside of its own."""
    shape = [1, 4, 6, 6]
    deep = helper.make_graph([node("Mul", "r w", "deep_out")], "deep", [], [value("deep_out", shape)])
    inner = [node("Relu", "r", "r2"), helper.make_node("If", ["flag"], ["o"], then_branch=deep, else_branch=deep)]
    yes = helper.make_graph(inner, "yes", [], [value("o", shape)])
    no = helper.make_graph([node("Neg", "r", "o2")], "no", [], [value("o2", shape)])
    nodes = [
        node("LeakyRelu", "x", "r"),
        node("ReduceMax", "x", "m", keepdims=0),
        node("Cast", "m", "flag", to=TensorProto.BOOL),
        helper.make_node("If", ["flag"], ["i"], then_branch=yes, else_branch=no),
        node("Relu", "i", "last"),
    ]
    made = model(nodes, [weights("w", 4, 1, 1)])
    network = round_trip(made, same=False)
    layer = unsupported(network)["i"]
    assert layer.node.captured == ("r", "flag", "w")
    assert [network.graph.incoming["i"][port].source for port in range(3)] == ["flag", "r", "flag"]
    again = onnx_reader.decode(onnx_writer.encode(network))
    assert onnx_reader.decode(onnx_writer.encode(again)).graph == again.graph


def test_what_can_not_be_kept_is_refused_with_the_reason():
    with pytest.raises(FormatError, match="RandomNormal 'n' reckons with constants in a way"):
        read(model([node("RandomNormal", "", "n", shape=[1, 4, 6, 6]), node("Einsum", "x n", "y", equation="a,b->ab")]))
    scale = value("scale", [1])
    with pytest.raises(FormatError, match="the value of its input 'scale' is not in the file"):
        read(model([node("Einsum", "x scale", "y", equation="bchw,k->bcwh")], inputs=[scale]))
    with pytest.raises(FormatError, match="Einsum 'y' can't be read"):
        read(model([node("Einsum", "x", "y", equation="bchw->bcwh")]), strict=True)


def broken(network: Network, **changes: Any) -> Network:
    ((name, layer),) = unsupported(network).items()
    other = layer.replace(node=msgspec.structs.replace(layer.node, **changes))
    return Network("n", network.graph.replace_layer(name, other), network.weights)


@pytest.mark.parametrize(
    "changes",
    [
        {"attributes": (ForeignAttribute("axis", "1", "not base64"),)},
        {"attributes": (ForeignAttribute("axis", "1", "////"),)},
        {"arrays": (ForeignArray("k", (9,), "int64", "AAAA"),)},
        {"arrays": (ForeignArray("k", (1,), "no type", "AAAAAAAAAAA="),)},
        {"operator": "NoSuch"},
    ],
)
def test_a_document_with_a_damaged_operator_is_not_exported(changes: dict[str, Any]):
    made = model(
        [node("Flatten", "x", "f"), helper.make_node("TopK", ["f", "k"], ["y", ""])], [array("k", [3], np.int64)]
    )
    with pytest.raises(FormatError):
        onnx_writer.encode(broken(read(made), **changes))


def test_it_is_saved_and_opened_with_its_weights(tmp_path: Path):
    nodes = [node("Flatten", "x", "f"), node("Unsqueeze", "f a", "s"), node("LSTM", "s W R", "y", hidden_size=3)]
    arrays = [weights("W", 1, 12, 144), weights("R", 1, 12, 3), array("a", [0], np.int64)]
    made = model(nodes, arrays)
    network = read(made)
    save(network, tmp_path / "net.json")
    back = load(tmp_path / "net.json")
    assert back.graph == network.graph
    assert back.weights == network.weights
    save(back, tmp_path / "net.onnx")
    assert load(tmp_path / "net.onnx").graph == network.graph


def test_an_open_size_is_asked_for():
    made = model([node("Relu", "x", "y")], image=["N", 3, "H", "W"])
    with pytest.warns(OpenSizeWarning, match="3 × 224 × 224") as caught:
        read(made)
    assert caught[0].message.size == (224, 224)
    with pytest.warns(OpenSizeWarning, match="3 × 48 × 64"):
        assert read(made, size=(48, 64)).graph.image.shape == (3, 48, 64)
    half = model([node("Relu", "x", "y")], image=["N", 3, 20, "W"])
    assert read(half, size=(48, 64)).graph.image.shape == (3, 20, 64)
    last = model([node("Transpose", "x", "t", perm=[0, 3, 1, 2]), node("Relu", "t", "y")], image=["N", "H", "W", 3])
    assert read(last, size=(48, 64)).graph.image.shape == (3, 48, 64)


def test_an_open_depth_is_one_that_fits():
    made = model([node("Conv", "x w", "y")], [weights("w", 2, 1, 3, 3)], ["N", "C", 8, 8])
    assert read(made).graph.image.shape == (1, 8, 8)
    assert not unsupported(read(made))


# Random models: a chain in which some operators are none of ours

OURS = [("Relu", {}), ("Sigmoid", {}), ("MaxPool", {"kernel_shape": [1, 1]}), ("LeakyRelu", {"alpha": 0.25})]
THEIRS = [("Sin", {}), ("Erf", {}), ("ReduceSum", {"keepdims": 1}), ("Sign", {}), ("Hardmax", {"axis": 1})]


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_random_chains_with_foreign_operators_are_written_back(data: st.DataObject):
    chosen = data.draw(st.lists(st.sampled_from([*OURS, *THEIRS]), min_size=1, max_size=6))
    nodes = [node(kind, "x" if not at else f"v{at}", f"v{at + 1}", **more) for at, (kind, more) in enumerate(chosen)]
    network = round_trip(model(nodes))
    foreign = [kind for kind, _ in chosen if kind not in dict(OURS)]
    maps = run(network.graph, network.weights or Weights({}), np.ones((4, 6, 6), np.float32))
    assert (f"v{len(chosen)}" in maps) == (not foreign)
    assert [one.node.operator for one in unsupported(network).values()] == foreign


def test_one_number_for_each_image_and_one_for_all():
    nodes = [node("Flatten", "x", "f"), node("ArgMax", "f", "a", axis=1, keepdims=0), node("Cast", "a", "y", to=1)]
    network = round_trip(model(nodes))
    assert [layer.node.squeezed for layer in unsupported(network).values()] == [True, True]
    nodes = [node("ReduceMax", "x", "m", keepdims=0), node("Sub", "x m", "y")]
    network = round_trip(model(nodes))
    assert analyse(network.graph).nodes["y"].output == (4, 6, 6)


def test_weights_of_it_that_nobody_gave_stay_random():
    made = model([node("Einsum", "x w", "y", equation="bchw,kc->bkhw")], inputs=[value("w", [9, 4])])
    network = read(made)
    assert network.weights is None
    assert analyse(network.graph).nodes["y"].parameters == 36
    assert onnx_reader.decode(onnx_writer.encode(network)).graph == network.graph
