"""Parameters and MACs of classic networks as torchvision publishes them."""

import pytest

from engine import Concat, Conv2D, Dense, Dropout, Flatten, Graph, Input, Layer, MaxPool2D, Node, ReLU, analyse
from engine.layers import AvgPool2D
from tests.engine.networks import chain, wired

IMAGE = Input(channels=3, height=224, width=224)
POOL3 = MaxPool2D(kernel=(3, 3), stride=(2, 2))


def conv(filters: int, size: int, stride: int = 1, pad: int = 0) -> Conv2D:
    return Conv2D(filters=filters, kernel=(size, size), stride=(stride, stride), padding=(pad, pad, pad, pad))


def sequence(*layers: Layer) -> Graph:
    return chain(**{f"{layer.prefix}{number}": layer for number, layer in enumerate(layers)})


def head() -> tuple[Layer, ...]:
    return Flatten(), Dropout(), Dense(units=4096), ReLU(), Dropout(), Dense(units=4096), ReLU(), Dense(units=1000)


def alexnet() -> Graph:
    first = (conv(64, 11, 4, 2), ReLU(), POOL3, conv(192, 5, 1, 2), ReLU(), POOL3)
    second = (conv(384, 3, 1, 1), ReLU(), conv(256, 3, 1, 1), ReLU(), conv(256, 3, 1, 1), ReLU(), POOL3)
    return sequence(IMAGE, *first, *second, *head())


def vgg(*repeats: int) -> Graph:
    layers: list[Layer] = [IMAGE]
    for filters, count in zip((64, 128, 256, 512, 512), repeats, strict=True):
        layers += [layer for _ in range(count) for layer in (conv(filters, 3, 1, 1), ReLU())] + [MaxPool2D()]
    return sequence(*layers, *head())


def fire(graph: Graph, before: str, number: int, squeeze: int, expand: int) -> Graph:
    parts = {"s": conv(squeeze, 1), "a": conv(expand, 1), "b": conv(expand, 3, 1, 1), "c": Concat()}
    for name, layer in parts.items():
        graph = graph.add(Node(f"{name}{number}", layer))
    s, a, b, c = (f"{name}{number}" for name in parts)
    return wired(graph, (before, s), (s, a), (s, b), (a, c), (b, c, 1))


def squeezenet() -> Graph:
    graph, before = sequence(IMAGE, conv(64, 3, 2), ReLU(), POOL3), "pool3"
    for number, squeeze in enumerate((16, 16, 32, 32, 48, 48, 64, 64)):
        if number in (2, 4):
            graph = wired(graph.add(Node(f"p{number}", POOL3)), (before, f"p{number}"))
            before = f"p{number}"
        graph = fire(graph, before, number, squeeze, 4 * squeeze)
        before = f"c{number}"
    graph = graph.add(Node("last", conv(1000, 1))).add(Node("mean", AvgPool2D(kernel=(13, 13))))
    return wired(graph, (before, "last"), ("last", "mean"))


@pytest.mark.parametrize(
    ("graph", "parameters", "macs"),
    [
        pytest.param(alexnet(), 61_100_840, 714_188_480, id="AlexNet"),
        pytest.param(vgg(2, 2, 3, 3, 3), 138_357_544, 15_470_264_320, id="VGG-16"),
        pytest.param(vgg(2, 2, 4, 4, 4), 143_667_240, 19_632_062_464, id="VGG-19"),
        pytest.param(squeezenet(), 1_235_496, 349_151_936, id="SqueezeNet 1.1"),
    ],
)
def test_a_classic_network_has_the_published_parameters_and_macs(graph: Graph, parameters: int, macs: int):
    analysis = analyse(graph)
    assert analysis.diagnostics == ()
    assert (analysis.totals.parameters, analysis.totals.macs) == (parameters, macs)
    assert analysis.nodes[analysis.order[-1]].output[0] == 1000
