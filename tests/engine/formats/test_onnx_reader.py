"""What the reader makes of weights wherever they are, of what files leave open, and of broken files."""

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, external_data_helper, helper

from engine import (
    AvgPool2D,
    BatchNorm2D,
    Dropout,
    FormatError,
    FormatWarning,
    Input,
    Network,
    ReLU,
    load,
)
from engine.formats import onnx_reader, onnx_writer
from tests.engine.formats.onnx_files import RANDOM, array, layers, model, node, read, same_as_runtime, value, weights
from tests.engine.networks import chain

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


@pytest.mark.parametrize(
    "location", ["../w.bin", "/etc/passwd", "", "sub/../../w.bin", "..\\w.bin", "link.bin", "up/w.bin"]
)
def test_weights_outside_of_the_folder_are_not_looked_at(location: str, tmp_path: Path):
    inside = tmp_path / "inside"
    inside.mkdir()
    (tmp_path / "w.bin").write_bytes(bytes(288 * 4))
    (inside / "link.bin").symlink_to(tmp_path / "w.bin")
    (inside / "up").symlink_to(tmp_path)
    with pytest.raises(FormatError, match=r"net\.onnx: .*'w' must lie in the model's folder"):
        load(outside(inside, location=location))


@pytest.mark.parametrize(
    ("entries", "message"), [({"offset": 4}, "too short"), ({"location": "gone.bin"}, "can't be read")]
)
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


def test_an_output_that_goes_on_to_other_layers_is_told_of():
    made = model([node("Relu", "x", "early"), node("Tanh", "early", "late")])
    made.graph.output.append(value("early", None))
    with pytest.warns(FormatWarning, match="The output 'early' goes on to other layers: it is a map here, and no end"):
        read(made)


def test_what_a_file_says_of_itself_is_told_of():
    made = model([node("Relu", "x", "y")])
    made.doc_string = "Trained on a Tuesday"
    with pytest.warns(FormatWarning, match="place for what the file says of itself: a description$"):
        read(made)
    helper.set_model_props(made, {f"key{number}": "value" for number in range(6)})
    with pytest.warns(FormatWarning, match="itself: a description, “key0”, “key1”, “key2”, “key3”, “key4”, …$"):
        read(made)


def test_how_our_own_file_describes_itself_is_not_told_of():
    network = Network("Net", chain(image=Input(), pool=AvgPool2D(dilation=(2, 2))))
    made = onnx.load_model_from_string(onnx_writer.encode(network))
    assert "computes the same" in made.doc_string
    assert read(made).graph == network.graph  # a warning would be an error


@pytest.mark.parametrize(("there", "told"), [(TensorProto.FLOAT16, True), (TensorProto.FLOAT, False)])
def test_another_precision_on_the_way_is_told_of(there: int, told: bool):
    made = model([node("Cast", "x", "half", to=there), node("Cast", "half", "back", to=1), node("Relu", "back", "y")])
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert layers(read(made)) == [ReLU()]
    assert [str(one.message) for one in caught] == told * ["The model's values are not float32; they are float32 here"]


def test_a_change_to_whole_numbers_is_no_layer():
    made = model([node("Cast", "x", "whole", to=TensorProto.INT64), node("Cast", "whole", "y", to=1)])
    with pytest.raises(FormatError, match="Cast 'whole' can't be read: it makes whole numbers of values"):
        read(made, strict=True)


def test_momentum_and_the_share_that_is_dropped_are_read():
    arrays = [array(name, [1, 2, 3, 4]) for name in "abcd"]
    norm = node("BatchNormalization", "x a b c d", "n", momentum=0.99)
    dropped = read(model([norm, node("Dropout", "n r", "y")], [*arrays, array("r", 0.2)]))
    assert layers(dropped) == [BatchNorm2D(momentum=0.01), Dropout(rate=0.2)]
    assert layers(read(model([node("BatchNormalization", "x a b c d", "y")], arrays))) == [BatchNorm2D()]


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
        read(model(nodes), strict=True)


def huge(nodes: list[onnx.NodeProto], arrays: list[onnx.TensorProto]) -> Callable[[], Network]:
    return lambda: read(model(nodes, arrays), strict=True)


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
        huge([node("Reshape", "x s", "y")], [array("s", [0, 0, 0, 0, 0], np.int64)]),
        huge(
            [node("Flatten", "x", "f"), node("ConstantOfShape", "s", "w"), node("Gemm", "f w", "y", alpha=2.0)],
            [array("s", [144, 1 << 24], np.int64)],
        ),
    ],
)
def test_sizes_that_no_machine_holds_are_refused_at_once(opened: Callable[[], Network]):
    with pytest.raises(FormatError):
        opened()


def test_a_network_may_be_deep():
    nodes = [node("Relu", "x", "r0")]
    for number in range(3000):
        nodes.append(node("Relu", f"r{number}", f"r{number + 1}"))
    assert len(read(model([*nodes[::-1], node("Relu", "r3000", "y")])).graph.nodes) == 3003
    sums = [node("Shape", "x", "c0"), *(node("Add", f"c{n} zero", f"c{n + 1}") for n in range(3000))]
    zero = array("zero", 0, np.int64)
    assert layers(read(model([*sums, node("Reshape", "x c3000", "r"), node("Relu", "r", "y")], [zero]))) == [ReLU()]


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
