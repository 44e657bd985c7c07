"""Small networks that several tests look at."""

from engine import Conv2D, Dense, Flatten, Graph, Input, Layer, MaxPool2D, Node, ReLU, Softmax


def chain(**layers: Layer) -> Graph:
    """Return a graph of layers by id, each fed by the one before it."""
    graph, before = Graph(), None
    for name, layer in layers.items():
        graph = graph.add(Node(name, layer))
        if before is not None:
            graph = graph.connect(before, name)
        before = name
    return graph


def wired(graph: Graph, *wires: tuple[str, str] | tuple[str, str, int]) -> Graph:
    """Return the graph with wires added."""
    for wire in wires:
        graph = graph.connect(*wire)
    return graph


def lenet5() -> Graph:
    """Return LeNet-5 with full connectivity in its second convolution."""
    return chain(
        image=Input(),
        conv1=Conv2D(filters=6, kernel=(5, 5)),
        relu1=ReLU(),
        pool1=MaxPool2D(),
        conv2=Conv2D(filters=16, kernel=(5, 5)),
        relu2=ReLU(),
        pool2=MaxPool2D(),
        flatten=Flatten(),
        dense1=Dense(units=120),
        relu3=ReLU(),
        dense2=Dense(units=84),
        relu4=ReLU(),
        dense3=Dense(units=10),
        softmax=Softmax(),
    )
