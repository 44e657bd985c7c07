"""What the reader makes of files that exporters write, of weights wherever they are, and of broken files."""

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, external_data_helper, helper, numpy_helper

from engine import (
    GELU,
    BatchNorm2D,
    ChannelShuffle,
    Conv2D,
    Dense,
    DepthToSpace,
    DepthwiseConv2D,
    Flatten,
    FormatError,
    FormatWarning,
    GlobalAvgPool2D,
    HardSwish,
    Layer,
    LayerNorm,
    LayerScale,
    Network,
    Normalization,
    Permute,
    ReLU,
    ReLU6,
    Rescaling,
    Reshape,
    SiLU,
    Softmax,
    Softsign,
    SpaceToDepth,
    Upsample2D,
    Weights,
    load,
    run,
)
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


WHAT_EXPORTERS_WRITE: dict[str, tuple[list[onnx.NodeProto], list[onnx.TensorProto], list[Layer]]] = {
    "a mean over height and width": (
        [node("ReduceMean", "x", "y", axes=[2, 3], keepdims=0)],
        [],
        [GlobalAvgPool2D()],
    ),
    "a mean whose axes are kept": ([node("ReduceMean", "x", "y", axes=[-1, -2])], [], [GlobalAvgPool2D(keep_axes=True)]),
    "a global mean, flattened": (
        [node("GlobalAveragePool", "x", "g"), node("Flatten", "g", "y")],
        [],
        [GlobalAvgPool2D()],
    ),
    "a reshape to a vector": ([node("Reshape", "x s", "y")], [array("s", [1, -1], np.int64)], [Flatten()]),
    "a reshape by the input's shape": (
        [
            node("Shape", "x", "size"),
            node("Gather", "size zero", "batch"),
            node("Unsqueeze", "batch axes", "first"),
            node("Concat", "first rest", "s", axis=0),
            node("Reshape", "x s", "y"),
        ],
        [array("zero", 0, np.int64), array("axes", [0], np.int64), array("rest", [-1], np.int64)],
        [Flatten()],
    ),
    "a clip from 0 to 6": ([node("Clip", "x lo hi", "y")], [array("lo", 0), array("hi", 6)], [ReLU6()]),
    "a clip from 0": ([node("Clip", "x lo", "y")], [array("lo", 0)], [ReLU()]),
    "x times its sigmoid": ([node("Sigmoid", "x", "s"), node("Mul", "s x", "y")], [], [SiLU()]),
    "x·relu6(x + 3)/6": (
        [
            node("Add", "x three", "a"),
            node("Clip", "a lo hi", "c"),
            node("Mul", "x c", "m"),
            node("Div", "m hi", "y"),
        ],
        [array("three", 3), array("lo", 0), array("hi", 6)],
        [HardSwish()],
    ),
    "the error function": (
        [
            node("Div", "x root", "d"),
            node("Erf", "d", "e"),
            node("Add", "e one", "a"),
            node("Mul", "x a", "m"),
            node("Mul", "m half", "y"),
        ],
        [array("root", 2**0.5), array("one", 1), array("half", 0.5)],
        [GELU()],
    ),
    "x/(1 + |x|)": (
        [node("Abs", "x", "a"), node("Add", "a one", "b"), node("Div", "x b", "y")],
        [array("one", 1)],
        [Softsign()],
    ),
    "a product with a matrix and a sum": (
        [node("Flatten", "x", "f"), node("MatMul", "f w", "m"), node("Add", "m b", "y")],
        [weights("w", 144, 5), weights("b", 5)],
        [Flatten(), Dense(units=5)],
    ),
    "a convolution whose bias is added": (
        [node("Conv", "x w", "c"), node("Add", "c b", "y")],
        [weights("w", 5, 4, 3, 3), weights("b", 1, 5, 1, 1)],
        [Conv2D(filters=5)],
    ),
    "a convolution of each channel": (
        [node("Conv", "x w", "y", group=4, pads=[1, 0, 1, 2])],
        [weights("w", 8, 1, 3, 3)],
        [DepthwiseConv2D(multiplier=2, padding=(1, 1, 0, 2), bias=False)],
    ),
    "a channel shuffle": (
        [node("Reshape", "x s", "r"), node("Transpose", "r", "t", perm=[0, 2, 1, 3, 4]), node("Reshape", "t e", "y")],
        [array("s", [1, 2, 2, 6, 6], np.int64), array("e", [1, -1, 6, 6], np.int64)],
        [ChannelShuffle(groups=2)],
    ),
    "a pixel shuffle": (
        [node("Reshape", "x s", "r"), node("Transpose", "r", "t", perm=[0, 1, 4, 2, 5, 3]), node("Reshape", "t e", "y")],
        [array("s", [1, 1, 2, 2, 6, 6], np.int64), array("e", [1, 1, 12, 12], np.int64)],
        [DepthToSpace(block=2, order="CRD")],
    ),
    "a pixel unshuffle": (
        [node("Reshape", "x s", "r"), node("Transpose", "r", "t", perm=[0, 1, 3, 5, 2, 4]), node("Reshape", "t e", "y")],
        [array("s", [1, 4, 3, 2, 3, 2], np.int64), array("e", [1, 16, 3, 3], np.int64)],
        [SpaceToDepth(block=2, order="CRD")],
    ),
    "a norm of the channels, turned last for it": (
        [
            node("Transpose", "x", "t", perm=[0, 2, 3, 1]),
            node("LayerNormalization", "t w b", "n", axis=-1),
            node("MatMul", "n m", "p"),
            node("Add", "p c", "q"),
            node("Mul", "g q", "s"),
            node("Transpose", "s", "y", perm=[0, 3, 1, 2]),
        ],
        [weights("w", 4), weights("b", 4), weights("m", 4, 7), weights("c", 7), weights("g", 7)],
        [LayerNorm(), Conv2D(filters=7, kernel=(1, 1)), LayerScale()],
    ),
    "a factor and a bias for each channel": (
        [node("Mul", "x s", "m"), node("Add", "m o", "y")],
        [weights("s", 4, 1, 1), weights("o", 4, 1, 1)],
        [BatchNorm2D()],
    ),
    "a factor and an offset": (
        [node("Mul", "x s", "m"), node("Add", "m o", "y")],
        [array("s", 0.25), array("o", -1)],
        [Rescaling(scale=0.25, offset=-1.0)],
    ),
    "means and deviations": (
        [node("Sub", "x m", "c"), node("Div", "c d", "y")],
        [array("m", np.reshape([0.5, 0.25, 1, 2], (4, 1, 1))), array("d", 2)],
        [Normalization(mean=(0.5, 0.25, 1.0, 2.0), deviation=(2.0,))],
    ),
    "a resize to a size": (
        [node("Resize", "x _ _ s", "y", mode="linear", coordinate_transformation_mode="half_pixel")],
        [array("s", [1, 4, 12, 18], np.int64)],
        [Upsample2D(factor=(2, 3), mode="bilinear")],
    ),
    "a softmax over the width": (
        [node("Softmax", "x", "y", axis=3)],
        [],
        [Permute(order="WCH"), Softmax(), Permute(order="HWC")],
    ),
    "a transposition that stays": ([node("Transpose", "x", "y", perm=[0, 3, 1, 2])], [], [Permute(order="WCH")]),
    "a vector of other values": (
        [node("Reshape", "x s", "y")],
        [array("s", [0, 2, 12, 6], np.int64)],
        [Reshape(shape=(2, 12, 6))],
    ),
}


