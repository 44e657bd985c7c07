"""A drawing to act on."""

from engine import Add, Conv2D, Graph, Input, Node, ReLU
from tests.engine.networks import chain

# Three cards in a column and one that is far from it.
PLACES = {"image": (0.0, 0.0), "conv1": (0.0, 100.0), "relu1": (0.0, 200.0), "add": (400.0, 300.0)}


def three_cards() -> Graph:
    return chain(image=Input(), conv1=Conv2D(), relu1=ReLU()).add(Node("add", Add()))
