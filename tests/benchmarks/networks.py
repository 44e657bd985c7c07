"""The networks that the benchmarks run, written with our own layers."""

from collections.abc import Callable

from engine import Add, Conv2D, Dense, Flatten, Graph, Input, Layer, MaxPool2D, Node, ReLU, Softmax


class Builder:
    """Appends layers to a graph, each behind the one before unless told otherwise."""

    def __init__(self, image: Input) -> None:
        self.graph = Graph().add(Node("image", image))
        self.last = "image"

    def __call__(self, layer: Layer, *sources: str, name: str = "") -> str:
        """Append a layer; returns its id."""
        node = name or self.graph.fresh_id(layer.prefix)
        self.graph = self.graph.add(Node(node, layer))
        for port, source in enumerate(sources or (self.last,)):
            self.graph = self.graph.connect(source, node, port)
        self.last = node
        return node


def lenet5() -> Graph:
    """LeCun et al. (1998), with ReLU and max pooling."""
    add = Builder(Input(channels=1, height=32, width=32))
    for filters in (6, 16):
        add(Conv2D(filters=filters, kernel=(5, 5)))
        add(ReLU())
        add(MaxPool2D())
    add(Flatten())
    for units in (120, 84):
        add(Dense(units=units))
        add(ReLU())
    add(Dense(units=10))
    add(Softmax())
    return add.graph


def vgg16() -> Graph:
    """Simonyan and Zisserman (2015), configuration D."""
    add = Builder(Input(channels=3, height=224, width=224))
    for block, (filters, depth) in enumerate(((64, 2), (128, 2), (256, 3), (512, 3), (512, 3)), start=1):
        for number in range(1, depth + 1):
            add(Conv2D(filters=filters, kernel=(3, 3), padding="same"), name=f"conv{block}_{number}")
            add(ReLU(), name=f"relu{block}_{number}")
        add(MaxPool2D(), name=f"pool{block}")
    add(Flatten())
    for number in (6, 7):
        add(Dense(units=4096), name=f"fc{number}")
        add(ReLU(), name=f"relu{number}")
    add(Dense(units=1000), name="fc8")
    add(Softmax())
    return add.graph


NETWORKS: dict[str, Callable[[], Graph]] = {"LeNet-5": lenet5, "VGG-16": vgg16}
__all__ = ["NETWORKS", "Add", "Builder"]
