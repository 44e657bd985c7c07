"""A drawing that grows, and the padded convolutions that all blocks are made of.

A block function takes the drawing, the id whose output it works on, and a prefix for the ids of its layers; it returns
the id of its own output, so that blocks can be put one behind another or one in another.
"""

from collections.abc import Iterable, Mapping

from engine.graph import Edge, Graph, Node
from engine.layers import BatchNorm2D, Conv2D, DepthwiseConv2D, Layer, ReLU


class Drawing:
    """A graph in the making: layers are added behind those that are there, or behind ids that stand outside of it."""

    def __init__(self) -> None:
        self._nodes: list[Node] = []
        self._edges: list[Edge] = []

    def add(self, node: str, layer: Layer, *sources: str) -> str:
        """Add a layer behind one or more others, in the order of its ports; returns its id."""
        self._nodes.append(Node(node, layer))
        self._edges += [Edge(source, node, port) for port, source in enumerate(sources)]
        return node

    def chain(self, source: str, layers: Mapping[str, Layer], prefix: str = "") -> str:
        """Add layers by id, each behind the one before; returns the last one's id."""
        for name, layer in layers.items():
            source = self.add(prefix + name, layer, source)
        return source

    def sequence(self, source: str, prefix: str, layers: Iterable[Layer], *, first: int = 0) -> str:
        """Add layers in a row with numbers for names, as members of a torchvision sequence; returns the last's id."""
        return self.chain(source, {f"{prefix}.{number}": layer for number, layer in enumerate(layers, first)})

    def graph(self) -> Graph:
        """Return what has been drawn."""
        return Graph(tuple(self._nodes), tuple(self._edges))


def pair(extent: int | tuple[int, int]) -> tuple[int, int]:
    """Return height and width; one number stands for both."""
    return (extent, extent) if isinstance(extent, int) else extent


def ring(kernel: int | tuple[int, int]) -> tuple[int, int, int, int]:
    """Return the padding that lets an odd kernel keep the size at stride 1."""
    height, width = pair(kernel)
    return height // 2, height // 2, width // 2, width // 2


def conv(filters: int, kernel: int | tuple[int, int] = 3, stride: int = 1, *, bias: bool = False) -> Conv2D:
    """Return a convolution with an odd kernel, padded so that only its stride makes maps smaller."""
    return Conv2D(filters=filters, kernel=pair(kernel), stride=pair(stride), padding=ring(kernel), bias=bias)


def depthwise(kernel: int, stride: int = 1, *, bias: bool = False) -> DepthwiseConv2D:
    """Return a depthwise convolution padded like `conv`."""
    return DepthwiseConv2D(kernel=pair(kernel), stride=pair(stride), padding=ring(kernel), bias=bias)


def conv_bn_relu(net: Drawing, source: str, prefix: str, convolution: Layer, *, epsilon: float = 1e-5) -> str:
    """Add a convolution, its batch normalisation and ReLU under the prefix's ``conv``, ``bn`` and ``relu``."""
    layers = {"conv": convolution, "bn": BatchNorm2D(epsilon=epsilon), "relu": ReLU()}
    return net.chain(source, layers, f"{prefix}.")
