"""The classic networks that ship: their figures are the published ones to the last digit, and they run."""

from typing import NamedTuple

import numpy as np
import pytest

from engine import (
    Analysis,
    Code,
    Graph,
    Input,
    MaxPool2D,
    Network,
    Node,
    Severity,
    Shape,
    Softmax,
    Weights,
    analyse,
    lint,
    load,
    run,
)
from engine.formats import native
from engine.layers.base import WeightSpec
from resources.examples.networks import NETWORKS

UNET_LEVELS = (64, 128, 256, 512, 1024)


class Figures(NamedTuple):
    """What is published: trainable parameters, and multiply-accumulates of convolutions and fully connected layers."""

    parameters: int
    macs: int


def unet_parameters() -> int:
    """Count U-Net's weights and biases by hand: one gray channel, two classes."""

    def conv(inputs: int, outputs: int, area: int = 9) -> int:
        return area * inputs * outputs + outputs

    down = sum(conv(a, b) + conv(b, b) for a, b in zip((1, *UNET_LEVELS), UNET_LEVELS, strict=False))
    # On the way up: 2×2 halves the depth, joined with the skipped maps it is whole again, and two 3×3 halve it.
    up = sum(conv(2 * a, a, 4) + conv(2 * a, a) + conv(a, a) for a in UNET_LEVELS[:-1])
    return down + up + conv(64, 2, 1)


def unet_macs() -> int:
    """Count U-Net's work by hand, from the sizes that the paper's figure 1 prints beside its maps."""
    steps = [(570, 1, 64), (568, 64, 64), (282, 64, 128), (280, 128, 128), (138, 128, 256), (136, 256, 256)]
    steps += [(66, 256, 512), (64, 512, 512), (30, 512, 1024), (28, 1024, 1024)]
    steps += [(54, 1024, 512), (52, 512, 512), (102, 512, 256), (100, 256, 256)]
    steps += [(198, 256, 128), (196, 128, 128), (390, 128, 64), (388, 64, 64)]
    raised = ((28, 1024, 512), (52, 512, 256), (100, 256, 128), (196, 128, 64))  # by their input's size
    total = sum(9 * size**2 * a * b for size, a, b in steps) + sum(4 * size**2 * a * b for size, a, b in raised)
    return total + 388**2 * 64 * 2


# Parameters and MACs as torchvision counts them ("num_params" of its weights; its GFLOPS are these MACs in thousand
# millions, 5.713 for Inception v3). GoogLeNet and Inception v3 are without their auxiliary heads.
PUBLISHED = {
    "alexnet": Figures(61_100_840, 714_188_480),
    "vgg16": Figures(138_357_544, 15_470_264_320),
    "vgg19": Figures(143_667_240, 19_632_062_464),
    "resnet18": Figures(11_689_512, 1_814_073_344),
    "resnet50": Figures(25_557_032, 4_089_184_256),
    "resnet152": Figures(60_192_808, 11_513_626_624),
    "googlenet": Figures(6_624_904, 1_498_376_192),
    "squeezenet1_1": Figures(1_235_496, 349_151_936),
    "densenet121": Figures(7_978_856, 2_834_161_664),
    "mobilenet_v2": Figures(3_504_872, 300_774_272),
    "mobilenet_v3_large": Figures(5_483_032, 216_589_760),
    "efficientnet_b0": Figures(5_288_548, 385_814_752),
    "shufflenet_v2_x1_0": Figures(2_278_604, 144_907_992),
    "inception_v3": Figures(23_834_568, 5_713_216_096),
    "convnext_tiny": Figures(28_589_128, 4_455_531_264),
    "unet": Figures(unet_parameters(), unet_macs()),
}

# Under which name, and in which shape, torchvision keeps an array.
KEPT = [
    ("alexnet", "classifier.6.weight", (1000, 4096)),
    ("vgg16", "features.28.weight", (512, 512, 3, 3)),
    ("vgg19", "features.34.bias", (512,)),
    ("resnet18", "layer2.0.downsample.0.weight", (128, 64, 1, 1)),
    ("resnet50", "layer4.2.bn3.running_var", (2048,)),
    ("resnet152", "layer3.35.conv2.weight", (256, 256, 3, 3)),
    ("googlenet", "inception4e.branch3.1.conv.weight", (128, 32, 3, 3)),
    ("squeezenet1_1", "features.12.expand3x3.weight", (256, 64, 3, 3)),
    ("densenet121", "features.denseblock3.denselayer24.conv1.weight", (128, 992, 1, 1)),
    ("mobilenet_v2", "features.1.conv.1.weight", (16, 32, 1, 1)),
    ("mobilenet_v2", "features.17.conv.3.running_mean", (320,)),
    ("mobilenet_v3_large", "features.4.block.2.fc1.weight", (24, 72, 1, 1)),
    ("efficientnet_b0", "features.1.0.block.1.fc2.weight", (32, 8, 1, 1)),
    ("shufflenet_v2_x1_0", "stage4.3.branch2.5.weight", (232, 232, 1, 1)),
    ("inception_v3", "Mixed_7c.branch3x3dbl_3b.conv.weight", (384, 384, 3, 1)),
    ("convnext_tiny", "features.5.8.block.0.weight", (384, 1, 7, 7)),
]

