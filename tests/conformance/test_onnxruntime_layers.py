"""Every layer alone, and all layers together, against ONNX Runtime on the file that we write."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import (
    Add,
    Average,
    GlobalAvgPool2D,
    GlobalMaxPool2D,
    Graph,
    Input,
    Layer,
    Maximum,
    Minimum,
    Multiply,
    Node,
    Shape,
    Sigmoid,
    Subtract,
    Tanh,
)
from tests.conformance.runtime import compare
from tests.strategies import INNER, fitting, networks

# What ONNX has no place for is told, which is tested elsewhere.
pytestmark = pytest.mark.filterwarnings("ignore:ONNX has no place for")
seeds = st.integers(0, 1000)


def alone(layer: Layer, shapes: tuple[Shape, ...]) -> Graph:
    """Return a network that feeds one layer: its first input with the image, others with functions of it."""
    first = shapes[0] if shapes[0].is_volume else Shape(shapes[0].size, 1, 1)
    graph = Graph().add(Node("image", Input(channels=first[0], height=first[1], width=first[2])))
    before = "image"
    if shapes[0].is_vector:
        graph = graph.add(Node("vector", GlobalAvgPool2D())).connect("image", "vector")
        before = "vector"
    graph = graph.add(Node("layer", layer)).connect(before, "layer")
    for port, function in zip(range(1, len(shapes)), (Tanh(), Sigmoid()), strict=False):
        name = f"branch{port}"
        graph = graph.add(Node(name, function)).connect(before, name).connect(name, "layer", port)
    return graph


@pytest.mark.parametrize("kind", INNER)
@settings(deadline=None, max_examples=20)
@given(data=st.data(), seed=seeds)
def test_a_layer_gives_the_map_of_onnxruntime(kind: type[Layer], data: st.DataObject, seed: int):
    compare(alone(*data.draw(fitting(kind))), seed)


@settings(deadline=None, max_examples=150)
@given(networks(most=10), seeds)
def test_random_networks_of_all_layers_give_the_maps_of_onnxruntime(graph: Graph, seed: int):
    if len(graph.nodes) > 1:
        compare(graph, seed)


@pytest.mark.parametrize("kind", [Add, Subtract, Multiply, Maximum, Minimum, Average])
@pytest.mark.parametrize("keep_axes", [True, False])
@pytest.mark.parametrize("pixel_port", [0, 1])
def test_a_merge_spreads_one_value_over_each_map_as_onnxruntime_does(
    kind: type[Layer], keep_axes: bool, pixel_port: int
):
    graph = Graph((Node("image", Input(channels=3, height=5, width=4)), Node("merge", kind())))
    graph = graph.add(Node("pixel", GlobalMaxPool2D(keep_axes=keep_axes))).connect("image", "pixel")
    graph = graph.connect("pixel", "merge", pixel_port).connect("image", "merge", 1 - pixel_port)
    if kind is not Subtract:
        graph = graph.connect("image", "merge", 2)
    compare(graph, seed=3)
