"""The blocks: behind any volume without a mistake, with the widths and the numbers of the networks they are from."""

from itertools import pairwise

import pytest

import engine
from engine import BLOCKS, Add, Block, Concat, Edge, Graph, Identity, Input, Node, ReLU, Severity, Shape, analyse
from engine.edits import InsertLayer

BY_NAME = {block.name: block for block in BLOCKS}
SHAPES = [
    Shape(1, 28, 28),
    Shape(3, 224, 224),
    Shape(3, 33, 47),
    Shape(7, 5, 4),
    Shape(24, 56, 56),
    Shape(64, 7, 7),
    Shape(100, 13, 1),
    Shape(192, 28, 28),
    Shape(256, 1, 1),
    Shape(513, 3, 3),
]
KEEPERS = ("ResidualBlock", "Bottleneck", "InvertedResidual", "SqueezeExcite")


def behind(block: Block, shape: Shape) -> engine.Analysis:
    """Return the analysis of a block behind an image of a shape."""
    channels, height, width = shape
    graph = Graph().add(Node("image", Input(channels=channels, height=height, width=width)))
    return analyse(block.build(shape).joined(graph, after="image"))


def output(block: Block, shape: Shape) -> Shape | None:
    return behind(block, shape).nodes[block.build(shape).exit].output


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("block", BLOCKS, ids=lambda one: one.name)
def test_behind_any_volume_there_is_no_mistake(block: Block, shape: Shape):
    analysis = behind(block, shape)
    assert analysis.errors == ()
    assert all(entry.output is not None for entry in analysis.nodes.values())


@pytest.mark.parametrize("shape", [shape for shape in SHAPES if shape.channels >= 64 and shape.channels % 4 == 0])
@pytest.mark.parametrize("name", KEEPERS)
def test_blocks_that_add_to_their_input_keep_its_shape(name: str, shape: Shape):
    assert output(BY_NAME[name], shape) == shape


@pytest.mark.parametrize("block", [block for block in BLOCKS if block.name != "VGGBlock"], ids=lambda one: one.name)
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_all_but_vgg_keep_the_size(block: Block, shape: Shape):
    assert output(block, shape)[1:] == shape[1:]


@pytest.mark.parametrize(
    ("name", "shape", "after"),
    [
        ("VGGBlock", Shape(3, 224, 224), Shape(64, 112, 112)),
        ("VGGBlock", Shape(64, 112, 112), Shape(128, 56, 56)),
        ("VGGBlock", Shape(512, 14, 14), Shape(512, 7, 7)),
        ("VGGBlock", Shape(16, 9, 1), Shape(64, 4, 1)),
        ("ResidualBlock", Shape(3, 33, 47), Shape(64, 33, 47)),
        ("Bottleneck", Shape(64, 56, 56), Shape(64, 56, 56)),
        ("Bottleneck", Shape(30, 56, 56), Shape(256, 56, 56)),
        ("InvertedResidual", Shape(3, 33, 47), Shape(16, 33, 47)),
        ("InceptionModule", Shape(192, 28, 28), Shape(256, 28, 28)),
        ("FireModule", Shape(128, 55, 55), Shape(128, 55, 55)),
        ("DenseBlock", Shape(64, 56, 56), Shape(192, 56, 56)),
    ],
)
def test_the_depth_follows_the_networks_rule(name: str, shape: Shape, after: Shape):
    assert output(BY_NAME[name], shape) == after


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("block", BLOCKS, ids=lambda one: one.name)
def test_a_block_knows_its_output_beforehand(block: Block, shape: Shape):
    assert block.output(shape) == output(block, shape)
    assert block.output(Shape(10)) is None


def dense_parameters(channels: int) -> int:
    """Count four dense layers of growth 32 by hand."""
    depths = range(channels, channels + 4 * 32, 32)
    return sum(2 * depth + depth * 128 + 2 * 128 + 9 * 128 * 32 for depth in depths)


# By hand, or as published: torchvision's blocks of these widths, SqueezeNet's table 1 (fire3), GoogLeNet's table 1
# (inception 3a: "159K", which is 163,328 weights in units of 1,024).
COUNTS = {
    ("VGGBlock", Shape(64, 112, 112)): 73_856 + 147_584,  # VGG-16's second stage
    ("ResidualBlock", Shape(64, 56, 56)): 73_984,  # resnet18.layer1[0]
    ("Bottleneck", Shape(256, 56, 56)): 70_400,  # resnet50.layer1[1]
    ("Bottleneck", Shape(2048, 7, 7)): 4_462_592,  # resnet50.layer4[1]
    ("InvertedResidual", Shape(24, 56, 56)): 8_832,  # mobilenet_v2.features[3]
    ("InceptionModule", Shape(192, 28, 28)): 163_328 + 2 * (64 + 96 + 128 + 16 + 32 + 32),
    ("FireModule", Shape(128, 55, 55)): 12_432,
    ("DenseBlock", Shape(64, 56, 56)): dense_parameters(64),
    ("SqueezeExcite", Shape(256, 56, 56)): 2 * 256 * 16 + 16 + 256,
}


@pytest.mark.parametrize(("name", "shape"), COUNTS)
def test_parameters_are_the_published_ones(name: str, shape: Shape):
    assert behind(BY_NAME[name], shape).totals.parameters == COUNTS[name, shape]


