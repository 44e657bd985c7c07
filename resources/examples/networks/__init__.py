"""The classic networks, written from their papers: architecture alone, without weights.

Shapes, counts, and hyper-parameters follow torchvision, and so do the ids of all layers that have weights.
"""

from collections.abc import Callable

from engine import Network

from .densenet import densenet121
from .googlenet import googlenet
from .inception import inception_v3
from .resnet import resnet18, resnet50, resnet152
from .vgg import alexnet, vgg16, vgg19

__all__ = ["NETWORKS"]

# By the name of the file.
NETWORKS: dict[str, Callable[[], Network]] = {
    "alexnet": alexnet,
    "vgg16": vgg16,
    "vgg19": vgg19,
    "resnet18": resnet18,
    "resnet50": resnet50,
    "resnet152": resnet152,
    "googlenet": googlenet,
    "densenet121": densenet121,
    "inception_v3": inception_v3,
}