@pytest.mark.parametrize("what", WHAT_EXPORTERS_WRITE)
def test_what_exporters_write_is_recognised_and_computes_the_same(what: str):
    nodes, arrays, wanted = WHAT_EXPORTERS_WRITE[what]
    made = model(nodes, arrays)
    network = read(made)
    assert layers(network) == wanted
    same_as_runtime(made, network)


def test_a_pattern_whose_inside_is_used_elsewhere_stays_apart():
    made = model([node("Sigmoid", "x", "s"), node("Mul", "s x", "m"), node("Add", "m s", "y")])
    network = read(made)
    assert [layer.type for layer in layers(network)] == ["Sigmoid", "Multiply", "Add"]
    same_as_runtime(made, network)


def test_a_pattern_with_other_numbers_is_read_operator_by_operator():
    nodes = [node("Add", "x three", "a"), node("Clip", "a lo hi", "c"), node("Mul", "x c", "m"), node("Div", "m hi", "y")]
    made = model(nodes, [array("three", 2), array("lo", 0), array("hi", 6)])
    network = read(made)
    assert [layer.type for layer in layers(network)] == ["Rescaling", "ReLU6", "Multiply", "Rescaling"]
    same_as_runtime(made, network)


def test_a_split_becomes_slices():
    split = helper.make_node("Split", ["x", "s"], ["a", "b"], axis=1)
    made = model([split, node("Relu", "b", "r"), node("Concat", "r a", "y", axis=1)], [array("s", [1, 3], np.int64)])
    network = read(made)
    assert [layer.brief() for layer in layers(network)] == ["channels 0:1", "channels 1:4", "", ""]
    same_as_runtime(made, network)