# Everything that lint says, and about how many layers: true of the originals, and worth a remark.
REMARKS = {
    "alexnet": {Code.POOL_OVERLAP: 3, Code.PARAMETER_HEAVY: 1},
    "vgg16": {Code.PARAMETER_HEAVY: 1},
    "vgg19": {Code.PARAMETER_HEAVY: 1},
    "resnet18": {Code.POOL_OVERLAP: 1, Code.POOL_PADDING: 1},
    "resnet50": {Code.POOL_OVERLAP: 1, Code.POOL_PADDING: 1},
    "resnet152": {Code.POOL_OVERLAP: 1, Code.POOL_PADDING: 1},
    "googlenet": {Code.POOL_OVERLAP: 3},
    "squeezenet1_1": {Code.POOL_OVERLAP: 3, Code.STRIDE_REMAINDER: 1},  # an even size, an odd kernel, no padding
    "densenet121": {Code.POOL_OVERLAP: 1, Code.POOL_PADDING: 1},
    "shufflenet_v2_x1_0": {Code.POOL_OVERLAP: 1, Code.POOL_PADDING: 1},
    "inception_v3": {Code.POOL_OVERLAP: 4},
}


@pytest.fixture(scope="module")
def built() -> dict[str, Network]:
    return {name: build() for name, build in NETWORKS.items()}


@pytest.fixture(scope="module")
def analysed(built) -> dict[str, Analysis]:
    return {name: analyse(network.graph) for name, network in built.items()}


def test_all_networks_have_their_published_figures():
    assert NETWORKS.keys() == PUBLISHED.keys()


@pytest.mark.parametrize("name", NETWORKS)
def test_parameters_and_macs_are_the_published_ones(name: str, analysed):
    totals = analysed[name].totals
    assert (totals.parameters, totals.macs) == PUBLISHED[name]
    assert totals.trainable == totals.parameters


@pytest.mark.parametrize("name", NETWORKS)
def test_there_is_no_mistake_and_the_answer_is_one_probability_per_class(name: str, analysed, built):
    analysis = analysed[name]
    assert analysis.diagnostics == ()
    (end,) = (node.id for node in built[name].graph.nodes if not built[name].graph.outgoing[node.id])
    assert isinstance(built[name].graph.by_id[end].layer, Softmax)
    assert analysis.nodes[end].output == (Shape(2, 388, 388) if name == "unet" else Shape(1000))


@pytest.mark.parametrize("name", NETWORKS)
def test_the_file_is_what_the_generator_writes(name: str, built, resources):
    file = resources / "examples" / f"{name}.json"
    assert file.read_text(encoding="utf-8") == native.encode(built[name])
    assert load(file) == built[name]


@pytest.mark.parametrize(("name", "key", "shape"), KEPT)
def test_weights_are_named_and_shaped_as_torchvision_keeps_them(name: str, key: str, shape: tuple[int, ...], analysed):
    node, _, array = key.rpartition(".")
    specs = {spec.name: spec.shape for spec in analysed[name].nodes[node].inferred.weights}
    assert specs[array] == shape


@pytest.mark.parametrize("name", NETWORKS)
def test_lint_says_nothing_absurd_of_a_classic_network(name: str, built, analysed):
    remarks = lint(built[name].graph, analysed[name])
    counts = {code: sum(one.code is code for one in remarks) for code in {one.code for one in remarks}}
    assert counts == REMARKS.get(name, {})


def test_pooling_that_keeps_the_size_has_to_overlap_and_to_pad():
    def remarks(pool: MaxPool2D) -> set[Code]:
        graph = Graph().add(Node("image", Input())).add(Node("pool", pool)).connect("image", "pool")
        return {one.code for one in lint(graph) if one.severity is Severity.INFO}

    kept = MaxPool2D(kernel=(3, 3), stride=(1, 1), padding=(1, 1, 1, 1))
    assert remarks(kept) == set()
    assert remarks(kept.replace(stride=(2, 2))) == {Code.POOL_OVERLAP, Code.POOL_PADDING}
    assert remarks(kept.replace(padding="valid")) == {Code.POOL_OVERLAP}


@pytest.mark.parametrize("name", NETWORKS)
def test_an_image_runs_through(name: str, built):
    graph = built[name].graph
    if name == "unet":  # the whole one takes many seconds; its crops are the same for every size that fits
        graph = graph.replace_layer("image", Input(height=188, width=188))
    analysis = analyse(graph)
    shape = analysis.nodes["image"].output
    image = np.random.default_rng(1).random(shape, np.float32)
    maps = run(graph, quick_weights(analysis), image, analysis=analysis)
    assert list(maps) == list(analysis.order)
    assert all(maps[node].shape == analysis.nodes[node].output for node in maps)
    assert all(np.isfinite(values).all() for values in maps.values())
    answer = maps["softmax"]
    np.testing.assert_allclose(answer.sum(axis=0), 1.0, rtol=1e-5)
    assert answer.std() > 0


def quick_weights(analysis: Analysis) -> Weights:
    """Return weights that keep values near 1, without drawing all of 140 million."""
    drawn = np.random.default_rng(0).standard_normal(65_521, np.float32)  # a prime: no two filters become the same

    def array(spec: WeightSpec) -> np.ndarray:
        if spec.initialiser in {"he", "glorot"}:
            return np.resize(drawn * np.float32(spec.fan_in**-0.5), spec.shape)
        return np.full(spec.shape, spec.value, np.float32)

    nodes = {node: entry.inferred.weights for node, entry in analysis.nodes.items() if entry.inferred.weights}
    return Weights({node: {spec.name: array(spec) for spec in specs} for node, specs in nodes.items()})
