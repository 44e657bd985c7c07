"""What all classic networks are built with: a drawing that grows, and the blocks that several families share.

Ids are those under which torchvision keeps the weights, as far as a layer has any: ``layer1.0.conv1``. A block function
takes the id whose output it works on and returns the id of its own output, so that blocks can be put one in another.
"""

from collections.abc import Iterable, Mapping

from engine import (
    BatchNorm2D,
    Conv2D,
    DepthwiseConv2D,
    Edge,
    GlobalAvgPool2D,
    Graph,
    Input,
    Layer,
    Multiply,
    Network,
    Node,
    Normalization,
    ReLU,
    analyse,
    propose,
)

CLASSES = 1000  # of ImageNet
# Mean and standard deviation of ImageNet's red, green and blue, for pixel values from 0 to 1.
IMAGENET = Normalization(mean=(0.485, 0.456, 0.406), deviation=(0.229, 0.224, 0.225))


class Drawing:
    """A network in the making: layers are added behind those that are there."""

    def __init__(self, name: str, image: Input) -> None:
        self._name = name
        self._nodes = [Node("image", image)]
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

    def network(self) -> Network:
        """Return the network in groups; where its nodes are drawn is left to the automatic layout."""
        graph = Graph(tuple(self._nodes), tuple(self._edges))
        return Network(self._name, graph, groups=propose(graph, analyse(graph)))


def imagenet(name: str) -> tuple[Drawing, str]:
    """Begin a network on normalised colour images of 224×224 pixels."""
    net = Drawing(name, Input(channels=3, height=224, width=224, fit="crop"))
    return net, net.add("normalize", IMAGENET, "image")


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


def squeeze_excite(net: Drawing, source: str, prefix: str, widths: tuple[int, int], gates: tuple[Layer, Layer]) -> str:
    """Weigh each map by a factor between 0 and 1 that two layers find from all maps' means (Hu et al., 2018).

    ``widths`` are the channels in the middle and at the end, ``gates`` the activations behind either layer.
    """
    middle, channels = widths
    inner, outer = gates
    scale = net.chain(
        source,
        {
            "avgpool": GlobalAvgPool2D(keep_axes=True),
            "fc1": conv(middle, 1, bias=True),
            "activation": inner,
            "fc2": conv(channels, 1, bias=True),
            "scale_activation": outer,
        },
        f"{prefix}.",
    )
    return net.add(f"{prefix}.scale", Multiply(), scale, source)