def test_squeeze_and_excitation_weighs_maps_without_a_reshape():
    nodes = [
        node("ReduceMean", "x", "g", axes=[2, 3], keepdims=0),
        node("Gemm", "g w b", "d"),
        node("Sigmoid", "d", "s"),
        node("Unsqueeze", "s axes", "u"),
        node("Mul", "x u", "y"),
    ]
    made = model(nodes, [weights("w", 4, 4), weights("b", 4), array("axes", [2, 3], np.int64)])
    network = read(made)
    assert [layer.type for layer in layers(network)] == ["GlobalAvgPool2D", "Dense", "Sigmoid", "Multiply"]
    same_as_runtime(made, network)


def test_channels_last_images_enter_channels_first_and_a_dense_layer_gets_its_rows_in_our_order():
    nodes = [
        node("Transpose", "x", "t", perm=[0, 3, 1, 2]),
        node("Conv", "t w", "c"),
        node("Transpose", "c", "u", perm=[0, 2, 3, 1]),
        node("Reshape", "u s", "f"),
        node("MatMul", "f m", "y"),
    ]
    arrays = [weights("w", 5, 3, 3, 3), array("s", [-1, 80], np.int64), weights("m", 80, 6)]
    made = model(nodes, arrays, ["N", 6, 6, 3])
    with pytest.warns(FormatWarning, match="values lie channels last"):
        network = read(made)
    assert layers(network) == [Conv2D(filters=5, bias=False), Flatten(), Dense(units=6, bias=False)]
    image = RANDOM.normal(size=(3, 6, 6)).astype(np.float32)
    theirs = session(made.SerializeToString()).run(None, {"x": image.transpose(1, 2, 0)[None]})[0][0]
    np.testing.assert_allclose(run(network.graph, network.weights, image)["y"], theirs, rtol=0, atol=1e-5 * np.abs(theirs).max())


# Where weights are


def test_weights_are_constants_too_and_are_cast():
    constant = helper.make_node("Constant", [], ["w"], value=array("w", RANDOM.normal(size=(2, 4, 3, 3)), np.float16))
    made = model([constant, node("Cast", "w", "v", to=TensorProto.FLOAT), node("Conv", "x v", "y")])
    same_as_runtime(made, read(made))


def test_weights_that_are_inputs_are_given_or_stay_random():
    shape = (2, 4, 3, 3)
    made = model([node("Conv", "x w", "y")], inputs=[value("w", list(shape))])
    with pytest.warns(FormatWarning, match=r"^1 weights are inputs of the model \(w\): they stay random$"):
        assert read(made).weights is None
    given = RANDOM.normal(size=shape).astype(np.float32)
    assert np.array_equal(read(made, arrays={"w": given}).weights["y"]["weight"], given)


