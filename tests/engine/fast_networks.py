"""Networks for the fast forward pass, and what their maps are compared with."""

import numpy as np
import pytest

from engine import (
    Cancelled,
    Conv2D,
    Dense,
    DepthwiseConv2D,
    Dropout,
    Flatten,
    GlobalAvgPool2D,
    Graph,
    Input,
    Layer,
    MaxPool2D,
    Node,
    ReLU,
    Softmax,
    Weights,
    run,
)


def chain(*layers: Layer, image: Input | None = None) -> Graph:
    graph = Graph().add(Node("image", image or Input(channels=3, height=32, width=32)))
    for number, layer in enumerate(layers):
        node = f"n{number}"
        graph = graph.add(Node(node, layer)).connect(graph.nodes[-1].id, node)
    return graph


def picture(graph: Graph, seed: int = 0):
    values = np.random.default_rng(seed).standard_normal(graph.nodes[0].layer.shape, dtype=np.float32)
    values.flags.writeable = False
    return values


CONV = Conv2D(filters=32, kernel=(3, 3), padding="same")
DEEP = chain(CONV, ReLU(), CONV, ReLU(), MaxPool2D(), CONV, Dropout(), CONV, ReLU(), Flatten(), Dense(units=10))
WIDE = chain(*[Conv2D(filters=64, kernel=(3, 3), padding="same")] * 6, image=Input(channels=3, height=160, width=160))
APART = chain(
    Conv2D(filters=96, kernel=(1, 1)),
    ReLU(),
    DepthwiseConv2D(kernel=(3, 3), padding="same"),
    Conv2D(filters=96, kernel=(1, 1)),
    ReLU(),
    DepthwiseConv2D(kernel=(3, 3), stride=(2, 2), padding=(1, 1, 1, 1)),
    Conv2D(filters=96, kernel=(1, 1)),
    ReLU(),
    DepthwiseConv2D(kernel=(5, 5), padding="same"),
    Conv2D(filters=96, kernel=(3, 3), padding="same"),
    image=Input(channels=32, height=56, width=56),
)


TAIL = chain(
    Conv2D(filters=512, kernel=(3, 3)),
    Conv2D(filters=1024, kernel=(1, 1)),
    ReLU(),
    GlobalAvgPool2D(),
    Dense(units=1000),
    Softmax(),
    image=Input(channels=64, height=7, width=7),
)


def same(a, b) -> bool:
    return a.shape == b.shape and np.array_equal(a, b, equal_nan=True)


def plain(graph, weights, image):
    """Every map by `Layer.forward`, as a batch of one."""
    return {node: values[0] for node, values in run(graph, weights, image[None]).items()}


def stopped_behind(node: str, graph: Graph, weights: Weights, image) -> list[str]:
    """Stop a run as soon as it tells of a node; return of which it has told."""
    told: list[str] = []
    with pytest.raises(Cancelled):
        run(
            graph,
            weights,
            image,
            progress=lambda step: told.append(step.node),
            cancelled=lambda: told[-1:] == [node],
        )
    return told