def test_every_block_has_a_known_count():
    assert {name for name, _ in COUNTS} == BY_NAME.keys()


@pytest.mark.parametrize("block", BLOCKS, ids=lambda one: one.name)
def test_of_an_unknown_input_a_block_is_one_piece_with_one_output(block: Block):
    for inputs in (None, Shape(10)):
        found = block.build(inputs)
        ends = [node.id for node in found.graph.nodes if not found.graph.outgoing[node.id]]
        assert ends == [found.exit]
        assert found.entries
        assert all(node.startswith(f"{block.prefix}.") for node in found.ids)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("name", ["ResidualBlock", "Bottleneck", "VGGBlock", "FireModule", "InceptionModule"])
def test_built_for_an_unknown_input_it_fits_any(name: str, shape: Shape):
    found = BY_NAME[name].build(None)
    channels, height, width = shape
    if min(height, width) < 2 and name == "VGGBlock":
        return  # its pooling is 2×2
    graph = Graph().add(Node("image", Input(channels=channels, height=height, width=width)))
    assert analyse(found.joined(graph, after="image")).errors == ()


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.name)
@pytest.mark.parametrize("channels", [16_384, 65_536])
def test_a_block_is_built_behind_any_number_of_channels(block: Block, channels: int):
    shape = Shape(channels, 28, 28)
    fragment = block.build(shape)
    widest = max(getattr(node.layer, "filters", 0) for node in fragment.graph.nodes)
    assert widest <= 65_536
    assert fragment.exit in fragment.graph
    output = block.output(shape)
    assert output is None or output.is_volume


def test_where_a_block_would_be_wider_than_a_layer_can_be_it_is_as_for_an_unknown_input():
    (block,) = (block for block in BLOCKS if block.name == "InvertedResidual")
    assert block.build(Shape(16_384, 28, 28)) == block.build(None)
    assert block.build(Shape(8_192, 28, 28)) != block.build(None)


def test_into_a_wire_it_feeds_what_the_wire_fed():
    graph = Graph().add(Node("image", Input(channels=64))).add(Node("relu", ReLU())).connect("image", "relu")
    found = BY_NAME["ResidualBlock"].build(Shape(64, 32, 32), "residual1")
    joined = found.joined(graph, into=[Edge("image", "relu")])
    assert Edge("image", "relu") not in joined.edges
    assert joined.incoming["relu"] == {0: Edge("residual1.relu2", "relu")}
    assert {edge.target for edge in joined.outgoing["image"]} == {"residual1.conv1", "residual1.add"}
    assert analyse(joined).errors == ()


def test_several_entries_become_one():
    found = BY_NAME["ResidualBlock"].build(None).with_one_entry("residual.input")
    assert found.entries == (("residual.input", 0),)
    assert isinstance(found.graph.by_id["residual.input"].layer, Identity)
    assert len(found.graph.outgoing["residual.input"]) == 2
    single = BY_NAME["FireModule"].build(None)
    assert single.with_one_entry("unused") is single


def test_a_fresh_prefix_is_one_that_no_id_begins_with():
    block, graph = BY_NAME["FireModule"], Graph()
    for expected in ("fire1", "fire2", "fire3"):
        assert block.fresh_prefix(graph) == expected
        graph = block.build(Shape(3, 8, 8), expected).joined(graph)
    assert block.fresh_prefix(graph.remove([n for n in graph.by_id if n.startswith("fire2.")])) == "fire2"


@pytest.mark.parametrize("block", BLOCKS, ids=lambda one: one.name)
def test_every_node_says_what_it_is(block: Block):
    labels = [node.label for node in block.build(Shape(64, 56, 56)).graph.nodes]
    assert len(set(labels)) == len(labels)
    assert not any(part.isdigit() for label in labels for part in label.split("."))


def test_names_are_apart_from_the_layers():
    names = [block.name for block in BLOCKS] + [layer.__name__ for layer in engine.LAYERS]
    assert len(set(names)) == len(names)


def test_blocks_stack_behind_each_other():
    shape, graph, after = Shape(3, 64, 64), Graph().add(Node("image", Input(channels=3, height=64, width=64))), "image"
    for block in BLOCKS:
        found = block.build(shape, block.fresh_prefix(graph))
        graph = found.joined(graph, after=after)
        after = found.exit
        shape = analyse(graph).nodes[after].output
    analysis = analyse(graph)
    assert not [found for found in analysis.diagnostics if found.severity is Severity.ERROR]
    assert analysis.nodes[after].output == shape


def test_a_dense_block_stacks_all_before():
    found = BY_NAME["DenseBlock"].build(Shape(64, 8, 8))
    stacks = [node.id for node in found.graph.nodes if isinstance(node.layer, Concat)]
    assert all(found.graph.incoming[below][0].source == above for above, below in pairwise(stacks))


def test_an_edit_can_go_on_inside_a_block():
    found = BY_NAME["ResidualBlock"].build(Shape(64, 8, 8)).graph
    edge = next(edge for edge in found.edges if isinstance(found.by_id[edge.target].layer, Add))
    assert len(InsertLayer(edge, ReLU())(found).nodes) == len(found.nodes) + 1