def outside(folder: Path, **entries: str) -> Path:
    made = model([node("Conv", "x w", "y")], [weights("w", 2, 4, 3, 3)])
    tensor = made.graph.initializer[0]
    (folder / "w.bin").write_bytes(tensor.raw_data)
    external_data_helper.set_external_data(tensor, **({"location": "w.bin"} | entries))
    tensor.ClearField("raw_data")
    (folder / "net.onnx").write_bytes(made.SerializeToString())
    return folder / "net.onnx"


def test_weights_beside_the_model_are_read(tmp_path: Path):
    network = load(outside(tmp_path))
    assert network.name == "net"
    assert network.weights["y"]["weight"].tobytes() == (tmp_path / "w.bin").read_bytes()


@pytest.mark.parametrize("location", ["../w.bin", "/etc/passwd", "", "sub/../../w.bin", "..\\w.bin", "link.bin", "up/w.bin"])
def test_weights_outside_of_the_folder_are_not_looked_at(location: str, tmp_path: Path):
    inside = tmp_path / "inside"
    inside.mkdir()
    (tmp_path / "w.bin").write_bytes(bytes(288 * 4))
    (inside / "link.bin").symlink_to(tmp_path / "w.bin")
    (inside / "up").symlink_to(tmp_path)
    with pytest.raises(FormatError, match=r"net\.onnx: .*'w' must lie in the model's folder"):
        load(outside(inside, location=location))


@pytest.mark.parametrize(("entries", "message"), [({"offset": 4}, "too short"), ({"location": "gone.bin"}, "can't be read")])
def test_weights_that_are_cut_off_or_gone_are_told_of(entries: dict[str, Any], message: str, tmp_path: Path):
    with pytest.raises(FormatError, match=message):
        load(outside(tmp_path, **entries))


# What files leave open


def test_a_size_that_is_left_open_is_the_first_that_fits():
    nodes = [node("Conv", "x w", "c"), node("Flatten", "c", "f"), node("Gemm", "f v", "y")]
    arrays = [weights("w", 2, 3, 3, 3), weights("v", 2 * 26 * 26, 5)]
    with pytest.warns(FormatWarning, match="leaves its image's size open; it was read for 3 × 28 × 28"):
        network = read(model(nodes, arrays, ["N", 3, "H", "W"]))
    assert network.graph.image.shape == (3, 28, 28)


def test_a_batch_that_is_fixed_is_told_of():
    with pytest.warns(FormatWarning, match="works on 7 images at once"):
        read(model([node("Relu", "x", "y")], image=[7, 1, 5, 5]))


def test_what_no_output_depends_on_is_left_out():
    made = model([node("Exp", "x", "e"), node("Relu", "x", "y")])
    assert layers(read(made)) == [ReLU()]


# What can't be read


@pytest.mark.parametrize(
    ("nodes", "message"),
    [
        ([node("Einsum", "x", "y", equation="bchw->bchw")], r"^Einsum 'y' can't be read: Convolab has no such layer$"),
        ([node("Conv", "x x", "y")], "Conv 'y' can't be read: 'x' depends on the image where a fixed value is needed"),
        ([node("Relu", "z", "y")], "1 nodes can't be computed, the first Relu 'y': nothing makes the value 'z'"),
        ([node("Relu", "b", "a"), node("Relu", "a", "b"), node("Add", "a x", "y")], "depend on each other in a circle"),
        ([node("Relu", "x", "y"), node("Tanh", "x", "y")], "Two nodes make the value 'y'"),
        ([node("Relu", "x", "x")], "Two nodes make the value 'x'"),
        ([node("Softmax", "x", "y", axis="one")], "its attribute axis is of another type"),
        ([node("Softmax", "x", "y", axis=9)], "there is no axis 9 among 4"),
        ([node("MaxPool", "x", "y", kernel_shape=[9, 9])], "MaxPool 'y' can't be read: The window is 9×9"),
        ([node("MaxPool", "x", "y", kernel_shape=[1 << 40, 1])], "is above the greatest value"),
        ([node("MaxPool", "x", "y")], "Convolab's windows have two axes, not 0"),
        ([node("Transpose", "x", "y", perm=[1, 0, 2, 3])], "it moves the batch"),
        ([node("Relu", "", "y")], "has no input for an image"),
    ],
)
def test_what_no_layer_is_or_no_model_is_told_with_its_place(nodes: list[onnx.NodeProto], message: str):
    with pytest.raises(FormatError, match=message):
        read(model(nodes))


