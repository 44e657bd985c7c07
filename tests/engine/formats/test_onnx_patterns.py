"""What the reader makes of files as exporters write them."""

import numpy as np
import onnx
import pytest
from onnx import helper

from engine import (
    GELU,
    BatchNorm2D,
    ChannelShuffle,
    Conv2D,
    Dense,
    DepthToSpace,
    DepthwiseConv2D,
    Flatten,
    FormatWarning,
    GlobalAvgPool2D,
    HardSwish,
    Layer,
    LayerNorm,
    LayerScale,
    Normalization,
    Permute,
    ReLU,
    ReLU6,
    Rescaling,
    Reshape,
    Resize2D,
    SiLU,
    Softmax,
    Softsign,
    SpaceToDepth,
    Upsample2D,
    run,
)
from tests.conformance.runtime import session
from tests.engine.formats.onnx_files import RANDOM, array, layers, model, node, read, same_as_runtime, weights

WHAT_EXPORTERS_WRITE: dict[str, tuple[list[onnx.NodeProto], list[onnx.TensorProto], list[Layer]]] = {
    "a mean over height and width": (
        [node("ReduceMean", "x", "y", axes=[2, 3], keepdims=0)],
        [],
        [GlobalAvgPool2D()],
    ),
    "a mean whose axes are kept": (
        [node("ReduceMean", "x", "y", axes=[-1, -2])],
        [],
        [GlobalAvgPool2D(keep_axes=True)],
    ),
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
        [
            node("Reshape", "x s", "r"),
            node("Transpose", "r", "t", perm=[0, 1, 4, 2, 5, 3]),
            node("Reshape", "t e", "y"),
        ],
        [array("s", [1, 1, 2, 2, 6, 6], np.int64), array("e", [1, 1, 12, 12], np.int64)],
        [DepthToSpace(block=2, order="CRD")],
    ),
    "a pixel unshuffle": (
        [
            node("Reshape", "x s", "r"),
            node("Transpose", "r", "t", perm=[0, 1, 3, 5, 2, 4]),
            node("Reshape", "t e", "y"),
        ],
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
    "a resize to a size that is no multiple": (
        [node("Resize", "x _ _ s", "y", mode="linear", coordinate_transformation_mode="half_pixel")],
        [array("s", [1, 4, 9, 5], np.int64)],
        [Resize2D(output=(9, 5))],
    ),
    "a resize by a factor that gives whole pixels": (
        [node("Resize", "x _ s", "y", mode="linear", coordinate_transformation_mode="align_corners")],
        [array("s", [1, 1, 1.5, 0.5])],
        [Resize2D(output=(9, 3), align_corners=True)],
    ),
    "a resize to the nearest pixels": (
        [node("Resize", "x _ _ s", "y", coordinate_transformation_mode="asymmetric", nearest_mode="floor")],
        [array("s", [1, 4, 4, 9], np.int64)],
        [Resize2D(output=(4, 9), mode="nearest")],
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
    nodes = [
        node("Add", "x three", "a"),
        node("Clip", "a lo hi", "c"),
        node("Mul", "x c", "m"),
        node("Div", "m hi", "y"),
    ]
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
    np.testing.assert_allclose(
        run(network.graph, network.weights, image)["y"], theirs, rtol=0, atol=1e-5 * np.abs(theirs).max()
    )
