"""What all classic networks begin with; the blocks that they repeat are the engine's (`engine.blocks`).

Ids are those under which torchvision keeps the weights, as far as a layer has any: ``layer1.0.conv1``.
"""

from engine import Input, Network, Normalization, analyse, blocks, propose

CLASSES = 1000  # of ImageNet
# Mean and standard deviation of ImageNet's red, green and blue, for pixel values from 0 to 1.
IMAGENET = Normalization(mean=(0.485, 0.456, 0.406), deviation=(0.229, 0.224, 0.225))


class Drawing(blocks.Drawing):
    """A network in the making, from its image on."""

    def __init__(self, name: str, image: Input) -> None:
        super().__init__()
        self._name = name
        self.add("image", image)

    def network(self) -> Network:
        """Return the network in groups; where its nodes are drawn is left to the automatic layout."""
        graph = self.graph()
        return Network(self._name, graph, groups=propose(graph, analyse(graph)))


def imagenet(name: str) -> tuple[Drawing, str]:
    """Begin a network on normalised colour images of 224×224 pixels."""
    net = Drawing(name, Input(channels=3, height=224, width=224, fit="crop"))
    return net, net.add("normalize", IMAGENET, "image")
