"""The twin of a layer is the matrix that the layer multiplies by, which a run on unit images writes out."""

import json

import numpy as np
import pytest

from engine import (
    Add,
    AvgPool2D,
    Conv2D,
    ConvTranspose2D,
    Dense,
    DepthwiseConv2D,
    Flatten,
    Graph,
    Input,
    Layer,
    LinearSVM,
    MaxPool2D,
    Node,
    ReLU,
    SeparableConv2D,
    Shape,
    analyse,
    initialise,
    load,
    run,
)
from engine.cli import main
from engine.row_excerpt import row_excerpt
from engine.twin import Counts, Kind, Ratio, RatioDerivation, twin, twin_derivations
from engine.twin_report import verdict
from tests.engine.networks import chain, lenet5, wired


def matrix(layer: Layer, image: Input) -> np.ndarray:
    """Return the matrix ``(outputs, inputs)`` of a layer without a bias, whose weights are all different."""
    graph = chain(image=image, layer=layer)
    weights = initialise(graph)
    count = 0
    for name, array in weights.get("layer", {}).items():
        numbers = np.arange(count + 1, count + 1 + array.size, dtype=np.float32).reshape(array.shape)
        weights = weights.replaced("layer", name, numbers)
        count += array.size
    size = image.shape.size
    units = np.eye(size, dtype=np.float32).reshape(size, *image.shape)
    return run(graph, weights, units)["layer"].reshape(size, -1).T


CONVOLUTIONS = [
    Conv2D(filters=3, kernel=(2, 3), bias=False),
    Conv2D(filters=2, kernel=(3, 3), stride=(2, 1), bias=False),
    Conv2D(filters=4, kernel=(2, 2), groups=2, bias=False),
    Conv2D(filters=2, kernel=(2, 2), dilation=(2, 1), bias=False),
    DepthwiseConv2D(kernel=(3, 2), multiplier=2, bias=False),
    ConvTranspose2D(filters=3, kernel=(2, 3), stride=(2, 3), bias=False),
]


@pytest.mark.parametrize("layer", CONVOLUTIONS, ids=lambda layer: layer.brief())
def test_counts_are_those_of_the_matrix(layer: Layer):
    image = Input(channels=2, height=5, width=7)
    found = twin(analyse(chain(image=image, layer=layer)))["layer"]
    dense = matrix(layer, image)
    assert found.kind is Kind.SHARED
    assert found.possible == found.counts.dense == dense.size
    assert (found.outputs, found.inputs) == dense.shape
    assert found.connections == found.counts.local == np.count_nonzero(dense)
    assert found.counts.shared == len(np.unique(dense[dense != 0]))
    assert float(found.counts.both.value) == pytest.approx(dense.size / len(np.unique(dense[dense != 0])))


def test_lenet_by_hand():
    found = twin(analyse(lenet5()))
    conv1, conv2 = found["conv1"], found["conv2"]
    assert conv1.counts == Counts(5 * 5 * 6, 28 * 28 * 6 * 25, 32 * 32 * 28 * 28 * 6)
    assert (conv1.counts.locality.text(), conv1.counts.sharing.text()) == ("40.96", "784")
    assert conv2.counts.both.value == 784
    assert found["dense1"].kind is Kind.DENSE
    assert found["dense1"].counts == Counts(48_000, 48_000, 48_000)
    assert found["pool1"].kind is Kind.KEPT
    assert f"{28 * 28 * 6 * 14 * 14 * 6:,}" in found["pool1"].reason
    assert found.counts == Counts(61_470, 416_520, 4_816_896 + 1_881_600 + 48_000 + 10_080 + 840)
    assert "6,757,416 weights instead of 61,470: 109.9 times as many" in verdict(found.counts)


def test_the_formulas_have_the_layers_own_numbers():
    analysis = analyse(lenet5())
    texts = {one.quantity: one.text() for one in twin_derivations(analysis, "conv1")}
    assert texts["dense"] == "N₁·N₂ = 1024·4704 = 4,816,896"
    assert texts["inputs"] == "N₁ = W₁·H₁·D₁ = 32·32·1 = 1,024"
    assert texts["locality"] == "N₁·N₂/connections = W₁·H₁/(F·F) = 4816896/117600 = 40.96"
    assert texts["sharing"] == "connections/weights = W₂·H₂ = 117600/150 = 784"
    assert [one.quantity for one in twin_derivations(analysis, "pool1")] == ["inputs", "outputs", "dense"]
    assert twin_derivations(analysis, "image") == ()


@pytest.mark.parametrize(
    ("layer", "shape", "locality", "sharing"),
    [
        (Conv2D(filters=5, kernel=(3, 2), padding="same"), (3, 9, 11), (9 * 11, 3 * 2), (9 * 11, 1)),
        (SeparableConv2D(filters=4), (2, 8, 6), None, (6 * 4, 1)),
        (ConvTranspose2D(filters=4), (2, 8, 6), None, (8 * 6, 1)),
        (DepthwiseConv2D(), (2, 8, 6), None, (6 * 4, 1)),
    ],
)
def test_short_formulas_are_exact(layer, shape, locality, sharing):
    channels, height, width = shape
    analysis = analyse(chain(image=Input(channels=channels, height=height, width=width), layer=layer))
    found = {one.quantity: one for one in twin_derivations(analysis, "layer") if isinstance(one, RatioDerivation)}
    assert found["sharing"].ratio.value == Ratio(*sharing).value
    assert ("·H" in found["locality"].formula) == (locality is not None)
    if locality is not None:
        assert found["locality"].ratio.value == Ratio(*locality).value


