"""Write the example networks of this folder: ``python resources/examples/generate.py``.

LeNet-5's weights are trained (``resources/training/train_lenet5.py``); its document only refers to them. The classic
networks (``networks``) have none.
"""

import sys
from pathlib import Path

import msgspec
import numpy as np

from engine import (
    Conv2D,
    Dense,
    Flatten,
    Input,
    Layer,
    MaxPool2D,
    Network,
    Node,
    ReLU,
    Softmax,
    Weights,
    kernel_preset,
    save,
)
from engine.formats import native

FOLDER = Path(__file__).resolve().parent
sys.path.append(str(FOLDER.parents[1]))  # the repository's root, however this file is run
from resources.examples.networks import NETWORKS  # noqa: E402

ROW, COLUMN = 60.0, 280.0  # distance of cards, in canvas pixels
PRESETS = ("blur", "edge", "sobel x", "sobel y", "sharpen", "emboss")


def chain(network: Network, layers: dict[str, Layer], *, after: str | None = None, column: int = 0) -> Network:
    """Return the network with layers by id wired one behind the other, below each other in one column."""
    graph, layout = network.graph, dict(network.layout)
    top = layout[after][1] + ROW if after else 0.0
    for step, (name, layer) in enumerate(layers.items()):
        graph = graph.add(Node(name, layer))
        if after is not None:
            graph = graph.connect(after, name)
        layout[name] = (column * COLUMN, top + step * ROW)
        after = name
    return msgspec.structs.replace(network, graph=graph, layout=layout)


def lenet5() -> Network:
    """LeNet-5 (LeCun et al., 1998) with ReLU, max pooling and full connectivity in its second convolution."""
    layers: dict[str, Layer] = {
        "image": Input(channels=1, height=32, width=32, fit="pad"),
        "conv1": Conv2D(filters=6, kernel=(5, 5)),
        "relu1": ReLU(),
        "pool1": MaxPool2D(),
        "conv2": Conv2D(filters=16, kernel=(5, 5)),
        "relu2": ReLU(),
        "pool2": MaxPool2D(),
        "flatten": Flatten(),
        "dense1": Dense(units=120),
        "relu3": ReLU(),
        "dense2": Dense(units=84),
        "relu4": ReLU(),
        "dense3": Dense(units=10),
        "softmax": Softmax(labels=tuple("0123456789")),
    }
    return chain(Network("LeNet-5"), layers)


def lecture_outline() -> Network:
    """Draw the lecture's outline: input, twice convolution + ReLU and pooling, fully connected, output."""
    layers: dict[str, Layer] = {
        "image": Input(channels=3, height=32, width=32, fit="crop"),
        "conv1": Conv2D(filters=6, kernel=(5, 5)),
        "relu1": ReLU(),
        "pool1": MaxPool2D(),
        "conv2": Conv2D(filters=16, kernel=(5, 5)),
        "relu2": ReLU(),
        "pool2": MaxPool2D(),
        "flatten": Flatten(),
        "dense": Dense(units=10),
        "softmax": Softmax(),
    }
    return chain(Network("Lecture: outline of a CNN"), layers)


def lecture_conv() -> Network:
    """Both examples of the lecture: 32×32×3 to 28×28×6 by six filters, and 32×32×10 to 16×16×10 by pooling."""
    start = chain(Network("Lecture: convolution and pooling"), {"image": Input(channels=3, height=32, width=32)})
    six = chain(start, {"conv": Conv2D(filters=6, kernel=(5, 5))}, after="image")
    ten: dict[str, Layer] = {"conv10": Conv2D(filters=10, kernel=(5, 5), padding="same"), "pool": MaxPool2D()}
    return chain(six, ten, after="image", column=1)


def kernels() -> Network:
    """Six classic filters over one photograph: six feature maps, and what a rectifier leaves of them."""
    layers: dict[str, Layer] = {
        "image": Input(channels=1, height=256, width=256, fit="crop"),
        "filters": Conv2D(filters=len(PRESETS), kernel=(3, 3)),
        "relu": ReLU(),
        "pool": MaxPool2D(),
    }
    weight = np.stack([kernel_preset(name)[None] for name in PRESETS])
    weights = Weights({"filters": {"weight": weight, "bias": np.zeros(len(PRESETS), np.float32)}})
    return chain(Network("Six classic filters", weights=weights), layers)


def main() -> None:
    """Write all examples."""
    (FOLDER / "lenet5.json").write_text(native.encode(lenet5(), "lenet5.safetensors"), encoding="utf-8")
    lecture = {"lecture_outline": lecture_outline(), "lecture_conv": lecture_conv(), "kernels": kernels()}
    for name, network in lecture.items():
        save(network, FOLDER / f"{name}.json")
    for name, build in NETWORKS.items():
        save(build(), FOLDER / f"{name}.json")


if __name__ == "__main__":
    main()
