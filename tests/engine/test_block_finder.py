"""Groups found in a network: its blocks and stages."""

import time

import pytest
from hypothesis import given, settings

from engine import Conv2D, Graph, Input, MaxPool2D, Network, ReLU, analyse, propose
from engine.block_names import group_name
from engine.groups import Forest
from resources.examples.networks import NETWORKS
from tests.engine.networks import chain, lenet5
from tests.engine.test_groups import assert_sound
from tests.strategies import drawings

# What the papers' tables say: the stages of blocks, by name and number.
STAGES = {
    "resnet18": [("Residual block", 2)] * 4,
    "resnet50": [("Bottleneck", 3), ("Bottleneck", 4), ("Bottleneck", 6), ("Bottleneck", 3)],
    "resnet152": [("Bottleneck", 3), ("Bottleneck", 8), ("Bottleneck", 36), ("Bottleneck", 3)],
    "googlenet": [("Inception", 2), ("Inception", 5), ("Inception", 2)],
    "squeezenet1_1": [("Fire module", 2), ("Fire module", 2), ("Fire module", 4)],
    "densenet121": [("Dense layer", 6), ("Dense layer", 12), ("Dense layer", 24), ("Dense layer", 16)],
    # Two stages of the paper's table where the size is the same are one here.
    "mobilenet_v2": [("Inverted residual", number) for number in (2, 3, 4 + 3, 3 + 1)],
    "mobilenet_v3_large": [("Inverted residual", number) for number in (2, 3, 4 + 2, 3)],
    "efficientnet_b0": [("Inverted residual", number) for number in (2, 2, 3 + 3, 4 + 1)],
    "shufflenet_v2_x1_0": [("Shuffle unit", 4), ("Shuffle unit", 8), ("Shuffle unit", 4)],
    "inception_v3": [("Inception", 3), ("Inception", 5), ("Inception", 3)],
    "convnext_tiny": [("ConvNeXt block", 3), ("ConvNeXt block", 3), ("ConvNeXt block", 9), ("ConvNeXt block", 3)],
}
# Convolutions between two poolings, or two wires across.
PLAIN = {
    "alexnet": [1, 1, 3],
    "vgg16": [2, 2, 3, 3, 3],
    "vgg19": [2, 2, 4, 4, 4],
    "unet": [2, 2, 2, 2, 2, 2, 2, 2, 3],
}
FITS = 17  # cards that a screen shows readably


@pytest.fixture(scope="module")
def built() -> dict[str, Network]:
    return {name: build() for name, build in NETWORKS.items()}


def cards(network: Network) -> int:
    """Count the cards of a network as it is opened."""
    forest = Forest(network.groups)
    shown = {forest.fold_of(node.id) or node.id for node in network.graph.nodes}
    return len(shown)


def test_all_classic_networks_are_looked_at():
    assert {*STAGES, *PLAIN} == set(NETWORKS)


@pytest.mark.parametrize("name", NETWORKS)
def test_groups_of_a_classic_network_are_sound(name: str, built):
    network = built[name]
    assert_sound(network.groups, network.graph)
    assert network.groups == propose(network.graph, analyse(network.graph))


@pytest.mark.parametrize("name", STAGES)
def test_blocks_and_stages_are_those_of_the_paper(name: str, built):
    forest = Forest(built[name].groups)
    found = []
    for stage in forest.children[None]:
        names = [forest.by_id[block].name for block in forest.children[stage]]
        if names:
            assert len(set(names)) == 1
            found.append((names[0], len(names)))
    assert found == STAGES[name]


@pytest.mark.parametrize("name", PLAIN)
def test_stages_without_blocks_end_where_maps_become_smaller(name: str, built):
    network, forest = built[name], Forest(built[name].groups)
    layers = [[network.graph.by_id[node].layer for node in forest.members(one)] for one in forest.children[None]]
    assert [sum(isinstance(layer, Conv2D) for layer in stage) for stage in layers] == PLAIN[name]


@pytest.mark.parametrize("name", sorted({*NETWORKS} - {"unet", "alexnet"}))
def test_a_deep_network_opens_as_a_screenful_of_cards(name: str, built):
    assert cards(built[name]) <= FITS


def test_a_small_network_is_not_collapsed():
    network = Network("LeNet-5", lenet5(), groups=propose(lenet5(), analyse(lenet5())))
    assert [group.nodes for group in network.groups] == [("conv1", "relu1", "pool1"), ("conv2", "relu2", "pool2")]
    assert cards(network) == len(network.graph.nodes)


def test_the_stages_of_a_residual_network_hold_their_first_block(built):
    forest = Forest(built["resnet50"].groups)
    stage = forest.children[None][1]
    assert "layer1.0.downsample.0" in forest.members(stage)
    blocks = [forest.members(block) for block in forest.children[stage]]
    assert [len(block) for block in blocks] == [12, 10, 10]
    assert all(block[-1].endswith("relu3") for block in blocks)


def test_nothing_is_proposed_where_there_is_nothing():
    for graph in (Graph(), chain(image=Input()), chain(image=Input(), relu=ReLU(), pool=MaxPool2D())):
        assert propose(graph, analyse(graph)) == ()


def test_the_deepest_network_is_grouped_in_a_blink(built):
    graph = built["resnet152"].graph
    analysis = analyse(graph)
    start = time.process_time()
    propose(graph, analysis)
    assert time.process_time() - start < 0.2


@given(drawings())
@settings(deadline=None)
def test_whatever_is_drawn_gets_sound_groups(graph: Graph):
    assert_sound(propose(graph, analyse(graph)), graph)


def test_a_group_is_named_by_what_it_is(built):
    graph = lenet5()
    assert group_name(graph, ["conv1"]) == "Conv2D"
    assert group_name(graph, ["relu1", "conv1", "conv2"]) == "Conv2D + ReLU"
    assert group_name(graph, list(graph.by_id)) == "14 layers"
    resnet = built["resnet18"].graph
    assert group_name(resnet, [node for node in resnet.by_id if node.startswith("layer1.0")]) == "Residual block"
