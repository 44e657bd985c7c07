import numpy as np
import onnx
import pytest
from onnx import numpy_helper

from engine import (
    AvgPool2D,
    Code,
    Conv2D,
    Dropout,
    FormatError,
    FormatWarning,
    Graph,
    Input,
    Layer,
    LpPool2D,
    MaxPool2D,
    Network,
    Node,
    ReLU,
    Resize2D,
    SumPool2D,
    analyse,
    initialise,
)
from engine.formats import onnx_reader, onnx_writer
from tests.engine.networks import chain, lenet5, wired


def written(graph: Graph, *, every_map: bool = False) -> onnx.ModelProto:
    network = Network("Net", graph, initialise(graph))
    return onnx.load_model_from_string(onnx_writer.encode(network, every_map=every_map))


def shapes(values: list[onnx.ValueInfoProto]) -> dict[str, tuple[int, ...]]:
    return {one.name: tuple(extent.dim_value for extent in one.type.tensor_type.shape.dim) for one in values}


def test_a_model_says_what_it_is():
    model = written(lenet5())
    assert (model.producer_name, model.ir_version, model.graph.name) == ("Convolab", 8, "Net")
    assert [(one.domain, one.version) for one in model.opset_import] == [("", 17)]


@pytest.mark.parametrize(
    ("layer", "opset"),
    [
        (MaxPool2D(dilation=(2, 2)), 17),
        (LpPool2D(dilation=(2, 2)), 18),
        (AvgPool2D(dilation=(1, 2)), 19),
        (SumPool2D(dilation=(2, 1)), 19),
    ],
)
def test_a_pooling_of_cells_apart_asks_for_a_version_that_has_it(layer: Layer, opset: int):
    graph = chain(image=Input(), pool=layer, also=LpPool2D())
    model = written(graph)
    assert model.opset_import[0].version == opset
    (pool,) = (node for node in model.graph.node if "pool" in node.output[0] and "Pool" in node.op_type)
    assert {one.name: list(one.ints) for one in pool.attribute}["dilations"] == list(layer.dilation)
    assert onnx_reader.decode(model.SerializeToString()).graph == graph


def test_nearest_pixels_that_hang_on_rounding_are_named():
    for size, operators in ((9, ["Resize"]), (2, ["Gather", "Gather"])):  # 28 / 2 is whole: ONNX Runtime rounds it down
        graph = chain(image=Input(height=28, width=28), resize=Resize2D(output=(size, size), mode="nearest"))
        model = written(graph)
        assert [node.op_type for node in model.graph.node if node.op_type != "Constant"] == operators
        assert onnx_reader.decode(model.SerializeToString()).graph == graph


def test_image_and_answer_are_named_by_their_layers_with_a_batch_of_one():
    graph = written(lenet5()).graph
    assert shapes(graph.input) == {"image": (1, 1, 32, 32)}
    assert shapes(graph.output) == {"softmax": (1, 10)}


def test_every_open_end_is_an_output_or_every_map_on_demand():
    graph = wired(chain(image=Input(), conv=Conv2D(), relu=ReLU()).add(Node("drop", Dropout())), ("conv", "drop"))
    assert [one.name for one in written(graph).graph.output] == ["relu", "drop"]
    assert shapes(written(graph, every_map=True).graph.output) == {
        "conv": (1, 8, 30, 30),
        "relu": (1, 8, 30, 30),
        "drop": (1, 8, 30, 30),
    }


def test_weights_are_inside_under_the_names_of_files():
    network = Network("Net", lenet5(), initialise(lenet5(), seed=5))
    model = onnx.load_model_from_string(onnx_writer.encode(network))
    arrays = {one.name: numpy_helper.to_array(one) for one in model.graph.initializer}
    assert arrays.keys() == network.weights.flat().keys()
    assert all(np.array_equal(array, network.weights.flat()[name]) for name, array in arrays.items())


def test_a_network_without_weights_gets_the_seeded_ones():
    model = onnx.load_model_from_string(onnx_writer.encode(Network("Net", lenet5())))
    arrays = {one.name: numpy_helper.to_array(one) for one in model.graph.initializer}
    assert np.array_equal(arrays["conv1.weight"], initialise(lenet5())["conv1"]["weight"])


def test_padding_is_written_top_left_bottom_right():
    graph = chain(image=Input(), conv=Conv2D(padding=(1, 2, 3, 4)), pool=SumPool2D(padding=(0, 1, 0, 0)))
    conv, mean = (node for node in written(graph).graph.node if node.op_type in ("Conv", "AveragePool"))
    assert [list(one.ints) for node in (conv, mean) for one in node.attribute if one.name == "pads"] == [
        [1, 3, 2, 4],
        [0, 0, 1, 0],
    ]


def test_a_network_with_errors_is_refused_with_the_first():
    graph = chain(image=Input(), conv=Conv2D(kernel=(40, 40)))
    assert [one.code for one in analyse(graph).errors] == [Code.KERNEL_TOO_LARGE]
    with pytest.raises(FormatError, match="Only a network without errors can be written as ONNX: The kernel is 40×40"):
        onnx_writer.encode(Network("Broken", graph))


def test_an_empty_network_is_refused():
    with pytest.raises(FormatError, match="has no Input layer"):
        onnx_writer.encode(Network())


@pytest.mark.parametrize("rate", [1.0, 1 - 2**-53])
def test_a_dropout_that_is_one_of_all_in_float32_is_none_to_runtimes(rate: float):
    with pytest.warns(FormatWarning, match="a dropout of all values"):
        (made,) = written(chain(image=Input(), drop=Dropout(rate=rate))).graph.node
    assert made.op_type == "Identity"
