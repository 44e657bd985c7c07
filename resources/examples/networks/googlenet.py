"""GoogLeNet (Szegedy et al., 2015), the first Inception, with batch normalisation and without its auxiliary heads.

The branch that the paper gives 5×5 filters has 3×3 ones, as torchvision's has, so that its weights fit.
"""

from engine import Dense, Dropout, GlobalAvgPool2D, Input, MaxPool2D, Network, Softmax
from engine.blocks import conv, conv_bn_relu, inception

from .builder import CLASSES, Drawing

_EPSILON = 1e-3
# Filters of the four branches: 1×1; 1×1 and 3×3; 1×1 and 3×3; behind the pooling. None is a pooling layer.
_MODULES = {
    "inception3a": (64, 96, 128, 16, 32, 32),
    "inception3b": (128, 128, 192, 32, 96, 64),
    "maxpool3": None,
    "inception4a": (192, 96, 208, 16, 48, 64),
    "inception4b": (160, 112, 224, 24, 64, 64),
    "inception4c": (128, 128, 256, 24, 64, 64),
    "inception4d": (112, 144, 288, 32, 64, 64),
    "inception4e": (256, 160, 320, 32, 128, 128),
    "maxpool4": None,
    "inception5a": (256, 160, 320, 32, 128, 128),
    "inception5b": (384, 192, 384, 48, 128, 128),
}


def googlenet() -> Network:
    """GoogLeNet, on pixel values from −1 to 1."""
    net = Drawing("GoogLeNet", Input(channels=3, height=224, width=224, scaling="-1 to 1", fit="crop"))
    source = conv_bn_relu(net, "image", "conv1", conv(64, 7, 2), epsilon=_EPSILON)
    source = net.add("maxpool1", MaxPool2D(kernel=(3, 3), ceil_mode=True), source)
    source = conv_bn_relu(net, source, "conv2", conv(64, 1), epsilon=_EPSILON)
    source = conv_bn_relu(net, source, "conv3", conv(192), epsilon=_EPSILON)
    source = net.add("maxpool2", MaxPool2D(kernel=(3, 3), ceil_mode=True), source)
    for name, widths in _MODULES.items():
        if widths is None:
            kernel = (3, 3) if name == "maxpool3" else (2, 2)
            source = net.add(name, MaxPool2D(kernel=kernel, ceil_mode=True), source)
        else:
            source = inception(net, source, name, widths, large=3, epsilon=_EPSILON)
    source = net.chain(source, {"avgpool": GlobalAvgPool2D(), "dropout": Dropout(rate=0.2)})
    net.chain(source, {"fc": Dense(units=CLASSES), "softmax": Softmax()})
    return net.network()
