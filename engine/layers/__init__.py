"""All layers, in the order of the lecture's outline: image, convolution, pooling, fully connected, output."""

from engine.layers.activation import ReLU
from engine.layers.base import Layer
from engine.layers.conv import Conv2D
from engine.layers.dense import Dense
from engine.layers.io import Input
from engine.layers.merge import Add, Concat
from engine.layers.output import LinearSVM, Softmax
from engine.layers.pool import AvgPool2D, MaxPool2D, SumPool2D
from engine.layers.regularization import Dropout
from engine.layers.reshape import Flatten

LAYERS: tuple[type[Layer], ...] = (
    Input,
    Conv2D,
    ReLU,
    MaxPool2D,
    AvgPool2D,
    SumPool2D,
    Flatten,
    Dense,
    Softmax,
    LinearSVM,
    Dropout,
    Add,
    Concat,
)

__all__ = [
    "LAYERS",
    "Add",
    "AvgPool2D",
    "Concat",
    "Conv2D",
    "Dense",
    "Dropout",
    "Flatten",
    "Input",
    "Layer",
    "LinearSVM",
    "MaxPool2D",
    "ReLU",
    "Softmax",
    "SumPool2D",
]