def test_branches_count_all_inputs_of_a_join():
    graph = wired(
        Graph((Node("image", Input(channels=2, height=4, width=5)), Node("a", ReLU()), Node("sum", Add()))),
        ("image", "a"),
        ("a", "sum"),
        ("image", "sum", 1),
    )
    found = twin(analyse(graph))["sum"]
    assert (found.inputs, found.outputs, found.kind) == (80, 40, Kind.KEPT)
    assert "Joins branches" in found.reason


def test_layers_without_a_shape_say_why():
    broken = chain(image=Input(), conv=Conv2D(kernel=(40, 40)), relu=ReLU()).add(Node("lone", Conv2D()))
    loop = wired(Graph((Node("a", ReLU()), Node("b", ReLU()))), ("a", "b"), ("b", "a"))
    found = twin(analyse(broken))
    assert "The kernel is 40×40" in found["conv"].reason
    assert "a layer before it has none" in found["relu"].reason
    assert "nothing is connected" in found["lone"].reason
    assert "cycle" in twin(analyse(loop))["a"].reason
    assert found["conv"].counts == Counts(0, 0, 0)
    assert "Nothing is saved" in verdict(found.counts)


def test_a_kernel_that_sees_mostly_padding_has_more_weights_than_a_dense_layer():
    found = twin(analyse(chain(image=Input(height=1, width=1), conv=Conv2D(padding="same"))))
    assert found["conv"].counts == Counts(72, 72, 8)
    assert found["conv"].counts.both.text() == "0.111"
    assert "fewer than the 72" in verdict(found.counts)


def test_a_linear_classifier_is_its_own_twin():
    found = twin(analyse(chain(image=Input(height=4, width=3), flat=Flatten(), svm=LinearSVM(classes=5))))
    assert found["svm"].counts == Counts(60, 60, 60)
    assert found.counts.both.value == 1


@pytest.mark.parametrize(
    ("ratio", "text"),
    [
        ((1, 0), "–"),
        ((784, 1), "784"),
        ((4096, 100), "40.96"),
        ((100_001, 100), "1,000"),
        ((1234, 10), "123.4"),
        ((1, 3), "0.333"),
        ((1, 1_000_000), "1.0e-06"),
    ],
)
def test_a_ratio_in_about_four_digits(ratio, text):
    assert Ratio(*ratio).text() == text


# The excerpt


@pytest.mark.parametrize(
    "layer",
    [
        Conv2D(filters=1, kernel=(1, 5), bias=False),
        Conv2D(filters=1, kernel=(1, 3), stride=(1, 2), padding="same", bias=False),
        Conv2D(filters=1, kernel=(1, 3), dilation=(1, 2), bias=False),
        Conv2D(filters=1, kernel=(4, 1), bias=False),
        ConvTranspose2D(filters=1, kernel=(1, 3), stride=(1, 2), bias=False),
    ],
    ids=lambda layer: layer.brief(),
)
def test_an_excerpt_is_a_part_of_the_matrix(layer: Layer):
    tall = layer.kernel[0] > 1
    image = Input(channels=1, height=20 if tall else 1, width=1 if tall else 20)
    dense = matrix(layer, image)
    found = row_excerpt(layer, (image.shape,))
    assert found is not None
    assert found.axis == (0 if tall else 1)
    assert (found.output_size, found.size) == dense.shape
    assert found.outputs > 1
    links = {(one.output, one.input): one.cell + 1 for one in found.links if one.input >= 0}
    shown = dense[: found.outputs]
    assert links == {(int(y), int(x)): int(shown[y, x]) for y, x in np.argwhere(shown)}
    assert all(found.first <= one.input < found.last for one in found.links)


def test_excerpts_of_other_layers():
    shape = Shape(3, 28, 30)
    pool = row_excerpt(MaxPool2D(), (shape,))
    assert pool is not None
    assert (pool.cells, pool.size, pool.output_size) == (0, 30, 15)
    each = row_excerpt(ReLU(), (shape,))
    assert each is not None
    assert all(link.input == link.output for link in each.links)
    assert row_excerpt(Dense(), (Shape(12),)) is None
    assert row_excerpt(AvgPool2D(kernel=(40, 40)), (shape,)) is None
    assert row_excerpt(Input(), ()) is None


def test_an_excerpt_of_a_huge_kernel_is_cut():
    found = row_excerpt(Conv2D(kernel=(31, 31)), (Shape(1, 64, 64),))
    assert found is not None
    assert found.cut
    assert found.last - found.first == 24
    assert max(link.input for link in found.links) == 23


# The command line


def test_the_command_prints_a_table(resources, capsys):
    lenet = str(resources / "examples" / "lenet5.json")
    assert main(["twin", lenet]) == 0
    printed = capsys.readouterr().out
    assert "×32,113" in printed
    assert printed.splitlines()[-1] == verdict(twin(analyse(load(lenet).graph)).counts)
    assert main(["twin", lenet, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["totals"]["dense_weights"] == 6_757_416
    assert found["layers"][1]["sharing"] == 784
    assert found["layers"][3]["ratio"] is None


def test_an_empty_network():
    found = twin(analyse(Graph()))
    assert (found.layers, found.counts) == ((), Counts(0, 0, 0))
