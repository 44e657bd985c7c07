"""The networks that the benchmarks run: examples of the program, with random weights."""

from pathlib import Path

from engine import Graph, load

EXAMPLES = Path(__file__).parents[2] / "resources" / "examples"
NETWORKS = {
    "LeNet-5": "lenet5",
    "MobileNetV2": "mobilenet_v2",
    "ResNet-50": "resnet50",
    "VGG-16": "vgg16",
}


def graph_of(name: str) -> Graph:
    """Return the graph of an example by its file's name."""
    return load(EXAMPLES / f"{name}.json").graph