def huge(nodes: list[onnx.NodeProto], arrays: list[onnx.TensorProto]) -> Callable[[], Network]:
    return lambda: read(model(nodes, arrays))


@pytest.mark.parametrize(
    "opened",
    [
        huge(
            [node("ConstantOfShape", "s", "w"), node("Conv", "x w", "y")],
            [array("s", [1 << 20, 4, 1 << 10, 1 << 10], np.int64)],
        ),
        huge(
            [node("ConstantOfShape", "s", "w"), node("Add", "w w", "v"), node("Conv", "x v", "y")],
            [array("s", [1 << 30, 4, 3, 3], np.int64)],
        ),
        huge(
            [node("Add", "a b", "w"), node("Add", "x w", "y")],
            [array("a", np.zeros((1 << 14, 1))), array("b", np.zeros((1, 1 << 14)))],
        ),
        huge([node("Pad", "x p", "y")], [array("p", [0, 0, 1 << 40, 0, 0, 0, 0, 0], np.int64)]),
        huge([node("Reshape", "x s", "y")], [array("s", [-1, -1], np.int64)]),
    ],
)
def test_sizes_that_no_machine_holds_are_refused_at_once(opened: Callable[[], Network]):
    with pytest.raises(FormatError):
        opened()


def test_a_damaged_array_is_told_of():
    made = model([node("Conv", "x w", "y")], [weights("w", 2, 4, 3, 3)])
    made.graph.initializer[0].dims[0] = 1 << 40
    with pytest.raises(FormatError, match="The array 'w' is damaged"):
        read(made)


def test_other_versions_and_other_files_are_refused(tmp_path: Path):
    with pytest.raises(FormatError, match="The model is of opset 99; Convolab reads 6 to"):
        read(model([node("Relu", "x", "y")], opset=99))
    (tmp_path / "net.onnx").write_bytes(b"not a model")
    with pytest.raises(FormatError, match=r"^net\.onnx: Not readable as an ONNX model"):
        load(tmp_path / "net.onnx")
    (tmp_path / "net.onnx").write_bytes(b"")
    with pytest.raises(FormatError, match="it names no version"):
        load(tmp_path / "net.onnx")


@pytest.mark.parametrize("image", [[1, 4], [4], [1, 2, 3], [1, 2, 3, 4, 5]])
def test_an_image_is_a_volume_or_a_vector(image: list[int]):
    made = model([node("Relu", "x", "y")], image=image)
    if len(image) == 2:
        assert [layer.type for layer in layers(read(made))] == ["Flatten", "ReLU"]
    else:
        with pytest.raises(FormatError, match=f"input has {len(image)} axes"):
            read(made)


def test_no_damage_to_a_file_is_more_than_a_sentence(models: Path):
    """Cut off, or with some bytes changed, a file is read or refused; nothing else is raised."""
    data, refused = (models / "pnet.onnx").read_bytes(), 0
    draw = np.random.default_rng(1)
    for number in range(300):
        damaged = bytearray(data[: draw.integers(len(data))] if number % 3 == 0 else data)
        for _ in range(0 if number % 3 == 0 else draw.integers(1, 6)):
            at = draw.integers(len(damaged) if number % 3 == 1 else 4000)
            damaged[at] = draw.integers(256)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FormatWarning)
            try:
                onnx_reader.decode(bytes(damaged))
            except FormatError:
                refused += 1
    assert refused > 50
