"""The classic networks, written from their papers: architecture alone, without weights.

Shapes, counts, and hyper-parameters follow torchvision, and so do the ids of all layers that have weights.
"""

from collections.abc import Callable

from engine import Network

from .convnext import convnext_tiny
from .densenet import densenet121
from .googlenet import googlenet
from .inception import inception_v3
from .mobilenet import efficientnet_b0, mobilenet_v2, mobilenet_v3_large
from .resnet import resnet18, resnet50, resnet152
from .shufflenet import shufflenet_v2_x1_0
from .squeezenet import squeezenet1_1
from .unet import unet
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
    "squeezenet1_1": squeezenet1_1,
    "densenet121": densenet121,
    "mobilenet_v2": mobilenet_v2,
    "mobilenet_v3_large": mobilenet_v3_large,
    "efficientnet_b0": efficientnet_b0,
    "shufflenet_v2_x1_0": shufflenet_v2_x1_0,
    "inception_v3": inception_v3,
    "convnext_tiny": convnext_tiny,
    "unet": unet,
}
